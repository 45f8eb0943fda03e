import { describe, expect, test } from 'vitest'
import { type Assembled, assemble } from './assemble.ts'

const big = (source: string, origin = 0n): Assembled => assemble(source, { littleEndian: false, origin })
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
const textOf = (a: Assembled): string => hex(a.sections.find(s => s.name === '.text')?.bytes)
const messages = (source: string): string[] =>
  big(source).diagnostics.map(d => `${d.line}:${d.column}-${d.endColumn} ${d.severity}: ${d.message}`)

describe('a program', () => {
  const program = big('_start: li r3, 1\n1: b 1b\n  .data\nvalue: .quad _start\n', 0x4000n)

  test('has its sections at their addresses', () => {
    expect(program.diagnostics).toEqual([])
    expect(program.sections.map(s => [s.name, s.address, hex(s.bytes), s.executable, s.writable])).toEqual([
      ['.text', 0x4000n, '3860000148000000', true, false],
      ['.data', 0x4010n, '0000000000004000', false, true],
    ])
  })

  test('names its labels, not its local ones', () => {
    expect([...program.symbols]).toEqual([['_start', 0x4000n], ['value', 0x4010n]]) // biome-ignore format: a table
    expect(program.entry).toBe('_start')
  })

  test('maps addresses to lines', () => {
    expect(program.lines).toEqual([
      { line: 1, address: 0x4000n, size: 4, instruction: true },
      { line: 2, address: 0x4004n, size: 4, instruction: true },
      { line: 4, address: 0x4010n, size: 8, instruction: false },
    ])
    expect(program.instructions).toBe(2)
  })

  test('in little-endian has its bytes reversed', () => {
    const little = assemble('li r3, 1\n.short 0x1234\n', { littleEndian: true, origin: 0n })
    expect(textOf(little)).toBe('010060383412')
  })

  test('has its data where that is asked for', () => {
    const a = assemble('nop\n.data\n.byte 1\n.bss\n.space 4\n', { littleEndian: true, origin: 0n, dataOrigin: 0x1000n })
    expect(a.sections.map(s => [s.name, s.address])).toEqual([['.text', 0n], ['.data', 0x1000n], ['.bss', 0x1010n]]) // biome-ignore format: a table
  })
})

describe('.org', () => {
  test('before anything else says where the section begins', () => {
    expect(big('.org 0x100\nnop\n.org 0x108\nnop').sections).toMatchObject([{ address: 0x100n, bytes: { length: 12 } }])
    expect(big('.org 0xc000000000004d00\nhere: b here').symbols.get('here')).toBe(0xc000000000004d00n)
    const vectors = 'nop\n.section .vectors,"ax"\n.org 0xd00\nhere: nop'
    expect(big(vectors, 0x10000n).sections.map(s => s.address)).toEqual([0xd00n, 0x10000n])
  })

  test('below the section is an offset in it, as GNU as has it', () => {
    const a = big('nop\n.org 0x10\nlate: nop', 0xc000000000000000n)
    expect(a.symbols.get('late')).toBe(0xc000000000000010n)
  })

  test('does not fill the world', () => {
    expect(messages('nop\n.org 0xc000000000000000')[0]).toContain('would grow beyond 64 MiB')
    expect(messages('nop\n.space -1')[0]).toContain('is not between 0 and')
    expect(messages('nop\n.space 0xfffffff')[0]).toContain('would grow beyond 64 MiB')
  })

  test('makes sections that overlap an error', () => {
    expect(messages('.org 0x100\n.space 64\n.section .vectors,"ax"\n.org 0x120\nnop')[0]).toContain('overlaps')
  })
})

describe('symbols', () => {
  test('may be used before they are defined, through each other too', () => {
    expect(textOf(big('li r3, a\n.equ a, b + 1\n.equ b, end - start\nstart: nop\nend:'))).toBe('3860000560000000')
  })

  test('assigned twice have the value of the moment', () => {
    expect(textOf(big('x = 5\nli r3, x\nx = x + 1\nli r3, x'))).toBe('3860000538600006')
  })

  test('of numbers are the nearest before or after', () => {
    expect(textOf(big('1: b 1f\n1: b 1b\n b 1b\n1:'))).toBe('48000004480000004bfffffc')
  })

  test('in the table of contents are reached from its base', () => {
    const a = big('addis 2,12,.TOC.@ha\naddis 9,2,one@toc@ha\nld 9,one@toc@l(9)\n.section ".toc","aw"\n.space 8\none: .quad 1\n', 0x1000n)
    expect(a.diagnostics).toEqual([])
    expect(a.symbols.get('one')).toBe(0x1018n)
    expect(textOf(a)).toBe('3c4c0001' + '3d220000' + 'e9298008')
  })

  test('that depend on their own place are an error, not a hang', () => {
    expect(messages('a: .space b - a + 1\nb:').join()).toContain('do not settle')
    expect(messages('a = b\nb = a + 1\nli r3, a').join()).toContain('not known')
  })

  test('are assigned constants or labels, apart', () => {
    const a = big('.equ SIZE, 8\nhere: .space SIZE\n.globl here')
    expect([a.symbols, a.constants, a.globals]).toEqual([new Map([['here', 0n]]), new Map([['SIZE', 8n]]), new Set(['here'])])
  })
})

