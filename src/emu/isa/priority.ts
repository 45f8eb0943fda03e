/** Program priority: `or rx,rx,rx` writes PPR[PRI], as far as the state may. Power ISA 3.0B, Book II, 3.1 and 3.2. */
import { type Expr, i64, select } from '../wasm/expr.ts'
import { MSR } from './bitfields.ts'
import { type Row, X } from './instruction.ts'
import type { Semantics, Writes } from './semantics.ts'

const PRI = 7n << 50n

/** Who may choose the priority. */
type Allowed = (msr: Expr) => Expr
const anyone: Allowed = msr => msr.or(1).ne(0)
const privileged: Allowed = msr => msr.and(MSR.mask.PR).eqz
const hypervisor: Allowed = msr => msr.and(MSR.mask.HV | MSR.mask.PR).eq(MSR.mask.HV)

const choosing =
  (priority: number, allowed: Allowed) =>
  (s: Semantics): Writes => {
    const ppr = s.register('PPR')
    const chosen = ppr.and(~PRI).or(i64(BigInt(priority) << 50n))
    return { RA: s.RS, PPR: select(allowed(s.MSR), chosen, ppr) }
  }

const hint = (register: number, priority: number, allowed: Allowed): Row =>
  X('or', 31, 444, 'RA, RS, RB', choosing(priority, allowed), {
    rare: true,
    fixed: [
      ['RS', register],
      ['RA', register],
      ['RB', register],
      ['Rc', 0],
    ],
  })

// biome-ignore format: a table
export const priorityHints: readonly Row[] = [
  //   register  priority
  hint(31, 1, privileged),
  hint( 1, 2, anyone),
  hint( 6, 3, anyone),
  hint( 2, 4, anyone),
  hint( 5, 5, privileged),
  hint( 3, 6, privileged),
  hint( 7, 7, hypervisor),
]
