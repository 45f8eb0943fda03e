/** The bit fields of one register: number, name, value, meaning. Single bits are switches. */
import type { BitField, BitRow } from '../../../emu/isa/bitfields.ts'
import type { StateView } from '../../../emu/worker/protocol.ts'
import { plainHex } from '../../state/digits.ts'
import { write } from '../../state/editing.ts'
import { srr1Interrupt } from '../../state/registers.ts'
import { useStore } from '../../store/store.ts'
import { bitsText, fieldText, type SprRow } from './rows.ts'

interface Props {
  row: SprRow
  state: StateView
  blocked: string | null
  edit: (register: string, element: HTMLElement) => void
}

/** The value now, for a switch must not go by what was drawn. */
const current = (register: string): bigint => useStore.getState().view?.state.registers[register] ?? 0n

export function Fields({ row, state, blocked, edit }: Props) {
  const { name, width, meaning, rights, fields } = row
  const value = state.registers[name] ?? 0n
  const guest = state.guest[name]
  const cause = useStore(s => (name === 'SRR1' ? srr1Interrupt(s.events, s.view?.recording.shown ?? 0, state.vcpu) : null))
  const flip = (mask: bigint) => {
    if (blocked) useStore.setState({ problem: { message: blocked, action: null } })
    else void write(name, current(name) ^ mask)
  }
  return (
    <section className="sprs-fields" aria-label={`${name}, its fields`}>
      <div className="sprs-name">
        <b>{name}</b>
        <code>{plainHex(value, width)}</code>
        <button
          type="button"
          className="btn"
          aria-disabled={blocked !== null}
          title={blocked ?? undefined}
          onClick={e => edit(name, e.currentTarget)}
        >
          Edit
        </button>
      </div>
      <p>{meaning}</p>
      {guest !== undefined && <p>The guest would see {plainHex(guest, width)} if nobody stepped it.</p>}
      <p className="lab">{rights}.</p>
      {cause && cause.causes.length > 0 && (
        <Table
          title={`Cause bits of ${cause.name}`}
          rows={cause.causes}
          text={r => causeText(r, value)}
          on={r => causeText(r, value) !== '0'}
        />
      )}
      {fields ? (
        <Table
          title={name === 'SRR1' || name === 'HSRR1' ? 'Bits of the MSR that it saves' : 'Fields'}
          rows={fields.bits}
          text={r => fieldText(fields, r, value)}
          on={r => (value & fields.mask[r.name]!) !== 0n}
          guest={r => differing(fields, r, value, guest)}
          flip={r => flip(fields.mask[r.name]!)}
        />
      ) : (
        <p>One value: it has no fields.</p>
      )}
    </section>
  )
}

const causeText = ({ bit, last }: BitRow, value: bigint): string =>
  ((value >> BigInt(63 - last)) & ((1n << BigInt(last - bit + 1)) - 1n)).toString()

/** What the guest would see in the field, where that differs. */
function differing(fields: BitField, row: BitRow, value: bigint, guest: bigint | undefined): string | null {
  if (guest === undefined) return null
  const text = fieldText(fields, row, guest)
  return text === fieldText(fields, row, value) ? null : text
}

interface TableProps {
  title: string
  rows: readonly BitRow[]
  text: (row: BitRow) => string
  on: (row: BitRow) => boolean
  guest?: (row: BitRow) => string | null
  flip?: (row: BitRow) => void
}

function Table({ title, rows, text, on, guest, flip }: TableProps) {
  return (
    <table>
      <caption>{title}</caption>
      <thead className="sr">
        <tr>
          <th scope="col">Bits</th>
          <th scope="col">Name</th>
          <th scope="col">Value</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(r => {
          const other = guest?.(r) ?? null
          return (
            <tr key={r.name} className={on(r) ? 'on' : undefined}>
              <td>{bitsText(r)}</td>
              <th scope="row">{r.name}</th>
              <td>
                {flip && r.bit === r.last ? (
                  <button type="button" className="spr-bit" role="switch" aria-checked={on(r)} aria-label={r.name} onClick={() => flip(r)}>
                    {text(r)}
                  </button>
                ) : (
                  text(r)
                )}
                {other !== null && <em> ≠ guest {other}</em>}
              </td>
              <td>{r.meaning}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
