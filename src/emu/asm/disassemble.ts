/** A word to text, as `objdump -M power9` prints it, from the same tables as the assembler. */
import { type Cover, coverOf, decodeSpelling, encodeSpelling, ownSpelling, type Slot, type Spelling, type Values } from '../isa/alias.ts'
import { aliases } from '../isa/aliases.ts'
import { facilityOf } from '../isa/facility.ts'
import type { Instruction } from '../isa/instruction.ts'
import { decode } from '../isa/instructions.ts'
import { spellingsOf } from './mnemonics.ts'

export interface Disassembled {
  mnemonic: string
  operands: string
  /** Both, the operands from column 9 on. */
  text: string
}

export interface DisassembleOptions {
  /** The row's own spelling with all its operands, no extended mnemonics. */
  raw?: boolean
  /** Name of an address, put after a branch's target. */
  symbol?: (address: bigint) => string | null
}

// ───────── which spelling ─────────

interface Group {
  readonly mask: number
  readonly bits: Map<number, { spelling: Spelling; parameters: Values }>
}

const printedOf = new Map<string, Spelling[]>()
for (const s of aliases)
  if (s.printed) {
    const same = printedOf.get(s.instruction.name)
    if (same) same.push(s)
    else printedOf.set(s.instruction.name, [s])
  }

const groups = new Map<Instruction, Group[]>()

/** Aliases of an instruction, those that look at the same bits together; the first in the table wins. */
function groupsOf(instruction: Instruction): Group[] {
  const known = groups.get(instruction)
  if (known) return known
  const made: Group[] = []
  for (const spelling of printedOf.get(instruction.name) ?? []) {
    const { mask, bits }: Cover = coverOf(spelling)
    const last = made.at(-1)
    const group = last?.mask === mask ? last : { mask, bits: new Map() }
    if (group !== last) made.push(group)
    for (const [word, parameters] of bits) if (!group.bits.has(word)) group.bits.set(word, { spelling, parameters })
  }
  groups.set(instruction, made)
  return made
}

const own = new Map<Instruction, Spelling>()
function ownOf(instruction: Instruction): Spelling {
  let s = own.get(instruction)
  if (!s) own.set(instruction, (s = ownSpelling(instruction)))
  return s
}

/** How a word is spelled, and its operand values. */
export function spell(word: number, instruction: Instruction, raw = false): { spelling: Spelling; values: Values } {
  if (!raw)
    for (const group of groupsOf(instruction)) {
      const found = group.bits.get((word & group.mask) >>> 0)
      if (found) return { spelling: found.spelling, values: decodeSpelling(found.spelling, word, found.parameters) }
    }
  const spelling = ownOf(instruction)
  return { spelling, values: decodeSpelling(spelling, word, {}) }
}

// ───────── operands ─────────

const BITS = ['lt', 'gt', 'eq', 'so']
const hex = (v: bigint): string => `0x${BigInt.asUintN(64, v).toString(16)}`
const register = (n: number): string => `r${n}`
const conditionBit = (n: number): string => (n < 4 ? BITS[n]! : `4*cr${n >> 2}+${BITS[n & 3]}`)

function operandText(slot: Slot, values: Values, absolute: boolean, address: bigint, options: DisassembleOptions): string {
  const v = values[slot.name]!
  switch (slot.kind) {
    case 'gpr':
      return register(v)
    case 'gpr0':
      return v === 0 ? '0' : register(v)
    case 'cr field':
      return `cr${v}`
    case 'cr bit':
      return conditionBit(v)
    case 'memory': {
      const base = values[slot.base!.field]!
      return `${v}(${slot.base!.zero && base === 0 ? '0' : register(base)})`
    }
    case 'branch': {
      const target = BigInt.asUintN(64, BigInt(v) + (absolute ? 0n : address))
      const name = options.symbol?.(target) ?? null
      return name === null ? hex(target) : `${hex(target)} <${name}>`
    }
    default:
      return `${v}`
  }
}

/** An optional operand is left out when it and those after it are what leaving them out means. */
function shownSlots(s: Spelling, values: Values, raw: boolean): Slot[] {
  const shown: Slot[] = []
  let needed = raw
  for (const slot of [...s.slots].reverse()) {
    const usual = slot.range?.low ?? 0
    if (slot.optional && values[slot.name] !== usual) needed = true
    if (!slot.optional || needed) shown.push(slot)
  }
  return shown.reverse()
}

const written = (mnemonic: string, operands: string): Disassembled => ({
  mnemonic,
  operands,
  text: operands === '' ? mnemonic : `${mnemonic.padEnd(7)} ${operands}`,
})

const longWord = (word: number, remark = ''): Disassembled => written('.long', `0x${(word >>> 0).toString(16)}${remark && ` # ${remark}`}`)

/** The assembler would make another word of the row's own text: `mftb` of the time base is mfspr today. */
const isSpelledOtherwise = (s: Spelling, values: Values): boolean => {
  const first = spellingsOf(s.name).find(other => other.slots.length === s.slots.length)
  if (first === undefined || first.instruction === s.instruction) return false
  // A row may be one word of another: `or r2,r2,r2` chooses the priority.
  return !first.slots.every(slot => slot.name in values) || encodeSpelling(first, values) !== encodeSpelling(s, values)
}

/** Operand values as text, in the order of the spelling. */
export function render(s: Spelling, values: Values, address: bigint, options: DisassembleOptions = {}): Disassembled {
  const { flags } = s.instruction
  const operands = shownSlots(s, values, options.raw === true).map(slot => operandText(slot, values, flags.AA, address, options))
  return written(s.name, operands.join(','))
}

/**
 * `address` is where the word lies, for the targets of branches. A word that is no instruction here is `.long`; where it is a
 * floating-point or vector instruction, its name follows as a comment.
 */
export function disassemble(word: number, address: bigint, options: DisassembleOptions = {}): Disassembled {
  const instruction = decode(word >>> 0)
  if (!instruction) return longWord(word, facilityOf(word >>> 0)?.name)
  const { spelling, values } = spell(word, instruction, options.raw)
  const row = render(spelling, values, address, options)
  return isSpelledOtherwise(spelling, values) ? longWord(word, row.text.replace(/ +/, ' ')) : row
}
