/** The sessions that this browser keeps: opened again, or deleted; and everything to a file and back. */
import { useCallback, useEffect, useState } from 'react'
import { Dialog, Heading } from 'react-aria-components'
import { grouped } from '../run/counts.ts'
import { useDialogs } from '../shell/dialogs.ts'
import { chooseFile } from '../shell/files.ts'
import { sparingEdits } from '../shell/program.ts'
import { useStore } from '../store/store.ts'
import { exportEverything } from './exchange.ts'
import { goOnIn, presentSlot } from './kept.ts'
import { allKept, drop, heldSlots, type Kept } from './slots.ts'
import './kept.css'

const close = (): void => useDialogs.setState({ open: null })

interface Row {
  readonly kept: Kept
  readonly program: string
  readonly actions: number
  /** Null where it can be opened and deleted. */
  readonly off: string | null
}

function rowOf(kept: Kept, held: ReadonlySet<string>): Row {
  const off = kept.slot === presentSlot() ? 'It is open here.' : held.has(kept.slot) ? 'It is open in another tab.' : null
  try {
    const { program, actions } = JSON.parse(kept.session) as { program: { name: string }; actions: readonly unknown[] }
    return { kept, program: `${program.name}`, actions: actions.length, off }
  } catch {
    return { kept, program: 'cannot be read', actions: 0, off }
  }
}

function useRows(): { rows: readonly Row[] | null; again: () => void } {
  const [rows, setRows] = useState<readonly Row[] | null>(null)
  const again = useCallback(() => {
    void Promise.all([allKept(), heldSlots()]).then(([all, held]) => setRows(all.map(kept => rowOf(kept, held))))
  }, [])
  useEffect(again, [again])
  return { rows, again }
}

async function open(kept: Kept): Promise<void> {
  close()
  if (!(await goOnIn(kept)) && !useStore.getState().problem)
    useStore.setState({ problem: { message: 'The session is open in another tab by now. Nothing was changed.', action: null } })
}

function forget({ kept, program }: Row, again: () => void): void {
  const act = () => void drop(kept.slot).then(again, again)
  useDialogs.setState({ question: { text: `Delete the session of ${program}? It cannot be brought back.`, yes: 'Delete', act } })
}

function Session({ row, again }: { row: Row; again: () => void }) {
  const { kept, program, actions, off } = row
  const when = new Date(kept.at).toLocaleString()
  const about = `${program}, ${when}`
  return (
    <tr>
      <th scope="row">{program}</th>
      <td>{kept.lesson?.id}</td>
      <td>{when}</td>
      <td className="mono">{grouped(actions)}</td>
      <td>
        {off ?? (
          <span className="row">
            <button
              type="button"
              className="btn"
              aria-label={`Open ${about}`}
              onClick={() => sparingEdits('The kept session takes its place.', 'Open', () => void open(kept))}
            >
              Open
            </button>
            <button type="button" className="btn quiet" aria-label={`Delete ${about}`} onClick={() => forget(row, again)}>
              Delete
            </button>
          </span>
        )}
      </td>
    </tr>
  )
}

export function KeptDialog() {
  const { rows, again } = useRows()
  return (
    <Dialog className="help kept">
      <Heading slot="title">Sessions in this browser</Heading>
      <p>Each tab keeps what is done in it. What is listed here stays until you delete it, or the browser’s data of this site.</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls needs the keyboard */}
      <section className="kept-in" aria-label="Sessions" tabIndex={0}>
        {rows?.length === 0 && <p className="empty">None is kept yet.</p>}
        {rows !== null && rows.length > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col">Program</th>
                <th scope="col">Lesson</th>
                <th scope="col">Kept at</th>
                <th scope="col">Actions</th>
                <th scope="col">Open, delete</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <Session key={row.kept.slot} row={row} again={again} />
              ))}
            </tbody>
          </table>
        )}
      </section>
      <p>Everything is all of these, your policies, your progress in lessons and your settings.</p>
      <div className="row">
        <button type="button" className="btn" onClick={() => void exportEverything()}>
          Export everything to a file
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => {
            close()
            chooseFile()
          }}
        >
          Import everything from a file…
        </button>
        <button type="button" className="btn" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
