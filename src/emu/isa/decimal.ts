/** Binary coded decimal assists: decimal digits and densely packed decimal. Power ISA 3.0B, Book I, 3.3.15 and appendix B. */
import { foldOnly } from '../wasm/expr.ts'
import { type Row, X, XOPlain } from './instruction.ts'

/** Three digits as 12 bits of BCD to a declet of 10 bits. Appendix B.1; digits above 9 are undefined. */
function declet(bcd: number): number {
  const bit = (n: number): number => (bcd >> (11 - n)) & 1
  const [a, b, c, d, e, f, g, h, i, j, k, m] = Array.from({ length: 12 }, (_, n) => bit(n)) as number[] as [
    number, number, number, number, number, number, number, number, number, number, number, number,
  ] // biome-ignore format: twelve bits
  const not = (x: number): number => x ^ 1
  const out = [
    b | (a & j) | (a & f & i),
    c | (a & k) | (a & g & i),
    d,
    (f & (not(a) | not(i))) | (not(a) & e & j) | (e & i),
    g | (not(a) & e & k) | (a & i),
    h,
    a | e | i,
    a | (e & i) | (not(e) & j),
    e | (a & i) | (not(a) & k),
    m,
  ]
  return out.reduce((v, x) => (v << 1) | x, 0)
}

/** A declet to three digits: all 1024 have a value. Appendix B.2. */
function digits(dpd: number): number {
  const bit = (n: number): number => (dpd >> (9 - n)) & 1
  const [p, q, r, s, t, u, v, w, x, y] = Array.from({ length: 10 }, (_, n) => bit(n)) as number[] as [
    number, number, number, number, number, number, number, number, number, number,
  ] // biome-ignore format: ten bits
  const not = (z: number): number => z ^ 1
  const out = [
    v & w & (not(s) | t | not(x)),
    p & (not(v) | not(w) | (s & not(t) & x)),
    q & (not(v) | not(w) | (s & not(t) & x)),
    r,
    v & ((not(w) & x) | (not(t) & x) | (s & x)),
    (s & (not(v) | not(x))) | (p & not(s) & t & v & w & x),
    (t & (not(v) | not(x))) | (q & not(s) & t & v & w & x),
    u,
    v & ((not(w) & not(x)) | (w & x & (s | t))),
    (not(v) & w) | (s & v & not(w) & x) | (p & w & (not(x) | (not(s) & not(t)))),
    (not(v) & x) | (t & not(w) & x) | (q & v & w & (not(x) | (not(s) & not(t)))),
    y,
  ]
  return out.reduce((z, b) => (z << 1) | b, 0)
}

/** Both words of the register, each with two groups of `from` bits at its right made into groups of `to` bits. */
function inWords(value: bigint, from: number, to: number, convert: (group: number) => number): bigint {
  const word = (w: number): number => {
    const mask = (1 << from) - 1
    return (convert((w >>> from) & mask) << to) | convert(w & mask)
  }
  const [high, low] = [Number(value >> 32n), Number(value & 0xffffffffn)].map(word)
  return (BigInt(high!) << 32n) | BigInt(low!)
}

export const bcdToDpd = (value: bigint): bigint => inWords(value, 12, 10, declet)
export const dpdToBcd = (value: bigint): bigint => inWords(value, 10, 12, digits)

const CARRIES = 0x8888888888888888n

export const decimal: readonly Row[] = [
  // A six in each digit whose sum had no carry.
  XOPlain('addg6s', 31, 74, 'RT, RA, RB', ({ RA, RB }) => {
    const sum = RA.add(RB)
    const none = RA.and(RB).or(RA.or(RB).and(sum.not)).not.and(CARRIES)
    return { RT: none.shr(1).or(none.shr(2)) }
  }),
  X('cdtbcd', 31, 282, 'RA, RS', ({ RS }) => ({ RA: foldOnly('DPD_TO_BCD', [RS], dpdToBcd) }), { rare: true }),
  X('cbcdtd', 31, 314, 'RA, RS', ({ RS }) => ({ RA: foldOnly('BCD_TO_DPD', [RS], bcdToDpd) }), { rare: true }),
] // biome-ignore format: columns
