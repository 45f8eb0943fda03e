import { describe, expect, test } from 'vitest'
import { commands } from './commands.ts'
import { ariaKey, keyOf, meaningOf, type Press } from './keyboard.ts'

const page = { typing: false, pressable: false, letters: true }
const editor = { ...page, typing: true }
const button = { ...page, pressable: true }
const silent = { ...page, letters: false }

/** "Shift+O" as an event: the key as a US keyboard gives it. */
function press(text: string): Press {
  const parts = text.split('+')
  const key = parts.at(-1)!
  const shiftKey = parts.includes('Shift')
  const shifted: Record<string, string> = { '[': '{', ']': '}' }
  return {
    key: shiftKey ? (shifted[key] ?? (key.length === 1 ? key.toUpperCase() : key)) : key,
    shiftKey,
    ctrlKey: parts.includes('Ctrl'),
    metaKey: parts.includes('Meta'),
    altKey: parts.includes('Alt'),
  }
}

function meaning(text: string, where = page, pending: string | null = null): string {
  const m = meaningOf(press(text), where, pending)
  return m === null ? 'none' : m.kind === 'prefix' ? `${m.key} then …` : m.id
}

test.each([
  ['o', 'outside.step'],
  ['i', 'inside.step'],
  ['h', 'hypervisor.step'],
  ['Shift+o', 'outside.back'],
  ['Shift+h', 'hypervisor.back'],
  ['F8', 'active.step'],
  ['Shift+F8', 'active.back'],
  [' ', 'run'],
  ['[', 'event.previous'],
  [']', 'event.next'],
  ['Shift+[', 'interrupt.previous'],
  ['Shift+]', 'interrupt.next'],
  ['F9', 'breakpoint'],
  ['1', 'dock.exception'],
  ['4', 'dock.console'],
  ['F6', 'region.next'],
  ['Shift+F6', 'region.previous'],
  ['Ctrl+k', 'palette'],
  ['Meta+k', 'palette'],
  ['c', 'C then …'],
  ['g', 'G then …'],
])('%s', (key, id) => {
  expect(meaning(key)).toBe(id)
})

test('? needs Shift on some keyboards and not on others', () => {
  expect(meaningOf({ ...press('?'), shiftKey: true }, page, null)).toEqual({ kind: 'command', id: 'help' })
  expect(meaning('?')).toBe('help')
})

test('pairs', () => {
  expect(meaning('o', page, 'C')).toBe('outside.continue')
  expect(meaning('h', page, 'C')).toBe('hypervisor.continue')
  expect(['s', 't', 'm', 'l'].map(k => meaning(k, page, 'G'))).toEqual(['focus.state', 'focus.timeline', 'focus.msr', 'focus.lesson'])
  expect(meaning('x', page, 'C')).toBe('none')
})

describe('where text is typed', () => {
  test.each(['o', 'h', 'i', ' ', '[', '1', '?', 'c', 'g', 'Shift+O'])('%s is text', key => {
    expect(meaning(key, editor)).toBe('none')
  })
  test.each([
    ['F8', 'active.step'],
    ['Shift+F8', 'active.back'],
    ['F6', 'region.next'],
    ['Ctrl+k', 'palette'],
  ])('%s works', (key, id) => {
    expect(meaning(key, editor)).toBe(id)
  })
})

test('Space presses the button that has the focus; other keys do not care', () => {
  expect(meaning(' ', button)).toBe('none')
  expect(meaning('o', button)).toBe('outside.step')
})

describe('with single letters off', () => {
  test.each(['o', 'Shift+O', 'c', 'g', '[', '1', ' ', '?', 'v'])('%s does nothing', key => {
    expect(meaning(key, silent)).toBe('none')
  })
  test.each([
    ['F8', 'active.step'],
    ['F6', 'region.next'],
    ['F9', 'breakpoint'],
    ['Ctrl+k', 'palette'],
    ['Escape', 'region.own'],
  ])('%s still works', (key, id) => {
    expect(meaning(key, silent)).toBe(id)
  })
})

test('keys as assistive technology reads them', () => {
  expect(['O', 'Shift F8', 'Ctrl K', 'Space', 'C then O', null].map(ariaKey)).toEqual([
    'O',
    'Shift+F8',
    'Control+K',
    'Space',
    undefined,
    undefined,
  ])
})

test('what belongs to the browser is never bound', () => {
  const reserved = [
    'F5',
    'F11',
    'F12',
    'Ctrl+w',
    'Ctrl+r',
    'Ctrl+o',
    'Ctrl+h',
    'Ctrl+c',
    'Ctrl+1',
    'Ctrl+ ',
    'Alt+o',
    'Alt+F4',
    'Ctrl+[',
    'Tab',
    'Enter',
  ]
  expect(reserved.map(key => meaning(key))).toEqual(reserved.map(() => 'none'))
})

test('every key of the table can be pressed and means its row', () => {
  for (const { id, key } of commands) {
    if (key === null) continue
    const keys = key.split(' then ').map(k => (k === 'Space' ? ' ' : k.replaceAll(' ', '+').replace(/[A-Z]$/, c => c.toLowerCase())))
    const [first, second] = keys as [string, string | undefined]
    if (second === undefined) expect(meaning(first), id).toBe(id)
    else expect([keyOf(press(first)), meaning(second, page, keyOf(press(first)))], id).toEqual([key.split(' ')[0], id])
  }
})

test('no two rows share an id, a key or a label', () => {
  for (const of of [
    (c: (typeof commands)[number]) => c.id,
    (c: (typeof commands)[number]) => c.key,
    (c: (typeof commands)[number]) => c.label,
  ]) {
    const all = commands.map(of).filter(x => x !== null)
    expect(all.filter((x, n) => all.indexOf(x) !== n)).toEqual([])
  }
})
