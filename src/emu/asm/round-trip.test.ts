import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRewritten } from '../../../test/oracle/binutils-cases.ts'
import { operandBits } from '../../../test/oracle/samples.ts'
import { alias, coverOf, decodeSpelling, type Spelling, spellings } from '../isa/alias.ts'
import { aliases } from '../isa/aliases.ts'
import { instructions } from '../isa/instructions.ts'
import { assemble } from './assemble.ts'
import { disassemble, render } from './disassemble.ts'

const words = fc
  .tuple(fc.constantFrom(...instructions), fc.integer({ min: 0, max: 0xffffffff }))
  .map(([i, bits]) => (i.match | (bits & operandBits(i))) >>> 0)
const addresses = fc.bigInt({ min: 0n, max: (1n << 62n) - 1n }).map(n => n * 4n)

function wordAt(text: string, address: bigint): number | string {
  const a = assemble(text, { littleEndian: false, origin: address })
  const error = a.diagnostics.find(d => d.severity === 'error')
  const bytes = a.sections[0]?.bytes
  return error ? error.message : new DataView(bytes!.buffer).getUint32(0)
}

test('the text of any word assembles to that word, wherever it lies', () => {
  fc.assert(
    fc.property(words, addresses, fc.boolean(), (word, address, raw) => {
      const back = wordAt(disassemble(word, address, { raw }).text, address)
      return back === word || (typeof back === 'number' && isRewritten(word, back))
    }),
    { numRuns: 3000 },
  )
})

test('any 32 bits have a text that assembles', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), word => typeof wordAt(disassemble(word, 0x1000n).text, 0x1000n) === 'number'),
    { numRuns: 3000 },
  )
})

/** Words of the base that the spelling covers, printed by it and read by the assembler. */
function holdsFor(s: Spelling): void {
  const { mask, bits } = coverOf(s)
  const covered = fc.tuple(fc.constantFrom(...bits), fc.integer({ min: 0, max: 0xffffffff }))
  fc.assert(
    fc.property(covered, ([[fixed, parameters], rest]) => {
      const word = (s.instruction.match | fixed | (rest & operandBits(s.instruction) & ~mask)) >>> 0
      return wordAt(render(s, decodeSpelling(s, word, parameters), 0x10000n).text, 0x10000n) === word
    }),
    { numRuns: 20, seed: 1 },
  )
}

test('every extended mnemonic that is printed assembles to the words that it covers', () => {
  for (const s of aliases.filter(one => one.printed)) holdsFor(s)
})

test('a fault planted in one direction is found', () => {
  const wrong = (name: string, operands: string, base: string, sets: string) =>
    spellings(alias(name, operands, base, sets), instructions)[0]!
  expect(() => holdsFor(wrong('sldi', 'RA, RS, n:0-63', 'rldicr', 'sh=n, me=63-n'))).not.toThrow()
  expect(() => holdsFor(wrong('sldi', 'RA, RS, n:0-63', 'rldicr', 'sh=n, me=62-n'))).toThrow(/Property failed/)
  expect(() => holdsFor(wrong('sub', 'RT, RA, RB', 'subf', ''))).toThrow(/Property failed/)
  expect(() => holdsFor(wrong('beq', '[c:cr], BD', 'bc', 'BO=4, BI=4*c+2'))).toThrow(/Property failed/)
})
