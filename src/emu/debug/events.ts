/** What is recorded: the core's and the hypervisor's events, free stretches, edits and stops, each with when it came. */
import type { EventBasedBranch, InstructionCompleted, InterruptTaken } from '../core/events.ts'
import type { HypervisorEvent, Stop } from '../hypervisor/events.ts'
import type { EventIndex, InstructionCount, TimeBase, VcpuId } from '../isa/units.ts'

/** Boundaries that ran without an event of their own. */
export interface FreeStretch {
  readonly kind: 'free'
  readonly vcpu: VcpuId
  readonly boundaries: number
  readonly problemState: boolean
  /** Several vCPUs ran in it, as scheduled; `vcpu` is the last. */
  readonly shared: boolean
}

export interface Edit {
  readonly kind: 'edit'
  readonly vcpu: VcpuId
  readonly sentence: string
}

export interface StopEvent {
  readonly kind: 'stop'
  readonly vcpu: VcpuId
  readonly reason: Stop['reason']
  readonly sentence: string
}

export type Happening = InstructionCompleted | InterruptTaken | EventBasedBranch | HypervisorEvent | FreeStretch | Edit | StopEvent

export type Agent = 'outside' | 'inside' | 'hypervisor' | 'machine' | 'free' | 'you'

export interface RecordedEvent {
  readonly index: EventIndex
  readonly what: Happening
  /** Who made it happen. */
  readonly by: Agent
  readonly instructions: InstructionCount
  readonly timeBase: TimeBase
  /** The outside step it belongs to. */
  readonly step: { readonly ordinal: number; readonly label: string; readonly vcpu: VcpuId } | null
  /** No step has a hold on the guest, although one is in flight. */
  readonly lost: boolean
  /** An interrupt that another's step brought to the wrong place. */
  readonly stray: boolean
}
