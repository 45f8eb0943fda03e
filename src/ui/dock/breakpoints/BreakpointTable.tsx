/** The table: a row a breakpoint, and the form of the one that is edited below its row. */
import { useEffect, useRef } from 'react'
import type { BreakpointSpec, BreakpointView } from '../../../emu/worker/protocol.ts'
import { samePlace } from '../../code/breakpointList.ts'
import { replaceSpec } from '../../code/breakpoints.ts'
import { showInDisassembly } from '../../code/navigation.ts'
import { grouped } from '../../run/counts.ts'
import { Icon } from '../../state/Icon.tsx'
import { useTips } from '../../state/Tips.tsx'
import { useStore } from '../../store/store.ts'
import { BreakpointForm } from './BreakpointForm.tsx'
import { draftOf } from './draft.ts'
import { conditionOf, fixed, hasAddress, kindText, ordered, setByText, whereOf } from './where.ts'

interface Props {
  breakpoints: readonly BreakpointView[]
  edited: BreakpointSpec | null
  edit: (spec: BreakpointSpec | null) => void
  remove: (spec: BreakpointSpec) => void
}

const keyOf = (b: BreakpointView): string => `${b.setBy} ${b.kind} ${b.address} ${whereOf(b)} ${b.spec?.vcpu ?? b.condition}`

export function BreakpointTable({ breakpoints, edited, edit, remove }: Props) {
  const { tips, tip } = useTips()
  const body = useRef<HTMLTableSectionElement>(null)
  const known = useRef<ReadonlySet<string> | null>(null)
  const rows = ordered(breakpoints)
  const keys = rows.map(keyOf)
  // biome-ignore lint/correctness/useExhaustiveDependencies: when there is another
  useEffect(() => {
    const added = known.current && keys.find(k => !known.current!.has(k))
    known.current = new Set(keys)
    if (added) body.current?.querySelector(`[data-row="${CSS.escape(added)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [keys.join()])
  return (
    <div {...tips}>
      <table className="tb">
        <colgroup>
          <col className="bp-on" />
          <col className="bp-kind" />
          <col />
          <col />
          <col className="bp-by" />
          <col className="bp-hits" />
          <col className="bp-do" />
        </colgroup>
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
        <tbody ref={body}>
          {rows.map((b, n) => (
            <Row
              key={keys[n]}
              row={keys[n]!}
              breakpoint={b}
              editing={edited !== null && b.spec !== undefined && samePlace(edited, b.spec)}
              edit={on => edit(on ? b.spec! : null)}
              remove={remove}
            />
          ))}
        </tbody>
      </table>
      {tip}
    </div>
  )
}

interface RowProps {
  row: string
  breakpoint: BreakpointView
  editing: boolean
  edit: (on: boolean) => void
  remove: (spec: BreakpointSpec) => void
}

function Row({ row, breakpoint: b, editing, edit, remove }: RowProps) {
  const form = useRef<HTMLTableRowElement>(null)
  const why = fixed(b)
  const where = whereOf(b)
  const condition = conditionOf(b)
  const { spec } = b
  useEffect(() => {
    if (editing) form.current?.scrollIntoView({ block: 'nearest' })
  }, [editing])
  const change = async (to: BreakpointSpec) => {
    const refused = spec ? await replaceSpec(spec, to) : null
    if (refused === null) edit(false)
    return refused
  }
  const turn = async (on: boolean) => {
    const refused = spec ? await replaceSpec(spec, { ...spec, enabled: on }) : null
    if (refused !== null) useStore.setState({ problem: { message: refused, action: null } })
  }
  return (
    <>
      <tr className={why ? 'fixed' : undefined} data-row={row}>
        <td>
          <input
            type="checkbox"
            checked={b.enabled}
            aria-label={`${kindText(b.kind)} breakpoint, ${where}, is on`}
            aria-disabled={why !== null}
            data-tip={why ?? undefined}
            onChange={e => void turn(e.target.checked)}
          />
        </td>
        <td>{kindText(b.kind)}</td>
        <td className="mono" data-tip={where}>
          {hasAddress(b) ? (
            <button type="button" className="link" onClick={() => showInDisassembly(b.address)} data-tip={`${where}: show in Disassembly`}>
              {where}
            </button>
          ) : (
            where
          )}
        </td>
        <td className="mono dim" data-tip={condition || undefined}>
          {condition}
        </td>
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
        <tr ref={form}>
          <td colSpan={7}>
            <BreakpointForm
              start={draftOf(spec)}
              enabled={spec.enabled}
              action="Save"
              save={change}
              cancel={() => edit(false)}
              kindStays
              focus="condition"
            />
          </td>
        </tr>
      )}
    </>
  )
}
