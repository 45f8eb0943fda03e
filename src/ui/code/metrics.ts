/** Measures that the plain listing and the editor share, so that nothing moves when the one takes the other's place. In px. */
import { useDensity } from '../shell/density.ts'

const lineOf = ({ comfortable }: { readonly comfortable: boolean }): number => (comfortable ? 24 : 18)
/** Height of a line; the styles have it as --row. */
export const useLine = (): number => useDensity(lineOf)
export const lineNow = (): number => lineOf(useDensity.getState())
/** Calls back with each new height; gives what ends that. */
export const followLine = (change: (line: number) => void): (() => void) => useDensity.subscribe(d => change(lineOf(d)))

export const FONT = 11.5
export const PADDING = 4
/** Breakpoints, line numbers, cursor. */
export const GUTTER = { breakpoint: 18, digits: 3, cursor: 21 } as const
/** Advance of IBM Plex Mono: 0.6 em. */
const DIGIT = FONT * 0.6

export const numberWidth = (lines: number): number => Math.round(Math.max(GUTTER.digits, String(lines).length) * DIGIT)
