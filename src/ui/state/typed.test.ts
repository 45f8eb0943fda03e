import { expect, test } from 'vitest'
import { ordinal, typedHex } from './typed.ts'

test.each([
  ['0x8000000002803433', 0x8000000002803433n],
  ['8000000002803433', 0x8000000002803433n],
  [' 0XC000_0000_0001_0008 ', 0xc000000000010008n],
  ['c000 0000 0001 0008', 0xc000000000010008n],
  ['0', 0n],
  ['00000000000000000001', 1n],
])('%s is a value', (text, value) => expect(typedHex(text, 64)).toEqual({ value }))

test.each([
  ['0x8000000002803g33', 'Use hexadecimal digits only. The 14th is “g”.'],
  ['x1', 'Use hexadecimal digits only. The 1st is “x”.'],
  ['0x1_2 z', 'Use hexadecimal digits only. The 3rd is “z”.'],
  ['-1', 'Use hexadecimal digits only. The 1st is “-”.'],
  ['12😀', 'Use hexadecimal digits only. The 3rd is “😀”.'],
  ['', 'Type a hexadecimal value.'],
  ['0x', 'Type a hexadecimal value.'],
  ['10000000000000000', 'The register has 64 bits: at most 16 digits. These are 17.'],
])('%s is refused with its reason', (text, error) => expect(typedHex(text, 64)).toEqual({ error }))

test('a 32-bit register takes eight digits', () => {
  expect(typedHex('ffffffff', 32)).toEqual({ value: 0xffffffffn })
  expect(typedHex('1ffffffff', 32)).toEqual({ error: 'The register has 32 bits: at most 8 digits. These are 9.' })
})

test('ordinals', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal).join(' ')).toBe('1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 111th')
})
