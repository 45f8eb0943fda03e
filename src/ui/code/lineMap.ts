/** Where the lines of the loaded text lie in the text now: cursor and breakpoints stay on their statement while the user types. */

export interface LineChange {
  /** Lines replaced, from 1, both included. */
  start: number
  end: number
  startColumn: number
  endColumn: number
  /** Line ends in the new text. */
  added: number
  /** After the change the first line holds nothing but blanks: what stood there went down with the rest. */
  headBlank: boolean
}

/** By loaded line − 1: the line now, from 1, or null where it was deleted. */
export type LineMap = readonly (number | null)[]

export const freshLines = (count: number): LineMap => Array.from({ length: count }, (_, i) => i + 1)

export function changed(map: LineMap, { start, end, startColumn, endColumn, added, headBlank }: LineChange): LineMap {
  const shift = added - (end - start)
  if (added === 0 && end === start) return map
  return map.map(now => {
    if (now === null || now < start) return now
    if (now > end) return now + shift
    if (now === end && end > start) return endColumn === 1 ? end + shift : null
    if (now > start || (end > start && startColumn === 1)) return null
    return headBlank && start === end ? start + shift : start
  })
}

export const lineNow = (map: LineMap, loaded: number): number | null => map[loaded - 1] ?? null

/** The loaded line that lies on a line now; null on one that is new. */
export function lineLoaded(map: LineMap, now: number): number | null {
  const at = map.indexOf(now)
  return at < 0 ? null : at + 1
}
