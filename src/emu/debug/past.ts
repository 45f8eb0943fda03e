/** Ways to a place in the past: an event, a moment within an action, a time. Each drives what was done again from the checkpoint before it. */
import type { EventIndex, InstructionCount } from '../isa/units.ts'
import { compare, type Moment, momentOf, timeAt } from './moment.ts'
import type { Place, Recorded } from './recorded.ts'

/** Shows the state at a moment, within an action too. */
export function visit(session: Recorded, moment: Moment): void {
  session.refuseWhileRunning()
  session.show((): Place => {
    const { checkpoints } = session.history[moment.action]!
    session.enter(moment.action, checkpoints.findLast(c => compare(momentOf(moment.action, c), moment) <= 0) ?? checkpoints[0]!)
    try {
      comeTo(session, moment)
      return { action: moment.action, shown: session.again }
    } finally {
      session.leave()
    }
  })
}

/** Goes on with the action that is driven again, up to the moment. */
function comeTo(session: Recorded, moment: Moment): void {
  for (let now = session.moment; compare(now, moment) < 0; now = session.moment) {
    const { done } = session.driveAgain(Number(moment.boundaries - now.boundaries))
    if (done) break
  }
  if (compare(session.moment, moment) !== 0) throw new Error('That place did not come again. Return to live.')
}

/** Shows the state after so many instructions since reset, as the machine counts time. */
export function seekTime(session: Recorded, time: InstructionCount): void {
  session.refuseWhileRunning()
  if (time >= session.liveTime) return session.returnToLive()
  const index = session.history.findLastIndex(a => timeAt(a.checkpoints[0]!.snapshot) <= time)
  if (index < 0) return session.seek(0)
  session.show((): Place => {
    session.enter(index, session.history[index]!.checkpoints.findLast(c => timeAt(c.snapshot) <= time)!)
    try {
      // A pause comes behind an exit that is being handled, too.
      while ((session.now < time || session.hypervisor.unhandled) && !session.driveAgain(Number(time - session.now)).done);
      return { action: index, shown: session.again }
    } finally {
      session.leave()
    }
  })
}

/** Drives to just behind the event. */
export function comeToEvent(session: Recorded, event: EventIndex): Place {
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
    while (session.again < event) {
      const ahead = Number(target.instructions - session.now)
      // A free stretch is closed by the event behind it; that one is not to happen.
      if (isStretch && session.again === event - 1 && ahead === 0) break
      // The controller's own Trace takes a boundary that `restore` takes back.
      if (ahead < -1) throw new Error(`Event ${event} did not come again. Return to live.`)
      if (session.driveAgain(isStretch ? ahead : ahead - 1).done) break
    }
    // Behind an edit, which takes no time, is where the next action begins.
    return { action: doing.kind === 'edit' ? index + 1 : index, shown: event }
  } finally {
    session.leave()
  }
}
