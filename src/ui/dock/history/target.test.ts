import { expect, test } from 'vitest'
import { targetOf, timeOf } from './target.ts'

const names = {
  symbols: [
    { name: 'loop', address: 0x10018n },
    { name: 'lr', address: 0x20n },
  ],
  registers: { r3: 5n, LR: 0x100n },
}

test.each([
  ['r3', { vcpu: 1, register: 'r3' }],
  [' R3 ', { vcpu: 1, register: 'r3' }],
  ['loop', { address: 0x10018n }],
  ['LR', { vcpu: 1, register: 'LR' }],
  // A symbol goes before a register of the same spelling.
  ['lr', { address: 0x20n }],
  ['r3+3', { address: 8n }],
  ['0x4000', { address: 0x4000n }],
])('%s', (text, wanted) => expect(targetOf(text, 1, names)).toEqual(wanted))

test('what is neither is said', () => expect(targetOf('nowhere!', 0, names)).toMatch(/No symbol or register/))

test.each([
  ['1 000', 1000n],
  ['1,234,567', 1_234_567n],
  ['2e6', 2_000_000n],
])('%s instructions', (text, wanted) => expect(timeOf(text)).toBe(wanted))
test('no number', () => expect(timeOf('soon')).toMatch(/no number/))
