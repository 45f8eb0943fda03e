/** Which part of the recording is in view: a pure answer to "what was looked at changed" and "the zoom changed". */
import type { ScaleName } from './scale.ts'

export interface Extent {
  width: number
  /** Playhead and end (with ghosts), in zoomed pixels from the beginning. */
  playhead: number
  end: number
  live: boolean
}

const clamp = (offset: number, { width, end }: Extent): number => Math.max(0, Math.min(offset, end - width))

/** Keeps the playhead in view; at the live end also as much of the ghosts as fits right of it. */
export function follow(offset: number, extent: Extent): number {
  const { width, playhead, end, live } = extent
  if (end <= width) return 0
  if (live) return clamp(Math.min(end - width, playhead - width * 0.4), extent)
  const margin = Math.min(64, width / 6)
  if (playhead < offset + margin) return clamp(playhead - width * 0.4, extent)
  if (playhead > offset + width - margin) return clamp(playhead - width * 0.6, extent)
  return clamp(offset, extent)
}

/** Panned by so many pixels; half a window beyond the end may be seen. */
export const panned = (offset: number, by: number, { width, end }: Extent): number =>
  Math.max(0, Math.min(offset + by, Math.max(0, end - width / 2)))

/** On the time base events may stand very close: there it goes further. */
export const ZOOM = { least: 1 / 1024, most: { events: 8, timeBase: 4096 }, step: Math.SQRT2 }

/** What stands at `anchor` (window pixels) stays there. */
export function zoomed(offset: number, zoom: number, factor: number, anchor: number, scale: ScaleName): { zoom: number; offset: number } {
  const next = Math.max(ZOOM.least, Math.min(ZOOM.most[scale], zoom * factor))
  return { zoom: next, offset: Math.max(0, ((offset + anchor) * next) / zoom - anchor) }
}
