/** Atomic memory operations. Power ISA 3.0B, Book II, 4.5. */
import { type Expr, i32, i64, select } from '../wasm/expr.ts'
import { type Options, type Row, X } from './instruction.ts'
import type { Semantics, Writes } from './semantics.ts'

type Width = 4 | 8

/** What an operation sees: the operand in storage, the registers behind RT, and the next operand in storage where it asks for it. */
interface Operands {
  readonly width: Width
  readonly old: Expr
  /** The operand beside it, for functions that have one. */
  readonly other: Expr
  readonly first: Expr
  readonly second: Expr
}

interface Outcome {
  /** New value in storage; null where nothing is stored. */
  readonly stored: Expr
  /** A condition under which it is stored; else storage stays. */
  readonly when?: Expr
  readonly returned: Expr
}

const signed = (o: Operands, e: Expr): Expr => (o.width === 4 ? e.exts32 : e)
const unsigned = (o: Operands, e: Expr): Expr => (o.width === 4 ? e.low32 : e)
const minimum = (o: Operands): Expr => i64(o.width === 4 ? 0x80000000n : 1n << 63n)

const fetching =
  (compute: (o: Operands) => Expr) =>
  (o: Operands): Outcome => ({ stored: compute(o), returned: o.old })
const choosing = (less: boolean, view: (o: Operands, e: Expr) => Expr, isLess: (a: Expr, b: Expr) => Expr) =>
  fetching(o => {
    const smaller = isLess(view(o, o.old), view(o, o.first))
    return less ? select(smaller, o.old, o.first) : select(smaller, o.first, o.old)
  })
const ltSigned = (a: Expr, b: Expr): Expr => a.lt(b)
const ltUnsigned = (a: Expr, b: Expr): Expr => a.ltu(b)

const stepping =
  (by: 1 | -1, when: (o: Operands) => Expr) =>
  (o: Operands): Outcome => {
    const go = when(o)
    return { stored: o.old.add(by), when: go, returned: select(go, o.old, minimum(o)) }
  }

const otherIs = (equal: boolean) => (o: Operands) => {
  const same = unsigned(o, o.old).eq(unsigned(o, o.other))
  return equal ? same : same.eqz
}

interface LoadFunction {
  readonly name: string
  readonly act: (o: Operands) => Outcome
  /** Where the other operand lies, in operands. */
  readonly beside?: 1 | -1
}

/** By function code. Book II, 4.5.1. */
const loadFunctions: Readonly<Record<number, LoadFunction>> = {
  0: { name: 'Fetch and Add', act: fetching(o => o.old.add(o.first)) },
  1: { name: 'Fetch and XOR', act: fetching(o => o.old.xor(o.first)) },
  2: { name: 'Fetch and OR', act: fetching(o => o.old.or(o.first)) },
  3: { name: 'Fetch and AND', act: fetching(o => o.old.and(o.first)) },
  4: { name: 'Fetch and Maximum Unsigned', act: choosing(false, unsigned, ltUnsigned) },
  5: { name: 'Fetch and Maximum Signed', act: choosing(false, signed, ltSigned) },
  6: { name: 'Fetch and Minimum Unsigned', act: choosing(true, unsigned, ltUnsigned) },
  7: { name: 'Fetch and Minimum Signed', act: choosing(true, signed, ltSigned) },
  8: { name: 'Swap', act: fetching(o => o.first) },
  16: {
    name: 'Compare and Swap Not Equal',
    act: o => ({ stored: o.second, when: unsigned(o, o.old).eq(unsigned(o, o.first)).eqz, returned: o.old }),
  },
  24: { name: 'Fetch and Increment Bounded', act: stepping(1, otherIs(false)), beside: 1 },
  25: { name: 'Fetch and Increment Equal', act: stepping(1, otherIs(true)), beside: 1 },
  28: { name: 'Fetch and Decrement Bounded', act: stepping(-1, otherIs(false)), beside: -1 },
}

/** Those that store: like the first eight, and Store Twin, whose operands both change. Book II, 4.5.2. */
const isStoreFunction = (fc: number): boolean => fc < 8 || fc === TWIN
const TWIN = 24

/** What is accessed lies in one aligned block of 32 bytes, and the operand is aligned. Book II, 4.5. */
function requirePlace(s: Semantics, ea: Expr, width: Width, beside: 1 | -1 | undefined): void {
  const place = ea.and(31)
  const beyond = beside === 1 ? place.gtu(32 - 2 * width) : beside === -1 ? place.ltu(width) : i32(0)
  s.alignmentIf(
    ea
      .and(width - 1)
      .ne(0)
      .or(beyond),
    ea,
  )
  s.probeStore(ea, width)
}

/** A function code that is none: Data Storage interrupt with DSISR bit 61, and bit 38 as for a store. Book III, 4.6.5. */
const INVALID_FUNCTION = 0x02000004n

function atomicLoad(s: Semantics, width: Width): Writes {
  const ea = s.address(s.RA0)
  const fc = s.field('FC').num
  const f = loadFunctions[fc]
  if (!f) {
    s.faultIf(i32(1), 'dataStorage', ea, INVALID_FUNCTION)
    return {}
  }
  const rt = s.field('RT').num
  requirePlace(s, ea, width, f.beside)
  const old = s.load(ea, width)
  const { stored, when, returned } = f.act({
    width,
    old,
    other: f.beside ? s.load(s.address(ea.add(f.beside * width)), width) : old,
    first: s.gpr(i32((rt + 1) % 32)),
    second: s.gpr(i32((rt + 2) % 32)),
  })
  s.store(ea, width, when ? select(when, stored, old) : stored)
  return { RT: width === 4 ? returned.low32 : returned }
}

function atomicStore(s: Semantics, width: Width): void {
  const ea = s.address(s.RA0)
  const fc = s.field('FC').num
  if (!isStoreFunction(fc)) return s.faultIf(i32(1), 'dataStorage', ea, INVALID_FUNCTION)
  requirePlace(s, ea, width, fc === TWIN ? 1 : undefined)
  const old = s.load(ea, width)
  if (fc !== TWIN) return s.store(ea, width, loadFunctions[fc]!.act({ width, old, other: old, first: s.RS, second: s.RS }).stored)
  const other = s.address(ea.add(width))
  const twin = s.load(other, width)
  const same = old.eq(twin)
  s.store(ea, width, select(same, s.RS, old))
  s.store(other, width, select(same, s.RS, twin))
}

const general = (load: boolean, width: Width): Options => ({
  trace: load ? 'load' : 'store',
  rare: true,
  general: load
    ? ['EA ← (RA|0)', `RT ← MEM(EA, ${width})`, `MEM(EA, ${width}) ← what the function FC makes of it, RT+1 and RT+2`]
    : ['EA ← (RA|0)', `MEM(EA, ${width}) ← what the function FC makes of it and RS`],
})

export const atomic: readonly Row[] = [
  X('lwat',  31, 582, 'RT, RA|0, FC', s => atomicLoad(s, 4), general(true, 4)),
  X('ldat',  31, 614, 'RT, RA|0, FC', s => atomicLoad(s, 8), general(true, 8)),
  X('stwat', 31, 710, 'RS, RA|0, FC', s => atomicStore(s, 4), general(false, 4)),
  X('stdat', 31, 742, 'RS, RA|0, FC', s => atomicStore(s, 8), general(false, 8)),
] // biome-ignore format: columns
