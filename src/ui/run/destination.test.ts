import { expect, test } from 'vitest'
import { destination } from './destination.ts'

test('arrows go round, Home and End lead to the ends', () => {
  expect([0, 1, 2].map(at => destination('ArrowRight', at, 3))).toEqual([1, 2, 0])
  expect([0, 1, 2].map(at => destination('ArrowLeft', at, 3))).toEqual([2, 0, 1])
  expect([destination('Home', 1, 3), destination('End', 1, 3)]).toEqual([0, 2])
})

test('other keys, and a focus elsewhere, do not move', () => {
  expect(destination('o', 1, 3)).toBeNull()
  expect(destination('ArrowRight', -1, 3)).toBeNull()
  expect(destination('Home', -1, 0)).toBeNull()
})
