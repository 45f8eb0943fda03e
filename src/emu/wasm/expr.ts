/**
 * Typed expressions that fold constants. The same tree is emitted as WebAssembly, evaluated by folding alone, and printed as
 * register-transfer text. Shared nodes are shared work: the emitter computes each once.
 */

export type Type = 'i64' | 'i32'

/** How a node computes its value from its arguments. `fold` sees i64 as unsigned 64-bit bigints and i32 as unsigned numbers. */
export type Op =
  | 'const' | 'read' | 'word' | 'local' | 'effect' | 'named' | 'foldOnly' | 'select'
  | 'add' | 'sub' | 'mul' | 'and' | 'or' | 'xor' | 'shl' | 'shr_u' | 'shr_s' | 'rotl'
  | 'div_s' | 'div_u' | 'rem_s' | 'rem_u'
  | 'eq' | 'ne' | 'lt_s' | 'lt_u' | 'gt_s' | 'gt_u' | 'le_s' | 'le_u' | 'ge_s' | 'ge_u'
  | 'eqz' | 'clz' | 'ctz' | 'popcnt' | 'extend8_s' | 'extend16_s' | 'extend32_s'
  | 'wrap' | 'extend_u' | 'extend_s' // biome-ignore format: one family a line

type Const = bigint | number

/** Where a `read` finds its value: an offset in the state page, and for register files an index scaled by 8. */
export interface Place {
  offset: number
  index: Expr | null
  bytes: 4 | 8
  /** Name in register-transfer text: "RA", "MSR", "CR[BI]". */
  name: string
}

const M64 = (1n << 64n) - 1n
export const u64 = (v: bigint): bigint => BigInt.asUintN(64, v)
export const s64 = (v: bigint): bigint => BigInt.asIntN(64, v)

type Big = (a: bigint, b: bigint) => bigint | boolean
type Small = (a: number, b: number) => number | boolean

const clz64 = (a: bigint): bigint => (a >> 32n ? BigInt(Math.clz32(Number(a >> 32n))) : 32n + BigInt(Math.clz32(Number(a & 0xffffffffn))))
const popcnt64 = (a: bigint): bigint => {
  let n = 0n
  for (let v = a; v; v &= v - 1n) n++
  return n
}
const rotl64 = (a: bigint, n: bigint): bigint => ((a << (n & 63n)) | (a >> (64n - (n & 63n)))) & M64

const foldI64: Partial<Record<Op, Big>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << (b & 63n),
  shr_u: (a, b) => a >> (b & 63n),
  shr_s: (a, b) => s64(a) >> (b & 63n),
  rotl: rotl64,
  div_s: (a, b) => s64(a) / s64(b),
  div_u: (a, b) => a / b,
  rem_s: (a, b) => s64(a) % s64(b),
  rem_u: (a, b) => a % b,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt_s: (a, b) => s64(a) < s64(b),
  lt_u: (a, b) => a < b,
  gt_s: (a, b) => s64(a) > s64(b),
  gt_u: (a, b) => a > b,
  le_s: (a, b) => s64(a) <= s64(b),
  le_u: (a, b) => a <= b,
  ge_s: (a, b) => s64(a) >= s64(b),
  ge_u: (a, b) => a >= b,
  eqz: a => a === 0n,
  clz: clz64,
  ctz: a => (a === 0n ? 64n : popcnt64((a & -a) - 1n)),
  popcnt: popcnt64,
  extend8_s: a => BigInt.asIntN(8, a),
  extend16_s: a => BigInt.asIntN(16, a),
  extend32_s: a => BigInt.asIntN(32, a),
}

const popcnt32 = (a: number): number => {
  let n = 0
  for (let v = a; v; v &= v - 1) n++
  return n
}

