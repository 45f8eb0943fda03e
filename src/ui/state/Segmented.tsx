/** One of a few, as joined buttons: a radio group with one tab stop; arrows choose. */
import { type KeyboardEvent, useRef } from 'react'

export interface Option<T extends string | number> {
  value: T
  label: string
  tip?: string
  /** A state of what it stands for, drawn as a triangle; this is its word. */
  mark?: string
}

interface Props<T extends string | number> {
  label: string
  options: readonly Option<T>[]
  value: T | null
  choose: (value: T) => void
  /** Why nothing can be chosen now; the group stays focusable. */
  blocked?: string | null
}

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

export function Segmented<T extends string | number>({ label, options, value, choose, blocked = null }: Props<T>) {
  const group = useRef<HTMLDivElement>(null)
  const current = Math.max(
    0,
    options.findIndex(o => o.value === value),
  )
  const onKeyDown = (e: KeyboardEvent) => {
    const step = steps[e.key]
    if (!step || e.ctrlKey || e.altKey || e.metaKey) return
    e.preventDefault()
    e.stopPropagation()
    const focused = [...group.current!.children].indexOf(document.activeElement!)
    const next = ((focused < 0 ? current : focused) + step + options.length) % options.length
    ;(group.current!.children[next] as HTMLElement).focus()
    if (!blocked) choose(options[next]!.value)
  }
  return (
    <div className="seg" role="radiogroup" aria-label={label} aria-disabled={blocked !== null} ref={group} onKeyDown={onKeyDown}>
      {options.map((o, i) => (
        // biome-ignore lint/a11y/useSemanticElements: a joined row of buttons is the design's radio group
        <button
          key={o.value}
          type="button"
          role="radio"
          aria-checked={o.value === value}
          aria-disabled={blocked !== null}
          tabIndex={i === current ? 0 : -1}
          data-tip={blocked ?? o.tip}
          onClick={() => blocked === null && choose(o.value)}
        >
          {o.mark && (
            <>
              <span className="mark" aria-hidden="true">
                ▸
              </span>
              <span className="sr">{o.mark} </span>
            </>
          )}
          {o.label}
        </button>
      ))}
    </div>
  )
}
