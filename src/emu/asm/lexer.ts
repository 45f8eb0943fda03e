/** Source text to tokens, and tokens to statements. Nothing here knows a mnemonic, and no text makes it throw. */

export type TokenKind = 'name' | 'number' | 'local' | 'string' | 'operator' | 'bad'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** Of a number: its value. */
  readonly value: bigint
  /** Of a string: its bytes; of a bad token: why. */
  readonly bytes: readonly number[]
  readonly complaint: string
  readonly line: number
  /** From 1; `end` is the column after the last character. */
  readonly column: number
  readonly end: number
}

export interface Statement {
  readonly line: number
  /** Symbols and local numbers before a colon. */
  readonly labels: readonly Token[]
  /** Mnemonic with its hint, directive, or symbol of an assignment. */
  readonly head: Token | null
  /** `name = expression`. */
  readonly assigns: boolean
  readonly operands: readonly (readonly Token[])[]
  /** Where a missing operand would stand. */
  readonly end: number
}

const NAME = /[A-Za-z_.$][\w.$]*/y
const NUMBER = /[0-9][\w]*/y
const OPERATOR = /<<|>>|<=|>=|==|!=|<>|&&|\|\||[-+*/%&|^~!<>()@,:=]/y
const SPACE = /[^\S\n]+/y

const ESCAPES: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '"': 34, '\\': 92, "'": 39 }
const encoder = new TextEncoder()

/** One character of a string or character constant, from `at`: its bytes and where it ends. */
function character(source: string, at: number): { bytes: readonly number[]; next: number } {
  if (source[at] !== '\\') {
    const text = String.fromCodePoint(source.codePointAt(at)!)
    return { bytes: [...encoder.encode(text)], next: at + text.length }
  }
  const octal = /[0-7]{1,3}/y
  octal.lastIndex = at + 1
  const digits = octal.exec(source)?.[0]
  if (digits) return { bytes: [Number.parseInt(digits, 8) & 0xff], next: at + 1 + digits.length }
  const hex = /[xX]([0-9a-fA-F]+)/y
  hex.lastIndex = at + 1
  const match = hex.exec(source)
  if (match) return { bytes: [Number.parseInt(match[1]!.slice(-2), 16)], next: at + 1 + match[0].length }
  const next = source[at + 1]
  if (next === undefined || next === '\n') return { bytes: [92], next: at + 1 }
  return { bytes: [ESCAPES[next] ?? source.charCodeAt(at + 1) & 0xff], next: at + 2 }
}

interface Numeral {
  kind: 'number' | 'local' | 'bad'
  value: bigint
  complaint: string
}

function numeral(text: string): Numeral {
  const number = (value: bigint): Numeral => ({ kind: 'number', value, complaint: '' })
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return number(BigInt(text))
  if (/^0[bB][01]+$/.test(text)) return number(BigInt(text))
  if (/^\d+[bf]$/.test(text)) return { kind: 'local', value: 0n, complaint: '' }
  if (/^0[0-7]*$/.test(text)) return number(BigInt(text === '0' ? '0' : `0o${text.slice(1)}`))
  if (/^[1-9]\d*$/.test(text)) return number(BigInt(text))
  if (/^0\d+$/.test(text)) return { kind: 'bad', value: 0n, complaint: `"${text}" begins with 0 and so is octal, but has an 8 or 9` }
  return { kind: 'bad', value: 0n, complaint: `"${text}" is no number. Expected decimal, 0x…, 0b… or 0… (octal)` }
}

/** Longer numerals cannot be values of 64 bits, and turning them into numbers takes time that grows with the square of their length. */
const LONGEST_NUMERAL = 70

class Lexer {
  private at = 0
  private line = 1
  private lineStart = 0

  constructor(private readonly source: string) {}

  /** The next token, a newline or semicolon as `null`, or undefined at the end. */
  next(): Token | null | undefined {
    const { source } = this
    for (;;) {
      const c = source[this.at]
      if (c === undefined) return undefined
      if (c === '\n' || c === ';') return this.separator()
      if (c === '#') this.skipTo(source.indexOf('\n', this.at))
      else if (c === '/' && source[this.at + 1] === '*') {
        const unclosed = this.comment()
        if (unclosed) return unclosed
      } else if (this.match(SPACE) === null) return this.token(c)
    }
  }

  private separator(): null {
    if (this.source[this.at] === '\n') {
      this.line++
      this.lineStart = this.at + 1
    }
    this.at++
    return null
  }

  private skipTo(index: number): void {
    this.at = index < 0 ? this.source.length : index
  }

