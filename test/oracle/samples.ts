/** Random instructions: words of a row with random operands, and operand values of a spelling. */

import { rangeOf } from '../../src/emu/asm/mnemonics.ts'
import type { Spelling, Values } from '../../src/emu/isa/alias.ts'
import { encodeSpelling } from '../../src/emu/isa/alias.ts'
import { type FieldName, fieldMask } from '../../src/emu/isa/fields.ts'
import type { Instruction } from '../../src/emu/isa/instruction.ts'

export type Random = () => number

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function seeded(seed: number): Random {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const below = (random: Random, n: number): number => Math.floor(random() * n)
const pick = <T>(random: Random, items: readonly T[]): T => items[below(random, items.length)]!

const fieldsOf = (i: Instruction): FieldName[] => i.operands.flatMap(o => (o.base ? [o.field, o.base.field] : [o.field]))

/** Bits that operands may set. */
export const operandBits = (i: Instruction): number => fieldsOf(i).reduce((m, f) => (m | fieldMask(f)) >>> 0, 0)

const ALL_FIVES = [0xffe00000, 0x001f0000, 0x0000f800, 0x000007c0, 0x0000003e]

/** A word of the row: random operands, often with fields that are all zeros, all ones or equal, as extended mnemonics need. */
export function randomWord(i: Instruction, random: Random): number {
  let bits = below(random, 2 ** 32)
  for (const field of ALL_FIVES) {
    const shape = random()
    if (shape < 0.15) bits &= ~field
    else if (shape < 0.3) bits |= field
  }
  if (random() < 0.25) {
    const n = below(random, 32)
    bits = (bits & ~0x03fff800) | (n << 21) | (n << 16) | (n << 11)
  }
  return (i.match | (bits & operandBits(i))) >>> 0
}

/** Operand values in the ranges of the spelling. */
export function randomValues(s: Spelling, random: Random): Values {
  const values: Values = {}
  for (const slot of s.slots) {
    const { low, high, unit } = rangeOf(s, slot)
    // Not the other spelling of a lenient immediate: the text would not show which was meant.
    const from = slot.field && slot.kind === 'unsigned' ? 0 : low
    const to = slot.field && slot.kind === 'signed' && high === 65535 ? 32767 : high
    const edge = random()
    values[slot.name] = edge < 0.08 ? from : edge < 0.16 ? to : from + below(random, Math.floor((to - from) / unit) + 1) * unit
    if (slot.base) values[slot.base.field] = pick(random, [0, 1, 9, below(random, 32)])
  }
  return values
}

/** The word, or null where the values have none. */
export function wordOf(s: Spelling, values: Values): number | null {
  try {
    return encodeSpelling(s, values)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