const foldI32: Partial<Record<Op, Small>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: Math.imul,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << (b & 31),
  shr_u: (a, b) => a >>> (b & 31),
  shr_s: (a, b) => (a | 0) >> (b & 31),
  rotl: (a, b) => (a << (b & 31)) | ((b & 31) === 0 ? 0 : a >>> (32 - (b & 31))),
  div_s: (a, b) => (a | 0) / (b | 0),
  div_u: (a, b) => Math.floor(a / b),
  rem_s: (a, b) => (a | 0) % (b | 0),
  rem_u: (a, b) => a % b,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt_s: (a, b) => (a | 0) < (b | 0),
  lt_u: (a, b) => a < b,
  gt_s: (a, b) => (a | 0) > (b | 0),
  gt_u: (a, b) => a > b,
  le_s: (a, b) => (a | 0) <= (b | 0),
  le_u: (a, b) => a <= b,
  ge_s: (a, b) => (a | 0) >= (b | 0),
  ge_u: (a, b) => a >= b,
  eqz: a => a === 0,
  clz: Math.clz32,
  ctz: a => (a === 0 ? 32 : 31 - Math.clz32(a & -a)),
  popcnt: popcnt32,
  extend8_s: a => (a << 24) >> 24,
  extend16_s: a => (a << 16) >> 16,
}

const comparisons = new Set<Op>(['eq', 'ne', 'lt_s', 'lt_u', 'gt_s', 'gt_u', 'le_s', 'le_u', 'ge_s', 'ge_u', 'eqz'])

/** Identities that fold although one side is not constant: x + 0, x & −1, x | 0, x & 0, x << 0. */
function identity(op: Op, type: Type, a: Expr, b: Expr | null): Expr | null {
  if (b === null) return null
  const zero = (e: Expr) => e.isConst && BigInt(e.value) === 0n
  const ones = (e: Expr) => e.isConst && (type === 'i64' ? e.value === M64 : e.value === 0xffffffff)
  switch (op) {
    case 'add':
    case 'or':
    case 'xor':
      return zero(b) ? a : zero(a) ? b : null
    case 'sub':
    case 'shl':
    case 'shr_u':
    case 'shr_s':
    case 'rotl':
      return zero(b) ? a : null
    case 'and':
      return zero(a) || ones(b) ? a : zero(b) || ones(a) ? b : null
    default:
      return null
  }
}

type Operand = Expr | bigint | number

export class Expr {
  constructor(
    readonly op: Op,
    readonly type: Type,
    readonly args: readonly Expr[],
    /** Of `const`. */
    readonly constant: Const | null = null,
    /** Of `read`. */
    readonly place: Place | null = null,
    /** Of `named`, `foldOnly`, `effect`, `local`: what the printer calls it. */
    readonly name: string = '',
    /** Of `foldOnly`. */
    readonly compute: ((...args: bigint[]) => bigint) | null = null,
  ) {}

  get isConst(): boolean {
    return this.op === 'const'
  }

  /** The value of a constant: unsigned. Throws for anything else. */
  get value(): Const {
    if (this.constant === null) throw new Error(`not a constant: ${this.op} ${this.name}`)
    return this.constant
  }

  get big(): bigint {
    return BigInt(this.value)
  }

  get num(): number {
    return Number(this.value)
  }

  private coerce(o: Operand): Expr {
    if (o instanceof Expr) {
      if (o.type !== this.type) throw new Error(`${this.type} ${this.op} meets ${o.type} ${o.op}`)
      return o
    }
    return this.type === 'i64' ? i64(o) : i32(o)
  }

  private binary(op: Op, o: Operand): Expr {
    const b = this.coerce(o)
    const type = comparisons.has(op) ? 'i32' : this.type
    if (this.isConst && b.isConst) {
      const v = this.type === 'i64' ? foldI64[op]!(this.big, b.big) : foldI32[op]!(this.num, b.num)
      return type === 'i64' ? i64(v as bigint) : i32(typeof v === 'boolean' ? Number(v) : (v as number))
    }
    return identity(op, this.type, this, b) ?? new Expr(op, type, [this, b])
  }

  private unary(op: Op): Expr {
    const type = comparisons.has(op) ? 'i32' : this.type
    if (this.isConst) {
      const v = this.type === 'i64' ? foldI64[op]!(this.big, 0n) : foldI32[op]!(this.num, 0)
      return type === 'i64' ? i64(v as bigint) : i32(typeof v === 'boolean' ? Number(v) : (v as number))
    }
    return new Expr(op, type, [this])
  }

