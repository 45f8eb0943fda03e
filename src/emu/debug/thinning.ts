/** What of a long recording is given up: checkpoints, when their copies of memory take too much; the oldest events. */
import type { Action, Checkpoint } from './action.ts'
import type { EventLog } from './event-log.ts'
import { timeAt } from './moment.ts'

/** Bytes of copies above which checkpoints are given up, and down to which. */
export const SNAPSHOT_BYTES = { most: 256 << 20, down: 192 << 20 } as const

interface Point {
  readonly action: Action<unknown>
  readonly checkpoint: Checkpoint<unknown>
  readonly time: number
  /** Where an action begins it can be taken back: that stays. */
  readonly stays: boolean
}

/**
 * Gives up checkpoints until there is room: those first whose neighbours are near, compared with how long ago they are, so that what is
 * near in time stays near. `keeps` says which must stay.
 */
export function thin(
  actions: readonly Action<unknown>[],
  chain: { readonly bytes: number; forget(snapshot: Checkpoint<unknown>['snapshot']): void },
  keeps: (checkpoint: Checkpoint<unknown>) => boolean,
  { most, down }: { readonly most: number; readonly down: number } = SNAPSHOT_BYTES,
): void {
  if (chain.bytes <= most) return
  let points: Point[] = actions.flatMap(action =>
    action.checkpoints.map((checkpoint, n) => ({
      action,
      checkpoint,
      time: Number(timeAt(checkpoint.snapshot)),
      stays: n === 0 || keeps(checkpoint),
    })),
  )
  const now = points.at(-1)!.time
  for (let share = 1 / 64; chain.bytes > down && points.slice(0, -1).some(p => !p.stays); share *= 2) {
    const left: Point[] = []
    points.forEach((p, n) => {
      const next = points[n + 1]
      const gap = next && left.length ? next.time - left.at(-1)!.time : Number.POSITIVE_INFINITY
      if (p.stays || chain.bytes <= down || gap > share * (now - p.time)) return left.push(p)
      chain.forget(p.checkpoint.snapshot)
      return p.action.checkpoints.splice(p.action.checkpoints.indexOf(p.checkpoint), 1)
    })
    points = left
  }
}

/** Events are dropped so many together, as a share of those that are kept. */
const DROPPED_TOGETHER = 0.1

/** Drops the events that are more than are kept, up to a checkpoint: what is driven again from there has its events. */
export function dropOldest(events: EventLog, kept: number, actions: readonly Action<unknown>[]): void {
  const { length, first } = events
  if (length - first + 1 < kept * (1 + DROPPED_TOGETHER)) return
  const points = actions.flatMap(a => a.checkpoints.map(c => c.event))
  events.dropBefore(points.reduce((most, event) => (event <= length - kept && event > most ? event : most), 0) + 1)
}
