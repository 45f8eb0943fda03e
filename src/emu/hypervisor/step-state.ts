/** What the hypervisor remembers between two transitions: plain data, part of every snapshot. */
import type { ExitReason } from '../core/events.ts'
import type { EffectiveAddress, InstructionWord, RealAddress, VcpuId } from '../isa/units.ts'
import type { Policy } from './policy.ts'
import { roundRobin, type Schedule, type Turn } from './schedule.ts'

/** The word of KVM's software breakpoints: illegal, so that it comes to the hypervisor. */
export const PLANTED_WORD: InstructionWord = 0x00dddd00

export type StepPhase = 'arm' | 'set SE' | 'enter' | 'trace' | 'assist' | 'exit' | 'restore' | 'emulate' | 'report'
export type LoopPhase = 'enter' | 'guest' | 'exit' | 'handle'

export interface Planted {
  readonly at: EffectiveAddress
  readonly real: RealAddress
  /** What the guest has there. */
  readonly original: InstructionWord
  /** In RAM or in the vCPU's fetch overlay. */
  readonly overlay: boolean
  /** Byte order in which it was written. */
  readonly little: boolean
}

/** Registers as the guest should see them while the step has others in the processor. */
export type Saved = Readonly<Record<'SRR0' | 'SRR1' | 'SIAR' | 'SDAR' | 'CFAR', bigint>>

export interface Step {
  readonly ordinal: number
  readonly label: string
  readonly vcpu: VcpuId
  readonly phase: StepPhase
  /** The phases of this step, in order. */
  readonly path: readonly StepPhase[]
  readonly start: {
    readonly nip: EffectiveAddress
    readonly msr: bigint
    readonly word: InstructionWord | null
    readonly traceDue: boolean
  }
  readonly saved: Saved
  readonly planted: readonly Planted[]
  /** Where the Trace interrupt is expected. */
  readonly traceVector: EffectiveAddress
  /** Where the controller sets SE: for an rfid it may be what the return loads. */
  readonly seIn: 'MSR' | 'SRR1'
  /** The trace that comes is the guest's own: SRR1[SE] was 1 at its rfid. */
  readonly ofGuest: boolean
  /** MSR as the register cache remembers it. */
  readonly cachedMsr: bigint
  /** The MSR of every vCPU, as the debugger read them when the step began. */
  readonly msrs: readonly bigint[]
  /** Boundaries that the vCPU has run since VM entry. */
  readonly ran: number
  readonly exit: ExitReason | null
  /** The word was met where it was expected. */
  readonly caught: boolean
  /** Why the controller has no hold on the guest; null while it has. */
  readonly lost: string | null
  /** A stop was reported in the middle of the step, which is not over: after so many boundaries of its. */
  readonly pending: number | null
  /** Interrupts that wait until the step is over. */
  readonly hold: boolean
  /** A vCPU that nobody steps met the word, and the policy took it for the one that is stepped. */
  readonly metBy: VcpuId | null
}

/**
 * The step in another phase. Written out, as `stateWith` is: with spreads, whose results differ in their hidden shape, an outside step takes
 * half as long again.
 */
export const stepWith = (was: Step, phase: StepPhase, c: Partial<Step>): Step => ({
  phase,
  ordinal: c.ordinal === undefined ? was.ordinal : c.ordinal,
  label: c.label === undefined ? was.label : c.label,
  vcpu: c.vcpu === undefined ? was.vcpu : c.vcpu,
  path: c.path === undefined ? was.path : c.path,
  start: c.start === undefined ? was.start : c.start,
  saved: c.saved === undefined ? was.saved : c.saved,
  planted: c.planted === undefined ? was.planted : c.planted,
  traceVector: c.traceVector === undefined ? was.traceVector : c.traceVector,
  seIn: c.seIn === undefined ? was.seIn : c.seIn,
  ofGuest: c.ofGuest === undefined ? was.ofGuest : c.ofGuest,
  cachedMsr: c.cachedMsr === undefined ? was.cachedMsr : c.cachedMsr,
  msrs: c.msrs === undefined ? was.msrs : c.msrs,
  ran: c.ran === undefined ? was.ran : c.ran,
  exit: c.exit === undefined ? was.exit : c.exit,
  caught: c.caught === undefined ? was.caught : c.caught,
  lost: c.lost === undefined ? was.lost : c.lost,
  pending: c.pending === undefined ? was.pending : c.pending,
  hold: c.hold === undefined ? was.hold : c.hold,
  metBy: c.metBy === undefined ? was.metBy : c.metBy,
})

