/** The directives: one entry each, which reads the operands once and returns what every pass does. */
import { levelOfMachine, levels } from '../isa/levels.ts'
import { Complaint, type Expression, modified, parseExpression, quoted } from './expression.ts'
import type { Statement, Token } from './lexer.ts'
import type { Pass, SectionFlags, SymbolType } from './program.ts'

/** What a statement does in a pass. */
export type Action = (pass: Pass) => void

/** What a directive needs of the assembler. */
export interface Reader {
  /** Undefined where a symbol is; in the last pass, and for a division by zero, that is said. */
  evaluate(e: Expression, pass: Pass): bigint | undefined
  warn(message: string, at: { line: number; column: number; end: number }): void
  /** Declares a symbol that is assigned, once or again. Throws a Complaint where a label has the name. */
  declareAssigned(name: Token, once: boolean): string
  declareGlobal(name: Token, weak: boolean): void
  /** As declareAssigned, once, for a symbol that names room in .bss. */
  declareCommon(name: Token): string
}

type Directive = (s: Statement, r: Reader) => Action | null

const at = (s: Statement) => ({ line: s.line, column: s.head!.column, end: s.head!.end })

// ───────── reading operands ─────────

function expression(s: Statement, index: number, what: string): Expression {
  const tokens = s.operands[index] ?? []
  if (tokens.length === 0) throw new Complaint(`${s.head!.text} expects ${what}`, at(s))
  const e = parseExpression(tokens, 0, at(s))
  const rest = tokens[e.length]
  if (rest) throw new Complaint(`expected a comma or the end of the statement, found ${quoted(rest)}`, rest)
  return e
}

const optional = (s: Statement, index: number): Expression | null => (s.operands[index]?.length ? expression(s, index, 'a number') : null)

function atMost(s: Statement, count: number): void {
  const extra = s.operands[count]
  if (extra) throw new Complaint(`${s.head!.text} takes at most ${count} operand${count === 1 ? '' : 's'}`, extra[0] ?? at(s))
}

function nameAt(s: Statement, index: number, what: string): Token {
  const [token, rest] = s.operands[index] ?? []
  if (token?.kind !== 'name')
    throw new Complaint(`${s.head!.text} expects ${what}${token ? `, found ${quoted(token)}` : ''}`, token ?? at(s))
  if (rest) throw new Complaint(`expected a comma or the end of the statement, found ${quoted(rest)}`, rest)
  return token
}

/** A count that decides the layout: 0 as long as its symbols are unknown. */
function count(e: Expression, pass: Pass, r: Reader, what: string, limit = 0xffffffffn): number {
  const v = r.evaluate(e, pass) ?? 0n
  if (v < 0n || v > limit) {
    if (pass.emitting) throw new Complaint(`${what} ${v} is not between 0 and ${limit}`, e.at)
    return 0
  }
  return Number(v)
}

// ───────── data ─────────

/** Values of a list. A place with nothing in it is 0, as to GNU as. */
function valuesOf(s: Statement, r: Reader): ((pass: Pass) => { v: bigint; e: Expression | null })[] {
  return s.operands.map((tokens, i) => {
    if (tokens.length === 0) {
      r.warn(`value ${i + 1} of ${s.head!.text} is missing; it is taken to be 0`, at(s))
      return () => ({ v: 0n, e: null })
    }
    const e = expression(s, i, 'a number or a symbol')
    return pass => ({ v: r.evaluate(e, pass) ?? 0n, e })
  })
}

const data =
  (size: number): Directive =>
  (s, r) => {
    const values = valuesOf(s, r)
    const [low, high] = [-(1n << BigInt(8 * size - 1)), (1n << BigInt(8 * size)) - 1n]
    return pass => {
      if (!pass.emitting) return pass.fill(size * values.length, [0], s.head!)
      for (const value of values) {
        const { v: plain, e } = value(pass)
        const v = e?.modifier ? modified(plain, e.modifier) : plain
        if (e && size < 8 && (v < low || v > high))
          r.warn(`${v} does not fit in ${size} byte${size === 1 ? '' : 's'}; the low ${8 * size} bits are kept`, e.at)
        pass.append(pass.bytesOf(v, size), s.head!)
      }
    }
  }

