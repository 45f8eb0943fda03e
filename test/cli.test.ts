/** The command line through its entry, with files and streams of the test. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { main } from '../src/cli/main.ts'
import { readElf } from '../src/emu/machine/elf.ts'
import { elfFile, flatFile } from './programs/programs.ts'
import { TestIo } from './test-io.ts'

interface Ran {
  status: number | Promise<number>
  out: string
  errors: string
  io: TestIo
}

function twostep(line: string, files: Readonly<Record<string, string | Uint8Array>> = {}): Ran {
  const io = new TestIo(files)
  const status = main(line.split(' '), io)
  return { status, out: io.text, errors: io.errors.join('\n'), io }
}

/** Writes "hi" and powers off; runs wherever it lies, in either byte order. */
const hello = `
_start: li      r3, 0x58
        lis     r4, 0x7100
        li      r5, 3
        lis     r6, 0x6869
        oris    r6, r6, 0
        sldi    r6, r6, 32
        li      r7, 0x0a00
        sldi    r7, r7, 32
        or      r6, r6, r7
        sc      1
        lis     r3, 0
        ori     r3, r3, 0xf000
        bl      1f
        .byte   0, 0, 0x20, 3, 0, 0, 0, 2, 0, 0, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0
1:      mflr    r4
        sc      1
        b       .
`
const counting = '_start: li r3, 0\n1: addi r3, r3, 1\n b 1b\n'
const toNowhere = 'lis r3, 0x7000\nmtlr r3\nblr\n'
const attn = '_start: li r3, 7\n mfmsr r4\n attn\n b _start\n'

describe('run: how it ends', () => {
  test('power-off is status 0, the console is stdout', () => {
    expect(twostep('run hello.s', { 'hello.s': hello })).toMatchObject({ status: 0, out: 'hi\n', errors: '' })
  })

  test('attn is status 0 where it was asked for', () => {
    expect(twostep('run a.s --stop-on attn', { 'a.s': attn })).toMatchObject({ status: 0, errors: '' })
    const { status, errors } = twostep('run a.s', { 'a.s': attn })
    expect([status, errors]).toEqual([1, 'twostep: The guest executed attn at 0x10008.'])
  })

  test('the limit is exact, and status 1', () => {
    const { status, out, errors } = twostep('run a.s --max-instructions 1000 --registers json', { 'a.s': counting })
    expect(status).toBe(1)
    expect(errors).toBe('twostep: stopped at 0x10008 after 1000 instructions, the limit that --max-instructions set.')
    expect(JSON.parse(out)).toMatchObject({ r3: '0x1f4', NIP: '0x10008', TB: '0x3e8' })
    expect(twostep('run a.s --max-instructions 0 --registers json', { 'a.s': counting }).out).toContain('"NIP":"0x10000"')
  })

  test.each([
    ['an instruction that is not executed', '_start: mfmsr r3\nori r3, r3, 0x2000\nmtmsrd r3\n.long 0xfc22182a\n', 'fadd'],
    ['waiting for ever', '_start: li r3, 0xe0\nsc 1\nb _start\n', 'waits for an interrupt, and none will come'],
    ['an address beyond RAM', `_start: ${toNowhere}`, 'guest real address 0x70000000 lies beyond its RAM'],
    ['an unmapped address and no handler', `# twostep: map=radix ir=1 dr=1\n_start: ${toNowhere}`, 'no handler either'],
    ['an illegal word and no handler', '_start: .long 0\n', 'at 0x700, where the Program interrupt for it goes, there is no handler'],
  ])('%s is status 1, with what happened', (_what, source, said) => {
    const { status, errors } = twostep('run a.s --max-instructions 100000', { 'a.s': source })
    expect(status).toBe(1)
    expect(errors).toMatch(/^twostep: /)
    expect(errors).toContain(said)
  })
})

