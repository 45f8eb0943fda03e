/**
 * From a source to the statements that are assembled: macros, repetitions, included files and conditions. What comes out of an expansion
 * has the place of what asked for it, and an origin that says where its text is.
 */
import { conditions, type Reading, soleExpression } from './condition.ts'
import { Complaint } from './expression.ts'
import { type Origin, operandText, type Placement, type Statement, StatementReader, statementText, type Token } from './lexer.ts'
import { bindArguments, MacroError, type Parameter, parseRepetition, parseSignature, substituted } from './macro.ts'
import type { Where } from './operands.ts'

export interface Host extends Reading {
  error(message: string, at: Where, origin: Origin | null): void
  warning(message: string, at: Where, origin: Origin | null): void
  /** The text of a file that `.include` names, or why there is none. */
  include(path: string): { text: string } | { refused: string }
  isDirective(name: string): boolean
}

const MOST_NESTED = 100
/** Statements out of expansions, and characters of them; a source that needs more is a mistake in a count or a recursion. */
const MOST_EXPANDED = 250_000
const MOST_TEXT = 1 << 25

/** A statement of a body, as text with its place. */
interface BodyLine {
  readonly text: string
  readonly place: Placement
  readonly origin: Origin | null
}

interface Macro {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly BodyLine[]
  /** The included file that it is in, as part of a sentence. */
  readonly file: string
  readonly at: Token
}

interface Frame {
  /** Of an expansion; null for a file, which may be included. */
  readonly kind: 'macro' | 'repetition' | null
  readonly name: string
  /** Conditions that were open when it began. */
  readonly conditions: number
  readonly readers: Iterator<StatementReader>
  reader: StatementReader | null
}

interface OpenCondition {
  readonly statement: Statement
  /** Nothing of it is assembled, whatever its conditions say. */
  readonly dead: boolean
  taken: boolean
  skips: boolean
  elseSeen: Statement | null
}

const REPETITIONS = new Set(['.rept', '.rep', '.irp', '.irpc'])
const nameOf = (s: Statement): string => (s.head?.kind === 'name' && !s.assigns ? s.head.text.toLowerCase() : '')
const whole = (s: Statement): Where => ({ line: s.line, column: s.head!.column, end: Math.max(s.end, s.head!.end) })

/** Where a statement's text is, for the line numbers that messages name. */
function lineOf(line: BodyLine): number {
  for (let o = line.origin; o; o = o.outer) if (o.line !== null) return o.line
  return line.place.line
}

export class Expander {
  private readonly frames: Frame[] = []
  private readonly open: OpenCondition[] = []
  private readonly macros = new Map<string, Macro>()
  private expansions = 0
  private expanded = 0
  private expandedText = 0
  private exhausted = false
  private waiting: Statement | null = null
  private ended = false

  constructor(
    source: string,
    private readonly host: Host,
  ) {
    this.frames.push({ kind: null, name: '', conditions: 0, readers: [].values(), reader: new StatementReader(source) })
  }

  /** The next statement to assemble, null at the end. */
  next(): Statement | null {
    while (!this.ended) {
      let s: Statement | null = null
      try {
        s = this.take()
        if (s === null) break
        const statement = this.pass(s)
        if (statement) return statement
      } catch (error) {
        if (error instanceof MacroError && s !== null) this.host.error(error.message, whole(s), s.origin)
        else if (error instanceof Complaint) this.host.error(error.message, error, s?.origin ?? null)
        else throw error
      }
    }
    if (this.ended) this.closeConditions(0, '.end')
    return null
  }

  // ───────── statements ─────────

  private take(): Statement | null {
    const labelled = this.waiting
    this.waiting = null
    if (labelled) return labelled
    for (let frame = this.frames.at(-1); frame; frame = this.frames.at(-1)) {
      const s = this.from(frame)
      if (s) return s
      this.leave()
    }
    return null
  }

  private from(frame: Frame): Statement | null {
    for (;;) {
      const s = frame.reader?.next()
      if (s) {
        if (this.frames.length > 1 && this.isTooMuch(s)) return null
        return s
      }
      const next = frame.readers.next()
      if (next.done) return null
      frame.reader = next.value
    }
  }

