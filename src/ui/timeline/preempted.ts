/** A vCPU that was entered for a step and is kept waiting: a hatched block in its lane, from its entry to its next event. */
import type { LaneRow } from './lanes.ts'
import { fitted } from './measure.ts'
import type { Track } from './track.ts'

export interface Arrow {
  path: string
  head: string
  wrong: boolean
}

export interface Waiting {
  x: number
  y: number
  w: number
  h: number
  text: string
}

const HEIGHT = 22
const WORDS = 'preempted by the host, 0 instructions'

/** `left` and `right` give an event's edges in pixels; `now` is where one that still waits ends. */
export function preempted(
  track: Track,
  laneOf: readonly (LaneRow | undefined)[],
  width: number,
  left: (at: number) => number,
  right: (at: number) => number,
  now: number,
): { waiting: Waiting[]; arrows: Arrow[] } {
  const waiting: Waiting[] = []
  const arrows: Arrow[] = []
  for (const { vcpu, from, to } of track.preemptions) {
    const lane = laneOf[1 + 2 * vcpu]
    const entry = right(from - 1)
    const x = Math.max(-8, entry + 12)
    const end = Math.min(width + 8, to === null ? now : left(to) - 4)
    if (!lane || end - x < 6) continue
    const h = Math.min(HEIGHT, lane.height - 4)
    const y = Math.floor(lane.top + (lane.height - h) / 2) + 0.5
    waiting.push({ x, y, w: end - x, h, text: lane.folded ? '' : fitted(WORDS, end - x - 12, track.measure) })
    const hypervisor = laneOf[0]
    if (!hypervisor || entry < 0) continue
    const middle = y + h / 2
    arrows.push({
      path: `M${entry + 1} ${hypervisor.top + hypervisor.height / 2}H${entry + 5}V${middle}H${x - 2}`,
      head: `M${x} ${middle}l-5 -3v6z`,
      wrong: false,
    })
  }
  return { waiting, arrows }
}
