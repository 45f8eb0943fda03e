/** What the hypervisor remembers between two transitions: plain data, part of every snapshot. */
import type { ExitReason } from '../core/events.ts'
import type { EffectiveAddress, InstructionWord, RealAddress, VcpuId } from '../isa/units.ts'
import type { PolicyId } from './policy.ts'

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
  /** MSR as the register cache remembers it. */
  readonly cachedMsr: bigint
  /** Boundaries that the guest has run since VM entry. */
  readonly ran: number
  readonly exit: ExitReason | null
  /** The word was met where it was expected. */
  readonly caught: boolean
  /** Why the controller has no hold on the guest; null while it has. */
  readonly lost: string | null
  /** Interrupts that wait until the step is over. */
  readonly hold: boolean
}

export interface HypervisorState {
  readonly policy: PolicyId
  readonly step: Step | null
  readonly loop: { readonly phase: LoopPhase; readonly exit: ExitReason | null }
  /** Outside steps begun. */
  readonly steps: number
  /** How many instructions the controller performed itself, by mnemonic, and how many the core executed. */
  readonly emulated: Readonly<Record<string, number>>
  readonly executed: number
}

export const initialState = (policy: PolicyId): HypervisorState => ({
  policy,
  step: null,
  loop: { phase: 'enter', exit: null },
  steps: 0,
  emulated: {},
  executed: 0,
})
