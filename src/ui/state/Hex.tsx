import { memo } from 'react'
import { groups, plainHex } from './digits.ts'

interface Props {
  value: bigint
  /** Value compared with: groups that differ are marked. */
  was?: bigint | null
  bits?: number
  /** Name for copying several at once. */
  name?: string
  /** What is around it says the value. */
  quiet?: boolean
}

/** Groups of four digits, spaced by CSS; copied as plain 0x…, see `useCopy`. */
export const Hex = memo(function Hex({ value, was = null, bits = 64, name, quiet = false }: Props) {
  return (
    <span className="hx" aria-hidden={quiet || undefined} data-hex={plainHex(value, bits)} data-name={name}>
      {groups(value, was, bits).map((g, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place
        <i key={i} className={g.changed ? 'ch' : g.zero ? 'z' : undefined}>
          {g.digits}
        </i>
      ))}
    </span>
  )
})
