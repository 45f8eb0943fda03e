/** Finding text in a terminal, whose long lines go on in the next row. */

export interface Row {
  /** As wide as the terminal, but for the last of a line. */
  readonly text: string
  /** It goes on the row before. */
  readonly wrapped: boolean
}

export interface Match {
  readonly row: number
  readonly column: number
  readonly length: number
}

/** All matches from the top, whatever the case; none of nothing. */
export function matchesOf(rows: readonly Row[], wanted: string): Match[] {
  const found: Match[] = []
  const needle = wanted.toLowerCase()
  if (needle === '') return found
  for (let first = 0, end: number; first < rows.length; first = end) {
    end = first + 1
    while (rows[end]?.wrapped) end++
    const line = rows.slice(first, end)
    const text = line
      .map(r => r.text)
      .join('')
      .toLowerCase()
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      let row = 0
      let column = at
      while (row < line.length - 1 && column >= line[row]!.text.length) column -= line[row++]!.text.length
      found.push({ row: first + row, column, length: needle.length })
    }
  }
  return found
}

/** The one after the present, round the end; the last where none is present, for what was printed last is nearest. */
export function nextMatch(count: number, present: number | null, by: 1 | -1): number | null {
  if (count === 0) return null
  return present === null || present >= count ? count - 1 : (present + by + count) % count
}
