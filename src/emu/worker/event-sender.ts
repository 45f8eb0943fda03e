/** Which events the page has, and what it is sent next. */
import type { EventLog } from '../debug/event-log.ts'
import { EventEncoder } from './event-columns.ts'
import type { EventsUpdate } from './protocol.ts'
import { rowsOf } from './timeline-view.ts'

export class EventSender {
  private sent = 0
  private encoder = new EventEncoder()

  /** What the page has is of a recording that is no more. */
  forget(): void {
    this.sent = 0
  }

  /** What is new since the last update; `anew`: of another recording. */
  update(events: EventLog, anew: boolean): EventsUpdate {
    const { length, first } = events
    const stay = events.staying()
    const keep = anew ? 0 : Math.max(first - 1, Math.min(this.sent, stay))
    if (keep === 0) this.encoder = new EventEncoder()
    const from = Math.max(keep + 1, first)
    this.sent = length
    return { keep, first, append: this.encoder.columns(length - from + 1, rowsOf(events.between(from, length))) }
  }
}
