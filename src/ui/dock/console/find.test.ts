import { expect, test } from 'vitest'
import { matchesOf, nextMatch } from './find.ts'

const rows = (...lines: string[]) => lines.map(text => ({ text: text.replace(/^\+/, ''), wrapped: text.startsWith('+') }))

test('every place, whatever the case', () => {
  expect(matchesOf(rows('Trace trace', 'none', 'TRACE'), 'trace')).toEqual([
    { row: 0, column: 0, length: 5 },
    { row: 0, column: 6, length: 5 },
    { row: 2, column: 0, length: 5 },
  ])
  expect(matchesOf(rows('x'), '')).toEqual([])
})

test('over the end of a row, where the line goes on', () => {
  expect(matchesOf(rows('abcd', '+efgh', '+ij'), 'defghi')).toEqual([{ row: 0, column: 3, length: 6 }])
  expect(matchesOf(rows('abcd', '+efgh'), 'efg')).toEqual([{ row: 1, column: 0, length: 3 }])
  expect(matchesOf(rows('abcd', 'efgh'), 'defg')).toEqual([])
})

test('from the last printed, and round', () => {
  expect(nextMatch(3, null, 1)).toBe(2)
  expect(nextMatch(3, 2, 1)).toBe(0)
  expect(nextMatch(3, 0, -1)).toBe(2)
  expect(nextMatch(0, null, 1)).toBeNull()
})
