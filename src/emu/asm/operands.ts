/** One operand of an instruction: its tokens to the number that its slot holds. */
import type { Slot, Spelling, Values } from '../isa/alias.ts'
import { fields } from '../isa/fields.ts'
import { sprs } from '../isa/sprs.ts'
import { Complaint, type Expression, evaluate, modified, parseExpression, quoted, type Scope } from './expression.ts'
import type { Token } from './lexer.ts'
import { type Range, rangeOf } from './mnemonics.ts'

/** Columns of one line, from 1; `end` is after the last. */
export interface Where {
  readonly line: number
  readonly column: number
  readonly end: number
}

export interface Place {
  readonly scope: Scope
  /** Address of the instruction. */
  readonly address: bigint
  /** Said of something that assembles but may not be what was meant. */
  readonly warn: (message: string, at: Where) => void
  /** What a branch to the symbol adds to its address. */
  readonly localEntry: (symbol: Token) => bigint
}

const registerNames = new Map<string, number>([['sp', 1], ['rtoc', 2]]) // biome-ignore format: a table
for (let n = 0; n < 32; n++) registerNames.set(`r${n}`, n)

const conditionNames = new Map<string, number>([['lt', 0], ['gt', 1], ['eq', 2], ['so', 3], ['un', 3]]) // biome-ignore format: a table
const crFields = new Map(Array.from({ length: 8 }, (_, n) => [`cr${n}`, n]))

const sprNumbers = new Map<string, number>()
for (const s of sprs) if (!sprNumbers.has(s.name)) sprNumbers.set(s.name, s.number)
/** A name shared by a number to read and one to write. */
const sprNumbersToWrite = new Map(sprs.filter(s => s.write !== 'none').map(s => [s.name, s.number]))

const otherRegister = /^(f|v|vs)\d{1,2}$/

export const isRegisterName = (name: string): boolean => registerNames.has(name) || crFields.has(name) || otherRegister.test(name)

/** `%r3` is `r3`: the sign goes where it stands directly before a register's name. */
export function withoutPercent(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(t => t.text === '%')) return tokens
  const isSign = (t: Token, i: number): boolean => {
    const [before, after] = [tokens[i - 1], tokens[i + 1]]
    if (t.text !== '%' || t.kind !== 'operator' || after?.kind !== 'name' || after.offset !== t.offset + 1) return false
    const starts = before === undefined || (before.kind === 'operator' && before.text !== ')')
    const name = after.text.toLowerCase()
    return starts && (isRegisterName(name) || conditionNames.has(name) || sprNumbers.has(name))
  }
  return tokens.filter((t, i) => !isSign(t, i))
}

function nothingAfter(tokens: readonly Token[], used: number): void {
  const rest = tokens[used]
  if (rest) throw new Complaint(`expected a comma or the end of the statement, found ${quoted(rest)}`, rest)
}

/** Adds the names of CR fields and bits: `4*cr1+eq`. */
const withConditionNames = (scope: Scope): Scope => ({
  here: scope.here,
  symbol: t => {
    const name = t.text.toLowerCase()
    const n = conditionNames.get(name) ?? crFields.get(name)
    return n === undefined ? scope.symbol(t) : BigInt(n)
  },
})

/** The value of an expression whose symbols all exist: the scope of an instruction throws for one that does not. */
const amount = (e: Expression, scope: Scope): bigint => evaluate(e, scope)!

function inRange(value: bigint, range: Range, at: Where, what: string): number {
  if (value < BigInt(range.low) || value > BigInt(range.high))
    throw new Complaint(`${what} ${shown(value)} is not between ${range.low} and ${range.high}`, at)
  if (value % BigInt(range.unit)) throw new Complaint(`${what} ${shown(value)} is not a multiple of ${range.unit}`, at)
  return Number(value)
}

const shown = (v: bigint): string => (v > 0xffffn || v < -0xffffn ? `${v < 0n ? '-' : ''}0x${(v < 0n ? -v : v).toString(16)}` : `${v}`)

