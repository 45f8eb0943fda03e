/** Find, copy, clear: what is done with the terminal's text. */
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { nextMatch } from './find.ts'
import type { ConsoleTerminal } from './terminal.ts'

interface Props {
  terminal: ConsoleTerminal | null
  field: RefObject<HTMLInputElement | null>
  empty: boolean
  cleared: boolean
  clear: () => void
  unclear: () => void
}

export function ConsoleTools({ terminal, field, empty, cleared, clear, unclear }: Props) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    if (!terminal || empty) return
    try {
      await navigator.clipboard.writeText(terminal.text)
      setSaid('Copied.')
    } catch {
      setSaid('The browser refused. Select the text and press Ctrl C.')
    }
  }
  const off = terminal ? (empty ? 'There is no output.' : null) : 'The terminal is not there yet.'
  return (
    <div className="con-tools">
      <span className="con-said" role="status">
        {said}
      </span>
      <Find terminal={terminal} field={field} say={setSaid} />
      <button
        type="button"
        className="btn"
        aria-disabled={off !== null}
        data-tip={off ?? 'What is selected, else everything.'}
        onClick={copy}
      >
        Copy
      </button>
      {cleared && (
        <button type="button" className="btn" onClick={unclear}>
          Show all
        </button>
      )}
      <button
        type="button"
        className="btn"
        aria-disabled={empty}
        data-tip={empty ? 'There is no output.' : 'Clears the screen; the machine keeps what the guest printed.'}
        onClick={() => !empty && clear()}
      >
        Clear
      </button>
    </div>
  )
}

interface FindProps {
  terminal: ConsoleTerminal | null
  field: RefObject<HTMLInputElement | null>
  say: (text: string) => void
}

function Find({ terminal, field, say }: FindProps) {
  const [wanted, setWanted] = useState('')
  const [present, setPresent] = useState<number | null>(null)
  const go = (by: 1 | -1) => {
    if (!terminal || wanted === '') return
    const matches = terminal.matches(wanted)
    const next = nextMatch(matches.length, present, by)
    setPresent(next)
    say(next === null ? 'Not found.' : `${next + 1} of ${matches.length}`)
    if (next !== null) terminal.show(matches[next]!)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Enter') {
      e.preventDefault()
      go(e.shiftKey ? 1 : -1)
    } else if (e.key === 'Escape') {
      e.preventDefault()
      terminal?.focus()
    }
  }
  return (
    <input
      type="search"
      ref={field}
      className="con-find"
      value={wanted}
      onChange={e => {
        setWanted(e.target.value)
        setPresent(null)
        say('')
      }}
      onKeyDown={onKeyDown}
      placeholder="Find"
      aria-label="Find in the output: Enter looks upwards, Shift Enter downwards"
      spellCheck={false}
      autoComplete="off"
    />
  )
}
