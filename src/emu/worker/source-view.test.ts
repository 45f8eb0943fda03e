/** The source files of a program that GCC compiled: `test/fixtures/lines/`. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { imageOfElf, imageOfSource } from '../machine/image.ts'
import { SourceFiles } from './source-view.ts'

const fixture = (name: string) => readFileSync(new URL(`../../../test/fixtures/lines/${name}`, import.meta.url))
const image = imageOfElf('sum.elf', new Uint8Array(fixture('sum.le.elf')))
const text = fixture('sum.c').toString()
const open = () => new SourceFiles(image)
const indexOf = (s: SourceFiles, name: string) => s.files().findIndex(f => f.name === name)

test('files are those that have code', () => {
  expect(open().files()).toEqual([
    { path: '/twostep/../../programs/source/crt0.s', name: 'crt0.s', attached: false },
    { path: '/twostep/sum.c', name: 'sum.c', attached: false },
    { path: '/twostep/weigh.h', name: 'weigh.h', attached: false },
  ])
})

describe('breakpoints', () => {
  const s = open()
  const lines = s.view(indexOf(s, 'sum.c')).lines

  test('a loop begins once, at its first statement', () => {
    expect(lines.filter(l => l.line === 10)).toEqual([{ line: 10, address: 0x3008n }])
    expect(lines.filter(l => l.line === 11)).toEqual([{ line: 11, address: 0x3024n }])
  })

  test('a function that sets up r2 is entered behind that', () => {
    expect(lines.filter(l => l.line === 17)).toEqual([{ line: 17, address: 0x306cn }])
  })

  test('a line without code has none', () => {
    expect(lines.some(l => l.line === 2)).toBe(false)
    expect(s.view(99)).toEqual({ text: null, lines: [] })
  })
})

describe('a text', () => {
  test('is given to the file of its base name, and heads the instructions of each line', () => {
    const s = open()
    const file = indexOf(s, 'sum.c')
    expect(s.heading(0x3064n)).toEqual({ file, line: 17, name: 'sum.c', text: null })
    expect(s.attach('sum.c', text)).toEqual({ files: [file], note: null })
    expect(s.files()[file]!.attached).toBe(true)
    expect(s.view(file).text).toBe(text)
    expect(s.heading(0x3064n)).toMatchObject({ line: 17, text: '{' })
    expect(s.heading(0x3068n)).toBeNull()
    expect(s.heading(0x307cn)).toMatchObject({ line: 18, text: '    long total = sum(values, 5);' })
    expect(s.heading(0x3024n)).toMatchObject({ name: 'weigh.h', text: null })
  })

  test('that is shorter than the program says is another version', () => {
    expect(open().attach('sum.c', 'int main;\n').note).toBe(
      'It has 1 line, and the program has code of line 20: it may be another version of the file.',
    )
  })

  test.each([
    [
      'another name',
      image,
      /^other\.c is no source file of sum\.elf, whose line table names crt0\.s, sum\.c, weigh\.h\. Nothing was changed\.$/,
    ],
    ['no lines', imageOfSource('guest.s', '_start: b .\n').image, /^other\.c was not opened: guest\.s has no line table\. Compile with -g/],
    ['no program', null, /^other\.c was not opened: no program is loaded\./],
  ])('with %s is refused', (_, loaded, message) => {
    expect(() => new SourceFiles(loaded).attach('other.c', '')).toThrow(message)
  })
})

test('code without lines has no place', () => {
  expect(open().at(0x3340n)).toBeNull()
  expect(open().heading(0x3340n)).toBeNull()
})
