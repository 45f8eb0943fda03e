/**
 * Expressions made shorter by what is known of single bits: `1 | x`, `x = 0`, a test of a bit that a short field does not have. The
 * folding of `wasm/expr.ts` leaves these alone, as the machine gains nothing from them; a reader does.
 */
import { Expr, i32, i64 } from '../wasm/expr.ts'
import { type FieldName, fields, fieldWidth } from './fields.ts'

const comparisons = new Set<string>(['eq', 'ne', 'lt_s', 'gt_s', 'le_s', 'ge_s', 'lt_u', 'gt_u', 'le_u', 'ge_u', 'eqz'])
const flags = new Set(['CA', 'OV', 'SO', 'CA32', 'OV32'])

/** Whether the value is 0 or 1. `bits` are leaves known to be. */
export function isBit(e: Expr, bits: ReadonlySet<Expr>): boolean {
  const [a, b] = e.args
  if (comparisons.has(e.op) || bits.has(e)) return true
  if (e.isConst) return e.big <= 1n
  if (e.op === 'read') return flags.has(e.name)
  if (e.op === 'and') return isBit(a!, bits) || isBit(b!, bits)
  if (e.op === 'or' || e.op === 'xor' || e.op === 'select') return isBit(a!, bits) && isBit(b!, bits)
  return (e.op === 'wrap' || e.op === 'extend_u') && isBit(a!, bits)
}

/** How many bits of a value can be other than 0. */
export function widthOf(e: Expr): number {
  if (e.op === 'extend_u') return widthOf(e.args[0]!)
  if (e.op === 'read' && e.name in fields) return fieldWidth(fields[e.name as FieldName])
  if (e.op === 'read' && e.name === 'CR') return 32
  return e.type === 'i64' ? 64 : 32
}

const isConst = (e: Expr, value: bigint): boolean => e.isConst && e.big === value
const constantLike = (e: Expr, value: bigint): Expr => (e.type === 'i64' ? i64(value) : i32(value))

const alternatives = (e: Expr): Expr[] => (e.op === 'or' ? e.args.flatMap(alternatives) : [e])

/** Less, greater and equal of the same two values. */
function isExhaustive(all: readonly Expr[]): boolean {
  const compared = (op: string, like: Expr) => all.some(e => e.op === op && e.args[0] === like.args[0] && e.args[1] === like.args[1])
  return all.some(e => e.op === 'eq' && compared('lt_s', e) && compared('gt_s', e))
}

/** One node, of arguments that are as short as they get. */
function shortened(e: Expr, bits: ReadonlySet<Expr>): Expr {
  const [a, b] = e.args as [Expr, Expr]
  switch (e.op) {
    case 'or':
      if (isConst(a, 0n)) return b
      if (isConst(b, 0n)) return a
      if (isBit(a, bits) && isBit(b, bits) && (isConst(a, 1n) || isConst(b, 1n) || isExhaustive(alternatives(e))))
        return constantLike(e, 1n)
      return e
    case 'and': {
      const [constant, other] = a.isConst ? [a, b] : [b, a]
      if (!constant.isConst) return e
      if (isBit(other, bits)) return (constant.big & 1n) === 1n ? other : constantLike(e, 0n)
      return (constant.big & ((1n << BigInt(widthOf(other))) - 1n)) === 0n ? constantLike(e, 0n) : e
    }
    case 'eq':
      if (isBit(a, bits) && isConst(b, 1n)) return a
      return isBit(a, bits) && isConst(b, 0n) ? new Expr('eqz', 'i32', [a]) : e
    case 'ne':
      return a.isConst && b.isConst ? i32(a.big === b.big ? 0 : 1) : e
    case 'wrap':
      return a.isConst ? i32(a.big) : e
    case 'extend_u':
      return a.isConst ? i64(a.big) : e
    case 'eqz':
      return a.isConst ? i32(a.big === 0n ? 1 : 0) : e
    case 'select':
      return e.args[2]!.isConst ? (e.args[2]!.num === 0 ? b : a) : e
    default:
      return e
  }
}

/** The same value, shorter. Nodes that do not change stay themselves; `known` remembers the others. */
export function shorten(e: Expr, bits: ReadonlySet<Expr>, known: Map<Expr, Expr>): Expr {
  const before = known.get(e)
  if (before) return before
  const args = e.args.map(a => shorten(a, bits, known))
  const same = args.every((a, i) => a === e.args[i])
  const after = shortened(same ? e : new Expr(e.op, e.type, args, e.constant, e.place, e.name, e.compute), bits)
  known.set(e, after)
  return after
}
