/** Storage access: loads, stores, reservations, cache and ordering. Power ISA 3.0B, Book I, 3.3.2 to 3.3.8; Book II, 4.3 to 4.6. */
import { type Expr, i64 } from '../wasm/expr.ts'
import { D, DS, type Options, type Row, X } from './instruction.ts'
import type { Semantics, Size, Writes } from './semantics.ts'

type Extend = (v: Expr) => Expr
type Address = (s: Semantics) => Expr
const plain: Extend = v => v
const half: Extend = v => v.exts16
const word: Extend = v => v.exts32
const loadLike: Options = { trace: 'load' }
const storeLike: Options = { trace: 'store' }

const loading =
  (size: Size, extend: Extend, ea: Address) =>
  (s: Semantics): Writes => ({ RT: extend(s.load(ea(s), size)) })
const loadingUpdate =
  (size: Size, extend: Extend, ea: Address) =>
  (s: Semantics): Writes => {
    const address = ea(s)
    return { RT: extend(s.load(address, size)), RA: address }
  }
const storing =
  (size: Size, ea: Address) =>
  (s: Semantics): void =>
    s.store(ea(s), size, s.RS)
const storingUpdate =
  (size: Size, ea: Address) =>
  (s: Semantics): Writes => {
    const address = ea(s)
    s.store(address, size, s.RS)
    return { RA: address }
  }

const [d, ds, x]: Address[] = [s => s.eaD, s => s.eaDS, s => s.eaX]
const [du, dsu, xu]: Address[] = [s => s.eaDU, s => s.eaDSU, s => s.eaXU]

const lD = (name: string, op: number, size: Size, extend = plain) => D(name, op, 'RT, D(RA|0)', loading(size, extend, d!), loadLike)
const lDU = (name: string, op: number, size: Size, extend = plain) => D(name, op, 'RT, D(RA)', loadingUpdate(size, extend, du!), loadLike)
const lDS = (name: string, op: number, xo: number, size: Size, extend = plain) =>
  DS(name, op, xo, 'RT, DS(RA|0)', loading(size, extend, ds!), loadLike)
const lDSU = (name: string, op: number, xo: number, size: Size) =>
  DS(name, op, xo, 'RT, DS(RA)', loadingUpdate(size, plain, dsu!), loadLike)
const lX = (name: string, xo: number, size: Size, extend = plain) => X(name, 31, xo, 'RT, RA|0, RB', loading(size, extend, x!), loadLike)
const lXU = (name: string, xo: number, size: Size, extend = plain) =>
  X(name, 31, xo, 'RT, RA, RB', loadingUpdate(size, extend, xu!), loadLike)
const sD = (name: string, op: number, size: Size) => D(name, op, 'RS, D(RA|0)', storing(size, d!), storeLike)
const sDU = (name: string, op: number, size: Size) => D(name, op, 'RS, D(RA)', storingUpdate(size, du!), storeLike)
const sX = (name: string, xo: number, size: Size) => X(name, 31, xo, 'RS, RA|0, RB', storing(size, x!), storeLike)
const sXU = (name: string, xo: number, size: Size) => X(name, 31, xo, 'RS, RA, RB', storingUpdate(size, xu!), storeLike)
const reversedLoad = (name: string, xo: number, size: Size) =>
  X(name, 31, xo, 'RT, RA|0, RB', s => ({ RT: s.load(s.eaX, size, 'reversed') }), loadLike)
const reversedStore = (name: string, xo: number, size: Size) =>
  X(name, 31, xo, 'RS, RA|0, RB', s => s.store(s.eaX, size, s.RS, 'reversed'), storeLike)

const loads: Row[] = [
  lD('lbz', 34, 1), lDU('lbzu', 35, 1), lX('lbzx', 87, 1), lXU('lbzux', 119, 1),
  lD('lhz', 40, 2), lDU('lhzu', 41, 2), lX('lhzx', 279, 2), lXU('lhzux', 311, 2),
  lD('lha', 42, 2, half), lDU('lhau', 43, 2, half), lX('lhax', 343, 2, half), lXU('lhaux', 375, 2, half),
  lD('lwz', 32, 4), lDU('lwzu', 33, 4), lX('lwzx', 23, 4), lXU('lwzux', 55, 4),
  lDS('lwa', 58, 2, 4, word), lX('lwax', 341, 4, word), lXU('lwaux', 373, 4, word),
  lDS('ld', 58, 0, 8), lDSU('ldu', 58, 1, 8), lX('ldx', 21, 8), lXU('ldux', 53, 8),
  reversedLoad('lhbrx', 790, 2), reversedLoad('lwbrx', 534, 4), reversedLoad('ldbrx', 532, 8),
] // biome-ignore format: families

