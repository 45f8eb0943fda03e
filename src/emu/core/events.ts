/** What the core tells: each architectural event is named once, and every panel, log and test consumes these. */

import type { Instruction } from '../isa/instruction.ts'
import type { InterruptId } from '../isa/interrupts.ts'
import type { EffectiveAddress, GuestReal, InstructionWord, VcpuId } from '../isa/units.ts'

/** An interrupt as it was taken. */
export interface InterruptTaken {
  readonly kind: 'interrupt'
  readonly vcpu: VcpuId
  readonly id: InterruptId
  /** What it found. */
  readonly from: { readonly nip: EffectiveAddress; readonly msr: bigint; readonly lpcr: bigint }
  /** Instruction that caused it or completed before it; null for an asynchronous one. */
  readonly culprit: EffectiveAddress | null
  readonly returnAddress: EffectiveAddress
  readonly savedMsr: bigint
  readonly cause: bigint
  readonly to: { readonly nip: EffectiveAddress; readonly msr: bigint }
  /** Other registers that it wrote: DAR, DSISR, HEIR, SIAR, … */
  readonly wrote: Readonly<Record<string, bigint>>
  /** The hypervisor gets it: the guest's NIP and MSR stay where they were. */
  readonly exits: boolean
}

export interface InstructionCompleted {
  readonly kind: 'instruction'
  readonly vcpu: VcpuId
  readonly address: EffectiveAddress
  readonly word: InstructionWord
  readonly instruction: Instruction
  readonly problemState: boolean
  /** MSR[SE] as it left it, where it changed it. */
  readonly se: boolean | null
  /** A Trace interrupt follows. */
  readonly traced: boolean
}

/** An event-based branch: problem state goes on at its handler. Book II, 7. */
export interface EventBasedBranch {
  readonly kind: 'eventBasedBranch'
  readonly vcpu: VcpuId
  readonly from: EffectiveAddress
  readonly to: EffectiveAddress
}

export type CoreEvent = InterruptTaken | InstructionCompleted | EventBasedBranch

export type ExitReason =
  | { readonly kind: 'hypercall' }
  | { readonly kind: 'emulationAssistance'; readonly word: InstructionWord }
  | { readonly kind: 'storage'; readonly interrupt: InterruptId; readonly address: EffectiveAddress; readonly guestReal: GuestReal }
  | { readonly kind: 'hypervisorFacility'; readonly ic: number }
  | { readonly kind: 'attn' }
  /** An instruction that this core cannot execute; nothing was changed. */
  | { readonly kind: 'unsupported'; readonly name: string; readonly word: InstructionWord }

/** How a run ended. */
export type Outcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'interrupt'; readonly interrupt: InterruptTaken }
  | { readonly kind: 'vmExit'; readonly reason: ExitReason }
  | { readonly kind: 'breakpoint'; readonly at: EffectiveAddress }
  /** Nothing can happen any more: the interrupt's own vector raises the interrupt again. */
  | { readonly kind: 'stuck'; readonly interrupt: InterruptTaken }
