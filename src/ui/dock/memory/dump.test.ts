import { expect, test } from 'vitest'
import type { MemoryView } from '../../../emu/worker/protocol.ts'
import { asciiText, dumpRow, notMapped } from './dump.ts'

const page: MemoryView = {
  address: 0x4000n,
  real: 0x4000n,
  bytes: Uint8Array.from({ length: 64 }, (_, i) => i),
  planted: [{ offset: 16, original: Uint8Array.of(0xa6, 0x43, 0xb2, 0x7d) }],
  fault: null,
  before: null,
}

test('a row holds sixteen bytes, marked where the controller’s word lies', () => {
  const row = dumpRow(page, 16)!
  expect(row.bytes.map(b => b.value)).toEqual(Array.from({ length: 16 }, (_, i) => 16 + i))
  expect(row.bytes.map(b => b.planted).indexOf(false)).toBe(4)
  expect(row.originals).toEqual([{ offset: 0, bytes: [0xa6, 0x43, 0xb2, 0x7d] }])
  expect(dumpRow(page, 0)!.originals).toEqual([])
})

test('bytes that the last action changed say what they were', () => {
  const before = page.bytes.slice()
  before[17] = 0xee
  const row = dumpRow({ ...page, before }, 16)!
  expect(row.bytes.map(b => b.was)).toEqual([null, 0xee, ...Array.from({ length: 14 }, () => null)])
  expect(dumpRow(page, 16)!.bytes.every(b => b.was === null)).toBe(true)
})

test('nothing is made up where nothing is mapped', () => {
  expect(dumpRow({ ...page, real: null, bytes: new Uint8Array(), fault: 'x' }, 0)).toBeNull()
  expect(dumpRow(page, 64)).toBeNull()
  expect(notMapped(0xd04n, 'Not mapped: 0xd00 (DR on, no entry)')).toBe('Not mapped: 0xd04 (DR on, no entry)')
  expect(notMapped(0xd04n, null)).toBe('Not mapped: 0xd04')
})

test('what ASCII cannot print is a dot', () => {
  expect([0x41, 0x20, 0x7e, 0x7f, 0x1f, 0xe9].map(asciiText).join('')).toBe('A ~...')
})
