/**
 * What an instruction does, as register-transfer lines: its row is run with symbols for fields and registers, and what it reads, traps
 * on, stores and writes is printed in order. In 64-bit mode.
 */
import { Expr, i32, i64, read, type Type } from '../wasm/expr.ts'
import { shorten } from './bit-logic.ts'
import { type BitRow, MSR } from './bitfields.ts'
import type { FieldName } from './fields.ts'
import type { Instruction } from './instruction.ts'
import { type InterruptId, interrupts } from './interrupts.ts'
import { fieldLabel, Notation } from './notation.ts'
import { type EffectName, Semantics, type Size, type SuffixFlags, type Writes } from './semantics.ts'
import { holds, linesOf, type Statement } from './transfer-lines.ts'

export interface Transfers {
  readonly lines: readonly string[]
  /** Names of the interrupts that the row can raise. */
  readonly interrupts: readonly string[]
}

const symbol = (type: Type, name: string): Expr => read(type, { offset: 0, index: null, bytes: type === 'i64' ? 8 : 4, name })
const oneBit = new Set(['CA', 'OV', 'SO', 'CA32', 'OV32'])

/** How the clocks and parts of registers are called. */
const registerNames: Readonly<Record<string, string>> = { XERLOW: 'XER[46:63]' }
const registerName = (name: string): string => registerNames[name] ?? name.replace(/_BASE$/, '')

/** Effects that are no transfer: null for those that only the machine needs to know of. */
const effectTexts: Readonly<Record<EffectName, string | null>> = {
  'any special-purpose register': null,
  'translation changed': null,
  synchronize: null,
  tlbie: 'invalidate translations in every thread',
  tlbiel: 'invalidate translations in this thread',
  msgsndp: 'directed privileged doorbell to the thread of this core that RB names',
  msgclrp: 'the doorbell of this thread that RB names is pending no more',
  attn: 'the processor stops for attention',
}

/** What an access to one special-purpose register or another can take. */
const ofSomeRegister = ['program', 'emulationAssistance', 'facilityUnavailable', 'hypervisorFacilityUnavailable'] as const

/** LT, GT and EQ of a comparison, and SO: `CR field BF ← a < b || a > b || a = b || SO`. */
const CONDITION = 'CONDITION'
const conditionOf = (lt: Expr, gt: Expr, so: Expr): Expr =>
  new Expr('named', 'i32', [so, lt, gt, new Expr('eq', 'i32', lt.args), so], null, null, CONDITION)

class Describing extends Semantics {
  readonly SF = true
  readonly flags: SuffixFlags
  readonly CIA = symbol('i64', 'CIA')
  readonly time = symbol('i64', 'time')
  readonly statements: Statement[] = []
  readonly raised = new Set<InterruptId>()
  readonly notation = new Notation()
  /** The new value of RT or RA, which CR0 tells about. */
  readonly result = symbol('i64', 'result')
  private readonly shorter = new Map<Expr, Expr>()
  private stored: { ea: Expr; value: Expr; bytes: number } | null = null

  constructor(
    instruction: Instruction,
    private readonly fieldOf: (name: FieldName) => Expr,
  ) {
    super()
    this.flags = instruction.flags
    this.notation.time = this.time
  }

  field(name: FieldName): Expr {
    return this.fieldOf(name)
  }

  register(name: string): Expr {
    if (name === 'COMPLETED') return this.time
    return symbol(oneBit.has(name) ? 'i32' : 'i64', this.nameOf(name))
  }

  /** `SPR` is the register of the number in that field. */
  private nameOf(register: string): string {
    return register === 'SPR' ? `SPREG(${this.notation.show(this.field('SPR'))})` : registerName(register)
  }

  gpr(index: Expr): Expr {
    return symbol('i64', index.isConst ? `r${index.num}` : `(${this.notation.show(index)})`)
  }

  override get RA0(): Expr {
    const ra = this.field('RA')
    if (ra.isConst) return ra.num === 0 ? i64(0) : this.gpr(ra)
    return symbol('i64', `(${this.notation.show(ra)}|0)`)
  }

  crField(index: Expr): Expr {
    return symbol('i32', `CR field ${this.notation.show(index)}`)
  }

  override crBit(name: FieldName): Expr {
    const e = symbol('i32', `CR[${this.notation.show(this.field(name))}]`)
    this.notation.bits.add(e)
    return e
  }

  override get CR(): Expr {
    return symbol('i64', 'CR')
  }

  override get XER(): Expr {
    return symbol('i64', 'XER')
  }

  override condition(lt: Expr, gt: Expr, so: Expr = this.SO): Expr {
    return conditionOf(lt, gt, so)
  }

  override resultCondition(): Expr {
    return conditionOf(this.result.lt(0), this.result.gt(0), this.SO)
  }

  private short(e: Expr): Expr {
    return shorten(e, this.notation.bits, this.shorter)
  }

