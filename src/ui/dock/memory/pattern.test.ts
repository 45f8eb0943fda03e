import { describe, expect, test } from 'vitest'
import { patternOf } from './pattern.ts'

const names = { symbols: [{ name: 'probe', address: 0xc000000000010004n }], registers: { r3: 0x1122334455667788n } }
const bytes = (kind: Parameters<typeof patternOf>[0], text: string, little = true) => {
  const found = patternOf(kind, text, little, names)
  return found.bytes ? Array.from(found.bytes, b => b.toString(16).padStart(2, '0')).join('') : found.problem
}

describe('what is typed to search for', () => {
  test('bytes, however they are spaced', () => {
    for (const text of ['7c0000a6', '7c 00 00 a6', '0x7c, 0x00 00_a6']) expect(bytes('bytes', text)).toBe('7c0000a6')
    expect(bytes('bytes', '7c0')).toBe('These are 3 digits. A byte has two.')
    expect(bytes('bytes', '7x')).toBe('Bytes are hexadecimal digits, two for each. “x” is none.')
    expect(bytes('bytes', ' ')).toBe('Type at least one byte, as two hexadecimal digits.')
  })

  test('text, as UTF-8', () => {
    expect(bytes('text', 'é!')).toBe('c3a921')
    expect(bytes('text', '')).toBe('Type at least one character.')
  })

  test('values, in the byte order of the guest', () => {
    expect(bytes('word', '0x7c0000a6')).toBe('a600007c')
    expect(bytes('word', '0x7c0000a6', false)).toBe('7c0000a6')
    expect(bytes('doubleword', 'probe + 4')).toBe('08000100000000c0')
    expect(bytes('doubleword', 'r3', false)).toBe('1122334455667788')
    expect(bytes('word', '-1')).toBe('ffffffff')
    expect(bytes('word', 'r3')).toBe('0x1122334455667788 does not fit in 32 bits. Search for a 64-bit value.')
    expect(bytes('word', 'nonsense')).toMatch(/^No symbol or register "nonsense"/)
  })
})
