/** Where events stand on the horizontal axis, before zoom. Both scales are monotone, so the visible ones are found by halving. */
import type { Track } from './track.ts'
import { START } from './track.ts'

export type ScaleName = 'events' | 'timeBase'

export interface Scale {
  name: ScaleName
  left(at: number): number
  right(at: number): number
  /** Right edge of the last event. */
  end: number
  /** Of the time base: pixels a tick, and the ticks at `START`. */
  axis: { perTick: number; base: bigint } | null
}

/** Where the oldest were dropped, the first that is left begins. */
const origin = (track: Track): number => (track.length ? track.left[0]! - START : 0)

/** Each event is as wide as its label. */
const eventsScale = (track: Track): Scale => ({
  name: 'events',
  left: at => track.left[at]! - origin(track),
  right: at => track.right[at]! - origin(track),
  end: track.length ? track.right[track.length - 1]! - origin(track) : START,
  axis: null,
})

/**
 * Linear in the time base; an event lasts until the next one. At zoom 1 the whole is about as wide as on the events scale: the
 * pixels a tick are a power of two, so that they stay the same while the recording grows.
 */
function timeScale(track: Track): Scale {
  const last = track.length - 1
  const from = track.length ? track.ticks[0]! : 0
  const ticks = last < 0 ? 0 : track.ticks[last]! - from
  const density = ticks > 0 ? (track.right[last]! - origin(track)) / ticks : 1
  const perTick = 2 ** Math.round(Math.log2(density))
  const left = (at: number) => START + (track.ticks[at]! - from) * perTick
  const right = (at: number) => (at < last ? left(at + 1) : left(at) + perTick)
  return { name: 'timeBase', left, right, end: last < 0 ? START : right(last), axis: { perTick, base: track.base + BigInt(from) } }
}

const scales: Record<ScaleName, (track: Track) => Scale> = { events: eventsScale, timeBase: timeScale }
export const scaleOf = (name: ScaleName, track: Track): Scale => scales[name](track)

/** Position of the first event whose right edge is beyond x, at most `length`. */
export function firstBeyond(scale: Scale, length: number, x: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (scale.right(middle) > x) high = middle
    else low = middle + 1
  }
  return low
}

/** Position of the first event whose left edge is at or beyond x. */
export function firstFrom(scale: Scale, length: number, x: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (scale.left(middle) >= x) high = middle
    else low = middle + 1
  }
  return low
}