/** `.octa`: 16 bytes, of a number or an expression whose sign goes on. */
const octa: Directive = (s, r) => {
  const values = s.operands.map((tokens, i) => {
    const minus = tokens[0]?.text === '-' && tokens.length === 2
    const sole = minus ? tokens[1] : tokens.length === 1 ? tokens[0] : undefined
    if (sole?.kind === 'wide' || sole?.kind === 'number') return minus ? -sole.value : sole.value
    return expression(s, i, 'a number or a symbol')
  })
  return pass => {
    for (const v of values) pass.append(pass.bytesOf(typeof v === 'bigint' ? v : (r.evaluate(v, pass) ?? 0n), 16), s.head!)
  }
}

/** Little-endian base 128, seven bits a byte (DWARF 5, 7.6). */
function leb128(value: bigint, signed: boolean): number[] {
  const bytes: number[] = []
  for (let rest = signed ? value : BigInt.asUintN(64, value); ; ) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const ends = signed ? (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40) : rest === 0n
    bytes.push(ends ? low : low | 0x80)
    if (ends) return bytes
  }
}

const leb =
  (signed: boolean): Directive =>
  (s, r) => {
    const values = valuesOf(s.operands.length > 0 ? s : { ...s, operands: [[]] }, r)
    return pass => {
      for (const value of values) pass.append(leb128(value(pass).v, signed), s.head!)
    }
  }

const text =
  (zero: boolean): Directive =>
  s => {
    const bytes: number[] = []
    if (s.operands.length === 0) throw new Complaint(`${s.head!.text} expects a string in double quotes`, at(s))
    for (const operand of s.operands) {
      const bad = operand.find(t => t.kind !== 'string')
      if (bad || operand.length === 0)
        throw new Complaint(`expected a string in double quotes${bad ? `, found ${quoted(bad)}` : ''}`, bad ?? at(s))
      for (const t of operand) for (const b of t.bytes) bytes.push(b)
      if (zero) bytes.push(0)
    }
    return pass => pass.append(bytes, s.head!)
  }

const space: Directive = (s, r) => {
  atMost(s, 2)
  const size = expression(s, 0, 'a size in bytes')
  const value = optional(s, 1)
  return pass => {
    const byte = value ? (r.evaluate(value, pass) ?? 0n) : 0n
    pass.fill(count(size, pass, r, 'the size'), [Number(byte & 0xffn)], s.head!)
  }
}

/** `.fill repeat, size, value`. */
const fill: Directive = (s, r) => {
  atMost(s, 3)
  const repeat = expression(s, 0, 'a repeat count')
  const [size, value] = [optional(s, 1), optional(s, 2)]
  return pass => {
    const width = size ? Math.min(8, count(size, pass, r, 'the size')) : s.operands[1] ? 0 : 1
    const v = value ? (r.evaluate(value, pass) ?? 0n) : 0n
    // A unit holds 4 bytes of value, and zeros after them.
    const unit = [...pass.bytesOf(v, Math.min(4, width)), 0, 0, 0, 0].slice(0, width)
    pass.fill(count(repeat, pass, r, 'the repeat count') * width, unit, s.head!)
  }
}

// ───────── place ─────────

const NOP = 0x60000000n
const BRANCH = 0x48000000n
/** GNU as branches over longer runs of nops. */
const MOST_NOPS = 4

/** Ends a group of instructions on POWER7 and POWER8: `ori r2,r2,0`. */
const GROUP_NOP = 0x60420000n

function pad(pass: Pass, size: number, at: Token): void {
  const word = (w: bigint) => pass.bytesOf(w, 4)
  if (!pass.section.flags.executable || size % 4 !== 0) return pass.fill(size, [0], at)
  let nops = size
  if (size / 4 > MOST_NOPS) {
    pass.append(word(BRANCH | BigInt(size)), at)
    nops -= 4
  }
  const { level } = pass.known
  const last = level === 'power7' || level === 'power8' ? GROUP_NOP : NOP
  pass.fill(nops - 4, word(NOP), at)
  pass.append(word(last), at)
}

const LARGEST_ALIGNMENT = 63n

