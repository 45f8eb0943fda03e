/** Sixteen bytes of the dump: what begins here, address, bytes, characters, and below what the controller's word hides. */
// A grid over an endless address space is drawn row by row, so it is no table; the grid has the focus and the keys, and names its cell.
// biome-ignore-all lint/a11y/useSemanticElements: as above
// biome-ignore-all lint/a11y/useFocusableInteractive: as above
// biome-ignore-all lint/a11y/useKeyWithClickEvents: as above
import { hex16 } from '../../code/address.ts'
import { useLine } from '../../code/metrics.ts'
import { ByteField } from './ByteField.tsx'
import { asciiText, byteText, type DumpByte, type DumpRow, ROW_BYTES } from './dump.ts'

export const byteId = (address: bigint): string => `mem-${hex16(address)}`

/** In characters: the mark, the address and two spaces; three for each byte, and one more between the halves. */
const columnOf = (offset: number): number => 20 + 3 * offset + (offset >= ROW_BYTES / 2 ? 1 : 0)

interface Props {
  address: bigint
  /** Undefined while it is not known, null where nothing is mapped. */
  row: DumpRow | null | undefined
  /** Why nothing is mapped, in words. */
  why: string
  label: string | undefined
  top: number
  /** The byte that the cursor is on. */
  active: number | null
  /** Digits typed so far when a byte is being changed. */
  editing: string | null
  /** Offsets of what was searched for and found, from the first up to but not with the last. */
  match: readonly [number, number]
  choose: (address: bigint) => void
  begin: (digits: string) => void
  write: (digits: string) => void
  leave: () => void
}

function spoken({ value, planted, was }: DumpByte): string {
  return `${byteText(value)}${was === null ? '' : `, changed, was ${byteText(was)}`}${planted ? ', put there by the controller' : ''}`
}

export function MemoryRow({ address, row, why, label, top, active, editing, match, choose, begin, write, leave }: Props) {
  const line = useLine()
  const changed = row?.bytes.some(b => b.was !== null) ?? false
  return (
    <div className="mem-row" role="row" style={{ transform: `translateY(${top}px)` }}>
      {label !== undefined && (
        <span className="mem-label" role="gridcell">
          {label}
        </span>
      )}
      <span className="mem-mark" aria-hidden="true">
        {changed ? '▸' : ' '}
      </span>
      <span className="at" role="rowheader">
        {hex16(address)}
      </span>
      {row === null && (
        <span
          className="unmapped"
          role="gridcell"
          id={active === null ? undefined : byteId(address + BigInt(active))}
          onClick={() => choose(address)}
        >
          {why}
        </span>
      )}
      {row?.bytes.map((byte, offset) => {
        const at = address + BigInt(offset)
        const on = offset === active
        const classes = [
          'byte',
          byte.planted && 'planted',
          byte.was !== null && 'changed',
          on && 'on',
          offset >= match[0] && offset < match[1] && 'match',
          offset === ROW_BYTES / 2 && 'half',
        ]
        return (
          <span
            key={byteId(at)}
            id={byteId(at)}
            role="gridcell"
            aria-selected={on}
            aria-label={spoken(byte)}
            className={classes.filter(Boolean).join(' ')}
            onClick={() => (on ? begin('') : choose(at))}
          >
            {on && editing !== null ? <ByteField digits={editing} write={write} leave={leave} /> : byteText(byte.value)}
          </span>
        )
      })}
      {row && (
        <span className="ascii" role="gridcell">
          {row.bytes.map(b => asciiText(b.value)).join('')}
        </span>
      )}
      {row?.originals.map(({ offset, bytes }) => (
        <span
          key={offset}
          className="original"
          role="gridcell"
          style={{ left: `${columnOf(offset)}ch`, top: line * (label === undefined ? 1 : 2) }}
        >
          {bytes.map(byteText).join(' ')}
          <em>original, below the step controller’s word</em>
        </span>
      ))}
    </div>
  )
}
