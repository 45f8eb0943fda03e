/** The listing: every line of the source with the addresses and bytes that it made, then the symbols. */
import type { Assembled, AssembledLine, Section } from './assemble.ts'

const BYTES_A_ROW = 8
const hex = (v: bigint): string => v.toString(16).padStart(16, '0')
const byte = (b: number): string => b.toString(16).padStart(2, '0')

/** Rows of one statement: address, bytes, and on the first the text. A long run of equal rows is shown once. */
function rowsOf(made: AssembledLine, section: Section | undefined, head: string, text: string): string[] {
  const from = section ? Number(made.address - section.address) : 0
  const bytes = section ? section.bytes.subarray(from, from + made.size) : new Uint8Array(0)
  const rows: string[] = []
  let before = ''
  let left = 0
  for (let at = 0; at < bytes.length; at += BYTES_A_ROW) {
    const shown = [...bytes.subarray(at, at + BYTES_A_ROW)].map(byte).join('')
    const last = at + BYTES_A_ROW >= bytes.length
    if (shown === before && !last) {
      left++
      continue
    }
    if (left > 0) rows.push(`${' '.repeat(head.length)} * ${left} more as above`)
    left = 0
    before = shown
    const front = at === 0 ? head : ' '.repeat(head.length)
    rows.push(`${front} ${hex(made.address + BigInt(at))} ${shown.padEnd(2 * BYTES_A_ROW)} ${at === 0 ? text : ''}`.trimEnd())
  }
  return rows
}

/** Statements of an expansion stand behind a `+`, below the line that asked for them. */
export function listing(source: string, a: Assembled): string {
  const made = new Map<number, AssembledLine[]>()
  for (const l of a.lines) {
    const same = made.get(l.line)
    if (same) same.push(l)
    else made.set(l.line, [l])
  }
  const sectionAt = (address: bigint) => a.sections.find(s => address >= s.address && address < s.address + BigInt(s.bytes.length))
  const lines = source.replace(/\n$/, '').split('\n')
  const width = Math.max(4, `${lines.length}`.length)
  const empty = ' '.repeat(2 * BYTES_A_ROW + 16 + 1)
  const out = lines.flatMap((text, i) => {
    const number = `${i + 1}`.padStart(width)
    const pieces = made.get(i + 1) ?? []
    const [first] = pieces
    const own = first && first.expansion === undefined
    const rows = pieces.flatMap((piece, n) => {
      const shown = piece.expansion !== undefined ? `+ ${piece.expansion.trim()}` : n === 0 ? text : ''
      return rowsOf(piece, sectionAt(piece.address), own && n === 0 ? number : ' '.repeat(width), shown)
    })
    return own ? rows : [`${number} ${empty} ${text}`.trimEnd(), ...rows]
  })
  return `${[...out, ...symbolRows(a)].join('\n')}\n`
}

function symbolRows(a: Assembled): string[] {
  const named = [...a.symbols, ...a.constants].filter(([name]) => !name.startsWith('.L'))
  if (named.length === 0) return []
  const longest = Math.max(...named.map(([name]) => name.length))
  const kind = (name: string): string => {
    if (!a.symbols.has(name) && !a.described.has(name)) return 'constant'
    const { binding, type } = a.described.get(name)!
    return [binding, type].filter(Boolean).join(' ')
  }
  return ['', 'Symbols', ...named.map(([name, value]) => `${name.padEnd(longest)} ${hex(BigInt.asUintN(64, value))} ${kind(name)}`)]
}
