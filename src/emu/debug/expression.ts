/**
 * Expressions of breakpoints, as GDB's users write them: C's operators over integers of 64 bits, registers by their names (`r3`, `$r3`),
 * fields (`MSR.SE`, `LPCR.AIL`, `CR0.EQ`), memory (`*ADDRESS`, a doubleword, or `*(u32*)ADDRESS`), symbols, and `vcpu`. A comparison
 * that holds is 1. Values are unsigned; a comparison with a negative one (`-1`, `*(s32*)…`) is signed.
 */
import * as fields from '../isa/bitfields.ts'
import { registerNames } from './registers.ts'

/** What an expression looks at. `read` is null where nothing is mapped. */
export interface Scope {
  readonly vcpu: number
  register(name: string): bigint
  symbol(name: string): bigint | null
  read(address: bigint, size: number): bigint | null
}

export type Expression = (scope: Scope) => bigint

/** What is wrong, at which column (from 1). */
export class ExpressionError extends Error {
  constructor(
    readonly column: number,
    message: string,
  ) {
    super(`Column ${column}: ${message}`)
  }
}

interface Token {
  readonly kind: 'number' | 'name' | 'operator' | 'end'
  readonly text: string
  readonly column: number
}

const TOKEN = /\s*(?:(0[xX][\da-fA-F_]+|\d[\w]*)|([$.A-Za-z_][\w$.]*)|(<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>()[\]]))/y

function tokens(text: string): Token[] {
  const out: Token[] = []
  TOKEN.lastIndex = 0
  for (;;) {
    const from = TOKEN.lastIndex
    const m = TOKEN.exec(text)
    if (!m) {
      const rest = text.slice(from)
      const column = from + 1 + (rest.length - rest.trimStart().length)
      if (rest.trim()) throw new ExpressionError(column, `expected a number, a name or an operator, found "${rest.trim()[0]}"`)
      out.push({ kind: 'end', text: 'the end', column })
      return out
    }
    const [, number, name, operator] = m
    const found = number ?? name ?? operator!
    out.push({ kind: number ? 'number' : name ? 'name' : 'operator', text: found, column: TOKEN.lastIndex - found.length + 1 })
  }
}

const byName = new Map(registerNames.map(n => [n.toLowerCase(), n]))
/** The register of that name, whatever the case, with or without `$`; null when there is none. */
export const registerNamed = (name: string): string | null => {
  const plain = name.replace(/^\$/, '').toLowerCase()
  return byName.get(plain === 'pc' ? 'nip' : plain) ?? null
}

const tables = new Map<string, fields.BitField>(
  Object.values(fields).flatMap(f => (typeof f === 'object' && 'bits' in f ? [[f.name, f as unknown as fields.BitField] as const] : [])),
)
const crBits: Readonly<Record<string, bigint>> = { LT: 3n, GT: 2n, EQ: 1n, SO: 0n }

const wrapped = (v: bigint): bigint => BigInt.asUintN(64, v)

/** `MSR.SE`, `CR0.EQ`; null where the part before the point is no register. Throws for a field that it does not have. */
function fieldNamed(token: Token): Expression | null {
  const point = token.text.indexOf('.', 1)
  if (point < 0) return null
  const register = token.text.slice(0, point).replace(/^\$/, '')
  const wanted = token.text.slice(point + 1).toUpperCase()
  const at = token.column + point + 1
  const cr = /^cr([0-7])$/i.exec(register)
  if (cr) {
    const lsb = crBits[wanted]
    if (lsb === undefined) throw new ExpressionError(at, `expected LT, GT, EQ or SO, found "${wanted}"`)
    const shift = BigInt(4 * (7 - Number(cr[1]))) + lsb
    return s => (s.register('CR') >> shift) & 1n
  }
  const name = registerNamed(register)
  if (!name) return null
  const table = tables.get(name) ?? tables.get(name.replace(/\d$/, ''))
  const row = table?.bits.find(b => b.name.toUpperCase() === wanted)
  if (!table || !row)
    throw new ExpressionError(
      at,
      table
        ? `${name} has no field "${wanted}"; it has ${table.bits.map(b => b.name).join(', ')}`
        : `${name} has no fields that are known here`,
    )
  return s => fields.getField(table, row.name, s.register(name))
}

