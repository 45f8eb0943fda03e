/** Every spelling the assembler knows, by name: the table's rows and the extended mnemonics. */
import { ownSpelling, type Slot, type Spelling } from '../isa/alias.ts'
import { aliases } from '../isa/aliases.ts'
import { facilities, facilityRows } from '../isa/facility.ts'
import { type FieldName, fields, fieldWidth } from '../isa/fields.ts'
import { instructions } from '../isa/instructions.ts'
import { sprs } from '../isa/sprs.ts'

const spellingsByName = new Map<string, Spelling[]>()
for (const s of [...aliases, ...instructions.map(ownSpelling)]) {
  const same = spellingsByName.get(s.name)
  if (same) same.push(s)
  else spellingsByName.set(s.name, [s])
}

/** Extended mnemonics first: `mftb` is mfspr where that can say it. */
export const spellingsOf = (name: string): readonly Spelling[] => spellingsByName.get(name) ?? []
export const mnemonicNames = (): Iterable<string> => spellingsByName.keys()

const unsupported = new Map(facilityRows.map(r => [r.name, r.facility]))

/** Why the name is no instruction here, when there is more to say than that. */
export function refusalOf(name: string): string | null {
  const facility = unsupported.get(name) ?? unsupported.get(name.replace(/\.$/, ''))
  if (facility === 'fp') return `floating-point instructions are not supported yet: "${name}"`
  if (facility) return `${facilities[facility].name} instructions are not supported yet: "${name}"`
  const move = /^(m[ft])(\w+)$/.exec(name)
  const spr = move && sprs.find(s => s.name === move[2] && (move[1] === 'mf' ? s.read : s.write) !== 'none')
  if (!spr) return null
  return `no instruction "${name}". Write ${move[1] === 'mf' ? `mfspr RT,${spr.name}` : `mtspr ${spr.name},RS`}`
}

/** Immediates that GNU as takes signed or unsigned. */
const lenient: Readonly<Record<string, Partial<Record<FieldName, Slot['range']>>>> = {
  addis: { SI: { low: -32768, high: 65535 } },
  addpcis: { DX: { low: -32768, high: 65535 } },
  cmpli: { UI: { low: -32768, high: 65535 } },
}

export interface Range {
  readonly low: number
  readonly high: number
  /** The value is a multiple of it. */
  readonly unit: number
}

export function rangeOf(spelling: Spelling, slot: Slot): Range {
  const given = slot.range ?? (slot.field && lenient[spelling.instruction.base]?.[slot.field])
  if (given) return { ...given, unit: 1 }
  const f = fields[slot.field!]
  const unit = 2 ** (f.shift ?? 0)
  const width = fieldWidth(f)
  return f.signed
    ? { low: -(2 ** (width - 1)) * unit, high: (2 ** (width - 1) - 1) * unit, unit }
    : { low: 0, high: f.zero ?? (2 ** width - 1) * unit, unit }
}

/** What the operand list looks like: `RT, D(RA)`. */
export const syntaxOf = (s: Spelling): string =>
  s.slots
    .map(slot => {
      const name = slot.kind === 'cr field' && !slot.field ? 'crN' : slot.field === 'LI' || slot.field === 'BD' ? 'target' : slot.name
      const text = slot.base ? `${name}(${slot.base.field})` : name
      return slot.optional ? `[${text}]` : text
    })
    .join(', ')
