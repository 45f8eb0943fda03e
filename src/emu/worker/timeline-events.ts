/**
 * The recording's events as the page holds them: columns, from which one is read when it is asked for. A value of `TimelineEvents` is the
 * recording at one time; the next one shares its columns, so that only the newest may be read.
 */
import type { EventIndex } from '../isa/units.ts'
import { readHead } from './event-columns.ts'
import { wordsOf } from './event-words.ts'
import type { BarChange, BlockKind, EventColumns, EventsUpdate, TimelineEvent } from './protocol.ts'

type Column = 'head' | 'label' | 'sentence' | 'step' | 'bars' | 'value' | 'address' | 'instructions' | 'timeBase'
type Columns = Pick<EventColumns, Column>

const sized = (size: number): Columns & { stamp: Uint32Array } => ({
  head: new Uint32Array(size),
  label: new Uint32Array(size),
  sentence: new Uint32Array(size),
  step: new Uint32Array(size),
  bars: new Uint32Array(size),
  value: new BigUint64Array(size),
  address: new BigUint64Array(size),
  instructions: new BigUint64Array(size),
  timeBase: new BigUint64Array(size),
  stamp: new Uint32Array(size),
})

/** What all times of one recording share. */
class Shared {
  /** `stamp`: with which update the event came. */
  columns = sized(1024)
  texts: string[] = ['']
  steps: TimelineEvent['step'][] = [null]
  bars: BarChange[][] = [[]]

  grow(size: number): void {
    const { columns } = this
    if (size <= columns.head.length) return
    const larger = sized(2 ** Math.ceil(Math.log2(size)))
    for (const name of Object.keys(larger) as (Column | 'stamp')[]) larger[name].set(columns[name] as never)
    this.columns = larger
  }

  /** Behind the first `kept`. */
  append(added: EventColumns, kept: number, version: number): void {
    const { length } = added.head
    this.grow(kept + length)
    for (const name of Object.keys(this.columns) as (Column | 'stamp')[])
      if (name !== 'stamp') this.columns[name].set(added[name] as never, kept)
    this.columns.stamp.fill(version, kept, kept + length)
    for (const text of added.dictionary.texts) this.texts.push(text)
    for (const step of added.dictionary.steps) this.steps.push(step)
    for (const bars of added.dictionary.bars) this.bars.push(bars)
  }

  /** The oldest are given up. */
  drop(count: number, length: number): void {
    for (const column of Object.values(this.columns)) column.copyWithin(0, count, length)
  }
}

/** One event, read from the columns where it is asked; it says what it said at the time it was taken. */
class Row implements TimelineEvent {
  readonly kind: BlockKind
  readonly by: TimelineEvent['by']
  readonly lane: TimelineEvent['lane']
  readonly vcpu: number
  readonly arrow: TimelineEvent['arrow']
  readonly wrong: boolean
  readonly vector: number | null
  readonly address: bigint | null
  readonly label: string
  readonly sentence: string
  readonly step: TimelineEvent['step']
  readonly bars: BarChange[]
  readonly instructions: bigint
  readonly timeBase: bigint

  constructor(
    { columns: c, texts, steps, bars }: Shared,
    n: number,
    readonly index: EventIndex,
  ) {
    const head = c.head[n]!
    const value = c.value[n]!
    const label = texts[c.label[n]!]!
    this.kind = readHead(head, 'kind')
    this.by = readHead(head, 'by')
    this.lane = readHead(head, 'lane')
    this.vcpu = readHead(head, 'vcpu')
    this.arrow = readHead(head, 'arrow')
    this.wrong = readHead(head, 'wrong')
    this.vector = readHead(head, 'vector')
    this.address = readHead(head, 'hasAddress') ? c.address[n]! : null
    this.label = wordsOf(label, '', value)
    this.sentence = wordsOf(texts[c.sentence[n]!]!, label, value)
    this.step = steps[c.step[n]!]!
    this.bars = bars[c.bars[n]!]!
    this.instructions = c.instructions[n]!
    this.timeBase = c.timeBase[n]!
  }
}

export class TimelineEvents implements Iterable<TimelineEvent> {
  private constructor(
    private readonly shared: Shared,
    /** How many there are. */
    readonly length: number,
    /** Index of the first. */
    readonly first: EventIndex,
    /** Grows with each update. */
    readonly version: number,
  ) {}

  static readonly none = new TimelineEvents(new Shared(), 0, 1, 0)

  /** The recording after an update: this one when nothing is new. */
  with({ keep, first, append }: EventsUpdate): TimelineEvents {
    const added = append.head.length
    if (keep === this.first + this.length - 1 && added === 0 && first === this.first) return this
    const shared = keep === 0 ? new Shared() : this.shared
    const held = keep === 0 ? 0 : Math.max(0, Math.min(this.length, keep - this.first + 1))
    const gone = Math.min(held, Math.max(0, first - this.first))
    if (gone > 0) shared.drop(gone, held)
    const kept = held - gone
    const version = this.version + 1
    shared.append(append, kept, version)
    return new TimelineEvents(shared, kept + added, first, version)
  }

  /** How many of the oldest of an earlier version were given up; 0 where it is of another recording. */
  droppedSince(earlier: TimelineEvents): number {
    return earlier.shared === this.shared ? Math.max(0, this.first - earlier.first) : 0
  }

  /** From the beginning, how many are the same as in an earlier version. */
  since(earlier: TimelineEvents): number {
    if (earlier.shared !== this.shared || this.first < earlier.first) return 0
    const { stamp } = this.shared.columns
    let [low, high] = [0, Math.max(0, Math.min(this.length, earlier.length - this.droppedSince(earlier)))]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (stamp[middle - 1]! <= earlier.version) low = middle
      else high = middle - 1
    }
    return low
  }

  /** By position from 0, or from the end where it is negative. */
  at(position: number): TimelineEvent | undefined {
    const n = position < 0 ? this.length + position : position
    return n >= 0 && n < this.length ? new Row(this.shared, n, this.first + n) : undefined
  }

  /** By its index; undefined where it is not there, or no longer kept. */
  event(index: EventIndex): TimelineEvent | undefined {
    return index < this.first ? undefined : this.at(index - this.first)
  }

  kindAt(position: number): BlockKind {
    return readHead(this.shared.columns.head[position]!, 'kind')
  }

  *[Symbol.iterator](): Iterator<TimelineEvent> {
    for (let n = 0; n < this.length; n++) yield this.at(n)!
  }
}
