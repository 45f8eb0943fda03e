/** For the dock's header while the Exception tab is open: which interrupt of how many, previous, next. */
import { Icon } from '../../state/Icon.tsx'
import { useStore } from '../../store/store.ts'
import { interruptBeside, seek, seekBlocked } from '../../timeline/seek.ts'
import { useException } from './useException.ts'

export function ExceptionActions() {
  const exception = useException()
  const blocked = useStore(s => seekBlocked(s.view))
  const at = exception?.event ?? 0
  const previous = useStore(s => (exception ? interruptBeside(s.events, at, -1) : null))
  const next = useStore(s => interruptBeside(s.events, at, 1))
  return (
    <>
      {exception && (
        <span className="meta">
          {exception.ordinal} of {exception.total} {exception.total === 1 ? 'interrupt' : 'interrupts'}
        </span>
      )}
      <Move name="first" label="Previous interrupt" to={previous} blocked={blocked} none="No interrupt before this one." />
      <Move name="last" label="Next interrupt" to={next} blocked={blocked} none="No interrupt after this one." />
    </>
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
