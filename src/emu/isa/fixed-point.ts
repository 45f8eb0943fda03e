/** Fixed-point arithmetic, compare, trap, logical, rotate and shift. Power ISA 3.0B, Book I, 3.3.9 to 3.3.14. */
import { type Expr, foldOnly, i32, i64, mask, named, s64, select, u64 } from '../wasm/expr.ts'
import { A, D, DX, M, MD, MDS, type Row, VA, X, XO, XRc, XS, Z23 } from './instruction.ts'
import type { Semantics, Writes } from './semantics.ts'

// ───────── carry and overflow ─────────

const carryOf = (a: Expr, b: Expr, sum: Expr): Expr => a.and(b).or(a.or(b).and(sum.not))
const overflowOf = (a: Expr, b: Expr, sum: Expr): Expr => a.xor(sum).and(b.xor(sum))
const bitAt = (e: Expr, lsb: number): Expr => e.shr(lsb).and(1).wrap

/** a + b + carry in, with CA, CA32, OV, OV32. In 32-bit mode CA and OV are those of the low word. */
function addCarrying(s: Semantics, a: Expr, b: Expr, carry: Expr = i32(0)): Writes {
  const sum = a.add(b).add(carry.zext)
  const [ca, ov] = [carryOf(a, b, sum), overflowOf(a, b, sum)]
  const top = s.SF ? 63 : 31
  return { RT: sum, CA: bitAt(ca, top), CA32: bitAt(ca, 31), OV: bitAt(ov, top), OV32: bitAt(ov, 31) }
}

/** Without the carry: `add`, `subf`, `neg`. */
function adding(s: Semantics, a: Expr, b: Expr, carry = 0): Writes {
  const { RT, OV, OV32 } = addCarrying(s, a, b, i32(carry))
  return { RT, OV, OV32 }
}

// ───────── multiply and divide ─────────

/** High 64 bits of the unsigned product, from four 32-bit ones. */
function highUnsigned(a: Expr, b: Expr): Expr {
  const [al, ah, bl, bh] = [a.low32, a.shr(32), b.low32, b.shr(32)]
  const t = ah.mul(bl).add(al.mul(bl).shr(32))
  const u = al.mul(bh).add(t.low32)
  return named('HIGHU', [a, b], ah.mul(bh).add(t.shr(32)).add(u.shr(32)))
}

function highSigned(a: Expr, b: Expr): Expr {
  const fix = a.sar(63).and(b).add(b.sar(63).and(a))
  return named('HIGH', [a, b], highUnsigned(a, b).sub(fix))
}

/** Product of two 32-bit signed values; overflow when it needs more than 32 bits. */
function multiplyWord(a: Expr, b: Expr): Writes {
  const product = a.exts32.mul(b.exts32)
  const ov = product.ne(product.exts32)
  return { RT: product, OV: ov, OV32: ov }
}

function multiplyDoubleword(a: Expr, b: Expr): Writes {
  const low = a.mul(b)
  const ov = highSigned(a, b).ne(low.sar(63))
  return { RT: low, OV: ov, OV32: ov }
}

const both = (v: Expr): Expr => v.low32.or(v.shl(32))
const MIN64 = i64(-(1n << 63n))
const MIN32 = i64(-(1n << 31n))

/** A quotient or remainder that is 0 where it is undefined, as POWER9 gives (and OV then). */
function guarded(bad: Expr, divisor: Expr, compute: (safe: Expr) => Expr): Writes {
  const value = select(bad, i64(0), compute(select(bad, i64(1), divisor)))
  return { RT: value, OV: bad, OV32: bad }
}

const signedOverflow = (a: Expr, b: Expr, min: Expr): Expr => b.eqz.or(a.eq(min).and(b.eq(-1)))
const [wordS, wordU] = [(e: Expr) => e.exts32, (e: Expr) => e.low32]

