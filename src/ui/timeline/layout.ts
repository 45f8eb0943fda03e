/**
 * The visible window of the recording as a `Drawing`: positions in pixels from the window's left edge, and words. Pure; the number of
 * parts is bounded by the window's width, never by the length of the recording.
 */
import type { EventIndex } from '../../emu/isa/units.ts'
import type { GhostBlock } from '../../emu/worker/protocol.ts'
import { grouped } from '../run/counts.ts'
import { type AxisTick, axisTicks } from './axis.ts'
import { type Bar, bars } from './bars.ts'
import { ghostLane, LOOKS, type Look } from './kinds.ts'
import type { LaneRow, Rows } from './lanes.ts'
import { fitted, labelLines } from './measure.ts'
import { type Arrow, preempted, type Waiting } from './preempted.ts'
import { firstBeyond, firstFrom, type Scale } from './scale.ts'
import { blockWidth, crosses, type Track } from './track.ts'

export interface Window {
  /** Pixels an unzoomed pixel takes. */
  zoom: number
  /** Zoomed pixels left of the window. */
  offset: number
  width: number
}

export interface Scene {
  track: Track
  scale: Scale
  rows: Rows
  /** The event shown; 0 is before the first. */
  shown: EventIndex
  /** Blocks that the step in flight, or the next one, will add; drawn at the live end only. */
  ghosts: readonly GhostBlock[]
  /** Bracket over the ghosts: the step in flight, or what the next one is. */
  ghostLabel: string | null
  /** Ordinal of the outside step in flight: its bracket covers ghosts too. */
  inFlight: number | null
}

export interface Block {
  /** Positions drawn as one block: [from, to). A ghost has none. */
  from: number
  to: number
  x: number
  y: number
  w: number
  h: number
  look: Look | 'ghost'
  lines: string[]
}

export interface Bracket {
  path: string
  x: number
  text: string
}

export interface Drawing {
  width: number
  height: number
  blocks: Block[]
  /** vCPUs that were entered and are kept waiting. */
  waiting: Waiting[]
  arrows: Arrow[]
  brackets: Bracket[]
  bars: Bar[]
  /** Right edge of the event shown; null without events. */
  playhead: number | null
  ring: { x: number; y: number; w: number; h: number } | null
  /** Where the first wrong event begins. */
  wrong: number | null
  /** Where the words of that stand: they stay in view while what is seen lies behind it. */
  wrongWords: number | null
  axis: AxisTick[]
}

/** Events a pixel from which blocks become counts: 200 in 40 pixels. */
const CROWDED = 5
/** Width of one count. */
export const BIN = 40
/** Blocks narrower than this join with those of the same cell. */
const NARROW = 3
const CELL = 7
/** Ghosts that are narrower than this together say nothing. */
const GHOSTS = 30
/** Width of the words where the guest went wrong. */
export const WRONG_WORDS = 112
/** What the playhead's handle takes to each side, with air. */
const HANDLE = 9
const BLOCK = { oneLine: 22, twoLines: 25 }

/** Right of the last event: where ghosts begin and end, in zoomed pixels from the beginning. */
export function ghostSpan(scene: Scene, zoom: number): { from: number; widths: { left: number; right: number }[]; end: number } {
  const { scale, track, ghosts } = scene
  const size = scale.name === 'events' ? zoom : 1
  const from = scale.end * zoom
  let x = track.length ? from : 0
  let lane = track.length ? track.lanes[track.length - 1]! : -1
  const widths = ghosts.map((ghost, i) => {
    const l = ghostLane(ghost)
    const gap = i === 0 || l === lane ? 4 : 12
    lane = l
    const left = x + gap * size
    x = left + blockWidth(ghost.label, track.measure) * size
    return { left, right: x }
  })
  return { from, widths, end: x }
}

export function layout(scene: Scene, window: Window): Drawing {
  const { track, scale, rows } = scene
  const { zoom, offset, width } = window
  const from = firstBeyond(scale, track.length, offset / zoom)
  const to = firstFrom(scale, track.length, (offset + width) / zoom)
  const x = (at: number) => scale.left(at) * zoom - offset
  const r = (at: number) => scale.right(at) * zoom - offset
  const laneOf = lanesByNumber(rows)
  const crowded = to - from > CROWDED * width

  const at = track.positionOf(scene.shown)
  const shownBlock = at < 0 ? null : place(laneOf, track, at, x(at), Math.max(r(at) - x(at), NARROW))
  const ghosts = ghostSpan(scene, zoom)
  const waits = crowded ? { waiting: [], arrows: [] } : preempted(track, laneOf, width, x, r, ghosts.from - offset)
  const wrong = track.wrongs.length ? x(track.wrongs[0]!) - Math.min(7, 7 * zoom) : null
  const wrongWords = wrong === null ? null : Math.max(0, wrong + 1)
  const playhead = track.length === 0 ? null : at < 0 ? 0.5 : Math.max(r(at), x(at) + NARROW) + 2.5
  return {
    width,
    height: rows.height,
    blocks: [
      ...(crowded ? binned(scene, window, laneOf, from, to) : joined(scene, offset, laneOf, from, to, x, r)),
      ...ghostBlocks(scene, laneOf, ghosts.widths, window),
    ],
    waiting: waits.waiting,
    arrows: crowded ? [] : [...arrows(scene, laneOf, from, to, x, r), ...waits.arrows],
    brackets: brackets(scene, ghosts, window, playhead, wrongWords),
    bars: bars(track, rows, from, to, width, at0 => (x(at0) + Math.max(r(at0), x(at0))) / 2, ghosts.from - offset),
    playhead,
    ring: shownBlock && { x: shownBlock.x - 2.5, y: shownBlock.y - 2.5, w: shownBlock.w + 5, h: shownBlock.h + 5 },
    axis: axisTicks(scale, zoom, offset, width),
    wrong,
    wrongWords,
  }
}

