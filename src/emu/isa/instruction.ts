/** The shape of an instruction row, and the constructors of the forms (Power ISA 3.0B, Book I, 1.6). */
import { type FieldName, fieldMask as fixedMask, insertField as fixedValue } from './fields.ts'
import { applySuffixes, type Semantics, type Writes } from './semantics.ts'

export type Form = 'I' | 'B' | 'SC' | 'D' | 'DS' | 'DQ' | 'DX' | 'X' | 'XL' | 'XFX' | 'XO' | 'XS' | 'A' | 'M' | 'MD' | 'MDS' | 'VA' | 'Z23'

export type Privilege = 'problem' | 'privileged' | 'hypervisor'

/**
 * One operand of the assembler's syntax, in order. `RA|0` reads as the value 0 when the field is 0; `D(RA|0)` is displacement and
 * base; a bracketed `[L]` may be left out and is then 0.
 */
export type OperandText = string

export interface Instruction {
  /** As assembled, with its suffixes: `add.`, `addo`, `bcl`. */
  readonly name: string
  /** The row's own name without Rc, OE, LK, AA suffixes: `add`. */
  readonly base: string
  readonly form: Form
  /** Word with all other fields 0, and the bits that identify the instruction. Reserved bits are in neither. */
  readonly match: number
  readonly mask: number
  readonly operands: readonly Operand[]
  readonly privilege: Privilege
  /** Fixed by the suffix. */
  readonly flags: { readonly Rc: boolean; readonly OE: boolean; readonly LK: boolean; readonly AA: boolean }
  /** What Trace says of it (Book III, 6.5.15): `never` is not traced, `branch` also by MSR[BE]. */
  readonly trace: 'plain' | 'load' | 'store' | 'branch' | 'never'
  /** Executed by the reference evaluator only: not part of the generated interpreter. */
  readonly rare: boolean
  /** Field whose values each get an interpreter routine of their own, with the field constant. */
  readonly specialise: { readonly field: FieldName; readonly values: readonly number[] } | null
  /** Register-transfer lines for fields that are not known, where the row's own number of transfers depends on them. */
  readonly general: readonly string[] | null
  /** They depend on a register too. */
  readonly alwaysGeneral: boolean
  /** Book and section. */
  readonly section: string
  readonly semantics: (s: Semantics) => Writes
}

export type OperandKind = 'gpr' | 'gpr0' | 'cr field' | 'cr bit' | 'signed' | 'unsigned' | 'memory' | 'branch' | 'spr' | 'crmask'

export interface Operand {
  readonly kind: OperandKind
  readonly field: FieldName
  /** Of `memory`: the base register's field and whether 0 means no register. */
  readonly base?: { readonly field: FieldName; readonly zero: boolean }
  readonly optional: boolean
}

const kinds: Partial<Record<FieldName, OperandKind>> = {
  RT: 'gpr', RS: 'gpr', RA: 'gpr', RB: 'gpr', RC: 'gpr',
  BF: 'cr field', BFA: 'cr field',
  BT: 'cr bit', BA: 'cr bit', BB: 'cr bit', BC: 'cr bit', BI: 'cr bit',
  SI: 'signed', DX: 'signed', BD: 'branch', LI: 'branch', SPR: 'spr', TBR: 'spr', FXM: 'crmask',
} // biome-ignore format: a table

/** Reads "RT, D(RA|0)" into operands. */
export function parseOperands(text: OperandText): Operand[] {
  return text
    .split(',')
    .map(t => t.trim())
    .filter(t => t !== '')
    .map(t => {
      const optional = t.startsWith('[')
      const bare = optional ? t.slice(1, -1) : t
      const memory = /^(\w+)\((\w+)(\|0)?\)$/.exec(bare)
      if (memory) {
        const base = { field: memory[2] as FieldName, zero: memory[3] !== undefined }
        return { kind: 'memory', field: memory[1] as FieldName, base, optional }
      }
      const zero = bare.endsWith('|0')
      const field = (zero ? bare.slice(0, -2) : bare) as FieldName
      return { kind: zero ? 'gpr0' : (kinds[field] ?? 'unsigned'), field, optional }
    })
}

export interface Options {
  /** Which suffixes exist: each doubles the row. A form's own default applies where it is left out. */
  Rc?: boolean | 'always'
  OE?: boolean
  LK?: boolean
  AA?: boolean
  privilege?: Privilege
  trace?: Instruction['trace']
  rare?: boolean
  specialise?: Instruction['specialise']
  general?: readonly string[]
  alwaysGeneral?: boolean
  /** Fixed bits besides the opcodes, as [field, value]: `lwsync` is `sync` with L2 = 1 only as an alias, but `tlbiel` needs none. */
  fixed?: readonly (readonly [FieldName, number])[]
}

