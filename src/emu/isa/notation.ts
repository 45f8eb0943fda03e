/**
 * Expressions as register-transfer text, in the book's manner: `(RA|0) + EXTS(SI)`, `MSR[PR]`, `if … then … else …`. A trailing u makes a
 * comparison or division unsigned; in brackets stand big-endian bit numbers, or names of bits.
 */
import { Expr, i32, i64, type Op } from '../wasm/expr.ts'
import { isBit, widthOf } from './bit-logic.ts'
import { type BitField, CR, FSCR, HFSCR, LPCR, MSR, XER } from './bitfields.ts'
import { type FieldName, fields } from './fields.ts'

/** How tightly the outermost operator of a text binds. */
const level = { choice: 0, logical: 1, compare: 2, shift: 3, sum: 4, product: 5, prefix: 6, atom: 7 } as const

interface Text {
  readonly text: string
  readonly level: number
  readonly op?: Op
}
const atom = (text: string): Text => ({ text, level: level.atom })
const prefix = (text: string): Text => ({ text, level: level.prefix })

// biome-ignore format: a table
const infix: Partial<Record<Op, readonly [text: string, level: number]>> = {
  or: ['|', level.logical], xor: ['⊕', level.logical], and: ['&', level.logical],
  eq: ['=', level.compare], ne: ['≠', level.compare],
  lt_s: ['<', level.compare], gt_s: ['>', level.compare], le_s: ['≤', level.compare], ge_s: ['≥', level.compare],
  lt_u: ['<u', level.compare], gt_u: ['>u', level.compare], le_u: ['≤u', level.compare], ge_u: ['≥u', level.compare],
  shl: ['<<', level.shift], shr_u: ['>>', level.shift], shr_s: ['>>a', level.shift],
  add: ['+', level.sum], sub: ['-', level.sum],
  mul: ['×', level.product], div_s: ['÷', level.product], div_u: ['÷u', level.product], rem_s: ['mod', level.product], rem_u: ['modu', level.product],
}
// biome-ignore format: a table
const functions: Partial<Record<Op, string>> = { rotl: 'ROTL64', clz: 'CLZ', ctz: 'CTZ', popcnt: 'POPCOUNT' }
const extensions: Partial<Record<Op, number>> = { extend8_s: 8, extend16_s: 16, extend32_s: 32 }
const associative = new Set<Op>(['or', 'xor', 'and', 'add', 'mul'])

/** Registers whose bits have names; SRR1 and HSRR1 hold an image of the MSR. */
const images: Readonly<Record<string, BitField>> = { MSR, SRR1: MSR, HSRR1: MSR, LPCR, XER, FSCR, HFSCR }
const CR_FIELD = 'CR field '

const imageOf = (e: Expr): BitField | null => {
  if (e.op !== 'read') return null
  return e.name.startsWith(CR_FIELD) ? CR : (images[e.name] ?? null)
}

const isConst = (e: Expr | undefined, value: bigint): boolean => e?.isConst === true && e.big === value
const allOnes = (e: Expr | undefined): boolean => e !== undefined && isConst(e, e.type === 'i64' ? (1n << 64n) - 1n : 0xffffffffn)

/** Number of ones of a mask 2ⁿ − 1; null for any other. */
const lowOnes = (mask: bigint): number | null => (mask !== 0n && (mask & (mask + 1n)) === 0n ? mask.toString(2).length : null)
/** Number of the only bit that is 1. */
const singleBit = (mask: bigint): number | null => (mask !== 0n && (mask & (mask - 1n)) === 0n ? mask.toString(2).length - 1 : null)

/** How many low bits a value has cleared, where these are all and few. */
function zerosBelow(e: Expr): number | null {
  const mask = e.op === 'and' && e.type === 'i64' ? e.args[1]! : null
  const zeros = mask?.isConst ? lowOnes(~mask.big & ((1n << 64n) - 1n)) : null
  return zeros !== null && zeros <= 3 ? zeros : null
}

const withZeros = (t: Text, count: number): Text => ({ text: `${t.text} || 0b${'0'.repeat(count)}`, level: level.logical })

