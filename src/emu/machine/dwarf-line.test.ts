/** Line tables written byte by byte, right and wrong; `test/lines.test.ts` has those of compilers. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LineInformation, readLineTable } from './dwarf-line.ts'
import { readElf } from './elf.ts'

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../../../test/fixtures/lines/${name}`, import.meta.url)))

/** Bytes in the order of a section: numbers as they are, `[size, value]`, strings with their zero. */
type Part = number | readonly [size: 2 | 4 | 8, value: number] | string | Uint8Array

function bytes(little: boolean, parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap(p => {
      if (typeof p === 'number') return [p & 0xff]
      if (typeof p === 'string') return [...new TextEncoder().encode(p), 0]
      if (p instanceof Uint8Array) return [...p]
      const big = Array.from({ length: p[0] }, (_, n) => Number((BigInt(p[1]) >> BigInt(8 * (p[0] - 1 - n))) & 0xffn))
      return little ? big.reverse() : big
    }),
  )
}

interface Unit {
  version?: number
  little?: boolean
  long?: boolean
  program: readonly Part[]
  /** From minimum_instruction_length to standard_opcode_lengths. */
  registers?: readonly Part[]
  tables?: readonly Part[]
}

const NORMAL: readonly Part[] = [4, 1, 1, -5, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]
const withoutOperations = (registers: readonly Part[]) => [registers[0]!, ...registers.slice(2)]
const OLD_TABLES: readonly Part[] = ['lib', '', 'a.c', 0, 0, 0, 'b.h', 1, 0, 0, '']

function unit({ version = 4, little = true, long = false, program, registers = NORMAL, tables = OLD_TABLES }: Unit): Uint8Array {
  const length = (n: number): Part => (long ? [8, n] : [4, n])
  const after = bytes(little, [...(version >= 4 ? registers : withoutOperations(registers)), ...tables])
  const rest = bytes(little, [[2, version], ...(version >= 5 ? [8, 0] : []), length(after.length), after, ...program])
  return bytes(little, [...(long ? [[4, 0xffffffff] as const] : []), length(rest.length), rest])
}

const address = (at: number): readonly Part[] => [0, 9, 2, [8, at]]
const END: readonly Part[] = [0, 1, 1]
const none = new Uint8Array()
const read = (line: Uint8Array, little = true, more: { lineStrings?: Uint8Array; strings?: Uint8Array } = {}): LineInformation =>
  readLineTable({ line, lineStrings: none, strings: none, ...more }, little)

/** "0x100 a.c:1:0 x", a row a line. */
function rows({ table, problem }: LineInformation): string[] {
  expect(problem).toBeNull()
  return Array.from({ length: table!.size }, (_, n) => {
    const r = table!.row(n)
    const place = `${table!.files[r.file]?.path ?? '?'}:${r.line}:${r.column}`
    return `0x${r.address.toString(16)} ${r.endSequence ? 'end' : `${place}${r.isStatement ? ' x' : ''}`}`
  })
}

