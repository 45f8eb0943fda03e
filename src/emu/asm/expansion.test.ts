import { describe, expect, test } from 'vitest'
import { type AssembleOptions, assemble } from './assemble.ts'

const big = (source: string, more: Partial<AssembleOptions> = {}) => assemble(source, { littleEndian: false, origin: 0n, ...more })
const messages = (source: string, more: Partial<AssembleOptions> = {}): string[] =>
  big(source, more).diagnostics.map(d => `${d.line}:${d.column}-${d.endColumn} ${d.severity}: ${d.message}`)
const bytes = (source: string, more: Partial<AssembleOptions> = {}): string => {
  const a = big(source, more)
  expect(a.diagnostics).toEqual([])
  return Buffer.from(a.sections[0]?.bytes ?? []).toString('hex')
}
const files = (known: Record<string, string>) => ({ include: (path: string) => known[path] ?? null })

describe('what comes out of an expansion', () => {
  test('has the line of what asked for it, and its own text', () => {
    const { lines } = big('.macro twice a\n.byte \\a\n.byte \\a + 1\n.endm\nnop\n twice 5\n')
    expect(lines).toEqual([
      { line: 5, address: 0n, size: 4, instruction: true },
      { line: 6, address: 4n, size: 1, instruction: false, expansion: '.byte 5' },
      { line: 6, address: 5n, size: 1, instruction: false, expansion: '.byte 5 + 1' },
    ])
  })

  test('of a repetition has the lines of its body', () => {
    expect(big('.rept 2\n nop\n.endr').lines.map(l => l.line)).toEqual([2, 2])
    expect(big('.irp r,3,4\n mr \\r,\\r\n.endr').lines.map(l => l.line)).toEqual([2, 2])
  })

  test('may define and assign symbols that later conditions ask for', () => {
    expect(bytes('.macro def n\n\\n = 5\n.endm\n def x\n.ifdef x\n.byte x\n.endif\n.if x - 5\n.byte 1\n.else\n.byte 2\n.endif')).toBe(
      '0502',
    )
    expect(bytes('a: nop\nb:\n.if b - a == 4\n.byte 1\n.endif')).toBe('6000000001')
  })
})

describe('errors in an expansion name the macro and both lines', () => {
  test.each([
    [
      '.macro m r\n nop\n mr \\r, r33\n.endm\n\n  m r3\n',
      '6:3-7 error: macro "m" line 3: expected a general-purpose register (r0 to r31) for RS, found "r33"',
    ],
    [
      '.macro in\n foo\n.endm\n.macro out\n in\n.endm\n out',
      '7:2-5 error: macro "out" line 5, macro "in" line 2: no instruction "foo". Nearest: nop.',
    ],
    ['.irp r,r3,r33\n mr \\r,r4\n.endr', '2:2-10 error: .irp r = r33: expected a general-purpose register (r0 to r31) for RA, found "r33"'],
    ['.rept 3\n addi r3,r3,99999\n.endr', '2:13-18 error: SI = 0x1869f is not between -32768 and 32767'],
    ['.macro m a:req\n.endm\n m', '3:2-3 error: the parameter "a" needs a value'],
    ['.macro m\n.error "no such thing"\n.endm\n m', '4:2-3 error: macro "m" line 2: no such thing'],
    ['.macro m\n.if 1\n.endm\n m', '4:2-3 error: macro "m" line 2: .if has no .endif before the end of macro "m"'],
  ])('%j', (source, said) => {
    expect(messages(source)).toEqual([said])
  })

  test('a label that a macro makes twice', () => {
    expect(messages('.macro m\nx: nop\n.endm\n m\n m')).toEqual([
      '5:2-3 error: macro "m" line 2: the symbol "x" is defined already, in line 4',
    ])
  })
})

describe('what is not closed names where it began', () => {
  test.each([
    ['nop\n .macro m\nnop', '2:2-8 error: .macro has no .endm: what it begins runs to the end'],
    ['nop\n.rept 3\nnop', '2:1-6 error: .rept has no .endr: what it begins runs to the end'],
    ['nop\n .if 1\nnop', '2:2-5 error: .if has no .endif before the end of the file'],
    ['.else', '1:1-6 error: .else without .if'],
    ['.if 1\n.else\n.else\n.endif', '3:1-6 error: .else after .else, which is in line 2'],
    ['.endm', '1:1-6 warning: .endm without .macro; it was left out'],
    ['.exitm', '1:1-7 warning: .exitm without a macro or repetition around it; it was left out'],
  ])('%j', (source, said) => {
    expect(messages(source)).toEqual([said])
  })
})

