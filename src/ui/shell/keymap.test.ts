/** The user's own keys: what can be given, what stands in the way, what was stored. */
import { describe, expect, test } from 'vitest'
import { commands } from './commands.ts'
import { meaningOf, type Press } from './keyboard.ts'
import { bindable, inTheWay, keyIn, keysWith, type OwnKeys, readKeys } from './keymap.ts'

const page = { typing: false, pressable: false, letters: true }
const press = (key: string): Press => ({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false })
const meaning = (key: string, own: OwnKeys, where = page, pending: string | null = null) =>
  meaningOf(press(key), where, pending, keysWith(own))

test('every key of the table can be given, and each command keeps its own', () => {
  for (const { id, key } of commands)
    for (const part of key?.split(' then ') ?? []) if (part !== 'Escape') expect([id, part, bindable(part, id)]).toEqual([id, part, true])
})

test.each([
  'F5',
  'F11',
  'F12',
  'Ctrl W',
  'Ctrl R',
  'Ctrl T',
  'Ctrl C',
  'Tab',
  'Shift Tab',
  'Enter',
  'Escape',
  'ArrowUp',
  'Home',
  'F9',
  'Shift F9',
  'Ctrl Z',
  'Shift',
  'Dead',
])('%s cannot', key => expect(bindable(key, 'outside.step')).toBe(false))

describe('in the way', () => {
  const ids = (own: OwnKeys, key: string, command = 'machine.over') => inTheWay(own, key, command).map(c => c.id)
  test('the command that has the key, and none that has given it away', () => {
    expect(ids({}, 'O')).toEqual(['outside.step'])
    expect(ids({ 'outside.step': 'X' }, 'O')).toEqual([])
    expect(ids({ 'outside.step': 'X' }, 'X')).toEqual(['outside.step'])
    expect(ids({}, 'O', 'outside.step')).toEqual([])
  })
  test('a key by itself and pairs that begin with it', () => {
    expect(ids({}, 'C')).toEqual(['outside.continue', 'inside.continue', 'hypervisor.continue'])
    expect(ids({}, 'O then X')).toEqual(['outside.step'])
    expect(ids({}, 'C then X')).toEqual([])
  })
})

test('the new key means the command, the old one nothing', () => {
  const own = { 'outside.step': 'X', 'event.next': 'C then N', run: null }
  expect(meaning('x', own)).toEqual({ kind: 'command', id: 'outside.step' })
  expect(meaning('o', own)).toBeNull()
  expect(meaning(' ', own)).toBeNull()
  expect(meaning('n', own, page, 'C')).toEqual({ kind: 'command', id: 'event.next' })
})

test('a letter that a command works by everywhere is text where one types', () => {
  expect(meaning('q', { palette: 'Q' })).toEqual({ kind: 'command', id: 'palette' })
  expect(meaning('q', { palette: 'Q' }, { ...page, typing: true })).toBeNull()
  expect(meaning('F2', { palette: 'F2' }, { ...page, typing: true })).toEqual({ kind: 'command', id: 'palette' })
})

describe('what was stored', () => {
  test('is read, but for commands that are no more and keys that cannot be given', () => {
    expect(readKeys('{"outside.step":"X","run":null,"gone":"Y","help":"F5","event.next":"C then F12","inside.step":3}')).toEqual({
      'outside.step': 'X',
      run: null,
    })
  })
  test.each([null, 'x', '3', 'null', '[]'])('%s is none', text => expect(readKeys(text)).toEqual({}))
  test('a command without one of its own has that of the table', () => {
    expect(keyIn({}, { id: 'run', key: 'Space' })).toBe('Space')
    expect(keyIn({ run: null }, { id: 'run', key: 'Space' })).toBeNull()
  })
})
