/**
 * The mechanism of extended mnemonics: another spelling of an instruction, read both ways. An alias names its operands and says what
 * each field of the instruction is in terms of them; the fields that it mentions neither way are 0.
 *
 *     alias('sldi', 'RA, RS, n:0-63', 'rldicr', 'sh=n, me=63-n')
 *
 * Operands are those of a row, and parameters: `n:0-63` a number in that range, `c:cr` a CR field; in brackets they may be left out and
 * are then the lowest value.
 */
import { extractField, type FieldName, fieldMask, fields, fieldWidth, insertField } from './fields.ts'
import { type Instruction, type Operand, type OperandKind, parseOperands } from './instruction.ts'

/** One operand of a spelling: a field of the instruction, or a parameter that fields are computed from. */
export interface Slot {
  readonly kind: OperandKind
  /** Name of the field or parameter. */
  readonly name: string
  readonly field: FieldName | null
  readonly base?: Operand['base']
  readonly optional: boolean
  /** What may be written; null for the whole range of the field. */
  readonly range: { readonly low: number; readonly high: number } | null
}

export type Values = Record<string, number>

interface Assignment {
  readonly field: FieldName
  /** The function on the right-hand side, where that is one. */
  readonly function: string | null
  readonly names: readonly string[]
  readonly value: (v: Values) => number
}

/** A way to write an instruction: the row's own or an extended mnemonic. */
export interface Spelling {
  readonly name: string
  readonly instruction: Instruction
  readonly slots: readonly Slot[]
  readonly assignments: readonly Assignment[]
  /** Also used to print; else only accepted. */
  readonly printed: boolean
}

// ───────── expressions of the right-hand sides ─────────

/**
 * BO with its prediction: `at` is 2 for not taken, 3 for taken (Book I, 2.4). NaN where BO has no room for one, or has the other one.
 */
const predicted = (at: 2 | 3) => (bo: number) => {
  if ((bo & 0b10100) === 0b00100) return (bo & 3) === 0 || (bo & 3) === at ? bo | at : Number.NaN
  if ((bo & 0b10100) !== 0b10000) return Number.NaN
  const hint = 0b01000 | (at & 1)
  return (bo & 0b01001) === 0 || (bo & 0b01001) === hint ? bo | hint : Number.NaN
}

const ones = (mask: number): number => [...mask.toString(2)].filter(d => d === '1').length
const rotateLeft = (v: number, n: number): number => ((v << n) | (v >>> (32 - n))) >>> 0

/** The first bit of a run of ones in 32 bits that may wrap around, or NaN. */
function maskBegin(mask: number): number {
  if (mask === 0xffffffff) return 0
  for (let mb = 0; mb < 32; mb++) if (mask !== 0 && rotateLeft(mask, mb) === -(2 ** (32 - ones(mask))) >>> 0) return mb
  return Number.NaN
}

const functions: Readonly<Record<string, (x: number) => number>> = {
  unlikely: predicted(2),
  likely: predicted(3),
  maskBegin: mask => maskBegin(mask >>> 0),
  maskEnd: mask => (maskBegin(mask >>> 0) + ones(mask >>> 0) + 31) % 32,
}

/** What is wrong with a value that a function has no result for. */
const complaints: Readonly<Record<string, (x: number) => string>> = {
  unlikely: bo => `BO = ${bo} does not take the hint "-"`,
  likely: bo => `BO = ${bo} does not take the hint "+"`,
  maskBegin: mask => `the mask 0x${(mask >>> 0).toString(16)} is not one run of ones`,
}

/** `63-n`, `4*c+2`, `likely(o)`: sums of terms, no nesting. */
function parseExpression(text: string): Omit<Assignment, 'field'> {
  const call = /^(\w+)\((\w+)\)$/.exec(text)
  if (call) return { function: call[1]!, names: [call[2]!], value: v => functions[call[1]!]!(v[call[2]!]!) }
  const terms = [...text.matchAll(/([+-]?)(?:(\d+)\*)?(\w+)/g)].map(([, sign, factor, word]) => {
    const k = (sign === '-' ? -1 : 1) * Number(factor ?? 1)
    return /^\d/.test(word!) ? { k: k * Number(word), name: null } : { k, name: word! }
  })
  return {
    function: null,
    names: terms.flatMap(t => t.name ?? []),
    value: v => terms.reduce((sum, t) => sum + (t.name === null ? t.k : t.k * v[t.name]!), 0),
  }
}

const parseAssignments = (text: string): Assignment[] =>
  text
    .split(',')
    .map(t => t.replaceAll(' ', ''))
    .filter(t => t !== '')
    .map(t => {
      const [field, right] = t.split('=') as [FieldName, string]
      return { field, ...parseExpression(right) }
    })

// ───────── operands ─────────

function slotOf(text: string): Slot {
  const parameter = /^(\[?)(\w+):(?:(cr)|(-?\d+)-(\d+))\]?$/.exec(text)
  if (!parameter) {
    const [operand] = parseOperands(text)
    const { kind, field, optional } = operand!
    return { kind, name: field, field, ...(operand!.base && { base: operand!.base }), optional, range: null }
  }
  const [, bracket, name, cr, low, high] = parameter
  const range = cr ? { low: 0, high: 7 } : { low: Number(low), high: Number(high) }
  const kind = cr ? 'cr field' : range.low < 0 ? 'signed' : 'unsigned'
  return { kind, name: name!, field: null, optional: bracket !== '', range }
}

