import { expect, test } from 'vitest'
import { assemble } from './assemble.ts'
import { listing } from './listing.ts'

test('a listing has addresses and bytes beside the source, expansions below it, and the symbols', () => {
  const source = '# a program\n.macro m a\n li r3,\\a\n.endm\n_start: m 5\n.rept 2\n nop\n.endr\n.zero 40\n.equ K,5\n.globl _start\n'
  const a = assemble(source, { littleEndian: true, origin: 0x100n })
  expect(listing(source, a).split('\n')).toEqual([
    '   1                                   # a program',
    '   2                                   .macro m a',
    '   3                                    li r3,\\a',
    '   4                                   .endm',
    '   5                                   _start: m 5',
    '     0000000000000100 05006038         + li r3,5',
    '   6                                   .rept 2',
    '   7 0000000000000104 00000060          nop',
    '     0000000000000108 00000060',
    '   8                                   .endr',
    '   9 000000000000010c 0000000000000000 .zero 40',
    '     * 3 more as above',
    '     000000000000012c 0000000000000000',
    '  10                                   .equ K,5',
    '  11                                   .globl _start',
    '',
    'Symbols',
    '_start 0000000000000100 global',
    'K      0000000000000005 constant',
    '',
  ])
})
