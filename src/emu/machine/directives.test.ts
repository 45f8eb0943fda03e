import { describe, expect, test } from 'vitest'
import { defaults, parseDirectives } from './directives.ts'

const settingsOf = (header: string) => parseDirectives(`${header}\n_start: nop\n`).directives
/** "line:column-end message" of each problem. */
const problemsOf = (source: string) => parseDirectives(source).problems.map(p => `${p.line}:${p.column}-${p.endColumn} ${p.message}`)

describe('what a header says', () => {
  test('nothing: real mode, little-endian, one vCPU, 64 MiB', () => {
    expect(parseDirectives('# a program\n_start: nop')).toEqual({ directives: defaults, problems: [], marks: new Map() })
    expect(defaults).toMatchObject({ map: 'none', ail: 0, ir: false, dr: false, vcpus: 1, littleEndian: true, ramBytes: 64 << 20 })
  })

  test.each([
    ['# twostep: map=radix ail=3 ir=1 dr=1', { map: 'radix', ail: 3, ir: true, dr: true }],
    ['# twostep: page=4K rc=0', { page: '4K', rc: false }],
    ['#twostep: endian=big entry=boot', { littleEndian: false, entry: 'boot' }],
    ['  #  twostep:   vcpus=2   ee=1  se=1  ', { vcpus: 2, ee: true, se: true }],
    ['# twostep: ram=16M', { ramBytes: 16 << 20 }],
    ['# twostep: ram=1G', { ramBytes: 1 << 30 }],
    ['# first\n\n# twostep: ail=2\n# more\n# twostep: ir=1\r', { ail: 2, ir: true }],
  ])('%j', (header, expected) => {
    expect(parseDirectives(`${header}\n_start: nop`).problems).toEqual([])
    expect(settingsOf(header)).toEqual({ ...defaults, ...expected })
  })

  test('each setting keeps its place, for messages about it', () => {
    expect(parseDirectives('# twostep: ail=3 entry=here').marks.get('entry')).toMatchObject({ line: 1, column: 18, endColumn: 28 })
  })
})

describe('what is wrong is said at its place, and keeps the default', () => {
  test.each([
    ['# twostep: ail=1', '1:12-17 ail=1: expected 0, 2 or 3'],
    ['# twostep: map=hash', '1:12-20 map=hash: expected none or radix'],
    ['# twostep: map=toString', '1:12-24 map=toString: expected none or radix'],
    ['# twostep: vcpus=9', '1:12-19 vcpus=9: expected 1, 2, 3, 4, 5, 6, 7 or 8'],
    ['# twostep: ir=yes', '1:12-18 ir=yes: expected 0 or 1'],
    ['# twostep: ram=8M', '1:12-18 ram=8M: expected 16M to 1G, as 64M'],
    ['# twostep: ram=2G', '1:12-18 ram=2G: expected 16M to 1G, as 64M'],
    ['# twostep: ram=64', '1:12-18 ram=64: expected 16M to 1G, as 64M'],
    ['# twostep: entry=1f', '1:12-20 entry=1f: expected a label'],
    ['# twostep: ail', '1:12-15 expected a setting as key=value, found "ail"'],
    ['#\n# twostep: ail=3 ail=0', '2:18-23 ail is set already, in line 2'],
    ['_start: nop\n  # twostep: ail=3', '2:3-19 settings come before the first statement; this line would have no effect'],
  ])('%j', (source, problem) => {
    expect(problemsOf(source)).toEqual([problem])
  })

  test('an unknown setting names the known ones, whatever it is called', () => {
    for (const key of ['aile', 'constructor', '__proto__', 'toString', ''])
      expect(problemsOf(`# twostep: ${key}=3`)).toEqual([
        `1:12-${14 + key.length} no setting "${key}". Known: map, page, ail, ir, dr, ee, se, rc, vcpus, endian, entry, ram`,
      ])
  })

  test('all of them at once', () => {
    expect(problemsOf('# twostep: ail=9 dr=2 ir=1')).toHaveLength(2)
    expect(settingsOf('# twostep: ail=9 dr=2 ir=1')).toEqual({ ...defaults, ir: true })
  })
})
