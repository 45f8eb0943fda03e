import { expect, test } from 'vitest'
import { type Expr, i32, i64, read, select } from '../wasm/expr.ts'
import { isBit, shorten, widthOf } from './bit-logic.ts'

const leaf = (type: 'i64' | 'i32', name: string): Expr => read(type, { offset: 0, index: null, bytes: 8, name })
const [x, y] = [leaf('i64', '(RA)'), leaf('i64', '(RB)')]
const bit = leaf('i32', 'CR[BI]')
const short = (e: Expr) => shorten(e, new Set([bit]), new Map())

test('a bit and a constant', () => {
  expect(short(bit.or(1)).value).toBe(1)
  expect(short(i32(31).and(bit))).toBe(bit)
  expect(short(i32(30).and(bit)).value).toBe(0)
  expect(short(bit.eq(1))).toBe(bit)
  expect(short(bit.eq(0))).toMatchObject({ op: 'eqz', args: [bit] })
  expect(short(select(bit.or(1), x, y))).toBe(x)
})

test('less, greater or equal is always so; two of them are not', () => {
  expect(short(x.lt(y).or(x.gt(y)).or(x.eq(y))).value).toBe(1)
  expect(short(x.lt(y).or(x.eq(y))).isConst).toBe(false)
  expect(short(x.lt(y).or(y.gt(x)).or(x.eq(y))).isConst).toBe(false)
})

test('a field has no bits beyond its own', () => {
  const sh = leaf('i32', 'SH').zext
  expect(widthOf(sh)).toBe(5)
  expect(short(select(sh.and(32).ne(0), i64(63), sh))).toBe(sh)
  expect(short(sh.and(16)).isConst).toBe(false)
})

test('what is not known to be a bit stays', () => {
  expect(isBit(x, new Set())).toBe(false)
  const wide = x.or(1)
  expect(short(wide)).toBe(wide)
})
