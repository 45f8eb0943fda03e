/** What the hypervisor tells of its transitions; the timeline draws these, and the core's own events between them. */
import type { VcpuId } from '../isa/units.ts'
import type { LoopPhase, StepPhase } from './step-state.ts'

export interface HypervisorEvent {
  readonly kind: 'phase'
  readonly vcpu: VcpuId
  readonly phase: StepPhase | LoopPhase
  /** Who did what to which register. */
  readonly sentence: string
  readonly crossing: 'entry' | 'exit' | null
  /** A word was planted (its label) or all were removed (null). */
  readonly planted?: string | null
  /** MSR[SE] as this transition leaves it for the outside step. */
  readonly se?: boolean
  /** The vCPU whose step's word it is, where another one met it. */
  readonly stepOf?: VcpuId
  /** It is not what the policy took it for. */
  readonly wrong?: boolean
}

/** Why the machine no longer goes on by itself. */
export interface Stop {
  readonly reason: 'step' | 'breakpoint' | 'powerOff' | 'attn' | 'waiting' | 'stuck' | 'unsupported'
  readonly text: string
  /** The debugger was told of the word of a step, and not of a breakpoint of the user's. */
  readonly word?: boolean
}
