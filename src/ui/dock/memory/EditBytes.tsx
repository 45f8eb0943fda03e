/** The popover that changes several bytes at once: hexadecimal, text, or a value in the guest's byte order. */
import { type FormEvent, useId, useState } from 'react'
import { Dialog, Popover } from 'react-aria-components'
import { CrossMark } from '../../code/marks.tsx'
import type { Pattern, PatternKind } from './pattern.ts'
import { patternKinds } from './pattern.ts'

interface Props {
  /** "effective 0x4d00". */
  at: string
  element: HTMLElement
  /** What is there now, as hexadecimal bytes. */
  now: string
  blocked: string | null
  /** What becomes of the edit. */
  note: string
  parse: (kind: PatternKind, text: string) => Pattern
  /** Answers whether it was written. */
  write: (bytes: Uint8Array) => Promise<boolean>
  close: () => void
}

export function EditBytes({ at, element, now, blocked, note, parse, write, close }: Props) {
  const [kind, setKind] = useState<PatternKind>('bytes')
  const [text, setText] = useState(now)
  const id = useId()
  const { bytes, problem } = parse(kind, text)
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    if (bytes && (await write(bytes))) close()
  }
  return (
    <Popover
      className="regpop"
      isOpen
      onOpenChange={open => !open && close()}
      triggerRef={{ current: element }}
      placement="bottom start"
      offset={4}
    >
      <Dialog className="regpop-in" aria-label={`Edit bytes at ${at}`}>
        <b>Bytes at {at}</b>
        {blocked ? (
          <>
            <span>{blocked}</span>
            <span className="row">
              <button type="button" className="btn" onClick={close}>
                Close
              </button>
            </span>
          </>
        ) : (
          <form className="regpop-form" onSubmit={submit}>
            <select className="inp" aria-label="Written as" value={kind} onChange={e => setKind(e.target.value as PatternKind)}>
              {patternKinds.map(k => (
                <option key={k.kind} value={k.kind}>
                  {k.name}
                </option>
              ))}
            </select>
            <input
              className={problem ? 'inp err' : 'inp'}
              aria-label="New bytes"
              aria-invalid={problem !== null}
              aria-describedby={id}
              value={text}
              autoFocus
              spellCheck={false}
              autoComplete="off"
              onFocus={e => e.target.select()}
              onChange={e => setText(e.target.value)}
            />
            <span id={id} className={problem ? 'errt' : 'lab'} role="status">
              {problem ? (
                <>
                  <CrossMark />
                  {problem}
                </>
              ) : (
                `${bytes?.length} byte${bytes?.length === 1 ? '' : 's'}. ${note}`
              )}
            </span>
            <span className="row">
              <button type="submit" className="btn prime" aria-disabled={problem !== null}>
                Set
              </button>
              <button type="button" className="btn quiet" onClick={close}>
                Cancel
              </button>
            </span>
          </form>
        )}
      </Dialog>
    </Popover>
  )
}