const lanesByNumber = (rows: Rows): (LaneRow | undefined)[] => {
  const by: (LaneRow | undefined)[] = []
  for (const row of rows.lanes) by[row.lane] = row
  return by
}

const box = (lane: LaneRow | undefined, lines: number): { y: number; h: number } => {
  if (!lane) return { y: 0, h: 0 }
  const h = lane.folded ? lane.height - 4 : lines > 1 ? Math.min(BLOCK.twoLines, lane.height - 4) : BLOCK.oneLine
  return { y: Math.floor(lane.top + (lane.height - h) / 2) + 0.5, h }
}

/** The label in as many lines as the lane allows, cut to the width. */
function linesFor(label: string, lane: LaneRow | undefined, width: number, track: Track): string[] {
  if (!lane || lane.folded || width < 16) return []
  const lines = lane.height < 29 ? [label] : labelLines(label, track.measure)
  const cut = lines.map(line => fitted(line, width - 4, track.measure))
  return cut.every(line => line === '') ? [] : cut
}

function place(laneOf: (LaneRow | undefined)[], track: Track, at: number, x: number, w: number): Block {
  const lane = laneOf[track.lanes[at]!]
  const lines = linesFor(track.events.at(at)!.label, lane, w, track)
  return { from: at, to: at + 1, x: x + 0.5, w: w, ...box(lane, lines.length), look: LOOKS[track.looks[at]!]!, lines }
}

/** One block an event; narrow neighbours of a lane join within cells that stand still while panning. */
function joined(
  { track }: Scene,
  offset: number,
  laneOf: (LaneRow | undefined)[],
  from: number,
  to: number,
  x: (at: number) => number,
  r: (at: number) => number,
): Block[] {
  const blocks: Block[] = []
  const open: { block: Block; cell: number }[] = []
  for (let at = from; at < to; at++) {
    const left = x(at)
    const w = r(at) - left
    const placed = place(laneOf, track, at, left, Math.max(w, NARROW))
    const lane = track.lanes[at]!
    if (w >= NARROW) {
      blocks.push(placed)
      delete open[lane]
      continue
    }
    const cell = Math.floor((left + offset) / CELL)
    const last = open[lane]
    if (last?.cell === cell) {
      last.block.to = at + 1
      last.block.w = placed.x + placed.w - last.block.x
      last.block.look = LOOKS[Math.min(LOOKS.indexOf(last.block.look as Look), track.looks[at]!)]!
    } else {
      open[lane] = { block: placed, cell }
      blocks.push(placed)
    }
  }
  return blocks
}

/** Counts a lane, in cells that stand still while panning. */
function binned(
  { track, scale }: Scene,
  { zoom, offset, width }: Window,
  laneOf: (LaneRow | undefined)[],
  from: number,
  to: number,
): Block[] {
  const blocks: Block[] = []
  for (let cell = Math.floor(offset / BIN) * BIN; cell < offset + width; cell += BIN) {
    const a = Math.max(from, firstFrom(scale, track.length, cell / zoom))
    const b = Math.min(to, firstFrom(scale, track.length, (cell + BIN) / zoom))
    if (a >= b) continue
    const { counts, looks } = track.summary(a, b)
    counts.forEach((count, lane) => {
      const look = LOOKS[looks[lane]!]!
      const row = laneOf[lane]
      blocks.push({
        from: a,
        to: b,
        x: cell - offset + 0.5,
        w: BIN - 3,
        ...box(row, 1),
        look,
        lines: linesFor(grouped(count), row, BIN - 3, track),
      })
    })
  }
  return blocks
}

