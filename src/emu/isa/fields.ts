/** Instruction fields: where their bits lie in the word (big-endian bit numbers). Power ISA 3.0B, Book I, 1.6. */

export interface Field {
  /** Runs of bits, most significant run first; a field split over the word has several. */
  readonly bits: readonly (readonly [first: number, last: number])[]
  readonly signed?: boolean
  /** Zero bits appended at the right: DS is a multiple of 4. */
  readonly shift?: number
  /** What the value 0 stands for, where it is not 0: NB = 0 is 32 bytes. */
  readonly zero?: number
}

const table = {
  RT: { bits: [[6, 10]] },
  RS: { bits: [[6, 10]] },
  RA: { bits: [[11, 15]] },
  RB: { bits: [[16, 20]] },
  RC: { bits: [[21, 25]] },
  BF: { bits: [[6, 8]] },
  BFA: { bits: [[11, 13]] },
  BT: { bits: [[6, 10]] },
  BA: { bits: [[11, 15]] },
  BB: { bits: [[16, 20]] },
  BC: { bits: [[21, 25]] },
  BO: { bits: [[6, 10]] },
  BI: { bits: [[11, 15]] },
  BH: { bits: [[19, 20]] },
  TO: { bits: [[6, 10]] },
  L: { bits: [[10, 10]] },
  L2: { bits: [[9, 10]] },
  L14: { bits: [[14, 15]] },
  L15: { bits: [[15, 15]] },
  SI: { bits: [[16, 31]], signed: true },
  UI: { bits: [[16, 31]] },
  D: { bits: [[16, 31]], signed: true },
  DS: { bits: [[16, 29]], signed: true, shift: 2 },
  DQ: { bits: [[16, 27]], signed: true, shift: 4 },
  DX: {
    bits: [
      [16, 25],
      [11, 15],
      [31, 31],
    ],
    signed: true,
  },
  BD: { bits: [[16, 29]], signed: true, shift: 2 },
  LI: { bits: [[6, 29]], signed: true, shift: 2 },
  SH: { bits: [[16, 20]] },
  sh: {
    bits: [
      [30, 30],
      [16, 20],
    ],
  },
  MB: { bits: [[21, 25]] },
  ME: { bits: [[26, 30]] },
  mb: {
    bits: [
      [26, 26],
      [21, 25],
    ],
  },
  me: {
    bits: [
      [26, 26],
      [21, 25],
    ],
  },
  NB: { bits: [[16, 20]], zero: 32 },
  SPR: {
    bits: [
      [16, 20],
      [11, 15],
    ],
  },
  TBR: {
    bits: [
      [16, 20],
      [11, 15],
    ],
  },
  FXM: { bits: [[12, 19]] },
  LEV: { bits: [[20, 26]] },
  TH: { bits: [[6, 10]] },
  CT: { bits: [[7, 10]] },
  EH: { bits: [[31, 31]] },
  WC: { bits: [[9, 10]] },
  RIC: { bits: [[12, 13]] },
  PRS: { bits: [[14, 14]] },
  R: { bits: [[15, 15]] },
  IS: { bits: [[20, 20]] },
  IH: { bits: [[8, 10]] },
  S: { bits: [[20, 20]] },
  BHRBE: { bits: [[11, 20]] },
  FC: { bits: [[16, 20]] },
  S11: { bits: [[11, 11]] },
  CY: { bits: [[21, 22]] },
  Rc: { bits: [[31, 31]] },
  OE: { bits: [[21, 21]] },
  LK: { bits: [[31, 31]] },
  AA: { bits: [[30, 30]] },
} as const satisfies Record<string, Field>
// biome-ignore format: one field a line

export type FieldName = keyof typeof table
export const fields: Readonly<Record<FieldName, Field>> = table

export const fieldWidth = (f: Field): number => f.bits.reduce((n, [first, last]) => n + last - first + 1, 0)

/** The field's value in a word: sign-extended and shifted as the field says. */
export function extractField(name: FieldName, word: number): number {
  const f: Field = fields[name]
  let v = 0
  for (const [first, last] of f.bits) v = v * 2 ** (last - first + 1) + ((word >>> (31 - last)) & (2 ** (last - first + 1) - 1))
  const width = fieldWidth(f)
  if (f.signed && v >= 2 ** (width - 1)) v -= 2 ** width
  if (v === 0 && f.zero !== undefined) return f.zero
  return v * 2 ** (f.shift ?? 0)
}

/** The word's bits that hold `value` in the field. Throws a RangeError where it does not fit or is not a multiple of the field's unit. */
export function insertField(name: FieldName, given: number): number {
  const f: Field = fields[name]
  const value = given === f.zero ? 0 : given
  const unit = 2 ** (f.shift ?? 0)
  const width = fieldWidth(f)
  const [low, high] = f.signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1]
  const scaled = value / unit
  if (!Number.isInteger(scaled)) throw new RangeError(`${value} is not a multiple of ${unit}`)
  if (scaled < low || scaled > high) throw new RangeError(`${value} is not between ${low * unit} and ${high * unit}`)
  let rest = scaled < 0 ? scaled + 2 ** width : scaled
  let word = 0
  for (const [first, last] of [...f.bits].reverse()) {
    const size = 2 ** (last - first + 1)
    word = (word | ((rest % size) << (31 - last))) >>> 0
    rest = Math.floor(rest / size)
  }
  return word
}

export const fieldMask = (name: FieldName): number => insertFieldMask(fields[name])
const insertFieldMask = (f: Field): number =>
  f.bits.reduce((m, [first, last]) => (m | (((2 ** (last - first + 1) - 1) << (31 - last)) >>> 0)) >>> 0, 0)
