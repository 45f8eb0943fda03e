/** A recording of given events, as the page would hold it; their indices follow each other. */
import { EventEncoder } from '../../src/emu/worker/event-columns.ts'
import type { EventsUpdate, TimelineEvent } from '../../src/emu/worker/protocol.ts'
import { TimelineEvents } from '../../src/emu/worker/timeline-events.ts'

/** What follows event `keep`. */
export const updateOf = (encoder: EventEncoder, keep: number, events: readonly TimelineEvent[], first = 1): EventsUpdate => ({
  keep,
  first,
  append: encoder.columns(
    events.length,
    events.map(e => ({ ...e, value: 0n })),
  ),
})

export const recordingOf = (events: readonly TimelineEvent[]): TimelineEvents =>
  TimelineEvents.none.with(updateOf(new EventEncoder(), 0, events, events[0]?.index ?? 1))

/** The page's end: what the worker kept and added, update by update. */
export class Held {
  events: TimelineEvent[] = []
  first = 1
  private encoder = new EventEncoder()
  recording = TimelineEvents.none

  /** The first `keep` events stay, these follow, and those before `first` are dropped. */
  update(keep: number, added: readonly TimelineEvent[], first = this.first): TimelineEvents {
    if (keep === 0) this.encoder = new EventEncoder()
    this.first = Math.min(first, keep + 1)
    this.events = [...this.events.filter(e => e.index <= keep), ...added].filter(e => e.index >= this.first)
    this.recording = this.recording.with(updateOf(this.encoder, keep, added, this.first))
    return this.recording
  }
}
