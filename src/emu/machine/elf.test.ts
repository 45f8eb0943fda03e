import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assemble } from '../asm/assemble.ts'
import { writeElf } from '../asm/elf-writer.ts'
import { LoadError, readElf } from './elf.ts'

const PT = { LOAD: 1, DYNAMIC: 2, INTERP: 3 }
const [R, RW, RX] = [4, 6, 5]

interface Header {
  littleEndian?: boolean
  bits?: 1 | 2
  type?: number
  machine?: number
  abi?: number
  entry?: string
  /** Program headers: type, flags, label of the bytes, address, size in memory beyond them. */
  segments?: readonly [type: number, flags: number, label: string, address: string, more?: number][]
  /** What the file has, with the labels: `x:` begins and `x_end:` ends. */
  contents?: string
  /** Section headers: name, type, address, label, link. */
  sections?: readonly [name: string, type: number, address: string, label: string, link: number][]
}

const text: NonNullable<Header['segments']> = [[PT.LOAD, RX, 'code', '0x10000']]
const code = 'code: nop\nblr\ncode_end:'

/** An ELF written out in assembly; the addresses of labels are places in the file. */
function elf(o: Header = {}): Uint8Array {
  const little = o.littleEndian ?? true
  const segments = o.segments ?? text
  const sections = o.sections ?? []
  const source = `
    .byte 0x7f, 0x45, 0x4c, 0x46, ${o.bits ?? 2}, ${little ? 1 : 2}, 1, 0
    .quad 0
    .short ${o.type ?? 2}, ${o.machine ?? 21}
    .long 1
    .quad ${o.entry ?? '0x10000'}, 64, ${sections.length ? 'section_headers' : 0}
    .long ${o.abi ?? 2}
    .short 64, 56, ${segments.length}, 64, ${sections.length}, ${Math.max(sections.length - 1, 0)}
    ${segments.map(([type, flags, label, address, more]) => `.long ${type}, ${flags}\n.quad ${label}, ${address}, 0, ${label}_end - ${label}, ${label}_end - ${label} + ${more ?? 0}, 1`).join('\n')}
    ${o.contents ?? code}
    names: ${sections.map(([name], n) => `name${n}: .asciz "${name}"`).join('\n')}
    names_end:
    section_headers:
    ${sections.map(([, type, address, label, link], n) => `.long name${n} - names, ${type}\n.quad 0, ${address}, ${label}, ${label}_end - ${label}\n.long ${link}, 0\n.quad 1, 0`).join('\n')}`
  const { sections: made, diagnostics } = assemble(source, { littleEndian: little, origin: 0n })
  if (diagnostics.some(d => d.severity === 'error')) throw new Error(JSON.stringify(diagnostics))
  return made[0]!.bytes
}

function refusal(bytes: Uint8Array): string {
  try {
    readElf(bytes)
  } catch (e) {
    if (e instanceof LoadError) return e.message
    throw e
  }
  return 'no refusal'
}

const WANTED = 'Twostep runs ELF64 executables for ppc64 and ppc64le. Nothing was loaded.'
const doubleword = (bytes: Uint8Array, little: boolean, at = 0): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, little)

describe('an executable', () => {
  test.each([true, false])('what the ELF writer makes, little-endian %s', littleEndian => {
    const program = assemble('.globl _start\n_start: nop\nloop: b loop\n.data\nvalue: .quad 7\n.bss\nroom: .space 64\n', {
      littleEndian,
      origin: 0xc000000000010000n,
    })
    const read = readElf(writeElf(program, { littleEndian, entry: program.symbols.get('_start')! }))
    expect(read.littleEndian).toBe(littleEndian)
    expect(read.entry).toBe(0xc000000000010000n)
    expect(read.segments.map(s => [s.address, s.size, s.executable])).toEqual(
      program.sections.map(s => [s.address, BigInt(s.bytes.length), s.executable]),
    )
    expect(read.symbols).toEqual(['_start', 'loop', 'value', 'room'].map(name => ({ name, address: program.symbols.get(name)! })))
    expect(doubleword(read.segments[1]!.bytes, littleEndian)).toBe(7n)
  })

  test('what the file does not have of a segment is 0; segments come by address', () => {
    const bytes = elf({
      segments: [
        [PT.LOAD, RW, 'data', '0x20000', 0x1000],
        [PT.LOAD, RX, 'code', '0x10000'],
      ],
      contents: `${code}\ndata: .quad 1\ndata_end:`,
    })
    const { segments } = readElf(bytes)
    expect(segments.map(s => [s.address, s.bytes.length, s.size])).toEqual([
      [0x10000n, 8, 8n],
      [0x20000n, 8, 0x1008n],
    ])
  })

  test('in version 1 of the ABI the entry and the functions are descriptors', () => {
    const o: Header = {
      littleEndian: false,
      abi: 1,
      entry: '0x20000',
      segments: [
        [PT.LOAD, RX, 'code', '0x10000'],
        [PT.LOAD, RW, 'opd', '0x20000'],
      ],
      contents: `${code}\nopd: .quad 0x10004, 0, 0\nopd_end:
        symbols: .space 24
        .long main - strings
        .byte 0x12, 0
        .short 1
        .quad 0x20000, 24
        symbols_end:
        strings: .byte 0
        main: .asciz "main"
        strings_end:`,
      sections: [
        ['.none', 0, '0', 'names', 0],
        ['.opd', 1, '0x20000', 'opd', 0],
        ['.symtab', 2, '0', 'symbols', 3],
        ['.strtab', 3, '0', 'strings', 0],
        ['.shstrtab', 3, '0', 'names', 0],
      ],
    }
    const read = readElf(elf(o))
    expect(read.entry).toBe(0x10004n)
    expect(read.symbols).toEqual([{ name: 'main', address: 0x10004n }])
    expect(readElf(elf({ ...o, abi: 2 })).entry).toBe(0x20000n)
  })
})

