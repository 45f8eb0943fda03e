/**
 * The assembler: GNU as syntax for ppc64, to sections at their final addresses. Statements are read once; passes over them repeat until
 * no symbol and no section moves, and a last one writes bytes and says everything that is wrong.
 */
import type { Level } from '../isa/levels.ts'
import { NearestNames } from '../isa/nearest.ts'
import { type Action, type Reader, TEXT } from './directive.ts'
import { assignment, directives } from './directives.ts'
import { encodeInstruction, mnemonicHints } from './encode.ts'
import { Expander, type Host, withOrigin } from './expansion.ts'
import { Complaint, type Expression, evaluate, quoted, type Scope, TOC_BASE } from './expression.ts'
import { type Origin, type Statement, statementText, type Token } from './lexer.ts'
import { isRegisterName, type Place, type Where } from './operands.ts'
import { type Described, type Known, Pass, type SectionState } from './program.ts'

export interface Diagnostic {
  /** From 1, as the columns; `endColumn` is after the last character. */
  line: number
  column: number
  endColumn: number
  severity: 'error' | 'warning'
  message: string
}

export interface Section {
  name: string
  address: bigint
  bytes: Uint8Array
  executable: boolean
  writable: boolean
}

export interface AssembledLine {
  line: number
  address: bigint
  size: number
  instruction: boolean
  /** Of what an expansion made: its text. The line is then that of the macro's call. */
  expansion?: string
}

/** A label for other programs' eyes: what directives say of it. */
export interface SymbolInfo extends Described {
  readonly binding: 'local' | 'global' | 'weak'
  readonly localEntry: bigint
}

export interface Assembled {
  /** In the order of their lines. With an error among them the rest is what could be made of the source. */
  diagnostics: Diagnostic[]
  /** In the order of their addresses; empty ones are left out. */
  sections: Section[]
  /** Labels. */
  symbols: Map<string, bigint>
  /** What `.equ`, `.set` and `=` gave a value, the last one. */
  constants: Map<string, bigint>
  globals: Set<string>
  /** Of every label and of what `.comm` makes. */
  described: Map<string, SymbolInfo>
  /** Statements that made bytes, in the order of the source. */
  lines: AssembledLine[]
  instructions: number
  /** `_start` where that is a label. */
  entry: string | null
}

export interface AssembleOptions {
  /** Of the source, for messages of whoever shows them. */
  name?: string
  littleEndian: boolean
  /** Where .text begins, unless an `.org` says otherwise. */
  origin: bigint
  /** Where the sections that are not executable begin; else they follow the others. */
  dataOrigin?: bigint
  /** Instructions of later processors are errors; POWER9 unless it says otherwise. */
  cpu?: Level
  /** The text of a file that `.include` names, null where there is none. Without it every `.include` is refused. */
  include?: (path: string) => string | null
  /** Names that `include` knows, for the message about one that it does not. */
  includeNames?: readonly string[]
}

/** Chains of forward references settle one link a pass; a layout that depends on itself never does. */
const MOST_PASSES = 40
const MOST_DIAGNOSTICS = 1000
const SECTION_GAP = 16n

interface Item {
  readonly statement: Statement
  readonly labels: readonly string[]
  readonly action: Action | null
  readonly instruction: boolean
}

class Assembler implements Reader, Host {
  private readonly diagnostics: Diagnostic[] = []
  private readonly items: Item[] = []
  private readonly labels = new Map<string, Token>()
  private readonly assigned = new Map<string, { token: Token; once: boolean }>()
  private readonly globals = new Map<string, Token>()
  private readonly weak = new Set<string>()
  private readonly commons = new Set<string>()
  /** How often each local number has been a label so far. */
  private readonly localCount = new Map<string, number>()
  /** `1f` and `1b`, as the hidden names that they refer to. */
  private readonly localNames = new Map<Token, string>()
  private readonly nearestMnemonic = mnemonicHints()
  private readonly nearestDirective = new NearestNames(() => directives.keys())
  private readonly nearestSymbol = new NearestNames(() => [...this.labels.keys(), ...this.assigned.keys()], 50)
  private readonly said = { error: 0, warning: 0 }
  private instructions = 0
  /** Of the statement that is being read or performed. */
  private origin: Origin | null = null
  private readonly saidAlready = new Set<string>()
  /** The first pass, which keeps step with reading, so that conditions know what came before them. */
  private readonly first: Pass

  constructor(
    source: string,
    private readonly options: AssembleOptions,
  ) {
    this.first = this.newPass(
      { symbols: new Map(), bases: new Map([['.text', options.origin]]), localEntries: new Map(), level: options.cpu ?? 'power9' },
      false,
    )
    const expander = new Expander(source, this)
    for (let statement = expander.next(); statement; statement = expander.next()) {
      const item = this.read(statement)
      this.items.push(item)
      this.perform(item, this.first)
    }
  }

