/**
 * Ways to a place in the past: an event, a moment within an action, a time. Each drives what was done again from the checkpoint before it,
 * piece by piece, and yields thousandths of the way; left before its end, the live end is shown.
 */
import type { EventIndex, InstructionCount } from '../isa/units.ts'
import { compare, type Moment, momentOf, timeAt } from './moment.ts'
import type { Place, Recorded } from './recorded.ts'

/** Boundaries of one piece. */
const PIECE = 500_000

/** Goes all the way at once. */
export function finish<T>(way: Generator<number, T>): T {
  for (;;) {
    const { done, value } = way.next()
    if (done) return value as T
  }
}

const thousandths = (ahead: bigint, whole: bigint): number => (whole > 0n ? 1000 - Number((1000n * ahead) / whole) : 1000)

/** Shows the state at a moment, within an action too. */
export function* visiting(session: Recorded, moment: Moment): Generator<number, void> {
  session.refuseWhileRunning()
  yield* session.show(comeToMoment(session, moment))
}
export const visit = (session: Recorded, moment: Moment): void => finish(visiting(session, moment))

function* comeToMoment(session: Recorded, moment: Moment): Generator<number, Place> {
  const { checkpoints } = session.history[moment.action]!
  session.enter(moment.action, checkpoints.findLast(c => compare(momentOf(moment.action, c), moment) <= 0) ?? checkpoints[0]!)
  try {
    const whole = moment.boundaries - session.moment.boundaries
    for (let now = session.moment; compare(now, moment) < 0; now = session.moment) {
      const ahead = moment.boundaries - now.boundaries
      if (session.driveAgain(Math.min(PIECE, Number(ahead))).done) break
      yield thousandths(ahead, whole)
    }
    if (compare(session.moment, moment) !== 0) throw new Error('That place did not come again. Return to live.')
    return { action: moment.action, shown: session.again }
  } finally {
    session.leave()
  }
}

/** Shows the state after so many instructions since reset, as the machine counts time. */
export function* seekingTime(session: Recorded, time: InstructionCount): Generator<number, void> {
  session.refuseWhileRunning()
  if (time >= session.liveTime) return session.returnToLive()
  const index = session.history.findLastIndex(a => timeAt(a.checkpoints[0]!.snapshot) <= time)
  if (index < 0) return yield* session.seeking(0)
  yield* session.show(comeToTime(session, index, time))
}
export const seekTime = (session: Recorded, time: InstructionCount): void => finish(seekingTime(session, time))

function* comeToTime(session: Recorded, index: number, time: InstructionCount): Generator<number, Place> {
  session.enter(index, session.history[index]!.checkpoints.findLast(c => timeAt(c.snapshot) <= time)!)
  try {
    const whole = time - session.now
    // A pause comes behind an exit that is being handled, too.
    while (session.now < time || session.hypervisor.unhandled) {
      const ahead = time - session.now
      if (session.driveAgain(Math.min(PIECE, Number(ahead))).done) break
      yield thousandths(ahead, whole)
    }
    return { action: index, shown: session.again }
  } finally {
    session.leave()
  }
}

/** Drives to just behind the event. */
export function* comeToEvent(session: Recorded, event: EventIndex): Generator<number, Place> {
  const index = session.history.findLastIndex(a => a.checkpoints[0]!.event < event)
  if (index < 0) {
    session.chain.restore(session.beginning)
    return { action: 0, shown: 0 }
  }
  const { checkpoints, doing } = session.history[index]!
  const target = session.events.at(event)!
  const isStretch = target.what.kind === 'free'
  session.enter(index, checkpoints.findLast(c => c.event < event) ?? checkpoints[0]!)
  try {
    const whole = target.instructions - session.now
    while (session.again < event) {
      const ahead = Number(target.instructions - session.now)
      // A free stretch is closed by the event behind it; that one is not to happen.
      if (isStretch && session.again === event - 1 && ahead === 0) break
      // The controller's own Trace takes a boundary that `restore` takes back.
      if (ahead < -1) throw new Error(`Event ${event} did not come again. Return to live.`)
      if (session.driveAgain(Math.min(PIECE, isStretch ? ahead : ahead - 1)).done) break
      yield thousandths(BigInt(ahead), whole)
    }
    // Behind an edit, which takes no time, is where the next action begins.
    return { action: doing.kind === 'edit' ? index + 1 : index, shown: event }
  } finally {
    session.leave()
  }
}
