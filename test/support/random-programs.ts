/** Random programs of the table's instructions: operands in storage lie in RAM, branches stay near. */
import fc from 'fast-check'
import { type FieldName, insertField } from '../../src/emu/isa/fields.ts'
import type { Instruction } from '../../src/emu/isa/instruction.ts'
import { instructions } from '../../src/emu/isa/instructions.ts'
import { sprs } from '../../src/emu/isa/sprs.ts'

export const RAM = 1 << 18
/** Code fills RAM up to here, over and over; what lies above is data. */
const CODE_END = 0x20000
const DATA = 0x28000n
export const CODE = 0x10000n

/** `attn` stops, `darn` is random. First those of the interpreter; a rare one takes the same way on both sides. */
const rows = instructions.filter(i => i.base !== 'attn' && i.base !== 'darn').sort((a, b) => Number(a.rare) - Number(b.rare))
const generated = rows.findIndex(i => i.rare)
const numbers = sprs.map(s => s.number)
/** What the interpreter joins to pairs; half of the words are of these, so that every pair occurs. */
const common = ['add', 'addi', 'or', 'xor', 'and', 'rlwinm', 'rldicl', 'ld', 'lwz', 'cmpi', 'cmpl', 'bc'].map(name =>
  rows.findIndex(i => i.name === name),
)

export interface Word {
  row: number
  /** Values of fields that may be anything, and of those that are chosen from a range. */
  any: number
  pick: number
}

const replace = (word: number, field: FieldName, value: number): number =>
  ((word & ~insertFieldMask(field)) | insertField(field, value)) >>> 0
const masks = new Map<FieldName, number>()
function insertFieldMask(field: FieldName): number {
  let m = masks.get(field)
  if (m === undefined) {
    m = field === 'BD' ? 0xfffc : field === 'LI' ? 0x3fffffc : insertField(field, 0)
    if (field !== 'BD' && field !== 'LI') for (let n = 0; n < 10; n++) m |= tryInsert(field, 2 ** n)
    masks.set(field, (m = m >>> 0))
  }
  return m
}
function tryInsert(field: FieldName, value: number): number {
  try {
    return insertField(field, value)
  } catch {
    return 0
  }
}

const has = (i: Instruction, field: FieldName): boolean => i.operands.some(o => o.field === field || o.base?.field === field)

/** Results go to r16 and above, so that addresses (r1 to r9) and indices (r10 to r15) mostly stay what they were. */
export function wordOf({ row, any, pick }: Word): number {
  const i = rows[row % rows.length]!
  let word = (i.match | (any & ~i.mask)) >>> 0
  const choose = (n: number, salt: number) => ((pick >>> salt) & 0xff) % n
  const storage = i.trace === 'load' || i.trace === 'store'
  if (has(i, 'RT')) word = replace(word, 'RT', 16 + choose(16, 0))
  else if (i.operands[0]?.field === 'RA' && !storage) word = replace(word, 'RA', 16 + choose(16, 0))
  if (storage) {
    word = replace(word, 'RA', 1 + choose(9, 4))
    if (has(i, 'RB')) word = replace(word, 'RB', 10 + choose(6, 8))
  }
  for (const field of ['BD', 'LI'] as const)
    if (has(i, field)) word = replace(word, field, 4 * (i.flags.AA ? 0x500 + choose(256, 8) : choose(65, 8) - 32))
  // Of compilers' branches: on a false and a true condition, and on CTR.
  if (i.name === 'bc' && choose(4, 16) > 0) word = replace(word, 'BO', [4, 12, 16][choose(3, 20)]!)
  if (has(i, 'SPR')) word = replace(word, 'SPR', numbers[(pick >>> 8) % numbers.length]!)
  return word
}

export const words: fc.Arbitrary<Word> = fc.record({
  row: fc.oneof(
    { arbitrary: fc.nat(generated - 1), weight: 9 },
    { arbitrary: fc.integer({ min: generated, max: rows.length - 1 }), weight: 1 },
    { arbitrary: fc.constantFrom(...common), weight: 10 },
  ),
  any: fc.integer({ min: 0, max: 0xffffffff }),
  pick: fc.integer({ min: 0, max: 0xffffffff }),
})

export interface Program {
  little: boolean
  wide: boolean
  /** Of values that registers begin with. */
  values: readonly bigint[]
  words: readonly Word[]
  /** Boundaries of each call of `run`. */
  runs: readonly number[]
}

const edges = [0n, 1n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n, 1n << 63n, (1n << 63n) - 1n, (1n << 64n) - 1n]

export const programs: fc.Arbitrary<Program> = fc.record({
  little: fc.boolean(),
  wide: fc.boolean(),
  values: fc.array(fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })), { minLength: 16, maxLength: 16 }),
  words: fc.array(words, { minLength: 100, maxLength: 100, size: 'max' }),
  runs: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
})

/** RAM's content: the program again and again, at each vector a handler that skips the culprit. */
export function image(p: Program): Uint8Array {
  const ram = new Uint8Array(RAM)
  const view = new DataView(ram.buffer)
  const code = p.words.map(wordOf)
  for (let at = 0; at < CODE_END; at += 4) view.setUint32(at, code[(at / 4) % code.length]!, p.little)
  // mfsrr0 r16; addi r16,r16,4; mtsrr0 r16; rfid
  const handler = [0x7e1a02a6, 0x3a100004, 0x7e1a03a6, 0x4c000024]
  for (let vector = 0x100; vector < 0x1000; vector += 0x20) handler.forEach((w, n) => view.setUint32(vector + 4 * n, w, p.little))
  for (let at = CODE_END; at < RAM; at += 4) view.setUint32(at, Math.imul(at, 0x9e3779b1) >>> 0)
  return ram
}

/** First value of a register: addresses, indices, then the program's values. */
export function firstValue(p: Program, gpr: number): bigint {
  if (gpr >= 16) return p.values[gpr - 16]!
  if (gpr >= 10) return BigInt((gpr - 10) * 8 + (gpr & 1))
  return DATA + BigInt(gpr * 0xff8)
}
