/** The popover that edits one register: validated as typed, recorded as an event. */
import { type FormEvent, useId, useState } from 'react'
import { Dialog, Popover } from 'react-aria-components'
import { askBreakpoint } from '../dock/breakpoints/asked.ts'
import { send, useStore } from '../store/store.ts'
import { seekBlocked } from '../timeline/seek.ts'
import { plainHex } from './digits.ts'
import { editNote, write } from './editing.ts'
import { Icon } from './Icon.tsx'
import { bitsOf } from './registers.ts'
import { typedHex } from './typed.ts'

export interface Editing {
  register: string
  /** Where the popover points. */
  element: HTMLElement
  /** Opened from the header: the register may be chosen. */
  choose: boolean
}

interface Props {
  editing: Editing
  vcpu: number
  registers: Readonly<Record<string, bigint>>
  blocked: string | null
  change: (editing: Editing | null) => void
}

export function EditPopover({ editing, vcpu, registers, blocked, change }: Props) {
  const { register, element } = editing
  const close = () => change(null)
  return (
    <Popover
      className="regpop"
      isOpen
      onOpenChange={open => !open && close()}
      triggerRef={{ current: element }}
      placement="bottom start"
      offset={4}
    >
      <Dialog className="regpop-in" aria-label={`Edit ${register}, vCPU ${vcpu}`}>
        {editing.choose ? (
          <label className="regpop-choose">
            <b>Register</b>
            <select value={register} onChange={e => change({ ...editing, register: e.target.value })}>
              {Object.keys(registers).map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
            <b>vCPU {vcpu}</b>
          </label>
        ) : (
          <b>
            {register}, vCPU {vcpu}
          </b>
        )}
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
          <Field key={register} register={register} value={registers[register] ?? 0n} close={close} />
        )}
        {register !== 'NIP' && (
          <span className="row">
            <LastWrite register={register} vcpu={vcpu} close={close} />
            <StopOnChange register={register} close={close} />
          </span>
        )}
      </Dialog>
    </Popover>
  )
}

function LastWrite({ register, vcpu, close }: { register: string; vcpu: number; close: () => void }) {
  const why = useStore(s => seekBlocked(s.view))
  const go = () => {
    if (why !== null) return
    close()
    void send('lastWrite', { vcpu, register })
  }
  return (
    <button
      type="button"
      className="btn quiet"
      aria-disabled={why !== null}
      data-tip={why ?? 'Go back to before it was written'}
      onClick={go}
    >
      What last wrote it
    </button>
  )
}

/** The focus that the popover gives back must not overtake where the form puts it. */
const AFTER_CLOSE = 60

function StopOnChange({ register, close }: { register: string; close: () => void }) {
  const go = () => {
    close()
    setTimeout(() => askBreakpoint({ kind: 'register', register }), AFTER_CLOSE)
  }
  return (
    <button type="button" className="btn quiet" onClick={go}>
      Stop when it changes…
    </button>
  )
}

function Field({ register, value, close }: { register: string; value: bigint; close: () => void }) {
  const bits = bitsOf(register)
  const [text, setText] = useState(() => plainHex(value, bits))
  const id = useId()
  const note = useStore(s => (s.view ? editNote(s.view) : ''))
  const typed = typedHex(text, bits)
  const error = 'error' in typed ? typed.error : null
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    if ('value' in typed && (await write(register, typed.value))) close()
  }
  return (
    <form className="regpop-form" onSubmit={submit}>
      <input
        className={error ? 'inp err' : 'inp'}
        aria-label={`New value of ${register}`}
        aria-invalid={error !== null}
        aria-describedby={id}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: the popover was opened to type here
        autoFocus
        spellCheck={false}
        autoComplete="off"
        onFocus={e => e.target.select()}
        onChange={e => setText(e.target.value)}
      />
      <span id={id} className={error ? 'errt' : 'lab'} role="status">
        {error ? (
          <>
            <Icon name="cross" />
            {error}
          </>
        ) : (
          `${bits} bits, hexadecimal`
        )}
      </span>
      <span className="row">
        <button type="submit" className="btn prime" aria-disabled={error !== null}>
          Set
        </button>
        <button type="button" className="btn quiet" onClick={close}>
          Cancel
        </button>
        <span className="lab end">{note}</span>
      </span>
    </form>
  )
}
