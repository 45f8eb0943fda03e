/** Load and store multiple, string and quadword. Power ISA 3.0B, Book I, 3.3.4, 3.3.7 and 3.3.8; Book II, 4.6.2. */
import { type Expr, i32, i64, select } from '../wasm/expr.ts'
import { MSR } from './bitfields.ts'
import { D, DQ, DS, type Options, type Row, X } from './instruction.ts'
import type { Semantics, Writes } from './semantics.ts'

const loadLike: Options = { trace: 'load', rare: true }
const storeLike: Options = { trace: 'store', rare: true }
const WORD = 4

/** In little-endian mode these take an Alignment interrupt, whatever their address. Book I, 3.3.7 and 3.3.8. */
function bigEndianOnly(s: Semantics, ea: Expr): void {
  s.alignmentIf(s.MSR.and(MSR.mask.LE).ne(0), ea)
}

const at = (s: Semantics, ea: Expr, n: number): Expr => (n === 0 ? ea : s.address(ea.add(n)))

// ───────── multiple ─────────

function loadMultiple(s: Semantics): Writes {
  const first = s.field('RT').num
  const ea = s.eaD
  bigEndianOnly(s, ea)
  return Object.fromEntries(Array.from({ length: 32 - first }, (_, n) => [`r${first + n}`, s.load(at(s, ea, WORD * n), 4)]))
}

function storeMultiple(s: Semantics): void {
  const first = s.field('RS').num
  const ea = s.eaD
  bigEndianOnly(s, ea)
  const count = 32 - first
  s.probeStore(ea, WORD * count)
  for (let n = 0; n < count; n++) s.store(at(s, ea, WORD * n), 4, s.gpr(i32(first + n)))
}

// ───────── string ─────────

/** Registers that a string of so many bytes has, from the first on; r0 follows r31. */
const stringRegisters = (first: number, bytes: number): number[] =>
  Array.from({ length: Math.ceil(bytes / WORD) }, (_, n) => (first + n) % 32)

/**
 * The bytes go to the low words, the left one first; what is left of the last word is 0. A base or index among the registers is an
 * invalid form, and illegal here.
 */
function loadString(s: Semantics, ea: Expr, bytes: number, addressed: readonly number[]): Writes {
  const registers = stringRegisters(s.field('RT').num, bytes)
  bigEndianOnly(s, ea)
  s.trapIf(i32(addressed.some(r => registers.includes(r)) ? 1 : 0), 'emulationAssistance', 0n)
  const words = registers.map((r, w) => {
    let value = i64(0)
    for (let n = 0; n < WORD; n++) {
      const byte = WORD * w + n
      value = value.shl(8)
      if (byte < bytes) value = value.or(s.load(at(s, ea, byte), 1))
    }
    return [`r${r}`, value] as const
  })
  return Object.fromEntries(words)
}

function storeString(s: Semantics, ea: Expr, bytes: number): void {
  bigEndianOnly(s, ea)
  if (bytes === 0) return
  s.probeStore(ea, bytes)
  for (const [w, r] of stringRegisters(s.field('RS').num, bytes).entries())
    for (let n = 0; n < WORD && WORD * w + n < bytes; n++) s.store(at(s, ea, WORD * w + n), 1, s.gpr(i32(r)).shr(24 - 8 * n))
}

const base = (s: Semantics): number[] => (s.field('RA').num === 0 ? [] : [s.field('RA').num])
/** XER 57:63; of a word where XER is not known, to tell what it can raise. */
function stringLength(s: Semantics): number {
  const n = s.register('XERLOW').and(127)
  return n.isConst ? n.num : WORD
}

const stringLines = (count: string, load: boolean): string[] => [
  `n ← ${count}`,
  'if MSR[LE] then Alignment interrupt',
  load
    ? 'GPRs from RT on ← MEM(EA, n), four bytes in the low word of each, r0 after r31'
    : 'MEM(EA, n) ← low words of the GPRs from RS on, r0 after r31',
]

// ───────── quadword ─────────

/** An odd RT, or RT among the addressing registers, is an invalid form, and illegal here. */
function pair(s: Semantics, field: 'RT' | 'RS', addressed: readonly number[]): number {
  const first = s.field(field).num
  s.trapIf(i32(first % 2 !== 0 || addressed.includes(first) ? 1 : 0), 'emulationAssistance', 0n)
  return first
}

/** The doublewords of a pair lie in the order of their bytes: in little-endian mode the second register's come first. */
function inOrder(s: Semantics, first: Expr, second: Expr): [Expr, Expr] {
  const little = s.MSR.and(MSR.mask.LE).ne(0)
  return [select(little, second, first), select(little, first, second)]
}

function loadPair(s: Semantics, first: number, ea: Expr): Writes {
  const [a, b] = inOrder(s, s.load(ea, 8), s.load(at(s, ea, 8), 8))
  return { [`r${first}`]: a, [`r${first + 1}`]: b }
}