function ghostBlocks(
  { ghosts, track }: Scene,
  laneOf: (LaneRow | undefined)[],
  widths: { left: number; right: number }[],
  { offset, width }: Window,
): Block[] {
  if (widths.length === 0 || widths.at(-1)!.right - widths[0]!.left < GHOSTS) return []
  return ghosts.flatMap((ghost, i) => {
    const x = widths[i]!.left - offset
    const w = widths[i]!.right - widths[i]!.left
    if (x > width || x + w < 0) return []
    const lane = laneOf[ghostLane(ghost)]
    const lines = linesFor(ghost.label, lane, w, track)
    return [{ from: -1, to: -1, x: x + 0.5, w, ...box(lane, lines.length), look: 'ghost' as const, lines }]
  })
}

function arrows(
  { track }: Scene,
  laneOf: (LaneRow | undefined)[],
  from: number,
  to: number,
  x: (at: number) => number,
  r: (at: number) => number,
): Arrow[] {
  const drawn: Arrow[] = []
  // One beyond the window: its elbow may be visible.
  for (let at = Math.max(1, from); at < Math.min(to + 1, track.length); at++) {
    const a = laneOf[track.lanes[at - 1]!]
    const b = laneOf[track.lanes[at]!]
    const start = r(at - 1)
    const end = x(at)
    if (!a || !b || a === b || end - start < 8) continue
    const event = track.events.at(at)!
    if (!crosses(track.events.at(at - 1)!, event)) continue
    const y0 = a.top + a.height / 2
    const y1 = b.top + b.height / 2
    const elbow = (start + end) / 2 - 1
    drawn.push({
      path: `M${px(start + 1)} ${px(y0)}H${px(elbow)}V${px(y1)}H${px(end - 2)}`,
      head: `M${px(end)} ${px(y1)}l-5 -3v6z`,
      wrong: event.wrong,
    })
  }
  return drawn
}

/** Two decimals at most. */
const px = (n: number): number => Math.round(n * 100) / 100

/** A label that the playhead would cross, or the words where it goes wrong would cover, stands right of it, where there is room. */
function brackets(
  scene: Scene,
  ghosts: ReturnType<typeof ghostSpan>,
  { zoom, offset, width }: Window,
  playhead: number | null,
  words: number | null,
): Bracket[] {
  const { track, scale, ghostLabel, inFlight } = scene
  const drawn: Bracket[] = []
  const draw = (left: number, right: number, label: string) => {
    const a = left - offset
    const b = right - offset
    if (b < 0 || a > width || b - a < 6) return
    const usual = Math.max(a, -6) + 9
    const end = Math.min(b, width) - 13
    const long = track.measure(label)
    const beyond = (x: number, from: number, to: number) => (x < to && x + long > from && to + long <= end ? to : x)
    const past = playhead === null ? usual : beyond(usual, playhead - HANDLE, playhead + HANDLE)
    const x = words === null ? past : beyond(past, words, words + WRONG_WORDS)
    const covered = words !== null && x < words + WRONG_WORDS && x + Math.min(long, end - x) > words
    drawn.push({ path: `M${px(a + 0.5)} 17v-5H${px(b + 0.5)}v5`, x: px(x), text: covered ? '' : fitted(label, end - x, track.measure) })
  }
  const first = firstStep(track, scale, offset / zoom)
  let flying = false
  for (let i = first; i < track.steps.length; i++) {
    const step = track.steps[i]!
    const left = scale.left(step.from) * zoom
    if (left > offset + width || drawn.length > width / 6) break
    const open = step.ordinal === inFlight && step.to === track.length - 1 && ghosts.widths.length > 0
    if (open) flying = true
    draw(left, open ? ghosts.end : Math.max(scale.right(step.to) * zoom, left), step.label)
  }
  const only = ghosts.widths[0]
  if (only && !flying && ghostLabel) draw(only.left, ghosts.end, ghostLabel)
  return drawn
}

/** Number of the first step that ends at or beyond x. */
function firstStep(track: Track, scale: Scale, x: number): number {
  let low = 0
  let high = track.steps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (scale.right(track.steps[middle]!.to) >= x) high = middle
    else low = middle + 1
  }
  return low
}

/** The event drawn at a point, or −1. */
export function hit(drawing: Drawing, x: number, y: number): { from: number; to: number } | null {
  for (let i = drawing.blocks.length - 1; i >= 0; i--) {
    const b = drawing.blocks[i]!
    if (b.from >= 0 && x >= b.x - 1 && x <= b.x + b.w + 1 && y >= b.y && y <= b.y + b.h) return { from: b.from, to: b.to }
  }
  return null
}

/** Position whose playhead stands nearest to x (window pixels); −1 before the first. */
export function nearest(scene: Scene, { zoom, offset }: Window, x: number): number {
  const { scale, track } = scene
  const at = firstBeyond(scale, track.length, (x + offset) / zoom)
  const middle = at < track.length ? ((scale.left(at) + scale.right(at)) / 2) * zoom - offset : 0
  return at >= track.length ? track.length - 1 : x < middle ? at - 1 : at
}
