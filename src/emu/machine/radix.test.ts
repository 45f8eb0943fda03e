import { describe, expect, test } from 'vitest'
import { STATE_BYTES } from '../core/layout.ts'
import { type Access, type Partition, translate, type WalkStorage } from '../core/mmu.ts'
import { State } from '../core/state.ts'
import { MSR } from '../isa/bitfields.ts'
import { buildTables, type Mapping, type PageSize } from './radix.ts'

const GiB = 1 << 30
const LINEAR = 0xc000000000000000n
const R = 0x100n
const C = 0x80n

/** RAM of 1 GiB of which only the doublewords that were written exist. */
class Sparse implements WalkStorage {
  readonly ramBytes = GiB
  readonly words = new Map<number, bigint>()
  readDoubleword = (address: bigint): bigint | null => (address + 8n <= BigInt(GiB) ? (this.words.get(Number(address)) ?? 0n) : null)
  writeDoubleword = (address: bigint, value: bigint): void => void this.words.set(Number(address), value)
}

const mapping = (m: Partial<Mapping> = {}): Mapping => ({ from: 0n, real: 0n, bytes: GiB, privileged: true, touched: true, ...m })

function built(page: PageSize, processes: Mapping[][]) {
  const storage = new Sparse()
  const tables = buildTables(
    GiB,
    page,
    processes,
    (real, value) => storage.words.set(real, value),
    real => storage.words.get(real) ?? 0n,
  )
  const partition: Partition = { processTable: tables.processTable }
  const state = new State(new ArrayBuffer(STATE_BYTES), 0)
  const on = MSR.mask.SF | MSR.mask.IR | MSR.mask.DR
  /** "0x12345" where the access gets there, else the interrupt and its cause. */
  const access = (address: bigint, kind: Access = 'load', o: { pid?: bigint; problem?: boolean } = {}): string => {
    state.set('MSR', on | (o.problem ? MSR.mask.PR : 0n))
    state.set('PIDR', o.pid ?? 0n)
    const found = translate(state, partition, storage, address, kind)
    return 'interrupt' in found ? `${found.interrupt} ${found.status.toString(16)}` : `0x${found.guestReal.toString(16)}`
  }
  /** Leaves of the trees: doublewords with the leaf bit. */
  const leaves = () => [...storage.words.values()].filter(w => w >> 62n === 3n)
  return { storage, tables, access, leaves }
}

const sizes: [PageSize, bytes: number][] = [
  ['4K', 1 << 12],
  ['64K', 1 << 16],
  ['2M', 1 << 21],
  ['1G', GiB],
]

describe.each(sizes)('pages of %s', (page, bytes) => {
  test('the walk of the core gives the address itself, at every border of a page and of RAM', () => {
    const { access } = built(page, [[mapping()]])
    for (const real of [0, 1, bytes - 1, bytes, 2 * bytes, 3 * bytes + 5, 0x1234_5678, GiB - 8].filter(a => a < GiB))
      expect(access(LINEAR + BigInt(real)), `real ${real.toString(16)}`).toBe(`0x${real.toString(16)}`)
  })

  test('there is one leaf a page, with its R and C bits as asked', () => {
    const some = Math.min(bytes * 4, GiB)
    for (const touched of [true, false]) {
      const { leaves } = built(page, [[mapping({ bytes: some, touched })]])
      expect(leaves().length).toBe(some / bytes)
      expect(leaves().every(w => (w & (R | C)) === (touched ? R | C : 0n))).toBe(true)
    }
  })

  test('what lies behind the mapping is not translated', () => {
    const { access } = built(page, [[mapping({ bytes: Math.min(bytes * 2, GiB) })]])
    const behind = LINEAR + BigInt(Math.min(bytes * 2, GiB))
    expect(access(behind)).toBe('dataStorage 40000000')
    expect(access(behind, 'store')).toBe('dataStorage 42000000')
    expect(access(behind, 'fetch')).toBe('instructionStorage 40000000')
  })
})

test('the first load sets R and the first store C, in the leaf that was walked', () => {
  const { access, leaves } = built('64K', [[mapping({ bytes: 1 << 20, touched: false })]])
  access(LINEAR + 0x30008n)
  expect(leaves().filter(w => (w & R) !== 0n)).toHaveLength(1)
  expect(leaves().filter(w => (w & C) !== 0n)).toHaveLength(0)
  access(LINEAR + 0x30008n, 'store')
  expect(leaves().filter(w => (w & (R | C)) === (R | C))).toHaveLength(1)
})

test('a privileged page is not for problem state; each process has its own tree', () => {
  const { access } = built('2M', [[mapping()], [mapping({ privileged: false, real: 0x200000n, bytes: 1 << 21 })]])
  expect(access(LINEAR + 0x10n, 'load', { problem: true })).toBe('dataStorage 8000000')
  expect(access(0x10n, 'load', { pid: 1n, problem: true })).toBe('0x200010')
  expect(access(0x10n, 'fetch', { pid: 1n, problem: true })).toBe('0x200010')
  expect(access(0x10n, 'load', { pid: 0n })).toBe('0x10')
  // Process 2 has no entry: its tree is empty.
  expect(access(0x10n, 'load', { pid: 2n, problem: true })).toMatch(/^dataS/)
})

test('an address outside the 52 bits of the tree is a segment interrupt, as are quadrants 1 and 2', () => {
  const { access } = built('2M', [[mapping()]])
  expect(access(LINEAR | (1n << 52n))).toBe('dataSegment 0')
  expect(access(0x4000000000000000n)).toBe('dataSegment 0')
  expect(access(0x8000000000000000n, 'fetch')).toBe('instructionSegment 0')
})

test('tables lie at the top of RAM, each aligned to its size, and nothing is written below them', () => {
  for (const [page] of sizes) {
    const { storage, tables } = built(page, [[mapping()], [mapping({ privileged: false })]])
    const lowest = [...storage.words.keys()].reduce((a, b) => Math.min(a, b))
    expect(lowest).toBeGreaterThanOrEqual(tables.lowest)
    expect(tables.lowest).toBeGreaterThan(GiB - (8 << 20))
    expect(Number(tables.processTable.base) % 4096).toBe(0)
    const roots = [0, 1].map(pid => storage.words.get(Number(tables.processTable.base) + 16 * pid)! & 0x0fffffffffffff00n)
    expect(roots.map(root => root % 65536n)).toEqual([0n, 0n])
  }
})
