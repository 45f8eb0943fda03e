/** The rows of the picture: lanes with their names, bars below them, by height at hand. */

export interface LaneRow {
  /** As `laneNumber` counts. */
  lane: number
  top: number
  height: number
  title: string
  /** Second line; beside the title in a folded lane. */
  subtitle: string
  folded: boolean
}

export interface BarRow {
  /** Bars shown here, as `Track.bars` names them. */
  keys: string[]
  top: number
  label: string
}

export interface Rows {
  lanes: LaneRow[]
  bars: BarRow[]
  /** Where the numbers of the time base stand; null on the events scale. */
  axis: number | null
  height: number
}

/** Strip above the lanes, for the brackets. */
export const BRACKETS = 20
export const BAR_HEIGHT = 15
const AXIS = 12
const LANE = { least: 26, most: 40, folded: 14 }

/**
 * `occupied(lane)` says whether the recording has events there: vCPUs beyond the first that have none take one folded lane, and
 * with more than two vCPUs an empty user lane folds.
 */
export function rowsFor(vcpus: number, height: number, occupied: (lane: number) => boolean, axis = false): Rows {
  const lanes: LaneRow[] = [{ lane: 0, top: 0, height: 0, title: 'Hypervisor', subtitle: 'step controller', folded: false }]
  for (let v = 0; v < vcpus; v++) {
    const kernel = 1 + 2 * v
    const user = kernel + 1
    const idle = v > 0 && !occupied(kernel) && !occupied(user)
    if (idle) {
      lanes.push({ lane: kernel, top: 0, height: 0, title: `vCPU ${v}`, subtitle: 'no events', folded: true })
      continue
    }
    lanes.push({ lane: kernel, top: 0, height: 0, title: `vCPU ${v}`, subtitle: 'kernel', folded: false })
    lanes.push({ lane: user, top: 0, height: 0, title: `vCPU ${v}`, subtitle: 'user', folded: vcpus > 2 && !occupied(user) })
  }
  const everyVcpu = Array.from({ length: vcpus }, (_, v) => v)
  const bars: BarRow[] = [
    { keys: everyVcpu.map(v => `breakpoint:${v}`), top: 0, label: 'breakpoint' },
    ...everyVcpu.map(v => ({ keys: [`SE:${v}`], top: 0, label: `SE, vCPU ${v}` })),
  ]

  const folded = lanes.filter(l => l.folded).length
  const forLanes = height - BRACKETS - bars.length * BAR_HEIGHT - 6 - (axis ? AXIS : 0) - folded * LANE.folded
  const each = Math.max(LANE.least, Math.min(LANE.most, Math.floor(forLanes / (lanes.length - folded))))
  let top = BRACKETS
  for (const lane of lanes) {
    lane.top = top
    lane.height = lane.folded ? LANE.folded : each
    top += lane.height
  }
  top += 2
  for (const bar of bars) {
    bar.top = top
    top += BAR_HEIGHT
  }
  return { lanes, bars, axis: axis ? top + 1 : null, height: top + 4 + (axis ? AXIS : 0) }
}