/** Extended divide: the dividend's low half is 0. A quotient that does not fit is undefined: 0, with OV. */
function extendedDivide(s: Semantics, bits: 32 | 64, signed: boolean): Writes {
  const cast = (v: bigint) => (signed ? BigInt.asIntN(bits, v) : BigInt.asUintN(bits, v))
  const fits = (q: bigint) => q === cast(q)
  const quotient = (a: bigint, b: bigint) => (cast(b) === 0n ? null : (cast(a) << BigInt(bits)) / cast(b))
  const undefinedFor = (a: bigint, b: bigint) => {
    const q = quotient(a, b)
    return q === null || !fits(q)
  }
  const bad = foldOnly('UNDEFINED', [s.RA, s.RB], (a, b) => (undefinedFor(a, b) ? 1n : 0n)).wrap
  const value = foldOnly('QUOTIENT', [s.RA, s.RB], (a, b) => (undefinedFor(a, b) ? 0n : BigInt.asUintN(bits, quotient(a, b)!)))
  return { RT: value, OV: bad, OV32: bad }
}

const arithmetic: Row[] = [
  D('addi',     14,      'RT, RA|0, SI', ({ RA0, SI }) => ({ RT: RA0.add(SI) })),
  D('addis',    15,      'RT, RA|0, SI', ({ RA0, SI }) => ({ RT: RA0.add(SI.shl(16)) })),
  DX('addpcis', 19, 2,   'RT, DX',       ({ CIA, DX }) => ({ RT: CIA.add(4).add(DX.shl(16)) })),
  XO('add',     31, 266, 'RT, RA, RB',   s => adding(s, s.RA, s.RB)),
  XO('subf',    31, 40,  'RT, RA, RB',   s => adding(s, s.RA.not, s.RB, 1)),
  D('addic',    12,      'RT, RA, SI',   s => withoutOverflow(addCarrying(s, s.RA, s.SI))),
  D('addic.',   13,      'RT, RA, SI',   s => withoutOverflow(addCarrying(s, s.RA, s.SI)), { Rc: 'always' }),
  D('subfic',    8,      'RT, RA, SI',   s => withoutOverflow(addCarrying(s, s.RA.not, s.SI, i32(1)))),
  XO('addc',    31, 10,  'RT, RA, RB',   s => addCarrying(s, s.RA, s.RB)),
  XO('subfc',   31, 8,   'RT, RA, RB',   s => addCarrying(s, s.RA.not, s.RB, i32(1))),
  XO('adde',    31, 138, 'RT, RA, RB',   s => addCarrying(s, s.RA, s.RB, s.CA)),
  XO('subfe',   31, 136, 'RT, RA, RB',   s => addCarrying(s, s.RA.not, s.RB, s.CA)),
  XO('addme',   31, 234, 'RT, RA',       s => addCarrying(s, s.RA, i64(-1), s.CA)),
  XO('subfme',  31, 232, 'RT, RA',       s => addCarrying(s, s.RA.not, i64(-1), s.CA)),
  XO('addze',   31, 202, 'RT, RA',       s => addCarrying(s, s.RA, i64(0), s.CA)),
  XO('subfze',  31, 200, 'RT, RA',       s => addCarrying(s, s.RA.not, i64(0), s.CA)),
  XO('neg',     31, 104, 'RT, RA',       s => adding(s, s.RA.not, i64(0), 1)),
  Z23('addex',  31, 170, 'RT, RA, RB, CY', s => {
    const { RT, CA, CA32 } = addCarrying(s, s.RA, s.RB, s.register('OV'))
    return { RT, OV: CA, OV32: CA32 }
  }),

  D('mulli',     7,      'RT, RA, SI',   ({ RA, SI }) => ({ RT: RA.mul(SI) })),
  XO('mullw',   31, 235, 'RT, RA, RB',   ({ RA, RB }) => multiplyWord(RA, RB)),
  XO('mulld',   31, 233, 'RT, RA, RB',   ({ RA, RB }) => multiplyDoubleword(RA, RB)),
  XO('mulhw',   31, 75,  'RT, RA, RB',   ({ RA, RB }) => ({ RT: both(RA.exts32.mul(RB.exts32).shr(32)) }), { OE: false }),
  XO('mulhwu',  31, 11,  'RT, RA, RB',   ({ RA, RB }) => ({ RT: both(RA.low32.mul(RB.low32).shr(32)) }), { OE: false }),
  XO('mulhd',   31, 73,  'RT, RA, RB',   ({ RA, RB }) => ({ RT: highSigned(RA, RB) }), { OE: false }),
  XO('mulhdu',  31, 9,   'RT, RA, RB',   ({ RA, RB }) => ({ RT: highUnsigned(RA, RB) }), { OE: false }),
  VA('maddhd',   4, 48,  'RT, RA, RB, RC', s => ({ RT: multiplyAddHigh(s, true) })),
  VA('maddhdu',  4, 49,  'RT, RA, RB, RC', s => ({ RT: multiplyAddHigh(s, false) })),
  VA('maddld',   4, 51,  'RT, RA, RB, RC', ({ RA, RB, RC }) => ({ RT: RA.mul(RB).add(RC) })),

  XO('divd',    31, 489, 'RT, RA, RB',   ({ RA, RB }) => guarded(signedOverflow(RA, RB, MIN64), RB, b => RA.div(b))),
  XO('divdu',   31, 457, 'RT, RA, RB',   ({ RA, RB }) => guarded(RB.eqz, RB, b => RA.divu(b))),
  XO('divw',    31, 491, 'RT, RA, RB',   ({ RA, RB }) => guarded(signedOverflow(wordS(RA), wordS(RB), MIN32), wordS(RB), b => wordS(RA).div(b).low32)),
  XO('divwu',   31, 459, 'RT, RA, RB',   ({ RA, RB }) => guarded(wordU(RB).eqz, wordU(RB), b => wordU(RA).divu(b))),
  XO('divde',   31, 425, 'RT, RA, RB',   s => extendedDivide(s, 64, true), { rare: true }),
  XO('divdeu',  31, 393, 'RT, RA, RB',   s => extendedDivide(s, 64, false), { rare: true }),
  XO('divwe',   31, 427, 'RT, RA, RB',   s => extendedDivide(s, 32, true), { rare: true }),
  XO('divweu',  31, 395, 'RT, RA, RB',   s => extendedDivide(s, 32, false), { rare: true }),
  X('modsd',    31, 777, 'RT, RA, RB',   ({ RA, RB }) => remainder(guarded(signedOverflow(RA, RB, MIN64), RB, b => RA.rem(b)))),
  X('modud',    31, 265, 'RT, RA, RB',   ({ RA, RB }) => remainder(guarded(RB.eqz, RB, b => RA.remu(b)))),
  X('modsw',    31, 779, 'RT, RA, RB',   ({ RA, RB }) => remainder(guarded(signedOverflow(wordS(RA), wordS(RB), MIN32), wordS(RB), b => wordS(RA).rem(b)))),
  X('moduw',    31, 267, 'RT, RA, RB',   ({ RA, RB }) => remainder(guarded(wordU(RB).eqz, wordU(RB), b => wordU(RA).remu(b)))),
] // biome-ignore format: columns

