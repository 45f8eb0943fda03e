import { expect, test } from 'vitest'
import { binary, readWord, wordOf } from './decode.ts'

test('a word as a number, or as bytes of a little-endian guest', () => {
  expect(readWord('7c0000a6', 'number').word).toBe(0x7c0000a6)
  expect(readWord('0x7C_00 00a6', 'number').word).toBe(0x7c0000a6)
  expect(readWord('fff', 'number').word).toBe(0xfff)
  expect(readWord('a6 00 00 7c', 'little').word).toBe(0x7c0000a6)
  expect(readWord('a60000fc', 'little').word).toBe(0xfc0000a6)
  expect(readWord('a6 00 00', 'little').problem).toBe('Bytes of memory are eight digits, two for each. These are 6.')
  expect(readWord('7c0000a6f', 'number').problem).toBe('A word has eight digits. These are 9.')
  expect(readWord('7c0g', 'number').problem).toBe('A word is eight hexadecimal digits. “g” is none.')
  expect(readWord(' ', 'number').problem).toBe('Type a word: eight hexadecimal digits.')
})

test('bits by their numbers from the left; bytes in the guest’s order', () => {
  expect(binary(0x7c0000a6, 0, 5)).toBe('011111')
  expect(binary(0x7c0000a6, 31, 31)).toBe('0')
  expect(wordOf(Uint8Array.of(0xa6, 0, 0, 0x7c), true)).toBe(0x7c0000a6)
  expect(wordOf(Uint8Array.of(0xff, 0, 0, 0), false)).toBe(0xff000000)
})
