/** Measures that the plain listing and the editor share, so that nothing moves when the one takes the other's place. In px. */
export const LINE = 18
export const FONT = 11.5
export const PADDING = 4
/** Breakpoints, line numbers, cursor. */
export const GUTTER = { breakpoint: 18, digits: 3, cursor: 21 } as const
/** Advance of IBM Plex Mono: 0.6 em. */
const DIGIT = FONT * 0.6

export const numberWidth = (lines: number): number => Math.round(Math.max(GUTTER.digits, String(lines).length) * DIGIT)
