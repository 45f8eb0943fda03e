import { expect, test } from 'vitest'
import { type Around, asTyped, ownerOf } from './keys.ts'

const press = (key: string, modifiers = '') => ({
  key,
  shiftKey: modifiers.includes('shift'),
  ctrlKey: modifiers.includes('ctrl'),
  metaKey: modifiers.includes('meta'),
  altKey: modifiers.includes('alt'),
})
const owner = (key: string, modifiers = '', around: Partial<Around> = {}) =>
  ownerOf(press(key, modifiers), { selection: false, escaped: false, command: false, ...around })

test.each(['a', 'Enter', 'Tab', 'ArrowUp', 'Backspace', ' ', '?'])('%s is the guest’s', key => {
  expect(owner(key)).toBe('guest')
})

test('commands that work everywhere, function keys and the browser’s own stay with the page', () => {
  expect(owner('k', 'ctrl', { command: true })).toBe('page')
  expect(owner('F8')).toBe('page')
  expect(owner('v', 'ctrl')).toBe('page')
  expect(owner('+', 'ctrl')).toBe('page')
  expect(owner('i', 'ctrl shift')).toBe('page')
  expect(owner('r', 'meta')).toBe('page')
})

test('Ctrl C copies what is selected, and is the guest’s otherwise', () => {
  expect(owner('c', 'ctrl', { selection: true })).toBe('page')
  expect(owner('c', 'ctrl')).toBe('guest')
  expect(owner('d', 'ctrl')).toBe('guest')
  expect(owner('f', 'ctrl')).toBe('find')
})

test('Escape waits: with Tab it leaves, with itself it is sent', () => {
  expect(owner('Escape')).toBe('escape')
  expect(owner('Shift', 'shift', { escaped: true })).toBe('modifier')
  expect(owner('Tab', '', { escaped: true })).toBe('page')
  expect(owner('Tab', 'shift', { escaped: true })).toBe('page')
  expect(owner('Escape', '', { escaped: true })).toBe('guest')
  expect(owner('x', '', { escaped: true })).toBe('guest')
})

test('letters of keyboards with AltGr are letters', () => {
  expect(owner('@', 'ctrl alt')).toBe('guest')
})

test('Enter is a line feed, in pasted text too', () => {
  expect(asTyped('s\rc\r')).toBe('s\nc\n')
})
