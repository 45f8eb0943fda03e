/** What folding computes is what WebAssembly computes, for every operation. */
import { describe, expect, test } from 'vitest'
import { Code, ExprEmitter, Locals } from './emit.ts'
import { encodeModule } from './encoder.ts'
import { Expr, foldOnly, i32, i64, mask, named, read, select, type Type } from './expr.ts'

type Value = bigint | number
const edges64 = [
  0n, 1n, 2n, 5n, 31n, 32n, 33n, 63n, 64n, 65n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n,
  0x0123456789abcdefn, 0xfedcba9876543210n, 0x8000000000000001n, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn,
] // biome-ignore format: a list
const edges32 = [...new Set(edges64.map(v => Number(v & 0xffffffffn)))]
const edges = { i64: edges64, i32: edges32 } as const
const constant = (type: Type, v: Value): Expr => (type === 'i64' ? i64(v) : i32(v))
const parameter = (type: Type, n: number): Expr => new Expr('local', type, [], BigInt(n) as unknown as bigint)

/** Compiles the expression of parameters as an exported function. */
function compile(types: readonly Type[], build: (...args: Expr[]) => Expr): (...args: Value[]) => Value {
  const e = build(...types.map(parameter))
  const code = new Code()
  const locals = new Locals(types.length)
  const emitter = new ExprEmitter(code, locals, { state: 0, word: 0 })
  emitter.use(e)
  emitter.push(e)
  const bytes = encodeModule([], [{ export: 'f', params: types, results: [e.type], locals: locals.types, code: code.bytes }])
  expect(WebAssembly.validate(bytes)).toBe(true)
  const memory = new WebAssembly.Memory({ initial: 1 })
  const f = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { memory } }).exports.f as (...args: Value[]) => Value
  return (...args) => {
    const v = f(...args)
    return typeof v === 'bigint' ? BigInt.asUintN(64, v) : v >>> 0
  }
}

function sameEverywhere(types: readonly Type[], build: (...args: Expr[]) => Expr, skip: (...args: Value[]) => boolean = () => false): void {
  const f = compile(types, build)
  const visit = (args: Value[]): void => {
    const type = types[args.length]
    if (type) {
      for (const v of edges[type]) visit([...args, v])
      return
    }
    if (skip(...args)) return
    const folded = build(...args.map((v, n) => constant(types[n]!, v)))
    if (folded.value !== f(...args)) expect(folded.value, args.map(a => `0x${a.toString(16)}`).join(', ')).toBe(f(...args))
  }
  visit([])
}

type Method = 'add' | 'sub' | 'mul' | 'and' | 'or' | 'xor' | 'shl' | 'shr' | 'sar' | 'rotl'
const arithmetic: Method[] = ['add', 'sub', 'mul', 'and', 'or', 'xor', 'shl', 'shr', 'sar', 'rotl']
const comparing = ['eq', 'ne', 'lt', 'ltu', 'gt', 'gtu', 'le', 'leu', 'ge', 'geu'] as const
const dividing = ['div', 'divu', 'rem', 'remu'] as const
const single = ['eqz', 'clz', 'ctz', 'popcnt', 'exts8', 'exts16', 'not', 'neg'] as const

describe.each<Type>(['i64', 'i32'])('%s', type => {
  test.each([...arithmetic, ...comparing])('%s', op => sameEverywhere([type, type], (a, b) => a[op](b)))

  test.each(dividing)('%s, where WebAssembly does not trap', op => {
    const lowest = type === 'i64' ? 1n << 63n : 0x80000000
    const ones = type === 'i64' ? (1n << 64n) - 1n : 0xffffffff
    sameEverywhere(
      [type, type],
      (a, b) => a[op](b),
      (a, b) => BigInt(b!) === 0n || (op === 'div' && a === lowest && b === ones),
    )
  })

  test.each(single)('%s', op => sameEverywhere([type], a => a[op]))

  test('select, with a condition that is any number', () => {
    sameEverywhere([type, 'i32'], (a, c) => select(c, a, 7))
    sameEverywhere([type, 'i32'], (a, c) => select(c, type === 'i64' ? i64(7) : i32(7), a))
  })

  test('an operand that is known folds as it computes: x op 0, x op −1, and the other way round', () => {
    for (const op of arithmetic)
      for (const known of [0, -1]) {
        sameEverywhere([type], a => a[op](known))
        sameEverywhere([type], a => constant(type, known === 0 ? 0n : type === 'i64' ? (1n << 64n) - 1n : 0xffffffff)[op](a))
      }
  })

  test('identities leave nothing to compute', () => {
    const x = parameter(type, 0)
    const zero = type === 'i64' ? i64(0) : i32(0)
    for (const op of ['add', 'sub', 'or', 'xor', 'shl', 'shr', 'sar', 'rotl'] as const) expect(x[op](0), op).toBe(x)
    for (const op of ['add', 'or', 'xor'] as const) expect(zero[op](x), op).toBe(x)
    expect(x.and(-1)).toBe(x)
    expect(x.and(0).value).toBe(zero.value)
  })
})

describe('between the types', () => {
  test('wrap, zext, sext, exts32, low32', () => {
    sameEverywhere(['i64'], a => a.wrap)
    sameEverywhere(['i64'], a => a.exts32)
    sameEverywhere(['i64'], a => a.low32)
    sameEverywhere(['i32'], a => a.zext)
    sameEverywhere(['i32'], a => a.sext)
  })

  test('they do not mix', () => {
    expect(() => i64(1).add(i32(1))).toThrow(/i64 const meets i32 const/)
  })
})

describe('definitions', () => {
  test('named computes what its body does', () => {
    sameEverywhere(['i64', 'i64'], (a, b) => named('BOTH', [a, b], a.add(b).mul(a)))
  })

  test('MASK(mb, me): ones from mb to me, around the end where mb > me', () => {
    const f = compile(['i64', 'i64'], (mb, me) => mask(mb, me))
    for (let mb = 0; mb < 64; mb++)
      for (let me = 0; me < 64; me++) {
        let expected = 0n
        for (let n = mb; ; n = (n + 1) % 64) {
          expected |= 1n << BigInt(63 - n)
          if (n === me) break
        }
        expect([f(BigInt(mb), BigInt(me)), mask(i64(mb), i64(me)).value]).toEqual([expected, expected])
      }
  })

  test('foldOnly folds, and is not emitted', () => {
    expect(foldOnly('SUM', [i64(2), i64(3)], (a, b) => a + b).value).toBe(5n)
    const e = foldOnly('SUM', [parameter('i64', 0)], a => a)
    expect(() => compile(['i64'], () => e)).toThrow(/foldOnly SUM cannot be emitted/)
  })

  test('only a constant has a value', () => {
    expect(() => read('i64', { offset: 0, index: null, bytes: 8, name: 'LR' }).value).toThrow(/not a constant/)
  })
})

test('a node used in several places is computed once', () => {
  const code = new Code()
  const locals = new Locals(1)
  const emitter = new ExprEmitter(code, locals, { state: 0, word: 0 })
  const x = parameter('i64', 0)
  const shared = x.mul(x)
  const e = shared.add(shared).xor(shared)
  emitter.use(e)
  emitter.push(e)
  expect(code.bytes.filter(b => b === 0x7e)).toHaveLength(1)
  expect(locals.types).toEqual(['i64'])
})
