import { describe, expect, test } from 'vitest'
import { assemble } from '../asm/assemble.ts'
import { writeElf } from '../asm/elf-writer.ts'
import { LoadError } from './elf.ts'
import { type BootImage, imageOfElf, imageOfFlat, imageOfSource, symbolAt, withFlat } from './image.ts'

const source = (text: string): BootImage => {
  const { image, diagnostics } = imageOfSource('t.s', text)
  if (!image) throw new Error(diagnostics.map(d => d.message).join('; '))
  return image
}
const problems = (text: string) => imageOfSource('t.s', text).diagnostics.map(d => `${d.line}:${d.column} ${d.message}`)
const pieces = (image: BootImage) => image.pieces.map(p => `${p.real.toString(16)}+${p.bytes.length.toString(16)}`)

const lesson = '# twostep: map=radix ail=3 ir=1 dr=1\n_start: li r3, 0\nprobe: mfmsr r5\nb _start\n'

describe('of a source', () => {
  test('real mode, at 0x10000', () => {
    const image = source('nop\n_start: b _start\n')
    expect(image).toMatchObject({ entry: 0x10004n, msr: 0x8000000000001003n, stack: null, toc: null, littleEndian: true, instructions: 2 })
    expect(pieces(image)).toEqual(['10000+8'])
    expect(source('# twostep: endian=big\n_start: nop').msr).toBe(0x8000000000001002n)
  })

  test('on the ready table: the MSR, stack and TOC of the first lesson', () => {
    const image = source(lesson)
    expect(image).toMatchObject({
      entry: 0xc000000000010000n,
      msr: 0x8000000002803033n,
      stack: 0xc00000000001fe80n,
      toc: 0xc000000000028000n,
    })
    expect(image.symbols).toEqual([
      { name: '_start', address: 0xc000000000010000n },
      { name: 'probe', address: 0xc000000000010004n },
    ])
    expect(image.lines.map(l => l.line)).toEqual([2, 3, 4])
  })

  test('data comes behind the stacks, however long the code is', () => {
    const program = (code: number, vcpus: number) =>
      `# twostep: map=radix vcpus=${vcpus}\n_start: .space ${code}\n.data\nhere: .quad .TOC.\n`
    for (const [code, vcpus, data] of [
      [4, 1, 0x20000],
      [0xf000, 1, 0x20000],
      [0xf004, 1, 0x30000],
      [0xe000, 2, 0x20000],
      [0xe000, 3, 0x30000],
      [0x28000, 1, 0x40000],
    ] as const) {
      const image = source(program(code, vcpus))
      expect(pieces(image)[1], `${code.toString(16)}, ${vcpus}`).toBe(`${data.toString(16)}+8`)
      expect(image.stack).toBe(0xc000000000000000n + BigInt(data) - 0x180n)
      const { bytes } = image.pieces[1]!
      expect(image.toc).toBe(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
    }
  })

  test('code at vectors of its own', () => {
    const image = source('# twostep: map=radix ail=3\n_start: b _start\n.section .vectors, "ax"\n.org 0xc000000000004d00\nrfid\n')
    expect(pieces(image)).toEqual(['4d00+4', '10000+4'])
  })

  test('entry= begins elsewhere', () => {
    expect(source('# twostep: entry=other\n_start: nop\nother: nop\n').entry).toBe(0x10004n)
    expect(problems('# twostep: entry=othr\n_start: nop\nother: nop\n')).toEqual(['1:12 no label "othr" for entry='])
    expect(source('nop').entry).toBe(0x10000n)
  })

  test('what is wrong is said all at once, and nothing is made', () => {
    const { image, diagnostics } = imageOfSource('t.s', '# twostep: ail=1\n_start: mfmsrr r5\naddi r3\n')
    expect(image).toBeNull()
    expect(diagnostics.map(d => d.line)).toEqual([1, 2, 3])
    expect(problems('')).toEqual(['1:1 the program has no instruction'])
    expect(problems('# twostep: ram=16M\n_start: nop\n.section .far, "aw"\n.org 0x1000000\n.long 1')).toEqual([
      '1:12 Section .far at 0x1000000 ends beyond the 16 MiB of RAM. Nothing was loaded.',
    ])
  })

  test('two addresses of one real place', () => {
    expect(problems('# twostep: map=radix\n_start: nop\n.section .low, "ax"\n.org 0x10000\nnop')).toEqual([
      '1:1 Section .text at 0xc000000000010000 overlaps Section .low at 0x10000 in real storage. Nothing was loaded.',
    ])
  })
})

const elfOf = (text: string, littleEndian: boolean, origin = 0x10000n) => {
  const program = assemble(text, { littleEndian, origin })
  return writeElf(program, { littleEndian, entry: program.symbols.get('_start')! })
}

describe('of an ELF', () => {
  test('real mode, byte order by the file', () => {
    expect(imageOfElf('a.elf', elfOf('nop\n_start: nop', true))).toMatchObject({ kind: 'elf', entry: 0x10004n, msr: 0x8000000000001003n })
    expect(imageOfElf('a.elf', elfOf('_start: nop', false))).toMatchObject({ littleEndian: false, msr: 0x8000000000001002n })
  })

  test('segments beyond RAM', () => {
    const far = elfOf('_start: nop', true, 0x4000000n)
    expect(() => imageOfElf('a.elf', far)).toThrow('Segment 0 at 0x4000000 ends beyond the 64 MiB of RAM. Nothing was loaded.')
    expect(imageOfElf('a.elf', far, 128 << 20).entry).toBe(0x4000000n)
    const huge = elfOf('_start: nop\n.bss\n.space 0x4000000', true)
    expect(() => imageOfElf('a.elf', huge)).toThrow(LoadError)
  })
})

describe('of flat bytes', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4)
  test('at an address, entered there or elsewhere', () => {
    expect(imageOfFlat('f', bytes, { address: 0x100, littleEndian: false })).toMatchObject({ entry: 0x100n, msr: 0x8000000000001002n })
    expect(imageOfFlat('f', bytes, { address: 0, littleEndian: false, entry: 0x100n }).entry).toBe(0x100n)
  })
  test('refused', () => {
    expect(() => imageOfFlat('f', new Uint8Array(), { address: 0, littleEndian: true })).toThrow('f is empty. Nothing was loaded.')
    expect(() => imageOfFlat('f', bytes, { address: (64 << 20) - 2, littleEndian: true })).toThrow('ends beyond the 64 MiB of RAM')
  })
  test('more of them', () => {
    const image = imageOfFlat('f', bytes, { address: 0x100, littleEndian: true })
    expect(pieces(withFlat(image, 'g', bytes, 0x40n))).toEqual(['40+4', '100+4'])
    expect(() => withFlat(image, 'g', bytes, 0x102n)).toThrow('g at 0x102 overlaps f at 0x100')
  })
})

test('the nearest symbol', () => {
  const { symbols } = source(lesson)
  const at = (a: bigint) => symbolAt(symbols, a)
  expect([0xffffn, 0xc000000000010000n, 0xc000000000010004n, 0xc00000000001000cn, 0xc000000000030000n].map(at)).toEqual([
    null,
    '_start',
    'probe',
    'probe+0x8',
    null,
  ])
})
