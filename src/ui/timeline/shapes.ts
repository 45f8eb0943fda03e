/** Outlines of blocks. The shape tells the kind where colour cannot: interrupts are cut at the corners, stops are square. */
import type { Block } from './layout.ts'

const RADIUS = 3
const CUT = 4

const rounded = (x: number, y: number, w: number, h: number, r: number): string =>
  r <= 0
    ? `M${x} ${y}h${w}v${h}h${-w}z`
    : `M${x + r} ${y}h${w - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${h - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}h${2 * r - w}a${r} ${r} 0 0 1 ${-r} ${-r}v${2 * r - h}a${r} ${r} 0 0 1 ${r} ${-r}z`

const cutCorners = (x: number, y: number, w: number, h: number, c: number): string =>
  `M${x + c} ${y}h${w - 2 * c}l${c} ${c}v${h - 2 * c}l${-c} ${c}h${2 * c - w}l${-c} ${-c}v${2 * c - h}z`

export function outline({ x, y, w, h, look }: Block): string {
  const least = Math.min(w, h) / 2
  if (look === 'int') return cutCorners(x, y, w, h, Math.min(CUT, least))
  return rounded(x, y, w, h, look === 'stop' ? 0 : Math.min(RADIUS, least))
}

/**
 * A mark inside the block, or null where there is no room: a wedge at the top for outside, at the bottom for inside, a cross for wrong.
 */
export function mark({ x, y, w, h, look }: Block): string | null {
  if (w < 14) return null
  if (look === 'outside') return `M${x + 1} ${y + 1}h6l-6 6z`
  if (look === 'inside') return `M${x + 1} ${y + h - 1}h6l-6 -6z`
  if (look === 'bad') return `M${x + w - 7} ${y + 2.5}l4.5 4.5M${x + w - 2.5} ${y + 2.5}l-4.5 4.5`
  return null
}
