import { expect, test } from 'vitest'
import type { ProgramView } from '../../emu/worker/protocol.ts'
import { type SourceFacts, sourceStatus } from './sourceStatus.ts'

const program: ProgramView = {
  name: 'guest.s',
  kind: 'source',
  instructions: 10,
  littleEndian: true,
  entry: 0n,
  symbols: [],
  lines: [],
  files: [],
}
const error = { line: 9, column: 1, endColumn: 4, severity: 'error' as const, message: 'x' }
const facts = (f: Partial<SourceFacts>): SourceFacts => ({
  dirty: false,
  empty: false,
  loading: false,
  running: false,
  program,
  diagnostics: [],
  dead: false,
  ...f,
})

test.each<[string, Partial<SourceFacts>, string, string | null]>([
  ['loaded', {}, 'assembled, 10 instructions', null],
  ['one', { program: { ...program, instructions: 1 } }, 'assembled, 1 instruction', null],
  ['loading', { loading: true }, 'Assembling', null],
  ['nothing', { program: null, empty: true }, 'no program', null],
  ['edited', { dirty: true }, 'edited, not loaded', 'load'],
  ['errors', { dirty: true, diagnostics: [error, error] }, '2 errors', 'load'],
  ['running', { running: true }, 'running', 'pause'],
  ['an ELF is loaded', { program: { ...program, kind: 'elf', name: 'boot.elf' } }, 'boot.elf is loaded instead', 'load'],
  ['a warning', { diagnostics: [{ ...error, severity: 'warning' }] }, 'assembled, 10 instructions, 1 warning', null],
  ['dead', { dead: true, dirty: true }, 'the emulator has stopped', null],
])('%s', (_, given, text, action) => {
  expect(sourceStatus(facts(given))).toMatchObject({ text, action })
})
