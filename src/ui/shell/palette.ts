/** Which rows of the palette a query finds, and in which order. */
export interface PaletteEntry {
  readonly id: string
  readonly label: string
  /** Its key, or where a jump leads. */
  readonly note: string
  readonly off: string | null
  run(): void
}

/** Rows with all words of the query; those that begin with it first, then by their order. */
export function matching(rows: readonly PaletteEntry[], query: string): PaletteEntry[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return [...rows]
  const words = wanted.split(/\s+/)
  const rank = (label: string): number => {
    const l = label.toLowerCase()
    if (!words.every(w => l.includes(w))) return -1
    return l.startsWith(wanted) ? 0 : l.includes(wanted) ? 1 : 2
  }
  return rows
    .map((row, order) => ({ row, order, rank: rank(row.label) }))
    .filter(r => r.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(r => r.row)
}