/** `unit`: bytes of the pattern to fill with. */
const align =
  (power: boolean, unit = 1): Directive =>
  (s, r) => {
    atMost(s, 3)
    const amount = expression(s, 0, power ? 'a power of two' : 'an alignment in bytes')
    const [fillWith, most] = [optional(s, 1), optional(s, 2)]
    return pass => {
      const n = count(amount, pass, r, 'the alignment', power ? LARGEST_ALIGNMENT : undefined)
      const bytes = power ? 2 ** n : Math.max(1, n)
      if (!Number.isInteger(Math.log2(bytes))) {
        if (pass.emitting) throw new Complaint(`the alignment ${bytes} is not a power of two`, amount.at)
        return
      }
      const missing = Number((BigInt(bytes) - (pass.here % BigInt(bytes))) % BigInt(bytes))
      if (most && missing > count(most, pass, r, 'the most bytes to skip')) return
      pass.section.alignment = Math.max(pass.section.alignment, Math.min(bytes, 65536))
      if (missing === 0) return
      if (fillWith) {
        const odd = missing % unit
        pass.fill(odd, [0], s.head!)
        pass.fill(missing - odd, pass.bytesOf(r.evaluate(fillWith, pass) ?? 0n, unit), s.head!)
      } else pad(pass, missing, s.head!)
    }
  }

/**
 * `.org`: before anything else in a section the address at which the section begins, wherever the others are. Later an address, or where that
 * lies below the section an offset in it.
 */
const org: Directive = (s, r) => {
  atMost(s, 2)
  const target = expression(s, 0, 'an address')
  const value = optional(s, 1)
  return pass => {
    const v = r.evaluate(target, pass)
    if (v === undefined) return
    const wanted = BigInt.asUintN(64, v)
    const { section } = pass
    if (section.untouched) {
      section.untouched = false
      section.start = wanted
      return
    }
    const address = wanted >= section.address ? wanted : section.address + wanted
    const distance = address - pass.here
    if (distance < 0n) {
      if (pass.emitting)
        throw new Complaint(
          `0x${address.toString(16)} lies behind: this place is 0x${pass.here.toString(16)}. .org goes forward only`,
          target.at,
        )
      return
    }
    const byte = value ? (r.evaluate(value, pass) ?? 0n) : 0n
    pass.fill(Number(distance < 1n << 40n ? distance : 1n << 40n), [Number(byte & 0xffn)], s.head!)
  }
}

// ───────── sections ─────────

const TEXT: SectionFlags = { executable: true, writable: false, loaded: true }
const DATA: SectionFlags = { executable: false, writable: true, loaded: true }
const READ_ONLY: SectionFlags = { executable: false, writable: false, loaded: true }
const ASIDE: SectionFlags = { executable: false, writable: false, loaded: false }

/** Flags that a section has by its name. */
function flagsByName(name: string): SectionFlags {
  if (/^\.(text|init|fini|head)(\.|$)/.test(name)) return TEXT
  if (/^\.(data|bss|sdata|sbss|tdata|tbss|toc|got)(\.|$)/.test(name)) return DATA
  if (/^\.(rodata|eh_frame|opd)(\.|$)/.test(name)) return READ_ONLY
  return ASIDE
}

const enter =
  (name: string, flags: SectionFlags): Action =>
  pass =>
    pass.enter(name, flags)

const named =
  (name: string): Directive =>
  s => {
    const rest = s.operands[0]
    const subsection = rest?.length === 1 && rest[0]!.kind === 'number'
    if (subsection && rest[0]!.value !== 0n)
      throw new Complaint('subsections are not supported: write the statements in their order', rest[0]!)
    if (rest && !subsection) throw new Complaint(`${s.head!.text} takes no operands`, rest[0] ?? at(s))
    return enter(name, flagsByName(name))
  }

const section: Directive = s => {
  const [token, flags] = s.operands
  const nameText = token?.map(t => (t.kind === 'string' ? String.fromCharCode(...t.bytes) : t.text)).join('')
  if (!nameText) throw new Complaint(`${s.head!.text} expects a section name`, token?.[0] ?? at(s))
  const [letters] = flags ?? []
  if (letters && letters.kind !== 'string') throw new Complaint(`expected section flags such as "ax", found ${quoted(letters)}`, letters)
  if (!letters) return enter(nameText, flagsByName(nameText))
  const has = (c: string) => letters.bytes.includes(c.charCodeAt(0))
  return enter(nameText, { executable: has('x'), writable: has('w'), loaded: has('a') })
}

const previous: Directive = s => pass => {
  if (!pass.swap() && pass.emitting) throw new Complaint('.previous without a section before this one', at(s))
}

const pushSection: Directive = (s, r) => {
  const go = section(s, r)
  return pass => {
    pass.push()
    go?.(pass)
  }
}

