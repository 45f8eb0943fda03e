/** An instruction as text: syntax, fields and what it does. For hovers, and for telling what a word is. */
import { type Expr, i32 } from '../wasm/expr.ts'
import type { Slot, Spelling, Values } from './alias.ts'
import { aliases } from './aliases.ts'
import { extractField, type FieldName, fields } from './fields.ts'
import type { Instruction, Privilege } from './instruction.ts'
import { decode, instructionNamed, instructions } from './instructions.ts'
import { fieldLabel, Notation } from './notation.ts'
import { sprByNumber } from './sprs.ts'
import { fieldSymbol, transfersOf } from './transfers.ts'

export interface Description {
  /** "addi RT, RA, SI" */
  readonly syntax: string
  readonly form: string
  /** From the left of the word; `bits` is "6:10", and of a field in several pieces "30, 16:20". Values that are known stand in the name. */
  readonly fields: { name: string; bits: string }[]
  /** Register-transfer lines, in 64-bit mode. */
  readonly rtl: string[]
  readonly privilege: Privilege
  /** Interrupts that it can take, by name. */
  readonly interrupts: string[]
  /** Book and section. */
  readonly section: string
  /** Of an extended mnemonic: the instruction that it is. */
  readonly note: string | null
}

/** What orders or touches storage, and has no transfer to show. Book II, 4; Book III, 3.3. */
const purposes: Readonly<Record<string, string>> = {
  sync: 'storage accesses before it are performed before those after it',
  lwsync: 'as sync, but a store before it may be performed after a load that follows it',
  ptesync: 'as sync, and for the updates and invalidations of page tables before it',
  eieio: 'stores before it are performed before those after it',
  isync: 'instructions after it are fetched and executed in the context set by those before it',
  tlbsync: 'invalidations by tlbie before it are complete before a following ptesync is',
  dcbt: 'the block that holds the byte at (RA|0) + (RB) may be fetched into the data cache',
  dcbtst: 'the block that holds the byte at (RA|0) + (RB) may be fetched into the data cache, to be stored to',
  dcbst: 'the block that holds the byte at EA is written to memory, if modified',
  dcbf: 'the block that holds the byte at EA is written to memory, if modified, and leaves the data cache',
  icbi: 'the block that holds the byte at EA leaves the instruction caches',
  icbt: 'the block that holds the byte at (RA|0) + (RB) may be fetched into the instruction cache',
  mftb: 'SPREG(TBR): 268 is the time base, 269 its upper half',
  mfspr: 'SPREG(SPR): the special-purpose register of that number; it decides who may read it',
  mtspr: 'SPREG(SPR): the special-purpose register of that number; it decides who may write it',
  wait: 'the thread waits for an interrupt',
  stop: 'the thread enters the power-saving state that PSSCR asks for',
  cpabort: 'the copy and paste buffer is forgotten; there is no copy and paste here',
  clrbhrb: 'the entries of the branch history become 0',
  mfbhrbe: 'the entry BHRBE of the branch history, which records nothing here',
  slbie: 'the segment that RB names is forgotten; under radix there is none',
  slbieg: 'the segments that RS and RB name are forgotten in all threads; under radix there are none',
  slbia: 'the segments are forgotten, which ones by IH; under radix there are none',
  slbiag: 'the segments of the process in RS are forgotten in all threads; under radix there are none',
  slbmte: 'a segment gets the translation in RS and RB; under radix there are none',
  slbmfev: 'second half of the segment entry that RB names; under radix it is 0',
  slbmfee: 'first half of the segment entry that RB names; under radix it is 0',
  'slbfee.': 'the segment that holds the address in RB; under radix none is found',
  slbsync: 'slbieg and slbiag before it are complete',
  msgsnd: 'message to another thread: the doorbell of the hypervisor',
  msgclr: 'the hypervisor’s doorbell of this thread is pending no more',
  msgsync: 'stores before a msgsnd of another thread are seen behind its doorbell',
  lwzcix: 'word at (RA|0) + (RB), caching inhibited',
  lhzcix: 'halfword at (RA|0) + (RB), caching inhibited',
  lbzcix: 'byte at (RA|0) + (RB), caching inhibited',
  ldcix: 'doubleword at (RA|0) + (RB), caching inhibited',
  stwcix: 'word to (RA|0) + (RB), caching inhibited',
  sthcix: 'halfword to (RA|0) + (RB), caching inhibited',
  stbcix: 'byte to (RA|0) + (RB), caching inhibited',
  stdcix: 'doubleword to (RA|0) + (RB), caching inhibited',
}

