/** What a directive is, and how it reads its operands. */
import { Complaint, type Expression, parseExpression, quoted } from './expression.ts'
import type { Statement, Token } from './lexer.ts'
import type { Pass, SectionFlags } from './program.ts'

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

export type Directive = (s: Statement, r: Reader) => Action | null

export const at = (s: Statement) => ({ line: s.line, column: s.head!.column, end: s.head!.end })

// ───────── reading operands ─────────

export function expression(s: Statement, index: number, what: string): Expression {
  const tokens = s.operands[index] ?? []
  if (tokens.length === 0) throw new Complaint(`${s.head!.text} expects ${what}`, at(s))
  const e = parseExpression(tokens, 0, at(s))
  const rest = tokens[e.length]
  if (rest) throw new Complaint(`expected a comma or the end of the statement, found ${quoted(rest)}`, rest)
  return e
}

export const optional = (s: Statement, index: number): Expression | null =>
  s.operands[index]?.length ? expression(s, index, 'a number') : null

export function atMost(s: Statement, count: number): void {
  const extra = s.operands[count]
  if (extra) throw new Complaint(`${s.head!.text} takes at most ${count} operand${count === 1 ? '' : 's'}`, extra[0] ?? at(s))
}

export function nameAt(s: Statement, index: number, what: string): Token {
  const [token, rest] = s.operands[index] ?? []
  if (token?.kind !== 'name')
    throw new Complaint(`${s.head!.text} expects ${what}${token ? `, found ${quoted(token)}` : ''}`, token ?? at(s))
  if (rest) throw new Complaint(`expected a comma or the end of the statement, found ${quoted(rest)}`, rest)
  return token
}

/** A count that decides the layout: 0 as long as its symbols are unknown. */
export function count(e: Expression, pass: Pass, r: Reader, what: string, limit = 0xffffffffn): number {
  const v = r.evaluate(e, pass) ?? 0n
  if (v < 0n || v > limit) {
    if (pass.emitting) throw new Complaint(`${what} ${v} is not between 0 and ${limit}`, e.at)
    return 0
  }
  return Number(v)
}

// ───────── kinds of sections ─────────

export const TEXT: SectionFlags = { executable: true, writable: false, loaded: true }
export const DATA: SectionFlags = { executable: false, writable: true, loaded: true }
export const READ_ONLY: SectionFlags = { executable: false, writable: false, loaded: true }
export const ASIDE: SectionFlags = { executable: false, writable: false, loaded: false }
