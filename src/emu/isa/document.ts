/**
 * The document of a mnemonic, made from the tables: what the instruction reference, the hover and `twostep isa` show. Extended
 * mnemonics, and the instructions that only have a facility check, included.
 */
import { ownSpelling, type Spelling } from './alias.ts'
import { aliases } from './aliases.ts'
import { type Description, describeMnemonic, describeWord, noteOf, syntaxOfSpelling } from './describe.ts'
import { type FacilityRow, facilities, facilityOf, facilityRows } from './facility.ts'
import { extractField, type FieldName, fields } from './fields.ts'
import type { Instruction } from './instruction.ts'
import { decode, instructions } from './instructions.ts'
import { interrupts } from './interrupts.ts'
import { invalidForm, invalidFormsOf } from './invalid-forms.ts'
import { type Level, levelOf, newerNames } from './levels.ts'
import { nearest } from './nearest.ts'
import { type OperandMeaning, operandMeanings } from './operand-meanings.ts'

/**
 * What the machine does with it: `executed`; `stops`, after a facility check that is exact; `refused`, a later processor's, which
 * the assembler refuses and POWER9 takes for illegal.
 */
export type Support = 'executed' | 'stops' | 'refused'

export const supportNames: Readonly<Record<Support, string>> = {
  executed: 'executed',
  stops: 'facility check, then the machine stops',
  refused: 'refused',
}

export interface Entry {
  readonly name: string
  readonly form: string
  readonly support: Support
  /** Chapter that it stands under. */
  readonly group: string
  /** Of an extended mnemonic: the instruction that it is. */
  readonly of: string | null
}

/** A run of bits of the word. */
export interface Run {
  readonly name: string
  readonly first: number
  readonly last: number
  /** What the bits are in every word of the mnemonic, or in the word explained; null where they vary. */
  readonly value: number | null
}

export interface Document extends Description, Entry {
  readonly supportText: string
  /** What can make it unavailable, and how. */
  readonly facility: string | null
  /** The first processor that has it; null where the tables do not tell. */
  readonly level: Level | null
  readonly operands: readonly OperandMeaning[]
  /** The 32 bits from the left; none of an instruction that is refused. */
  readonly word: readonly Run[]
  /** Invalid forms, reserved values and reserved bits. */
  readonly invalid: readonly string[]
  /** Other spellings of the same name. */
  readonly alsoWritten: readonly string[]
  readonly variants: readonly string[]
  readonly extended: readonly string[]
}

// ───────── names ─────────

const byName = new Map<string, Spelling[]>()
for (const s of [...aliases, ...instructions.map(ownSpelling)]) byName.set(s.name, [...(byName.get(s.name) ?? []), s])

const facilityByName = new Map(facilityRows.map(r => [r.name, r]))

const isOwn = (s: Spelling): boolean => s.name === s.instruction.name && s.assignments.length === 0

/** The spelling that `describeMnemonic` tells of. */
const mainSpelling = (all: readonly Spelling[]): Spelling => all.find(s => s.printed && !isOwn(s)) ?? all.find(isOwn) ?? all[0]!

/** By the section of each chapter's table. */
const groups: Readonly<Record<string, string>> = {
  'Book I, 2': 'Branch and condition register',
  'Book I, 3.3': 'Fixed-point',
  'Book I, 3.3.15': 'Decimal assist',
  'Book I, 3.3; Book II, 4': 'Storage access and synchronisation',
  'Book I, 3.3.4 to 3.3.8': 'Quadword, multiple and string',
  'Book II, 4.5': 'Atomic memory operations',
  'Book II, 3.2': 'Thread priority',
  'Book III': 'System',
  'Book III, 5.9.3': 'Segments',
  'Book I, 4.6': 'Floating-point',
  'Book I, 5.6': 'Decimal floating-point',
  'Book I, 6': 'Vector',
  'Book I, 7.6': 'VSX',
  'Book II, 5.5': 'Transactional memory',
}
const REFUSED = 'Of later processors'

function entryOf(name: string): Entry | null {
  const spellings = byName.get(name)
  if (spellings) {
    const s = mainSpelling(spellings)
    const { instruction } = s
    const group = groups[instruction.section]!
    return { name, form: instruction.form, support: 'executed', group, of: isOwn(s) ? null : instruction.name }
  }
  const row = facilityByName.get(name)
  if (row) return { name, form: row.form, support: 'stops', group: groups[row.section]!, of: null }
  return newerNames.has(name) ? { name, form: '', support: 'refused', group: REFUSED, of: null } : null
}

