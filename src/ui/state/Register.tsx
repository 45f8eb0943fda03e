import { memo } from 'react'
import { groups, plainHex, smallDecimal } from './digits.ts'
import { Cell } from './Grid.tsx'
import { Hex } from './Hex.tsx'

interface Props {
  name: string
  value: bigint | undefined
  /** At the event compared with; undefined where that is not known. */
  was: bigint | undefined
  /** What the guest would hold, where that differs. */
  guest: bigint | undefined
  hint: string | undefined
  tabIndex: 0 | -1
  /** With room for a second value beside the first. */
  wide?: boolean
}

/** One register: name, digits, hint. */
export const Register = memo(function Register({ name, value, was, guest, hint, tabIndex, wide = false }: Props) {
  const changed = value !== undefined && was !== undefined && was !== value
  const said = hint ?? (value === undefined ? undefined : (smallDecimal(value) ?? undefined))
  return (
    <Cell
      cell={name}
      tabIndex={tabIndex}
      tip={`register ${name}`}
      label={spoken({ name, value, changed, guest, said })}
      className={changed ? 'reg chg' : 'reg'}
    >
      <span className="nm">{name}</span>
      {value === undefined ? (
        <span className="hx none" aria-hidden="true">
          none
        </span>
      ) : (
        <Hex value={value} was={was ?? null} name={name} quiet />
      )}
      {guest === undefined ? (
        <span className="an" aria-hidden="true">
          {said}
        </span>
      ) : (
        <span className="an df" aria-hidden="true">
          ≠ guest
          {wide && (
            <span className="hx">
              {groups(guest, value).map((g, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place
                <i key={i} className={g.zero ? 'z' : undefined}>
                  {g.digits}
                </i>
              ))}
            </span>
          )}
        </span>
      )}
    </Cell>
  )
})

interface Spoken {
  name: string
  value: bigint | undefined
  changed: boolean
  guest: bigint | undefined
  said: string | undefined
}

/** "SRR0, 0xc000000000010008, probe, changed". */
export function spoken({ name, value, changed, guest, said }: Spoken): string {
  const parts = [
    name,
    value === undefined ? 'none' : plainHex(value),
    said,
    changed && 'changed',
    guest !== undefined && `differs, guest ${plainHex(guest)}`,
  ]
  return parts.filter(Boolean).join(', ')
}
