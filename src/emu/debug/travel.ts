/**
 * Searches in the past: what was done is driven again, interval by interval between checkpoints, the latest first, with a lookout that
 * says where it met what is sought. Generators: each value is how many boundaries were driven, for progress; left in the middle, nothing
 * is changed.
 */
import type { Action, Checkpoint, Driving } from './action.ts'
import { compare, type Moment, momentOf } from './moment.ts'
import type { Session } from './session.ts'

export interface Hit {
  readonly moment: Moment
  readonly text: string
}

export interface Lookout {
  /** Where several hits are near each other it is cheaper to look at the end of an interval first. */
  readonly often: boolean
  /** Before an interval of the action is driven again. */
  begin(action: Action<unknown>): void
  /** What holds at the start of the action. */
  start?(): Hit | null
  /** Drives on, once; answers what was met there. */
  drive(allowance: number): { driving: Driving; hit: Hit | null }
  end(): void
}

/** Boundaries between two looks at whether to go on. */
const SLICE = 200_000
/** Lengths of the windows at the end of an interval that are searched before all of it. */
const WINDOWS = [2_000n, 32_000n, 512_000n]

interface Interval {
  readonly action: number
  readonly checkpoint: Checkpoint<unknown>
  readonly first: boolean
  /** Null for the end of the action. */
  readonly until: Moment | null
  /** Hits are before it. */
  readonly before: Moment
}

const runs: ReadonlySet<Action<unknown>['doing']['kind']> = new Set(['run', 'inside', 'preempt'])

/** The guest runs by itself: no outside step is in flight, and boundaries alone tell where it is. */
export const isFree = (session: Session, { doing }: Action<unknown>): boolean =>
  runs.has(doing.kind) && session.hypervisor.state.step === null

/** Where a run or a paused action ended; null for one that ends by itself. */
const endOf = (action: Action<unknown>, start: Moment): Moment | null =>
  action.ended && (action.ended.paused || runs.has(action.doing.kind))
    ? {
        ...start,
        boundaries: start.boundaries + BigInt(action.ended.boundaries),
        transitions: start.transitions + action.ended.transitions,
      }
    : null

/** Those before a moment, the latest first. */
function* intervalsBefore(session: Session, from: Moment): Generator<Interval> {
  for (let n = Math.min(from.action, session.history.length - 1); n >= 0; n--) {
    const { checkpoints } = session.history[n]!
    const start = momentOf(n, checkpoints[0]!)
    let until = n === from.action ? from : endOf(session.history[n]!, start)
    for (let c = checkpoints.length - 1; c >= 0; c--) {
      const at = momentOf(n, checkpoints[c]!)
      if (compare(at, from) >= 0) continue
      yield { action: n, checkpoint: checkpoints[c]!, first: c === 0, until, before: from }
      until = at
    }
  }
}

interface Found {
  readonly hit: Hit | null
  /** Where the lookout began. */
  readonly from: Moment
}

/** Drives an interval, from so many boundaries on with the lookout; answers the last hit before its end. */
function* lookIn(
  session: Session,
  { action, checkpoint, until, first, before }: Interval,
  from: bigint | null,
  lookout: Lookout,
): Generator<number, Found> {
  session.enter(action, checkpoint)
  try {
    for (let left = from; left !== null && left > session.moment.boundaries; ) {
      const { boundaries } = session.moment
      session.driveAgain(Math.min(SLICE, Number(left - boundaries)))
      yield Number(session.moment.boundaries - boundaries)
    }
    const begun = session.moment
    lookout.begin(session.history[action]!)
    let last = first && from === null ? (lookout.start?.() ?? null) : null
    let rests = 0
    try {
      for (let now = begun; !until || compare(now, until) < 0; now = session.moment) {
        const left = until ? Number(until.boundaries - now.boundaries) : SLICE
        const { driving, hit } = lookout.drive(Math.min(SLICE, Math.max(1, left)))
        if (hit && compare(hit.moment, before) < 0) last = hit
        const ran = Number(session.moment.boundaries - now.boundaries)
        rests = compare(session.moment, now) === 0 ? rests + 1 : 0
        // A run stops where it stands once, and goes on from there.
        const goesOn = driving.stop?.reason === 'breakpoint' && isFree(session, session.history[action]!) && rests < 2
        if (driving.done && !goesOn) break
        if (ran !== 0) yield ran
      }
    } finally {
      lookout.end()
    }
    return { hit: last, from: begun }
  } finally {
    session.leave()
  }
}

const isFreeFrom = (session: Session, { action, checkpoint }: Interval): boolean =>
  runs.has(session.history[action]!.doing.kind) && checkpoint.snapshot.hypervisor.step === null

/** The last hit before a moment; null when there is none back to the beginning. */
export function* searchBack(session: Session, before: Moment, lookout: Lookout): Generator<number, Hit | null> {
  const was = session.leaveForThePast()
  let driven = 0
  try {
    for (const interval of intervalsBefore(session, before)) {
      const begin = momentOf(interval.action, interval.checkpoint)
      let { until } = interval
      const windows = until && lookout.often && isFreeFrom(session, interval) ? WINDOWS.map(w => until!.boundaries - w) : []
      for (const from of [...windows.filter(w => w > begin.boundaries), null]) {
        const part = lookIn(session, { ...interval, until }, from, lookout)
        let step = part.next()
        for (; !step.done; step = part.next()) {
          driven += step.value
          yield driven
        }
        if (step.value.hit) return step.value.hit
        until = step.value.from
      }
    }
    return null
  } finally {
    session.comeBack(was)
  }
}