const withoutOverflow = ({ RT, CA, CA32 }: Writes): Writes => ({ RT, CA, CA32 })
const remainder = ({ RT }: Writes): Writes => ({ RT })

function multiplyAddHigh(s: Semantics, signed: boolean): Expr {
  const [a, b, c] = [s.RA, s.RB, s.RC]
  const low = a.mul(b).add(c)
  const carry = low.ltu(c).zext
  return signed ? highSigned(a, b).add(c.sar(63)).add(carry) : highUnsigned(a, b).add(carry)
}

// ───────── compare and trap ─────────

/** Both operands of a comparison: 32 bits of them when L = 0. */
const comparands = (s: Semantics, a: Expr, b: Expr, narrow: (e: Expr) => Expr): [Expr, Expr] => [
  select(s.L, a, narrow(a)),
  select(s.L, b, narrow(b)),
]

function compareSigned(s: Semantics, b: Expr): Writes {
  const [x, y] = comparands(s, s.RA, b, wordS)
  return { BF: s.condition(x.lt(y), x.gt(y)) }
}

function compareUnsigned(s: Semantics, b: Expr): Writes {
  const [x, y] = comparands(s, s.RA, b, wordU)
  return { BF: s.condition(x.ltu(y), x.gtu(y)) }
}

const byte = (e: Expr, n: number): Expr => e.shr(8 * n).and(0xff)

function compareByteRange(s: Semantics): Writes {
  const [v, r] = [byte(s.RA, 0), s.RB]
  const within = (low: Expr, high: Expr) => v.geu(low).and(v.leu(high))
  const second = within(byte(r, 0), byte(r, 1))
  const either = within(byte(r, 2), byte(r, 3)).and(s.L).or(second)
  return { BF: either.shl(2) }
}

function compareEqualByte(s: Semantics): Writes {
  let any = i32(0)
  for (let n = 0; n < 8; n++) any = any.or(byte(s.RB, n).eq(byte(s.RA, 0)))
  return { BF: any.shl(2) }
}