describe('run: what is booted', () => {
  const registers = (line: string, files: Readonly<Record<string, string | Uint8Array>>): Record<string, bigint> => {
    const { out, errors } = twostep(`${line} --registers json --stop-on attn --max-instructions 100`, files)
    expect(errors).toBe('')
    return Object.fromEntries(Object.entries(JSON.parse(out) as Record<string, string>).map(([k, v]) => [k, BigInt(v)]))
  }
  const words = (little: boolean, ...list: number[]): Uint8Array => {
    const bytes = new Uint8Array(4 * list.length)
    list.forEach((w, n) => {
      new DataView(bytes.buffer).setUint32(4 * n, w, little)
    })
    return bytes
  }
  const [LI_3_7, MFMSR_4, ATTN] = [0x38600007, 0x7c8000a6, 0x00000200]

  test('a flat image: little-endian at 0; with --entry big-endian, as QEMU enters it; --endian says otherwise', () => {
    const little = registers('run a.bin', { 'a.bin': words(true, LI_3_7, MFMSR_4, ATTN) })
    expect([little.r3, little.r4, little.NIP]).toEqual([7n, 0x8000000000001003n, 8n])
    const big = registers('run a.bin --entry 0x4', { 'a.bin': words(false, 0, LI_3_7, MFMSR_4, ATTN) })
    expect([big.r3, big.r4, big.NIP]).toEqual([7n, 0x8000000000001002n, 12n])
    expect(registers('run a.bin --entry 4 --endian little', { 'a.bin': words(true, 0, LI_3_7, ATTN) }).r3).toBe(7n)
    expect(registers('run a.bin --endian big', { 'a.bin': words(false, LI_3_7, ATTN) }).r3).toBe(7n)
  })

  test('--msr is the whole MSR, with its byte order', () => {
    const r = registers('run a.bin --msr 0x8000000000000001', { 'a.bin': words(true, MFMSR_4, ATTN) })
    expect(r.r4).toBe(0x8000000000000001n)
    expect(registers('run a.bin --msr 0', { 'a.bin': words(false, MFMSR_4, ATTN) }).r4).toBe(0n)
    expect(twostep('run a.bin --msr 1 --endian big', { 'a.bin': words(true, ATTN) }).errors).toBe(
      'twostep: --msr 0x1 has LE=1, and --endian says otherwise.',
    )
  })

  test('--entry takes a symbol', () => {
    const source = '_start: li r3, 1\n attn\nsecond: li r3, 2\n attn\n'
    expect(registers('run a.s --entry second', { 'a.s': source }).r3).toBe(2n)
    expect(twostep('run a.s --entry third', { 'a.s': source }).errors).toBe(
      'twostep: --entry third: a.s has no such symbol, and it is no number.',
    )
  })

  test('--load puts bytes where they are wanted, and nowhere else', () => {
    const source = '_start: lis r4, 2\n lwz r3, 0(r4)\n lwz r5, 0x100(r4)\n attn\n'
    const files = { 'a.s': source, 'b@1.bin': words(true, 0x1234567), 'c.bin': words(true, 0x89) }
    const r = registers('run a.s --load b@1.bin@0x20000 --load c.bin@131328', files)
    expect([r.r3, r.r5]).toEqual([0x1234567n, 0x89n])
    const refused = (what: string) => twostep(`run a.s --load ${what}`, files).errors
    expect(refused('c.bin')).toContain('expected FILE@ADDR')
    expect(refused('c.bin@here')).toContain('expected a number')
    expect(refused('c.bin@0x10004')).toContain('overlaps')
    expect(refused('c.bin@0x3fffffe')).toContain('ends beyond the 64 MiB of RAM')
    expect(refused('none@0')).toBe('twostep: cannot read none: there is no such file.')
  })

  test('the header of a source is followed', () => {
    const r = registers('run a.s', { 'a.s': '# twostep: map=radix ail=3 ir=1 dr=1\n_start: mfmsr r4\n attn\n' })
    expect([r.r4, r.NIP]).toEqual([0x8000000002803033n, 0xc000000000010004n])
    expect(twostep('run a.s', { 'a.s': '# twostep: colour=red\n_start: attn\n' }).errors).toContain('a.s:1:12: error: ')
  })
})

test('registers as text: four a line, after the end of the console line', () => {
  const { out } = twostep('run a.s --max-instructions 20 --registers text', { 'a.s': hello.replace('0x0a00', '0x2100') })
  const lines = out.split('\n')
  expect(lines[0]).toBe('hi!')
  expect(lines[1]).toMatch(/^r0 {7}[0-9a-f]{16} {2}r1 {7}[0-9a-f]{16} {2}r2 {7}[0-9a-f]{16} {2}r3 {7}[0-9a-f]{16}$/)
  expect(out).toMatch(/\bSRR1 +[0-9a-f]{16}/)
})