const popSection: Directive = s => pass => {
  if (!pass.pop() && pass.emitting) throw new Complaint('.popsection without .pushsection', at(s))
}

// ───────── symbols ─────────

const assign =
  (name: string, e: Expression, r: Reader): Action =>
  pass => {
    const v = r.evaluate(e, pass)
    if (v !== undefined) pass.define(name, BigInt.asUintN(64, e.modifier ? modified(v, e.modifier) : v))
  }

const set =
  (once: boolean): Directive =>
  (s, r) => {
    atMost(s, 2)
    const token = nameAt(s, 0, 'a symbol and its value')
    const value = expression(s, 1, 'a symbol and its value')
    return assign(r.declareAssigned(token, once), value, r)
  }

/** `name = expression`. */
export function assignment(s: Statement, r: Reader): Action {
  if (s.head!.kind !== 'name') throw new Complaint(`expected a symbol before "=", found ${quoted(s.head!)}`, s.head!)
  atMost(s, 1)
  const value = expression(s, 0, 'a value after "="')
  if (s.head!.text !== '.') return assign(r.declareAssigned(s.head!, false), value, r)
  return org({ ...s, head: { ...s.head!, text: '.org' } }, r)!
}

const globals =
  (weak: boolean): Directive =>
  (s, r) => {
    if (s.operands.length === 0) throw new Complaint(`${s.head!.text} expects a symbol`, at(s))
    s.operands.forEach((_, i) => {
      r.declareGlobal(nameAt(s, i, 'a symbol'), weak)
    })
    return null
  }

const symbolTypes: Readonly<Record<string, SymbolType>> = {
  function: 'function', stt_func: 'function', gnu_indirect_function: 'function', stt_gnu_ifunc: 'function',
  object: 'object', stt_object: 'object', gnu_unique_object: 'object', common: 'object', stt_common: 'object',
  notype: 'notype', stt_notype: 'notype', tls_object: 'thread', stt_tls: 'thread',
} // biome-ignore format: a table

/** `.type name, @function`, with `@`, `%`, quotes, or STT_FUNC. */
const type: Directive = s => {
  // The comma may be left out.
  const [name, ...rest] = s.operands.flat()
  if (name?.kind !== 'name') throw new Complaint(`${s.head!.text} expects a symbol and its type`, name ?? at(s))
  const word = rest.find(t => t.kind === 'name' || t.kind === 'string')
  const text = (word?.kind === 'string' ? String.fromCharCode(...word.bytes) : (word?.text ?? '')).toLowerCase()
  const known = Object.hasOwn(symbolTypes, text) ? symbolTypes[text] : undefined
  if (!known)
    throw new Complaint(
      `${s.head!.text} expects a type such as @function or @object${word ? `, found ${quoted(word)}` : ''}`,
      word ?? at(s),
    )
  return pass => pass.describe(name.text, { type: known })
}

const size: Directive = (s, r) => {
  atMost(s, 2)
  const name = nameAt(s, 0, 'a symbol and its size')
  const e = expression(s, 1, 'a symbol and its size')
  return pass => {
    const v = r.evaluate(e, pass)
    if (v !== undefined) pass.describe(name.text, { size: v })
  }
}

/** What st_other can say of a distance: 0, or a power of two from 4 to 64. */
const LOCAL_ENTRIES = new Set([0n, 1n, 4n, 8n, 16n, 32n, 64n])

const localEntry: Directive = (s, r) => {
  atMost(s, 2)
  const name = nameAt(s, 0, 'a function and the distance of its local entry')
  const e = expression(s, 1, 'a function and the distance of its local entry')
  return pass => {
    const v = r.evaluate(e, pass)
    if (v === undefined) return
    if (pass.emitting && !LOCAL_ENTRIES.has(v)) throw new Complaint(`the distance ${v} is not 0, 4, 8, 16, 32 or 64`, e.at)
    if (v > 1n) pass.localEntries.set(name.text, v)
  }
}

const machine: Directive = s => {
  const [token] = s.operands.flat()
  const written = s.operands
    .flat()
    .map(t => (t.kind === 'string' ? String.fromCharCode(...t.bytes) : t.text))
    .join('')
  if (!token) throw new Complaint(`${s.head!.text} expects a processor, push or pop`, at(s))
  if (written === 'push') return pass => pass.pushLevel()
  if (written === 'pop')
    return pass => {
      if (!pass.popLevel() && pass.emitting) throw new Complaint('.machine pop without .machine push', token)
    }
  const level = levelOfMachine(written)
  // A facility such as altivec adds to what there is.
  if (!level && !/^(altivec|vsx|htm|spe|vle)$/.test(written))
    throw new Complaint(`no processor "${written}". Known: ${levels.join(', ')}`, token)
  return pass => {
    if (level) pass.level = level
  }
}

