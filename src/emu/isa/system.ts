/** Machine state, special-purpose registers, translation control. Power ISA 3.0B, Book III, 3.3, 4.4, 5.9, 6. */
import { type Expr, i32, i64, select } from '../wasm/expr.ts'
import { LPCR, MSR as MSR_FIELD } from './bitfields.ts'
import { type Row, X, XFX, XL } from './instruction.ts'
import type { Semantics, Writes } from './semantics.ts'
import { moveFromSpr, moveToSpr, specialisedSprs } from './spr-access.ts'

/** Bits first:last (big-endian) as a mask of 64. */
const bits = (...ranges: [number, number?][]): bigint =>
  ranges.reduce((m, [first, last = first]) => m | (((1n << BigInt(last - first + 1)) - 1n) << BigInt(63 - last)), 0n)

/** MSR bits that exist here: no transactional memory, no secure state. */
const { SF, HV, VEC, VSX, EE, PR, FP, ME, FE0, SE, BE, FE1, IR, DR, PMM, RI, LE } = MSR_FIELD.mask
export const MSR_IMPLEMENTED = SF | HV | VEC | VSX | EE | PR | FP | ME | FE0 | SE | BE | FE1 | IR | DR | PMM | RI | LE

const RETURN_COPIED = bits([0, 2], [4, 28], [32], [37, 41], [49, 50], [52, 57], [60, 63])
const MOVE_COPIED = bits([0, 2], [4, 28], [32, 40], [42, 47], [49, 50], [52, 57], [60, 62])
const LOW_WORD = 0xffffffffn

const has = (value: Expr, mask: bigint): Expr => value.and(mask).ne(0)
const when = (condition: Expr, mask: bigint): Expr => select(condition, i64(mask), i64(0))

/** PR=1 forces EE, IR and DR. */
const forcedByProblemState = (value: Expr): Expr => value.and(EE | IR | DR).or(when(has(value, PR), EE | IR | DR))

/** `rfid`: HV can drop, never rise; ME changes in hypervisor state only; 33:36 and 42:47 stay. Book III, 3.3.1. */
export function returnMsr(msr: Expr, srr1: Expr): Expr {
  const hv = when(has(msr, HV).and(has(srr1, HV)), HV)
  const me = select(has(msr, HV), srr1, msr).and(ME)
  return srr1
    .and(RETURN_COPIED & MSR_IMPLEMENTED)
    .or(forcedByProblemState(srr1))
    .or(hv)
    .or(me)
}

/** `rfscv`: HV and ME untouched. Book III, 3.3.1. */
export const returnScvMsr = (msr: Expr, ctr: Expr): Expr =>
  ctr
    .and(RETURN_COPIED & MSR_IMPLEMENTED)
    .or(forcedByProblemState(ctr))
    .or(msr.and(HV | ME))

export const returnHypervisorMsr = (hsrr1: Expr): Expr =>
  hsrr1.and((RETURN_COPIED | HV | ME) & MSR_IMPLEMENTED).or(forcedByProblemState(hsrr1))

/** `mtmsr[d]`: with L = 1 only EE and RI. HV, ME and LE never. */
function moveToMsr(s: Semantics, width: bigint): Writes {
  s.privileged()
  const copied = MOVE_COPIED & width & MSR_IMPLEMENTED
  const whole = s.RS.and(copied)
    .or(forcedByProblemState(s.RS))
    .or(s.MSR.and(MSR_IMPLEMENTED & ~(copied | EE | IR | DR)))
  const few = s.RS.and(EE | RI).or(s.MSR.and(~(EE | RI)))
  return { MSR: select(s.L15, few, whole) }
}

/** Hypervisor privileged: in HV=0 a Program interrupt (privileged). Book III, 6.5.9. */
export function hypervisorOnly(s: Semantics): void {
  s.trapIf(s.MSR.and(HV | PR).ne(HV), 'program', 0x40000n)
}

/** A return to 32-bit mode cuts the address to its low 32 bits. Book III, 3.3.1. */
const returnTo = (msr: Expr, address: Expr): Writes => {
  const next = address.and(~3n)
  return { MSR: msr, NIA: select(has(msr, SF), next, next.low32), taken: i32(1) }
}

const returns: Row[] = [
  XL('rfid',  19, 18, '', s => {
    s.privileged()
    return returnTo(returnMsr(s.MSR, s.register('SRR1')), s.register('SRR0'))
  }, { privilege: 'privileged', trace: 'never' }),
  XL('rfscv', 19, 82, '', s => {
    s.privileged()
    return returnTo(returnScvMsr(s.MSR, s.CTR), s.LR)
  }, { privilege: 'privileged', trace: 'never' }),
  XL('hrfid', 19, 274, '', s => {
    hypervisorOnly(s)
    return returnTo(returnHypervisorMsr(s.register('HSRR1')), s.register('HSRR0'))
  }, { privilege: 'hypervisor', trace: 'never', rare: true }),
] // biome-ignore format: columns

const machineState: Row[] = [
  X('mfmsr',   31, 83,  'RT', s => { s.privileged(); return { RT: s.MSR } }, { privilege: 'privileged' }),
  X('mtmsr',   31, 146, 'RS, [L15]', s => moveToMsr(s, LOW_WORD), { privilege: 'privileged' }),
  X('mtmsrd',  31, 178, 'RS, [L15]', s => moveToMsr(s, (1n << 64n) - 1n), { privilege: 'privileged' }),
] // biome-ignore format: columns

const specialPurpose: Row[] = [
  XFX('mfspr', 31, 339, 'RT, SPR', moveFromSpr, { specialise: { field: 'SPR', values: specialisedSprs } }),
  XFX('mtspr', 31, 467, 'SPR, RS', moveToSpr, { specialise: { field: 'SPR', values: specialisedSprs } }),
  XFX('mftb',  31, 371, 'RT, TBR', moveFromSpr, { specialise: { field: 'SPR', values: [268, 269] } }),
] // biome-ignore format: columns

/** Hypervisor privileged for partition-scoped radix translations, and `tlbie` where LPCR[GTSE]=0. Book III, 5.9.3.3. */
const invalidate =
  (name: 'tlbie' | 'tlbiel') =>
  (s: Semantics): void => {
    s.privileged()
    const lpcr = s.register('LPCR')
    const partition = s.field('PRS').eqz.and(has(lpcr, LPCR.mask.HR))
    const withheld = name === 'tlbie' ? partition.or(lpcr.and(LPCR.mask.GTSE).eqz) : partition
    s.trapIf(s.MSR.and(HV).eqz.and(withheld), 'program', 0x40000n)
    s.effect(name, s.RS, s.RB, s.field('RIC').zext, s.field('PRS').zext, s.field('R').zext)
  }

const translation: Row[] = [
  X('tlbie',   31, 306, 'RB, RS, [RIC], [PRS], [R]', invalidate('tlbie'), { privilege: 'privileged', rare: true }),
  X('tlbiel',  31, 274, 'RB, [RS], [RIC], [PRS], [R]', invalidate('tlbiel'), { privilege: 'privileged', rare: true }),
  X('tlbsync', 31, 566, '', s => s.privileged(), { privilege: 'privileged', rare: true }),
  X('attn',     0, 256, '', s => s.effect('attn'), { rare: true, trace: 'never' }),
] // biome-ignore format: columns

export const system: readonly Row[] = [...returns, ...machineState, ...specialPurpose, ...translation]
