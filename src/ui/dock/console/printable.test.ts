import { expect, test } from 'vitest'
import { MOST_CHARACTERS, printable, printedLines, tail } from './printable.ts'

test('plain lines stay, carriage returns end lines', () => {
  expect(printable('boot\r\nround 8\n\tx')).toBe('boot\nround 8\n\tx')
})

test('colours and titles of terminals go', () => {
  expect(printable('\x1b[1;31mred\x1b[0m \x1b]0;title\x07text')).toBe('red text')
})

test('other control characters show', () => {
  expect(printable('a\x00b\x07\x7f')).toBe('a␀b␇␡')
})

test('of very long output the end is shown, from a line on', () => {
  expect(tail('short')).toEqual({ text: 'short', cut: false })
  const long = `${'x'.repeat(60)}\n`.repeat(3000)
  const { text, cut } = tail(long)
  expect(cut).toBe(true)
  expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS)
  expect(text.startsWith('x'.repeat(60))).toBe(true)
})

test('a printed line keeps its place while others come and the first go', () => {
  expect(printedLines('one\r\ntwo', 0, 100)).toEqual([
    { at: 0, text: 'one' },
    { at: 5, text: 'two' },
  ])
  expect(printedLines('one\r\ntwo\r\nthree', 0, 12)).toEqual([
    { at: 5, text: 'two' },
    { at: 10, text: 'three' },
  ])
  expect(printedLines('one\r\ntwo', 5, 100)).toEqual([{ at: 5, text: 'two' }])
})
