/** The ELF reader: what it takes, and a clear message for everything else. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildElf, type ElfParts, segment } from '../../../test/elf-builder.ts'
import { LoadError, readElf } from './elf.ts'

const program = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../test/programs/built/${name}`, import.meta.url)))
const message = (bytes: Uint8Array): string => {
  try {
    readElf(bytes)
  } catch (e) {
    expect(e).toBeInstanceOf(LoadError)
    return (e as LoadError).message
  }
  return 'it was read'
}
const refusal = (parts: ElfParts): string => message(buildElf(parts))
const code = segment({ address: 0x10000n, bytes: [1, 2, 3, 4, 5, 6, 7, 8], executable: true })

describe.each([
  ['nothing', new Uint8Array(), 'This is not an ELF file: it is empty.'],
  ['text', new TextEncoder().encode('_start: li r3, 0\n'), 'This is not an ELF file.'],
  ['four bytes of magic', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46), 'The file is truncated: the ELF header ends at byte 64, the file has 4.'],
])('%s', (_what, bytes, expected) => {
  test('is no ELF', () => {
    expect(message(bytes)).toContain(expected)
    expect(message(bytes)).toMatch(/Nothing was loaded\.$/)
  })
})

test.each<[string, ElfParts, string]>([
  [
    'a 32-bit ELF',
    { segments: [code], bits: 1, machine: 20 },
    'This is a 32-bit ELF for 32-bit PowerPC. Twostep runs ELF64 executables for ppc64',
  ],
  ['a 32-bit x86 ELF', { segments: [code], bits: 1, machine: 3 }, 'This is a 32-bit ELF for x86.'],
  ['an x86 ELF', { segments: [code], machine: 62 }, 'This is a 64-bit ELF for x86-64.'],
  ['one for an unknown machine', { segments: [code], machine: 4711 }, 'This is a 64-bit ELF for machine 4711.'],
  ['no byte order', { segments: [code], order: 3 }, 'byte order is 3'],
  ['an object file', { segments: [code], type: 1 }, 'This ELF is a relocatable object (link it first).'],
  ['a core dump', { segments: [code], type: 4 }, 'This ELF is a core dump.'],
  ['no segments', { segments: [] }, 'no segment to load (PT_LOAD)'],
  ['only an empty segment', { segments: [segment({ address: 0n, bytes: [] })] }, 'no segment to load (PT_LOAD)'],
  [
    'a dynamic linker',
    { segments: [code, segment({ type: 3, address: 0n, bytes: [0x2f] })] },
    'needs a dynamic linker (PT_INTERP). Link it with -static.',
  ],
  ['a needed library', { segments: [code], dynamic: [[1n, 1n]] }, 'needs a dynamic linker (DT_NEEDED)'],
  [
    'segments that overlap',
    { segments: [code, segment({ address: 0x10004n, bytes: [0], memorySize: 16n })] },
    'Segments overlap: the one at 0x10004 begins before the one at 0x10000 ends.',
  ],
  [
    'a segment inside the zeros of another',
    { segments: [segment({ address: 0x100n, bytes: [1], memorySize: 0x1000n }), segment({ address: 0x200n, bytes: [1] })] },
    'Segments overlap',
  ],
  [
    'more bytes in the file than in memory',
    { segments: [segment({ address: 0n, bytes: [1, 2, 3], memorySize: 2n })] },
    'more bytes in the file than in memory',
  ],
  [
    'a segment past the end of the file',
    { segments: [segment({ address: 0n, bytes: [1], fileSize: 1n << 40n, memorySize: 1n << 40n })] },
    'The file is truncated: segment 0 ends at byte',
  ],
  [
    'a segment at the end of the world',
    { segments: [segment({ address: 0n, bytes: [1], offset: (1n << 64n) - 1n })] },
    'The file is truncated: segment 0 ends at byte 18446744073709551616',
  ],
  ['program headers of 8 bytes', { segments: [code], programHeaderSize: 8 }, 'program headers have 8 bytes; they have 56'],
])('%s is refused in words', (_what, parts, expected) => {
  expect(refusal(parts)).toContain(expected)
  expect(refusal(parts)).toMatch(/Nothing was loaded\.$/)
})

test('a file cut anywhere is refused as truncated', () => {
  const whole = program('nothing.le.elf')
  expect(message(whole)).toBe('it was read')
  for (let length = 4; length < whole.length; length += 97)
    expect(message(whole.subarray(0, length)), `${length} bytes`).toContain('The file is truncated')
})

test('a damaged file is read or refused, never anything else', () => {
  const whole = program('nothing.be.elf')
  const headers = whole.length - 4096
  const place = fc.oneof(fc.nat(255), fc.integer({ min: headers, max: whole.length - 1 }))
  const damage = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(damage, changes => {
      const bytes = whole.slice()
      for (const [at, value] of changes) bytes[at] = value
      message(bytes)
    }),
    { numRuns: 300 },
  )
})

describe.each([true, false])('little-endian %s', little => {
  test('segments by address, with the size of what is zero', () => {
    const data = segment({ address: 0x9000n, bytes: [9], memorySize: 0x100n })
    const image = readElf(buildElf({ segments: [code, data], little, entry: 0x10004n }))
    expect(image.littleEndian).toBe(little)
    expect(image.entry).toBe(0x10004n)
    expect(image.segments.map(s => [s.address, [...s.bytes], s.size, s.executable])).toEqual([
      [0x9000n, [9], 0x100n, false],
      [0x10000n, [1, 2, 3, 4, 5, 6, 7, 8], 8n, true],
    ])
  })

  test('symbols: functions, data and labels that are defined; the most telling name of an address is the last', () => {
    const symbols = [
      { name: 'local', value: 0x10004n, info: 0x00 },
      { name: 'function', value: 0x10000n, info: 0x12 },
      { name: 'label', value: 0x10000n, info: 0x10 },
      { name: 'datum', value: 0x10000n, info: 0x11 },
      { name: 'a file', value: 0x10000n, info: 0x04, section: 0xfff1 },
      { name: 'elsewhere', value: 0n, info: 0x10, section: 0 },
      { name: '.Llocal', value: 0x10000n, info: 0 },
      { name: '', value: 0x10000n, info: 0x03 },
    ]
    const image = readElf(buildElf({ segments: [code], little, symbols }))
    expect(image.symbols).toEqual([
      { name: 'label', address: 0x10000n },
      { name: 'datum', address: 0x10000n },
      { name: 'function', address: 0x10000n },
      { name: 'local', address: 0x10004n },
    ])
  })

  test('a static position-independent file is relocated at 0', () => {
    const RELATIVE = 22n
    const relocations = [{ offset: 0x10008n, type: RELATIVE, addend: 0x10000n }]
    const target = segment({ address: 0x10000n, bytes: Array(16).fill(0xff) })
    const file = buildElf({ segments: [target], little, type: 3, relocations })
    const before = file.slice()
    const image = readElf(file)
    const bytes = image.segments[0]!.bytes
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    expect(view.getBigUint64(0, little)).toBe(0xffffffffffffffffn)
    expect(view.getBigUint64(8, little)).toBe(0x10000n)
    expect(file).toEqual(before)
  })

  test.each([
    ['of another type', { offset: 0x10000n, type: 38n, addend: 0n }, 'needs a dynamic linker (relocation type 38)'],
    ['outside the segments', { offset: 0x10001n, type: 22n, addend: 0n }, 'A relocation concerns 0x10001, which no segment has.'],
  ])('a relocation %s is refused', (_what, relocation, expected) => {
    expect(refusal({ segments: [code], little, type: 3, relocations: [relocation] })).toContain(expected)
  })

  test('version 1 of the ABI: entry and functions are found behind their descriptors', () => {
    const descriptors = segment({
      address: 0x20000n,
      bytes: [...doubleword(0x10004n, little), ...doubleword(0x28000n, little), ...doubleword(0n, little)],
    })
    const parts: ElfParts = {
      segments: [code, descriptors],
      little,
      abi: 1,
      entry: 0x20000n,
      opd: descriptors,
      symbols: [{ name: 'main', value: 0x20000n, info: 0x12 }],
    }
    const image = readElf(buildElf(parts))
    expect(image.entry).toBe(0x10004n)
    expect(image.symbols).toEqual([{ name: 'main', address: 0x10004n }])
    expect(readElf(buildElf({ ...parts, abi: 2 })).entry).toBe(0x20000n)
  })
})

function doubleword(value: bigint, little: boolean): number[] {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value, little)
  return [...bytes]
}

test.each(['le', 'be'])('what GCC and GNU ld make: %s', order => {
  const image = readElf(program(`arithmetic.${order}.elf`))
  expect(image.littleEndian).toBe(order === 'le')
  expect(image.entry).toBe(0x100n)
  expect(image.segments.map(s => s.executable)).toEqual([true, false])
  expect(image.segments[1]!.size).toBeGreaterThan(BigInt(image.segments[1]!.bytes.length))
  const names = image.symbols.map(s => s.name)
  expect(names).toEqual(expect.arrayContaining(['_start', 'main', 'values', 'print', 'add_carry']))
})
