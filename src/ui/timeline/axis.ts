/** Numbers on the time base: round in hexadecimal, never closer than can be read. */
import { underscored } from '../state/digits.ts'
import type { Scale } from './scale.ts'
import { START } from './track.ts'

export interface AxisTick {
  x: number
  label: string
}

const APART = 96

/** Smallest power of two of ticks that takes at least `APART` pixels. */
const stepFor = (pixels: number): bigint => 1n << BigInt(Math.max(0, Math.ceil(Math.log2(APART / pixels))))

export function axisTicks(scale: Scale, zoom: number, offset: number, width: number): AxisTick[] {
  if (!scale.axis) return []
  const { perTick, base } = scale.axis
  const pixels = perTick * zoom
  const step = stepFor(pixels)
  const first = base + BigInt(Math.max(0, Math.floor((offset - START * zoom) / pixels)))
  const end = scale.end * zoom - offset
  const ticks: AxisTick[] = []
  for (let tb = (first / step) * step; ; tb += step) {
    const x = START * zoom + Number(tb - base) * pixels - offset
    // Ghosts have no time yet.
    if (x > Math.min(width, end)) return ticks
    if (x >= 0) ticks.push({ x, label: underscored(tb) })
  }
}