const TRAP = 0x20000n

/** TO bits: signed less, signed greater, equal, unsigned less, unsigned greater. */
function trapOn(s: Semantics, a: Expr, b: Expr): void {
  const on = (n: number, c: Expr) => s.TO.shr(n).and(c)
  const hit = on(4, a.lt(b))
    .or(on(3, a.gt(b)))
    .or(on(2, a.eq(b)))
    .or(on(1, a.ltu(b)))
    .or(on(0, a.gtu(b)))
  s.trapIf(hit.and(1), 'program', TRAP)
}

const compareAndTrap: Row[] = [
  D('cmpi',    11,      'BF, L, RA, SI', s => compareSigned(s, s.SI)),
  D('cmpli',   10,      'BF, L, RA, UI', s => compareUnsigned(s, s.UI)),
  X('cmp',     31, 0,   'BF, L, RA, RB', s => compareSigned(s, s.RB)),
  X('cmpl',    31, 32,  'BF, L, RA, RB', s => compareUnsigned(s, s.RB)),
  X('cmprb',   31, 192, 'BF, L, RA, RB', compareByteRange),
  X('cmpeqb',  31, 224, 'BF, RA, RB',    compareEqualByte),
  D('twi',      3,      'TO, RA, SI',    s => trapOn(s, s.RA.exts32, s.SI)),
  D('tdi',      2,      'TO, RA, SI',    s => trapOn(s, s.RA, s.SI)),
  X('tw',      31, 4,   'TO, RA, RB',    s => trapOn(s, s.RA.exts32, s.RB.exts32)),
  X('td',      31, 68,  'TO, RA, RB',    s => trapOn(s, s.RA, s.RB)),
  A('isel',    31, 15,  'RT, RA|0, RB, BC', ({ BC, RA0, RB }) => ({ RT: select(BC, RA0, RB) })),
  X('setb',    31, 128, 'RT, BFA', s => {
    const f = s.crField(s.field('BFA'))
    return { RT: select(f.and(8), i64(-1), f.shr(2).and(1).zext) }
  }),
] // biome-ignore format: columns

// ───────── logical ─────────

/** Each byte of RS and RB compared: ones where equal. */
function compareBytes(a: Expr, b: Expr): Expr {
  let r = i64(0)
  for (let n = 0; n < 8; n++) r = r.or(select(byte(a, n).eq(byte(b, n)), i64(0xffn << BigInt(8 * n)), i64(0)))
  return r
}

/** Population count within groups of 8 or 32 bits. */
function populationCount(v: Expr, group: 8 | 32): Expr {
  const low = 0x5555555555555555n
  const pairs = v.sub(v.shr(1).and(low))
  const two = 0x3333333333333333n
  const nibbles = pairs.and(two).add(pairs.shr(2).and(two))
  const bytes = nibbles.add(nibbles.shr(4)).and(0x0f0f0f0f0f0f0f0fn)
  if (group === 8) return bytes
  const halves = bytes.add(bytes.shr(8))
  return halves.add(halves.shr(16)).and(0x0000003f0000003fn)
}

/** Exclusive or of the low bits of the bytes, in groups of 32 or 64. */
function parity(v: Expr, group: 32 | 64): Expr {
  const a = v.xor(v.shr(8))
  const b = a.xor(a.shr(16))
  return group === 32 ? b.and(0x0000000100000001n) : b.xor(b.shr(32)).and(1)
}

function permuteBits(s: Semantics): Expr {
  return foldOnly('BPERM', [s.RS, s.RB], (rs, rb) => {
    let r = 0n
    for (let i = 0n; i < 8n; i++) {
      const index = (rs >> (8n * i)) & 0xffn
      if (index < 64n) r |= ((rb >> (63n - index)) & 1n) << i
    }
    return r
  })
}

