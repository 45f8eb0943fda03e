/** mfspr, mtspr, mftb: privilege, facilities, and what each kind of register does. Power ISA 3.0B, Book III, 4.4.4. */
import { type Expr, i32, i64, select } from '../wasm/expr.ts'
import { FSCR, facilityCause, HFSCR, LPCR, MSR } from './bitfields.ts'
import type { Semantics, Writes } from './semantics.ts'
import { type Access, monitorAccess, type Spr, type SprFacility, type SprKind, sprByNumber, undefinedSprs } from './sprs.ts'

const PRIVILEGED = 0x40000n
const ILLEGAL = 0n
const PRIVILEGED_NUMBER = undefinedSprs.privilegedBit
const among = (list: readonly number[], number: number): boolean => list.includes(number)

const has = (e: Expr, mask: bigint): Expr => e.and(mask).ne(0)
const problem = (s: Semantics): Expr => has(s.MSR, MSR.mask.PR)
const belowHypervisor = (s: Semantics): Expr => s.MSR.and(MSR.mask.HV | MSR.mask.PR).ne(MSR.mask.HV)
const guest = (s: Semantics): Expr => s.MSR.and(MSR.mask.HV).eqz

/** A number that no register has, or one of the hypervisor's used by a guest: nothing, or an interrupt. */
function undefinedAccess(s: Semantics, number: number, direction: 'read' | 'write'): void {
  if (among(undefinedSprs.transactional, number)) return s.trapIf(i32(1), 'facilityUnavailable', BigInt(facilityCause.TM))
  if (among(undefinedSprs.reservedNoOps, number)) return
  if (number & PRIVILEGED_NUMBER) s.trapIf(problem(s), 'program', PRIVILEGED)
  else s.trapIf(problem(s), 'emulationAssistance', ILLEGAL)
  const always = among(undefinedSprs.alwaysIllegal[direction], number) ? i32(1) : has(s.register('LPCR'), LPCR.mask.EVIRT)
  s.trapIf(always, 'emulationAssistance', ILLEGAL)
}

export function checkFacility(s: Semantics, f: SprFacility): void {
  const [below, register, id] =
    f.register === 'FSCR' ? ([problem, FSCR, 'facilityUnavailable'] as const) : ([guest, HFSCR, 'hypervisorFacilityUnavailable'] as const)
  const mask = (register.mask as Readonly<Record<string, bigint>>)[f.bit]!
  s.trapIf(below(s).and(s.register(f.register).and(mask).eqz), id, BigInt(f.ic))
}

/** MMCR0[PMCC] decides in problem state. Book III, 9.4.4. */
function checkMonitor(s: Semantics, group: keyof typeof monitorAccess, direction: 'read' | 'write'): void {
  const pmcc = s.register('MMCR0').shr(18).and(3)
  monitorAccess[group][direction].forEach((verdict, value) => {
    const here = problem(s).and(pmcc.eq(value))
    if (verdict === 'unavailable') s.trapIf(here, 'facilityUnavailable', 3n)
    if (verdict === 'illegal') s.trapIf(here, 'emulationAssistance', ILLEGAL)
  })
}

/** True when the access may go on; for a guest at a hypervisor's register it does nothing where it does not trap. */
function permitted(s: Semantics, spr: Spr, access: Access, direction: 'read' | 'write'): Expr {
  if (spr.number & PRIVILEGED_NUMBER) s.trapIf(problem(s), 'program', PRIVILEGED)
  let allowed = i32(1)
  if (access === 'hypervisor') {
    const below = belowHypervisor(s)
    s.trapIf(below.and(has(s.register('LPCR'), LPCR.mask.EVIRT)), 'emulationAssistance', ILLEGAL)
    allowed = below.eqz
  }
  for (const f of spr.facility ?? []) checkFacility(s, f)
  if (spr.group) checkMonitor(s, spr.group, direction)
  return allowed
}

const signExtend = (e: Expr, bits: number): Expr => e.shl(64 - bits).sar(64 - bits)
const LARGE = 56

/** The decrementers: 32 bits, or 56 with LPCR[LD]=1. */
const large = (s: Semantics): Expr => has(s.register('LPCR'), LPCR.mask.LD)
const decrementer = (s: Semantics, base: string): Expr => {
  const value = s.register(base).sub(s.time)
  return select(large(s), signExtend(value, LARGE), value.low32)
}
const newDecrementer = (s: Semantics, value: Expr): Expr => select(large(s), signExtend(value, LARGE), value.exts32).add(s.time)
const timeBase = (s: Semantics): Expr => s.register('TB_BASE').add(s.time)
const upper = (e: Expr): Expr => e.shr(32)
const UPPER = 0xffffffff00000000n

interface Rule {
  read(s: Semantics, spr: Spr): Expr
  /** Registers written; the first is enough for the plain ones. */
  write?(s: Semantics, spr: Spr, value: Expr): Writes
}

