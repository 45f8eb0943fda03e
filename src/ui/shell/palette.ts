/** What the palette offers for a query: rows with its words, and places that it names. */

import type { MachineView } from '../../emu/worker/protocol.ts'
import type { TimelineEvents } from '../../emu/worker/timeline-events.ts'
import { sprNamed } from '../dock/sprs/place.ts'

export interface PaletteEntry {
  readonly id: string
  readonly label: string
  /** Where a jump leads. */
  readonly note: string
  readonly key: string | null
  readonly off: string | null
  run(): void
}

/** More than anyone reads before typing another letter. */
export const MOST_ROWS = 60

/** Rows with all words of the query; those that begin with it first, then by their order. */
export function matching<T extends { readonly label: string }>(rows: readonly T[], query: string): T[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return [...rows]
  const words = wanted.split(/\s+/)
  const rank = (label: string): number => {
    const l = label.toLowerCase()
    if (!words.every(w => l.includes(w))) return -1
    return l.startsWith(wanted) ? 0 : l.includes(wanted) ? 1 : 2
  }
  return rows
    .map((row, order) => ({ row, order, rank: rank(row.label) }))
    .filter(r => r.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(r => r.row)
    .slice(0, MOST_ROWS)
}

export type Place =
  | { kind: 'wrote'; register: string }
  | { kind: 'time'; instructions: bigint }
  | { kind: 'event'; event: number }
  | { kind: 'address'; address: bigint }
  | { kind: 'memory'; address: bigint }
  | { kind: 'word'; word: number }
  | { kind: 'spr'; register: string }
  | { kind: 'register'; register: string }

export interface Jump {
  readonly label: string
  readonly note: string
  readonly place: Place
}

/** Registers that State shows by name. */
const REGISTER = /^(r(?:[12]?\d|3[01])|nip|lr|ctr|h?srr[01]|msr)$/i
const ADDRESS = /^0x([\da-f]{1,4}(?:_?[\da-f]{1,4})*)$/i

function named(query: string, events: TimelineEvents): Jump[] {
  const number = /^(?:event\s+)?(\d+)$/i.exec(query)?.[1]
  if (number !== undefined) {
    const event = events.event(Number(number))
    if (!event) return []
    return [{ label: `Go to event ${event.index}`, note: event.sentence, place: { kind: 'event', event: event.index } }]
  }
  const instructions = /^instruction\s+(\d{1,19})$/i.exec(query)?.[1]
  if (instructions !== undefined)
    return [
      { label: `Go to instruction ${instructions}`, note: 'Since reset', place: { kind: 'time', instructions: BigInt(instructions) } },
    ]
  const digits = ADDRESS.exec(query)?.[1]?.replaceAll('_', '')
  if (digits !== undefined && digits.length <= 16) {
    const address = BigInt(`0x${digits}`)
    const word: Jump = { label: `Decode ${query}`, note: 'As a word', place: { kind: 'word', word: Number(address) } }
    return [
      { label: `Go to ${query}`, note: 'Disassembly', place: { kind: 'address', address } },
      { label: `Go to ${query} in Memory`, note: 'Memory', place: { kind: 'memory', address } },
      ...(digits.length === 8 ? [word] : []),
    ]
  }
  const register = REGISTER.exec(query.replace(/^(what )?last wrote\s+/i, ''))?.[0]
  const spr = sprNamed(query)
  const inSprs: Jump[] =
    spr === null ? [] : [{ label: `Go to ${spr} in SPRs`, note: 'With its fields', place: { kind: 'spr', register: spr } }]
  if (register === undefined) return inSprs
  const name = register.startsWith('r') || register.startsWith('R') ? register.toLowerCase() : register.toUpperCase()
  const go: Jump = { label: `Go to ${name}`, note: 'State', place: { kind: 'register', register: name } }
  const wrote: Jump = { label: `What last wrote ${name}`, note: 'Back to there', place: { kind: 'wrote', register: name } }
  if (name === 'NIP') return [go]
  return query === register ? [go, ...inSprs, wrote] : [wrote]
}

/** Events by number, addresses, registers, and symbols of the program. */
export function jumps(query: string, view: Pick<MachineView, 'program'>, events: TimelineEvents): Jump[] {
  const wanted = query.trim()
  if (wanted === '') return []
  const symbols = (view.program?.symbols ?? []).map(
    (s): Jump => ({ label: `Go to ${s.name}`, note: `0x${s.address.toString(16)}`, place: { kind: 'address', address: s.address } }),
  )
  return [...named(wanted, events), ...matching(symbols, wanted)]
}