  add(o: Operand) { return this.binary('add', o) }
  sub(o: Operand) { return this.binary('sub', o) }
  mul(o: Operand) { return this.binary('mul', o) }
  and(o: Operand) { return this.binary('and', o) }
  or(o: Operand) { return this.binary('or', o) }
  xor(o: Operand) { return this.binary('xor', o) }
  shl(o: Operand) { return this.binary('shl', o) }
  shr(o: Operand) { return this.binary('shr_u', o) }
  sar(o: Operand) { return this.binary('shr_s', o) }
  rotl(o: Operand) { return this.binary('rotl', o) }
  /** The divisor must not be 0 nor the quotient overflow: guard with `select`, as WebAssembly traps. */
  div(o: Operand) { return this.binary('div_s', o) }
  divu(o: Operand) { return this.binary('div_u', o) }
  rem(o: Operand) { return this.binary('rem_s', o) }
  remu(o: Operand) { return this.binary('rem_u', o) }
  eq(o: Operand) { return this.binary('eq', o) }
  ne(o: Operand) { return this.binary('ne', o) }
  lt(o: Operand) { return this.binary('lt_s', o) }
  ltu(o: Operand) { return this.binary('lt_u', o) }
  gt(o: Operand) { return this.binary('gt_s', o) }
  gtu(o: Operand) { return this.binary('gt_u', o) }
  le(o: Operand) { return this.binary('le_s', o) }
  leu(o: Operand) { return this.binary('le_u', o) }
  ge(o: Operand) { return this.binary('ge_s', o) }
  geu(o: Operand) { return this.binary('ge_u', o) }
  get eqz() { return this.unary('eqz') }
  get clz() { return this.unary('clz') }
  get ctz() { return this.unary('ctz') }
  get popcnt() { return this.unary('popcnt') }
  /** Sign extension from the low 8, 16, 32 bits. */
  get exts8() { return this.unary('extend8_s') }
  get exts16() { return this.unary('extend16_s') }
  get exts32() { return this.unary('extend32_s') }
  get not() { return this.xor(-1n) }
  get neg() { return (this.type === 'i64' ? i64(0n) : i32(0)).sub(this) }

  /** Low 32 bits. */
  get wrap(): Expr {
    return this.isConst ? i32(Number(this.big & 0xffffffffn)) : new Expr('wrap', 'i32', [this])
  }

  get zext(): Expr {
    return this.isConst ? i64(BigInt(this.num)) : new Expr('extend_u', 'i64', [this])
  }

  get sext(): Expr {
    return this.isConst ? i64(BigInt(this.num | 0)) : new Expr('extend_s', 'i64', [this])
  }

  /** Low 32 bits of an i64, zero-extended. */
  get low32(): Expr {
    return this.and(0xffffffffn)
  }
} // biome-ignore format: the operators are a table

export const i64 = (v: bigint | number): Expr => new Expr('const', 'i64', [], u64(BigInt(v)))
export const i32 = (v: bigint | number): Expr => new Expr('const', 'i32', [], Number(BigInt.asUintN(32, BigInt(Math.trunc(Number(v))))))

/** `cond ? a : b`, both computed; `cond` is an i32. */
export function select(cond: Expr, a: Operand, b: Operand): Expr {
  const type = a instanceof Expr ? a.type : b instanceof Expr ? b.type : 'i64'
  const lift = (o: Operand) => (o instanceof Expr ? o : type === 'i64' ? i64(o) : i32(o))
  if (cond.isConst) return lift(cond.num !== 0 ? a : b)
  return new Expr('select', type, [lift(a), lift(b), cond])
}

export const read = (type: Type, place: Place): Expr => new Expr('read', type, [], null, place, place.name)

/** A definition with a name of the book's: printed as `name(args)`, computed as `body`. */
export function named(name: string, args: Expr[], body: Expr): Expr {
  return body.isConst ? body : new Expr('named', body.type, [body, ...args], null, null, name)
}

/** A value that only folding computes; an instruction that uses it is executed by the reference evaluator. Operands and result are i64. */
export function foldOnly(name: string, args: Expr[], compute: (...args: bigint[]) => bigint): Expr {
  return args.every(a => a.isConst) ? i64(compute(...args.map(a => a.big))) : new Expr('foldOnly', 'i64', args, null, null, name, compute)
}

/** Mask of the ISA's MASK(mb, me): ones from bit mb to bit me, big-endian numbers, wrapping when mb > me. */
export function mask(mb: Expr, me: Expr): Expr {
  const from = i64(-1n).shr(mb)
  const to = i64(-1n).shl(i64(63n).sub(me))
  return named('MASK', [mb, me], select(mb.leu(me), from.and(to), from.or(to)))
}
