/**
 * The recording, indexed for drawing: where each event stands, which step and bars it belongs to.
 * `sync` takes the events as the store holds them and looks only at those that are new; what was cut (going back) or dropped is told by the
 * events themselves.
 */
import type { EventIndex } from '../../emu/isa/units.ts'
import { laneNumber } from '../../emu/worker/event-columns.ts'
import type { BarChange, TimelineEvent } from '../../emu/worker/protocol.ts'
import { TimelineEvents } from '../../emu/worker/timeline-events.ts'
import { LOOKS, lookOf } from './kinds.ts'
import { labelLines, type Measure } from './measure.ts'

/** Space around a label inside its block. */
const PADDING = 12
const GAP = { plain: 4, step: 9, arrow: 12, wrong: 15 }
/** Where the first block begins. */
export const START = 4

export interface StepSpan {
  /** Of an outside step; null of one that the guest's own debugger made. */
  ordinal: number | null
  label: string
  /** Positions of its first and last event. */
  from: number
  to: number
}

/** A vCPU was entered for a step, and others ran before it did. */
export interface Preemption {
  vcpu: number
  /** Position of the first event of another vCPU, and of its own next one; null while it waits. */
  from: number
  to: number | null
}

export interface BarEdge {
  at: number
  on: boolean
  label: string
  look: 'breakpoint' | 'outside' | 'inside' | 'you'
}

const seOwner = (event: TimelineEvent): BarEdge['look'] => (event.kind === 'phase' ? 'outside' : event.kind === 'edit' ? 'you' : 'inside')

function edgeOf(event: TimelineEvent, at: number, change: BarChange): BarEdge {
  if (change.bar === 'breakpoint') return { at, on: change.on, label: change.on ? change.label : '', look: 'breakpoint' }
  const look = seOwner(event)
  return { at, on: change.on, label: change.on ? `SE = 1, set by ${look}` : '', look }
}

export const blockWidth = (label: string, measure: Measure): number =>
  Math.round(Math.max(...labelLines(label, measure).map(measure)) + PADDING)

/** Whether an elbow leads from one event to the next: another lane, by entry, exit, interrupt or return. */
export const crosses = (previous: TimelineEvent, event: TimelineEvent): boolean =>
  laneNumber(previous.lane) !== laneNumber(event.lane) && (event.arrow !== null || previous.arrow === 'entry')

export class Track {
  events = TimelineEvents.none
  /** Events scale at zoom 1, in pixels. */
  left = new Float64Array(1024)
  right = new Float64Array(1024)
  /** Ticks since `base`, never falling. */
  ticks = new Float64Array(1024)
  lanes = new Uint8Array(1024)
  looks = new Uint8Array(1024)
  steps: StepSpan[] = []
  /** Positions, ascending. */
  interrupts: number[] = []
  wrongs: number[] = []
  preemptions: Preemption[] = []
  /** By bar and vCPU, as `SE:0`; positions ascending. */
  bars = new Map<string, BarEdge[]>()

  /** Time base of the first event that there was. */
  base = 0n

  private perLane: number[] = []
  private last: TimelineEvent | undefined

  constructor(readonly measure: Measure) {}

  get length(): number {
    return this.events.length
  }

  /** Position of an event, or −1: before the first, or not held. */
  positionOf(index: EventIndex): number {
    const at = index - this.events.first
    return at >= 0 && at < this.events.length ? at : -1
  }

  sync(events: TimelineEvents): this {
    if (events === this.events) return this
    const kept = events.since(this.events)
    if (kept === 0) this.cut(0, this.length)
    else {
      const dropped = events.droppedSince(this.events)
      this.drop(dropped)
      this.cut(kept, this.length - dropped)
    }
    this.grow(events.length)
    this.events = events
    this.last = kept > 0 ? events.at(kept - 1) : undefined
    if (kept === 0) this.base = events.at(0)?.timeBase ?? 0n
    for (let at = kept; at < events.length; at++) this.add(events.at(at)!, at)
    return this
  }

  /** Whether any event stands in the lane. */
  occupied(lane: number): boolean {
    return (this.perLane[lane] ?? 0) > 0
  }

  /** Of each lane in [from, to): how many events, and the most telling look (as a number in LOOKS). */
  summary(from: number, to: number): { counts: number[]; looks: number[] } {
    const counts: number[] = []
    const looks: number[] = []
    for (let at = from; at < to; at++) {
      const lane = this.lanes[at]!
      counts[lane] = (counts[lane] ?? 0) + 1
      looks[lane] = Math.min(looks[lane] ?? LOOKS.length, this.looks[at]!)
    }
    return { counts, looks }
  }

