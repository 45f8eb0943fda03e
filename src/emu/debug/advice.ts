/**
 * Advice while a guest runs: what a program does that seldom ends well. Heard from what is recorded, so in bulk it costs what the recording costs; what
 * concerns single instructions is seen where they are recorded one by one, in steps.
 */
import type { InstructionCompleted, InterruptTaken } from '../core/events.ts'
import type { Vcpu } from '../core/vcpu.ts'
import type { Policy } from '../hypervisor/policy.ts'
import { MSR } from '../isa/bitfields.ts'
import { interrupts } from '../isa/interrupts.ts'
import type { EffectiveAddress, EventIndex, VcpuId } from '../isa/units.ts'
import type { RecordedEvent } from './events.ts'

export type AdviceKind = 'SRR overwritten' | 'no handler' | 'stack' | 'reservation'

export interface Advice {
  readonly kind: AdviceKind
  readonly event: EventIndex
  readonly vcpu: VcpuId
  /** The instruction or vector that it is about: each place is told once. */
  readonly where: EffectiveAddress
  readonly text: string
  /** Where the rule stands. */
  readonly why: string
  readonly remedy: string
}

/** More would not be read. */
const MOST = 100

const hex = (v: bigint): string => `0x${v.toString(16)}`
const loads: ReadonlySet<string> = new Set(['lbarx', 'lharx', 'lwarx', 'ldarx', 'lqarx'])
const stores: ReadonlySet<string> = new Set(['stbcx.', 'sthcx.', 'stwcx.', 'stdcx.', 'stqcx.'])

const RI_SAYS = 'MSR[RI] says whether SRR0 and SRR1 still hold what is needed. Book III, 6.4.3.'
const ONE_RESERVATION = {
  why: 'A processor has one reservation; the next load and reserve replaces it. Book II, 1.7.2.',
  remedy: 'End each load and reserve with its store conditional, or with one that is known to fail.',
}
/** Of a reservation in a row, before it is told of. */
const OFTEN = 8

/** It wrote SRR0 and SRR1 while they held what counts. */
const savesOver = ({ id, from }: InterruptTaken): boolean => id !== 'systemCallVectored' && (from.msr & MSR.mask.RI) === 0n

/**
 * By which the controller has stepped an instruction: nothing that the program does, but its policy may leave what it wrote. Told once a vector: each
 * step in a handler would be another place.
 */
function traced(what: InterruptTaken, { name, choices }: Policy): Found[] {
  if (!savesOver(what) || choices.saveRegisters !== 'left') return []
  const { nip } = what.from
  const text = `Outside stepped to ${hex(nip)} while MSR[RI] was 0. Its Trace interrupt wrote SRR0 and SRR1, and ${name} leaves them so: what they held cannot be returned to.`
  return [{ kind: 'SRR overwritten', where: what.to.nip, text, why: RI_SAYS, remedy: 'Step by a policy that puts SRR0 and SRR1 back.' }]
}

type Found = Omit<Advice, 'event' | 'vcpu'>

const keyOf = ({ kind, vcpu, where }: Pick<Advice, 'kind' | 'vcpu' | 'where'>): string => `${kind} ${vcpu} ${where}`

export class Advisor {
  all: Advice[] = []
  private seen = new Set<string>()
  /** Reservations that nothing has stored to yet, by vCPU: where they were made, and how often in a row there. */
  private readonly reserved = new Map<VcpuId, { at: EffectiveAddress; times: number }>()

  /** `usesRi`: the program is entered with MSR[RI] at 1; one that is not may never have heard of it. */
  constructor(private readonly usesRi: boolean) {}

  /** What was recorded, when it had just happened. */
  hear({ what, by }: Pick<RecordedEvent, 'what' | 'by'>, event: EventIndex, vcpu: (id: VcpuId) => Vcpu, policy: Policy): void {
    if (what.kind === 'free') this.reserved.clear()
    const found =
      what.kind === 'interrupt' && !what.exits
        ? by === 'outside' && what.id === 'trace'
          ? traced(what, policy)
          : this.interrupted(what, vcpu(what.vcpu))
        : what.kind === 'instruction'
          ? this.completed(what, vcpu(what.vcpu))
          : []
    for (const each of found) {
      const advice = { ...each, event, vcpu: what.vcpu }
      const key = keyOf(advice)
      if (this.seen.has(key) || this.all.length >= MOST) continue
      this.seen.add(key)
      this.all.push(advice)
    }
  }

  /** The recording ends at the event again. */
  forgetAfter(event: EventIndex): void {
    this.all = this.all.filter(a => a.event <= event)
    this.seen = new Set(this.all.map(keyOf))
    this.reserved.clear()
  }

  private interrupted(what: InterruptTaken, vcpu: Vcpu): Found[] {
    const found: Found[] = []
    const { name } = interrupts[what.id]
    if (this.usesRi && savesOver(what))
      found.push({
        kind: 'SRR overwritten',
        where: what.from.nip,
        text: `The ${name} interrupt at ${hex(what.from.nip)} came while MSR[RI] was 0: what SRR0 and SRR1 held is overwritten, and cannot be returned to unless it was kept elsewhere.`,
        why: RI_SAYS,
        remedy:
          'Keep free of what interrupts from where SRR0 and SRR1 count to where they do not: behind the vector until they are saved, and before rfid.',
      })
    const { nip } = what.to
    const word = vcpu.wordAt(nip)
    if (typeof word === 'number' && word !== 0) return found
    found.push({
      kind: 'no handler',
      where: nip,
      text:
        typeof word === 'number'
          ? `The ${name} interrupt went to ${hex(nip)}, where the word is 0: there is no handler.`
          : `The ${name} interrupt went to ${hex(nip)}, which is not mapped for fetch: no handler can run there.`,
      why: 'The vector is the sum of the interrupt’s offset and what AIL adds. Book III, 6.5.',
      remedy: 'Put a handler there (.org in a section of its own), map the page, or choose another AIL.',
    })
    return found
  }

  private completed({ vcpu: id, instruction, word, address }: InstructionCompleted, { state }: Vcpu): Found[] {
    const found: Found[] = []
    const { base, name } = instruction
    if (instruction.trace === 'branch' && instruction.flags.LK && (word & 1) === 1) {
      const r1 = state.get('GPR', 1)
      if (r1 !== 0n && (r1 & 15n) !== 0n && state.get('NIP') !== address + 4n)
        found.push({
          kind: 'stack',
          where: address,
          text: `The call at ${hex(address)} is made with r1 ${hex(r1)}, which is no multiple of 16.`,
          why: 'Functions may store whole quadwords to their frame. ELFv2 ABI, 2.2.2.1.',
          remedy: 'Set r1 to a multiple of 16 before the first call, and keep it so with stdu.',
        })
    }
    if (stores.has(base) || stores.has(`${base}.`)) this.reserved.delete(id)
    else if (loads.has(base)) {
      const before = this.reserved.get(id)
      const times = before?.at === address ? before.times + 1 : 1
      this.reserved.set(id, { at: address, times })
      if (before && before.at !== address)
        found.push({
          kind: 'reservation',
          where: before.at,
          text: `The reservation that was made at ${hex(before.at)} is replaced by ${name} at ${hex(address)}: nothing was stored to it.`,
          ...ONE_RESERVATION,
        })
      // A lock that is taken is waited for by loading it again and again.
      else if (times === OFTEN)
        found.push({
          kind: 'reservation',
          where: address,
          text: `The ${name} at ${hex(address)} has made a reservation ${times} times in a row, and nothing was stored to any.`,
          ...ONE_RESERVATION,
        })
    }
    return found
  }
}