  private isTooMuch(s: Statement): boolean {
    if (this.exhausted) return true
    this.expandedText += s.to - s.from
    this.exhausted = ++this.expanded > MOST_EXPANDED || this.expandedText > MOST_TEXT
    if (this.exhausted)
      this.host.error(
        `more than ${MOST_EXPANDED} statements or ${MOST_TEXT >> 20} MiB of text come out of macros, repetitions and files; the rest was left out`,
        s.head ?? s.labels[0]!,
        s.origin,
      )
    return this.exhausted
  }

  private leave(): void {
    const frame = this.frames.pop()!
    this.closeConditions(frame.conditions, frame.kind === null ? 'the end of the file' : `the end of ${frame.name}`)
  }

  /** The statement, if it is to be assembled as it is. */
  private pass(s: Statement): Statement | null {
    const name = nameOf(s)
    const skips = this.open.at(-1)?.skips === true
    const own = this.handler(name, s)
    if (own && s.labels.length > 0 && !skips) {
      this.waiting = { ...s, labels: [] }
      return { ...s, head: null, operands: [] }
    }
    if (conditions.has(name) || this.branches.has(name)) own!(s)
    else if (!skips && own) own(s)
    else if (!skips) return s
    return null
  }

  private handler(name: string, s: Statement): ((s: Statement) => void) | null {
    if (name === '') return null
    if (conditions.has(name)) return this.begin
    const own = this.branches.get(name) ?? this.own.get(name)
    if (own) return own
    const macro = this.macros.get(name) ?? (/[+-]$/.test(name) ? this.macros.get(name.slice(0, -1)) : undefined)
    if (!macro) return null
    return () => this.call(macro, s, macro.name === name ? operandText(s) : `${name.at(-1)}${operandText(s)}`)
  }

  // ───────── conditions ─────────

  private readonly begin = (s: Statement): void => {
    const dead = this.open.at(-1)?.skips === true
    const entry: OpenCondition = { statement: s, dead, taken: false, skips: true, elseSeen: null }
    this.open.push(entry)
    if (dead) return
    entry.taken = conditions.get(nameOf(s))!(s, this.host)
    entry.skips = !entry.taken
  }

  /** The condition that an `.else` or `.endif` belongs to: one of the same expansion. */
  private current(s: Statement): OpenCondition {
    const entry = this.open.length > this.frames.at(-1)!.conditions ? this.open.at(-1) : undefined
    if (!entry) throw new Complaint(`${s.head!.text} without .if`, s.head!)
    return entry
  }

  private other(s: Statement): OpenCondition {
    const entry = this.current(s)
    if (entry.elseSeen) throw new Complaint(`${s.head!.text} after .else, which is in line ${entry.elseSeen.line}`, s.head!)
    return entry
  }

  private readonly branches: ReadonlyMap<string, (s: Statement) => void> = new Map([
    [
      '.else',
      s => {
        const entry = this.other(s)
        entry.elseSeen = s
        entry.skips = entry.dead || entry.taken
      },
    ],
    [
      '.elseif',
      s => {
        const entry = this.other(s)
        const decides = !entry.dead && !entry.taken
        entry.skips = true
        if (!decides) return
        entry.taken = conditions.get('.if')!(s, this.host)
        entry.skips = !entry.taken
      },
    ],
    [
      '.endif',
      s => {
        this.current(s)
        this.open.pop()
      },
    ],
  ])

  private closeConditions(depth: number, where: string): void {
    const unclosed = this.open.splice(depth)
    if (this.exhausted) return
    for (const { statement } of unclosed)
      this.host.error(`${statement.head!.text} has no .endif before ${where}`, statement.head!, statement.origin)
  }

  // ───────── expansions ─────────