const aligned = (s: Semantics, ea: Expr): void => s.alignmentIf(ea.and(15).ne(0), ea)

function loadQuadword(s: Semantics): Writes {
  const first = pair(s, 'RT', [s.field('RA').num])
  const ea = s.eaDQ
  aligned(s, ea)
  return loadPair(s, first, ea)
}

function storeQuadword(s: Semantics): void {
  const first = pair(s, 'RS', [])
  const ea = s.eaDS
  aligned(s, ea)
  const [a, b] = inOrder(s, s.gpr(i32(first)), s.gpr(i32(first + 1)))
  s.probeStore(ea, 16)
  s.store(ea, 8, a)
  s.store(at(s, ea, 8), 8, b)
}

function loadQuadwordReserve(s: Semantics): Writes {
  const first = pair(s, 'RT', [s.field('RA').num, s.field('RB').num])
  const ea = s.eaX
  s.loadReserve(ea, 16)
  return loadPair(s, first, ea)
}

function storeQuadwordConditional(s: Semantics): Writes {
  const first = pair(s, 'RS', [])
  const performed = s.storeConditional(s.eaX, 16, s.gpr(i32(first)), s.gpr(i32(first + 1)))
  return { CR0: performed.shl(1).or(s.SO) }
}

const evenPair = 'if RT is odd or is RA then illegal instruction'

export const multiple: readonly Row[] = [
  D('lmw', 46, 'RT, D(RA|0)', loadMultiple, {
    ...loadLike,
    general: [
      'EA ← (RA|0) + D',
      'if MSR[LE] then Alignment interrupt',
      'r ← RT',
      'do while r ≤ 31: GPR(r) ← MEM(EA, 4); r ← r + 1; EA ← EA + 4',
    ],
  }),
  D('stmw', 47, 'RS, D(RA|0)', storeMultiple, {
    ...storeLike,
    general: [
      'EA ← (RA|0) + D',
      'if MSR[LE] then Alignment interrupt',
      'r ← RS',
      'do while r ≤ 31: MEM(EA, 4) ← GPR(r)[32:63]; r ← r + 1; EA ← EA + 4',
    ],
  }),
  X('lswi', 31, 597, 'RT, RA|0, NB', s => loadString(s, s.address(s.RA0), s.field('NB').num, base(s)), {
    ...loadLike,
    general: ['EA ← (RA|0)', ...stringLines('NB, 32 for 0', true)],
  }),
  X('lswx', 31, 533, 'RT, RA|0, RB', s => loadString(s, s.eaX, stringLength(s), [...base(s), s.field('RB').num]), {
    ...loadLike,
    general: ['EA ← (RA|0) + (RB)', ...stringLines('XER[57:63]', true)],
    alwaysGeneral: true,
  }),
  X('stswi', 31, 725, 'RS, RA|0, NB', s => storeString(s, s.address(s.RA0), s.field('NB').num), {
    ...storeLike,
    general: ['EA ← (RA|0)', ...stringLines('NB, 32 for 0', false)],
  }),
  X('stswx', 31, 661, 'RS, RA|0, RB', s => storeString(s, s.eaX, stringLength(s)), {
    ...storeLike,
    general: ['EA ← (RA|0) + (RB)', ...stringLines('XER[57:63]', false)],
    alwaysGeneral: true,
  }),
  DQ('lq', 56, 'RT, DQ(RA|0)', loadQuadword, {
    ...loadLike,
    general: [evenPair, 'EA ← (RA|0) + DQ', 'if EA & 0xf ≠ 0 then Alignment interrupt', 'RT || RT+1 ← MEM(EA, 16)'],
  }),
  DS('stq', 62, 2, 'RS, DS(RA|0)', storeQuadword, {
    ...storeLike,
    general: [
      'if RS is odd then illegal instruction',
      'EA ← (RA|0) + DS',
      'if EA & 0xf ≠ 0 then Alignment interrupt',
      'MEM(EA, 16) ← RS || RS+1',
    ],
  }),
  X('lqarx', 31, 276, 'RT, RA|0, RB, [EH]', loadQuadwordReserve, {
    ...loadLike,
    general: [
      'if RT is odd, RA or RB then illegal instruction',
      'EA ← (RA|0) + (RB)',
      'RESERVE ← 1, for MEM(EA, 16)',
      'RT || RT+1 ← MEM(EA, 16)',
    ],
  }),
  X('stqcx.', 31, 182, 'RS, RA|0, RB', storeQuadwordConditional, {
    ...storeLike,
    Rc: 'always',
    general: [
      'if RS is odd then illegal instruction',
      'EA ← (RA|0) + (RB)',
      'performed ← RESERVE, if it is for MEM(EA, 16)',
      'if performed then MEM(EA, 16) ← RS || RS+1',
      'RESERVE ← 0',
      'CR0 ← 0 || 0 || performed || SO',
    ],
  }),
]
