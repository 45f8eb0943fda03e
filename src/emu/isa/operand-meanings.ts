/** What the operands of a spelling are, in words. */
import type { Slot } from './alias.ts'
import { type FieldName, fields, fieldWidth } from './fields.ts'

// biome-ignore format: columns
const meanings: Readonly<Record<FieldName, string>> = {
  RT: 'general purpose register', RS: 'general purpose register', RA: 'general purpose register', RB: 'general purpose register',
  RC: 'general purpose register',
  BF: 'CR field, 0 to 7', BFA: 'CR field, 0 to 7',
  BT: 'CR bit, 0 to 31', BA: 'CR bit, 0 to 31', BB: 'CR bit, 0 to 31', BC: 'CR bit, 0 to 31', BI: 'CR bit, 0 to 31',
  BO: 'condition and hint of the branch', BH: 'hint on how the target is to be predicted', TO: 'conditions to trap on, a bit each',
  L: '0 word, 1 doubleword', L2: 'which kind of it', L14: 'which number is delivered', L15: '1: only EE and RI are written',
  SI: 'signed immediate', UI: 'unsigned immediate', D: 'displacement', DS: 'displacement', DQ: 'displacement', DX: 'signed immediate',
  BD: 'target, relative to this instruction unless AA', LI: 'target, relative to this instruction unless AA',
  SH: 'shift count', sh: 'shift count', MB: 'first bit of the mask', ME: 'last bit of the mask', mb: 'first bit of the mask',
  me: 'last bit of the mask', NB: 'number of bytes', SPR: 'special-purpose register', TBR: 'time base register',
  FXM: 'mask of CR fields, CR0 first', LEV: 'level of the call', TH: 'hint on the access', CT: 'cache', EH: 'hint that a release follows',
  WC: 'what to wait for', RIC: 'which translations and caches', PRS: '1: process-scoped', R: '1: radix', IS: 'invalidation selector',
  IH: 'which segments', S: 'event-based branches afterwards', BHRBE: 'entry of the branch history', FC: 'function of the atomic access',
  S11: 'scope', CY: 'which carry', Rc: '1: CR0 too', OE: '1: OV and SO too', LK: '1: LR too', AA: '1: an absolute target',
}

/** Range of what may be written for a field. */
function rangeText(name: FieldName): string {
  const f = fields[name]
  const width = fieldWidth(f)
  const unit = 2 ** (f.shift ?? 0)
  const [low, high] = f.signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, f.zero ?? 2 ** width - 1]
  return `, ${(f.zero ? 1 : low) * unit} to ${high * unit}${unit > 1 ? `, a multiple of ${unit}` : ''}`
}

export interface OperandMeaning {
  readonly name: string
  readonly means: string
}

/** The operands in the order of the syntax; the base of a displacement is one of its own. */
export function operandMeanings(slots: readonly Slot[]): OperandMeaning[] {
  return slots.flatMap(slot => {
    const optional = slot.optional ? '; may be left out' : ''
    if (!slot.field) {
      const means = slot.kind === 'cr field' ? meanings.BF : `number, ${slot.range!.low} to ${slot.range!.high}`
      return [{ name: slot.name, means: means + optional }]
    }
    const isNumber = ['signed', 'unsigned', 'memory', 'branch'].includes(slot.kind)
    const zero = slot.kind === 'gpr0' ? '; 0 means the value 0, not r0' : ''
    const own = { name: slot.field, means: `${meanings[slot.field]}${isNumber ? rangeText(slot.field) : ''}${zero}${optional}` }
    if (!slot.base) return [own]
    return [own, { name: slot.base.field, means: `base register${slot.base.zero ? '; 0 means the value 0, not r0' : ''}` }]
  })
}