const groupOrder = [...Object.values(groups), REFUSED]

let list: readonly Entry[] | null = null
/** Every mnemonic, by chapter and then by name. */
export function entries(): readonly Entry[] {
  list ??= [...byName.keys(), ...facilityByName.keys(), ...newerNames.keys()]
    .map(name => entryOf(name)!)
    .sort((a, b) => groupOrder.indexOf(a.group) - groupOrder.indexOf(b.group) || (a.name < b.name ? -1 : 1))
  return list
}

/** The mnemonics most like a mistyped one; none where nothing is near. */
export function nearestMnemonics(word: string, most = 3): string[] {
  const names = new Set(entries().map(e => e.name))
  const found: string[] = []
  while (found.length < most) {
    const name = nearest(word.toLowerCase(), names)
    if (name === null) break
    found.push(name)
    names.delete(name)
  }
  return found
}

/** Entries whose name contains the text, those that begin with it first. */
export function matchingEntries(text: string): readonly Entry[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return entries()
  const rank = (e: Entry) => (e.name === wanted ? 0 : e.name.startsWith(wanted) ? 1 : 2)
  return entries()
    .filter(e => e.name.includes(wanted))
    .sort((a, b) => rank(a) - rank(b))
}

// ───────── the word ─────────

const bitsOf = (word: number, first: number, last: number): number => (word >>> (31 - last)) & (2 ** (last - first + 1) - 1)

/** The fields of a description as runs from the left; a field in several pieces has its name over each. */
function runsOf(list: Description['fields'], match: number, mask: number): Run[] {
  return list
    .flatMap(({ name, bits }) =>
      bits.split(', ').map((piece): Run => {
        const [first = 0, last = first] = piece.split(':').map(Number)
        const fixed = ((~mask >>> (31 - last)) & (2 ** (last - first + 1) - 1)) === 0
        return { name, first, last, value: fixed ? bitsOf(match, first, last) : null }
      }),
    )
    .sort((a, b) => a.first - b.first)
}

/** What the table of an instruction that is not executed knows of its word: the opcode, and the rest. */
function facilityFields({ mask }: FacilityRow): Description['fields'] {
  const list: { name: string; bits: string }[] = []
  for (let first = 0; first < 32; ) {
    const fixed = bitsOf(mask, first, first) === 1
    let last = first
    while (last < 31 && last !== 5 && (bitsOf(mask, last + 1, last + 1) === 1) === fixed) last++
    list.push({ name: !fixed ? 'operands' : first === 0 ? 'OPCD' : 'XO', bits: first === last ? `${first}` : `${first}:${last}` })
    first = last + 1
  }
  return list
}

// ───────── documents ─────────

const supportTexts = {
  executed: 'Executed.',
  refused: 'Refused: the assembler does not take it, and its word is illegal on POWER9 (Hypervisor Emulation Assistance interrupt).',
}

function related(s: Spelling): Pick<Document, 'variants' | 'extended'> {
  const { base } = s.instruction
  const variants = instructions.filter(i => i.base === base && i.name !== s.name).map(i => i.name)
  const extended = new Set(aliases.filter(a => a.instruction === s.instruction && a.name !== s.name).map(a => a.name))
  return { variants, extended: isOwn(s) ? [...extended].filter(n => !variants.includes(n)) : [] }
}

/** Lines of the transfers that say when the instruction is unavailable. */
function facilityLines(rtl: readonly string[]): string | null {
  const lines = rtl.filter(l => l.includes('Facility Unavailable interrupt'))
  return lines.length ? lines.join('; ') : null
}

function invalidOf(i: Instruction, list: Description['fields']): string[] {
  const reserved = list.filter(f => f.name === '///').flatMap(f => f.bits)
  const one = reserved.length === 1 && !reserved[0]!.includes(':') && !reserved[0]!.includes(',')
  const ignored = reserved.length ? [`${one ? `Bit ${reserved[0]} is` : `Bits ${reserved.join(', ')} are`} reserved and ignored.`] : []
  return [...invalidFormsOf(i.base).map(says => `${says[0]!.toUpperCase()}${says.slice(1)}.`), ...ignored]
}