/** Names of the bits that a mask is made of; null where it is not made of whole rows. */
function bitNames(register: BitField, mask: bigint): string | null {
  const rows = register.bits.filter(row => (mask & register.mask[row.name]!) === register.mask[row.name])
  const covered = rows.reduce((m, row) => m | register.mask[row.name]!, 0n)
  return covered === mask && rows.length > 0 ? rows.map(row => row.name).join(' ') : null
}

/** The book calls several fields L. */
export const fieldLabel = (name: string): string => (/^L\d+$/.test(name) ? 'L' : name)

export class Notation {
  /** Nodes that stand under a name of their own. */
  readonly names = new Map<Expr, string>()
  /** Leaves that are 0 or 1. */
  readonly bits = new Set<Expr>()
  /** Leaves that are values of memory, with their size in bytes. */
  readonly memory = new Map<Expr, number>()
  /** Clocks are kept as differences from this; the text shows the clocks. */
  time: Expr | null = null
  /** Register whose bits name constants, while a write to it is shown. */
  image: BitField | null = null
  /** Of the names, those that a text has used. */
  readonly used = new Set<Expr>()
  /** Conditions that hold, or do not, where the text stands. */
  private readonly assumed = new Map<Expr, boolean>()

  show(e: Expr): string {
    return this.textOf(e).text
  }

  /** What a named node stands for. */
  definition(e: Expr): string {
    const name = this.names.get(e)
    this.names.delete(e)
    const text = this.show(e)
    if (name !== undefined) this.names.set(e, name)
    return text
  }

  /** A condition, of which only zero or not matters. */
  condition(e: Expr): string {
    return this.conditionText(e).text
  }

  textOf(e: Expr): Text {
    const name = this.names.get(e)
    if (name !== undefined) {
      this.used.add(e)
      return atom(name)
    }
    for (const pattern of patterns) {
      const found = pattern(this, e)
      if (found) return found
    }
    return this.plain(e)
  }

  /** What no pattern covers, by its operator. */
  private plain(e: Expr): Text {
    const [a, b] = e.args
    const operator = infix[e.op]
    if (operator) return this.binary(e.op, a!, b!, operator)
    const call = functions[e.op] ?? (e.op === 'foldOnly' ? e.name : null)
    if (call) return this.call(call, e.args)
    if (e.op === 'named') return this.call(e.name, e.args.slice(1))
    if (e.op === 'read' || e.op === 'effect' || e.op === 'local') return atom(fieldLabel(e.name))
    const bits = extensions[e.op]
    if (bits) return this.call('EXTS', [], this.memory.get(a!) === bits / 8 ? this.show(a!) : this.slice(a!, 0, bits).text)
    if (e.op === 'extend_s') return this.call('EXTS', [], this.fieldText(a!))
    if (e.op === 'extend_u') return this.textOf(a!)
    if (e.op === 'wrap') return this.slice(a!, 0, 32)
    throw new Error(`no notation for ${e.op}`)
  }

  /** A field whose unit is more than one byte has its zeros written out. */
  private fieldText(e: Expr): string {
    const shift = e.op === 'read' && e.name in fields ? (fields[e.name as FieldName].shift ?? 0) : 0
    return shift === 0 ? this.show(e) : `${fieldLabel(e.name)} || 0b${'0'.repeat(shift)}`
  }

  /** The text, in parentheses unless it is one thing. */
  grouped(e: Expr): string {
    const t = this.textOf(e)
    return t.level >= level.prefix ? t.text : `(${t.text})`
  }

  private call(name: string, args: readonly Expr[], ...more: string[]): Text {
    return atom(`${name}(${[...args.filter(a => a !== this.time).map(a => this.show(a)), ...more].join(', ')})`)
  }

  private binary(op: Op, a: Expr, b: Expr, [symbol, of]: readonly [string, number]): Text {
    const operand = (e: Expr, right: boolean): string => {
      const t = this.textOf(e)
      const bare =
        t.level >= level.prefix ||
        (t.op === op && (associative.has(op) || (op === 'sub' && !right))) ||
        (of === level.compare && t.level >= level.shift) ||
        (of === level.sum && (t.level === level.product || (t.level === level.sum && !right)))
      return bare ? t.text : `(${t.text})`
    }
    return { text: `${operand(a, false)} ${symbol} ${operand(b, true)}`, level: of, op }
  }

  /** An operand of a prefix: in parentheses unless it stands for itself. */
  prefixed(sign: string, t: Text): Text {
    return { text: t.level >= level.prefix ? `${sign}${t.text}` : `${sign}(${t.text})`, level: level.prefix }
  }

