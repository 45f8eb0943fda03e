import { expect, test } from 'vitest'
import { addressOf, holds, moved, ROWS, recentred, rowOf, windowAround } from './addressWindow.ts'

const size = BigInt(ROWS * 4)

test('the address lies in the middle, except at the ends of the address space', () => {
  const far = 0xc000_0000_0000_4d00n
  expect(rowOf(windowAround(far, 4), far, 4)).toBe(ROWS / 2)
  expect(windowAround(0xd00n, 4)).toBe(0n)
  const last = (1n << 64n) - 4n
  expect(holds(windowAround(last, 4), last, 4)).toBe(true)
  expect(windowAround(last, 4) + size).toBe(1n << 64n)
})

test('an unaligned address belongs to its row', () => {
  const base = windowAround(0xc000_0000_0000_4d02n, 16)
  expect(addressOf(base, rowOf(base, 0xc000_0000_0000_4d02n, 16), 16)).toBe(0xc000_0000_0000_4d00n)
})

test('near an end the list moves on, in the middle and at the space’s own ends it stays', () => {
  const base = 0x1000_0000n
  expect(recentred(base, ROWS / 2, ROWS / 2 + 20, 4)).toBe(base)
  expect(recentred(base, 10, 30, 4)).toBeLessThan(base)
  expect(recentred(base, ROWS - 40, ROWS - 10, 4)).toBeGreaterThan(base)
  expect(recentred(0n, 0, 20, 4)).toBe(0n)
  expect(recentred((1n << 64n) - size, ROWS - 20, ROWS - 1, 4)).toBe((1n << 64n) - size)
})

test('moving stops at the ends', () => {
  expect(moved(8n, -5, 4)).toBe(0n)
  expect(moved((1n << 64n) - 8n, 5, 4)).toBe((1n << 64n) - 4n)
})