const slotsOf = (text: string): Slot[] =>
  text
    .split(',')
    .map(t => t.trim())
    .filter(t => t !== '')
    .map(slotOf)

/** The row's own spelling. */
export const ownSpelling = (instruction: Instruction): Spelling => ({
  name: instruction.name,
  instruction,
  slots: instruction.operands.map(o => ({ ...o, name: o.field, range: null })),
  assignments: [],
  printed: true,
})

// ───────── rows ─────────

export interface AliasRow {
  readonly name: string
  readonly operands: string
  readonly base: string
  readonly sets: string
  /** Printed by the disassembler where it applies; else only accepted by the assembler. */
  readonly printed: boolean
  /** Of the base itself only, not of its forms with Rc, OE, LK or AA. */
  readonly exact: boolean
}

type Make = (name: string, operands: string, base: string, sets?: string) => AliasRow
const maker =
  (printed: boolean, exact: boolean): Make =>
  (name, operands, base, sets = '') => ({ name, operands, base, sets, printed, exact })

/** Accepted, and printed where its fields match. The first in the table wins. */
export const alias = maker(true, false)
/** As `alias`, for the base alone: `miso` has no `miso.`. */
export const exactly = maker(true, true)
/** Accepted only: objdump prints another name for the same word. */
export const accepted = maker(false, false)

/** The base's suffix, put before a branch hint: `beq-` with `la` is `beqla-`. */
const suffixed = (name: string, suffix: string): string => name.replace(/([+-]?)$/, `${suffix}$1`)

export function spellings(row: AliasRow, instructions: readonly Instruction[]): Spelling[] {
  const bases = instructions.filter(i => (row.exact ? i.name === row.base : i.base === row.base))
  if (bases.length === 0) return []
  const slots = slotsOf(row.operands)
  const assignments = parseAssignments(row.sets)
  return bases.map(instruction => ({
    name: suffixed(row.name, instruction.name.slice(row.base.length)),
    instruction,
    slots,
    assignments,
    printed: row.printed,
  }))
}

// ───────── both ways ─────────

/** Bits of a field that a value leaves after wrapping to its width: `32-n` is 0 for n = 0. */
function wrapped(field: FieldName, value: number): number {
  const size = 2 ** fieldWidth(fields[field])
  const positive = ((value % size) + size) % size
  return insertField(field, fields[field].signed && positive >= size / 2 ? positive - size : positive)
}

/** The word for operand values by slot name. Throws a RangeError where a field does not hold its value. */
export function encodeSpelling(s: Spelling, values: Values): number {
  let word = s.instruction.match
  for (const slot of s.slots) {
    if (slot.field) word |= insertField(slot.field, values[slot.name]!)
    if (slot.base) word |= insertField(slot.base.field, values[slot.base.field]!)
  }
  for (const a of s.assignments) {
    const value = a.value(values)
    if (Number.isNaN(value)) throw new RangeError(complaints[a.function!]!(values[a.names[0]!]!))
    word |= wrapped(a.field, value)
  }
  return word >>> 0
}

/** Which words the spelling covers: those with `bits.has(word & mask)`, and the parameters they mean. */
export interface Cover {
  readonly mask: number
  readonly bits: ReadonlyMap<number, Values>
}

export function coverOf(s: Spelling): Cover {
  const direct = new Set(s.slots.flatMap(slot => [slot.field, slot.base?.field ?? null]))
  const free = new Set(s.assignments.flatMap(a => a.names))
  const assigned = new Set(s.assignments.map(a => a.field))
  const unused = fieldsOf(s.instruction).filter(f => !direct.has(f) && !assigned.has(f))
  let mask = 0
  for (const name of [...assigned, ...unused]) mask |= fieldMask(name)
  for (const name of free) if (name in fields) mask |= fieldMask(name as FieldName)

  let choices: Values[] = [{}]
  for (const name of free) {
    const range = s.slots.find(slot => slot.name === name)?.range ?? { low: 0, high: 2 ** fieldWidth(fields[name as FieldName]) - 1 }
    choices = choices.flatMap(v => Array.from({ length: range.high - range.low + 1 }, (_, i) => ({ ...v, [name]: range.low + i })))
  }
  const bits = new Map<number, Values>()
  for (const values of choices) {
    let word = 0
    const results = s.assignments.map(a => a.value(values))
    if (results.some(Number.isNaN)) continue
    s.assignments.forEach((a, i) => {
      word |= wrapped(a.field, results[i]!)
    })
    for (const name of free) if (name in fields) word |= insertField(name as FieldName, values[name]!)
    bits.set(word >>> 0, values)
  }
  return { mask: mask >>> 0, bits }
}

const fieldsOf = (i: Instruction): FieldName[] => i.operands.flatMap(o => (o.base ? [o.field, o.base.field] : [o.field]))

/** Operand values of a word that the spelling covers. */
export function decodeSpelling(s: Spelling, word: number, parameters: Values): Values {
  const values: Values = { ...parameters }
  for (const slot of s.slots) {
    if (slot.field) values[slot.name] = extractField(slot.field, word)
    if (slot.base) values[slot.base.field] = extractField(slot.base.field, word)
  }
  return values
}
