/** Sixteen bytes of the dump: address, bytes, characters, and below what the controller's word hides. */
// A grid over an endless address space is drawn row by row, so it is no table; the grid has the focus and the keys, and names its cell.
// biome-ignore-all lint/a11y/useSemanticElements: as above
// biome-ignore-all lint/a11y/useFocusableInteractive: as above
// biome-ignore-all lint/a11y/useKeyWithClickEvents: as above
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { hex16 } from '../../code/address.ts'
import { asciiText, byteText, type DumpRow, ROW_BYTES } from './dump.ts'

export const byteId = (address: bigint): string => `mem-${hex16(address)}`

/** In characters: the address and two spaces; three for each byte, and one more between the halves. */
const columnOf = (offset: number): number => 18 + 3 * offset + (offset >= ROW_BYTES / 2 ? 1 : 0)

interface Props {
  address: bigint
  /** Undefined while it is not known, null where nothing is mapped. */
  row: DumpRow | null | undefined
  top: number
  /** The byte that the cursor is on. */
  active: number | null
  /** Digits typed so far when a byte is being changed. */
  editing: string | null
  choose: (address: bigint) => void
  begin: (digits: string) => void
  write: (digits: string) => void
  leave: () => void
}

export function MemoryRow({ address, row, top, active, editing, choose, begin, write, leave }: Props) {
  return (
    <div className="mem-row" role="row" style={{ transform: `translateY(${top}px)` }}>
      <span className="at" role="rowheader">
        {hex16(address)}
      </span>
      {row === null && <span className="unmapped">not mapped</span>}
      {row?.bytes.map(({ value, planted }, offset) => {
        const at = address + BigInt(offset)
        const on = offset === active
        return (
          <span
            key={byteId(at)}
            id={byteId(at)}
            role="gridcell"
            aria-selected={on}
            aria-label={`${byteText(value)}${planted ? ', put there by the controller' : ''}`}
            className={`byte${planted ? ' planted' : ''}${on ? ' on' : ''}${offset === ROW_BYTES / 2 ? ' half' : ''}`}
            onClick={() => (on ? begin('') : choose(at))}
          >
            {on && editing !== null ? <ByteField digits={editing} write={write} leave={leave} /> : byteText(value)}
          </span>
        )
      })}
      {row && (
        <span className="ascii" role="gridcell">
          {row.bytes.map(b => asciiText(b.value)).join('')}
        </span>
      )}
      {row?.originals.map(({ offset, bytes }) => (
        <span key={offset} className="original" role="gridcell" style={{ left: `${columnOf(offset)}ch` }}>
          {bytes.map(byteText).join(' ')}
          <em>original, below the step controller’s word</em>
        </span>
      ))}
    </div>
  )
}

interface FieldProps {
  digits: string
  write: (digits: string) => void
  leave: () => void
}

function ByteField({ digits, write, leave }: FieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(digits)
  useEffect(() => field.current?.focus(), [])
  const change = (value: string) => {
    const kept = value.replace(/[^\da-f]/gi, '').slice(0, 2)
    if (kept.length === 2) write(kept)
    else setText(kept)
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Enter') write(text)
    else if (e.key === 'Escape') leave()
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return (
    <input
      ref={field}
      value={text}
      aria-label="New value, two hexadecimal digits"
      maxLength={2}
      onChange={e => change(e.target.value)}
      onKeyDown={onKeyDown}
      onBlur={leave}
    />
  )
}