const signed = (a: bigint, b: bigint): [bigint, bigint] =>
  a < 0n || b < 0n ? [BigInt.asIntN(64, a), BigInt.asIntN(64, b)] : [wrapped(a), wrapped(b)]
const truth = (b: boolean): bigint => (b ? 1n : 0n)
const compare =
  (holds: (a: bigint, b: bigint) => boolean) =>
  (a: bigint, b: bigint): bigint =>
    truth(holds(...signed(a, b)))
const shift = (by: bigint, go: (n: bigint) => bigint): bigint => (by < 0n || by > 63n ? 0n : go(by))

/** By precedence, loosest first; those that look at their right side only if they must are handled apart. */
const levels: readonly Readonly<Record<string, (a: bigint, b: bigint) => bigint>>[] = [
  { '||': (a, b) => truth(a !== 0n || b !== 0n) },
  { '&&': (a, b) => truth(a !== 0n && b !== 0n) },
  { '|': (a, b) => wrapped(a) | wrapped(b) },
  { '^': (a, b) => wrapped(a) ^ wrapped(b) },
  { '&': (a, b) => wrapped(a) & wrapped(b) },
  { '==': (a, b) => truth(wrapped(a) === wrapped(b)), '!=': (a, b) => truth(wrapped(a) !== wrapped(b)) },
  { '<': compare((a, b) => a < b), '>': compare((a, b) => a > b), '<=': compare((a, b) => a <= b), '>=': compare((a, b) => a >= b) },
  { '<<': (a, b) => shift(b, n => wrapped(a << n)), '>>': (a, b) => shift(b, n => wrapped(a) >> n) },
  { '+': (a, b) => wrapped(a + b), '-': (a, b) => wrapped(a - b) },
  { '*': (a, b) => wrapped(a * b), '/': (a, b) => (b ? a / b : 0n), '%': (a, b) => (b ? a % b : 0n) },
]
const unary: Readonly<Record<string, (a: bigint) => bigint>> = {
  '-': a => -a,
  '+': a => a,
  '~': a => wrapped(~a),
  '!': a => truth(a === 0n),
}

const TYPE = /^([us])(8|16|32|64)$/

/** Thrown when a value is asked for that is not there. */
export class NotMapped extends Error {
  constructor(address: bigint) {
    super(`nothing is mapped at 0x${wrapped(address).toString(16)}`)
  }
}

const memory =
  (address: Expression, size: number, negative: boolean): Expression =>
  s => {
    const at = wrapped(address(s))
    const value = s.read(at, size)
    if (value === null) throw new NotMapped(at)
    return negative ? BigInt.asIntN(8 * size, value) : value
  }

class Parser {
  private at = 0
  private readonly all: readonly Token[]
  constructor(
    text: string,
    private readonly known: ((symbol: string) => boolean) | null,
  ) {
    this.all = tokens(text)
  }

  private get next(): Token {
    return this.all[this.at]!
  }

  private take(text: string): boolean {
    if (this.next.kind !== 'operator' || this.next.text !== text) return false
    this.at++
    return true
  }

  private expect(text: string): void {
    if (!this.take(text)) throw this.found(`"${text}"`)
  }

  private found(expected: string): ExpressionError {
    const { kind, text, column } = this.next
    return new ExpressionError(column, `expected ${expected}, found ${kind === 'end' ? text : `"${text}"`}`)
  }

  whole(): Expression {
    const e = this.level(0)
    if (this.next.kind !== 'end') throw this.found('an operator or the end')
    return e
  }

