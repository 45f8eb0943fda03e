/**
 * The assembler: GNU as syntax for ppc64, to sections at their final addresses. Statements are read once; passes over them repeat until
 * no symbol and no section moves, and a last one writes bytes and says everything that is wrong.
 */
import { type Action, assignment, directives, type Reader, TEXT_SECTION } from './directives.ts'
import { encodeInstruction, mnemonicHints } from './encode.ts'
import { Complaint, type Expression, evaluate, type Scope, TOC_BASE } from './expression.ts'
import { parseStatements, type Statement, type Token } from './lexer.ts'
import { NearestNames } from './nearest.ts'
import { isRegisterName, type Place, type Where } from './operands.ts'
import { type Known, Pass, type SectionState } from './program.ts'

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

class Assembler implements Reader {
  private readonly diagnostics: Diagnostic[] = []
  private readonly items: Item[] = []
  private readonly labels = new Map<string, Token>()
  private readonly assigned = new Map<string, { token: Token; once: boolean }>()
  private readonly globals = new Map<string, Token>()
  /** How often each local number has been a label so far. */
  private readonly localCount = new Map<string, number>()
  /** `1f` and `1b`, as the hidden names that they refer to. */
  private readonly localNames = new Map<Token, string>()
  private readonly nearestMnemonic = mnemonicHints()
  private readonly nearestDirective = new NearestNames(() => directives.keys())
  private readonly nearestSymbol = new NearestNames(() => [...this.labels.keys(), ...this.assigned.keys()], 50)
  private readonly said = { error: 0, warning: 0 }
  private instructions = 0

  constructor(
    source: string,
    private readonly options: AssembleOptions,
  ) {
    for (const statement of parseStatements(source)) this.items.push(this.read(statement))
  }

  // ───────── reading ─────────

  private read(statement: Statement): Item {
    const labels = statement.labels.flatMap(t => this.attempt(() => this.label(t)) ?? [])
    for (const operand of statement.operands) for (const t of operand) if (t.kind === 'local') this.localNames.set(t, this.localName(t))
    const action = statement.head ? (this.attempt(() => this.actionOf(statement)) ?? null) : null
    const { head } = statement
    const instruction = head?.kind === 'name' && !statement.assigns && !head.text.startsWith('.')
    if (instruction) this.instructions++
    return { statement, labels, action, instruction }
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

  declareGlobal(name: Token): void {
    this.globals.set(name.text, name)
  }

  // ───────── saying what is wrong ─────────

  private say(severity: Diagnostic['severity'], message: string, at: Where): void {
    const said = ++this.said[severity]
    if (said > MOST_DIAGNOSTICS + 1) return
    const { line, column, end } = at
    const text = said <= MOST_DIAGNOSTICS ? message : `more than ${MOST_DIAGNOSTICS} ${severity}s; the others are not shown`
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
    const place: Place = { scope, address: pass.here, warn: (message, at) => this.warn(message, at) }
    const { word, complaints } = encodeInstruction(statement, place, this.nearestMnemonic)
    for (const c of complaints) this.say('error', c.message, c)
    if (pass.here % 4n)
      this.say('error', `an instruction at 0x${pass.here.toString(16)}: instructions lie at multiples of 4. Put .align 2 before it`, head)
    pass.append(pass.bytesOf(BigInt(word), 4), head)
  }

  private run(known: Known, emitting: boolean, lines: AssembledLine[]): Pass {
    const pass = new Pass(known, emitting, this.options.littleEndian)
    pass.enter('.text', TEXT_SECTION)
    for (const { statement, labels, action, instruction } of this.items) {
      for (const name of labels) pass.label(name)
      if (!action) continue
      const { section } = pass
      const { size } = section
      if (emitting) this.attempt(() => action(pass))
      else quietly(() => action(pass))
      const grown = section.size - size
      if (emitting && grown > 0) lines.push({ line: statement.line, address: section.address + BigInt(size), size: grown, instruction })
    }
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

  assemble(): Assembled {
    let known: Known = { symbols: new Map(), bases: new Map([['.text', this.options.origin]]) }
    let settled = false
    for (let n = 0; n < MOST_PASSES && !settled; n++) {
      const pass = this.run(known, false, [])
      const next: Known = { symbols: pass.first, bases: this.place(pass) }
      settled = same(known.symbols, next.symbols) && same(known.bases, next.bases)
      known = next
    }
    const lines: AssembledLine[] = []
    const pass = this.run(known, true, lines)
    if (!settled)
      this.say(
        'error',
        'the addresses do not settle: a size or an .org depends on a symbol behind it',
        this.items[0]!.statement.head ?? this.items[0]!.statement.labels[0]!,
      )
    for (const [name, token] of this.globals)
      if (pass.value(name) === undefined) this.warn(`"${name}" is declared global but not defined here`, token)
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
      lines,
      instructions: this.instructions,
      entry,
    }
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