  isBit(e: Expr): boolean {
    return isBit(e, this.bits)
  }

  private widthOf(e: Expr): number {
    return e.op === 'read' && e.name.startsWith(CR_FIELD) ? 4 : e.op === 'read' && e.type === 'i64' ? 64 : widthOf(e)
  }

  /** `count` bits of a value, the lowest of them `from` from the right. */
  slice(e: Expr, from: number, count: number): Text {
    const [a, b] = e.args
    if (!this.names.has(e)) {
      if (e.op === 'extend_u' || e.op === 'wrap') return this.slice(a!, from, count)
      if (from + count <= (extensions[e.op] ?? 0)) return this.slice(a!, from, count)
      if (e.op === 'shr_u' && b!.isConst) return this.slice(a!, from + b!.num, count)
      const zeros = from === 0 ? zerosBelow(e) : null
      if (zeros !== null && zeros < count) return withZeros(this.slice(a!, zeros, count - zeros), zeros)
    }
    if (from === 0 && this.isBit(e)) return this.textOf(e)
    const size = this.widthOf(e)
    if (from === 0 && count >= size) return this.textOf(e)
    const [first, last] = [size - from - count, size - from - 1]
    const row = this.imageFor(e)?.bits.find(r => r.bit === first && r.last === last)
    return this.indexed(e, row?.name ?? (first === last ? `${first}` : `${first}:${last}`))
  }

  private imageFor(e: Expr): BitField | null {
    const name = this.names.get(e)
    return name === undefined ? (imageOf(e) ?? (e.op === 'read' ? this.image : null)) : (images[name] ?? null)
  }

  private indexed(e: Expr, index: string): Text {
    const t = this.textOf(e)
    return atom(t.level === level.atom ? `${t.text}[${index}]` : `(${t.text})[${index}]`)
  }

  /** A value with some of its bits kept in place. */
  masked(e: Expr, mask: bigint): Text | null {
    const image = this.imageFor(e)
    if (!image) return null
    const names = bitNames(image, mask)
    if (names) return this.indexed(e, names)
    const others = bitNames(image, ~mask & ((1n << BigInt(image.width)) - 1n))
    return others ? this.indexed(e, `all but ${others}`) : null
  }

  constant(e: Expr): Text {
    const names = this.image && e.type === 'i64' ? bitNames(this.image, e.big) : null
    if (names) return atom(names)
    const signed = BigInt.asIntN(e.type === 'i64' ? 64 : 32, e.big)
    if (signed < 0n && signed > -4096n) return prefix(signed.toString())
    return atom(e.big < 100n || (e.type === 'i32' && e.big < 65536n) ? e.big.toString() : `0x${e.big.toString(16)}`)
  }

  conditionText(e: Expr): Text {
    const [a, b] = e.args
    const one = e.op === 'and' && b!.isConst ? singleBit(b!.big) : null
    return one !== null && !this.names.has(e) ? this.slice(a!, one, 1) : this.textOf(e)
  }

  choice(e: Expr): Text {
    const [a, b, condition] = e.args as [Expr, Expr, Expr]
    const known = this.assumed.get(condition)
    if (known !== undefined) return this.textOf(known ? a : b)
    const under = (holds: boolean, branch: Expr): string => {
      this.assumed.set(condition, holds)
      const { text } = this.textOf(branch)
      this.assumed.delete(condition)
      return text
    }
    const [yes, no] = [under(true, a), under(false, b)]
    return yes === no ? this.textOf(a) : { text: `if ${this.condition(condition)} then ${yes} else ${no}`, level: level.choice }
  }
}

type Pattern = (n: Notation, e: Expr) => Text | null

const args = (e: Expr): [Expr, Expr] => [e.args[0]!, e.args[1]!]
const isComplement = (e: Expr): boolean => e.op === 'xor' && allOnes(e.args[1])

/** The bit that all bits of a mask repeat: a bit, negated and sign-extended. */
function repeated(e: Expr): Expr | null {
  const inner = e.op === 'extend_s' ? e.args[0]! : null
  return inner?.op === 'sub' && isConst(inner.args[0], 0n) ? inner.args[1]! : null
}

