/** Looking through the events again and again: each look goes on where the last one ended, because recordings are long and looks are many. */
import type { TimelineEvent } from '../worker/protocol.ts'
import type { TimelineEvents } from '../worker/timeline-events.ts'

const scans = new WeakMap<object, { events: TimelineEvents; found: number }>()

/** `found` counts from 0 what `next` makes of it at each event, in their order. `what` is the thing that is looked for, the same one at each look. */
export function scanned(what: object, events: TimelineEvents, next: (found: number, event: TimelineEvent) => number): number {
  const last = scans.get(what)
  // What was dropped has been seen; what was taken back has not happened.
  const seen = last ? last.events.length - events.droppedSince(last.events) : 0
  const goesOn = last !== undefined && seen >= 0 && events.since(last.events) === seen
  let found = goesOn ? last.found : 0
  for (let n = goesOn ? seen : 0; n < events.length; n++) found = next(found, events.at(n)!)
  scans.set(what, { events, found })
  return found
}