  private newPass(known: Known, emitting: boolean): Pass {
    const pass = new Pass(known, emitting, this.options.littleEndian, this.options.cpu ?? 'power9')
    pass.enter('.text', TEXT)
    return pass
  }

  // ───────── reading ─────────

  private read(statement: Statement): Item {
    this.origin = statement.origin
    const labels = statement.labels.flatMap(t => this.attempt(() => this.label(t)) ?? [])
    this.nameLocals(statement)
    const action = statement.head ? (this.attempt(() => this.actionOf(statement)) ?? null) : null
    const { head } = statement
    const instruction = head?.kind === 'name' && !statement.assigns && !head.text.startsWith('.')
    if (instruction) this.instructions++
    return { statement, labels, action, instruction }
  }

  private nameLocals(statement: Statement): void {
    for (const operand of statement.operands) for (const t of operand) if (t.kind === 'local') this.localNames.set(t, this.localName(t))
  }

  private label(t: Token): string {
    if (t.kind === 'number') {
      const number = `${t.value}`
      this.localCount.set(number, (this.localCount.get(number) ?? 0) + 1)
      return `${number}#${this.localCount.get(number)}`
    }
    const before = this.labels.get(t.text) ?? this.assigned.get(t.text)?.token
    if (before) throw new Complaint(`the symbol "${t.text}" is defined already, in line ${before.line}`, t)
    this.labels.set(t.text, t)
    return t.text
  }

  private localName(t: Token): string {
    const number = `${BigInt(t.text.slice(0, -1))}`
    const sofar = this.localCount.get(number) ?? 0
    return `${number}#${t.text.endsWith('f') ? sofar + 1 : sofar}`
  }

  private actionOf(statement: Statement): Action | null {
    const head = statement.head!
    const bad = head.kind === 'bad' ? head : statement.operands.flat().find(t => t.kind === 'bad')
    if (bad) throw new Complaint(bad.complaint, bad)
    if (statement.assigns) return assignment(statement, this)
    if (head.kind !== 'name') throw new Complaint(`expected an instruction, a directive or a label, found "${head.text}"`, head)
    if (!head.text.startsWith('.')) return pass => this.instruction(statement, pass)
    const directive = directives.get(head.text.toLowerCase())
    if (!directive) throw new Complaint(`no directive "${head.text}".${this.nearestDirective.hint(head.text.toLowerCase())}`, head)
    return directive(statement, this)
  }

  declareAssigned(name: Token, once: boolean): string {
    const label = this.labels.get(name.text)
    const before = this.assigned.get(name.text)
    if (label || (before && (once || before.once)))
      throw new Complaint(`the symbol "${name.text}" is defined already, in line ${(label ?? before!.token).line}`, name)
    if (isRegisterName(name.text)) throw new Complaint(`"${name.text}" is a register and cannot be a symbol`, name)
    if (!before) this.assigned.set(name.text, { token: name, once })
    return name.text
  }

  declareGlobal(name: Token, weak: boolean): void {
    this.globals.set(name.text, name)
    if (weak) this.weak.add(name.text)
  }

  declareCommon(name: Token): string {
    this.commons.add(name.text)
    return this.declareAssigned(name, true)
  }

  // ───────── what expansion asks ─────────

  isDirective(name: string): boolean {
    return directives.has(name)
  }

  isDefined(name: string): boolean {
    return this.first.symbols.has(name)
  }

  constant(statement: Statement, e: Expression): bigint {
    this.origin = statement.origin
    this.nameLocals(statement)
    const head = statement.head!
    const scope = this.scope(this.first)
    const value = evaluate(e, {
      here: scope.here,
      symbol: t => {
        const v = scope.symbol(t)
        if (v === undefined) throw new Complaint(`${head.text} needs the value of ${quoted(t)}, which nothing before it defines`, t)
        return v
      },
    })!
    const check: Action = pass => {
      const settled = pass.emitting ? this.evaluate(e, pass) : value
      if (settled !== undefined && settled !== value)
        throw new Complaint(
          `${head.text} was decided with ${value}, and is ${settled} when all addresses are known: it must not depend on what follows`,
          e.at,
        )
    }
    this.items.push({ statement, labels: [], action: check, instruction: false })
    return value
  }

  error(message: string, at: Where, origin: Origin | null): void {
    this.origin = origin
    this.say('error', message, at)
  }

  warning(message: string, at: Where, origin: Origin | null): void {
    this.origin = origin
    this.say('warning', message, at)
  }

