/** A place in what was done: within an action, after so many boundaries of all vCPUs and transitions of the hypervisor. */
import { State } from '../core/state.ts'
import type { InstructionCount, VcpuId } from '../isa/units.ts'
import type { Checkpoint } from './action.ts'
import type { Snapshot } from './snapshots.ts'

export interface Moment {
  /** Index of the action; as many as there are for the end of the last. */
  readonly action: number
  readonly boundaries: bigint
  readonly transitions: number
}

/** Earlier is negative. A boundary that the controller takes back is a transition of its own, so transitions go before boundaries. */
export const compare = (a: Moment, b: Moment): number =>
  a.action - b.action || a.transitions - b.transitions || Number(a.boundaries - b.boundaries)

export function stateOf(snapshot: Snapshot<unknown>, vcpu: VcpuId): State {
  const bytes = snapshot.states[vcpu]!
  return new State(bytes.buffer as ArrayBuffer, bytes.byteOffset)
}

/** The machine's time at a snapshot. */
export const timeAt = (snapshot: Snapshot<unknown>): InstructionCount => stateOf(snapshot, snapshot.hypervisor.clock).get('TIME')

export const momentOf = (action: number, { snapshot }: Checkpoint<unknown>): Moment => ({
  action,
  boundaries: timeAt(snapshot) - snapshot.hypervisor.skipped,
  transitions: snapshot.hypervisor.transitions,
})