/** A bit tested in place: `(RB & 32)`, of which only zero or not matters. */
const isTest = (e: Expr): boolean => e.op === 'and' && e.args[1]!.isConst && singleBit(e.args[1]!.big) !== null

// Shapes that the book writes in another way than by their operators.

const constant: Pattern = (n, e) => (e.isConst ? n.constant(e) : null)

const clock: Pattern = (n, e) => {
  if ((e.op !== 'add' && e.op !== 'sub') || !n.time || !e.args.includes(n.time)) return null
  return n.textOf(e.args.find(a => a !== n.time)!)
}

const complement: Pattern = (n, e) => {
  if (isComplement(e)) return n.prefixed('¬', n.textOf(e.args[0]!))
  if (e.op !== 'xor' || !isConst(e.args[1], 1n) || !n.isBit(e.args[0]!)) return null
  const t = n.textOf(e.args[0]!)
  return t.text === '0' ? atom('1') : n.prefixed('¬', t)
}

/** Both operands of a logical operator are the same: `mr` is `or` of one register. */
const twice: Pattern = (n, e) => {
  if (e.op !== 'and' && e.op !== 'or' && e.op !== 'xor') return null
  const [a, b] = args(e)
  if (a.op !== 'read' || b.op !== 'read' || a.name !== b.name) return null
  return e.op === 'xor' ? atom('0') : n.textOf(a)
}

interface Term {
  readonly of: Expr
  readonly minus: boolean
}

/** Terms of a sum, whatever its width: those of a field are small. */
function terms(e: Expr, minus = false): Term[] {
  if (e.op === 'extend_u' && (e.args[0]!.op === 'add' || e.args[0]!.op === 'sub')) return terms(e.args[0]!, minus)
  if (e.op !== 'add' && e.op !== 'sub') return [{ of: e, minus }]
  const [a, b] = args(e)
  return [...terms(a, minus), ...terms(b, e.op === 'sub' ? !minus : minus)]
}

/** Several constants of a sum are one: `31 - n + 32`. */
const constantsOfSum: Pattern = (n, e) => {
  if (e.op !== 'add' && e.op !== 'sub') return null
  const all = terms(e)
  if (all.filter(t => t.of.isConst).length < 2) return null
  const signed = ({ of, minus }: Term): bigint => BigInt.asIntN(of.type === 'i64' ? 64 : 32, minus ? -of.big : of.big)
  const constant = all.reduce((sum, t) => (t.of.isConst ? sum + signed(t) : sum), 0n)
  const rest = all.filter(t => !t.of.isConst).map(t => ({ minus: t.minus, text: n.grouped(t.of) }))
  const number = { minus: constant < 0n, text: `${constant < 0n ? -constant : constant}` }
  const ordered = constant === 0n ? rest : rest[0]?.minus === false ? [...rest, number] : [number, ...rest]
  const text = ordered.map((t, i) => (i === 0 ? `${t.minus ? '-' : ''}${t.text}` : ` ${t.minus ? '-' : '+'} ${t.text}`)).join('')
  return { text, level: ordered.length > 1 ? level.sum : level.prefix, op: 'sub' }
}

const negative: Pattern = (n, e) => (e.op === 'sub' && isConst(e.args[0], 0n) ? n.prefixed('-', n.textOf(e.args[1]!)) : null)

/** Sign extension of what is sign-extended already. */
const extendedTwice: Pattern = (n, e) => (e.op in extensions && e.args[0]!.op === 'extend_s' ? n.textOf(e.args[0]!) : null)

const upperHalf: Pattern = (n, e) => (e.op === 'shr_u' && e.type === 'i64' && isConst(e.args[1], 32n) ? n.slice(e.args[0]!, 32, 32) : null)

const maskFrom: Pattern = (n, e) => (e.op === 'shr_u' && allOnes(e.args[0]) ? atom(`MASK(${n.show(e.args[1]!)}, 63)`) : null)

const maskTo: Pattern = (n, e) => {
  if (e.op !== 'shl' || !allOnes(e.args[0])) return null
  const [, by] = args(e)
  return by.op === 'sub' && isConst(by.args[0], 63n) ? atom(`MASK(0, ${n.show(by.args[1]!)})`) : null
}

