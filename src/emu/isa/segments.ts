/**
 * Segment lookaside buffer, as a guest under radix meets it: there are no segments to look up, so that nothing is kept, and what is
 * read is 0. Power ISA 3.0B, Book III, 5.9.3.
 */
import { i32, i64 } from '../wasm/expr.ts'
import { type Body, type Options, type Row, X } from './instruction.ts'

const privileged: Options = { privilege: 'privileged', rare: true }
const forgets: Body = s => s.privileged()
const readsNothing: Body = s => {
  s.privileged()
  return { RT: i64(0) }
}

export const segments: readonly Row[] = [
  X('slbie',   31, 434, 'RB', forgets, privileged),
  X('slbieg',  31, 466, 'RS, RB', forgets, privileged),
  X('slbia',   31, 498, '[IH]', forgets, privileged),
  X('slbiag',  31, 850, 'RS', forgets, privileged),
  X('slbmte',  31, 402, 'RS, RB', forgets, privileged),
  X('slbmfev', 31, 851, 'RT, RB, [L15]', readsNothing, privileged),
  X('slbmfee', 31, 915, 'RT, RB, [L15]', readsNothing, privileged),
  X('slbfee.', 31, 979, 'RT, RB', s => {
    s.privileged()
    return { RT: i64(0), CR0: s.SO.or(i32(0)) }
  }, { ...privileged, Rc: 'always' }),
  X('slbsync', 31, 338, '', forgets, privileged),
] // biome-ignore format: columns