const stores: Row[] = [
  sD('stb', 38, 1), sDU('stbu', 39, 1), sX('stbx', 215, 1), sXU('stbux', 247, 1),
  sD('sth', 44, 2), sDU('sthu', 45, 2), sX('sthx', 407, 2), sXU('sthux', 439, 2),
  sD('stw', 36, 4), sDU('stwu', 37, 4), sX('stwx', 151, 4), sXU('stwux', 183, 4),
  DS('std', 62, 0, 'RS, DS(RA|0)', storing(8, ds!), storeLike),
  DS('stdu', 62, 1, 'RS, DS(RA)', storingUpdate(8, dsu!), storeLike),
  sX('stdx', 149, 8), sXU('stdux', 181, 8),
  reversedStore('sthbrx', 918, 2), reversedStore('stwbrx', 662, 4), reversedStore('stdbrx', 660, 8),
] // biome-ignore format: families

const reserve =
  (size: Size, extend = plain) =>
  (s: Semantics): Writes => ({ RT: extend(s.loadReserve(s.eaX, size)) })

/** CR0 is 0b00 || performed || SO. Book II, 4.6.2. */
const conditional =
  (size: Size) =>
  (s: Semantics): Writes => {
    const performed = s.storeConditional(s.eaX, size, s.RS)
    return { CR0: performed.shl(1).or(s.SO) }
  }

const reservations: Row[] = [
  X('lbarx',  31, 52,  'RT, RA|0, RB, [EH]', reserve(1), loadLike),
  X('lharx',  31, 116, 'RT, RA|0, RB, [EH]', reserve(2), loadLike),
  X('lwarx',  31, 20,  'RT, RA|0, RB, [EH]', reserve(4), loadLike),
  X('ldarx',  31, 84,  'RT, RA|0, RB, [EH]', reserve(8), loadLike),
  X('stbcx.', 31, 694, 'RS, RA|0, RB', conditional(1), { ...storeLike, Rc: 'always' }),
  X('sthcx.', 31, 726, 'RS, RA|0, RB', conditional(2), { ...storeLike, Rc: 'always' }),
  X('stwcx.', 31, 150, 'RS, RA|0, RB', conditional(4), { ...storeLike, Rc: 'always' }),
  X('stdcx.', 31, 214, 'RS, RA|0, RB', conditional(8), { ...storeLike, Rc: 'always' }),
] // biome-ignore format: columns

/** POWER9's cache block. */
const BLOCK = 128

function zeroBlock(s: Semantics): void {
  const block = s.eaX.and(~BigInt(BLOCK - 1))
  for (let n = 0; n < BLOCK; n += 8) s.store(block.add(n), 8, i64(0))
}

/** Treated as a load by translation and protection; there is no cache to act on. */
const touch = (s: Semantics): void => {
  s.load(s.eaX, 1)
}
const nothing = (): void => {}

const cacheAndOrder: Row[] = [
  X('dcbt',   31, 278, 'RA|0, RB, [TH]', nothing, loadLike),
  X('dcbtst', 31, 246, 'RA|0, RB, [TH]', nothing, storeLike),
  X('dcbst',  31, 54,  'RA|0, RB', touch, loadLike),
  X('dcbf',   31, 86,  'RA|0, RB, [L2]', touch, loadLike),
  X('dcbz',   31, 1014, 'RA|0, RB', zeroBlock, { ...storeLike, rare: true }),
  X('icbi',   31, 982, 'RA|0, RB', touch, loadLike),
  X('icbt',   31, 22,  '[CT], RA|0, RB', nothing, loadLike),
  X('sync',   31, 598, '[L2]', nothing),
  X('eieio',  31, 854, '', nothing),
  X('isync',  19, 150, '', nothing),
  X('wait',   31, 30,  '[WC]', nothing, { trace: 'never' }),
] // biome-ignore format: columns

export const storage: readonly Row[] = [...loads, ...stores, ...reservations, ...cacheAndOrder]