/** `.loc`: lines are those of this source, so it says nothing here; the number of its view is a symbol of debug information. */
const loc: Directive = (s, r) => {
  const tokens = s.operands.flat()
  const name = tokens[tokens.findIndex(t => t.text === 'view') + 1]
  if (!tokens.some(t => t.text === 'view') || name?.kind !== 'name') return null
  const symbol = r.declareAssigned(name, true)
  return pass => pass.define(symbol, 0n)
}

/** Says something to a linker, an unwinder or a person; changes no byte. */
const ignored: Directive = () => null

/** `.comm name, size, alignment`: room in .bss, the same for every object where it is not local. */
const common =
  (local: boolean): Directive =>
  (s, r) => {
    const token = nameAt(s, 0, 'a symbol, a size and an alignment')
    const size = expression(s, 1, 'a symbol, a size and an alignment')
    const alignment = optional(s, 2)
    const name = r.declareCommon(token)
    if (!local) r.declareGlobal(token, false)
    return pass => {
      pass.describe(name, { type: 'object', size: BigInt(count(size, pass, r, 'the size')) })
      pass.push()
      pass.enter('.bss', DATA)
      const bytes = BigInt(alignment ? Math.max(1, count(alignment, pass, r, 'the alignment', 65536n)) : 8)
      pass.section.alignment = Math.max(pass.section.alignment, Number(bytes))
      pass.fill(Number((bytes - (pass.here % bytes)) % bytes), [0], s.head!)
      pass.define(name, pass.here)
      pass.fill(count(size, pass, r, 'the size'), [0], s.head!)
      pass.pop()
    }
  }

// biome-ignore format: columns
export const directives: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['.byte', data(1)], ['.2byte', data(2)], ['.short', data(2)], ['.hword', data(2)], ['.4byte', data(4)],
  ['.long', data(4)], ['.int', data(4)], ['.word', data(2)], ['.8byte', data(8)], ['.quad', data(8)], ['.llong', data(8)],
  ['.ascii', text(false)], ['.asciz', text(true)], ['.string', text(true)],
  ['.space', space], ['.skip', space], ['.zero', space], ['.fill', fill],
  ['.dc.b', data(1)], ['.dc', data(2)], ['.dc.w', data(2)], ['.dc.l', data(4)], ['.string8', text(true)],
  ['.balignw', align(false, 2)], ['.balignl', align(false, 4)], ['.p2alignw', align(true, 2)], ['.p2alignl', align(true, 4)],
  ['.align', align(true)], ['.p2align', align(true)], ['.balign', align(false)], ['.org', org],
  ['.text', named('.text')], ['.data', named('.data')], ['.bss', named('.bss')],
  ['.section', section], ['.pushsection', pushSection], ['.popsection', popSection], ['.previous', previous],
  ['.set', set(false)], ['.equ', set(false)], ['.equiv', set(true)],
  ['.globl', globals(false)], ['.global', globals(false)], ['.weak', globals(true)],
  ['.comm', common(false)], ['.lcomm', common(true)],
  ['.loc', loc], ['.type', type], ['.size', size], ['.localentry', localEntry], ['.machine', machine],
  ['.octa', octa], ['.uleb128', leb(false)], ['.sleb128', leb(true)],
  ...['.abiversion', '.file', '.ident', '.local', '.hidden', '.protected', '.internal', '.noaltmacro', '.print', '.linkonce', '.version', '.symver',
    '.gnu_attribute', '.cfi_startproc', '.cfi_endproc', '.cfi_def_cfa', '.cfi_def_cfa_offset', '.cfi_def_cfa_register',
    '.cfi_offset', '.cfi_register', '.cfi_restore', '.cfi_sections', '.cfi_adjust_cfa_offset', '.cfi_remember_state', '.cfi_restore_state',
    '.addrsig', '.title', '.sbttl', '.list', '.nolist', '.psize', '.eject'].map(n => [n, ignored] as const),
])

export const TEXT_SECTION = TEXT