  include(path: string): { text: string } | { refused: string } {
    const { include } = this.options
    if (!include) return { refused: `"${path}" is not here: this program is one source. Put the text of the file in its place` }
    const text = include(path)
    const known = this.options.includeNames?.length ? `. Twostep comes with ${this.options.includeNames.join(', ')}` : ''
    return text === null ? { refused: `no file "${path}" to include${known}` } : { text }
  }

  // ───────── saying what is wrong ─────────

  private say(severity: Diagnostic['severity'], message: string, at: Where): void {
    const { line, column, end } = at
    const whole = withOrigin(message, this.origin)
    const key = `${line}:${column}:${whole}`
    if (this.saidAlready.has(key)) return
    this.saidAlready.add(key)
    const said = ++this.said[severity]
    if (said > MOST_DIAGNOSTICS + 1) return
    const text = said <= MOST_DIAGNOSTICS ? whole : `more than ${MOST_DIAGNOSTICS} ${severity}s; the others are not shown`
    this.diagnostics.push({ line, column, endColumn: Math.max(end, column + 1), severity, message: text })
  }

  warn(message: string, at: Where): void {
    this.say('warning', message, at)
  }

  private attempt<T>(act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      if (!(error instanceof Complaint)) throw error
      this.say('error', error.message, error)
      return undefined
    }
  }

  // ───────── values ─────────

  evaluate(e: Expression, pass: Pass): bigint | undefined {
    const scope = this.scope(pass)
    return pass.emitting ? this.attempt(() => evaluate(e, this.complete(scope))) : evaluate(e, scope)
  }

  private scope(pass: Pass): Scope {
    const { bases } = pass.known
    return {
      here: pass.here,
      symbol: t =>
        pass.value(this.nameOf(t)) ?? (t.text === TOC_BASE ? (bases.get('.toc') ?? bases.get('.data') ?? 0n) + 0x8000n : undefined),
    }
  }

  private nameOf(t: Token): string {
    return t.kind === 'local' ? (this.localNames.get(t) ?? t.text) : t.text
  }

  /** A scope in which a missing symbol is a Complaint. */
  private complete(scope: Scope): Scope {
    return {
      here: scope.here,
      symbol: t => {
        const v = scope.symbol(t)
        if (v !== undefined) return v
        if (t.kind === 'local')
          throw new Complaint(`no label "${t.text.slice(0, -1)}:" ${t.text.endsWith('f') ? 'after' : 'before'} this line`, t)
        // As ld leaves a weak symbol that nothing defines.
        if (this.weak.has(t.text)) return 0n
        if (this.assigned.has(t.text))
          throw new Complaint(`the value of "${t.text}" (line ${this.assigned.get(t.text)!.token.line}) is not known`, t)
        throw new Complaint(`no symbol "${t.text}".${this.nearestSymbol.hint(t.text)}`, t)
      },
    }
  }

  // ───────── passes ─────────

  private instruction(statement: Statement, pass: Pass): void {
    const head = statement.head!
    if (!pass.emitting) {
      pass.fill(4, [0], head)
      return
    }
    const scope = this.complete(this.scope(pass))
    const place: Place = {
      scope,
      address: pass.here,
      warn: (message, at) => this.warn(message, at),
      localEntry: t => pass.known.localEntries.get(t.text) ?? 0n,
    }
    const { word, complaints } = encodeInstruction(statement, place, this.nearestMnemonic, pass.level)
    for (const c of complaints) this.say('error', c.message, c)
    if (pass.here % 4n)
      this.say('error', `an instruction at 0x${pass.here.toString(16)}: instructions lie at multiples of 4. Put .align 2 before it`, head)
    pass.append(pass.bytesOf(BigInt(word), 4), head)
  }

  /** One item in a pass; true where it made bytes. */
  private perform({ labels, action, statement }: Item, pass: Pass): boolean {
    for (const name of labels) pass.label(name)
    if (!action) return false
    const { section } = pass
    const { size } = section
    if (pass.emitting) {
      this.origin = statement.origin
      this.attempt(() => action(pass))
    } else quietly(() => action(pass))
    return section.size > size
  }

  private run(known: Known): Pass {
    const pass = this.newPass(known, false)
    for (const item of this.items) this.perform(item, pass)
    return pass
  }

  private emit(known: Known, lines: AssembledLine[]): Pass {
    const pass = this.newPass(known, true)
    for (const item of this.items) {
      const { section } = pass
      const { size } = section
      const { statement, instruction } = item
      if (!this.perform(item, pass)) continue
      const made = { line: statement.line, address: section.address + BigInt(size), size: section.size - size, instruction }
      lines.push(statement.origin ? { ...made, expansion: statementText(statement) } : made)
    }
    this.origin = null
    return pass
  }

  /** Where each section goes: code at the origin, then read-only, writable, and .bss last. One that an `.org` begins stays out of the row. */
  private place(pass: Pass): Map<string, bigint> {
    const rank = (s: SectionState) =>
      s.name === '.text' ? 0 : s.flags.executable ? 1 : !s.flags.writable ? 2 : s.name.startsWith('.bss') ? 4 : 3
    const bases = new Map<string, bigint>()
    let cursor = this.options.origin
    let inData = false
    for (const s of [...pass.sections.values()].filter(one => one.flags.loaded).sort((a, b) => rank(a) - rank(b))) {
      if (!inData && rank(s) >= 2) {
        inData = true
        cursor = this.options.dataOrigin ?? cursor
      }
      const alignment = BigInt(s.alignment) > SECTION_GAP ? BigInt(s.alignment) : SECTION_GAP
      const base = bases.size === 0 || s.size === 0 ? cursor : ((cursor + alignment - 1n) / alignment) * alignment
      bases.set(s.name, base)
      if (s.start === null || s.start === base) cursor = base + BigInt(s.size)
    }
    return bases
  }

  private knownAfter(pass: Pass): Known {
    return { symbols: pass.first, bases: this.place(pass), localEntries: pass.localEntries, level: pass.level }
  }

  assemble(): Assembled {
    let pass = this.first
    let known = this.knownAfter(pass)
    let settled = false
    for (let n = 1; n < MOST_PASSES && !settled; n++) {
      pass = this.run(known)
      const next = this.knownAfter(pass)
      settled = same(known.symbols, next.symbols) && same(known.bases, next.bases) && same(known.localEntries, next.localEntries)
      known = next
    }
    const lines: AssembledLine[] = []
    pass = this.emit(known, lines)
    if (!settled)
      this.say(
        'error',
        'the addresses do not settle: a size or an .org depends on a symbol behind it',
        this.items[0]!.statement.head ?? this.items[0]!.statement.labels[0]!,
      )
    for (const [name, token] of this.globals)
      if (pass.value(name) === undefined && !this.weak.has(name)) this.warn(`"${name}" is declared global but not defined here`, token)
    return this.result(pass, lines)
  }

  private result(pass: Pass, lines: AssembledLine[]): Assembled {
    const loaded = [...pass.sections.values()].filter(s => s.flags.loaded && s.size > 0)
    const sections = loaded
      .map(s => ({ name: s.name, address: s.address, bytes: s.contents(), executable: s.flags.executable, writable: s.flags.writable }))
      .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
    this.checkOverlaps(sections)
    const value = (name: string): [string, bigint][] => (pass.symbols.has(name) ? [[name, pass.symbols.get(name)!]] : [])
    const symbols = new Map([...this.labels.keys()].flatMap(value))
    const constants = new Map([...this.assigned.keys()].flatMap(value))
    const entry = symbols.has('_start') ? '_start' : null
    this.diagnostics.sort((a, b) => a.line - b.line || a.column - b.column)
    return {
      diagnostics: this.diagnostics,
      sections,
      symbols,
      constants,
      globals: new Set(this.globals.keys()),
      described: this.describedSymbols(pass, symbols),
      lines,
      instructions: this.instructions,
      entry,
    }
  }

  private describedSymbols(pass: Pass, labels: ReadonlyMap<string, bigint>): Map<string, SymbolInfo> {
    const info = (name: string): SymbolInfo => ({
      ...pass.described.get(name),
      binding: this.weak.has(name) ? 'weak' : this.globals.has(name) ? 'global' : 'local',
      localEntry: pass.localEntries.get(name) ?? 0n,
    })
    return new Map([...labels.keys(), ...this.commons].map(name => [name, info(name)]))
  }

  private checkOverlaps(sections: readonly Section[]): void {
    sections.slice(1).forEach((s, i) => {
      const before = sections[i]!
      const end = before.address + BigInt(before.bytes.length)
      const at = { line: 1, column: 1, end: 2 }
      if (s.address < end)
        this.say(
          'error',
          `section ${s.name} at 0x${s.address.toString(16)} overlaps ${before.name}, which ends at 0x${end.toString(16)}`,
          at,
        )
    })
  }
}

/** While sizing, what is wrong is not said yet. */
function quietly(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Complaint)) throw error
  }
}

const same = (a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): boolean =>
  a.size === b.size && [...a].every(([name, value]) => b.get(name) === value)

/** Assembles a source; never throws for what is in it. */
export function assemble(source: string, options: AssembleOptions): Assembled {
  return new Assembler(source, options).assemble()
}
