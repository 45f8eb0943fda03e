/** Addresses as people write them: hexadecimal, symbols and registers, with + and −. */
import type { EffectiveAddress } from '../../emu/isa/units.ts'

export interface Names {
  symbols: readonly { name: string; address: EffectiveAddress }[]
  registers: Readonly<Record<string, bigint>>
}

export type ParsedAddress = { address: EffectiveAddress; problem: null } | { address: null; problem: string }

const ADDRESS_SPACE = 1n << 64n
const problem = (text: string): ParsedAddress => ({ address: null, problem: text })

/** The value of "0xd00", "d00", "probe+0x8" or "r1-16"; a symbol goes before a register, and both before plain digits. */
export function parseAddress(text: string, names: Names): ParsedAddress {
  const terms = text.trim()
  if (!terms) return problem('Give an address: hexadecimal digits, a symbol or a register.')
  const pieces = terms.split(/\s*([+-])\s*/)
  let sum = 0n
  for (let i = 0; i < pieces.length; i += 2) {
    const sign = i === 0 ? '+' : pieces[i - 1]
    const piece = pieces[i]!
    if (piece === '' && i === 0 && pieces.length > 1) continue
    const value = termValue(piece, names, i > 0)
    if (value === null) return problem(unknown(piece, names))
    sum += sign === '-' ? -value : value
  }
  return { address: ((sum % ADDRESS_SPACE) + ADDRESS_SPACE) % ADDRESS_SPACE, problem: null }
}

function termValue(piece: string, names: Names, offset: boolean): bigint | null {
  const symbol = names.symbols.find(s => s.name === piece)
  if (symbol) return symbol.address
  const register = Object.keys(names.registers).find(r => r.toLowerCase() === piece.toLowerCase())
  if (register) return names.registers[register]!
  const digits = piece.replaceAll('_', '')
  if (/^0x[\da-f]{1,16}$/i.test(digits)) return BigInt(digits)
  // An offset reads as it does in the listing beside it, where "r1, 16" is decimal; an address alone is always hexadecimal.
  if (offset && /^\d{1,19}$/.test(digits)) return BigInt(digits)
  if (/^[\da-f]{1,16}$/i.test(digits)) return BigInt(`0x${digits}`)
  return null
}

function unknown(piece: string, names: Names): string {
  if (!piece) return 'A number or a symbol is missing beside the sign.'
  if (/^(0x)?[\da-f_]{17,}$/i.test(piece)) return `${piece} has more than 16 hexadecimal digits.`
  const near = nearest(
    piece,
    names.symbols.map(s => s.name),
  )
  return `No symbol or register "${piece}".${near ? ` Nearest: ${near}.` : ''}`
}

function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(word.length / 3))
  let best: string | null = null
  let least = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const d = distance(word.toLowerCase(), candidate.toLowerCase())
    if (d < least) [best, least] = [candidate, d]
  }
  return best
}

/** Edits that lead from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}

export const hex = (value: bigint): string => `0x${value.toString(16)}`
export const hex16 = (value: bigint): string => value.toString(16).padStart(16, '0')

/** Symbols farther away than this say nothing about an address. */
const NEAR = 0x1_0000n

/** "probe", "probe+0xc", or null where no symbol is near below the address. */
export function symbolAt(symbols: Names['symbols'], address: EffectiveAddress): string | null {
  let best: Names['symbols'][number] | null = null
  for (const s of symbols) if (s.address <= address && (!best || s.address > best.address)) best = s
  if (!best || address - best.address >= NEAR) return null
  return address === best.address ? best.name : `${best.name}+${hex(address - best.address)}`
}
