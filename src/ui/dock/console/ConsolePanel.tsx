/** The guest's serial ports: the console, and the second one where a debugger in the guest listens. */
import { type FormEvent, type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { PortName } from '../../../emu/worker/protocol.ts'
import { type Option, Segmented } from '../../state/Segmented.tsx'
import { send, useStore } from '../../store/store.ts'
import { printable, tail } from './printable.ts'
import './console.css'

/** Nearer to the end than this counts as being there. */
const AT_END_PX = 24

const ports: readonly Option<PortName>[] = [
  { value: 'console', label: 'Console', tip: 'The first serial port, vty 0x71000000.' },
  { value: 'debug', label: 'Monitor', tip: 'The second, vty 0x71000001: a debugger in the guest listens there.' },
]

export function ConsolePanel() {
  const [port, setPort] = useState<PortName>('console')
  const output = useStore(s => s.ports[port])
  const { text, cut } = useMemo(() => {
    const { text, cut } = tail(output)
    return { text: printable(text), cut }
  }, [output])
  const log = useRef<HTMLDivElement>(null)
  // As it was after the last text: a scroll since then, seen or not yet told, shows against it.
  const before = useRef({ height: 0, room: 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what moves the end
  useLayoutEffect(() => {
    const element = log.current!
    const { height, room } = before.current
    if (element.scrollTop + room >= height - AT_END_PX) element.scrollTop = element.scrollHeight
    before.current = { height: element.scrollHeight, room: element.clientHeight }
  }, [text])
  return (
    <section className="conp" aria-label="Console">
      <div className="con-ports">
        <Segmented label="Serial port" options={ports} value={port} choose={setPort} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a log that scrolls needs the keyboard */}
      <div className="con" role="log" aria-label="Guest output" tabIndex={0} ref={log}>
        {cut && <p className="hint">Earlier output is not shown.</p>}
        {text}
        {text === '' && (
          <p className="hint">
            {port === 'console'
              ? 'The guest prints here. Type to send to its serial port.'
              : 'A debugger in the guest answers here. monitor.s has one: s steps, c continues, r shows registers.'}
          </p>
        )}
      </div>
      <Line port={port} />
    </section>
  )
}

function Line({ port }: { port: PortName }) {
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
