/** Branches, condition register, system calls. Power ISA 3.0B, Book I, 2.4 to 2.6. */
import { type Expr, i32, i64, select } from '../wasm/expr.ts'
import { B, I, type Options, type Row, SC, X, XFX, XL } from './instruction.ts'
import type { Semantics, Writes } from './semantics.ts'

const link = (s: Semantics): Writes => (s.flags.LK ? { LR: s.CIA.add(4) } : {})
const relative = (s: Semantics, displacement: Expr): Expr => s.address(s.flags.AA ? displacement : s.CIA.add(displacement))

/** BO bits, from the left: do not test CR; CR value wanted; do not decrement CTR; CTR must be 0 (else not). Book I, 2.4. */
const boBit = (s: Semantics, n: number): Expr => s.BO.shr(4 - n).and(1)
const crAgrees = (s: Semantics): Expr => boBit(s, 0).or(s.BI.eq(boBit(s, 1)))
const ctrAgrees = (s: Semantics, ctr: Expr): Expr => boBit(s, 2).or((s.SF ? ctr : ctr.low32).eqz.eq(boBit(s, 3)))
const keepsCtr = (s: Semantics): boolean => s.BO.isConst && boBit(s, 2).num === 1

function conditional(s: Semantics, target: Expr): Writes {
  const ctr = s.CTR.sub(1)
  const CTR = keepsCtr(s) ? undefined : select(boBit(s, 2), s.CTR, ctr)
  return { NIA: target, taken: ctrAgrees(s, ctr).and(crAgrees(s)), CTR, ...link(s) }
}

/**
 * `bcctr` with BO[2] = 0 is an invalid form. 64-bit server processors test CTR, and count down where the test holds; Linux relies on
 * it falling through when it flushes the count cache.
 */
function conditionalToCount(s: Semantics): Writes {
  const agrees = ctrAgrees(s, s.CTR)
  const CTR = keepsCtr(s) ? undefined : select(boBit(s, 2).eqz.and(agrees), s.CTR.sub(1), s.CTR)
  return { NIA: s.address(s.CTR.and(WORD)), taken: agrees.and(crAgrees(s)), CTR, ...link(s) }
}

/** The BO values that compilers use, each with a routine of its own. */
const specialise: Options['specialise'] = { field: 'BO', values: [4, 6, 7, 12, 14, 15, 16, 18, 20, 24, 25, 26, 27] }
const WORD = ~3n

const branches: Row[] = [
  I('b',     18,          'LI',         s => ({ NIA: relative(s, s.LI), taken: i32(1), ...link(s) })),
  B('bc',    16,          'BO, BI, BD', s => conditional(s, relative(s, s.BD)), { specialise }),
  XL('bclr', 19, 16,      'BO, BI, [BH]', s => conditional(s, s.address(s.LR.and(WORD))), { LK: true, trace: 'branch', specialise }),
  XL('bcctr', 19, 528,    'BO, BI, [BH]', conditionalToCount, { LK: true, trace: 'branch', specialise }),
  XL('bctar', 19, 560,    'BO, BI, [BH]', s => conditional(s, s.address(s.register('TAR').and(WORD))), { LK: true, trace: 'branch', rare: true }),
] // biome-ignore format: columns

/** `sc 1` from problem state is an interrupt to the hypervisor too; only the low bit of LEV is looked at. Book I, 2.6. */
function systemCall(s: Semantics): void {
  s.trapIf(i32(1), 'systemCall', s.LEV.and(1).zext)
}

const FSCR_SCV = 12

function systemCallVectored(s: Semantics): void {
  s.trapIf(s.register('FSCR').shr(FSCR_SCV).and(1).wrap.eqz, 'facilityUnavailable', BigInt(FSCR_SCV))
  s.trapIf(i32(1), 'systemCallVectored', s.LEV.zext)
}

const systemCalls: Row[] = [
  SC('sc',  17, '[LEV]', systemCall, { fixed: [['AA', 1]], rare: true }),
  SC('scv', 17, 'LEV',   systemCallVectored, { fixed: [['AA', 0], ['LK', 1]], rare: true }),
] // biome-ignore format: columns

const crLogical =
  (f: (a: Expr, b: Expr) => Expr) =>
  (s: Semantics): Writes => ({ BT: f(s.BA, s.BB).and(1) })
const not = (e: Expr): Expr => e.xor(1)

/** Mask of 32 CR bits that FXM names, a nibble for each of its bits. */
function fieldsMask(fxm: Expr): Expr {
  let m = i64(0)
  for (let n = 0; n < 8; n++)
    m = m.or(
      fxm
        .shr(n)
        .and(1)
        .zext.mul(0xfn << BigInt(4 * n)),
    )
  return m
}

/** With several FXM bits the first field is meant, with none CR7, as POWER9 does. */
const firstField = (fxm: Expr): Expr => fxm.or(1).shl(24).clz

const conditionRegister: Row[] = [
  XL('crand',  19, 257, 'BT, BA, BB', crLogical((a, b) => a.and(b))),
  XL('crandc', 19, 129, 'BT, BA, BB', crLogical((a, b) => a.and(not(b)))),
  XL('creqv',  19, 289, 'BT, BA, BB', crLogical((a, b) => not(a.xor(b)))),
  XL('crnand', 19, 225, 'BT, BA, BB', crLogical((a, b) => not(a.and(b)))),
  XL('crnor',  19, 33,  'BT, BA, BB', crLogical((a, b) => not(a.or(b)))),
  XL('cror',   19, 449, 'BT, BA, BB', crLogical((a, b) => a.or(b))),
  XL('crorc',  19, 417, 'BT, BA, BB', crLogical((a, b) => a.or(not(b)))),
  XL('crxor',  19, 193, 'BT, BA, BB', crLogical((a, b) => a.xor(b))),
  XL('mcrf',   19, 0,   'BF, BFA',    s => ({ BF: s.crField(s.field('BFA')) })),
  X('mcrxrx',  31, 576, 'BF', s => ({
    BF: s.register('OV').shl(3).or(s.register('OV32').shl(2)).or(s.CA.shl(1)).or(s.register('CA32')),
  })),
  XFX('mfcr',   31, 19,  'RT',      ({ CR }) => ({ RT: CR }), { fixed: [['S11', 0]] }),
  XFX('mfocrf', 31, 19,  'RT, FXM', s => {
    const field = firstField(s.FXM)
    return { RT: s.crField(field).zext.shl(i64(28).sub(field.shl(2).zext)) }
  }, { fixed: [['S11', 1]] }),
  XFX('mtcrf',  31, 144, 'FXM, RS', s => {
    const m = fieldsMask(s.FXM)
    return { CR: s.RS.and(m).or(s.CR.and(m.not)) }
  }, { fixed: [['S11', 0]] }),
  XFX('mtocrf', 31, 144, 'FXM, RS', s => {
    const field = firstField(s.FXM)
    const m = i64(0xf).shl(i64(28).sub(field.shl(2).zext))
    return { CR: s.RS.and(m).or(s.CR.and(m.not)) }
  }, { fixed: [['S11', 1]] }),
] // biome-ignore format: columns

export const branch: readonly Row[] = [...branches, ...systemCalls, ...conditionRegister]
