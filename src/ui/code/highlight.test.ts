import { expect, test } from 'vitest'
import { highlight, tokenizeLine } from './highlight.ts'

const kinds = (line: string) =>
  highlight([line])[0]!
    .filter(s => s.text.trim())
    .map(s => [s.text.trim(), s.kind])

test('label, mnemonic, register, number and comment of one statement', () => {
  expect(kinds('probe: addic. r4, %r5, 0x10 # count')).toEqual([
    ['probe:', 'label'],
    ['addic.', 'mnemonic'],
    ['r4', 'register'],
    [',', 'text'],
    ['%r5', 'register'],
    [',', 'text'],
    ['0x10', 'number'],
    ['# count', 'comment'],
  ])
})

test('local labels, their uses and several statements on a line', () => {
  expect(kinds('1: bne+ 1b; blr')).toEqual([
    ['1:', 'label'],
    ['bne+', 'mnemonic'],
    ['1b', 'number'],
    [';', 'text'],
    ['blr', 'mnemonic'],
  ])
})

test('directives, assignments and strings with a comment sign inside', () => {
  expect(kinds('.asciz "a # b\\" c"')).toEqual([
    ['.asciz', 'directive'],
    ['"a # b\\" c"', 'string'],
  ])
  expect(kinds('SE = 0x400')[0]).toEqual(['SE', 'label'])
})

test('a symbol that begins like a register is text', () => {
  expect(kinds('b r3loop')[1]).toEqual(['r3loop', 'text'])
})

test('a block comment goes over lines and ends inside one', () => {
  expect(tokenizeLine('li r3, 0 /* starts', false).inComment).toBe(true)
  expect(tokenizeLine('goes on', true)).toEqual({ tokens: [{ start: 0, kind: 'comment' }], inComment: true })
  expect(highlight(['/* a', 'b */ li r3, 0'])[1]!.map(s => s.kind)).toEqual([
    'comment',
    'text',
    'mnemonic',
    'text',
    'register',
    'text',
    'number',
  ])
})

test('the spans of a line are the line', () => {
  for (const line of ['', '  ', '\t.equ SE, 0x400 # x', '!@$%^ ?', 'x /**/ y', '"open', '%', '0x', 'é: ü']) {
    expect(
      highlight([line])[0]!
        .map(s => s.text)
        .join(''),
    ).toBe(line)
  }
})
