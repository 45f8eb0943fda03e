/** A field that takes an address as people write it, and says what is wrong with it as it is typed. */
import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import type { EffectiveAddress } from '../../emu/isa/units.ts'
import { useStore } from '../store/store.ts'
import { type ParsedAddress, parseAddress } from './address.ts'
import { CrossMark } from './marks.tsx'
import './address.css'

interface Props {
  label: string
  width: number
  /** The button's word; without one, Enter is the only way. */
  action?: string
  /** What the field shows while nobody types in it. */
  current?: string
  go: (address: EffectiveAddress) => void
  /** Where the message goes: some boxes stand in a header that has no room below. */
  children?: (box: ReactNode, problem: ReactNode) => ReactNode
  clear?: boolean
}

/** What the text means now, with the symbols of the program and the registers of the state shown. */
function parsed(text: string): ParsedAddress {
  const { view } = useStore.getState()
  return parseAddress(text, { symbols: view?.program?.symbols ?? [], registers: view?.state.registers ?? {} })
}

export function AddressBox({ label, width, action, current, go, children, clear = false }: Props) {
  const [draft, setDraft] = useState<string | null>(null)
  const text = draft ?? current ?? ''
  const [tried, setTried] = useState<string | null>(null)
  const id = useId()
  const submit = (e: FormEvent) => {
    e.preventDefault()
    const { address, problem } = parsed(text)
    setTried(problem)
    if (address === null) return
    go(address)
    if (clear || current !== undefined) setDraft(null)
  }
  const forget = (e: KeyboardEvent) => {
    if (e.key !== 'Escape' || draft === null) return
    e.stopPropagation()
    setDraft(null)
    setTried(null)
  }
  const change = (value: string) => {
    setDraft(value)
    // A message that stands follows the typing; a new one waits for Enter, since half a symbol is no mistake.
    if (tried) setTried(parsed(value).problem)
  }
  const box = (
    <form className="address" onSubmit={submit}>
      <input
        style={{ width }}
        value={text}
        onChange={e => change(e.target.value)}
        onKeyDown={forget}
        aria-label={label}
        placeholder="address, symbol"
        aria-invalid={tried !== null}
        aria-describedby={tried ? id : undefined}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
      {action && (
        <button type="submit" className="btn">
          {action}
        </button>
      )}
    </form>
  )
  const problem = tried && (
    <div className="address-problem" id={id} role="alert">
      <CrossMark />
      {tried}
    </div>
  )
  return children ? (
    children(box, problem)
  ) : (
    <>
      {box}
      {problem}
    </>
  )
}