  // ───────── storage ─────────

  /** Gives the address the name EA, once. */
  private addressed(ea: Expr): string {
    const known = this.notation.names.get(ea)
    if (known) return known
    const others = [...this.notation.names.values()].filter(n => n.startsWith('EA')).length
    const name = `EA${others || ''}`
    this.notation.names.set(ea, name)
    this.say([...ea.args], n => `${name} ← ${n.definition(ea)}`)
    return name
  }

  private access(...ids: InterruptId[]): void {
    for (const id of [...ids, 'dataSegment', 'dataStorage'] as const) this.raised.add(id)
  }

  private memory(ea: Expr, size: Size): Expr {
    const e = symbol('i64', `MEM(${this.addressed(ea)}, ${size})`)
    this.notation.memory.set(e, size)
    return e
  }

  load(ea: Expr, size: Size, order?: 'reversed'): Expr {
    this.access()
    const value = this.memory(ea, size)
    return order ? symbol('i64', `BYTE_REVERSE(${value.name})`) : value
  }

  store(ea: Expr, size: Size, value: Expr, order?: 'reversed'): void {
    this.access()
    const last = this.stored
    if (last && value.isConst && ea.op === 'add' && ea.args[0] === last.ea && ea.args[1]!.isConst && ea.args[1]!.num === last.bytes) {
      last.bytes += size
      return
    }
    const run = { ea, value, bytes: size as number }
    this.stored = run
    const name = this.addressed(ea)
    this.say([value], n => {
      const text = n.slice(value, 0, 8 * size).text
      return `MEM(${name}, ${run.bytes}) ← ${order ? `BYTE_REVERSE(${text})` : text}`
    })
  }

  loadReserve(ea: Expr, size: Size): Expr {
    this.access('alignment')
    const value = this.memory(ea, size)
    this.say([], () => `RESERVE ← 1, for ${value.name}`)
    return value
  }

  storeConditional(ea: Expr, size: Size, value: Expr): Expr {
    this.access('alignment')
    const name = this.addressed(ea)
    const performed = symbol('i32', 'performed')
    this.notation.bits.add(performed)
    this.say([], () => `performed ← RESERVE, if it is for MEM(${name}, ${size})`)
    this.say([value], n => `if performed then MEM(${name}, ${size}) ← ${n.slice(value, 0, 8 * size).text}`)
    this.say([], () => 'RESERVE ← 0')
    return performed
  }

  probeStore(): void {
    this.access()
  }

  faultIf(tested: Expr, id: 'alignment' | 'dataStorage', ea: Expr): void {
    const condition = this.short(tested)
    if (condition.isConst && condition.num === 0) return
    this.raised.add(id)
    if (ea.args.length) this.addressed(ea)
    this.say([condition], n => `${condition.isConst ? '' : `if ${n.condition(condition)} then `}${interrupts[id].name} interrupt`)
  }

  // ───────── effects ─────────

  trapIf(tested: Expr, id: InterruptId, cause: bigint | Expr): void {
    const condition = this.short(tested)
    if (condition.isConst && condition.num === 0) return
    this.raised.add(id)
    const shown = cause instanceof Expr ? [condition, cause] : [condition]
    this.say(shown, n => {
      const when = condition.isConst ? '' : `if ${n.condition(condition)} then `
      return `${when}${interrupts[id].name} interrupt${this.causeText(n, id, cause)}`
    })
  }

  private causeText(n: Notation, id: InterruptId, cause: bigint | Expr): string {
    if (cause instanceof Expr) return `, level ${n.show(cause)}`
    if (id === 'facilityUnavailable' || id === 'hypervisorFacilityUnavailable') return `, IC ${cause}`
    const rows: readonly BitRow[] = interrupts[id].causes
    const row = rows.find(r => 1n << BigInt(63 - r.last) === cause)
    return row ? ` (${row.name})` : ''
  }

  effect(name: EffectName, ...args: Expr[]): void {
    const known = effectTexts[name]
    if (name === 'any special-purpose register') for (const id of ofSomeRegister) this.raised.add(id)
    if (known === null) return
    this.say(args, n => `${known}${args.length ? `: ${args.map(a => n.show(a)).join(', ')}` : ''}`)
  }

  // ───────── new values ─────────

  say(shown: readonly Expr[], text: Statement['text'], defines: Statement['defines'] = null): void {
    this.statements.push({ shown, text, defines })
  }

