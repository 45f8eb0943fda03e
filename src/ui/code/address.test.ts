import { expect, test } from 'vitest'
import { type Names, parseAddress, symbolAt } from './address.ts'

const names: Names = {
  symbols: [
    { name: 'probe', address: 0xc000_0000_0001_0008n },
    { name: 'add', address: 0x2000n },
  ],
  registers: { r1: 0x8000n, SRR0: 0xd04n },
}
const address = (text: string) => parseAddress(text, names).address

test.each([
  ['0xd00', 0xd00n],
  ['d00', 0xd00n],
  ['10', 0x10n],
  ['0xc000_0000_0000_4d00', 0xc000_0000_0000_4d00n],
  ['probe', 0xc000_0000_0001_0008n],
  ['probe+0xc', 0xc000_0000_0001_0014n],
  ['probe + 16', 0xc000_0000_0001_0018n],
  ['r1-8', 0x7ff8n],
  ['srr0', 0xd04n],
  ['add', 0x2000n],
  ['-8', 0xffff_ffff_ffff_fff8n],
])('%s', (text, value) => {
  expect(address(text)).toBe(value)
})

test('what is wrong is named, with the nearest symbol', () => {
  expect(parseAddress('prove', names).problem).toBe('No symbol or register "prove". Nearest: probe.')
  expect(parseAddress('nothing_like_it', names).problem).toBe('No symbol or register "nothing_like_it".')
  expect(parseAddress('probe+', names).problem).toBe('A number or a symbol is missing beside the sign.')
  expect(parseAddress(' ', names).problem).toMatch(/^Give an address/)
  expect(parseAddress('0x12345678901234567', names).problem).toMatch(/more than 16/)
})

test('the symbol of an address is the nearest below it', () => {
  expect(symbolAt(names.symbols, 0x2000n)).toBe('add')
  expect(symbolAt(names.symbols, 0x2008n)).toBe('add+0x8')
  expect(symbolAt(names.symbols, 0x1fffn)).toBeNull()
  expect(symbolAt(names.symbols, 0x0009_0000n)).toBeNull()
})