// biome-ignore lint/suspicious/noConfusingVoidType: a row whose effects are all calls returns nothing, and should not have to say so
export type Body = (s: Semantics) => Writes | void

/** An unexpanded row: suffixes are applied by `expand`. */
export interface Row {
  readonly name: string
  readonly form: Form
  readonly match: number
  readonly mask: number
  readonly operands: OperandText
  readonly body: Body
  readonly options: Options
}

const XO_BITS: Record<Form, readonly [first: number, last: number] | null> = {
  I: null, B: null, SC: null, D: null, DQ: null, DS: [30, 31], DX: [26, 30], X: [21, 30], XL: [21, 30], XFX: [21, 30],
  XO: [22, 30], XS: [21, 29], A: [26, 30], M: null, MD: [27, 29], MDS: [27, 30], VA: [26, 31], Z23: [23, 30],
} // biome-ignore format: a table

const bitsMask = (first: number, last: number): number => ((2 ** (last - first + 1) - 1) << (31 - last)) >>> 0

function row(form: Form, name: string, opcode: number, xo: number, operands: OperandText, body: Body, options: Options): Row {
  const x = XO_BITS[form]
  const match = ((opcode << 26) | (x ? xo << (31 - x[1]) : 0)) >>> 0
  const mask = (0xfc000000 | (x ? bitsMask(x[0], x[1]) : 0)) >>> 0
  return { name, form, match, mask, operands, body, options }
}

type Short = (name: string, opcode: number, operands: OperandText, body: Body, options?: Options) => Row
type Long = (name: string, opcode: number, xo: number, operands: OperandText, body: Body, options?: Options) => Row
const short =
  (form: Form, defaults: Options = {}): Short =>
  (name, opcode, operands, body, options = {}) =>
    row(form, name, opcode, 0, operands, body, { ...defaults, ...options })
const long =
  (form: Form, defaults: Options = {}): Long =>
  (name, opcode, xo, operands, body, options = {}) =>
    row(form, name, opcode, xo, operands, body, { ...defaults, ...options })

export const I = short('I', { AA: true, LK: true, trace: 'branch' })
export const B = short('B', { AA: true, LK: true, trace: 'branch' })
export const D = short('D')
export const M = short('M', { Rc: true })
export const SC = short('SC', { trace: 'never' })
export const DS = long('DS')
export const DQ = short('DQ')
export const DX = long('DX')
export const X = long('X')
/** X form with an Rc bit. */
export const XRc = long('X', { Rc: true })
export const XL = long('XL')
export const XFX = long('XFX')
export const XO = long('XO', { Rc: true, OE: true })
/** XO form without suffixes. */
export const XOPlain = long('XO')
export const XS = long('XS', { Rc: true })
export const A = long('A')
export const MD = long('MD', { Rc: true })
export const MDS = long('MDS', { Rc: true })
export const VA = long('VA')
export const Z23 = long('Z23')

const bit = (n: number): number => (2 ** (31 - n)) >>> 0

/** All instructions of a row: one for each combination of its suffixes, in the order `add add. addo addo.`. */
export function expand(r: Row, section: string): Instruction[] {
  const o = r.options
  const choices = (x: boolean | undefined) => (x ? [false, true] : [false])
  const out: Instruction[] = []
  for (const OE of choices(o.OE))
    for (const Rc of o.Rc === 'always' ? [true] : choices(o.Rc))
      for (const LK of choices(o.LK))
        for (const AA of choices(o.AA)) {
          const suffix = `${OE ? 'o' : ''}${LK ? 'l' : ''}${AA ? 'a' : ''}${Rc && o.Rc !== 'always' ? '.' : ''}`
          let { match, mask } = r
          const fix = (on: boolean, exists: boolean | 'always' | undefined, n: number) => {
            if (!exists) return
            mask = (mask | bit(n)) >>> 0
            if (on) match = (match | bit(n)) >>> 0
          }
          fix(OE, o.OE, 21)
          // The D forms that record say so by their opcode: bit 31 is the immediate's.
          fix(Rc, r.form === 'D' ? false : o.Rc, 31)
          fix(LK, o.LK, 31)
          fix(AA, o.AA, 30)
          for (const [field, value] of o.fixed ?? []) {
            mask = (mask | fixedMask(field)) >>> 0
            match = (match | fixedValue(field, value)) >>> 0
          }
          out.push({
            name: r.name + suffix,
            base: r.name,
            form: r.form,
            match,
            mask,
            operands: parseOperands(r.operands),
            privilege: o.privilege ?? 'problem',
            flags: { Rc, OE, LK, AA },
            trace: o.trace ?? 'plain',
            rare: o.rare ?? false,
            specialise: o.specialise ?? null,
            general: o.general ?? null,
            alwaysGeneral: o.alwaysGeneral ?? false,
            section,
            semantics: s => applySuffixes(s, r.body(s) ?? {}, o.OE === true),
          })
        }
  return out
}
