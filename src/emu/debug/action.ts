/** What the user does with the machine, as data, and how it is driven. The machine is deterministic: driven again from the same state, it does the same. */
import type { Vcpu } from '../core/vcpu.ts'
import type { Stop } from '../hypervisor/events.ts'
import type { Hypervisor } from '../hypervisor/hypervisor.ts'
import { CLOSELY } from '../hypervisor/schedule.ts'
import type { EffectiveAddress, EventIndex, VcpuId } from '../isa/units.ts'
import type { Goal } from './breakpoint.ts'
import { applyEdit, type Edit, type Editable } from './edits.ts'
import type { Snapshot } from './snapshots.ts'

export type Actor = 'machine' | 'outside' | 'inside' | 'hypervisor'
/** What Hypervisor: Step walks: the phases of an outside step, or the run loop. */
export type Walk = 'step' | 'loop'

export type Doing =
  | { readonly kind: 'step' }
  | { readonly kind: 'transition'; readonly walk: Walk }
  /** To a breakpoint, or to the goal; a recording tells how far it came instead. */
  | { readonly kind: 'run'; readonly until?: Goal }
  | { readonly kind: 'boundary' }
  /** The debugger in the guest gets a command, and the guest runs until it waits for the next. */
  | { readonly kind: 'inside'; readonly command: string }
  /** So many boundaries of the one vCPU, whatever the schedule. */
  | { readonly kind: 'preempt'; readonly boundaries: number }
  | { readonly kind: 'edit'; readonly sentence: string; readonly edit: Edit }

/** Actions of the vCPU that is asked for, whichever is being stepped. */
export const ofVcpuAsked: ReadonlySet<Doing['kind']> = new Set(['edit', 'boundary', 'preempt'])

export interface Checkpoint<D> {
  readonly event: EventIndex
  readonly snapshot: Snapshot<D>
}

/** How an action ended: after so many boundaries of all vCPUs and transitions of the hypervisor, by itself or because the user paused it. */
export interface Ending {
  readonly boundaries: number
  readonly transitions: number
  readonly paused: boolean
}

export interface Action<D> {
  readonly doing: Doing
  readonly actor: Actor | 'you'
  readonly vcpu: VcpuId
  readonly checkpoints: Checkpoint<D>[]
  /** What makes it deterministic, beside the state: whether interrupts wait, and the breakpoints that a step in flight meets. */
  readonly hold: boolean
  readonly stops: readonly EffectiveAddress[]
  /** How often each breakpoint had been hit before it. */
  readonly hits: ReadonlyMap<string, number>
  /** Null while it goes on. */
  ended: Ending | null
}

export interface Driven extends Editable {
  readonly hypervisor: Hypervisor
  readonly machine: Editable['machine'] & { command(line: string): void }
  /** The machine's time. */
  readonly now: bigint
  vcpu(id: VcpuId): Vcpu
  /** The edit was made. */
  edited(vcpu: VcpuId, sentence: string): void
}

export interface Driving {
  readonly done: boolean
  readonly stop: Stop | null
}

const GOES_ON: Driving = { done: false, stop: null }
const until = (stop: Stop | null): Driving => ({ done: stop !== null, stop })

interface Drive {
  readonly to: Driven
  readonly vcpu: VcpuId
  /** Time at which the action began. */
  readonly since: bigint
  /** Boundaries that it may take now. */
  readonly allowance: number
  /** As far as the allowance reaches; else a single transition. */
  readonly far: boolean
}

type Drivers = { readonly [K in Doing['kind']]: (doing: Extract<Doing, { kind: K }>, drive: Drive) => Driving }

const advanceStep = ({ to: { hypervisor }, allowance, far }: Drive): Stop | null =>
  (far ? hypervisor.finishStep(allowance) : hypervisor.stepTransition(allowance)).stop

const advanceRun = ({ to: { hypervisor }, vcpu, allowance, far }: Drive): Stop | null =>
  (far ? hypervisor.run(vcpu, allowance) : hypervisor.runTransition(vcpu, undefined, allowance)).stop

const drivers: Drivers = {
  step(_, d) {
    d.to.hypervisor.begin(d.vcpu)
    return until(advanceStep(d))
  },
  transition({ walk }, { to: { hypervisor: h }, vcpu, allowance }) {
    if (!h.state.step && walk === 'loop') {
      const { stop, unfinished } = h.runTransition(vcpu, [vcpu], allowance)
      return { done: stop !== null || !unfinished, stop }
    }
    h.begin(vcpu)
    const { stop, unfinished } = h.stepTransition(allowance)
    return { done: stop !== null || !unfinished, stop }
  },
  run(_, d) {
    const { step } = d.to.hypervisor.state
    if (!step) return until(advanceRun(d))
    // A step that a breakpoint interrupted ends where its word is met, and that is a stop like any other.
    const stop = advanceStep(d)
    return stop && (step.pending !== null || stop.reason !== 'step') ? { done: true, stop } : GOES_ON
  },
  /** A command goes in when the debugger waits for one; else it is first run to where it does. */
  inside({ command }, d) {
    const h = d.to.hypervisor
    d.to.machine.command(command)
    h.untilAsked = true
    try {
      if (!h.state.step) return until(advanceRun(d))
      const stop = advanceStep(d)
      return stop && stop.reason !== 'step' ? { done: true, stop } : GOES_ON
    } finally {
      h.untilAsked = false
    }
  },
  boundary(_, { to, vcpu, since }) {
    return { done: true, stop: oneBoundary(to, vcpu) ?? ran(to, vcpu, to.now - since) }
  },
  preempt({ boundaries }, { to, vcpu, since, allowance, far }) {
    const left = boundaries - Number(to.now - since)
    const { stop } = to.hypervisor.preempt(vcpu, Math.min(left, allowance), boundaries <= CLOSELY, left <= allowance, far)
    const done = stop !== null || (Number(to.now - since) >= boundaries && !to.hypervisor.unhandled)
    return { done, stop: stop ?? (done ? ran(to, vcpu, BigInt(boundaries)) : null) }
  },
  edit({ edit, sentence }, { to, vcpu }) {
    applyEdit(edit, to)
    to.edited(vcpu, sentence)
    to.hypervisor.lookAgain()
    return { done: true, stop: null }
  },
}

function ran(to: Driven, vcpu: VcpuId, boundaries: bigint): Stop {
  const many = boundaries === 1n ? 'one boundary' : `${boundaries} boundaries`
  return { reason: 'step', text: `vCPU ${vcpu} ran ${many}, and stands at 0x${to.vcpu(vcpu).state.get('NIP').toString(16)}` }
}

/** One physical boundary: of the step's phase when one of this vCPU is in flight, else of the guest. */
function oneBoundary(to: Driven, id: VcpuId): Stop | null {
  const before = to.now
  const h = to.hypervisor
  if (h.state.step?.vcpu !== id) return h.boundary(id)
  while (h.state.step && to.now === before) {
    const { stop } = h.stepTransition(1)
    if (stop) return stop
  }
  return null
}

/** Goes on with an action. */
export const drive = (doing: Doing, d: Drive): Driving => (drivers[doing.kind] as (doing: Doing, d: Drive) => Driving)(doing, d)
