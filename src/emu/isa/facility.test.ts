import { describe, expect, test } from 'vitest'
import { facilities, facilityOf, facilityRows } from './facility.ts'
import { instructions } from './instructions.ts'

const word = (opcode: number, rest: number): number => ((opcode << 26) | rest) >>> 0

describe('the table', () => {
  const overlaps = (a: { match: number; mask: number }, b: { match: number; mask: number }) => ((a.match ^ b.match) & a.mask & b.mask) === 0
  test('has no word that two rows claim', () => {
    const found: string[] = []
    for (const [i, a] of facilityRows.entries())
      for (const b of facilityRows.slice(i + 1)) if (overlaps(a, b)) found.push(`${a.name} ${b.name}`)
    expect(found).toEqual([])
  })
  test('leaves every word of the fixed-point rows to them', () => {
    const found: string[] = []
    for (const a of facilityRows) for (const b of instructions) if (overlaps(a, b)) found.push(`${a.name} ${b.name}`)
    expect(found).toEqual([])
  })
  test('names each instruction once', () => {
    const names = facilityRows.map(r => r.name)
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([])
  })
})

describe('the facility of a word', () => {
  test.each([
    [word(63, 0x0022_182a), 'fadd', 'fp'],
    [word(63, 0x0022_182b), 'fadd.', 'fp'],
    [word(50, 0x0001_0008), 'lfd', 'fp'],
    [word(4, 0x0022_1800), 'vaddubm', 'vec'],
    [word(4, 0x0022_1c06), 'vcmpequb.', 'vec'],
    [word(31, 0x0022_18ce), 'lvx', 'vec'],
    [word(31, 0x0022_1e98), 'lxvd2x', 'vsx'],
    [word(31, 0x0022_1e99), 'lxvd2x', 'vsx'],
    [word(63, 0x0022_1808), 'xsaddqp', 'vsx'],
    [word(63, 0x0022_1809), 'xsaddqpo', 'vsx'],
    [word(31, 0x0000_051d), 'tbegin.', 'tm'],
  ])('%#: %s is %s, %s', (w, name, facility) => {
    expect(facilityOf(w)).toEqual({ name, facility })
  })
  test('depends on the register where the ISA says so', () => {
    for (const [opcode, low, upperBit, name, facility, upper] of [
      [61, 0x001, 8, 'lxv', 'vsx', 'vec'],
      [61, 0x005, 8, 'stxv', 'vsx', 'vec'],
      [31, 0x218, 1, 'lxvx', 'vsx', 'vec'],
      [31, 0x066, 1, 'mfvsrd', 'fp', 'vec'],
      [60, 0x2d0, 1, 'xxspltib', 'vsx', 'vec'],
    ] as const) {
      expect(facilityOf(word(opcode, low))).toEqual({ name, facility })
      expect(facilityOf(word(opcode, low | upperBit))).toEqual({ name, facility: upper })
    }
  })
  test('ignores reserved bits: FRC of fadd, bit 31 of lfdx', () => {
    expect(facilityOf(word(63, 0x0022_182a | (31 << 6)))?.name).toBe('fadd')
    expect(facilityOf(word(31, (599 << 1) | 1))?.name).toBe('lfdx')
  })
  test('tells apart what only bits 11:15 tell apart, and knows no others', () => {
    expect(facilityOf(word(4, 0x602 | (28 << 16)))?.name).toBe('vctzb')
    expect(facilityOf(word(4, 0x602 | (2 << 16)))).toBeNull()
  })
  test('is none for fixed-point words, maddld among them, and for what is no instruction', () => {
    for (const w of [0x38600001, 0x7c632214, word(4, 0x33), word(4, 0x30), word(4, 0x31), word(58, 1), word(62, 2), 0x00dddd00, 0])
      expect(facilityOf(w)).toBeNull()
  })
})

test('every facility names an interrupt of its own, or IC 5', () => {
  expect(facilities.fp.interrupt).toBe('fpUnavailable')
  expect(facilities.vec.interrupt).toBe('vectorUnavailable')
  expect(facilities.vsx.interrupt).toBe('vsxUnavailable')
  expect(facilities.tm).toMatchObject({ interrupt: 'facilityUnavailable', hypervisor: 'TM' })
})
