import { expect, test } from 'vitest'
import { parseAddress } from '../../code/address.ts'
import { draftOf, emptyDraft, specOf } from './draft.ts'

const parse = (text: string) => parseAddress(text, { symbols: [{ name: 'cell', address: 0x100n }], registers: {} })

test('a draft and its specification come from each other', () => {
  const spec = specOf({ ...emptyDraft('watch', 'cell'), length: '4', condition: ' r3 == 1 ', ignore: '2', vcpu: '1' }, true, parse)
  expect(spec).toMatchObject({ kind: 'watch', address: 0x100n, length: 4, condition: 'r3 == 1', ignore: 2, vcpu: 1, log: null })
  if (typeof spec === 'string') throw new Error(spec)
  expect(specOf(draftOf(spec), true, parse)).toEqual(spec)
})

test('a kind takes only its own fields', () =>
  expect(specOf({ ...emptyDraft('exit', 'nowhere'), number: 'x', register: 'LR' }, true, parse)).toMatchObject({
    address: 0n,
    number: null,
    register: '',
  }))

test.each([
  [{ ...emptyDraft('software', 'nowhere') }, /No symbol or register "nowhere"/],
  [{ ...emptyDraft('watch', 'cell'), length: 'x' }, /^Bytes: expected a number, found "x"/],
  [{ ...emptyDraft('hypercall'), number: 'x' }, /^Number: expected/],
  [{ ...emptyDraft('exit'), ignore: '-1' }, /^Pass over: expected/],
])('what is wrong is said', (draft, message) => expect(specOf(draft, true, parse)).toMatch(message))
