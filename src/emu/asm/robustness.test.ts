import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assemble } from './assemble.ts'

const run = (source: string) => assemble(source, { littleEndian: true, origin: 0n, include: () => source })
const MIB = 1 << 20
/** Far more than it takes, for a machine that is busy with other tests. */
const SECONDS = 15
const repeated = (text: string): string => text.repeat(Math.ceil(MIB / text.length)).slice(0, MIB)

test('no text makes it throw, and every complaint has a place', () => {
  const pieces = [
    'li r3,',
    'b 1f',
    '1:',
    '.org ',
    '.space ',
    '.align ',
    '.set a,',
    'a',
    '(',
    ')',
    '@ha',
    '"',
    "'",
    '\n',
    ';',
    ',',
    '0x',
    '4*cr1+eq',
    '-',
    '%',
    '/*',
    '#',
    '.equ b,a',
    '.',
    '\n.macro m x\n',
    '\n.endm\n',
    '\nm 1,2\n',
    '\n.rept 3\n',
    '\n.irp x,1 2\n',
    '\n.endr\n',
    '\n.if 1\n',
    '\n.ifc a,b\n',
    '\n.else\n',
    '\n.endif\n',
    '.exitm',
    '\\x',
    '\\@',
    '\\()',
    '.include "a"',
  ]
  const garbage = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map(p => p.join(' ')),
  )
  fc.assert(
    fc.property(garbage, source => {
      const lines = source.split('\n').length
      return run(source).diagnostics.every(d => d.line >= 1 && d.line <= lines && d.column >= 1 && d.endColumn > d.column)
    }),
    { numRuns: 3000 },
  )
}, 60_000)

test.each([
  ['instructions', 'addi r3,r4,5\n'],
  ['data', '.quad 0x123456789abcdef0, . - 4\n'],
  ['unknown instructions', 'mfmsrr r5\n'],
  ['open parentheses', '.long ((((((((((((((((((((((((('],
  ['one long sum', '1+'],
  ['minus signs', '-'],
  ['one line of commas', ','],
  ['forward references', 'b 1f\n1:\n'],
  ['different unknown words', Array.from({ length: 5000 }, (_, i) => `w${i.toString(36)}x r${i % 40}\n`).join('')],
  ['quotes', '"'],
  ['digits', '9'],
  ['macro calls', '.macro m\nnop\n.endm\n.purgem m\n'],
  ['open conditions', '.if 0\n'],
  ['nested repetitions', '.rept 2\n'],
  ['backslashes', '\\a'],
])(
  'a mebibyte of %s ends, with as many complaints as can be read',
  (_, text) => {
    const { diagnostics } = run(repeated(text))
    expect(diagnostics.length).toBeLessThanOrEqual(2002)
  },
  2 * SECONDS * 1000,
)

test('a chain of references longer than the passes ends with an error', () => {
  const chain = Array.from({ length: 2000 }, (_, i) => `a${i} = a${i + 1} + 1`).join('\n')
  expect(run(`${chain}\na2000 = 5\n.long a0`).diagnostics.some(d => d.severity === 'error')).toBe(true)
})
