import { expect, test } from 'vitest'
import { changed, freshLines, lineLoaded, lineNow } from './lineMap.ts'

const map = freshLines(5)

test('typing within a line moves nothing', () => {
  expect(changed(map, { start: 2, end: 2, startColumn: 9, endColumn: 9, added: 0, headBlank: false })).toBe(map)
})

test('lines inserted above go below', () => {
  expect(changed(map, { start: 2, end: 2, startColumn: 5, endColumn: 5, added: 2, headBlank: false })).toEqual([1, 2, 5, 6, 7])
})

test('a line end at the start of a line takes the statement down', () => {
  expect(changed(map, { start: 2, end: 2, startColumn: 1, endColumn: 1, added: 1, headBlank: true })).toEqual([1, 3, 4, 5, 6])
})

test('deleted lines are gone, those below come up', () => {
  const after = changed(map, { start: 2, end: 4, startColumn: 1, endColumn: 1, added: 0, headBlank: false })
  expect(after).toEqual([1, null, null, 2, 3])
  expect(lineNow(after, 3)).toBeNull()
  expect(lineLoaded(after, 2)).toBe(4)
  expect(lineLoaded(after, 9)).toBeNull()
})

test('joining two lines keeps the first one', () => {
  expect(changed(map, { start: 2, end: 3, startColumn: 7, endColumn: 3, added: 0, headBlank: false })).toEqual([1, 2, null, 3, 4])
})
