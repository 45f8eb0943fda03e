import { describe, expect, test } from 'vitest'
import { bcdToDpd, dpdToBcd } from './decimal.ts'

const digits = (n: number): bigint => BigInt(`0x${n.toString().padStart(3, '0')}`)

describe('densely packed decimal', () => {
  test('every number of three digits comes back', () => {
    for (let n = 0; n < 1000; n++) expect(dpdToBcd(bcdToDpd(digits(n)))).toBe(digits(n))
  })
  test('the examples of appendix B, and both groups of both words', () => {
    expect([5, 9, 55, 99, 555, 999].map(n => bcdToDpd(digits(n)).toString(2).padStart(10, '0'))).toEqual([
      '0000000101',
      '0000001001',
      '0001010101',
      '0001011111',
      '1011010101',
      '0011111111',
    ])
    expect(bcdToDpd(0x00999055_00005009n)).toBe((0x3fc55n << 32n) | (5n << 10n) | 9n)
  })
  test('the second declets of 888 to 999 are the same numbers', () => {
    for (const dpd of [0x16en, 0x26en, 0x36en]) expect(dpdToBcd(dpd)).toBe(dpdToBcd(dpd & 0xffn))
  })
})
