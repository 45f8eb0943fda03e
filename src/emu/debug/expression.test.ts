import { expect, test } from 'vitest'
import { parseExpression, parseLog, type Scope } from './expression.ts'

const known = (s: string) => s === 'table' || s === 'trace.end'
const scope: Scope = {
  vcpu: 1,
  register: name => ({ r3: 7n, MSR: 0x400n, LPCR: 0x1800000n, CR: 0x20000000n, NIP: 0x100n, DAWRX0: 1n })[name] ?? 0n,
  symbol: name => (name === 'table' ? 0x1000n : 0x2000n),
  read: (a, size) => (a === 0x1008n ? (size === 4 ? 0xfffffffen : 0x1234n) : null),
}
const value = (text: string) => parseExpression(text, known)(scope)

test.each<[string, bigint]>([
  ['1 + 2 * 3', 7n],
  ['r3 == 7 && $pc == 0x100', 1n],
  ['R3 << 4 | 1', 0x71n],
  ['MSR.SE', 1n],
  ['LPCR.AIL', 3n],
  ['CR0.EQ', 1n],
  ['CR1.EQ', 0n],
  ['DAWRX0.PRO', 1n],
  ['*(table + 8)', 0x1234n],
  ['*(u32*)(table + 8)', 0xfffffffen],
  ['*(s32*)(table + 8) < 0', 1n],
  ['*(s32*)(table + 8) == -2', 1n],
  ['trace.end', 0x2000n],
  ['vcpu == 1', 1n],
  ['-1', -1n],
  ['0xffffffffffffffff == -1', 1n],
  ['0xffffffffffffffff > 1', 1n],
  ['0 && *0', 0n],
  ['!r3 || ~0 == -1', 1n],
  ['7 / 0', 0n],
])('%s', (text, expected) => expect(value(text)).toBe(expected))

test.each([
  ['r3 ==', 'Column 6: expected a number, a register, a symbol, "*" or "(", found the end'],
  ['r3 = 4', 'Column 4: expected a number, a name or an operator, found "="'],
  ['(r3', 'Column 4: expected ")", found the end'],
  ['r3 r4', 'Column 4: expected an operator or the end, found "r4"'],
  ['nowhere', 'Column 1: "nowhere" is no register, field or symbol of the program'],
  ['CR0.XX', 'Column 5: expected LT, GT, EQ or SO, found "XX"'],
  ['0x10000000000000000', 'Column 1: 0x10000000000000000 does not fit in 64 bits'],
])('%s is refused', (text, message) => expect(() => value(text)).toThrow(message))

test('a field that a register does not have names those that it has', () =>
  expect(() => value('MSR.XX')).toThrow(/^Column 5: MSR has no field "XX"; it has SF, HV/))
test('memory that is not mapped says where', () => expect(() => value('*0x5000')).toThrow('nothing is mapped at 0x5000'))

test('a log text shows values in their places', () => {
  const say = (text: string) => parseLog(text, known)(scope)
  expect(say('r3 is {r3}, {{table} {*0}')).toBe('r3 is 0x7, {table} (nothing is mapped at 0x0)')
  expect(() => say('a {r3')).toThrow('Column 3')
  expect(() => say('a {r3 +}')).toThrow('Column 8')
})
