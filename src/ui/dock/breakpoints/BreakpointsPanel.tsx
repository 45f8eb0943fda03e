/** Every breakpoint in the machine: the user's to change, the controller's and the guest's to see; and what log points wrote. */
import { useState } from 'react'
import type { BreakpointSpec, BreakpointView } from '../../../emu/worker/protocol.ts'
import { addSpec, removeSpec, replaceSpec } from '../../code/breakpoints.ts'
import { showInDisassembly } from '../../code/navigation.ts'
import { grouped } from '../../run/counts.ts'
import { Icon } from '../../state/Icon.tsx'
import { useTips } from '../../state/Tips.tsx'
import { useStore } from '../../store/store.ts'
import { BreakpointForm } from './BreakpointForm.tsx'
import { draftOf, emptyDraft } from './draft.ts'
import { conditionOf, fixed, hasAddress, kindText, ordered, setByText, whereOf } from './where.ts'
import './breakpoints.css'

const none: readonly BreakpointView[] = []
const start = emptyDraft()

export function BreakpointsPanel() {
  const breakpoints = useStore(s => s.view?.breakpoints ?? none)
  const ready = useStore(s => s.view !== null)
  const [removed, setRemoved] = useState<BreakpointSpec | null>(null)
  const remove = async (spec: BreakpointSpec) => {
    if (await removeSpec(spec)) setRemoved(spec)
  }
  const undo = async (spec: BreakpointSpec) => {
    if (await addSpec(spec)) setRemoved(null)
  }
  return (
    <section className="bpp" aria-label="Breakpoints">
      <div className="bp-list">
        {breakpoints.length ? <BreakpointTable breakpoints={breakpoints} remove={s => void remove(s)} /> : ready && <NoBreakpoints />}
        <Log />
      </div>
      <div role="status">
        {removed && (
          <div className="bp-removed">
            Breakpoint removed.
            <button type="button" className="btn" onClick={() => void undo(removed)}>
              Undo
            </button>
          </div>
        )}
      </div>
      {ready && (
        <div className="bp-add">
          <BreakpointForm start={start} enabled action="Add breakpoint" save={addSpec} />
        </div>
      )}
    </section>
  )
}

function Log() {
  const log = useStore(s => s.view?.log)
  if (!log?.length) return null
  return (
    <section className="bp-log" aria-label="Log of the breakpoints">
      <ol>
        {log.map((l, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a log's lines have no other name
          <li key={n}>
            <span className="dim">
              {grouped(l.instructions)} vCPU {l.vcpu}
            </span>{' '}
            {l.text}
          </li>
        ))}
      </ol>
    </section>
  )
}

export const NoBreakpoints = () => (
  <div className="empty">
    <b>No breakpoints</b>
    <span>Click the gutter beside a line, press F9, or add one below.</span>
  </div>
)

export function BreakpointTable({
  breakpoints,
  remove,
}: {
  breakpoints: readonly BreakpointView[]
  remove: (spec: BreakpointSpec) => void
}) {
  const { tips, tip } = useTips()
  const [edited, setEdited] = useState<string | null>(null)
  return (
    <div {...tips}>
      <table className="tb">
        <thead>
          <tr>
            <th scope="col">On</th>
            <th scope="col">Kind</th>
            <th scope="col">Where</th>
            <th scope="col">Condition</th>
            <th scope="col">Set by</th>
            <th scope="col">Hits</th>
            <th scope="col">
              <span className="sr">Edit and remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {ordered(breakpoints).map(b => {
            const key = `${b.setBy} ${b.kind} ${b.address} ${whereOf(b)} ${b.spec?.vcpu ?? b.condition}`
            return <Row key={key} breakpoint={b} editing={edited === key} edit={on => setEdited(on ? key : null)} remove={remove} />
          })}
        </tbody>
      </table>
      {tip}
    </div>
  )
}

interface RowProps {
  breakpoint: BreakpointView
  editing: boolean
  edit: (on: boolean) => void
  remove: (spec: BreakpointSpec) => void
}

function Row({ breakpoint: b, editing, edit, remove }: RowProps) {
  const why = fixed(b)
  const where = whereOf(b)
  const { spec } = b
  const change = async (to: BreakpointSpec) => {
    const taken = spec !== undefined && (await replaceSpec(spec, to))
    if (taken) edit(false)
    return taken
  }
  return (
    <>
      <tr className={why ? 'fixed' : undefined}>
        <td>
          <input
            type="checkbox"
            checked={b.enabled}
            aria-label={`${kindText(b.kind)} breakpoint, ${where}, is on`}
            aria-disabled={why !== null}
            data-tip={why ?? undefined}
            onChange={e => spec && void replaceSpec(spec, { ...spec, enabled: e.target.checked })}
          />
        </td>
        <td>{kindText(b.kind)}</td>
        <td className="mono">
          {hasAddress(b) ? (
            <button type="button" className="link" onClick={() => showInDisassembly(b.address)} data-tip="Show in Disassembly">
              {where}
            </button>
          ) : (
            where
          )}
        </td>
        <td className="mono dim">{conditionOf(b)}</td>
        <td className={`by ${b.setBy}`}>{setByText[b.setBy]}</td>
        <td className="mono">{b.hits === null ? '' : grouped(b.hits)}</td>
        <td className="remove">
          {spec && (
            <>
              <button
                type="button"
                className="btn quiet"
                aria-expanded={editing}
                aria-label={`Edit the breakpoint, ${where}`}
                onClick={() => edit(!editing)}
              >
                Edit
              </button>
              <button type="button" className="btn quiet icon" aria-label={`Remove the breakpoint, ${where}`} onClick={() => remove(spec)}>
                <Icon name="cross" />
              </button>
            </>
          )}
        </td>
      </tr>
      {editing && spec && (
        <tr>
          <td colSpan={7}>
            <BreakpointForm start={draftOf(spec)} enabled={spec.enabled} action="Save" save={change} cancel={() => edit(false)} kindStays />
          </td>
        </tr>
      )}
    </>
  )
}