  writes(writes: Writes): void {
    const sum = writes.RT ?? writes.RA
    this.notation.names.set(this.result, writes.RT ? this.target('RT') : this.target('RA'))
    const entries = Object.entries(writes)
    for (const [at, [key, value]] of entries.entries()) {
      if (!value || key === 'taken') continue
      const same = (other: (typeof entries)[number]) => oneBit.has(key) && other[1] === value
      if (entries.slice(0, at).some(same)) continue
      const twins = entries.slice(at + 1).filter(same)
      const target = [key, ...twins.map(([k]) => k)].map(k => this.target(k)).join(', ')
      const flag = sum && oneBit.has(key) ? flagText(key, value, sum) : null
      const shown = this.short(value)
      if (flag) this.say([], () => `${target} ← ${flag}`)
      else if (key === 'SO' && value.op === 'or' && value.args[1] === writes.OV) this.say([], () => 'SO ← SO | OV')
      else if (key === 'NIA') this.branch(shown, this.short(writes.taken!))
      else if (key === 'CR0' || key === 'BF') this.say(conditionParts(shown), n => `${target} ← ${conditionText(n, shown)}`)
      else this.say([shown], n => `${target} ← ${valueText(n, key, shown)}`, shown.args.length ? { value: shown, name: target } : null)
    }
  }

  private branch(target: Expr, taken: Expr): void {
    this.say([target, taken], n => `${taken.isConst ? '' : `if ${n.condition(taken)} then `}NIA ← ${n.show(target)}`)
  }

  private target(key: string): string {
    const fieldText = (name: FieldName) => fieldLabel(this.notation.show(this.field(name)))
    if (key === 'RT' || key === 'RA') return this.field(key).isConst ? `r${fieldText(key)}` : fieldText(key)
    if (key === 'BF') return `CR field ${fieldText('BF')}`
    return key === 'BT' ? `CR[${fieldText('BT')}]` : this.nameOf(key)
  }
}

/** Values of the MSR are told by the names of its bits. */
function valueText(n: Notation, key: string, value: Expr): string {
  n.image = key === 'MSR' ? MSR : null
  const text = n.show(value)
  n.image = null
  return text
}

/**
 * Carry or overflow out of bit 0 or 32 of a sum: one bit of a logical combination of the sum and its terms, which for an overflow has
 * the exclusive or of both.
 */
function flagText(key: string, value: Expr, sum: Expr): string | null {
  const bit = value.op === 'wrap' ? value.args[0]! : null
  const shifted = bit?.op === 'and' && bit.args[1]!.isConst ? bit.args[0]! : null
  if (shifted?.op !== 'shr_u' || sum.op !== 'add') return null
  const combination = shifted.args[0]!
  if (!holds(combination, sum, 3)) return null
  const from = shifted.args[1]!.num === 63 ? 0 : 32
  const differs = combination.args.some(a => a.op === 'xor' && a.args.includes(sum) && !a.args[1]!.isConst)
  if (differs) return from === 0 ? 'signed overflow' : 'signed overflow of the low 32 bits'
  return key.startsWith('CA') || key.startsWith('OV') ? `carry out of bit ${from}` : null
}

/** The four bits of a CR field, LT first, where the value is put together of single bits. */
function fourBits(n: Notation, e: Expr, by = 0): (Expr | null)[] | null {
  const at = (bit: Expr, k: number): (Expr | null)[] => [3, 2, 1, 0].map(i => (i === k ? bit : null))
  if (n.isBit(e)) return e.isConst && e.num === 0 ? [null, null, null, null] : at(e, by)
  if (e.op === 'shl' && e.args[1]!.isConst) return fourBits(n, e.args[0]!, by + e.args[1]!.num)
  if (e.op !== 'or') return null
  const [a, b] = [fourBits(n, e.args[0]!, by), fourBits(n, e.args[1]!, by)]
  return a && b && a.map((bit, i) => bit ?? b[i]!)
}

const conditionParts = (e: Expr): readonly Expr[] => (e.name === CONDITION ? e.args.slice(1) : [e])

function conditionText(n: Notation, e: Expr): string {
  const bits = e.name === CONDITION ? e.args.slice(1) : fourBits(n, e)
  if (!bits) return n.show(e)
  return bits.map(b => (b === null ? '0' : n.grouped(b))).join(' || ')
}

/** Runs the row with the given fields: constants, or expressions of symbols. */
export function transfersOf(instruction: Instruction, fieldOf: (name: FieldName) => Expr): Transfers {
  const { general, alwaysGeneral } = instruction
  const known = !general || (!alwaysGeneral && instruction.operands.every(o => fieldOf(o.field).isConst))
  // Where the fields are not known, those of a word that accesses storage tell the interrupts.
  const s = new Describing(instruction, known ? fieldOf : name => i32(name === 'RT' || name === 'RS' ? 30 : name === 'FC' ? 0 : 1))
  s.writes(instruction.semantics(s))
  const raised = [...s.raised].sort((a, b) => interrupts[a].priority - interrupts[b].priority)
  return { lines: known ? linesOf(s.statements, s.notation) : general, interrupts: raised.map(id => interrupts[id].name) }
}

/** What a field, or a parameter of an extended mnemonic, is called. */
export const fieldSymbol = (name: string): Expr => symbol('i32', name)