const width = (spr: Spr, e: Expr): Expr => (spr.width === 32 ? e.low32 : e)
const plain: Rule = {
  read: (s, spr) => width(spr, s.register(spr.state)),
  write: (s, spr, value) => {
    const old = s.register(spr.state)
    const wide = width(spr, value)
    return { [spr.state]: spr.view === undefined ? wide : select(problem(s), old.and(~spr.view).or(wide.and(spr.view)), wide) }
  },
}
const clock = (base: string): Rule => ({
  read: s => s.register(base).add(s.time),
  write: (s, _, value) => ({ [base]: value.sub(s.time) }),
})
const countdown = (base: string): Rule => ({
  read: s => decrementer(s, base),
  write: (s, _, value) => ({ [base]: newDecrementer(s, value) }),
})
const combining = (combine: (old: Expr, value: Expr) => Expr, shown: (e: Expr) => Expr = e => e): Rule => ({
  read: (s, spr) => shown(s.register(spr.state)),
  write: (s, spr, value) => ({ [spr.state]: combine(s.register(spr.state), value) }),
})

const XER_LOW = 0x3ffffn
const writeXer = (value: Expr): Writes => {
  const at = (lsb: number) => value.shr(lsb).and(1).wrap
  return { SO: at(31), OV: at(30), CA: at(29), OV32: at(19), CA32: at(18), XERLOW: value.and(XER_LOW) }
}

const rules: Record<SprKind, Rule> = {
  plain,
  lr: plain,
  ctr: plain,
  ctrl: plain,
  monitorView: {
    read: (s, spr) =>
      width(spr, spr.view === undefined ? s.register(spr.state) : s.register(spr.state).and(select(problem(s), i64(spr.view), i64(-1)))),
    write: plain.write!,
  },
  xer: { read: s => s.XER, write: (_s, _spr, value) => writeXer(value) },
  tb: { read: timeBase },
  tbu: { read: s => upper(timeBase(s)) },
  writeTbl: { read: timeBase, write: (s, _, v) => ({ TB_BASE: timeBase(s).and(UPPER).or(v.low32).sub(s.time) }) },
  writeTbu: { read: timeBase, write: (s, _, v) => ({ TB_BASE: timeBase(s).low32.or(v.shl(32)).sub(s.time) }) },
  writeTbu40: { read: timeBase, write: (s, _, v) => ({ TB_BASE: timeBase(s).and(0xffffffn).or(v.and(~0xffffffn)).sub(s.time) }) },
  dec: countdown('DEC_BASE'),
  hdec: countdown('HDEC_BASE'),
  vtb: clock('VTB_BASE'),
  purr: { read: (s, spr) => s.register(`${spr.state}_BASE`).add(s.time), write: (s, spr, v) => ({ [`${spr.state}_BASE`]: v.sub(s.time) }) },
  ic: { read: s => s.register('IC_BASE').add(s.register('COMPLETED')), write: (s, _, v) => ({ IC_BASE: v.sub(s.register('COMPLETED')) }) },
  masked: {
    read: plain.read,
    write: (s, spr, value) => {
      // By its problem-state number AMR has the mask of problem state there, and that of its other number elsewhere.
      const mask =
        spr.writeMask === 'UAMOR' && spr.state === 'AMR'
          ? select(problem(s), s.register('UAMOR'), s.register('AMOR'))
          : s.register(spr.writeMask!)
      const m = select(guest(s).or(problem(s)), mask, i64(-1))
      return { [spr.state]: value.and(m).or(s.register(spr.state).and(m.not)) }
    },
  },
  hmer: combining((old, v) => old.and(v)),
  ppr32: combining((old, v) => old.low32.or(v.shl(32)), upper),
  bescrSet: combining((old, v) => old.or(v)),
  bescrSetUpper: combining((old, v) => old.or(v.shl(32)), upper),
  bescrReset: combining((old, v) => old.and(v.not)),
  bescrResetUpper: combining((old, v) => old.and(v.shl(32).not), upper),
}

const constantNumber = (s: Semantics): number | null => {
  const f = s.field('SPR')
  return f.isConst ? f.num : null
}

/** `mfspr`; a run-time SPR number is left to the reference evaluator, where it is constant. */
export function moveFromSpr(s: Semantics): Writes {
  const number = constantNumber(s)
  if (number === null) {
    s.effect('any special-purpose register')
    return { RT: s.register('SPR') }
  }
  const spr = sprByNumber(number)
  if (!spr || spr.read === 'none') {
    undefinedAccess(s, number, 'read')
    return {}
  }
  const allowed = permitted(s, spr, spr.read, 'read')
  return { RT: select(allowed, rules[spr.kind].read(s, spr), s.RT) }
}

export function moveToSpr(s: Semantics): Writes {
  const number = constantNumber(s)
  if (number === null) {
    s.effect('any special-purpose register')
    return { SPR: s.RS }
  }
  const spr = sprByNumber(number)
  const rule = spr ? rules[spr.kind] : null
  if (!spr || !rule?.write || spr.write === 'none') {
    undefinedAccess(s, number, 'write')
    return {}
  }
  const allowed = permitted(s, spr, spr.write, 'write')
  if (spr.effect === 'translation') s.effect('translation changed')
  if (spr.effect) s.effect('synchronize')
  const written = Object.entries(rule.write(s, spr, s.RS))
  return Object.fromEntries(written.map(([name, value]) => [name, select(allowed, value!, s.register(name))]))
}

/** Registers that programs use all the time: each has an interpreter routine of its own. */
export const specialisedSprs: readonly number[] = [1, 8, 9, 18, 19, 22, 26, 27, 28, 256, 268, 269, 272, 273, 274, 275, 815, 896]
