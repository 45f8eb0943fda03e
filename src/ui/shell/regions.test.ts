import { expect, test } from 'vitest'
import { beside } from './regions.ts'

test('regions follow each other in a ring', () => {
  expect([0, 1, 2].map(n => beside(3, n, 1))).toEqual([1, 2, 0])
  expect([0, 1, 2].map(n => beside(3, n, -1))).toEqual([2, 0, 1])
})

test('from outside all of them, forward leads to the first and back to the last', () => {
  expect(beside(3, -1, 1)).toBe(0)
  expect(beside(3, -1, -1)).toBe(2)
})

test('without regions there is nowhere to go', () => {
  expect(beside(0, -1, 1)).toBe(-1)
})
