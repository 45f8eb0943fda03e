import { expect, test } from 'vitest'
import { MOST_CHARACTERS, printable, tail } from './printable.ts'

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
