/** The scrubber's ticks: position tells the actor, so that colour only repeats it. */
import { LOOKS, type Look } from './kinds.ts'
import type { Track } from './track.ts'

/** above the line = controller, below = guest, through = interrupt, full = wrong. */
export type Reach = 'above' | 'below' | 'through' | 'full'
export interface Tick {
  /** 0 to 100. */
  x: number
  reach: Reach
  look: Look
}

const reachOf: Record<Look, Reach> = {
  hyp: 'above',
  outside: 'below',
  inside: 'below',
  free: 'below',
  edit: 'through',
  stop: 'through',
  int: 'through',
  bad: 'full',
}

/** At most so many; beyond, the most telling event of each cell, one a reach. */
const CELLS = 240

export function ticks(track: Track): Tick[] {
  const n = track.length
  if (n <= CELLS) {
    return Array.from({ length: n }, (_, at) => {
      const look = LOOKS[track.looks[at]!]!
      return { x: ((at + 0.5) / n) * 100, reach: reachOf[look], look }
    })
  }
  const drawn: Tick[] = []
  for (let cell = 0; cell < CELLS; cell++) {
    const from = Math.floor((cell * n) / CELLS)
    const to = Math.floor(((cell + 1) * n) / CELLS)
    let seen = 0
    for (let at = from; at < to; at++) seen |= 1 << track.looks[at]!
    const reached = new Set<Reach>()
    LOOKS.forEach((look, i) => {
      const reach = reachOf[look]
      if (!(seen & (1 << i)) || reached.has(reach)) return
      reached.add(reach)
      drawn.push({ x: ((cell + 0.5) / CELLS) * 100, reach, look })
    })
  }
  return drawn
}
