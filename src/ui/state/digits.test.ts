import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groups, plainHex, smallDecimal, underscored } from './digits.ts'

/** z zero in front, ^ changed. */
const drawn = (value: bigint, was: bigint | null = null, bits = 64) =>
  groups(value, was, bits)
    .map(g => `${g.digits}${g.zero ? 'z' : ''}${g.changed ? '^' : ''}`)
    .join(' ')

describe('groups of four digits', () => {
  test('leading zero groups are marked, later ones are not', () => {
    expect(drawn(0x0000000100000008n)).toBe('0000z 0001 0000 0008')
    expect(drawn(0n)).toBe('0000z 0000z 0000z 0000z')
    expect(drawn(0xc000000000010008n)).toBe('c000 0000 0001 0008')
  })
  test('only the groups that differ are marked as changed', () => {
    expect(drawn(0xc000000000010008n, 0xc000000000010004n)).toBe('c000 0000 0001 0008^')
    expect(drawn(0n, 0xc000000000010004n)).toBe('0000z^ 0000z 0000z^ 0000z^')
    expect(drawn(7n, 7n)).toBe('0000z 0000z 0000z 0007')
  })
  test('a 32-bit register has two groups', () => {
    expect(drawn(0x20000000n, null, 32)).toBe('2000 0000')
  })
  test('the digits are the value', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 2n ** 64n - 1n), (value, was) => {
        const text = groups(value, was)
        expect(`0x${text.map(g => g.digits).join('')}`).toBe(plainHex(value))
        expect(text.some(g => g.changed)).toBe(value !== was)
      }),
    )
  })
})

test('addresses that are explained have underscores', () => {
  expect(underscored(0xc000000000004d00n)).toBe('0xc000_0000_0000_4d00')
  expect(underscored(0x18d00n)).toBe('0x0001_8d00')
  expect(underscored(0xd00n, 3)).toBe('0xd00')
  expect(underscored(0xa3cn)).toBe('0x0a3c')
  expect(underscored(0x1f21n, 8)).toBe('0x0000_1f21')
})

test('decimal is shown where it is short and says something', () => {
  expect(smallDecimal(8n)).toBe('8')
  expect(smallDecimal(0xffff_ffff_ffff_ffffn)).toBe('−1')
  expect(smallDecimal(0n)).toBeNull()
  expect(smallDecimal(100_000n)).toBeNull()
  expect(smallDecimal(0xc000000000010008n)).toBeNull()
})