describe('the line number program', () => {
  test.each([2, 3, 4])('version %i: special, standard and extended opcodes', version => {
    const program = [
      ...address(0x100),
      ...[0x05, 7, 0x01], // column 7, copy
      ...[0x06, 13 + 5 + 2 + 14 * 3], // not a statement; special: line + 2, address + 3 × 4
      ...[0x04, 2, 0x03, 0x7f, 0x01], // file 2, line − 1
      ...[0x02, 0x81, 0x01, 0x06, 0x01], // address + 129 × 4, a statement
      ...[0x08, 0x01], // address + (255 − 13) / 14 × 4
      0x09,
      [2, 0x102] as const,
      0x01, // address + 0x102
      ...[0x07, 0x0a, 0x0b, 0x0c, 0x85, 0x01], // block, prologue, epilogue, instruction set 133
      ...[0, 2, 4, 9, 0, 3, 0x80, 1, 2], // discriminator 9; an opcode of a vendor
      ...[0x02, 1],
      ...END,
    ]
    expect(rows(read(unit({ version, program })))).toEqual([
      '0x100 a.c:1:7 x',
      '0x10c a.c:3:7',
      '0x10c lib/b.h:2:7',
      '0x310 lib/b.h:2:7 x',
      '0x354 lib/b.h:2:7 x',
      '0x456 lib/b.h:2:7 x',
      '0x45a end',
    ])
  })

  test('big-endian, in the 64-bit format', () => {
    const program = [...address(0x1000), 1, 2, 2, ...END]
    expect(rows(read(unit({ little: false, long: true, program }), false))).toEqual(['0x1000 a.c:1:0 x', '0x1008 end'])
  })

  test('a file that the program defines; a file register that names none', () => {
    const program = [...address(0x10), 0, 6, 3, 'z', 1, 0, 0, 4, 3, 1, 2, 1, 4, 9, 1, 2, 1, ...END]
    expect(rows(read(unit({ program })))).toEqual(['0x10 lib/z:1:0 x', '0x14 ?:1:0 x', '0x18 end'])
  })

  test('standard opcodes that are not known are passed over with their operands', () => {
    const registers = [4, 1, 1, -5, 14, 15, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 2, 0]
    const program = [...address(0x20), 13, 0x80, 0x01, 0x02, 14, 1, 2, 1, ...END]
    expect(rows(read(unit({ registers, program })))).toEqual(['0x20 a.c:1:0 x', '0x24 end'])
  })

  test('several operations an instruction', () => {
    const registers = [4, 3, 1, -5, 14, 13, ...NORMAL.slice(6)]
    const program = [...address(0x30), 2, 2, 1, 2, 2, 1, 2, 5, ...END]
    expect(rows(read(unit({ registers, program })))).toEqual(['0x30 a.c:1:0 x', '0x34 a.c:1:0 x', '0x3c end'])
  })

  test('several units and sequences come out by address; what the linker threw away is left out', () => {
    const one = unit({ program: [...address(0x200), 1, 2, 1, ...END, ...address(0), 1, 2, 1, ...END] })
    const two = unit({ program: [...address(0x100), 4, 2, 1, 2, 1, ...END, ...address(0x180), 1, ...END] })
    const sections = { line: Uint8Array.from([...one, ...two]), lineStrings: none, strings: none }
    expect(rows(readLineTable(sections, true, a => a >= 0x100n))).toEqual([
      '0x100 lib/b.h:1:0 x',
      '0x104 end',
      '0x200 a.c:1:0 x',
      '0x204 end',
    ])
  })
})

describe('version 5', () => {
  const program = [...address(0x100), 1, 2, 1, 4, 0, 1, 2, 1, ...END]

  test('directories and files with MD5, sizes, times and the text itself', () => {
    const md5 = Uint8Array.from({ length: 16 }, (_, n) => n)
    const tables = [
      ...[1, 1, 0x1f, 2, [4, 0] as const, [4, 5] as const], // directories: path in .debug_line_str
      ...[6, 1, 0x0e, 2, 0x0b, 5, 0x1e, 4, 0x0f, 3, 0x06, 0x81, 0x40, 0x08], // path, directory, MD5, size, time, source
      2,
      ...[[4, 2] as const, 1, md5, 0x90, 0x01, [4, 1] as const, 'int x;\n'],
      ...[[4, 6] as const, 0, md5, 1, [4, 1] as const, ''],
    ]
    const strings = bytes(true, [1, 0, 'b.c', '/usr/c.h'])
    const found = read(unit({ version: 5, tables, program }), true, { lineStrings: bytes(true, ['/top', 'src/']), strings })
    expect(rows(found)).toEqual(['0x100 /usr/c.h:1:0 x', '0x104 /top/src/b.c:1:0 x', '0x108 end'])
    expect(found.table!.files.map(f => f.md5)).toEqual(Array(2).fill('000102030405060708090a0b0c0d0e0f'))
    expect(found.table!.files.map(f => f.text?.())).toEqual(['', 'int x;\n'])
  })

  test.each([
    ['a form that is not read', [1, 1, 0x1a, 1, 0], /directory entries have form 0x1a, which is not read$/],
    ['a name beyond its section', [1, 1, 0x1f, 1, [4, 99] as const], /a directory entry lies at byte 99 of \.debug_line_str, which has 5$/],
    ['entries without a format', [0, 7], /7 directory entries have no format$/],
    ['more entries than bytes', [1, 1, 8, 0xff, 0xff, 0x7f], /2097151 directory entries do not fit in the unit$/],
  ])('%s', (_, tables, message) => {
    const found = read(unit({ version: 5, tables, program }), true, { lineStrings: bytes(true, ['/top']) })
    expect(found.table).toBeNull()
    expect(found.problem).toMatch(message)
  })
})