type FieldValues = Partial<Record<FieldName, Expr>>

// ───────── fields ─────────

const bitRun = ([first, last]: readonly [number, number]): string => (first === last ? `${first}` : `${first}:${last}`)

const suffixBits = [
  { flag: 'OE', bit: 21 },
  { flag: 'AA', bit: 30 },
  { flag: 'Rc', bit: 31 },
  { flag: 'LK', bit: 31 },
] as const

const isSet = (word: number, bit: number): boolean => ((word >>> (31 - bit)) & 1) === 1

/** What each bit of the word belongs to, from the left. */
function labels(i: Instruction): string[] {
  const out: string[] = Array.from({ length: 32 }, (_, n) => (n < 6 ? 'OPCD' : isSet(i.mask, n) ? 'XO' : '///'))
  const family = instructions.filter(other => other.base === i.base)
  for (const { flag, bit } of suffixBits) if (family.some(other => other.flags[flag]) && isSet(i.mask, bit)) out[bit] = flag
  for (const name of fieldsOf(i)) for (const [first, last] of fields[name].bits) out.fill(name, first, last + 1)
  // A fixed bit on its own is no opcode: it is told by its value.
  return out.map((label, n) => (label === 'XO' && out[n - 1] !== 'XO' && out[n + 1] !== 'XO' ? `${Number(isSet(i.match, n))}` : label))
}

const fieldsOf = (i: Instruction): FieldName[] => i.operands.flatMap(o => (o.base ? [o.base.field, o.field] : [o.field]))

function fieldList(i: Instruction, values: FieldValues): Description['fields'] {
  const marks = labels(i)
  const list: Description['fields'] = []
  for (let first = 0; first < 32; ) {
    const label = marks[first]!
    let last = first
    while (last < 31 && marks[last + 1] === label) last++
    const pieces = label in fields ? fields[label as FieldName].bits : ([[first, last]] as const)
    // A field in several pieces is told at its leftmost.
    if (Math.min(...pieces.map(p => p[0])) === first) {
      const value = values[label as FieldName]
      const name = value ? `${fieldLabel(label)} = ${valueText(value)}` : fieldLabel(label)
      list.push({ name, bits: pieces.map(bitRun).join(', ') })
    }
    first = last + 1
  }
  return list
}

/** Numbers of registers and the like are told in decimal. */
const valueText = (e: Expr): string => (e.isConst ? `${e.num | 0}` : new Notation().show(e))

// ───────── syntax ─────────

function slotText({ kind, name, base, optional }: Pick<Slot, 'kind' | 'name' | 'base' | 'optional'>): string {
  const text = kind === 'memory' && base ? `${name}(${base.field})` : fieldLabel(name)
  return optional ? `[${text}]` : text
}

const syntaxOf = (name: string, slots: readonly Pick<Slot, 'kind' | 'name' | 'base' | 'optional'>[]): string =>
  `${name} ${slots.map(slotText).join(', ')}`.trim()

export const syntaxOfSpelling = (s: Spelling): string => syntaxOf(s.name, s.slots)

const ownSlots = (i: Instruction) => i.operands.map(o => ({ ...o, name: o.field }))

// ───────── extended mnemonics ─────────

