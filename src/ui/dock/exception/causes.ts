/** Cause bits as rows: those that are set with their meaning, the rest in one row. */
import type { ExceptionView } from '../../../emu/worker/protocol.ts'

export interface CauseRow {
  bits: string
  value: string
  meaning: string
  /** What each bit of a joined row would mean. */
  detail: string | null
}

type CauseBits = ExceptionView['causeBits']

/** "34:36, 43" of the bits 34, 35, 36 and 43. */
export function ranges(bits: readonly string[]): string {
  const spans = bits.map(b => b.split(':').map(Number)).map(([first, last]) => [first!, last ?? first!] as [number, number])
  const joined: [number, number][] = []
  for (const [first, last] of spans) {
    const open = joined.at(-1)
    if (open && first === open[1] + 1) open[1] = last
    else joined.push([first, last])
  }
  return joined.map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`)).join(', ')
}

export function causeRows(causeBits: CauseBits): CauseRow[] {
  const isSet = (c: CauseBits[number]) => !/^0+$/.test(c.value)
  const set = causeBits.filter(isSet)
  const clear = causeBits.filter(c => !isSet(c))
  const rows: CauseRow[] = set.map(c => ({ ...c, detail: null }))
  const [only] = clear
  if (clear.length === 1 && only) rows.push({ ...only, meaning: `not: ${only.meaning}`, detail: null })
  if (clear.length > 1)
    rows.push({
      bits: ranges(clear.map(c => c.bits)),
      value: '0',
      meaning: set.length ? 'no other cause' : 'no cause is given',
      detail: clear.map(c => `${c.bits}: ${c.meaning}`).join(' '),
    })
  return rows
}
