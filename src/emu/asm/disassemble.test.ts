import { expect, test } from 'vitest'
import { disassemble } from './disassemble.ts'

const text = (word: number, address = 0n): string => disassemble(word, address).text

test.each([
  [0x60000000, 'nop'],
  [0x38600005, 'li      r3,5'],
  [0x7ca000a6, 'mfmsr   r5'],
  [0x4e800020, 'blr'],
  [0x78831fe4, 'rldicr  r3,r4,3,63'],
  [0x78831f24, 'sldi    r3,r4,3'],
  [0x88640008, 'lbz     r3,8(r4)'],
  [0x88600008, 'lbz     r3,8(0)'],
  [0x7c7a02a6, 'mfsrr0  r3'],
  [0x4cc63182, 'crclr   4*cr1+eq'],
  [0x7c6b22e6, '.long   0x7c6b22e6 # mftb r3,139'],
  [0xfc22182a, '.long   0xfc22182a # fadd'],
  [0x00000000, '.long   0x0'],
])('%i is %s', (word, expected) => {
  expect(text(word)).toBe(expected)
})

test('a branch says where it goes, and what is there', () => {
  expect(text(0x4bfffffc, 0x1000n)).toBe('b       0xffc')
  expect(text(0x4800001d, 0xc000000000000000n)).toBe('bl      0xc00000000000001c')
  expect(text(0x4bfffffc, 0n)).toBe('b       0xfffffffffffffffc')
  expect(disassemble(0x48000010, 0n, { symbol: a => (a === 16n ? 'loop' : null) }).operands).toBe('0x10 <loop>')
})

test('raw text has the own name and every operand', () => {
  expect(disassemble(0x4e800020, 0n, { raw: true }).text).toBe('bclr    20,lt,0')
  expect(disassemble(0x60000000, 0n, { raw: true }).text).toBe('ori     r0,r0,0')
})
