/** No abbreviation on a screen or in a lesson is left unexplained. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MSR } from '../../emu/isa/bitfields.ts'
import { words } from './words.ts'

const root = new URL('../../../', import.meta.url)
const file = (path: string): string => readFileSync(new URL(path, root), 'utf8')

const explained = new Set([
  ...words.flatMap(([word]) => word.match(/\b[A-Z][A-Z0-9]+\b/g) ?? []),
  ...MSR.bits.map(b => b.name),
  // Within "SPRG0 to SPRG3", and fields of CR.
  ...['SPRG1', 'SPRG2', 'CR0', 'CR1'],
])
/** Keys of the keyboard, and the facilities of which MSR bits are named after. */
const others = /^(F\d+|O|I|H|VEC|VSX|FP)$/

const abbreviations = (text: string): string[] => [...new Set(text.match(/\b[A-Z][A-Z0-9]+\b/g) ?? [])]

test.each(readdirSync(new URL('public/lessons', root)))('%s', name => {
  const prose = file(`public/lessons/${name}`).replace(/^```ppc64[\s\S]*?^```/gm, '')
  expect(abbreviations(prose).filter(a => !explained.has(a) && !others.test(a))).toEqual([])
})

test.each([
  'src/ui/shell/commands.ts',
  'src/ui/dock/Dock.tsx',
  'src/ui/run/RunBand.tsx',
  'src/ui/state/StatePanel.tsx',
])('labels of %s', path => {
  const labels = [...file(path).matchAll(/(?:label|title|name|tip)[:=] ?['"`{]+([^'"`]*)/g)].map(m => m[1]!).join(' ')
  expect(labels.length).toBeGreaterThan(0)
  expect(abbreviations(labels).filter(a => !explained.has(a) && !others.test(a))).toEqual([])
})

test('the words are in order, each once', () => {
  const names = words.map(([word]) => word)
  expect(new Set(names).size).toBe(names.length)
  expect([...names].sort((a, b) => a.localeCompare(b, 'en'))).toEqual(names)
})
