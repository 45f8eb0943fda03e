/** CR as eight fields of LT, GT, EQ, SO; and the bits of XER. What is 1 is boxed and bold, what changed is underlined. */
import { memo } from 'react'
import { Cell, Grid, RowHead } from './Grid.tsx'
import { bitMask, bitOf, crBits, crMask, xerBits } from './registers.ts'

interface Props {
  value: bigint
  was: bigint | undefined
  edit: (register: string, element: HTMLElement) => void
  flip: (register: string, mask: bigint, element: HTMLElement) => void
  onFocus: (register: string) => void
}

const fields = [0, 1, 2, 3, 4, 5, 6, 7]
/** Two rows of four fields. */
const crCells = [0, 4].map(first => fields.slice(first, first + 4).flatMap(f => crBits.map(b => `${f}.${b.name}`)))

const look = (set: boolean, changed: boolean): string => `${set ? 'bit1' : 'bit0'}${changed ? ' bitch' : ''}`

export const ConditionRegister = memo(function ConditionRegister({ value, was, edit, flip, onFocus }: Props) {
  const differing = was === undefined ? 0n : was ^ value
  const maskOf = (key: string): bigint => {
    const [field, name] = key.split('.')
    return crMask(Number(field), crBits.find(b => b.name === name)!.bit)
  }
  const cell = (key: string, tabIndex: 0 | -1) => {
    const [field, name] = key.split('.') as [string, string]
    const mask = maskOf(key)
    const set = (value & mask) !== 0n
    const changed = (differing & mask) !== 0n
    const bitCell = (
      <Cell
        key={key}
        cell={key}
        tabIndex={tabIndex}
        tip={`cr ${field} ${name}`}
        label={`cr${field} ${name}, ${set ? 1 : 0}${changed ? ', changed' : ''}`}
        className={look(set, changed)}
      >
        {name}
      </Cell>
    )
    if (name !== crBits[0]!.name) return bitCell
    const fieldChanged = crBits.some(b => (differing & crMask(Number(field), b.bit)) !== 0n)
    return [
      <b key={`cr${field}`} className={fieldChanged ? 'crn bitch' : 'crn'} aria-hidden="true">
        cr{field}
      </b>,
      bitCell,
    ]
  }
  return (
    <Grid
      label="Condition register"
      className="crs"
      cells={crCells}
      cell={cell}
      edit={(_, element) => edit('CR', element)}
      toggle={(key, element) => flip('CR', maskOf(key), element)}
      onFocus={() => onFocus('CR')}
    />
  )
})

const xerCells = [xerBits.map(b => b.name)]

export const XerBits = memo(function XerBits({ value, was, edit, flip, onFocus }: Props) {
  const differing = was === undefined ? 0n : was ^ value
  const bitNamed = (name: string) => xerBits.find(b => b.name === name)!.bit
  return (
    <Grid
      label="XER"
      className="xer"
      cells={xerCells}
      head={() => (
        <RowHead tip="register XER" className={differing ? 'xern bitch' : 'xern'}>
          XER
        </RowHead>
      )}
      cell={(name, tabIndex) => {
        const bit = bitNamed(name)
        const set = bitOf(value, bit) === 1
        const changed = bitOf(differing, bit) === 1
        return (
          <Cell
            key={name}
            cell={name}
            tabIndex={tabIndex}
            tip={`xer ${name}`}
            label={`XER ${name}, bit ${bit}, ${set ? 1 : 0}${changed ? ', changed' : ''}`}
            className={look(set, changed)}
          >
            {name}
          </Cell>
        )
      }}
      edit={(_, element) => edit('XER', element)}
      toggle={(name, element) => flip('XER', bitMask(bitNamed(name)), element)}
      onFocus={() => onFocus('XER')}
    />
  )
})
