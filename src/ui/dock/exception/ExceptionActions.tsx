/** For the dock's header while the Exception tab is open: which interrupt of how many, previous, next. */
import { useMemo } from 'react'
import { grouped } from '../../run/counts.ts'
import { Icon } from '../../state/Icon.tsx'
import { useTips } from '../../state/Tips.tsx'
import { useStore } from '../../store/store.ts'
import { interruptBeside, seek, seekBlocked } from '../../timeline/seek.ts'
import { askBreakpoint } from '../breakpoints/asked.ts'
import { useException } from './useException.ts'
import './exception.css'

export function ExceptionActions() {
  const exception = useException()
  const { tips, tip } = useTips()
  const blocked = useStore(s => seekBlocked(s.view))
  const at = exception?.event ?? 0
  const events = useStore(s => (s.view?.run.state === 'running' ? null : s.events))
  const previous = useMemo(() => (events && at ? interruptBeside(events, at, -1) : null), [events, at])
  const next = useMemo(() => (events ? interruptBeside(events, at, 1) : null), [events, at])
  return (
    <span className="exc-actions" {...tips}>
      {exception && (
        <span className="meta">
          {grouped(exception.ordinal)} of {grouped(exception.total)} {exception.total === 1 ? 'interrupt' : 'interrupts'}
        </span>
      )}
      {exception && (
        <button
          type="button"
          className="btn quiet"
          data-tip={`A breakpoint on vector 0x${exception.vector.toString(16)}…`}
          onClick={() => askBreakpoint({ kind: 'vector', number: `0x${exception.vector.toString(16)}` })}
        >
          Catch 0x{exception.vector.toString(16)}
        </button>
      )}
      <Move name="first" label="Previous interrupt" to={previous} blocked={blocked} none="No interrupt before this one." />
      <Move name="last" label="Next interrupt" to={next} blocked={blocked} none="No interrupt after this one." />
      {tip}
    </span>
  )
}

interface MoveProps {
  name: 'first' | 'last'
  label: string
  to: number | null
  blocked: string | null
  none: string
}

function Move({ name, label, to, blocked, none }: MoveProps) {
  const why = blocked ?? (to === null ? none : null)
  return (
    <button
      type="button"
      className="btn quiet icon"
      aria-label={label}
      aria-disabled={why !== null}
      data-tip={why ? `${label}. ${why}` : label}
      onClick={() => why === null && to !== null && seek(to)}
    >
      <Icon name={name} />
    </button>
  )
}
