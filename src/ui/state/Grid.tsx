/** An ARIA grid: one tab stop, arrow keys move, Enter and double click edit, Space toggles. Cells carry `data-cell`. */
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from 'react'
import { moved } from './movement.ts'

interface Props {
  label: string
  className: string
  /** Keys of the cells, row by row. */
  cells: readonly (readonly string[])[]
  /** A `gridcell` with `data-cell` and this tabIndex. */
  cell: (key: string, tabIndex: 0 | -1) => ReactNode
  /** What stands before the cells of a row, such as its header. */
  head?: (row: number) => ReactNode
  /** What stands before the rows; for the eye only, cells name themselves. */
  children?: ReactNode
  edit: (key: string, element: HTMLElement) => void
  toggle?: (key: string, element: HTMLElement) => void
  onFocus?: (key: string) => void
  readOnly?: boolean
}

export function Grid({ label, className, cells, cell, head, children, edit, toggle, onFocus, readOnly }: Props) {
  const grid = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(cells[0]![0]!)
  const cellAt = (target: EventTarget): HTMLElement | null => (target as HTMLElement).closest<HTMLElement>('[data-cell]')

  const onKeyDown = (e: KeyboardEvent) => {
    const element = cellAt(e.target)
    if (!element || e.altKey || e.metaKey) return
    const key = element.dataset.cell!
    const act = e.ctrlKey ? undefined : e.key === 'Enter' ? edit : e.key === ' ' ? (toggle ?? edit) : undefined
    if (act) {
      e.preventDefault()
      e.stopPropagation()
      return act(key, element)
    }
    const to = moved(cells, key, e.key, e.ctrlKey)
    if (to === null) return
    e.preventDefault()
    grid.current!.querySelector<HTMLElement>(`[data-cell="${to}"]`)!.focus()
  }
  const onDoubleClick = (e: MouseEvent) => {
    const element = cellAt(e.target)
    if (!element) return
    document.getSelection()?.removeAllRanges()
    edit(element.dataset.cell!, element)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of registers is laid out by CSS grid, not as a table
    <div
      role="grid"
      aria-label={label}
      aria-readonly={readOnly}
      className={className}
      ref={grid}
      onKeyDown={onKeyDown}
      onDoubleClick={onDoubleClick}
      onFocus={e => {
        const key = cellAt(e.target)?.dataset.cell
        if (!key) return
        setActive(key)
        onFocus?.(key)
      }}
    >
      {children}
      {cells.map((row, i) => (
        // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: cells have the focus
        <div role="row" className="gridrow" key={row[0]}>
          {head?.(i)}
          {row.map(key => cell(key, key === active ? 0 : -1))}
        </div>
      ))}
    </div>
  )
}

interface CellProps {
  /** As in the grid's `cells`. */
  cell: string
  tabIndex: 0 | -1
  tip: string
  /** The whole of what the cell says. */
  label: string
  className?: string | undefined
  readOnly?: boolean
  children: ReactNode
}

export function Cell({ cell, tabIndex, tip, label, className, readOnly, children }: CellProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see Grid
    <span
      role="gridcell"
      tabIndex={tabIndex}
      data-cell={cell}
      data-tip={tip}
      aria-label={label}
      aria-readonly={readOnly}
      className={className}
    >
      {children}
    </span>
  )
}

export function RowHead({ tip, className, children }: { tip: string; className?: string | undefined; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useSemanticElements: cells have the focus, and name themselves
    <span role="rowheader" data-tip={tip} className={className}>
      {children}
    </span>
  )
}