const BEFORE: ReadonlySet<StepPhase> = new Set(['arm', 'set SE', 'enter', 'trace', 'emulate'])
/** The instruction has not been executed yet, by the guest or by the controller. */
export const isAhead = ({ phase, ran, exit }: Step): boolean =>
  ran === 0 && (BEFORE.has(phase) || (phase === 'exit' && exit?.kind === 'storage'))

export interface Loop {
  readonly phase: LoopPhase
  readonly exit: ExitReason | null
}
export const LOOP_START: Loop = { phase: 'enter', exit: null }

export interface HypervisorState {
  readonly policy: Policy
  readonly step: Step | null
  /** Of the run loop, by vCPU. */
  readonly loops: readonly Loop[]
  /** vCPUs that wait for an interrupt (H_CEDE). */
  readonly ceded: readonly boolean[]
  /** vCPUs that met the word of another's step and were sent back to it: they meet it again as long as it is there. */
  readonly sentBack: readonly boolean[]
  /** The vCPU that ran last, whose TIME is the machine's. */
  readonly clock: VcpuId
  /** Time that passed in no boundary: the jumps over waiting. */
  readonly skipped: bigint
  readonly schedule: Schedule
  /** Trace vector of each vCPU that has been stepped from outside, as it was armed last; null for the others. */
  readonly armed: readonly (EffectiveAddress | null)[]
  /** Transitions that were made to their end, of steps and of the run loop. */
  readonly transitions: number
  /** Outside steps begun. */
  readonly steps: number
  /** Who ran how far in the step begun last. */
  readonly lastStep: { readonly ordinal: number; readonly vcpu: VcpuId; readonly turns: readonly Turn[] } | null
  /** How many instructions the controller performed itself, by mnemonic, and how many the core executed. */
  readonly emulated: Readonly<Record<string, number>>
  readonly executed: number
}

export const initialState = (policy: Policy, vcpus: number): HypervisorState => ({
  policy,
  step: null,
  loops: Array.from({ length: vcpus }, () => LOOP_START),
  ceded: Array.from({ length: vcpus }, () => false),
  sentBack: Array.from({ length: vcpus }, () => false),
  clock: 0,
  skipped: 0n,
  schedule: roundRobin,
  armed: Array.from({ length: vcpus }, () => null),
  transitions: 0,
  steps: 0,
  lastStep: null,
  emulated: {},
  executed: 0,
})

/** The state with changes. */
export const stateWith = (was: HypervisorState, c: Partial<HypervisorState>): HypervisorState => ({
  policy: c.policy === undefined ? was.policy : c.policy,
  step: c.step === undefined ? was.step : c.step,
  loops: c.loops === undefined ? was.loops : c.loops,
  ceded: c.ceded === undefined ? was.ceded : c.ceded,
  sentBack: c.sentBack === undefined ? was.sentBack : c.sentBack,
  clock: c.clock === undefined ? was.clock : c.clock,
  skipped: c.skipped === undefined ? was.skipped : c.skipped,
  schedule: c.schedule === undefined ? was.schedule : c.schedule,
  armed: c.armed === undefined ? was.armed : c.armed,
  transitions: c.transitions === undefined ? was.transitions : c.transitions,
  steps: c.steps === undefined ? was.steps : c.steps,
  lastStep: c.lastStep === undefined ? was.lastStep : c.lastStep,
  emulated: c.emulated === undefined ? was.emulated : c.emulated,
  executed: c.executed === undefined ? was.executed : c.executed,
})

/** The list with another value at the index. */
export const withAt = <T>(list: readonly T[], index: number, value: T): readonly T[] => list.map((v, n) => (n === index ? value : v))
