/** The MSR: bit numbers, names, what the processor holds, what the guest would hold. The columns that differ are boxed across both. */
import { memo } from 'react'
import { Cell, Grid, RowHead } from './Grid.tsx'
import { bitOf, msrBits } from './registers.ts'

const rows = ['phys', 'guest'] as const
const cells = rows.map(row => msrBits.map(b => `${row}.${b.name}`))
const heads = ['phys.', 'guest']
const byName = new Map(msrBits.map(b => [b.name as string, b]))

interface Props {
  physical: bigint
  guest: bigint
  edit: (register: string, element: HTMLElement) => void
  flip: (bit: number, element: HTMLElement) => void
  onFocus: (register: string) => void
}

export const MsrStrip = memo(function MsrStrip({ physical, guest, edit, flip, onFocus }: Props) {
  const differs = (bit: number) => bitOf(physical, bit) !== bitOf(guest, bit)
  const cell = (key: string, tabIndex: 0 | -1) => {
    const [row, name] = key.split('.') as [(typeof rows)[number], string]
    const { bit } = byName.get(name)!
    const p = bitOf(physical, bit)
    const g = bitOf(guest, bit)
    const value = row === 'phys' ? p : g
    return (
      <Cell
        key={key}
        cell={key}
        tabIndex={tabIndex}
        tip={`msr ${name}`}
        readOnly={row === 'guest'}
        label={`${name}, bit ${bit}, physical ${p}, guest ${g}${p === g ? '' : ', differs'}`}
        className={`cell${value ? ' on' : ''}${p === g ? '' : ` df ${row}`}`}
      >
        {value}
      </Cell>
    )
  }
  return (
    <Grid
      label="MSR bits"
      className="msr"
      cells={cells}
      cell={cell}
      head={i => (
        <RowHead className="rh" tip={i === 0 ? 'What the processor holds' : 'What the guest would hold if nobody stepped it from outside'}>
          {heads[i]}
        </RowHead>
      )}
      edit={(_, element) => edit('MSR', element)}
      toggle={(key, element) => {
        const [row, name] = key.split('.')
        // The guest row follows from the physical one: the register's popover opens instead.
        if (row === 'guest') edit('MSR', element)
        else flip(byName.get(name!)!.bit, element)
      }}
      onFocus={() => onFocus('MSR')}
    >
      <span aria-hidden="true" />
      {msrBits.map(b => (
        <span key={b.bit} className="bn" aria-hidden="true">
          {b.bit}
        </span>
      ))}
      <span aria-hidden="true" />
      {msrBits.map(b => (
        <span key={b.name} className={differs(b.bit) ? 'nn dn' : 'nn'} data-tip={`msr ${b.name}`} aria-hidden="true">
          {b.name}
        </span>
      ))}
    </Grid>
  )
})