function ofSpelling(s: Spelling, all: readonly Spelling[], description: Description): Document {
  const { instruction } = s
  return {
    ...entryOf(s.name)!,
    ...description,
    supportText: supportTexts.executed,
    facility: facilityLines(description.rtl),
    level: levelOf(s),
    operands: operandMeanings(s.slots),
    word: runsOf(description.fields, instruction.match, instruction.mask),
    invalid: invalidOf(instruction, description.fields),
    alsoWritten: all.filter(other => other !== s).map(other => `${syntaxOfSpelling(other)}${isOwn(other) ? '' : `. ${noteOf(other)}`}`),
    ...related(s),
  }
}

function facilityText(row: FacilityRow): string {
  const gates = [row.facility, ...(row.upper ? [row.upper.facility] : [])]
  const text = gates.map(f => {
    const { msr, interrupt, name } = facilities[f]
    return `${name}: with MSR[${msr}] = 0, ${interrupts[interrupt].name} interrupt`
  })
  return row.upper ? `${text[0]}; for registers 32 to 63, ${text[1]}` : text[0]!
}

function ofFacility(row: FacilityRow): Document {
  const gates = [row.facility, ...(row.upper ? [row.upper.facility] : [])].map(f => facilities[f])
  const list = facilityFields(row)
  const on = gates.map(g => `MSR[${g.msr}] = 1`).join(' or ')
  return {
    ...entryOf(row.name)!,
    syntax: row.name,
    fields: list,
    rtl: [],
    privilege: 'problem',
    interrupts: [...new Set(gates.map(g => interrupts[g.interrupt].name))],
    section: row.section,
    note: null,
    supportText: `Not executed: the facility check is exact, then (${on}) the machine stops before it and says its name.`,
    facility: facilityText(row),
    level: null,
    operands: [],
    word: runsOf(list, row.match, row.mask),
    invalid: [],
    alsoWritten: [],
    variants: facilityRows.filter(r => r !== row && r.name.replace(/\.$/, '') === row.name.replace(/\.$/, '')).map(r => r.name),
    extended: [],
  }
}

function ofNewer(name: string, level: Level): Document {
  return {
    ...entryOf(name)!,
    syntax: name,
    fields: [],
    rtl: [],
    privilege: 'problem',
    interrupts: [interrupts.emulationAssistance.name],
    section: 'Power ISA 3.1',
    note: null,
    supportText: supportTexts.refused,
    facility: null,
    level,
    operands: [],
    word: [],
    invalid: [],
    alsoWritten: [],
    variants: [],
    extended: [],
  }
}

/** The document of a mnemonic, suffixes included; null for one that no table knows. */
export function documentOf(mnemonic: string): Document | null {
  const name = mnemonic.toLowerCase()
  const spellings = byName.get(name)
  if (spellings) return ofSpelling(mainSpelling(spellings), spellings, describeMnemonic(name)!)
  const row = facilityByName.get(name)
  if (row) return ofFacility(row)
  const level = newerNames.get(name)
  return level ? ofNewer(name, level) : null
}

/** The document of the instruction that a word is, with the values of its fields; null for a word that is none. */
export function documentOfWord(word: number): Document | null {
  const needed = facilityOf(word)
  const i = decode(word)
  if (!i) {
    const found = needed && documentOf(needed.name)
    return found && { ...found, word: found.word.map(r => ({ ...r, value: bitsOf(word, r.first, r.last) })) }
  }
  const s = ownSpelling(i)
  const document = ofSpelling(s, byName.get(i.name) ?? [s], describeWord(word)!)
  const problem = invalidForm(i, word)
  return {
    ...document,
    word: document.word.map(r => ({ ...r, value: valueIn(r, word) })),
    operands: document.operands.map(o => ({
      ...o,
      name: o.name in fields ? `${o.name} = ${extractField(o.name as FieldName, word)}` : o.name,
    })),
    invalid: problem ? [`This word: ${problem}.`, ...document.invalid] : document.invalid,
  }
}

/** A name that tells the value already needs no second one. */
const valueIn = (r: Run, word: number): number | null => (r.name.includes('=') ? null : bitsOf(word, r.first, r.last))
