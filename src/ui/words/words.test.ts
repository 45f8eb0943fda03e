/** Every acronym that the product shows is defined: in lessons, labels, and the sentences of page, worker and hypervisor. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commands } from '../shell/commands.ts'
import { acronymsIn } from './text.ts'
import { chapters, definitionOf, found } from './words.ts'

const root = new URL('../../../', import.meta.url)
const files = (folder: string, kind: RegExp) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter(f => kind.test(f) && !/\.test\.tsx?$/.test(f))
    .map(f => `${folder}${f}`)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

/** Named as they are everywhere, or no words: keys, instruction fields in formulas, marks of pictures, endings of names. */
const known =
  /^(F\d+|[A-Z]\d{1,2}|OK|ISO|ASCII|HTTP|HTTPS|UTC|MHZ|BI|BO|SI|UI|SH|MB|ME|DS|DQ|XO|LI|BD|AA|LK|OE|TO|FXM|LEV|DCRN|OPCD|HVH|TAB|PENDING|COMPLETED|II|III)$/
const undefinedIn = (text: string) => acronymsIn(text).filter(a => !known.test(a) && !definitionOf(a))

/** What code calls its own values. */
const constants = new Set(files('src/', /\.tsx?$/).flatMap(path => [...read(path).matchAll(/\bconst ([A-Z][A-Z0-9]+)\b/g)].map(m => m[1]!)))

/** Texts of a source: literals and text of elements that hold a space; constants of the code are none. */
function sentences(source: string): string {
  const code = source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/^import .*$/gm, '')
    .replace(/\$\{[^{}]*\}/g, '')
    .replace(/\sd="[^"]*"/g, '')
  const literal = /'([^'\n]* [^'\n]*)'|`([^`]* [^`]*)`|"([^"\n]* [^"\n]*)"|>([^<>{}()=;]* [^<>{}()=;]*)</g
  return [...code.matchAll(literal)].map(m => m[1] ?? m[2] ?? m[3] ?? m[4]).join('\n')
}

test('acronyms are found with their digits and plurals, and not in programs', () => {
  expect(acronymsIn('MSR[SE] and vCPUs, SRR1; Trace\n```ppc64\nLI R3\n```\nRFCs')).toEqual(['MSR', 'RFC', 'SE', 'SRR1', 'vCPU'])
  expect(undefinedIn('the ZZQ of an MSR')).toEqual(['ZZQ'])
})

describe('every acronym is defined', () => {
  test.each(files('public/lessons/', /\.md$/))('%s', path => {
    expect(undefinedIn(read(path))).toEqual([])
  })

  test('labels of commands', () => {
    expect(undefinedIn(commands.map(c => c.label).join('\n'))).toEqual([])
  })

  test.each(['src/ui/', 'src/emu/worker/', 'src/emu/hypervisor/', 'src/emu/debug/'])('sentences of %s', folder => {
    const odd = files(folder, /\.tsx?$/).flatMap(path => {
      const found = undefinedIn(sentences(read(path))).filter(a => !constants.has(a))
      return found.length ? [`${path}: ${found.join(' ')}`] : []
    })
    expect(odd).toEqual([])
  })
})

test('a word stands once in its chapter', () => {
  for (const { title, words } of chapters) {
    const names = words.map(w => w.word)
    expect([title, names.filter((n, i) => names.indexOf(n) !== i)]).toEqual([title, []])
  }
})

test('what is looked for comes first where it is the word itself', () => {
  expect(found('SE')[0]!.words[0]!.word).toBe('MSR[SE], bit 53')
  expect(found('srr1')[0]!.words[0]!.word).toBe('SRR1')
  expect(found('no such thing')).toEqual([])
})