  private level(n: number): Expression {
    if (n === levels.length) return this.prefixed()
    let left = this.level(n + 1)
    for (;;) {
      const { kind, text } = this.next
      const operate = kind === 'operator' && Object.hasOwn(levels[n]!, text) ? levels[n]![text]! : null
      if (!operate) return left
      this.at++
      const [a, b] = [left, this.level(n + 1)]
      if (text === '&&') left = s => (a(s) === 0n ? 0n : operate(1n, b(s)))
      else if (text === '||') left = s => (a(s) !== 0n ? 1n : operate(0n, b(s)))
      else left = s => operate(a(s), b(s))
    }
  }

  private prefixed(): Expression {
    if (this.take('*')) return this.pointed()
    const { kind, text } = this.next
    if (kind === 'operator' && Object.hasOwn(unary, text)) {
      this.at++
      const [operate, of] = [unary[text]!, this.prefixed()]
      return s => operate(of(s))
    }
    return this.primary()
  }

  /** Behind `*`: `(u32*)ADDRESS`, or an address of a doubleword. */
  private pointed(): Expression {
    const [open, type, star, close] = this.all.slice(this.at, this.at + 4)
    const size = type?.kind === 'name' && TYPE.exec(type.text)
    if (open?.text === '(' && size && star?.text === '*' && close?.text === ')') {
      this.at += 4
      return memory(this.prefixed(), Number(size[2]) / 8, size[1] === 's')
    }
    return memory(this.prefixed(), 8, false)
  }

  private primary(): Expression {
    const token = this.next
    if (this.take('(')) {
      const e = this.level(0)
      this.expect(')')
      return e
    }
    if (token.kind === 'number') {
      this.at++
      const text = token.text.replace(/_/g, '')
      if (!/^(0[xX][\da-fA-F]+|\d+)$/.test(text)) throw new ExpressionError(token.column, `"${token.text}" is no number`)
      const value = BigInt(text)
      if (value >> 64n) throw new ExpressionError(token.column, `${token.text} does not fit in 64 bits`)
      return () => value
    }
    if (token.kind !== 'name') throw this.found('a number, a register, a symbol, "*" or "("')
    this.at++
    if (token.text === 'vcpu') return s => BigInt(s.vcpu)
    const register = registerNamed(token.text)
    if (register) return s => s.register(register)
    if (this.known?.(token.text)) return s => s.symbol(token.text) ?? 0n
    const field = fieldNamed(token)
    if (field) return field
    const kinds = this.known ? 'register, field or symbol of the program' : 'register or field'
    throw new ExpressionError(token.column, `"${token.text}" is no ${kinds}`)
  }
}

/** Without symbols where `known` is null. Throws an ExpressionError that names the column and what was expected. */
export const parseExpression = (text: string, known: ((symbol: string) => boolean) | null): Expression => new Parser(text, known).whole()

/** A log text with `{expression}` places; `{{` is a brace. A value is shown in hexadecimal. Throws an ExpressionError. */
export function parseLog(text: string, known: (symbol: string) => boolean): (scope: Scope) => string {
  const parts: ((s: Scope) => string)[] = []
  const place = /\{\{|\{([^}]*)(\}?)/g
  let from = 0
  for (const m of text.matchAll(place)) {
    const before = text.slice(from, m.index)
    parts.push(() => before)
    from = m.index + m[0].length
    if (m[0] === '{{') {
      parts.push(() => '{')
      continue
    }
    if (!m[2]) throw new ExpressionError(m.index + 1, 'expected "}" after the expression')
    let e: Expression
    try {
      e = parseExpression(m[1]!, known)
    } catch (problem) {
      if (!(problem instanceof ExpressionError)) throw problem
      throw new ExpressionError(m.index + 1 + problem.column, problem.message.replace(/^Column \d+: /, ''))
    }
    parts.push(s => {
      try {
        return `0x${wrapped(e(s)).toString(16)}`
      } catch (problem) {
        return `(${(problem as Error).message})`
      }
    })
  }
  const rest = text.slice(from)
  return s => parts.map(p => p(s)).join('') + rest
}