  private readonly own: ReadonlyMap<string, (s: Statement) => void> = new Map([
    ['.macro', s => this.define(s)],
    ['.endm', s => this.stray(s, '.macro')],
    ['.endr', s => this.stray(s, '.rept, .irp or .irpc')],
    ['.purgem', s => this.purge(s)],
    ['.exitm', s => this.exit(s)],
    ['.rept', s => this.repeat(s)],
    ['.rep', s => this.repeat(s)],
    ['.irp', s => this.each(s, false)],
    ['.irpc', s => this.each(s, true)],
    ['.include', s => this.include(s)],
    [
      '.end',
      () => {
        this.ended = true
      },
    ],
    ['.err', s => this.host.error('.err', whole(s), s.origin)],
    ['.error', s => this.host.error(spoken(s), whole(s), s.origin)],
    ['.warning', s => this.host.warning(spoken(s), whole(s), s.origin)],
    ['.altmacro', s => this.refuse(s, 'write \\name where an argument is to stand')],
  ])

  private refuse(s: Statement, instead: string): never {
    throw new Complaint(`${s.head!.text} is not supported: ${instead}`, s.head!)
  }

  private stray(s: Statement, opener: string): void {
    this.host.warning(`${s.head!.text} without ${opener}; it was left out`, s.head!, s.origin)
  }

  /** The statements up to the one that ends what `s` begins. */
  private collect(s: Statement): BodyLine[] {
    const macro = nameOf(s) === '.macro'
    const ends = macro ? '.endm' : '.endr'
    const body: BodyLine[] = []
    const frame = this.frames.at(-1)!
    for (let depth = 1; ; ) {
      const line = this.from(frame)
      if (!line) throw new Complaint(`${s.head!.text} has no ${ends}: what it begins runs to the end`, s.head!)
      const name = nameOf(line)
      if (macro ? name === '.macro' : REPETITIONS.has(name)) depth++
      else if (name === ends && --depth === 0) return body
      const first = line.labels[0] ?? line.head!
      body.push({
        text: statementText(line),
        place: { line: first.line, column: first.column, end: Math.max(line.end, first.end) },
        origin: line.origin,
      })
    }
  }

  private define(s: Statement): void {
    const body = this.collect(s)
    const { name, parameters } = parseSignature(operandText(s))
    const key = name.toLowerCase()
    const before = this.macros.get(key)
    if (before)
      throw new Complaint(`the macro "${name}" is defined already, in line ${before.at.line}. .purgem ${name} removes it`, s.head!)
    if (this.host.isDirective(key) || conditions.has(key) || this.branches.has(key) || this.own.has(key))
      this.host.warning(`"${name}" is a directive and stays one; the macro is left out`, whole(s), s.origin)
    else this.macros.set(key, { name: key, parameters, body, file: fileOf(s.origin), at: s.head! })
    for (const p of parameters)
      if (p.kind === 'required' && p.value !== '')
        this.host.warning(`the parameter "${p.name}" is required, so its default is never taken`, whole(s), s.origin)
  }

  private purge(s: Statement): void {
    for (const [token] of s.operands) {
      if (!token) throw new Complaint('.purgem expects the name of a macro', s.head!)
      if (!this.macros.delete(token.text.toLowerCase())) this.host.warning(`no macro "${token.text}"`, token, s.origin)
    }
  }

  private exit(s: Statement): void {
    if (this.frames.at(-1)!.kind === null) return this.stray(s, 'a macro or repetition around it')
    const frame = this.frames.pop()!
    this.open.length = Math.min(this.open.length, frame.conditions)
  }

  private enter(s: Statement, kind: Frame['kind'], name: string, readers: Iterator<StatementReader>): void {
    if (this.exhausted) return
    if (this.frames.length > MOST_NESTED) {
      this.open.length = this.frames[1]!.conditions
      this.frames.length = 1
      throw new Complaint(
        `${name} begins inside of ${MOST_NESTED} others, so nothing ends them; the rest of all of them was left out`,
        whole(s),
      )
    }
    this.frames.push({ kind, name, conditions: this.open.length, readers, reader: null })
  }