describe('what is wrong is left out and named', () => {
  const good = unit({ program: [...address(0x100), 1, 2, 1, ...END] })
  const wrong: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['a version to come', unit({ version: 6, program: [] }), /^\.debug_line at byte 0x4: version 6; versions 2 to 5 are read$/],
    ['line_range 0', unit({ registers: [4, 1, 1, -5, 0, 1], program: [] }), /line_range is 0$/],
    ['opcode_base 0', unit({ registers: [4, 1, 1, -5, 14, 0], program: [] }), /opcode_base is 0$/],
    ['no operation an instruction', unit({ registers: [4, 0, 1, -5, 14, 1], program: [] }), /maximum_operations_per_instruction is 0$/],
    ['a short address', unit({ program: [0, 5, 2, [4, 1]] }), /DW_LNE_set_address has 4 bytes; a 64-bit program's addresses have 8$/],
    ['an opcode that is cut off', unit({ program: [...address(0x100), 1, 2] }), /DW_LNS_advance_pc is cut off$/],
    ['an extended opcode that is cut off', unit({ program: [0, 9, 2, 1] }), /an extended opcode is cut off$/],
    ['an extended opcode of length 0', unit({ program: [0, 0] }), /an extended opcode of length 0$/],
    ['an extended opcode that is too short', unit({ program: [0, 3, 3, 'name', 0, 0, 0] }), /an extended opcode is longer than it says$/],
    ['no end', unit({ program: [...address(0x100), 1] }), /the last sequence has no end$/],
    ['addresses that go back', unit({ program: [...address(0x100), 1, ...address(0x80), 1, ...END] }), /goes back from 0x100 to 0x80$/],
  ]
  test.each(wrong)('%s', (_, line, message) => {
    const alone = read(line)
    expect(alone.table).toBeNull()
    expect(alone.problem).toMatch(message)
    const after = read(Uint8Array.from([...line, ...good]))
    expect(after.problem).toBe(alone.problem)
    expect(after.table?.size).toBe(2)
  })

  test('behind a unit without an end nothing is found', () => {
    const found = read(Uint8Array.from([...good, ...good.subarray(0, -1)]))
    expect(found.table?.size).toBe(2)
    expect(found.problem).toBe(`.debug_line at byte 0x${(good.length + 4).toString(16)}: a unit is cut off`)
  })

  test('a reserved length', () => {
    expect(read(bytes(true, [[4, 0xfffffff5]])).problem).toBe('.debug_line at byte 0x0: the length of a unit is the reserved 0xfffffff5')
  })
})