  private add(event: TimelineEvent, at: number): void {
    const previous = this.last
    this.last = event
    const wrongBegins = event.wrong && this.wrongs.length === 0
    const gap = wrongBegins
      ? GAP.wrong
      : previous && crosses(previous, event)
        ? GAP.arrow
        : previous?.step?.ordinal !== event.step?.ordinal
          ? GAP.step
          : GAP.plain
    const left = at === 0 ? START : this.right[at - 1]! + gap
    this.left[at] = left
    this.right[at] = left + blockWidth(event.label, this.measure)
    // A step gives the guest back the time that it took: the time base may go back a little, the drawing stands still.
    this.ticks[at] = Math.max(at === 0 ? 0 : this.ticks[at - 1]!, Number(event.timeBase - this.base))
    const lane = laneNumber(event.lane)
    this.lanes[at] = lane
    this.perLane[lane] = (this.perLane[lane] ?? 0) + 1
    const look = lookOf(event)
    this.looks[at] = LOOKS.indexOf(look)
    if (event.kind === 'interrupt') this.interrupts.push(at)
    if (event.wrong) this.wrongs.push(at)
    this.addToStep(event, at)
    this.addPreemption(event, previous, at)
    for (const change of event.bars) {
      const key = `${change.bar}:${change.vcpu}`
      const edges = this.bars.get(key)
      if (edges) edges.push(edgeOf(event, at, change))
      else this.bars.set(key, [edgeOf(event, at, change)])
    }
  }

  private addToStep(event: TimelineEvent, at: number): void {
    const open = this.steps.at(-1)
    if (event.step) {
      const same = open?.ordinal === event.step.ordinal && open.to === at - 1
      if (same) open.to = at
      else this.steps.push({ ...event.step, from: at, to: at })
    } else if (event.by === 'inside') {
      // One instruction, and the Trace interrupt behind it.
      if (open?.ordinal === null && open.to === at - 1 && event.kind === 'interrupt') open.to = at
      else this.steps.push({ ordinal: null, label: `inside: step, vCPU ${event.vcpu}`, from: at, to: at })
    }
  }

  private addPreemption(event: TimelineEvent, previous: TimelineEvent | undefined, at: number): void {
    const open = this.preemptions.at(-1)
    if (open?.to === null && open.vcpu === event.vcpu) open.to = at
    const entered = previous?.arrow === 'entry' && previous.step !== null
    if (entered && event.vcpu !== previous.vcpu && event.by !== 'you') this.preemptions.push({ vcpu: previous.vcpu, from: at, to: null })
  }

  /** The oldest are there no more; what is left keeps its place. */
  private drop(count: number): void {
    if (count === 0) return
    const { length } = this
    for (let at = 0; at < count; at++) this.perLane[this.lanes[at]!]!--
    for (const column of [this.left, this.right, this.ticks, this.lanes, this.looks]) column.copyWithin(0, count, length)
    this.interrupts = behind(this.interrupts, count)
    this.wrongs = behind(this.wrongs, count)
    this.steps = this.steps.filter(s => s.to >= count).map(s => ({ ...s, from: Math.max(0, s.from - count), to: s.to - count }))
    this.preemptions = this.preemptions
      .filter(p => p.to === null || p.to >= count)
      .map(p => ({ ...p, from: Math.max(0, p.from - count), to: p.to === null ? null : p.to - count }))
    for (const [key, edges] of this.bars) {
      // A bar that is on where the recording begins is on from its first event.
      const open = edges.findLast(e => e.at < count)
      const left = edges.filter(e => e.at >= count).map(e => ({ ...e, at: e.at - count }))
      this.bars.set(key, open?.on ? [{ ...open, at: 0 }, ...left] : left)
    }
  }

  private cut(length: number, was: number): void {
    for (let at = length; at < was; at++) this.perLane[this.lanes[at]!]!--
    while (this.interrupts.length && this.interrupts.at(-1)! >= length) this.interrupts.pop()
    while (this.wrongs.length && this.wrongs.at(-1)! >= length) this.wrongs.pop()
    while (this.steps.length && this.steps.at(-1)!.from >= length) this.steps.pop()
    const open = this.steps.at(-1)
    if (open && open.to >= length) open.to = length - 1
    while (this.preemptions.length && this.preemptions.at(-1)!.from >= length) this.preemptions.pop()
    const waits = this.preemptions.at(-1)
    if (waits && waits.to !== null && waits.to >= length) waits.to = null
    for (const [key, edges] of this.bars) {
      while (edges.length && edges.at(-1)!.at >= length) edges.pop()
      if (edges.length === 0) this.bars.delete(key)
    }
  }

  private grow(length: number): void {
    if (length <= this.left.length) return
    const size = 2 ** Math.ceil(Math.log2(length))
    this.left = copied(this.left, new Float64Array(size))
    this.right = copied(this.right, new Float64Array(size))
    this.ticks = copied(this.ticks, new Float64Array(size))
    this.lanes = copied(this.lanes, new Uint8Array(size))
    this.looks = copied(this.looks, new Uint8Array(size))
  }
}

function copied<T extends Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Of positions, those that are left when the first `count` events are not there, and where they stand then. */
const behind = (positions: readonly number[], count: number): number[] => positions.filter(at => at >= count).map(at => at - count)
