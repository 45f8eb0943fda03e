/** Where the arrow keys lead in a grid of cells, as the ARIA grid pattern has it. */

type Cells = readonly (readonly string[])[]

export function moved(cells: Cells, from: string, key: string, ctrl = false): string | null {
  const row = cells.findIndex(r => r.includes(from))
  if (row < 0) return null
  const column = cells[row]!.indexOf(from)
  const last = cells[row]!.length - 1
  const inRow = (r: number) => cells[r]?.[Math.min(column, cells[r]!.length - 1)] ?? null
  switch (key) {
    case 'ArrowRight':
      return cells[row]![column + 1] ?? null
    case 'ArrowLeft':
      return cells[row]![column - 1] ?? null
    case 'ArrowDown':
      return inRow(row + 1)
    case 'ArrowUp':
      return inRow(row - 1)
    case 'Home':
      return (ctrl ? cells[0]![0] : cells[row]![0]) ?? null
    case 'End':
      return (ctrl ? cells.at(-1)?.at(-1) : cells[row]![last]) ?? null
    default:
      return null
  }
}