describe('looking up', () => {
  // Line 1 at 0x100; at 0x104 line 2, of which only the first row is a statement; line 1 again at 0x108; no line at 0x10c; end at 0x110.
  const program = [
    ...[...address(0x100), 1],
    ...[2, 1, 3, 1, 1, 3, 3, 6, 1, 6],
    ...[2, 1, 3, 0x7c, 1, 2, 1, 3, 0x7f, 1, 2, 1],
    ...END,
    ...[...address(0x120), 1, 2, 1, ...END],
  ]
  const table = read(unit({ program })).table!

  test.each([
    [0xffn, null],
    [0x100n, 1],
    [0x103n, 1],
    [0x104n, 2],
    [0x108n, 1],
    [0x10cn, null],
    [0x110n, null],
    [0x11fn, null],
    [0x120n, 1],
    [0x124n, null],
  ])('%s', (at, line) => {
    expect(table.at(at)?.line ?? null).toBe(line)
  })

  test('where lines begin', () => {
    expect(table.starts(0)).toEqual([
      { line: 1, address: 0x100n },
      { line: 1, address: 0x108n },
      { line: 1, address: 0x120n },
      { line: 2, address: 0x104n },
    ])
    const shared = read(unit({ program: [...address(0x40), 1, 3, 2, 1, 2, 1, 3, 1, 1, ...END] })).table!
    expect(shared.starts(0)).toEqual([
      { line: 3, address: 0x40n },
      { line: 4, address: 0x44n },
    ])
    expect(table.addresses(0, 2)).toEqual([0x104n])
    expect(table.addresses(0, 5)).toEqual([])
  })
})

describe('real tables', () => {
  /** Sections as the ELF has them: changed bytes of the file may be elsewhere. */
  const lineSection = (file: Uint8Array, little: boolean): { header: number; at: number; size: number } => {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
    const headers = Number(view.getBigUint64(40, little))
    const names = headers + 64 * view.getUint16(62, little)
    const strings = Number(view.getBigUint64(names + 24, little))
    for (let n = 0; n < view.getUint16(60, little); n++) {
      const header = headers + 64 * n
      const name = strings + view.getUint32(header, little)
      if (new TextDecoder().decode(file.subarray(name, name + 12)) === '.debug_line\0')
        return { header, at: Number(view.getBigUint64(header + 24, little)), size: Number(view.getBigUint64(header + 32, little)) }
    }
    throw new Error('no .debug_line')
  }

  test.each(['sum.le.elf', 'sum.be.elf'])('%s, changed at random: nothing throws, and each row that comes out is in order', name => {
    const little = name.includes('le')
    const file = fixture(name)
    const whole = readElf(file)
    expect(whole.lines.table!.size).toBeGreaterThan(50)
    const { at, size } = lineSection(file, little)
    const section = file.subarray(at, at + size)
    const change = fc.record({ at: fc.nat(size - 1), to: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xff)) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), fc.nat(size), fc.boolean(), (changes, cut, isCut) => {
        const line = section.slice(0, isCut ? cut : size)
        for (const c of changes) if (c.at < line.length) line[c.at] = c.to
        const { table, problem } = readLineTable({ line, lineStrings: section, strings: section }, little)
        if (problem !== null) expect(problem).toMatch(/^\.debug_\w+ at byte 0x/)
        let before = 0n
        for (let n = 0; n < (table?.size ?? 0); n++) {
          const row = table!.row(n)
          if (row.file >= table!.files.length) throw new Error(`row ${n} has file ${row.file}`)
          if (n > 0 && !table!.row(n - 1).endSequence && row.address < before) throw new Error(`row ${n} goes back`)
          before = row.address
          table!.at(row.address)
        }
        // The program loads, whatever its table holds.
        const copy = file.slice()
        copy.set(line, at)
        expect(readElf(copy).segments.map(s => s.size)).toEqual(whole.segments.map(s => s.size))
      }),
      { numRuns: 400 },
    )
  })

  test.each([
    [
      'compressed',
      (v: DataView, header: number) => v.setBigUint64(header + 8, 0x800n, true),
      /^\.debug_line is compressed \(SHF_COMPRESSED\)\./,
    ],
    [
      'beyond the file',
      (v: DataView, header: number) => v.setBigUint64(header + 24, 0x100000n, true),
      /^The file is truncated: \.debug_line ends/,
    ],
  ])('a section that is %s: the program is loaded without lines', (_, change, message) => {
    const file = fixture('sum.le.elf')
    const view = new DataView(file.buffer)
    change(view, lineSection(file, true).header)
    const { lines, segments } = readElf(file)
    expect(lines.table).toBeNull()
    expect(lines.problem).toMatch(message)
    expect(segments.length).toBe(2)
  })
})
