/** A row of controls that is one tab stop: arrow keys, Home and End move within, and Tab comes back to the control last used. */
import { createContext, type KeyboardEvent, type ReactNode, useContext, useState } from 'react'
import { destination } from './destination.ts'

const Stop = createContext<{ at: string; take: (control: string) => void }>({ at: '', take: () => {} })

/** For a control of a toolbar: spread over its button. */
export function useStop(control: string): { tabIndex: 0 | -1; onFocus: () => void } {
  const { at, take } = useContext(Stop)
  return { tabIndex: at === control ? 0 : -1, onFocus: () => take(control) }
}

interface Props {
  label: string
  className: string
  /** Where Tab leads at first. */
  first: string
  children: ReactNode
}

export function Toolbar({ label, className, first, children }: Props) {
  const [at, take] = useState(first)
  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return
    const controls = [...e.currentTarget.querySelectorAll<HTMLElement>('button')]
    const to = destination(e.key, controls.indexOf(document.activeElement as HTMLElement), controls.length)
    if (to === null) return
    controls[to]!.focus()
    e.preventDefault()
  }
  return (
    <Stop value={{ at, take }}>
      <div className={className} role="toolbar" aria-label={label} onKeyDown={onKeyDown}>
        {children}
      </div>
    </Stop>
  )
}
