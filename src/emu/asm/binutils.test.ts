/** What GNU as and objdump 2.40 answered once (test/oracle/binutils.oracle.ts asks them live and records). */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { explained, ourText, ourWords } from '../../../test/oracle/binutils-cases.ts'
import { alias, encodeSpelling, spellings } from '../isa/alias.ts'
import { aliases } from '../isa/aliases.ts'
import { instructions } from '../isa/instructions.ts'

const rows = readFileSync(new URL('../../../test/fixtures/binutils.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => line.split('\t') as [word: string, text: string, printed: string])
  .map(([word, text, printed]) => ({ word: Number.parseInt(word, 16), text, printed: printed === '=' ? text : printed }))
const hex = (w: number | string | undefined): string => (typeof w === 'number' ? w.toString(16).padStart(8, '0') : `${w}`)

test('every text assembles to the word of GNU as', () => {
  const ours = ourWords(rows.map(r => r.text))
  expect(rows.flatMap((r, i) => (ours[i] === r.word ? [] : [`${r.text}: ours ${hex(ours[i])}, as ${hex(r.word)}`]))).toEqual([])
})

test('every word disassembles to the text of objdump', () => {
  const different = rows.flatMap(({ word, printed }, i) => {
    const ours = ourText(word, 4 * i)
    return ours === printed || explained(word, ours, printed) ? [] : [`${hex(word)}: ours ${ours}, objdump ${printed}`]
  })
  expect(different).toEqual([])
})

test('every row and every extended mnemonic is among them', () => {
  const recorded = new Set(rows.map(r => r.text.split(' ')[0]))
  const names = [...instructions, ...aliases].map(s => s.name)
  expect(names.filter(name => !recorded.has(name))).toEqual([])
})

test('a wrong line in the table of extended mnemonics does not pass', () => {
  const { word, text } = rows.find(r => r.text.startsWith('sldi ') && !r.text.endsWith(',0'))!
  const [, ra, rs, n] = /r(\d+),r(\d+),(\d+)/.exec(text)!.map(Number)
  const make = (sets: string) => spellings(alias('sldi', 'RA, RS, n:0-63', 'rldicr', sets), instructions)[0]!
  const values = { RA: ra!, RS: rs!, n: n! }
  expect(encodeSpelling(make('sh=n, me=63-n'), values)).toBe(word)
  expect(encodeSpelling(make('sh=n, me=62-n'), values)).not.toBe(word)
})