  private call(macro: Macro, s: Statement, operands: string): void {
    const values = bindArguments(macro.parameters, operands)
    const { line, column, end } = whole(s)
    const count = this.expansions++
    const what = `macro "${macro.name}"${macro.file}`
    const reader = (body: BodyLine): StatementReader => {
      const origin: Origin = { what, line: lineOf(body), outer: s.origin }
      return new StatementReader(filled(body, values, count, whole(s)), { line, column, end }, () => origin)
    }
    this.enter(s, 'macro', `macro "${macro.name}"`, mapped(macro.body, reader))
  }

  private repeat(s: Statement): void {
    const body = this.collect(s)
    const e = soleExpression(s, 'a count')
    const times = this.host.constant(s, e)
    if (times < 0n) throw new Complaint(`the count ${times} is negative; nothing is repeated`, e.at)
    // Text that is in the user's file keeps its own columns.
    const reader = (line: BodyLine): StatementReader => {
      const { end, ...start } = line.place
      return new StatementReader(line.text, line.origin ? line.place : start, () => line.origin)
    }
    function* rounds() {
      for (let n = 0n; n < times; n++) yield* mapped(body, reader)
    }
    if (body.length > 0) this.enter(s, 'repetition', s.head!.text, rounds())
  }

  private each(s: Statement, characters: boolean): void {
    const body = this.collect(s)
    const { name, values } = parseRepetition(operandText(s), characters)
    const count = this.expansions
    function* rounds() {
      for (const value of values) {
        const bound = new Map([[name, value]])
        yield* mapped(body, line => {
          const origin: Origin = { what: `${s.head!.text} ${name} = ${value}`, line: null, outer: line.origin }
          return new StatementReader(filled(line, bound, count, whole(s)), line.place, () => origin)
        })
      }
    }
    this.enter(s, 'repetition', s.head!.text, rounds())
  }

  private include(s: Statement): void {
    const [token, more] = s.operands[0] ?? []
    if (token?.kind !== 'string' || more)
      throw new Complaint('.include expects the name of a file in double quotes', more ?? token ?? s.head!)
    const path = new TextDecoder().decode(Uint8Array.from(token.bytes))
    const found = this.host.include(path)
    if ('refused' in found) throw new Complaint(found.refused, token)
    const { line, column, end } = whole(s)
    const what = `file "${path}"`
    const reader = new StatementReader(found.text, { line, column, end }, inner => ({ what, line: inner, outer: s.origin }))
    this.enter(s, null, what, [reader].values())
  }
}

/** The text of a body's line with its arguments; a Complaint at the place of the call where it grows without end. */
function filled(line: BodyLine, values: ReadonlyMap<string, string>, count: number, at: Where): string {
  try {
    return substituted(line.text, values, count)
  } catch (error) {
    throw error instanceof MacroError ? new Complaint(error.message, at) : error
  }
}

function* mapped<T, U>(list: readonly T[], to: (one: T) => U): Generator<U> {
  for (const one of list) yield to(one)
}

const fileOf = (origin: Origin | null): string => {
  for (let o = origin; o; o = o.outer) if (o.what.startsWith('file ')) return ` of ${o.what}`
  return ''
}

const spoken = (s: Statement): string => {
  const tokens = s.operands.flat()
  if (tokens.length === 0) return `${s.head!.text} directive invoked in source file`
  const bad = tokens.find(t => t.kind !== 'string')
  if (bad) throw new Complaint(`${s.head!.text} expects a message in double quotes`, bad)
  return new TextDecoder().decode(Uint8Array.from(tokens.flatMap(t => t.bytes)))
}

/** Of a long way, so many steps at each end are named. */
const NAMED_STEPS = 3

/** The message with the way to its line: `macro "outer" line 9, macro "inner" line 3: …`. */
export function withOrigin(message: string, origin: Origin | null): string {
  const steps: string[] = []
  for (let o = origin; o; o = o.outer) steps.unshift(o.line === null ? o.what : `${o.what} line ${o.line}`)
  if (steps.length === 0) return message
  const between = steps.length - 2 * NAMED_STEPS
  if (between > 1) steps.splice(NAMED_STEPS, between, `… (${between} more)`)
  return `${steps.join(', ')}: ${message}`
}