const logical: Row[] = [
  D('andi.',  28, 'RA, RS, UI', ({ RS, UI }) => ({ RA: RS.and(UI) }), { Rc: 'always' }),
  D('andis.', 29, 'RA, RS, UI', ({ RS, UI }) => ({ RA: RS.and(UI.shl(16)) }), { Rc: 'always' }),
  D('ori',    24, 'RA, RS, UI', ({ RS, UI }) => ({ RA: RS.or(UI) })),
  D('oris',   25, 'RA, RS, UI', ({ RS, UI }) => ({ RA: RS.or(UI.shl(16)) })),
  D('xori',   26, 'RA, RS, UI', ({ RS, UI }) => ({ RA: RS.xor(UI) })),
  D('xoris',  27, 'RA, RS, UI', ({ RS, UI }) => ({ RA: RS.xor(UI.shl(16)) })),
  XRc('and',  31, 28,  'RA, RS, RB', ({ RS, RB }) => ({ RA: RS.and(RB) })),
  XRc('andc', 31, 60,  'RA, RS, RB', ({ RS, RB }) => ({ RA: RS.and(RB.not) })),
  XRc('or',   31, 444, 'RA, RS, RB', ({ RS, RB }) => ({ RA: RS.or(RB) })),
  XRc('orc',  31, 412, 'RA, RS, RB', ({ RS, RB }) => ({ RA: RS.or(RB.not) })),
  XRc('xor',  31, 316, 'RA, RS, RB', ({ RS, RB }) => ({ RA: RS.xor(RB) })),
  XRc('nand', 31, 476, 'RA, RS, RB', ({ RS, RB }) => ({ RA: RS.and(RB).not })),
  XRc('nor',  31, 124, 'RA, RS, RB', ({ RS, RB }) => ({ RA: RS.or(RB).not })),
  XRc('eqv',  31, 284, 'RA, RS, RB', ({ RS, RB }) => ({ RA: RS.xor(RB).not })),
  XRc('extsb', 31, 954, 'RA, RS', ({ RS }) => ({ RA: RS.exts8 })),
  XRc('extsh', 31, 922, 'RA, RS', ({ RS }) => ({ RA: RS.exts16 })),
  XRc('extsw', 31, 986, 'RA, RS', ({ RS }) => ({ RA: RS.exts32 })),
  XRc('cntlzw', 31, 26,  'RA, RS', ({ RS }) => ({ RA: RS.wrap.clz.zext })),
  XRc('cntlzd', 31, 58,  'RA, RS', ({ RS }) => ({ RA: RS.clz })),
  XRc('cnttzw', 31, 538, 'RA, RS', ({ RS }) => ({ RA: RS.wrap.ctz.zext })),
  XRc('cnttzd', 31, 570, 'RA, RS', ({ RS }) => ({ RA: RS.ctz })),
  X('popcntb', 31, 122, 'RA, RS', ({ RS }) => ({ RA: populationCount(RS, 8) })),
  X('popcntw', 31, 378, 'RA, RS', ({ RS }) => ({ RA: populationCount(RS, 32) })),
  X('popcntd', 31, 506, 'RA, RS', ({ RS }) => ({ RA: RS.popcnt })),
  X('prtyw',   31, 154, 'RA, RS', ({ RS }) => ({ RA: parity(RS, 32) })),
  X('prtyd',   31, 186, 'RA, RS', ({ RS }) => ({ RA: parity(RS, 64) })),
  X('cmpb',    31, 508, 'RA, RS, RB', ({ RS, RB }) => ({ RA: compareBytes(RS, RB) })),
  X('bpermd',  31, 252, 'RA, RS, RB', s => ({ RA: permuteBits(s) }), { rare: true }),
] // biome-ignore format: columns

// ───────── rotate and shift ─────────

/** ROTL32: the low word rotated, in both halves. */
const rotateWord = (v: Expr, n: Expr): Expr => named('ROTL32', [v, n], both(v).rotl(n))
const wordMask = (s: Semantics): Expr => mask(s.MB.add(32), s.ME.add(32))
const insert = (v: Expr, m: Expr, old: Expr): Expr => v.and(m).or(old.and(m.not))
const sh5 = (e: Expr): Expr => e.and(31)
const sh6 = (e: Expr): Expr => e.and(63)

/** Algebraic right shift: CA is 1 for a negative value that loses ones. */
function shiftRightAlgebraic(value: Expr, lost: Expr, negative: Expr): Writes {
  const CA = lost.ne(0).and(negative)
  return { RA: value, CA, CA32: CA }
}

function shiftRightWord(rs: Expr, n: Expr): Writes {
  const v = rs.exts32
  const shift = select(n.and(32).ne(0), i64(63), n.and(31))
  return shiftRightAlgebraic(v.sar(shift), v.low32.and(i64(1).shl(shift).sub(1)), v.lt(0))
}

