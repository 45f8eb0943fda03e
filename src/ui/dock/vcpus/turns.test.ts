import { expect, test } from 'vitest'
import { readBoundaries, readTurns, written } from './turns.ts'

test('turns are read as they are written', () => {
  const script = [
    { vcpu: 0, boundaries: 3 },
    { vcpu: 1, boundaries: 40 },
  ]
  expect(readTurns(written(script), 2)).toEqual({ script, problem: null })
  expect(readTurns('  ', 2)).toEqual({ script: [], problem: null })
})

test.each([
  ['2:1', 'There is no vCPU 2: they are 0 to 1.'],
  ['1:0', 'A turn has at least one boundary.'],
  ['1', 'Write turns as 1:40 (vCPU 1 for 40 boundaries), with spaces between them.'],
  ['quantum 3', 'Write turns as 1:40 (vCPU 1 for 40 boundaries), with spaces between them.'],
  ['# 1:1', 'Write turns as 1:40 (vCPU 1 for 40 boundaries), with spaces between them.'],
])('%j is refused', (text, problem) => {
  expect(readTurns(text, 2)).toEqual({ script: null, problem })
})

test('boundaries are whole, and at least one', () => {
  expect(['40', '10 000', '10\u202f000', '0', '-1', '1.5', 'x', ''].map(readBoundaries)).toEqual([
    40,
    10_000,
    10_000,
    null,
    null,
    null,
    null,
    null,
  ])
})
