/** Channel by channel, whether the probes notice the policy that is being edited. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { CellView, PolicyTable, Verdict } from '../../emu/worker/protocol.ts'
import { prose } from '../state/prose.tsx'
import { difference, passing, useFindings } from './findings.ts'

const marks: Readonly<Record<Verdict | 'open', string>> = { pass: '✓', leak: '✗', lost: '~', 'not run': '–', open: '…' }
const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

interface Props {
  channels: PolicyTable['channels']
  /** Choices contradict each other. */
  blocked: boolean
}

export function FindingsBar({ channels, blocked }: Props) {
  const { cells, busy, problem, before } = useFindings()
  const [chosen, setChosen] = useState<number | null>(null)
  const bar = useRef<HTMLDivElement>(null)
  const good = passing(cells)
  const first = channels.find(c => cells.has(c.number) && !good.has(c.number))?.number ?? channels[0]!.number
  const shown = chosen ?? first
  // What passes now is no longer what one wants to read of.
  useEffect(() => {
    if (!busy) setChosen(null)
  }, [busy])
  const onKeyDown = (e: KeyboardEvent) => {
    const step = steps[e.key]
    if (!step || e.ctrlKey || e.altKey || e.metaKey) return
    e.preventDefault()
    const at = channels.findIndex(c => c.number === shown)
    const next = (at + step + channels.length) % channels.length
    setChosen(channels[next]!.number)
    ;(bar.current!.children[next] as HTMLElement).focus()
  }
  const says = blocked
    ? 'The probes wait: choices contradict each other.'
    : busy
      ? 'The probes are run.'
      : (problem ?? (cells.size > 0 ? `${good.size} of ${channels.length} channels pass.${difference(good, before)}` : ''))
  return (
    <div className="findings">
      <p role="status">
        <b>What the probes find:</b> {says}
      </p>
      <div className="findings-row" role="radiogroup" aria-label="Channels" ref={bar} onKeyDown={onKeyDown}>
        {channels.map(({ number, name }) => {
          const cell = cells.get(number)
          const verdict = cell?.verdict ?? 'open'
          return (
            // biome-ignore lint/a11y/useSemanticElements: a row of marks with one tab stop
            <button
              key={number}
              type="button"
              role="radio"
              aria-checked={number === shown}
              aria-label={`Channel ${number}, ${name}: ${cell ? verdict : 'not found yet'}`}
              className={`cell ${verdict}${busy || blocked ? ' old' : ''}`}
              tabIndex={number === shown ? 0 : -1}
              onClick={() => setChosen(number)}
            >
              <span className="mono">{number}</span> {marks[verdict]}
            </button>
          )
        })}
      </div>
      <Why cell={cells.get(shown)} name={channels.find(c => c.number === shown)!.name} />
    </div>
  )
}

function Why({ cell, name }: { cell: CellView | undefined; name: string }) {
  if (!cell) return <p className="findings-why" />
  return (
    <p className="findings-why">
      {cell.channel} {name}: {cell.verdict}. {prose(cell.why)}
    </p>
  )
}
