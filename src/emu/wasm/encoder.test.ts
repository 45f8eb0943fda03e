/** The modules that we encode, read back by another reader (wabt) and by the engine. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import wabt from 'wabt'
import { extractField, type FieldName, fields } from '../isa/fields.ts'
import { Code, ExprEmitter, Locals } from './emit.ts'
import { encodeModule, type FunctionBody, signedLeb, unsignedLeb } from './encoder.ts'
import { Expr } from './expr.ts'

const reader = await wabt()
function disassembled(bytes: Uint8Array): string {
  const module = reader.readWasm(bytes, {})
  try {
    module.validate()
    return module.toText({ foldExprs: false, inlineExport: false })
  } finally {
    module.destroy()
  }
}
/** Instructions of the only function, without its locals. */
function instructionsOf(code: Code, locals: FunctionBody['locals'] = ['i32', 'i64'], results: FunctionBody['results'] = []): string[] {
  const bytes = encodeModule([], [{ export: 'f', params: [], results, locals, code: code.bytes }])
  expect(WebAssembly.validate(bytes)).toBe(true)
  const text = disassembled(bytes)
  return text
    .split('\n')
    .filter(l => /^ {4}(?!\(local)/.test(l))
    .map(l =>
      l
        .trim()
        .replace(/\)*$/, '')
        .replace(/\s*;;.*$/, ''),
    )
}

describe('LEB128', () => {
  test('the examples of the specification', () => {
    expect(unsignedLeb(624485)).toEqual([0xe5, 0x8e, 0x26])
    expect(signedLeb(-123456n)).toEqual([0xc0, 0xbb, 0x78])
    expect([signedLeb(63n), signedLeb(64n), signedLeb(-64n), signedLeb(-65n)]).toEqual([[63], [0xc0, 0], [0x40], [0xbf, 0x7f]])
  })

  test('reads back as it was, in the fewest bytes', () => {
    const decode = (bytes: number[], signed: boolean) => {
      let v = 0n
      bytes.forEach((b, n) => {
        v |= BigInt(b & 0x7f) << BigInt(7 * n)
      })
      return signed ? BigInt.asIntN(7 * bytes.length, v) : v
    }
    const any = fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n })
    fc.assert(
      fc.property(any, v => {
        expect(decode(signedLeb(v), true)).toBe(v)
        if (v >= 0n) expect(decode(unsignedLeb(v), false)).toBe(v)
        const shorter = 7 * (signedLeb(v).length - 1)
        expect(shorter === 0 || BigInt.asIntN(shorter, v) !== v).toBe(true)
      }),
      { numRuns: 300, seed: 3 },
    )
  })
})
describe('modules', () => {
  test('imports come first in the numbering, exports name the functions, long bodies and many locals hold', () => {
    const long = new Code()
    for (let n = 0; n < 20_000; n++) long.const32(n).set(0)
    long.get(0)
    const bytes = encodeModule(
      [
        { name: 'fetch', params: ['i32'], results: ['i32'] },
        { name: 'load', params: ['i32', 'i64'], results: [] },
      ],
      [
        { export: 'run', params: ['i32'], results: ['i32'], locals: [], code: new Code().get(0).call(0).bytes },
        { export: null, params: ['i32'], results: ['i32'], locals: Array.from({ length: 300 }, () => 'i64' as const), code: long.bytes },
      ],
    )
    expect(WebAssembly.validate(bytes)).toBe(true)
    const text = disassembled(bytes)
    for (const part of [
      '(import "m" "memory" (memory (;0;) 1))',
      '(import "m" "fetch" (func (;0;) (type 0)))',
      '(import "m" "load" (func (;1;) (type 1)))',
      '(export "run" (func 2))',
    ])
      expect(text).toContain(part)
  })

  test('a module runs with the memory and the functions that it imports', () => {
    const code = new Code().get(0).load('i64', 4, 8).op(0xa7).call(0).set(1).get(0).const64(-2n).store('i64', 8, 16)
    const bytes = encodeModule(
      [{ name: 'plus', params: ['i32'], results: ['i32'] }],
      [{ export: 'f', params: ['i32'], results: [], locals: ['i32'], code: code.bytes }],
    )
    const memory = new WebAssembly.Memory({ initial: 1 })
    new DataView(memory.buffer).setUint32(32 + 8, 0xfffffff0, true)
    const got: number[] = []
    const m = { memory, plus: (v: number) => got.push(v >>> 0) }
    const f = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m }).exports.f as (at: number) => void
    f(32)
    expect(got).toEqual([0xfffffff0])
    expect(new DataView(memory.buffer).getBigInt64(32 + 16, true)).toBe(-2n)
  })
})

