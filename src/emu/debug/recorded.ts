/** A session as what goes through its recording needs it: what was done, and how it is driven again. */

import type { Stop } from '../hypervisor/events.ts'
import type { Hypervisor } from '../hypervisor/hypervisor.ts'
import type { EffectiveAddress, EventIndex, InstructionCount, VcpuId } from '../isa/units.ts'
import type { Action, Actor, Checkpoint, Doing, Driving, Ending } from './action.ts'
import type { BreakpointSpec } from './breakpoint.ts'
import type { Events } from './event-log.ts'
import type { Moment } from './moment.ts'
import type { Snapshot, SnapshotChain } from './snapshots.ts'

/** Where a way through the past has come to. */
export interface Place {
  readonly action: number
  readonly shown: EventIndex
}

export interface Recorded {
  readonly hypervisor: Hypervisor
  readonly chain: SnapshotChain<unknown>
  readonly history: readonly Action<unknown>[]
  readonly events: Events
  readonly beginning: Snapshot<unknown>
  readonly now: InstructionCount
  readonly liveTime: InstructionCount
  readonly moment: Moment
  readonly running: boolean
  /** How far the action that goes on has come, as if it were paused now; null where none does. */
  readonly soFar: Ending | null
  /** Events that have come again since the beginning, while an action is driven again. */
  readonly again: EventIndex
  readonly stops: { readonly specs: readonly BreakpointSpec[]; set(specs: readonly BreakpointSpec[]): void }

  // ───────── the past ─────────
  refuseWhileRunning(): void
  seeking(to: EventIndex | 'live'): Generator<number, void>
  returnToLive(): void
  show(way: Generator<number, Place>): Generator<number, void>
  enter(action: number, checkpoint: Checkpoint<unknown>): void
  driveAgain(allowance: number): Driving
  leave(): void
  backTo(action: number): void

  // ───────── doing it anew ─────────
  setStops(addresses: Iterable<EffectiveAddress>): void
  begin(doing: Doing, actor: Actor | 'you', vcpu?: VcpuId): void
  advance(allowance: number, far?: boolean): Stop | null
  pause(): Stop | null
}