describe('what GCC and GNU ld make', () => {
  test.each(['le', 'be'])('%s', order => {
    const file = new URL(`../../../test/programs/built/arithmetic.${order}.elf`, import.meta.url)
    const image = readElf(new Uint8Array(readFileSync(file)))
    expect(image.littleEndian).toBe(order === 'le')
    expect(image.entry).toBe(0x100n)
    expect(image.segments.map(s => s.executable)).toEqual([true, false])
    expect(image.segments[1]!.size).toBeGreaterThan(BigInt(image.segments[1]!.bytes.length))
    const names = image.symbols.map(s => s.name)
    expect(names).toEqual(expect.arrayContaining(['_start', 'main', 'values', 'print', 'add_carry']))
  })

  test('of the names of one address the most telling is the last; what is no place is left out', () => {
    const symbol = (label: string, info: number, value: number, section = 1) =>
      `.long ${label} - strings\n.byte ${info}, 0\n.short ${section}\n.quad ${value}, 0`
    const names = ['function', 'label', 'datum', 'after', 'elsewhere', 'a_file', '.Llocal']
    const file = elf({
      contents: `${code}
        symbols: .space 24
        ${symbol('after', 0x00, 0x10004)}
        ${symbol('function', 0x12, 0x10000)}
        ${symbol('label', 0x10, 0x10000)}
        ${symbol('datum', 0x11, 0x10000)}
        ${symbol('elsewhere', 0x10, 0, 0)}
        ${symbol('a_file', 0x04, 0, 0xfff1)}
        ${symbol('.Llocal', 0x00, 0x10000)}
        symbols_end:
        strings: .byte 0
        ${names.map(n => `${n}: .asciz "${n}"`).join('\n')}
        strings_end:`,
      sections: [
        ['.none', 0, '0', 'names', 0],
        ['.symtab', 2, '0', 'symbols', 2],
        ['.strtab', 3, '0', 'strings', 0],
        ['.shstrtab', 3, '0', 'names', 0],
      ],
    })
    expect(readElf(file).symbols.map(s => s.name)).toEqual(['label', 'datum', 'function', 'after'])
  })
})

