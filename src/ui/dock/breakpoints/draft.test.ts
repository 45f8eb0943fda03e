import { expect, test } from 'vitest'
import { parseAddress } from '../../code/address.ts'
import { draftOf, emptyDraft, refusal, specOf } from './draft.ts'

const parse = (text: string) => parseAddress(text, { symbols: [{ name: 'cell', address: 0x100n }], registers: {} })

test('a draft and its specification come from each other', () => {
  const spec = specOf({ ...emptyDraft('watch', 'cell'), length: '4', condition: ' r3 == 1 ', ignore: '2', vcpu: '1' }, true, parse)
  expect(spec).toMatchObject({ kind: 'watch', address: 0x100n, length: 4, condition: 'r3 == 1', ignore: 2, vcpu: 1, log: null })
  if ('text' in spec) throw new Error(spec.text)
  expect(specOf(draftOf(spec), true, parse)).toEqual(spec)
})

test('a kind takes only its own fields', () =>
  expect(specOf({ ...emptyDraft('exit', 'nowhere'), number: 'x', register: 'LR' }, true, parse)).toMatchObject({
    address: 0n,
    number: null,
    register: '',
  }))

test.each([
  ['address', { ...emptyDraft('software', 'nowhere') }, /No symbol or register "nowhere"\. Nothing was changed\.$/],
  ['length', { ...emptyDraft('watch', 'cell'), length: 'x' }, /^Bytes: expected a number, found "x"/],
  ['number', { ...emptyDraft('hypercall'), number: 'x' }, /^Number: expected/],
  ['ignore', { ...emptyDraft('exit'), ignore: '-1' }, /^Pass over: expected/],
] as const)('what is wrong is said, and where: %s', (field, draft, message) => {
  const problem = specOf(draft, true, parse)
  expect(problem).toMatchObject({ field })
  if ('text' in problem) expect(problem.text).toMatch(message)
})

test.each([
  ['condition', 'Condition "r3 =": Column 4: expected a number. Nothing was changed.'],
  ['log', 'Log text "{": Column 1: expected "}" after the expression. Nothing was changed.'],
  ['register', 'Name a register or a field, as LPCR or MSR.SE. Nothing was changed.'],
  ['register', 'TB changes at every boundary. Use a condition instead. Nothing was changed.'],
  ['length', 'A watch has from 1 byte to 256 MiB, not 0. Nothing was changed.'],
  ['address', '0x3 is not the address of an instruction: it is no multiple of 4. Nothing was changed.'],
  [null, 'There is already a breakpoint at 0x4. Nothing was changed: edit the one there is.'],
] as const)('a refusal of the machine belongs to a field, or to none: %s', (field, text) => expect(refusal(text)).toEqual({ text, field }))
