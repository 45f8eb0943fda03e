import { expect, test } from 'vitest'
import { moved } from './movement.ts'

const cells = [
  ['r0', 'r16'],
  ['r1', 'r17'],
  ['r2', 'r18'],
]

test.each([
  ['r0', 'ArrowRight', 'r16'],
  ['r16', 'ArrowRight', null],
  ['r16', 'ArrowLeft', 'r0'],
  ['r0', 'ArrowLeft', null],
  ['r17', 'ArrowDown', 'r18'],
  ['r18', 'ArrowDown', null],
  ['r17', 'ArrowUp', 'r16'],
  ['r0', 'ArrowUp', null],
  ['r1', 'End', 'r17'],
  ['r17', 'Home', 'r1'],
  ['r1', 'a', null],
  ['unknown', 'ArrowUp', null],
])('%s %s leads to %s', (from, key, to) => expect(moved(cells, from, key)).toBe(to))

test('with Ctrl, Home and End lead to the corners', () => {
  expect(moved(cells, 'r17', 'Home', true)).toBe('r0')
  expect(moved(cells, 'r0', 'End', true)).toBe('r18')
})

test('in a shorter row the last cell is taken', () => {
  expect(moved([['a', 'b', 'c'], ['d']], 'c', 'ArrowDown')).toBe('d')
})
