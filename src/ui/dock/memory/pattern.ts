/** What somebody types to search for, as the bytes that it is in memory. */
import { type Names, parseAddress } from '../../code/address.ts'

export type PatternKind = 'bytes' | 'text' | 'word' | 'doubleword'

export const patternKinds: readonly { kind: PatternKind; name: string; placeholder: string }[] = [
  { kind: 'bytes', name: 'Bytes, hex', placeholder: '7c 00 00 a6' },
  { kind: 'text', name: 'Text', placeholder: 'text, as UTF-8' },
  { kind: 'word', name: '32-bit value', placeholder: '0x7c0000a6' },
  { kind: 'doubleword', name: '64-bit value', placeholder: 'value, symbol, register' },
]

export type Pattern = { bytes: Uint8Array; problem: null } | { bytes: null; problem: string }
const problem = (text: string): Pattern => ({ bytes: null, problem: text })

/** The low bytes of the value, in the guest's order. */
export function bytesOf(value: bigint, count: number, little: boolean): Uint8Array {
  const bytes = Uint8Array.from({ length: count }, (_, n) => Number((value >> BigInt(8 * n)) & 0xffn))
  return little ? bytes : bytes.reverse()
}

/** Two digits a byte, spaced as people like. */
export function hexBytes(text: string): Pattern {
  const digits = text.replace(/0x|[\s_,]/gi, '')
  const wrong = /[^\da-f]/i.exec(digits)?.[0]
  if (wrong !== undefined) return problem(`Bytes are hexadecimal digits, two for each. “${wrong}” is none.`)
  if (digits === '') return problem('Type at least one byte, as two hexadecimal digits.')
  if (digits.length % 2) return problem(`These are ${digits.length} digits. A byte has two.`)
  return { bytes: Uint8Array.from(digits.match(/../g)!, d => Number.parseInt(d, 16)), problem: null }
}

function valueBytes(text: string, size: 4 | 8, little: boolean, names: Names): Pattern {
  const { address: value, problem: wrong } = parseAddress(text, names)
  if (value === null) return problem(text.trim() ? wrong : 'Type a value: hexadecimal digits, a symbol or a register.')
  // A negative number is as wide as people think it is.
  const fits = size === 8 || value >> 32n === 0n || BigInt.asIntN(32, value) === BigInt.asIntN(64, value)
  if (!fits) return problem(`0x${value.toString(16)} does not fit in 32 bits. Search for a 64-bit value.`)
  return { bytes: bytesOf(value, size, little), problem: null }
}

export function patternOf(kind: PatternKind, text: string, little: boolean, names: Names): Pattern {
  if (kind === 'bytes') return hexBytes(text)
  if (kind === 'text') return text ? { bytes: new TextEncoder().encode(text), problem: null } : problem('Type at least one character.')
  return valueBytes(text, kind === 'word' ? 4 : 8, little, names)
}