/** What an assignment gives its field, where it is a sum of parameters; null where it is a function of them. */
function assigned({ names, value }: Spelling['assignments'][number]): Expr | null {
  const none: Values = Object.fromEntries(names.map(n => [n, 0]))
  const start = value(none)
  if (Number.isNaN(start)) return null
  // A positive parameter comes before the constant, as in "4 × c + 2"; else it is taken from it.
  const factors = names.map(name => ({ name, factor: value({ ...none, [name]: 1 }) - start }))
  const leading = (factors[0]?.factor ?? 0) > 0
  const sum = factors.reduce(
    (e, { name, factor }) => {
      const parameter = fieldSymbol(name)
      const term = Math.abs(factor) === 1 ? parameter : i32(Math.abs(factor)).mul(parameter)
      return factor < 0 ? e.sub(term) : e.add(term)
    },
    i32(leading ? 0 : start),
  )
  return leading ? sum.add(start) : sum
}

function assignedFields(s: Spelling): FieldValues {
  const values: FieldValues = {}
  for (const a of s.assignments) {
    const value = assigned(a)
    if (value) values[a.field] = value
  }
  return values
}

/** What an extended mnemonic stands for. */
export function noteOf({ instruction, slots, assignments }: Spelling): string {
  const parts = assignments.map(a => {
    const value = assigned(a)
    return `${fieldLabel(a.field)} ${value ? `= ${valueText(value)}` : `from ${a.names.join(', ')}`}`
  })
  const same = slots.length > 0 && parts.length === 0
  return `Extended mnemonic of ${instruction.name}${same ? ', with its operands in another order' : parts.length ? ` with ${parts.join(', ')}` : ''}.`
}

// ───────── descriptions ─────────

/** A move from or to a special-purpose register is as privileged as the register. */
function privilegeOf(i: Instruction, spr: Expr | undefined): Privilege {
  const register = spr?.isConst ? sprByNumber(spr.num) : undefined
  const access = register && (i.base === 'mtspr' ? register.write : register.read)
  return access && access !== 'none' ? access : i.privilege
}

function describe(i: Instruction, syntax: string, values: FieldValues, note: string | null): Description {
  // The time base register of mftb is numbered as an SPR is.
  const number: FieldName = fieldsOf(i).includes('TBR') ? 'TBR' : 'SPR'
  const { lines, interrupts } = transfersOf(i, name => values[name] ?? fieldSymbol(name === 'SPR' ? number : name))
  const purpose = values.SPR ? undefined : (purposes[syntax] ?? purposes[i.base])
  return {
    syntax,
    form: i.form,
    fields: fieldList(i, values),
    rtl: purpose ? [...lines, purpose] : [...lines],
    privilege: privilegeOf(i, values.SPR),
    interrupts: [...interrupts],
    section: i.section,
    note,
  }
}

const known = new Map<string, Description | null>()

const ofSpelling = (s: Spelling): Description => describe(s.instruction, syntaxOfSpelling(s), assignedFields(s), noteOf(s))

/** What the disassembler prints under the name comes first: `mftb` of the time base alone. */
function find(name: string): Description | null {
  const printed = aliases.find(s => s.name === name && s.printed)
  if (printed) return ofSpelling(printed)
  const instruction = instructionNamed(name)
  if (instruction) return describe(instruction, syntaxOf(name, ownSlots(instruction)), {}, null)
  const accepted = aliases.find(s => s.name === name)
  return accepted ? ofSpelling(accepted) : null
}

/** A mnemonic as written in a source, suffixes included; null for no instruction here. */
export function describeMnemonic(name: string): Description | null {
  const lower = name.toLowerCase()
  if (!known.has(lower)) known.set(lower, find(lower))
  return known.get(lower)!
}

/** The instruction that a word is, with the values of its fields; null for none. */
export function describeWord(word: number): Description | null {
  const i = decode(word)
  if (!i) return null
  const values: FieldValues = Object.fromEntries(fieldsOf(i).map(name => [name, i32(extractField(name, word))]))
  return describe(i, syntaxOf(i.name, ownSlots(i)), values, null)
}