describe('instructions', () => {
  test('each operation has its code for both types', () => {
    const two = ['add', 'sub', 'mul', 'div_s', 'div_u', 'rem_s', 'rem_u', 'and', 'or', 'xor', 'shl', 'shr_s', 'shr_u', 'rotl'] as const
    const compare = ['eq', 'ne', 'lt_s', 'lt_u', 'gt_s', 'gt_u', 'le_s', 'le_u', 'ge_s', 'ge_u'] as const
    for (const op of two) {
      expect(instructionsOf(new Code().const32(1).const32(2).i32(op).set(0))[2]).toBe(`i32.${op}`)
      expect(instructionsOf(new Code().const64(1n).const64(2n).i64(op).set(1))[2]).toBe(`i64.${op}`)
    }
    for (const op of compare) {
      expect(instructionsOf(new Code().const32(1).const32(2).i32(op).set(0))[2]).toBe(`i32.${op}`)
      expect(instructionsOf(new Code().const64(1n).const64(2n).i64(op).set(0))[2]).toBe(`i64.${op}`)
    }
    for (const op of ['clz', 'ctz', 'popcnt', 'extend8_s', 'extend16_s'] as const) {
      expect(instructionsOf(new Code().const32(1).i32(op).set(0))[1]).toBe(`i32.${op}`)
      expect(instructionsOf(new Code().const64(1n).i64(op).set(1))[1]).toBe(`i64.${op}`)
    }
  })

  test('constants, locals, loads and stores of each width', () => {
    expect(instructionsOf(new Code().const32(-1).set(0).const64(-(1n << 63n)).set(1).get(1).tee(1).set(1))).toEqual([
      'i32.const -1', 'local.set 0', 'i64.const -9223372036854775808', 'local.set 1', 'local.get 1', 'local.tee 1', 'local.set 1',
    ]) // biome-ignore format: a list
    const loads = ([1, 2, 4, 8] as const).map(n => instructionsOf(new Code().const32(0).load('i64', n, 300).set(1))[1])
    expect(loads).toEqual(
      [
        'i64.load8_u offset=300 align=1',
        'i64.load16_u offset=300 align=1',
        'i64.load32_u offset=300 align=1',
        'i64.load offset=300 align=1',
      ].map(t => t.replace('8_u offset=300 align=1', '8_u offset=300')),
    )
    const stores = ([1, 2, 4] as const).map(n => instructionsOf(new Code().const32(0).const32(0).store('i32', n))[2])
    expect(stores).toEqual(['i32.store8', 'i32.store16 align=1', 'i32.store align=1'])
  })

  test('labels count from the block they stand in', () => {
    const c = new Code()
    const outer = c.block()
    const loop = c.loop()
    c.get(0)
    c.if()
    c.br(outer)
    c.else().br(loop).end()
    c.get(0).brTable([loop, outer], outer)
    c.end().end()
    expect(instructionsOf(c).filter(l => /^(br|block|loop|if|else|end)/.test(l))).toEqual([
      'block', 'loop', 'if', 'br 2 (;@1;', 'else', 'br 1 (;@2;', 'end', 'br_table 0 (;@2;) 1 (;@1;) 1 (;@1;', 'end', 'end',
    ]) // biome-ignore format: a list
  })
})

test('a field of the word: split, signed and shifted, as the decoder extracts it', () => {
  // A field whose 0 means another number is the reference evaluator's alone.
  const names = (Object.keys(fields) as FieldName[]).filter(name => !('zero' in fields[name]))
  const compiled = names.map(name => {
    const f = fields[name]
    const description = `${f.bits.map(([a, b]) => `${a}-${b}`).join(',')};${f.signed ? 1 : 0};${f.shift ?? 0}`
    const e = new Expr('word', 'i32', [], null, null, description)
    const code = new Code()
    const emitter = new ExprEmitter(code, new Locals(1), { state: 0, word: 0 })
    emitter.use(e)
    emitter.push(e)
    return { export: name, params: ['i32'], results: ['i32'], locals: [], code: code.bytes } as const
  })
  const bytes = encodeModule([], compiled)
  const m = { memory: new WebAssembly.Memory({ initial: 1 }) }
  const functions = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m }).exports as Record<FieldName, (word: number) => number>
  const words = fc.oneof(fc.constantFrom(0, 0xffffffff, 0x80000000, 0x7fffffff), fc.integer({ min: 0, max: 0xffffffff }))
  const property = fc.property(words, word => {
    for (const name of names) expect(functions[name](word), name).toBe(extractField(name, word) | 0)
  })
  fc.assert(property, { numRuns: 200, seed: 11 })
})
