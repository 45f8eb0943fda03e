/** Conditional assembly: which directives begin a condition, and what decides it. */
import { Complaint, type Expression, parseExpression, quoted } from './expression.ts'
import { operandText, type Statement, type Token } from './lexer.ts'
import { scrubbed } from './macro.ts'

/** What a condition may ask of the assembler as far as it has read. */
export interface Reading {
  /** A value that must be known here, and stay; throws a Complaint. */
  constant(s: Statement, e: Expression): bigint
  isDefined(name: string): boolean
}

type Condition = (s: Statement, reading: Reading) => boolean

/** The operand as an expression; throws a Complaint. */
export function soleExpression(s: Statement, what: string): Expression {
  const head = s.head!
  const tokens = s.operands[0] ?? []
  if (tokens.length === 0) throw new Complaint(`${head.text} expects ${what}`, head)
  const e = parseExpression(tokens, 0, head)
  const rest = tokens[e.length] ?? s.operands[1]?.[0]
  if (rest) throw new Complaint(`expected the end of the statement, found ${quoted(rest)}`, rest)
  return e
}

const compares =
  (holds: (v: bigint) => boolean): Condition =>
  (s, reading) =>
    holds(reading.constant(s, soleExpression(s, 'an expression')))

const defined =
  (wanted: boolean): Condition =>
  (s, reading) => {
    const [token, more] = s.operands[0] ?? []
    if (token?.kind !== 'name' || more) throw new Complaint(`${s.head!.text} expects a symbol`, more ?? token ?? s.head!)
    return reading.isDefined(token.text) === wanted
  }

const blank =
  (wanted: boolean): Condition =>
  s =>
    (operandText(s) === '') === wanted

/** The two texts of `.ifc`, as they are written. A text in single quotes ends with them. */
function texts(s: Statement): [string, string] {
  const match = /^('(?:[^']|'')*'|[^,]*),([\s\S]*)$/.exec(scrubbed(operandText(s)))
  if (!match) throw new Complaint(`${s.head!.text} expects two texts with a comma between them`, s.head!)
  const plain = (t: string): string => {
    const trimmed = t.trim()
    return /^'.*'$/.test(trimmed) ? trimmed.slice(1, -1).replaceAll("''", "'") : trimmed
  }
  return [plain(match[1]!), plain(match[2]!)]
}

const sameText =
  (wanted: boolean): Condition =>
  s => {
    const [a, b] = texts(s)
    return (a === b) === wanted
  }

function stringAt(s: Statement, index: number): string {
  const [token, more]: readonly (Token | undefined)[] = s.operands[index] ?? []
  if (token?.kind !== 'string' || more)
    throw new Complaint(`${s.head!.text} expects two strings in double quotes`, more ?? token ?? s.head!)
  return token.bytes.join()
}

const sameString =
  (wanted: boolean): Condition =>
  s =>
    (stringAt(s, 0) === stringAt(s, 1)) === wanted

// biome-ignore format: columns
export const conditions: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  ['.if', compares(v => v !== 0n)], ['.ifne', compares(v => v !== 0n)], ['.ifeq', compares(v => v === 0n)],
  ['.ifge', compares(v => v >= 0n)], ['.ifgt', compares(v => v > 0n)], ['.ifle', compares(v => v <= 0n)], ['.iflt', compares(v => v < 0n)],
  ['.ifdef', defined(true)], ['.ifndef', defined(false)], ['.ifnotdef', defined(false)],
  ['.ifb', blank(true)], ['.ifnb', blank(false)],
  ['.ifc', sameText(true)], ['.ifnc', sameText(false)], ['.ifeqs', sameString(true)], ['.ifnes', sameString(false)],
])
