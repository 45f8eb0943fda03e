/** Leaks: channels by policies. Each cell comes from runs of the probes made here, in a second worker. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { CellView, LeakView, PolicyTable, Setting, Verdict } from '../../../emu/worker/protocol.ts'
import { focusOn } from '../../shell/regions.ts'
import { type Option, Segmented } from '../../state/Segmented.tsx'
import { useTips } from '../../state/Tips.tsx'
import { useStore } from '../../store/store.ts'
import { cancel, cellKey, loadTable, run, useMatrix } from './matrix.ts'
import { openProbe } from './open.ts'
import './leaks.css'

const settings: readonly Option<Setting>[] = [
  { value: 'deliver', label: 'Deliver', tip: 'The guest takes interrupts where a free run would.' },
  { value: 'hold', label: 'Hold', tip: 'Interrupts wait until the step is over, as QEMU’s sstepbits have it: channel 11 shows it.' },
]

const marks: Readonly<Record<Verdict | 'open' | 'running', string>> = {
  pass: '✓ pass',
  leak: '✗ leak',
  lost: '~ lost',
  'not run': '– not run',
  open: '–',
  running: '…',
}

export function LeaksPanel() {
  const { setting, running, problem, table } = useMatrix()
  const ready = useStore(s => s.view !== null)
  const own = useStore(s => s.view?.controller.policies.length ?? 0)
  const policy = useStore(s => s.view?.controller.policies.find(p => p.id === s.view?.controller.policy))
  // biome-ignore lint/correctness/useExhaustiveDependencies: a policy of the user's makes another table
  useEffect(() => {
    if (ready) void loadTable()
  }, [ready, own])
  const says = running ? (running.total ? `${running.done} of ${running.total} checks done` : 'Starting') : (problem ?? '')
  return (
    <section className="leaksp" aria-label="Leaks">
      <div className="leaks-bar">
        {running ? (
          <button type="button" className="btn" onClick={cancel}>
            Cancel
          </button>
        ) : (
          <>
            <button type="button" className="btn prime" aria-disabled={!ready} onClick={() => ready && void run(null)}>
              Run all checks
            </button>
            <button type="button" className="btn" aria-disabled={!ready} onClick={() => policy && void run([policy.id])}>
              Only {policy?.name ?? 'the present policy'}
            </button>
          </>
        )}
        <Segmented
          label="Interrupts while stepping"
          options={settings}
          value={setting}
          choose={value => useMatrix.setState({ setting: value })}
          blocked={running ? 'The checks are running. Cancel them first.' : null}
        />
        {running && running.total > 0 && <progress value={running.done} max={running.total} aria-label="Checks done" />}
        <span className={problem && !running ? 'bad' : 'lab'} role="status">
          {says}
        </span>
      </div>
      {table && <MatrixTable table={table} />}
    </section>
  )
}

interface Place {
  readonly row: number
  readonly column: number
}

function MatrixTable({ table }: { table: PolicyTable }) {
  const { setting, cells, running, wanted } = useMatrix()
  const policy = useStore(s => s.view?.controller.policy)
  const seen = useStore(s => s.view?.controller.leaks)
  const [at, setAt] = useState<Place>({ row: 0, column: 0 })
  const grid = useRef<HTMLTableElement>(null)
  const { tips, tip } = useTips()
  const cellAt = ({ row, column }: Place): CellView | undefined =>
    cells[cellKey(setting, table.policies[column]?.id ?? '', table.channels[row]?.number ?? 0)]
  const move = (to: Place) => {
    setAt(to)
    focusOn(grid.current?.querySelector<HTMLElement>(`[data-at="${to.row} ${to.column}"]`))
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it is moved to is looked up when it is wanted
  useEffect(() => {
    if (wanted === null) return
    useMatrix.setState({ wanted: null })
    const row = table.channels.findIndex(c => c.number === wanted)
    const column = table.policies.findIndex(p => p.id === policy)
    if (row >= 0) move({ row, column: Math.max(0, column) })
  }, [wanted])
  const onKeyDown = (e: KeyboardEvent) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key]
    if (!step || e.ctrlKey || e.altKey || e.metaKey) return
    e.preventDefault()
    e.stopPropagation()
    const row = Math.min(table.channels.length - 1, Math.max(0, at.row + step[0]!))
    const column = Math.min(table.policies.length - 1, Math.max(0, at.column + step[1]!))
    move({ row, column })
  }
  const chosen = cellAt(at)
  const active = table.policies.findIndex(p => p.id === policy)
  // The policy that steps is the one that one wants to read of: its column comes into view.
  useEffect(() => {
    if (active < 0) return
    setAt(({ row }) => ({ row, column: active }))
    const scroller = grid.current?.parentElement
    const head = grid.current?.querySelector<HTMLElement>(`thead th:nth-child(${active + 2})`)
    if (!scroller || !head) return
    const names = grid.current!.querySelector<HTMLElement>('thead th')!.offsetWidth
    scroller.scrollLeft = Math.max(
      0,
      Math.min(scroller.scrollLeft, head.offsetLeft - names),
      head.offsetLeft + head.offsetWidth - scroller.clientWidth,
    )
  }, [active])
  return (
    <div className="leaks-in">
      <div className="leaks-scroll" {...tips}>
        <table className="tb leaks" ref={grid} onKeyDown={onKeyDown}>
          <caption className="sr">What the probes of each channel found under each policy</caption>
          <thead>
            <tr>
              <th scope="col">Channel</th>
              {table.policies.map(p => (
                <th key={p.id} scope="col" className={p.id === policy ? 'active' : undefined} aria-current={p.id === policy || undefined}>
                  {p.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.channels.map(({ number, name }, row) => {
              const own = seen?.find(l => l.channel === number && l.policy === policy)
              return (
                <tr key={number} className={own ? 'seen' : undefined}>
                  <th scope="row">
                    <span className="mono">{number}</span> {name}
                    {own && <Seen leak={own} />}
                  </th>
                  {table.policies.map((p, column) => {
                    const cell = cellAt({ row, column })
                    const verdict = cell?.verdict ?? (running ? 'running' : 'open')
                    const label = `Channel ${number}, ${p.name}: ${cell ? `${cell.verdict}. ${cell.why}` : running ? 'running' : 'not run yet'}`
                    return (
                      <td key={p.id}>
                        <button
                          type="button"
                          className={`cell ${verdict === 'not run' ? 'open' : verdict}`}
                          data-at={`${row} ${column}`}
                          tabIndex={at.row === row && at.column === column ? 0 : -1}
                          aria-label={label}
                          data-tip={cell ? `${cell.why} Enter goes to the step that leaks.` : 'Run all checks to fill it in.'}
                          onFocus={() => setAt({ row, column })}
                          onClick={() => cell && openProbe(cell.program, p.id, cell.setting)}
                        >
                          {marks[verdict]}
                        </button>
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
        {tip}
      </div>
      <div className="leaks-why" aria-live="polite">
        {chosen ? (
          <>
            <p className="lab">
              Channel {chosen.channel}, {table.policies[at.column]?.name}, {chosen.setting}: what each probe found. Enter opens{' '}
              {chosen.program}.s at the step that leaks.
            </p>
            <ul>
              {chosen.probes.map(p => (
                <li key={p.program}>
                  <span className={`cell ${p.verdict}`}>{marks[p.verdict]}</span>{' '}
                  <button
                    type="button"
                    className="link"
                    data-tip={`Opens ${p.program}.s at the step that leaks.`}
                    onClick={() => openProbe(p.program, chosen.policy, chosen.setting)}
                  >
                    {p.title}
                  </button>
                  <br />
                  {p.why}
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className="lab">
            Each probe is a guest program that finds out by itself whether it is stepped. Run all checks; Enter on a cell opens the program
            that shows it, at the step that leaks.
          </p>
        )}
      </div>
    </div>
  )
}

const Seen = ({ leak }: { leak: LeakView }) => <small className="seen-at"> seen in this recording, event {leak.event}</small>