describe('conditions', () => {
  test('need values that are known where they stand', () => {
    expect(messages('.if later\n.endif\nlater = 1')).toEqual([
      '1:5-10 error: .if needs the value of "later", which nothing before it defines',
    ])
  })

  test('that a later address would change are an error', () => {
    const said = messages('a: .space c - b\n.if . - a > 2\n.byte 1\n.endif\nb: .long 1\nc:')
    expect(said[0]).toContain('2:5-14 error: .if was decided with 0, and is -1 when all addresses are known')
  })

  test('leave what they skip unread', () => {
    expect(bytes('.if 0\n this is § nothing\n.macro m\n.include "x"\n.endif\n.byte 1')).toBe('01')
  })
})

describe('.include', () => {
  test('reads what the caller ships', () => {
    expect(
      bytes('.include "a.inc"\n m 1\n.byte K', files({ 'a.inc': '.include "b.inc"\n.macro m x\n.byte \\x\n.endm\n', 'b.inc': 'K = 7' })),
    ).toBe('0107')
  })

  test('says which file and line is wrong, at the line of the source', () => {
    const said = messages('nop\n .include "a.inc"\n bad', files({ 'a.inc': '\n\nfoo\n.macro bad\n bar\n.endm' }))
    expect(said).toEqual([
      '2:2-18 error: file "a.inc" line 3: no instruction "foo". Nearest: nop.',
      '3:2-5 error: macro "bad" of file "a.inc" line 5: no instruction "bar". Nearest: blr.',
    ])
  })

  test('says what to do where there are no files', () => {
    expect(messages('.include "a.inc"')).toEqual([
      '1:10-17 error: "a.inc" is not here: this program is one source. Put the text of the file in its place',
    ])
    expect(messages('.include "a.inc"', files({}))).toEqual(['1:10-17 error: no file "a.inc" to include'])
  })
})

describe('expansions without end', () => {
  test.each([
    ['.macro a\n a\n.endm\n a\n.byte 5', 4],
    ['.macro a\n a\n a\n.endm\n a\n.byte 5', 5],
    ['.macro a\n b\n.endm\n.macro b\n a\n.endm\n a\n.byte 5', 7],
  ])('%j end with one error, and what follows is read', (source, line) => {
    const a = big(source)
    expect(a.diagnostics).toHaveLength(1)
    expect(a.diagnostics[0]).toMatchObject({ line, severity: 'error' })
    expect(a.diagnostics[0]!.message).toMatch(/inside of 100 others.*left out/)
    expect(a.diagnostics[0]!.message.length).toBeLessThan(400)
    expect([...a.sections[0]!.bytes]).toEqual([5])
  })

  test('an argument that doubles', () => {
    const a = big('.macro a x\n a \\x\\x\\x\\x\n.endm\n a 12345678\n.byte 5')
    expect(a.diagnostics.map(d => [d.line, d.message])).toEqual([[4, expect.stringMatching(/statement of more than 65536 characters/)]])
    expect([...a.sections[0]!.bytes]).toEqual([5])
  })

  test('a file that includes itself', () => {
    expect(messages('.include "a"', files({ a: '.include "a"' }))).toEqual([expect.stringContaining('inside of 100 others')])
  })

  test.each([
    '.rept 1000000000\nnop\n.endr\nx: .data\n.byte 5',
    '.rept 10000\n.rept 10000\n.rept 10000\n.byte 1\n.endr\n.endr\n.endr\n.data\n.byte 5',
  ])('%j ends at a limit', source => {
    const a = big(source)
    expect(a.diagnostics.map(d => d.message)).toEqual([
      expect.stringMatching(/^more than 250000 statements or 32 MiB of text come out of .* left out$/),
    ])
    expect([...a.sections.find(s => s.name === '.data')!.bytes]).toEqual([5])
  })
})

describe('levels of the processor', () => {
  test('an instruction that is too new says which level it needs', () => {
    expect(messages('modsd 3,4,5', { cpu: 'power8' })).toEqual(['1:1-6 error: modsd needs power9; what is assembled here is for power8'])
    expect(messages('bctar 20,0\nlbarx 3,4,5', { cpu: 'power7' }).map(m => m.split(': ')[1])).toEqual([
      'bctar needs power8; what is assembled here is for power7',
      'lbarx needs power8; what is assembled here is for power7',
    ])
    expect(messages('brd 3,4')).toEqual(['1:1-4 error: brd needs power10, and this machine is a POWER9'])
    expect(messages('modsd 3,4,5\nlbarx 3,4,5')).toEqual([])
  })

  test('.machine changes it, from where it stands', () => {
    expect(
      messages('modsd 3,4,5\n.machine push\n.machine power8\nmodsd 3,4,5\n.machine pop\nmodsd 3,4,5').map(m => m.split('-')[0]),
    ).toEqual(['4:1'])
    expect(messages('.machine pover8')).toEqual(['1:10-16 error: no processor "pover8". Known: power7, power8, power9, power10'])
  })
})
