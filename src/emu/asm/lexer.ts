/** Source text to tokens, and tokens to statements. Nothing here knows a mnemonic, and no text makes it throw. */

export type TokenKind = 'name' | 'number' | 'wide' | 'local' | 'string' | 'operator' | 'bad'

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
  /** Of its first character in the text that it was read from. */
  readonly offset: number
}

/** Where the text of an expansion comes from: a line of a macro, of an included file, or one value of a repetition. */
export interface Origin {
  /** `macro "wait"`, `file "regs.inc"`, `.irp reg = r33`. */
  readonly what: string
  /** In the file that has the text; null where the place of the statement is that line itself. */
  readonly line: number | null
  readonly outer: Origin | null
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
  /** Null for what stands in the source itself. */
  readonly origin: Origin | null
  /** The text that it was read from, and where in it the statement begins and ends. */
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Places of tokens: counted from a line and column on, or one place for all, where the text is not in the user's file as it is read. */
export interface Placement {
  readonly line: number
  readonly column: number
  /** Of one place for all: the column after it. */
  readonly end?: number
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
  const hex = /[xX]([0-9a-fA-F]*)/y
  hex.lastIndex = at + 1
  const match = hex.exec(source)
  if (match) return { bytes: [Number.parseInt(match[1]!.slice(-2) || '0', 16)], next: at + 1 + match[0].length }
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
  /** In the text, from 1, or from where its place says. */
  line: number
  private lineStart: number

  constructor(
    private readonly source: string,
    private readonly place: Placement,
  ) {
    this.line = place.end === undefined ? place.line : 1
    this.lineStart = 1 - place.column
  }

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
    const offset = this.at
    const column = this.place.end === undefined ? offset - this.lineStart + 1 : this.place.column
    const line = this.place.end === undefined ? this.line : this.place.line
    return { kind, text, value: 0n, bytes: [], complaint: '', line, column, end: this.place.end ?? column + text.length, offset, ...more }
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
      if (kind === 'number' && value >> 64n)
        return make(value >> 128n ? 'bad' : 'wide', { value, complaint: `${digits} does not fit in 64 bits` })
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

/** The statements of a text, one at a time. */
export class StatementReader {
  private readonly lexer: Lexer
  private ended = false

  constructor(
    private readonly text: string,
    place: Placement = { line: 1, column: 1 },
    /** Of a statement in that line of the text. */
    private readonly originOf: (line: number) => Origin | null = () => null,
  ) {
    this.lexer = new Lexer(text, place)
  }

  next(): Statement | null {
    const tokens: Token[] = []
    let line = 1
    while (!this.ended) {
      const token = this.lexer.next()
      if (token) {
        if (tokens.length === 0) line = this.lexer.line
        tokens.push(token)
      } else {
        this.ended = token === undefined
        if (tokens.length > 0) return this.statement(tokens, line)
      }
    }
    return null
  }

  private statement(tokens: readonly Token[], lineInText: number): Statement {
    let at = 0
    const labels: Token[] = []
    while ((tokens[at]?.kind === 'name' || tokens[at]?.kind === 'number') && isOperator(tokens[at + 1], ':')) {
      labels.push(tokens[at]!)
      at += 2
    }
    let head = tokens[at] ?? null
    const last = tokens.at(-1)!
    const { end, line } = { end: last.end, line: (head ?? labels[0]!).line }
    const { text } = this
    const whole = {
      line,
      labels,
      end,
      origin: this.originOf(lineInText),
      text,
      from: tokens[0]!.offset,
      to: last.offset + last.text.length,
    }
    if (!head) return { ...whole, head, assigns: false, operands: [] }
    at++
    const hint = tokens[at]
    if (head.kind === 'name' && hint?.kind === 'operator' && /^[+-]$/.test(hint.text) && hint.offset === endOf(head)) {
      head = { ...head, text: head.text + hint.text, end: hint.end }
      at++
    }
    const assigns = isOperator(tokens[at], '=')
    return { ...whole, head, assigns, operands: splitOperands(tokens.slice(assigns ? at + 1 : at)) }
  }
}

const endOf = (t: Token): number => t.offset + t.text.length
const COMMENT = /"(?:\\.|[^"\\\n])*"?|'(?:\\.|.)|\/\*[\s\S]*?\*\//g
const withoutComments = (text: string): string =>
  text.includes('/*') ? text.replace(COMMENT, piece => (piece.startsWith('/*') ? ' ' : piece)) : text

/** The text of a statement with its labels, without comments. */
export const statementText = (s: Statement): string => withoutComments(s.text.slice(s.from, s.to))

/** What follows the head, as it is written. */
export const operandText = (s: Statement): string => (s.head ? withoutComments(s.text.slice(endOf(s.head), s.to)).trim() : '')
