import { describe, expect, expectTypeOf, test } from 'vitest'
import * as tables from './bitfields.ts'
import {
  type BitField,
  bit,
  bitField,
  CR,
  DAWRX,
  DSISR,
  FSCR,
  facilityCause,
  field,
  getField,
  HFSCR,
  LPCR,
  MSR,
  SRR1,
  SRR1_CAUSE_MASK,
  setField,
  XER,
} from './bitfields.ts'

const registers = [
  ...Object.values(tables).flatMap(t => (typeof t === 'object' && 'bits' in t ? [t as BitField] : [])),
  ...(Object.values(SRR1) as BitField[]),
]

describe('a bit field', () => {
  const R = bitField('R', 32, [bit('A', 0, 'First.'), field('F', 28, 30, 'A field.')])
  test('counts bits from the most significant', () => {
    expect(R.mask).toEqual({ A: 0x80000000n, F: 0xen })
    expect(R.shift).toEqual({ A: 31, F: 1 })
  })
  test('reads and replaces a field, and drops what does not fit', () => {
    expect(getField(R, 'F', 0xan)).toBe(5n)
    expect(setField(R, 'F', 0xffffffffn, 2n)).toBe(0xfffffff5n)
    expect(setField(R, 'F', 0n, 0x1fn)).toBe(0xen)
  })
  test('knows its names as types', () => {
    expectTypeOf(R.mask).toEqualTypeOf<Readonly<Record<'A' | 'F', bigint>>>()
    // @ts-expect-error: MSR has no bit XX
    expect(MSR.mask.XX).toBeUndefined()
  })
})

test.each(registers.map(r => [r.name, r] as const))('%s: rows are in order, within the width, named once, with a sentence each', (_, r) => {
  let next = 0
  for (const row of r.bits) {
    expect(row.bit, row.name).toBeGreaterThanOrEqual(next)
    expect(row.last, row.name).toBeGreaterThanOrEqual(row.bit)
    expect(row.last, row.name).toBeLessThan(r.width)
    expect(row.meaning, row.name).toMatch(/^[A-Z].*\.$/)
    next = row.last + 1
  }
  expect(new Set(r.bits.map(b => b.name)).size).toBe(r.bits.length)
})

test('MSR bits lie at the places of the reference', () => {
  const lsb = {
    SF: 63,
    HV: 60,
    TM: 32,
    VEC: 25,
    VSX: 23,
    S: 22,
    EE: 15,
    PR: 14,
    FP: 13,
    ME: 12,
    FE0: 11,
    SE: 10,
    BE: 9,
    FE1: 8,
    IR: 5,
    DR: 4,
    PMM: 2,
    RI: 1,
    LE: 0,
  }
  for (const [name, n] of Object.entries(lsb)) expect(MSR.shift[name as keyof typeof lsb], name).toBe(n)
  expect(MSR.mask.TS).toBe(0x600000000n)
})

test('masks that software writes as numbers', () => {
  expect(MSR.mask.SE).toBe(0x400n)
  expect(LPCR.mask.AIL).toBe(3n << 23n)
  expect(LPCR.mask.ILE).toBe(1n << 25n)
  expect(LPCR.mask.UPRT | LPCR.mask.HR).toBe(0x500000n)
  expect(XER.mask).toMatchObject({ SO: 0x80000000n, OV: 0x40000000n, CA: 0x20000000n, OV32: 0x80000n, CA32: 0x40000n, length: 0x7fn })
  expect(CR.mask).toEqual({ LT: 8n, GT: 4n, EQ: 2n, SO: 1n })
  expect(DSISR.mask).toEqual({
    noTranslation: 0x40000000n, protection: 0x08000000n, guarded: 0x04000000n, store: 0x02000000n, dawr: 0x00400000n,
    key: 0x00200000n, configuration: 0x00080000n, referenceChange: 0x00040000n, processTable: 0x00020000n, functionCode: 4n,
  }) // biome-ignore format: a table
  expect(DAWRX.mask).toEqual({ PRO: 1n, PNH: 2n, HYP: 4n, WTI: 8n, WT: 0x10n, DR: 0x20n, DW: 0x40n, HRAMMC: 0x80n, MRD: 0xfc00n })
})

test('cause bits of SRR1', () => {
  expect(SRR1.program.mask).toEqual({ enabledFp: 0x100000n, illegal: 0x80000n, privileged: 0x40000n, trap: 0x20000n, imprecise: 0x10000n })
  const { traced, load, store, CIABR } = SRR1.trace.mask
  expect([traced, traced | load, traced | store, traced | CIABR]).toEqual([0x40000000n, 0x50000000n, 0x48000000n, 0x40100000n])
  expect(SRR1.systemReset.mask).toEqual({ wake: 0x003c0000n, power: 0x00030000n })
  for (const r of Object.values(SRR1) as BitField[]) for (const m of Object.values(r.mask)) expect(m & ~SRR1_CAUSE_MASK, r.name).toBe(0n)
})

test('the interrupt cause of a facility is the number of its bit, from the right', () => {
  for (const r of [FSCR, HFSCR] as BitField[])
    for (const row of r.bits.slice(1)) expect(facilityCause[row.name as keyof typeof facilityCause], row.name).toBe(63 - row.bit)
})