describe('everything that is wrong is said at once, with its place', () => {
  test.each([
    ['  mfmsrr r5', '1:3-9 error: no instruction "mfmsrr". Nearest: mfmsr.'],
    ['.glbl x', '1:1-6 error: no directive ".glbl". Nearest: .globl.'],
    ['loop: b lop', '1:9-12 error: no symbol "lop". Nearest: loop.'],
    ['b 1f', '1:3-5 error: no label "1:" after this line'],
    ['addi r3,r4,40000', '1:12-17 error: SI = 40000 is not between -32768 and 32767'],
    ['addi r3,r4,r5', '1:12-14 error: expected a number for SI, found the register "r5"'],
    ['add r3,r4,cr5', '1:11-14 error: expected a general-purpose register (r0 to r31) for RB, found "cr5"'],
    ['add r3,r4,r32', '1:11-14 error: expected a general-purpose register (r0 to r31) for RB, found "r32"'],
    ['add r3,r4', '1:1-10 error: add takes RT, RA, RB, found 2 operands'],
    ['mflr r3,r4', '1:9-11 error: mflr takes RT, found 2 operands'],
    ['ld r3,3(r4)', '1:7-8 error: the displacement 3 is not a multiple of 4'],
    ['lwz r3,8', '1:8-9 error: expected a displacement and a base register, such as 8(r1)'],
    ['lwz r3,(r4)', '1:8-9 error: no displacement before the base register. Write 0(r4)'],
    ['crset cr1', '1:7-10 error: expected a condition register bit, such as 4*cr1+eq (0 to 31), found "cr1"'],
    ['beq eq,.', '1:5-7 error: expected a condition register field (cr0 to cr7), found "eq"'],
    ['x: .space 0x10000\nbeq x', '2:5-6 error: the target is -0x10000 bytes away; this branch reaches from -32768 to 32764'],
    ['b 2', '1:3-4 error: the target 2 is not a multiple of 4'],
    ['rlwinm r3,r4,5,0xf0f0', '1:1-22 error: the mask 0xf0f0 is not one run of ones'],
    ['mfhsrr0 r3', '1:1-8 error: no instruction "mfhsrr0". Write mfspr RT,hsrr0'],
    ['fadd f1,f2,f3', '1:1-5 error: floating-point instructions are not supported yet: "fadd"'],
    ['vaddubm v1,v2,v3', '1:1-8 error: vector instructions are not supported yet: "vaddubm"'],
    ['xxlor 1,2,3', '1:1-6 error: VSX instructions are not supported yet: "xxlor"'],
    ['.byte 300', '1:7-10 warning: 300 does not fit in 1 byte; the low 8 bits are kept'],
    ['addi r3,r0,1', '1:9-11 warning: r0 stands for the value 0 here, not for the register. Write 0'],
    ['lwzu r3,8(r3)', '1:1-14 warning: invalid form: RA is 0 or RT in a load with update (Book I, 3.3.2)'],
    ['.byte 1\nnop', '2:1-4 error: an instruction at 0x1: instructions lie at multiples of 4. Put .align 2 before it'],
    ['a:\na:', '2:1-2 error: the symbol "a" is defined already, in line 1'],
    ['.byte 5/0', '1:8-9 error: division by zero'],
    ['.byte (1', '1:7-8 error: this parenthesis is not closed'],
    ['.byte 1 2', '1:9-10 error: expected a comma or the end of the statement, found "2"'],
    ['.byte 089', '1:7-10 error: "089" begins with 0 and so is octal, but has an 8 or 9'],
    ['.byte 12abc', '1:7-12 error: "12abc" is no number. Expected decimal, 0x…, 0b… or 0… (octal)'],
    ['.ascii "abc', '1:8-12 error: the string that begins here has no closing quote on its line'],
    ['nop /* never', '1:5-7 error: the comment that begins here has no "*/"'],
    ['nop\n.org 0', '2:6-7 error: 0x0 lies behind: this place is 0x4. .org goes forward only'],
    ['§', '1:1-2 error: the character "§" has no meaning here'],
  ])('%j', (source, said) => {
    expect(messages(source)[0]).toBe(said)
  })

  test('of a whole file, by line', () => {
    expect(messages('nop\nfoo\nadd r3,r99,cr4\nli r3,undefined_name\nbar\n').map(m => m.split(' ')[0])).toEqual([
      '2:1-4',
      '3:8-11',
      '3:12-15',
      '4:7-21',
      '5:1-4',
    ])
  })
})