/** A whole operand that is one register name, in lower case. */
const soleName = (tokens: readonly Token[]): string | null =>
  tokens.length === 1 && tokens[0]!.kind === 'name' ? tokens[0]!.text.toLowerCase() : null

function generalRegister(tokens: readonly Token[], where: Where, place: Place, zero: boolean, what: string): number {
  const name = soleName(tokens)
  const n = name === null ? undefined : registerNames.get(name)
  if (n !== undefined) {
    if (zero && n === 0) place.warn('r0 stands for the value 0 here, not for the register. Write 0', tokens[0]!)
    return n
  }
  if (name !== null && (isRegisterName(name) || /^[rR]\d+$/.test(name)))
    throw new Complaint(`expected a general-purpose register (r0 to r31) for ${what}, found "${tokens[0]!.text}"`, tokens[0]!)
  const e = parseExpression(tokens, 0, where)
  nothingAfter(tokens, e.length)
  const value = amount(e, place.scope)
  if (value < 0n || value > 31n)
    throw new Complaint(`expected a general-purpose register (r0 to r31) for ${what}, found ${shown(value)}`, e.at)
  return Number(value)
}

/** A CR field or a CR bit. The name of a field is no bit until it is multiplied by 4, and the name of a bit is no field. */
function condition(tokens: readonly Token[], where: Where, place: Place, range: Range, expected: string, bit: boolean): number {
  const misplaced = tokens.find((t, i) => {
    if (t.kind !== 'name') return false
    const name = t.text.toLowerCase()
    if (crFields.has(name)) return bit && tokens[i - 1]?.text !== '*' && tokens[i + 1]?.text !== '*'
    return (!bit && conditionNames.has(name)) || registerNames.has(name) || /^cr\d+$/.test(name)
  })
  if (misplaced) throw new Complaint(`expected ${expected}, found "${misplaced.text}"`, misplaced)
  const e = parseExpression(tokens, 0, where)
  nothingAfter(tokens, e.length)
  const value = amount(e, withConditionNames(place.scope))
  if (value < BigInt(range.low) || value > BigInt(range.high)) throw new Complaint(`expected ${expected}, found ${shown(value)}`, e.at)
  return Number(value)
}

/** Low and high words of 32 bits that are a small negative number: 0xffffffff is -1, as GNU as has it. */
const narrowed = (v: bigint): bigint => (v >= 0xffff8000n && v <= 0xffffffffn ? v - (1n << 32n) : v)

function immediate(tokens: readonly Token[], e: Expression, place: Place, range: Range, signed: boolean, what: string): number {
  const name = e.length === 1 && tokens[0]!.kind === 'name' ? tokens[0]!.text.toLowerCase() : null
  if (name !== null && isRegisterName(name))
    throw new Complaint(`expected a number for ${what.replace(' =', '')}, found the register "${tokens[0]!.text}"`, tokens[0]!)
  const value = amount(e, place.scope)
  if (!e.modifier) return inRange(signed ? narrowed(value) : value, range, e.at, what)
  const half = modified(value, e.modifier)
  return inRange(signed ? BigInt.asIntN(16, half) : half, range, e.at, what)
}

function branchTarget(tokens: readonly Token[], where: Where, place: Place, range: Range, absolute: boolean): number {
  const e = parseExpression(tokens, 0, where)
  nothingAfter(tokens, e.length)
  const name = soleName(tokens)
  if (name !== null && isRegisterName(name))
    throw new Complaint(`expected a label or an address, found the register "${tokens[0]!.text}"`, tokens[0]!)
  const [only] = e.steps
  const entry = only?.kind === 'symbol' && e.steps.length === 1 ? place.localEntry(only.token) : 0n
  const target = amount(e, place.scope) + entry
  // An absolute target may be written in 32 bits, as objdump prints it.
  const distance = absolute ? (target >> 25n === 127n ? target - (1n << 32n) : target) : BigInt.asIntN(64, target - place.address)
  if (distance % 4n) throw new Complaint(`the target ${shown(target)} is not a multiple of 4`, e.at)
  if (absolute) return inRange(distance, range, e.at, 'the absolute target')
  if (distance < BigInt(range.low) || distance > BigInt(range.high))
    throw new Complaint(`the target is ${shown(distance)} bytes away; this branch reaches from ${range.low} to ${range.high}`, e.at)
  return Number(distance)
}

