import { expect, test } from 'vitest'
import { MOST_CHARACTERS } from './printable.ts'
import { clearedOf, writing } from './shown.ts'

const all = (output: string, from = 0) => ({ output, from })

test('output that grew is written on, as much as is new', () => {
  expect(writing(null, all('boot'))).toEqual({ anew: true, text: 'boot' })
  expect(writing(all('boot'), all('boot\r\n1'))).toEqual({ anew: false, text: '\r\n1' })
  expect(writing(all('boot'), all('boot'))).toBeNull()
})

test('a machine that went back, or on another course, is written anew', () => {
  expect(writing(all('round 1, round 2'), all('round 1'))).toEqual({ anew: true, text: 'round 1' })
  expect(writing(all('round 1, left'), all('round 1, right'))).toEqual({ anew: true, text: 'round 1, right' })
  expect(writing(all('round 1'), all(''))).toEqual({ anew: true, text: '' })
})

test('what was cleared is not written; shown again, it is', () => {
  expect(writing(all('old new'), all('old new', 4))).toEqual({ anew: true, text: 'new' })
  expect(writing(all('old new', 4), all('old new, newer', 4))).toEqual({ anew: false, text: ', newer' })
  expect(writing(all('old new', 4), all('old new'))).toEqual({ anew: true, text: 'old new' })
  expect(clearedOf('old new', 4)).toBe(4)
  expect(clearedOf('old', 4)).toBe(0)
})

test('of more than the terminal keeps, the end', () => {
  const long = 'x'.repeat(MOST_CHARACTERS + 1)
  const { anew, text } = writing(all(''), all(long))!
  expect(anew).toBe(true)
  expect(text).toHaveLength(MOST_CHARACTERS)
})