function shiftRightDoubleword(rs: Expr, n: Expr): Writes {
  const far = n.and(64).ne(0)
  const lost = select(far, rs, rs.and(i64(1).shl(sh6(n)).sub(1)))
  return shiftRightAlgebraic(select(far, rs.sar(63), rs.sar(sh6(n))), lost, rs.lt(0))
}

const rotateAndShift: Row[] = [
  M('rlwinm', 21, 'RA, RS, SH, MB, ME', s => ({ RA: rotateWord(s.RS, s.SH).and(wordMask(s)) })),
  M('rlwnm',  23, 'RA, RS, RB, MB, ME', s => ({ RA: rotateWord(s.RS, sh5(s.RB)).and(wordMask(s)) })),
  M('rlwimi', 20, 'RA, RS, SH, MB, ME', s => ({ RA: insert(rotateWord(s.RS, s.SH), wordMask(s), s.RA) })),
  MD('rldicl', 30, 0, 'RA, RS, sh, mb', ({ RS, sh, mb }) => ({ RA: RS.rotl(sh).and(i64(-1).shr(mb)) })),
  MD('rldicr', 30, 1, 'RA, RS, sh, me', ({ RS, sh, me }) => ({ RA: RS.rotl(sh).and(i64(-1).shl(i64(63).sub(me))) })),
  MD('rldic',  30, 2, 'RA, RS, sh, mb', ({ RS, sh, mb }) => ({ RA: RS.rotl(sh).and(mask(mb, i64(63).sub(sh))) })),
  MD('rldimi', 30, 3, 'RA, RS, sh, mb', ({ RS, sh, mb, RA }) => ({ RA: insert(RS.rotl(sh), mask(mb, i64(63).sub(sh)), RA) })),
  MDS('rldcl', 30, 8, 'RA, RS, RB, mb', ({ RS, RB, mb }) => ({ RA: RS.rotl(sh6(RB)).and(i64(-1).shr(mb)) })),
  MDS('rldcr', 30, 9, 'RA, RS, RB, me', ({ RS, RB, me }) => ({ RA: RS.rotl(sh6(RB)).and(i64(-1).shl(i64(63).sub(me))) })),
  XRc('slw', 31, 24,  'RA, RS, RB', ({ RS, RB }) => ({ RA: select(RB.and(32).ne(0), i64(0), RS.shl(sh5(RB)).low32) })),
  XRc('srw', 31, 536, 'RA, RS, RB', ({ RS, RB }) => ({ RA: select(RB.and(32).ne(0), i64(0), RS.low32.shr(sh5(RB))) })),
  XRc('sld', 31, 27,  'RA, RS, RB', ({ RS, RB }) => ({ RA: select(RB.and(64).ne(0), i64(0), RS.shl(sh6(RB))) })),
  XRc('srd', 31, 539, 'RA, RS, RB', ({ RS, RB }) => ({ RA: select(RB.and(64).ne(0), i64(0), RS.shr(sh6(RB))) })),
  XRc('sraw',  31, 792, 'RA, RS, RB', ({ RS, RB }) => shiftRightWord(RS, RB)),
  XRc('srawi', 31, 824, 'RA, RS, SH', ({ RS, SH }) => shiftRightWord(RS, SH)),
  XRc('srad',  31, 794, 'RA, RS, RB', ({ RS, RB }) => shiftRightDoubleword(RS, RB)),
  XS('sradi',  31, 413, 'RA, RS, sh', ({ RS, sh }) => shiftRightDoubleword(RS, sh)),
  XS('extswsli', 31, 445, 'RA, RS, sh', ({ RS, sh }) => ({ RA: RS.exts32.shl(sh) })),
] // biome-ignore format: columns

/** Deterministic here: a hash of the time, so that a run replays. The book leaves the value to the implementation. */
const random = (time: bigint): bigint => u64((time + 1n) * 0x9e3779b97f4a7c15n) ^ s64(time << 21n)

const randomNumber: Row[] = [
  X('darn', 31, 755, 'RT, L14', s => {
    const r = foldOnly('RANDOM', [s.time], t => u64(random(t)))
    const l = s.field('L14')
    return { RT: select(l.eqz, r.low32, select(l.eq(3), i64(-1), r)) }
  }, { rare: true }),
] // biome-ignore format: columns

export const fixedPoint: readonly Row[] = [...arithmetic, ...compareAndTrap, ...logical, ...rotateAndShift, ...randomNumber]
