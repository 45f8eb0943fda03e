/** Where up and down lead in the list of events. */
import type { Track } from './track.ts'

/** Farthest an event may be to count as beside another. */
const REACH = 5000

/**
 * Position of the event nearest in time to `from` in the next lane above (−1) or below (1) that has one; null when there is none. Of two
 * equally near, the later: it is what followed.
 */
export function besideInLane(track: Track, from: number, direction: 1 | -1): number | null {
  if (from < 0) return track.length ? 0 : null
  const own = track.lanes[from]!
  let best: number | null = null
  let bestLane = 0
  for (let d = 1; d < REACH; d++) {
    const sides = [from + d, from - d].filter(p => p >= 0 && p < track.length)
    if (sides.length === 0) break
    for (const p of sides) {
      const lane = track.lanes[p]!
      const away = (lane - own) * direction
      if (away <= 0) continue
      if (away === 1) return best !== null && bestLane === lane ? best : p
      if (best === null || away < (bestLane - own) * direction) {
        best = p
        bestLane = lane
      }
    }
  }
  return best
}
