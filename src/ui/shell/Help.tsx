/** Keys and words: every key with its command, to be changed or taken away; how rows stand; what the ideas are called. */
import { type KeyboardEvent, useState } from 'react'
import { Dialog, Heading } from 'react-aria-components'
import { chapters } from '../words/words.ts'
import { type CommandRow, commandNamed, commands } from './commands.ts'
import { type Density, densities, setDensity, useDensity } from './density.ts'
import { useDialogs } from './dialogs.ts'
import { keyOf } from './keyboard.ts'
import { bindable, inTheWay, isModifier, keyIn, keysWith, resetKeys, setKey, useKeymap } from './keymap.ts'
import { setLetters, useLetters } from './letters.ts'

/** The command that waits for its new key, what was pressed of it, and what was said of that. */
interface Waiting {
  readonly command: string
  /** The first of a pair. */
  readonly first: string | null
  /** Pressed once; a second time takes it from those that have it. */
  readonly asked: string | null
}

const ASK = 'Press the new key. Delete takes the key away, Esc leaves it as it is.'

function useCapture(say: (text: string) => void) {
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  const own = useKeymap(k => k.own)

  const begin = (command: string): void => {
    setWaiting({ command, first: null, asked: null })
    say(ASK)
  }
  const end = (text: string): void => {
    setWaiting(null)
    say(text)
  }
  const take = ({ command, first, asked }: Waiting, pressed: string): void => {
    const label = commandNamed(command).label
    const key = first === null ? pressed : `${first} then ${pressed}`
    if (first === null && keysWith(own).prefixes.has(pressed)) {
      setWaiting({ command, first: pressed, asked: null })
      return say(`${pressed} begins pairs. Press the second key.`)
    }
    const others = inTheWay(own, key, command)
    if (others.length > 0 && asked !== key) {
      setWaiting({ command, first: null, asked: key })
      return say(`${key} is the key of ${others.map(o => o.label).join(', ')}. Press it again to take it from there.`)
    }
    setKey(command, key)
    end(`${label}: ${key}.`)
  }
  const press = (e: KeyboardEvent): void => {
    if (!waiting || e.key === 'Tab') return
    e.preventDefault()
    e.stopPropagation()
    if (e.key === 'Escape') return end('Nothing was changed.')
    if (e.key === 'Delete' || e.key === 'Backspace') {
      setKey(waiting.command, null)
      return end(`${commandNamed(waiting.command).label} has no key now.`)
    }
    const key = keyOf(e)
    if (key !== null && isModifier(key)) return
    if (key === null || !bindable(key, waiting.command))
      return say('That key belongs to the browser, to moving about or to editing. Press another, or Esc.')
    take(waiting, key)
  }
  return { waiting: waiting?.command ?? null, begin, press, leave: () => waiting && end('') }
}

function KeyRow({ row, keyNow, capture }: { row: CommandRow; keyNow: string | null; capture: ReturnType<typeof useCapture> }) {
  const waits = capture.waiting === row.id
  return (
    <tr>
      <th scope="row">{keyNow === null ? <span className="lab">none</span> : <kbd>{keyNow}</kbd>}</th>
      <td>{row.label}</td>
      <td>
        <button
          type="button"
          className="btn quiet"
          aria-label={waits ? `Press the new key of ${row.label}` : `Change the key of ${row.label}`}
          onClick={() => capture.begin(row.id)}
          onKeyDown={capture.press}
          onBlur={() => waits && capture.leave()}
        >
          {waits ? 'Press a key' : 'Change'}
        </button>
      </td>
    </tr>
  )
}

/** Commands that have no key can be given one. */
function Keyless({ capture }: { capture: ReturnType<typeof useCapture> }) {
  const own = useKeymap(k => k.own)
  const rows = commands.filter(c => c.key === null && keyIn(own, c) === null)
  const [id, setId] = useState('machine.over')
  const chosen = rows.find(r => r.id === id) ?? rows[0]
  if (!chosen) return null
  const waits = capture.waiting === chosen.id
  return (
    <div className="row">
      <select className="btn" aria-label="Command without a key" value={chosen.id} onChange={e => setId(e.target.value)}>
        {rows.map(r => (
          <option key={r.id} value={r.id}>
            {r.label}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="btn"
        onClick={() => capture.begin(chosen.id)}
        onKeyDown={capture.press}
        onBlur={() => waits && capture.leave()}
      >
        {waits ? 'Press a key' : 'Give it a key'}
      </button>
    </div>
  )
}

function Keys() {
  const own = useKeymap(k => k.own)
  const [said, say] = useState('')
  const capture = useCapture(say)
  const changed = Object.keys(own).length > 0
  return (
    <div className="help-keys">
      <p role="status" className="lab">
        {said}
      </p>
      <table>
        <caption>
          Keys. Single letters act when no editor or field has the focus. In code panels F9 sets a breakpoint, whatever is chosen here.
        </caption>
        <tbody>
          {commands
            .filter(c => c.key !== null || keyIn(own, c) !== null)
            .map(c => (
              <KeyRow key={c.id} row={c} keyNow={keyIn(own, c)} capture={capture} />
            ))}
        </tbody>
      </table>
      <Keyless capture={capture} />
      <button
        type="button"
        className="btn"
        aria-disabled={!changed}
        onClick={() => {
          if (!changed) return
          resetKeys()
          say('All keys are as they were at first.')
        }}
      >
        All keys as at first
      </button>
    </div>
  )
}

function Settings() {
  const letters = useLetters(l => l.on)
  const density = useDensity(d => d.chosen)
  return (
    <div className="row help-settings">
      <label>
        <input type="checkbox" checked={letters} onChange={e => setLetters(e.target.checked)} />
        Single letters, digits and marks are commands
      </label>
      <label>
        Rows
        <select className="btn" value={density} onChange={e => setDensity(e.target.value as Density)}>
          {densities.map(({ density: d, says }) => (
            <option key={d} value={d}>
              {says}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

export function Help({ close }: { close: () => void }) {
  return (
    <Dialog className="help">
      <Heading slot="title">Keys and words</Heading>
      <Settings />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls needs the keyboard */}
      <section className="help-in" aria-label="Keys and their commands" tabIndex={0}>
        <Keys />
        <dl>
          {chapters[0]!.words.map(({ word, means }) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
      </section>
      <p className="lab">
        An acronym tells what it means where the pointer rests on it. By keys, each panel has a button, Words, that Tab comes to: arrow keys
        go through what the panel shows.
      </p>
      <div className="row">
        <button type="button" className="btn" onClick={() => useDialogs.setState({ open: 'words', word: '' })}>
          All words and acronyms
        </button>
        <button type="button" className="btn" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
