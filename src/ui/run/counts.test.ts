import { expect, test } from 'vitest'
import { shortCount, shortHex } from './counts.ts'

test.each([
  [0n, '0'],
  [999n, '999'],
  [41_208n, '41\u2009208'],
  [999_999n, '999\u2009999'],
  [1_000_000n, '1.0\u2009M'],
  [193_548_672n, '193.5\u2009M'],
  [999_999_999n, '999.9\u2009M'],
  [12_000_000_000n, '12.0\u2009G'],
  [1_234_500_000_000n, '1\u2009234.5\u2009G'],
])('%s instructions are %s', (n, text) => {
  expect(shortCount(n)).toBe(text)
})

test.each([
  [0n, '0x0'],
  [0xa3cn, '0xa3c'],
  [0x9f2e0n, '0x9_f2e0'],
  [0xb88e181n, '0xb88_e181'],
])('%s is %s', (n, text) => {
  expect(shortHex(n)).toBe(text)
})
