/** `twostep isa`: documents of mnemonics and words, the list of all, and names that are none. */
import { expect, test } from 'vitest'
import { main } from '../src/cli/main.ts'
import { documentOf, entries } from '../src/emu/isa/document.ts'
import { TestIo } from './test-io.ts'

function twostep(line: string) {
  const io = new TestIo()
  const status = main(line.split(' '), io)
  return { status, out: Buffer.from(io.text, 'latin1').toString('utf8'), errors: io.errors }
}

test('a mnemonic, as text', () => {
  const { status, out } = twostep('isa mfmsr')
  expect(status).toBe(0)
  expect(out).toMatch(/^mfmsr RT\nX form, privileged, Book III, first in POWER7\nExecuted\.\n/)
  for (const part of ['  RT ← MSR', '  6:10   RT', '  21:30  XO 83', 'Can take\n  Program\n']) expect(out).toContain(part)
})

test('an extended mnemonic and one that stops the machine say so', () => {
  expect(twostep('isa sldi').out).toContain('Extended mnemonic of rldicr with sh = n, me = 63 - n.')
  expect(twostep('isa xvadddp').out).toContain('Not executed: the facility check is exact')
  expect(twostep('isa pld').out).toContain('Refused: the assembler does not take it')
})

test('--json is the document', () => {
  expect(JSON.parse(twostep('isa addi --json').out)).toEqual(documentOf('addi'))
})

test('a word, with its values and as it is written', () => {
  const { out } = twostep('isa 0x7c0000a6')
  expect(out).toMatch(/^0x7c0000a6: mfmsr r0\n\nmfmsr RT\n/)
  expect(out).toContain('r0 ← MSR')
  expect(twostep('isa 0x0')).toMatchObject({ status: 1, errors: [expect.stringContaining('0x0 is no instruction of POWER9')] })
  expect(twostep('isa 0x7c0000a600').errors[0]).toContain('more than a word')
})

test('without an argument: every mnemonic, a line each with form and support', () => {
  const lines = twostep('isa').out.trimEnd().split('\n')
  expect(lines.map(l => l.split(' ')[0])).toEqual(entries().map(e => e.name))
  expect(lines).toContain('sldi          MD   executed, extended mnemonic of rldicr')
  expect(lines).toContain('fadd          A    facility check, then the machine stops')
})

test('an unknown one: the nearest, and status 1', () => {
  expect(twostep('isa mfmsrr')).toMatchObject({ status: 1, errors: [expect.stringMatching(/no mnemonic "mfmsrr"\. Nearest: mfmsr/)] })
  expect(twostep('isa add addi').status).toBe(1)
  expect(twostep('--help').out).toContain('twostep isa [MNEMONIC|WORD]')
})
