/** The thin bars below the lanes: how long a breakpoint lay in memory, how long SE was set. */
import type { Rows } from './lanes.ts'
import { fitted } from './measure.ts'
import type { BarEdge, Track } from './track.ts'

export interface Bar {
  x: number
  y: number
  w: number
  look: BarEdge['look']
  text: string
}

const INSET = 4.5

/** Number of the first edge at or after a position. */
function firstEdge(edges: readonly BarEdge[], at: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]!.at >= at) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Bars that touch the events [from, to). `middle` gives the centre of an event in pixels, `now` the live end, where open bars stop.
 * Bars that begin within a pixel of the last one's end join it.
 */
export function bars(
  track: Track,
  rows: Rows,
  from: number,
  to: number,
  width: number,
  middle: (at: number) => number,
  now: number,
): Bar[] {
  const drawn: Bar[] = []
  for (const row of rows.bars) {
    for (const key of row.keys) {
      const edges = track.bars.get(key)
      if (!edges) continue
      let last: Bar | null = null
      let i = Math.max(0, firstEdge(edges, from) - 1)
      while (i < edges.length && edges[i]!.at < Math.max(to, from + 1)) {
        const edge = edges[i++]!
        if (!edge.on) continue
        // A second "on" renews the bar: the first "off" after it ends it.
        while (i < edges.length && edges[i]!.on) i++
        const end = edges[i]
        const x = Math.max(-8, middle(edge.at))
        const right = Math.min(width + 8, end ? middle(end.at) : now)
        if (right < 0) continue
        if (last && x - (last.x + last.w) < 1) {
          last.w = Math.max(last.w, right - last.x)
          last.text = ''
          continue
        }
        last = { x, y: row.top + 1.5, w: Math.max(1, right - x), look: edge.look, text: wording(edge, right - Math.max(0, x), track) }
        drawn.push(last)
      }
    }
  }
  return drawn
}

/** The whole sentence, else its beginning up to the comma, else what fits. */
function wording(edge: BarEdge, room: number, track: Track): string {
  if (track.measure(edge.label) <= room - 2 * INSET) return edge.label
  const short = edge.label.split(',')[0]!
  return fitted(short, room - 2 * INSET, track.measure)
}
