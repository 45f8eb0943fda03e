/** A line for the guest, sent when it is whole; arrows recall those that were sent. */
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import type { PortName } from '../../../emu/worker/protocol.ts'
import { send, useStore } from '../../store/store.ts'

export function InputLine({ port }: { port: PortName }) {
  const [text, setText] = useState('')
  const sent = useRef<string[]>([])
  const at = useRef(0)
  const off = useStore(s => (s.dead !== null ? 'The emulator has stopped' : s.view ? null : 'Starting'))
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    if (off) return
    if ((await send('consoleInput', { text: `${text}\n`, port })) === null) return
    if (text && sent.current.at(-1) !== text) sent.current.push(text)
    at.current = sent.current.length
    setText('')
  }
  const recall = (e: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[e.key]
    if (!by || e.ctrlKey || e.altKey || e.metaKey || e.shiftKey) return
    e.preventDefault()
    at.current = Math.min(sent.current.length, Math.max(0, at.current + by))
    setText(sent.current[at.current] ?? '')
  }
  return (
    <form className="con-line" onSubmit={submit}>
      <span className="mono" aria-hidden="true">
        &gt;
      </span>
      <input
        value={text}
        onChange={e => setText(e.target.value)}
        onKeyDown={recall}
        aria-label="Send to the guest's serial port"
        placeholder={off ?? ''}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
      <button type="submit" className="btn" aria-disabled={off !== null}>
        Send <kbd>Enter</kbd>
      </button>
    </form>
  )
}
