/**
 * Recorded events as the timeline draws them. Many differ in a number alone: a label or sentence has a mark where it stands, and `wordsOf` puts it
 * there, so that a long recording has few texts.
 */
import { disassemble } from '../asm/disassemble.ts'
import type { RecordedEvent } from '../debug/events.ts'
import { MSR } from '../isa/bitfields.ts'
import { interrupts } from '../isa/interrupts.ts'
import { COUNT, type EventRow, LABEL, VALUE, wordsOf } from './event-words.ts'
import type { BarChange, BlockKind, Lane, TimelineEvent } from './protocol.ts'

interface Drawn {
  kind: BlockKind
  lane: Lane
  label: string
  sentence: string
  arrow: TimelineEvent['arrow']
  address: bigint | null
  vector: number | null
  bars: BarChange[]
  value: bigint
}

const lane = (vcpu: number, problem: boolean): Lane => ({ kind: 'vcpu', vcpu, mode: problem ? 'user' : 'kernel' })
const none = { arrow: null, address: null, vector: null, bars: [], value: 0n } as const

function draw(e: RecordedEvent): Drawn {
  const { what } = e
  switch (what.kind) {
    case 'instruction': {
      const label = disassemble(what.word, what.address).text.replace(/\s+/g, ' ')
      const back = what.instruction.base === 'rfid' || what.instruction.base === 'rfscv'
      const arrow = back ? ('return' as const) : null
      return {
        ...none,
        bars: what.se === null ? [] : [{ bar: 'SE', vcpu: what.vcpu, on: what.se }],
        kind: 'instruction',
        lane: lane(what.vcpu, what.problemState),
        label,
        sentence: `${LABEL} at ${VALUE}`,
        arrow,
        address: what.address,
        value: what.address,
      }
    }
    case 'eventBasedBranch':
      return {
        ...none,
        bars: [],
        kind: 'instruction',
        lane: lane(what.vcpu, true),
        label: 'event-based branch',
        sentence: `event-based branch from 0x${what.from.toString(16)} to ${VALUE}`,
        address: what.to,
        value: what.to,
      }
    case 'interrupt': {
      const row = interrupts[what.id]
      const problem = !what.exits && (what.to.msr & MSR.mask.PR) !== 0n
      const sentence = what.exits
        ? `${row.name} interrupt at ${VALUE} goes to the hypervisor`
        : `${row.name} interrupt, vector 0x${row.vector.toString(16)}, to ${VALUE}`
      const arrow = what.exits ? null : ('interrupt' as const)
      const bars: BarChange[] = (what.from.msr & MSR.mask.SE) !== 0n && !what.exits ? [{ bar: 'SE', vcpu: what.vcpu, on: false }] : []
      return {
        kind: 'interrupt',
        lane: lane(what.vcpu, problem),
        label: row.label,
        sentence,
        arrow,
        address: what.to.nip,
        vector: row.vector,
        bars,
        value: what.exits ? what.from.nip : what.to.nip,
      }
    }
    case 'phase': {
      const bars: BarChange[] = []
      if (what.planted) bars.push({ bar: 'breakpoint', vcpu: what.vcpu, on: true, label: what.planted })
      if (what.planted === null) bars.push({ bar: 'breakpoint', vcpu: what.stepOf ?? what.vcpu, on: false })
      if (what.se !== undefined) bars.push({ bar: 'SE', vcpu: what.vcpu, on: what.se })
      const kind = what.phase === 'handle' ? ('hypercall' as const) : ('phase' as const)
      return { ...none, kind, lane: { kind: 'hypervisor' }, label: what.phase, sentence: what.sentence, arrow: what.crossing, bars }
    }
    case 'free': {
      return {
        ...none,
        bars: [],
        value: BigInt(what.boundaries),
        kind: 'free',
        lane: lane(what.vcpu, what.problemState),
        label: what.shared ? `${COUNT} free, by turns` : `${COUNT} free`,
        sentence: what.shared
          ? `the vCPUs ran free, by turns: ${COUNT} instructions and interrupts`
          : `vCPU ${what.vcpu} ran free: ${COUNT} instructions and interrupts`,
      }
    }
    case 'edit':
      return { ...none, bars: [], kind: 'edit', lane: { kind: 'hypervisor' }, label: 'edit', sentence: what.sentence }
    case 'stop':
      return { ...none, bars: [], kind: 'stop', lane: lane(what.vcpu, false), label: what.reason, sentence: what.sentence }
  }
}

function eventRow(e: RecordedEvent): EventRow {
  const by = e.what.kind === 'phase' ? 'hypervisor' : e.by
  // As ControllerView names the step in flight: both stand on the same bracket.
  const ofStep = e.step?.vcpu === e.what.vcpu
  const step = e.step && ofStep ? { ordinal: e.step.ordinal, label: `outside step ${e.step.ordinal}: ${e.step.label}` } : null
  const wrong = e.stray || (e.lost && ofStep) || (e.what.kind === 'phase' && e.what.wrong === true)
  return { vcpu: e.what.vcpu, by, instructions: e.instructions, timeBase: e.timeBase, step, wrong, ...draw(e) }
}

/** What happened, in a sentence without its full stop. */
export function sentenceOf(e: RecordedEvent): string {
  const { label, sentence, value } = draw(e)
  return wordsOf(sentence, label, value)
}

/** As the page gets them. */
export function* rowsOf(events: Iterable<RecordedEvent>): Iterable<EventRow> {
  for (const e of events) yield eventRow(e)
}
