/** What the bench prints: a row a figure, with what is wanted of it. */
export interface Row {
  readonly what: string
  /** Null when it could not be measured; `note` says why. */
  readonly value: number | null
  readonly unit: string
  readonly wanted?: { readonly atLeast: number } | { readonly atMost: number }
  readonly note?: string
}

const wish = ({ wanted }: Row): string => (!wanted ? '' : 'atLeast' in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`)

function verdict({ value, wanted }: Row): string {
  if (value === null || !wanted) return ''
  return ('atLeast' in wanted ? value >= wanted.atLeast : value <= wanted.atMost) ? 'yes' : 'no'
}

const figure = (v: number | null): string => (v === null ? '—' : v >= 100 ? v.toFixed(0) : v >= 10 ? v.toFixed(1) : v.toPrecision(3))

export function formatTable(rows: readonly Row[]): string {
  const cells = [
    ['', 'measured', 'unit', 'wanted', 'met', ''],
    ...rows.map(r => [r.what, figure(r.value), r.unit, wish(r), verdict(r), r.note ?? '']),
  ]
  const widths = cells[0]!.map((_, n) => Math.max(...cells.map(row => row[n]!.length)))
  return cells
    .map(row =>
      row
        .map((cell, n) => (n === 1 || n === 3 ? cell.padStart(widths[n]!) : cell.padEnd(widths[n]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export const best = (times: readonly number[]): number => Math.min(...times)
