/** The events of a recording, by their index from 1. The last million at least are kept; older ones are dropped when their owner says so. */
import type { EventIndex } from '../isa/units.ts'
import type { RecordedEvent } from './events.ts'
import { PackedEvents, SharedParts } from './packed-events.ts'

/** Events that are packed together. */
const RUN = 1 << 13

/** Reading events, as most need them. */
export interface Events {
  /** Index of the last; 0 when there is none. */
  readonly length: EventIndex
  /** Index of the oldest that is kept. */
  readonly first: EventIndex
  /** Undefined where there is no such event, or it was dropped. */
  at(index: EventIndex): RecordedEvent | undefined
  /** From one to another, both included, as far as they are kept. */
  between(from: EventIndex, to: EventIndex): Iterable<RecordedEvent>
  /** Interrupts at or before the event, the latest first. */
  interruptsBack(from: EventIndex): Iterable<RecordedEvent>
  /** How many interrupts there are at or before it, of those kept. */
  interruptsUpTo(index: EventIndex): number
}

export class EventLog implements Events, Iterable<RecordedEvent> {
  private shared = new SharedParts()
  /** `RUN` events each, but for the last: packed, but for the last two, which most questions are about. */
  private runs: (PackedEvents | RecordedEvent[])[] = []
  /** Index of the first event of the first run. */
  private base: EventIndex = 1
  private last: EventIndex = 0
  private oldest: EventIndex = 1
  private stay: EventIndex = 0

  get length(): EventIndex {
    return this.last
  }

  get first(): EventIndex {
    return this.oldest
  }

  private runOf(index: EventIndex): number {
    return Math.floor((index - this.base) / RUN)
  }

  push(event: Omit<RecordedEvent, 'index'>): EventIndex {
    const index = ++this.last
    const run = this.runOf(index)
    const open = this.runs[run]
    if (open) (open as RecordedEvent[]).push({ index, ...event })
    else {
      this.runs[run] = [{ index, ...event }]
      const old = this.runs[run - 2]
      if (Array.isArray(old)) this.runs[run - 2] = new PackedEvents(old, this.shared)
    }
    return index
  }

  /** So many are as they were when it was last asked; behind them there may be others than there were. */
  staying(): EventIndex {
    const { stay } = this
    this.stay = this.last
    return stay
  }

  /** Events behind it are gone. */
  endAt(index: EventIndex): void {
    this.last = index
    this.stay = Math.min(this.stay, index)
    this.oldest = Math.min(this.oldest, index + 1)
    if (index < this.base) {
      this.runs = []
      this.shared = new SharedParts()
      this.base = index + 1
      return
    }
    const run = this.runOf(index)
    this.runs.length = run + 1
    for (const n of [run - 1, run]) if (n >= 0) this.runs[n] = this.unpacked(n)
    ;(this.runs[run] as RecordedEvent[]).length = index - this.base - run * RUN + 1
  }

  private unpacked(run: number): RecordedEvent[] {
    const events = this.runs[run]!
    const begins = this.base + run * RUN
    return Array.isArray(events) ? events : Array.from({ length: RUN }, (_, n) => events.at(n, begins + n))
  }

  /** Bytes that a packed event takes. */
  get bytesEach(): number {
    const packed = this.runs.filter((run): run is PackedEvents => !Array.isArray(run))
    return packed.reduce((n, run) => n + run.bytes, 0) / (packed.length * RUN)
  }

  /** Events before it are dropped. */
  dropBefore(index: EventIndex): void {
    this.oldest = Math.min(Math.max(this.oldest, index), this.last + 1)
    const runs = Math.max(0, Math.min(this.runs.length - 1, this.runOf(this.oldest)))
    this.runs.splice(0, runs)
    this.base += runs * RUN
  }

  private within(index: EventIndex): { run: PackedEvents | RecordedEvent[]; n: number } {
    return { run: this.runs[this.runOf(index)]!, n: (index - this.base) % RUN }
  }

  at(index: EventIndex): RecordedEvent | undefined {
    if (index < this.oldest || index > this.last) return undefined
    const { run, n } = this.within(index)
    return Array.isArray(run) ? run[n] : run.at(n, index)
  }

  *between(from: EventIndex, to: EventIndex): Generator<RecordedEvent> {
    for (let index = Math.max(from, this.oldest); index <= Math.min(to, this.last); index++) yield this.at(index)!
  }

  [Symbol.iterator](): Iterator<RecordedEvent> {
    return this.between(this.oldest, this.last)
  }

  private isInterrupt(index: EventIndex): boolean {
    const { run, n } = this.within(index)
    return (Array.isArray(run) ? run[n]!.what.kind : run.kindAt(n)) === 'interrupt'
  }

  *interruptsBack(from: EventIndex): Generator<RecordedEvent> {
    for (let index = Math.min(from, this.last); index >= this.oldest; index--) {
      const { run, n } = this.within(index)
      if (!Array.isArray(run) && run.interrupts === 0) index -= n
      else if (this.isInterrupt(index)) yield this.at(index)!
    }
  }

  interruptsUpTo(to: EventIndex): number {
    const end = Math.min(to, this.last)
    let count = 0
    for (let index = this.oldest; index <= end; index++) {
      const { run, n } = this.within(index)
      if (n === 0 && !Array.isArray(run) && index + RUN - 1 <= end) {
        count += run.interrupts
        index += RUN - 1
      } else if (this.isInterrupt(index)) count++
    }
    return count
  }
}