const someBits: Pattern = (n, e) => {
  if (e.op !== 'and') return null
  const [a, b] = args(e)
  if (!b.isConst) return null
  if (b.big === 1n && n.isBit(a)) return n.textOf(a)
  const count = lowOnes(b.big)
  return n.masked(a, b.big) ?? (count === null ? null : n.slice(a, 0, count))
}

/** A multiple of a power of two: the low bits are cleared. */
const multiple: Pattern = (n, e) => {
  const few = zerosBelow(e)
  if (few !== null) return withZeros(n.slice(e.args[0]!, few, 64 - few), few)
  const mask = e.op === 'and' && e.type === 'i64' && e.args[1]!.isConst ? ~e.args[1]!.big & ((1n << 64n) - 1n) : 0n
  return lowOnes(mask) === null ? null : { text: `${n.grouped(e.args[0]!)} & ¬0x${mask.toString(16)}`, level: level.logical }
}

/** A negative constant is taken away. */
const lessConstant: Pattern = (n, e) => {
  const by = e.op === 'add' && e.args[1]!.isConst ? BigInt.asIntN(e.type === 'i64' ? 64 : 32, e.args[1]!.big) : 0n
  if (by >= 0n || by < -4096n) return null
  const t = n.textOf(e.args[0]!)
  return { text: `${t.level >= level.sum ? t.text : `(${t.text})`} - ${-by}`, level: level.sum, op: 'sub' }
}

/** `TO & x`, where x is a bit, looks at the last bit of TO alone. */
const bitAndValue: Pattern = (n, e) => {
  if (e.op !== 'and') return null
  const [a, b] = args(e)
  if (n.isBit(a) === n.isBit(b) || a.isConst || b.isConst) return null
  const [value, bit] = n.isBit(b) ? [a, b] : [b, a]
  const right = n.textOf(bit)
  return {
    text: `${n.slice(value, 0, 1).text} & ${right.level >= level.prefix ? right.text : `(${right.text})`}`,
    level: level.logical,
    op: 'and',
  }
}

const notZero: Pattern = (n, e) => {
  if (e.op !== 'ne' || !isConst(e.args[1], 0n)) return null
  const [a] = args(e)
  return isTest(a) || n.isBit(a) ? n.conditionText(a) : null
}

const isZero: Pattern = (n, e) => {
  if (e.op !== 'eqz') return null
  const [a] = args(e)
  if (a.op === 'ne') return n.textOf(new Expr('eq', 'i32', a.args))
  if (a.op === 'eqz') return n.textOf(new Expr('ne', 'i32', [a.args[0]!, a.args[0]!.type === 'i64' ? i64(0) : i32(0)]))
  if (isTest(a) || n.isBit(a)) return n.prefixed('¬', n.conditionText(a))
  const t = n.textOf(a)
  return { text: t.level >= level.shift ? `${t.text} = 0` : `(${t.text}) = 0`, level: level.compare }
}

/** Some bits of a register, compared with names of bits. */
const bitsCompared: Pattern = (n, e) => {
  if (e.op !== 'eq' && e.op !== 'ne') return null
  const [a, b] = args(e)
  const image = a.op === 'and' ? imageOf(a.args[0]!) : null
  const names = image && b.isConst ? bitNames(image, b.big) : null
  return names ? { text: `${n.show(a)} ${e.op === 'eq' ? '=' : '≠'} ${names}`, level: level.compare } : null
}

/** `(a & ¬m) | (b & m)`, where m repeats one bit. */
const merged: Pattern = (n, e) => {
  if (e.op !== 'or' || e.args.some(a => a.op !== 'and')) return null
  const [keep, take] = args(e)
  const [a, notMask] = args(keep)
  const [b, mask] = args(take)
  const bit = isComplement(notMask) && notMask.args[0] === mask ? repeated(mask) : null
  return bit && { text: `if ${n.condition(bit)} then ${n.show(b)} else ${n.show(a)}`, level: level.choice }
}

const choice: Pattern = (n, e) => (e.op === 'select' ? n.choice(e) : null)

/** The first that fits is taken. */
const patterns: readonly Pattern[] = [
  constant,
  clock,
  complement,
  twice,
  constantsOfSum,
  negative,
  extendedTwice,
  upperHalf,
  maskFrom,
  maskTo,
  someBits,
  multiple,
  lessConstant,
  bitAndValue,
  notZero,
  isZero,
  bitsCompared,
  merged,
  choice,
]
