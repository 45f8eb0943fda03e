/** The columns in which events go to the page: a million of them are numbers, and the texts that they share. */
import type { EventRow } from './event-words.ts'
import type { BarChange, EventColumns, Lane, TimelineEvent } from './protocol.ts'

const KINDS = ['phase', 'instruction', 'interrupt', 'free', 'hypercall', 'edit', 'stop'] as const satisfies readonly TimelineEvent['kind'][]
const AGENTS = ['machine', 'outside', 'inside', 'hypervisor', 'free', 'you'] as const satisfies readonly TimelineEvent['by'][]
const ARROWS = [null, 'entry', 'exit', 'interrupt', 'return'] as const satisfies readonly TimelineEvent['arrow'][]

/** Number of a lane: 0 hypervisor, then kernel and user of each vCPU. */
export const laneNumber = (lane: Lane): number => (lane.kind === 'hypervisor' ? 0 : 1 + 2 * lane.vcpu + (lane.mode === 'user' ? 1 : 0))
const laneOf = (n: number): Lane =>
  n === 0 ? { kind: 'hypervisor' } : { kind: 'vcpu', vcpu: (n - 1) >> 1, mode: n & 1 ? 'kernel' : 'user' }

/** No vector lies so low. */
const NO_VECTOR = 0

/** Fields of `head`: where each lies, how many bits it has, and what it says. */
const fields = {
  kind: { at: 0, bits: 3, read: (n: number) => KINDS[n]!, write: (e: EventRow) => KINDS.indexOf(e.kind) },
  by: { at: 3, bits: 3, read: (n: number) => AGENTS[n]!, write: (e: EventRow) => AGENTS.indexOf(e.by) },
  arrow: { at: 6, bits: 3, read: (n: number) => ARROWS[n]!, write: (e: EventRow) => ARROWS.indexOf(e.arrow) },
  lane: { at: 9, bits: 5, read: laneOf, write: (e: EventRow) => laneNumber(e.lane) },
  vcpu: { at: 14, bits: 4, read: (n: number) => n, write: (e: EventRow) => e.vcpu },
  wrong: { at: 18, bits: 1, read: (n: number) => n === 1, write: (e: EventRow) => Number(e.wrong) },
  hasAddress: { at: 19, bits: 1, read: (n: number) => n === 1, write: (e: EventRow) => Number(e.address !== null) },
  // Vectors are multiples of 0x20.
  vector: { at: 20, bits: 12, read: (n: number) => (n === NO_VECTOR ? null : n << 5), write: (e: EventRow) => (e.vector ?? 0) >> 5 },
} as const
type Field = keyof typeof fields
type Value<F extends Field> = ReturnType<(typeof fields)[F]['read']>

const headOf = (e: EventRow): number => Object.values(fields).reduce((head, { at, write }) => head | (write(e) << at), 0)
export const readHead = <F extends Field>(head: number, field: F): Value<F> => {
  const { at, bits, read } = fields[field]
  return read((head >>> at) & ((1 << bits) - 1)) as Value<F>
}
/** A dictionary that grows: numbers for what was said before, and a list of what is new. */
class Growing<T> {
  private readonly numbers = new Map<string, number>()
  fresh: T[] = []

  constructor(private readonly keyOf: (part: T) => string) {}

  number(part: T): number {
    const key = this.keyOf(part)
    const known = this.numbers.get(key)
    if (known !== undefined) return known
    this.fresh.push(part)
    this.numbers.set(key, this.numbers.size + 1)
    return this.numbers.size
  }

  take(): T[] {
    const { fresh } = this
    this.fresh = []
    return fresh
  }
}

/** The worker's end. A new one begins a new dictionary. */
export class EventEncoder {
  private readonly texts = new Growing<string>(text => text)
  private readonly steps = new Growing<NonNullable<TimelineEvent['step']>>(({ ordinal, label }) => `${ordinal} ${label}`)
  private readonly bars = new Growing<BarChange[]>(bars => JSON.stringify(bars))

  columns(count: number, rows: Iterable<EventRow>): EventColumns {
    const [head, label, sentence, step, bars] = [0, 0, 0, 0, 0].map(() => new Uint32Array(count)) as [U32, U32, U32, U32, U32]
    const [value, address, instructions, timeBase] = [0, 0, 0, 0].map(() => new BigUint64Array(count)) as [U64, U64, U64, U64]
    let n = 0
    for (const e of rows) {
      head[n] = headOf(e)
      label[n] = this.texts.number(e.label)
      sentence[n] = this.texts.number(e.sentence)
      step[n] = e.step ? this.steps.number(e.step) : 0
      bars[n] = e.bars.length ? this.bars.number(e.bars) : 0
      value[n] = e.value
      address[n] = e.address ?? 0n
      instructions[n] = e.instructions
      timeBase[n] = e.timeBase
      n++
    }
    const dictionary = { texts: this.texts.take(), steps: this.steps.take(), bars: this.bars.take() }
    return { head, label, sentence, step, bars, value, address, instructions, timeBase, dictionary }
  }
}
type U32 = Uint32Array<ArrayBuffer>
type U64 = BigUint64Array<ArrayBuffer>