  /** A comment may span lines without ending the statement, as in GNU as. */
  private comment(): Token | null {
    const end = this.source.indexOf('*/', this.at + 2)
    if (end < 0) {
      const token = this.make('bad', '/*', { complaint: 'the comment that begins here has no "*/"' })
      this.at = this.source.length
      return token
    }
    for (let i = this.at; i < end; i++)
      if (this.source[i] === '\n') {
        this.line++
        this.lineStart = i + 1
      }
    this.at = end + 2
    return null
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const text = pattern.exec(this.source)?.[0]
    if (text === undefined) return null
    this.at += text.length
    return text
  }

  private make(kind: TokenKind, text: string, more: Partial<Token> = {}): Token {
    const column = this.at - this.lineStart + 1
    return { kind, text, value: 0n, bytes: [], complaint: '', line: this.line, column, end: column + text.length, ...more }
  }

  private token(first: string): Token {
    const start = this.at
    const make = (kind: TokenKind, more: Partial<Token> = {}): Token => {
      const end = this.at
      this.at = start
      const token = this.make(kind, this.source.slice(start, end), more)
      this.at = end
      return token
    }
    if (first === '"') return this.string(make)
    if (first === "'") {
      const next = this.source[start + 1]
      if (next === undefined || next === '\n') {
        this.at++
        return make('bad', { complaint: 'a character is expected after the quote' })
      }
      const { bytes, next: end } = character(this.source, start + 1)
      this.at = this.source[end] === "'" ? end + 1 : end
      return make('number', { value: BigInt(bytes[0]!) })
    }
    if (this.match(NAME) !== null) return make('name')
    const digits = this.match(NUMBER)
    if (digits !== null) {
      if (digits.length > LONGEST_NUMERAL) return make('bad', { complaint: 'a number of so many digits does not fit in 64 bits' })
      const { kind, value, complaint } = numeral(digits)
      if (kind === 'number' && value >> 64n) return make('bad', { complaint: `${digits} does not fit in 64 bits` })
      return make(kind, { value, complaint })
    }
    if (this.match(OPERATOR) !== null) return make('operator')
    this.at += String.fromCodePoint(this.source.codePointAt(start)!).length
    return make('bad', { complaint: `the character ${JSON.stringify(this.source.slice(start, this.at))} has no meaning here` })
  }

  private string(make: (kind: TokenKind, more?: Partial<Token>) => Token): Token {
    const bytes: number[] = []
    let at = this.at + 1
    for (;;) {
      const c = this.source[at]
      if (c === undefined || c === '\n') {
        this.at = at
        return make('bad', { complaint: 'the string that begins here has no closing quote on its line' })
      }
      if (c === '"') break
      const one = character(this.source, at)
      bytes.push(...one.bytes)
      at = one.next
    }
    this.at = at + 1
    return make('string', { bytes })
  }
}

/** Splits at the commas outside parentheses. An operand may be empty. */
function splitOperands(tokens: readonly Token[]): Token[][] {
  if (tokens.length === 0) return []
  const operands: Token[][] = [[]]
  let depth = 0
  for (const t of tokens) {
    if (t.kind === 'operator') {
      if (t.text === '(') depth++
      else if (t.text === ')') depth--
      else if (t.text === ',' && depth <= 0) {
        operands.push([])
        continue
      }
    }
    operands.at(-1)!.push(t)
  }
  return operands
}

const isOperator = (t: Token | undefined, text: string): boolean => t?.kind === 'operator' && t.text === text

function statementOf(tokens: readonly Token[]): Statement | null {
  let at = 0
  const labels: Token[] = []
  while ((tokens[at]?.kind === 'name' || tokens[at]?.kind === 'number') && isOperator(tokens[at + 1], ':')) {
    labels.push(tokens[at]!)
    at += 2
  }
  let head = tokens[at] ?? null
  if (!head && labels.length === 0) return null
  const end = tokens.at(-1)!.end
  const line = (head ?? labels[0]!).line
  if (!head) return { line, labels, head, assigns: false, operands: [], end }
  at++
  const hint = tokens[at]
  if (
    head.kind === 'name' &&
    hint &&
    /^[+-]$/.test(hint.text) &&
    hint.kind === 'operator' &&
    hint.column === head.end &&
    hint.line === head.line
  ) {
    head = { ...head, text: head.text + hint.text, end: hint.end }
    at++
  }
  const assigns = isOperator(tokens[at], '=')
  return { line, labels, head, assigns, operands: splitOperands(tokens.slice(assigns ? at + 1 : at)), end }
}

export function parseStatements(source: string): Statement[] {
  const lexer = new Lexer(source)
  const statements: Statement[] = []
  let tokens: Token[] = []
  for (;;) {
    const token = lexer.next()
    if (token) {
      tokens.push(token)
      continue
    }
    if (tokens.length > 0) {
      const statement = statementOf(tokens)
      if (statement) statements.push(statement)
      tokens = []
    }
    if (token === undefined) return statements
  }
}
