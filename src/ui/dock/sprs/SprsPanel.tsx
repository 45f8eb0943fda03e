/** All special-purpose registers of the vCPU shown, by group, with a search; of the chosen one its bit fields. */
import { useState } from 'react'
import type { StateView } from '../../../emu/worker/protocol.ts'
import { CrossMark } from '../../code/marks.tsx'
import { onCopy } from '../../state/copy.ts'
import { define } from '../../state/definitions.tsx'
import { plainHex } from '../../state/digits.ts'
import { type Editing, EditPopover } from '../../state/EditPopover.tsx'
import { editBlocked } from '../../state/editing.ts'
import { Cell, Grid } from '../../state/Grid.tsx'
import { Hex } from '../../state/Hex.tsx'
import { spoken } from '../../state/Register.tsx'
import { useTips } from '../../state/Tips.tsx'
import { useStore } from '../../store/store.ts'
import { Fields } from './Fields.tsx'
import { useSprs } from './place.ts'
import { allRows, rowsFor, type SprRow } from './rows.ts'
import './sprs.css'

const ALL = new Map(allRows.flatMap(g => g.rows.map(r => [r.name, r])))

export function SprsPanel() {
  const state = useStore(s => s.view?.state)
  const blocked = useStore(s => editBlocked(s.view))
  const { search, chosen } = useSprs()
  const [editing, setEditing] = useState<Editing | null>(null)
  const { tips, tip } = useTips(key => define(useStore.getState().view?.state, key))
  if (!state) return <section className="sprs" aria-label="Special-purpose registers" />
  const groups = rowsFor(search)
  const count = groups.reduce((n, g) => n + g.rows.length, 0)
  const edit = (register: string, element: HTMLElement) => setEditing({ register, element, choose: false })
  const row = ALL.get(chosen)!
  return (
    <section className="sprs" aria-label="Special-purpose registers" onCopy={onCopy} {...tips}>
      <div className="sprs-top">
        <input
          type="search"
          aria-label="Search registers by name, number, field or meaning"
          placeholder="name, number, field, meaning"
          value={search}
          onChange={e => useSprs.setState({ search: e.target.value })}
          spellCheck={false}
          autoComplete="off"
        />
        <span className="lab" role="status">
          {count} {count === 1 ? 'register' : 'registers'}, vCPU {state.vcpu}
        </span>
      </div>
      <div className="sprs-in">
        <div className="sprs-list">
          {groups.length === 0 && (
            <p className="empty">
              <b>
                <CrossMark /> No register has “{search.trim()}” in its name, number, fields or meaning.
              </b>
            </p>
          )}
          {groups.map(g => (
            <section key={g.title} aria-label={g.title}>
              <h3>{g.title}</h3>
              <Grid
                // Its first cell is its tab stop: another list begins anew.
                key={g.rows.map(r => r.name).join()}
                label={g.title}
                className="sprs-grid"
                cells={g.rows.map(r => [r.name])}
                cell={(name, tabIndex) => (
                  <Row key={name} row={ALL.get(name)!} state={state} tabIndex={tabIndex} chosen={name === chosen} />
                )}
                edit={edit}
                onFocus={name => useSprs.setState({ chosen: name })}
              />
            </section>
          ))}
        </div>
        <Fields row={row} state={state} blocked={blocked} edit={edit} />
      </div>
      {tip}
      {editing && <EditPopover editing={editing} vcpu={state.vcpu} registers={state.registers} blocked={blocked} change={setEditing} />}
    </section>
  )
}

interface RowProps {
  row: SprRow
  state: StateView
  tabIndex: 0 | -1
  chosen: boolean
}

function Row({ row, state, tabIndex, chosen }: RowProps) {
  const { name, numbers, width, meaning } = row
  const value = state.registers[name] ?? 0n
  const was = state.baseline.registers[name]
  const guest = state.guest[name]
  const changed = was !== undefined && was !== value
  const classes = ['spr', changed && 'chg', chosen && 'chosen']
  return (
    <Cell
      cell={name}
      tabIndex={tabIndex}
      tip={`register ${name}`}
      label={`${spoken({ name, value, changed, guest, said: state.hints[name] })}, number ${numbers}, ${meaning}`}
      className={classes.filter(Boolean).join(' ')}
    >
      <span className="spr-mark">{changed ? '▸' : ''}</span>
      <b>{name}</b>
      <small>{numbers}</small>
      <Hex value={value} was={was ?? null} bits={width} name={name} />
      <span className="spr-more">
        {guest !== undefined && <em>≠ guest {plainHex(guest, width)} </em>}
        {meaning}
      </span>
    </Cell>
  )
}
