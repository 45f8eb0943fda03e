/** Special-purpose registers as rows: by group, found by name, number, bit field or meaning. */
import type { BitField, BitRow } from '../../../emu/isa/bitfields.ts'
import { fieldsOfSpr, sprGroups } from '../../../emu/isa/spr-fields.ts'
import { type Spr, sprs } from '../../../emu/isa/sprs.ts'

export interface SprRow {
  readonly name: string
  /** "26", or all of its numbers. */
  readonly numbers: string
  readonly width: 32 | 64
  readonly meaning: string
  /** "read: problem state; write: privileged". */
  readonly rights: string
  readonly fields: BitField | null
}

export interface RowGroup {
  readonly title: string
  readonly rows: readonly SprRow[]
}

const states = { problem: 'any state', privileged: 'privileged state', hypervisor: 'hypervisor state', none: 'nobody' } as const

/** The number of the register's own name tells its meaning; else its first. */
const main = (all: readonly Spr[], name: string): Spr => all.find(s => s.name === name.toLowerCase()) ?? all[0]!

function rightsOf(all: readonly Spr[]): string {
  return all
    .map(s => {
      const read = s.read === 'none' ? null : `read in ${states[s.read]}`
      const write = s.write === 'none' ? null : `written in ${states[s.write]}`
      return `${s.number} (${s.name}): ${[read, write].filter(Boolean).join(', ')}`
    })
    .join('; ')
}

function rowOf(name: string): SprRow {
  const all = sprs.filter(s => s.state === name)
  const { width, meaning } = main(all, name)
  return {
    name,
    numbers: all.map(s => s.number).join(', '),
    width: all.some(s => s.width === 64) ? 64 : width,
    meaning,
    rights: rightsOf(all),
    fields: fieldsOfSpr(name),
  }
}

export const allRows: readonly RowGroup[] = sprGroups.map(g => ({ title: g.title, rows: g.states.map(rowOf) }))

function matches(row: SprRow, group: string, words: readonly string[]): boolean {
  const { name, numbers, meaning, fields } = row
  const text = `${name} ${numbers} ${meaning} ${group} ${fields?.bits.map(b => b.name).join(' ') ?? ''}`.toLowerCase()
  return words.every(w => (/^\d+$/.test(w) ? numbers.split(', ').includes(w) || name.toLowerCase().includes(w) : text.includes(w)))
}

/** Groups with the rows that have all words; empty groups are left out. */
export function rowsFor(search: string): readonly RowGroup[] {
  const words = search
    .toLowerCase()
    .split(/[\s.]+/)
    .filter(Boolean)
  if (words.length === 0) return allRows
  return allRows.map(g => ({ title: g.title, rows: g.rows.filter(r => matches(r, g.title, words)) })).filter(g => g.rows.length > 0)
}

/** "38" or "39:40", big-endian. */
export const bitsText = ({ bit, last }: BitRow): string => (bit === last ? `${bit}` : `${bit}:${last}`)

/** A field's value: decimal, and in hexadecimal where it is wide. */
export function fieldText(fields: BitField, row: BitRow, value: bigint): string {
  const found = (value & fields.mask[row.name]!) >> BigInt(fields.shift[row.name]!)
  return row.last - row.bit >= 8 ? `0x${found.toString(16)}` : found.toString()
}