describe('run: bad input', () => {
  const good = new Uint8Array(readFileSync(elfFile('nothing', 'le')))
  const patched = (...changes: [at: number, value: number][]): Uint8Array => {
    const bytes = good.slice()
    for (const [at, value] of changes) bytes[at] = value
    return bytes
  }
  const [CLASS, MACHINE, PHDR0, PHDR1] = [4, 18, 64, 120]
  test.each<[string, Uint8Array, string]>([
    ['no ELF', new TextEncoder().encode('hello\n'), 'This is not an ELF file.'],
    ['nothing', new Uint8Array(), 'This is not an ELF file: it is empty.'],
    ['a 32-bit ELF', patched([CLASS, 1], [MACHINE, 20]), 'This is a 32-bit ELF for 32-bit PowerPC.'],
    ['an x86 ELF', patched([MACHINE, 62]), 'This is a 64-bit ELF for x86-64.'],
    ['a truncated one', good.subarray(0, 9000), 'The file is truncated:'],
    ['overlapping segments', patched([PHDR1 + 17, 0x30]), 'Segments overlap:'],
    ['segments beyond RAM', patched([PHDR1 + 19, 0x04]), 'ends beyond the 64 MiB of RAM.'],
    ['a dynamic program', patched([PHDR0, 3]), 'needs a dynamic linker (PT_INTERP)'],
  ])('%s', (_what, bytes, said) => {
    for (const command of ['run x.elf --max-instructions 10', ...(said.includes('RAM') ? [] : ['disasm x.elf'])]) {
      const { status, out, errors } = twostep(command, { 'x.elf': bytes })
      expect([status, out]).toEqual([1, ''])
      expect(errors).toContain(said)
      expect(errors).toContain('Nothing was loaded.')
    }
  })

  test('an empty flat image, and a source with errors', () => {
    expect(twostep('run x.bin', { 'x.bin': new Uint8Array() })).toMatchObject({
      status: 1,
      errors: 'twostep: x.bin is empty. Nothing was loaded.',
    })
    const { status, errors } = twostep('run x.s', { 'x.s': '_start: mfmsrr r5\n lwz r3\n' })
    expect(status).toBe(1)
    expect(errors.split('\n')).toEqual([
      expect.stringMatching(/^x\.s:1:9: error: .*mfmsr/),
      expect.stringMatching(/^x\.s:2:\d+: error: /),
      'twostep: x.s has 2 errors; nothing was run.',
    ])
  })
})

test.each([
  ['fly x', 'no command "fly". Known: run, asm, disasm, isa, probe, play, grade.'],
  ['constructor x', 'no command "constructor"'],
  ['run', 'run: no FILE given'],
  ['run a b', 'one FILE at a time, found also b'],
  ['run a --machine powernv', '--machine powernv: there is one machine, pseries.'],
  ['run a --stop-on trap', '--stop-on trap: expected attn.'],
  ['run a --registers xml', '--registers xml: expected text or json.'],
  ['run a --endian middle', '--endian middle: expected little or big.'],
  ['run a --msr -1', '--msr'],
  ['run a --msr=0x10000000000000000', 'more than 64 bits'],
  ['run a --max-instructions many', 'expected a number, as 4096 or 0x1000'],
  ['run a --colour red', "Unknown option '--colour'"],
  ['asm a.s', 'no output file given (-o OUT)'],
])('"%s" is refused in words', (line, said) => {
  const { status, out, errors } = twostep(line, { a: 'x', 'a.s': '_start: nop\n' })
  expect([status, out]).toEqual([1, ''])
  expect(errors).toMatch(/^twostep: /)
  expect(errors).toContain(said)
})

test('no command at all is refused too', () => {
  const io = new TestIo()
  expect(main([], io)).toBe(1)
  expect(io.errors[0]).toContain('no command given')
})

test('--help names every command', () => {
  for (const line of ['--help', 'run --help', 'help']) {
    const { status, out } = twostep(line)
    expect(status).toBe(0)
    for (const name of ['run', 'asm', 'disasm']) expect(out).toContain(`twostep ${name} FILE`)
  }
})

