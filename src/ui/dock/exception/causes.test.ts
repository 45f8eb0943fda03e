import { expect, test } from 'vitest'
import { causeRows, ranges } from './causes.ts'

const row = (bits: string, value: string) => ({ bits, value, meaning: `meaning of ${bits}` })
const text = (...bits: ReturnType<typeof row>[]) => causeRows(bits).map(r => `${r.bits} = ${r.value} ${r.meaning}`)

test('neighbouring bits become a range', () => {
  expect(ranges(['34', '35', '36', '43'])).toBe('34:36, 43')
  expect(ranges(['33'])).toBe('33')
  expect(ranges(['42:45', '46:47'])).toBe('42:47')
})

test('what is set stands alone, the rest in one row', () => {
  expect(text(row('33', '1'), row('34', '0'), row('35', '0'), row('36', '0'), row('43', '0'))).toEqual([
    '33 = 1 meaning of 33',
    '34:36, 43 = 0 no other cause',
  ])
  expect(causeRows([row('33', '1'), row('34', '0'), row('35', '0')])[1]!.detail).toBe('34: meaning of 34 35: meaning of 35')
})

test('without any set there is no cause; one clear bit keeps its meaning', () => {
  expect(text(row('34', '0'), row('36', '0'))).toEqual(['34, 36 = 0 no cause is given'])
  expect(text(row('42', '0'))).toEqual(['42 = 0 not: meaning of 42'])
  expect(text()).toEqual([])
})