describe('a static position-independent executable', () => {
  const PIE = (dynamic: string, relocations: string): Header => ({
    type: 3,
    entry: '0x100',
    segments: [
      [PT.LOAD, RX, 'code', '0x100'],
      [PT.LOAD, RW, 'data', '0x1000'],
      [PT.DYNAMIC, RW, 'dynamic', '0x1100'],
    ],
    contents: `${code}
      data: .quad 0, 0
      list: ${relocations}
      data_end:
      dynamic: .quad ${dynamic}, 0, 0
      dynamic_end:`,
  })
  const [RELA, RELASZ, RELR, RELRSZ, NEEDED] = [7, 8, 36, 35, 1]

  test.each([true, false])('R_PPC64_RELATIVE is applied, little-endian %s', littleEndian => {
    const relocations = '.quad 0x1008, 22, 0x104'
    const bytes = elf({ ...PIE(`${RELA}, 0x1010, ${RELASZ}, 24`, relocations), littleEndian })
    const before = bytes.slice()
    const { segments, entry } = readElf(bytes)
    expect(entry).toBe(0x100n)
    expect([0, 8].map(at => doubleword(segments[1]!.bytes, littleEndian, at))).toEqual([0n, 0x104n])
    expect(bytes).toEqual(before)
  })

  test('the compact form of RELATIVE leaves what is there', () => {
    expect(refusal(elf(PIE(`${RELR}, 0x1010, ${RELRSZ}, 16`, '.quad 0x1000, 3')))).toBe('no refusal')
    expect(refusal(elf(PIE(`${RELR}, 0x1010, ${RELRSZ}, 8`, '.quad 0x9000')))).toBe(
      'A relocation concerns 0x9000, which no segment has. Nothing was loaded.',
    )
  })

  test.each([
    ['another relocation', PIE(`${RELA}, 0x1010, ${RELASZ}, 24`, '.quad 0x1008, 38, 0'), 'relocation type 38'],
    ['a library', PIE(`${NEEDED}, 1`, '.quad 0'), 'DT_NEEDED'],
  ])('%s needs a dynamic linker', (_what, header, why) => {
    expect(refusal(elf(header))).toBe(`This ELF needs a dynamic linker (${why}). Link it with -static or -static-pie. Nothing was loaded.`)
  })

  test('a relocation of what is not there', () => {
    expect(refusal(elf(PIE(`${RELA}, 0x1010, ${RELASZ}, 24`, '.quad 0x7000, 22, 0')))).toBe(
      'A relocation concerns 0x7000, which no segment has. Nothing was loaded.',
    )
  })
})

describe('what is refused, and how', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), `This is not an ELF file: it is empty. ${WANTED}`],
    ['a text', new TextEncoder().encode('_start: nop\n'), `This is not an ELF file. ${WANTED}`],
    ['an x86-64 ELF', elf({ machine: 62 }), `This is a 64-bit ELF for x86-64. ${WANTED}`],
    ['an i386 ELF', elf({ machine: 3, bits: 1 }), `This is a 32-bit ELF for x86. ${WANTED}`],
    ['32-bit PowerPC', elf({ machine: 20, bits: 1, littleEndian: false }), `This is a 32-bit ELF for 32-bit PowerPC. ${WANTED}`],
    ['a machine of no name', elf({ machine: 999 }), `This is a 64-bit ELF for machine 999. ${WANTED}`],
    ['an object file', elf({ type: 1 }), `This ELF is a relocatable object (link it first). ${WANTED}`],
    ['a core dump', elf({ type: 4 }), `This ELF is a core dump. ${WANTED}`],
    ['no segment', elf({ segments: [] }), 'This ELF has no segment to load (PT_LOAD). Nothing was loaded.'],
    [
      'a dynamic program',
      elf({ segments: [[PT.INTERP, R, 'code', '0'], ...text] }),
      'This ELF needs a dynamic linker (PT_INTERP). Link it with -static. Nothing was loaded.',
    ],
    [
      'overlapping segments',
      elf({
        segments: [
          [PT.LOAD, RX, 'code', '0x10000', 0x100],
          [PT.LOAD, RW, 'code', '0x10080'],
        ],
      }),
      'Segments overlap: the one at 0x10080 begins before the one at 0x10000 ends. Nothing was loaded.',
    ],
    [
      'more in the file than in memory',
      elf({ segments: [[PT.LOAD, RX, 'code', '0x10000', -4]] }),
      'Segment 0 at 0x10000 has more bytes in the file than in memory. Nothing was loaded.',
    ],
  ])('%s', (_what, bytes, message) => {
    expect(refusal(bytes)).toBe(message)
  })

  const whole = (() => {
    const program = assemble('_start: nop\nb _start\n.data\n.quad 1\n', { littleEndian: true, origin: 0x10000n })
    return writeElf(program, { littleEndian: true, entry: 0x10000n })
  })()

  test('a file cut anywhere says that it is truncated', () => {
    for (let n = 4; n < whole.length; n++) expect(refusal(whole.subarray(0, n)), `${n} bytes`).toMatch(/^The file is truncated: /)
  })

  test('an x86 ELF that is cut is still called by its name', () => {
    expect(refusal(elf({ machine: 62 }).subarray(0, 40))).toBe(`This is a 64-bit ELF for x86-64. ${WANTED}`)
  })

  test('whatever the bytes are, the answer is an image or a sentence', () => {
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(damage, changes => {
        const bytes = whole.slice()
        for (const [at, value] of changes) bytes[at] = value
        expect(refusal(bytes)).toMatch(/^no refusal$|Nothing was loaded\.$/)
      }),
      { numRuns: 2000 },
    )
  })
})
