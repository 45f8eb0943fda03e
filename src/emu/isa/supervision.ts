/** Doorbells, power saving, event-based branches, branch history, and what belongs to the hypervisor. Power ISA 3.0B, Book II, 7; Book III. */
import { type Expr, i32, i64 } from '../wasm/expr.ts'
import { MSR } from './bitfields.ts'
import { type Body, type Options, type Row, X, XFX, XL } from './instruction.ts'
import type { Semantics, Writes } from './semantics.ts'
import { checkFacility } from './spr-access.ts'
import { hypervisorOnly } from './system.ts'

const privileged: Options = { privilege: 'privileged', rare: true }
const hypervisor: Options = { privilege: 'hypervisor', rare: true }
const ofHypervisor: Body = s => hypervisorOnly(s)

// ───────── doorbells: Book III, 11 ─────────

const doorbell =
  (name: 'msgsndp' | 'msgclrp'): Body =>
  s => {
    s.privileged()
    checkFacility(s, { register: 'HFSCR', bit: 'MSGP', ic: 10 })
    s.effect(name, s.RB)
  }

// ───────── event-based branches: Book II, 7 ─────────

/** BESCR[GE]. */
const GLOBAL_ENABLE = 1n << 63n

function returnFromBranch(s: Semantics): Writes {
  checkFacility(s, { register: 'HFSCR', bit: 'EBB', ic: 7 })
  checkFacility(s, { register: 'FSCR', bit: 'EBB', ic: 7 })
  const bescr = s.register('BESCR')
  const enabled = s.field('S').zext.shl(63).or(bescr.and(~GLOBAL_ENABLE))
  return { BESCR: enabled, NIA: s.address(s.register('EBBRR').and(~3n)), taken: i32(1) }
}

// ───────── branch history: Book III, 9.5 ─────────

/** No branches are recorded: entries read as 0. In problem state MMCR0[BHRBA] admits. */
const BHRBA = 1n << 21n
function history(s: Semantics): void {
  checkFacility(s, { register: 'HFSCR', bit: 'BHRB', ic: 4 })
  const withheld: Expr = s.register('MMCR0').and(BHRBA).eqz
  s.trapIf(s.MSR.and(MSR.mask.PR).ne(0).and(withheld), 'facilityUnavailable', 4n)
}

// ───────── cache-inhibited accesses: Book III, 4.4.1 ─────────

const inhibited = (name: string, xo: number, load: boolean): Row =>
  X(name, 31, xo, load ? 'RT, RA|0, RB' : 'RS, RA|0, RB', ofHypervisor, { ...hypervisor, trace: load ? 'load' : 'store' })

export const supervision: readonly Row[] = [
  X('msgsndp', 31, 142, 'RB', doorbell('msgsndp'), privileged),
  X('msgclrp', 31, 174, 'RB', doorbell('msgclrp'), privileged),
  X('msgsnd',  31, 206, 'RB', ofHypervisor, hypervisor),
  X('msgclr',  31, 238, 'RB', ofHypervisor, hypervisor),
  X('msgsync', 31, 886, '', ofHypervisor, hypervisor),
  XL('stop',   19, 370, '', ofHypervisor, { ...hypervisor, trace: 'never' }),
  XL('rfebb',  19, 146, 'S', returnFromBranch, { rare: true, trace: 'branch' }),
  XFX('mfbhrbe', 31, 302, 'RT, BHRBE', s => { history(s); return { RT: i64(0) } }, { rare: true }),
  X('clrbhrb', 31, 430, '', history, { rare: true }),
  X('cpabort', 31, 838, '', () => {}, { rare: true }),
  inhibited('lwzcix', 789, true), inhibited('lhzcix', 821, true), inhibited('lbzcix', 853, true), inhibited('ldcix', 885, true),
  inhibited('stwcix', 917, false), inhibited('sthcix', 949, false), inhibited('stbcix', 981, false), inhibited('stdcix', 1013, false),
] // biome-ignore format: columns