function specialRegister(tokens: readonly Token[], where: Where, place: Place, range: Range, writes: boolean): number {
  const name = soleName(tokens)
  const n = name === null ? undefined : ((writes ? sprNumbersToWrite.get(name) : undefined) ?? sprNumbers.get(name))
  if (n !== undefined) return n
  const e = parseExpression(tokens, 0, where)
  nothingAfter(tokens, e.length)
  return inRange(amount(e, place.scope), range, e.at, 'the number of a special-purpose register')
}

/** Displacement and base: `8(r1)`. */
function memory(slot: Slot, tokens: readonly Token[], where: Where, place: Place, range: Range): Values {
  const [first] = tokens
  if (first?.text === '(' && tokens.length === 3)
    throw new Complaint(`no displacement before the base register. Write 0(${tokens[1]!.text})`, first)
  const e = parseExpression(tokens, 0, where)
  const last = tokens.at(-1)!
  const open = tokens[e.length]
  const displacement = immediate(tokens, e, place, range, fields[slot.field!].signed === true, 'the displacement')
  if (open?.text !== '(')
    throw new Complaint(`expected a displacement and a base register, such as ${e.length === 1 ? first!.text : '8'}(r1)`, open ?? e.at)
  let close = e.length + 1
  while (close < tokens.length && tokens[close]!.text !== ')') close++
  if (close === tokens.length) throw new Complaint('this parenthesis is not closed', open)
  const register = tokens.slice(e.length + 1, close)
  if (register.length === 0) throw new Complaint('expected a base register in the parentheses', open)
  nothingAfter(tokens, close + 1)
  const base = generalRegister(register, last, place, slot.base!.zero, 'the base register')
  return { [slot.name]: displacement, [slot.base!.field]: base }
}

/** The values that an operand gives. Throws a Complaint. */
export function readOperand(spelling: Spelling, slot: Slot, given: readonly Token[], where: Where, place: Place): Values {
  const tokens = withoutPercent(given)
  if (tokens.length === 0) throw new Complaint(`expected an operand (${slot.name})`, where)
  const range = rangeOf(spelling, slot)
  const one = (value: number): Values => ({ [slot.name]: value })
  switch (slot.kind) {
    case 'gpr':
    case 'gpr0':
      return one(generalRegister(tokens, where, place, slot.kind === 'gpr0', slot.name))
    case 'cr field':
      return one(condition(tokens, where, place, range, 'a condition register field (cr0 to cr7)', false))
    case 'cr bit':
      return one(condition(tokens, where, place, range, 'a condition register bit, such as 4*cr1+eq (0 to 31)', true))
    case 'memory':
      return memory(slot, tokens, where, place, range)
    case 'branch':
      return one(branchTarget(tokens, where, place, range, spelling.instruction.flags.AA))
    case 'spr':
      return one(specialRegister(tokens, where, place, range, spelling.instruction.base === 'mtspr'))
    default: {
      const e = parseExpression(tokens, 0, where)
      const signed = slot.kind === 'signed' && slot.field !== null
      const value = immediate(tokens, e, place, range, signed, `${slot.name} =`)
      nothingAfter(tokens, e.length)
      // A lenient range holds the unsigned spelling of a negative value, and the other way round.
      if (slot.field && fields[slot.field].signed && value > 0x7fff && range.high === 65535) return one(value - 0x10000)
      return one(slot.field && !fields[slot.field].signed && value < 0 ? value + 0x10000 : value)
    }
  }
}