describe('asm', () => {
  const source = '.globl _start\n_start: li r3, 1\n.Llocal: b second\nsecond: attn\n.data\nvalue: .long 0x11223344\n'
  const built = (line: string, text = source) => {
    const ran = twostep(`asm a.s -o out${line}`, { 'a.s': text })
    expect(ran.errors).toBe('')
    return ran.io.files.get(`out${line.split(' ')[0]}`)!
  }

  test('a flat image, little-endian from address 0', () => {
    const bytes = built('.bin')
    expect([...bytes]).toEqual([1, 0, 0x60, 0x38, 4, 0, 0, 0x48, 0, 2, 0, 0, 0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11])
    expect([...built('.bin --endian big').subarray(0, 4)]).toEqual([0x38, 0x60, 0, 1])
    expect([...built('.bin', `# twostep: endian=big\n${source}`).subarray(0, 4)]).toEqual([0x38, 0x60, 0, 1])
  })

  test('byte n of a flat image is real address n, wherever the source puts it', () => {
    const bytes = built('.bin', '.org 0x100\n_start: nop\n')
    expect(bytes.length).toBe(0x104)
    expect(bytes.findIndex(b => b !== 0)).toBe(0x103)
    expect(built('.bin', '.org 0xc000000000000100\n_start: nop\n')).toEqual(bytes)
    const { status, errors } = twostep('asm a.s -o a.bin', { 'a.s': '.org 0x8000000\nnop\n' })
    expect(status).toBe(1)
    expect(errors).toContain('Write an ELF instead')
  })

  test('an ELF with its symbols, which runs', () => {
    const bytes = built('.elf')
    const elf = readElf(bytes)
    expect([elf.littleEndian, elf.entry]).toEqual([true, 0n])
    expect(elf.symbols.map(s => s.name)).toEqual(['_start', 'second', 'value'])
    expect(readElf(built('.elf --endian big')).littleEndian).toBe(false)
    expect(twostep('run a.elf --stop-on attn', { 'a.elf': bytes }).status).toBe(0)
  })

  test('what it writes runs: flat, ELF, both byte orders', () => {
    for (const endian of ['little', 'big'])
      for (const name of ['out.bin', 'out.elf']) {
        const { io, errors } = twostep(`asm a.s -o ${name} --endian ${endian}`, { 'a.s': hello })
        expect(errors).toBe('')
        const flat = name.endsWith('.bin') ? ` --endian ${endian}` : ''
        expect(twostep(`run ${name}${flat}`, { [name]: io.files.get(name)! })).toMatchObject({ status: 0, out: 'hi\n' })
      }
  })

  test('nothing is written where something is wrong', () => {
    for (const text of ['nonsense\n', '# no code\n']) {
      const { status, io } = twostep('asm a.s -o a.bin', { 'a.s': text })
      expect(status).toBe(1)
      expect(io.files.has('a.bin')).toBe(false)
      expect(io.errors.at(-1)).toContain('nothing was written')
    }
  })
})

describe('disasm', () => {
  test('an ELF: its executable segments, with symbols', () => {
    const { io } = twostep('asm a.s -o a.elf', { 'a.s': '_start: li r3, 1\nagain: bl _start\n b again\n .space 32\n.data\n.long 1\n' })
    const { status, out } = twostep('disasm a.elf', { 'a.elf': io.files.get('a.elf')! })
    expect(status).toBe(0)
    expect(out).toBe(
      [
        '',
        '0000000000000000 <_start>:',
        '       0:\t01 00 60 38\tli      r3,1',
        '',
        '0000000000000004 <again>:',
        '       4:\tfd ff ff 4b\tbl      0x0 <_start>',
        '       8:\tfc ff ff 4b\tb       0x4 <again>',
        '\t...',
        '',
      ].join('\n'),
    )
  })

  test('flat bytes in the asked order; a rest of less than a word', () => {
    const bytes = Uint8Array.of(0x38, 0x60, 0, 1, 0x60, 0)
    expect(twostep('disasm a.bin --endian big', { 'a.bin': bytes }).out).toBe(
      '       0:\t38 60 00 01\tli      r3,1\n       4:\t60 00\t.byte   0x60,0x0\n',
    )
    expect(twostep('disasm a.bin', { 'a.bin': Uint8Array.of(1, 0, 0x60, 0x38) }).out).toContain('li      r3,1')
  })

  test('--source: lines of the line table, with their text where the file is found', () => {
    const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/lines/${name}`, import.meta.url)))
    const { status, out, errors } = twostep('disasm --source x/sum.elf', {
      'x/sum.elf': fixture('sum.le.elf'),
      'x/sum.c': fixture('sum.c'),
    })
    expect([status, errors]).toEqual([0, ''])
    expect(out).toContain('sum.c:18:     long total = sum(values, 5);\n    307c:\t05 00 80 38\tli      r4,5\n')
    expect(out).toContain('weigh.h:6:\n    3024:\t')
    expect(out).toContain('crt0.s:22:\n     128:\t')
    const without = twostep(`disasm --source ${elfFile('control', 'le')}`)
    expect([without.status, without.out]).toEqual([1, ''])
    expect(without.errors).toMatch(/control\.le\.elf has no line table\. Compile with -g, or leave --source away\.$/)
  })

  test('a program of GCC: every function is named', () => {
    const { out } = twostep(`disasm ${elfFile('control', 'be')}`)
    for (const name of ['_start', 'main', 'ackermann', 'queens', 'hypercall'])
      expect(out).toMatch(new RegExp(`^[0-9a-f]{16} <${name}>:$`, 'm'))
    expect(out).toMatch(/\tsc {6}1\n/)
    expect(twostep(`disasm ${flatFile('control', 'be')} --endian big`).out).toContain('sc      1')
  })
})
