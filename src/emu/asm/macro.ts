/** Macros and repetitions as text: formal parameters, arguments, and what a body becomes with them. As gas/macro.c has it. */

/** Why a definition or a call is refused. */
export class MacroError extends Error {}

export interface Parameter {
  readonly name: string
  readonly kind: 'optional' | 'required' | 'rest'
  readonly value: string
}

const WORD = /[A-Za-z0-9_.$%\\\u0080-\uffff]/
const OPENED: Readonly<Record<string, string>> = { '(': ')', '[': ']' }

/** The end of the string that begins at `from`, after its closing quote. */
function stringEnd(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return Math.min(at + 1, text.length)
}

/**
 * Operands as GNU as reads them before anything else: spaces stay only between two words, and a character constant is its number.
 * That decides what separates arguments: `a + b` is one, `a b` are two.
 */
export function scrubbed(text: string): string {
  let out = ''
  /** The last character ends a character constant, after which no space stays. */
  let constant = false
  for (let at = 0; at < text.length; ) {
    const c = text[at]!
    const afterConstant = constant
    constant = false
    if (c === '"') {
      const end = stringEnd(text, at)
      out += text.slice(at, end)
      at = end
    } else if (c === "'" && /^'[^\\\s]/.test(text.slice(at, at + 2))) {
      out += text.charCodeAt(at + 1)
      at += text[at + 2] === "'" ? 3 : 2
      constant = true
    } else if (/\s/.test(c)) {
      while (at < text.length && /\s/.test(text[at]!)) at++
      if (at < text.length && !afterConstant && WORD.test(out.at(-1) ?? '') && WORD.test(text[at]!)) out += ' '
      else if (out.endsWith('"') || (text[at] === '"' && WORD.test(out.at(-1) ?? ''))) out += ' '
    } else {
      out += c
      at++
    }
  }
  return out
}

interface Piece {
  readonly text: string
  readonly next: number
}

/** A quoted argument without its quotes; a doubled quote is one, and a backslash keeps the quote after it. */
function quotedPiece(text: string, from: number): Piece {
  let out = ''
  let at = from + 1
  while (at < text.length) {
    const c = text[at]!
    if (c === '\\' && at + 1 < text.length) {
      out += c + text[at + 1]!
      at += 2
    } else if (c !== '"') {
      out += c
      at++
    } else if (text[at + 1] === '"') {
      out += c
      at += 2
    } else return { text: out, next: at + 1 }
  }
  return { text: out, next: at }
}

/** One argument from `from` on: to a comma, or to a space outside parentheses. */
function argumentAt(text: string, from: number): Piece {
  let at = skipSpace(text, from)
  if (text[at] === '"') return quotedPiece(text, at)
  const start = at
  const closers: string[] = []
  while (at < text.length) {
    const c = text[at]!
    if (c === ',' || (c === ' ' && closers.length === 0)) break
    if (c === '"') {
      at = stringEnd(text, at)
      continue
    }
    if (OPENED[c]) closers.push(OPENED[c])
    else if (c === closers.at(-1)) closers.pop()
    at++
  }
  return { text: text.slice(start, at), next: at }
}

const skipSpace = (text: string, from: number): number => {
  let at = from
  while (text[at] === ' ') at++
  return at
}
/** Past one comma with the spaces around it. */
const skipComma = (text: string, from: number): number => {
  const at = skipSpace(text, from)
  return text[at] === ',' ? skipSpace(text, at + 1) : at
}

const NAME = /[A-Za-z_.$][\w.$]*/y
function nameAt(text: string, at: number): string {
  NAME.lastIndex = at
  return NAME.exec(text)?.[0] ?? ''
}

const qualifiers: Readonly<Record<string, Parameter['kind']>> = { req: 'required', vararg: 'rest' }

function parameters(text: string, from: number): Parameter[] {
  const found: Parameter[] = []
  for (let at = skipSpace(text, from); at < text.length; at = skipComma(text, at)) {
    const name = nameAt(text, at)
    if (name === '') throw new MacroError(`expected the name of a parameter, found "${text.slice(at, at + 20)}"`)
    if (found.some(p => p.name === name)) throw new MacroError(`the parameter "${name}" is there twice`)
    if (found.at(-1)?.kind === 'rest')
      throw new MacroError(`"${found.at(-1)!.name}:vararg" takes all the rest, so it is the last parameter`)
    at += name.length
    let kind: Parameter['kind'] = 'optional'
    if (text[at] === ':') {
      const word = nameAt(text, at + 1)
      if (!Object.hasOwn(qualifiers, word)) throw new MacroError(`expected req or vararg after "${name}:", found "${word}"`)
      kind = qualifiers[word]!
      at += 1 + word.length
    }
    let value = ''
    if (text[at] === '=') ({ text: value, next: at } = argumentAt(text, at + 1))
    found.push({ name, kind, value })
  }
  return found
}

/** `.macro name a, b=1, c:req, rest:vararg`. Throws a MacroError. */
export function parseSignature(operands: string): { name: string; parameters: Parameter[] } {
  const text = scrubbed(operands)
  const name = nameAt(text, 0)
  if (name === '') throw new MacroError(`.macro expects a name${text === '' ? '' : `, found "${text.slice(0, 20)}"`}`)
  return { name, parameters: parameters(text, skipComma(text, name.length)) }
}

/** Values of the parameters in a call. Throws a MacroError. */
export function bindArguments(formal: readonly Parameter[], operands: string): Map<string, string> {
  const text = scrubbed(operands)
  const values = new Map<string, string>()
  const waiting = [...formal]
  let named = false
  for (let at = skipSpace(text, 0); at < text.length; at = skipComma(text, at)) {
    const key = /^([A-Za-z_.$][\w.$]*)=/.exec(text.slice(at))?.[1]
    if (key !== undefined) {
      named = true
      if (!formal.some(p => p.name === key))
        throw new MacroError(`no parameter "${key}". The macro has ${formal.map(p => p.name).join(', ') || 'none'}`)
      const piece = argumentAt(text, at + key.length + 1)
      values.set(key, piece.text)
      at = piece.next
      continue
    }
    if (named) throw new MacroError('an argument by its position after one by its name')
    const parameter = waiting.shift()
    if (!parameter) throw new MacroError(`too many arguments: the macro takes ${formal.length}`)
    const piece = parameter.kind === 'rest' ? { text: text.slice(at), next: text.length } : argumentAt(text, at)
    values.set(parameter.name, piece.text)
    at = piece.next
  }
  for (const p of formal) {
    if (values.get(p.name)) continue
    if (p.kind === 'required') throw new MacroError(`the parameter "${p.name}" needs a value`)
    values.set(p.name, p.value)
  }
  return values
}

/** Spaces count between quotes only. */
const characterValues = (text: string): string[] => [...(text.startsWith('"') ? text.replace(/^"|"$/g, '') : text.replaceAll(' ', ''))]

/** The symbol of `.irp` or `.irpc` and the values that it takes. Throws a MacroError. */
export function parseRepetition(operands: string, characters: boolean): { name: string; values: string[] } {
  const text = scrubbed(operands)
  const name = nameAt(text, 0)
  if (name === '') throw new MacroError(`expected the name of a parameter${text === '' ? '' : `, found "${text.slice(0, 20)}"`}`)
  let at = skipComma(text, name.length)
  if (at >= text.length) return { name, values: [''] }
  if (characters) return { name, values: characterValues(text.slice(at)) }
  const values: string[] = []
  while (at < text.length) {
    const piece = argumentAt(text, at)
    values.push(piece.text)
    at = skipComma(text, piece.next)
  }
  return { name, values }
}

/** A statement that grows beyond this is a recursion that doubles its argument. */
const LONGEST_STATEMENT = 1 << 16

/** `\name`, `\@` (how many expansions there were before), `\()` (nothing). `\x` that is no parameter stays. Throws a MacroError. */
export function substituted(body: string, values: ReadonlyMap<string, string>, count: number): string {
  if (!body.includes('\\')) return body
  let out = ''
  for (let at = 0; at < body.length; ) {
    const slash = body.indexOf('\\', at)
    if (slash < 0) return out + body.slice(at)
    out += body.slice(at, slash)
    if (out.length > LONGEST_STATEMENT)
      throw new MacroError(`a statement of more than ${LONGEST_STATEMENT} characters comes out of it; it was left out`)
    at = slash + 1
    const c = body[at]
    if (c === '@') {
      out += count
      at++
    } else if (c === '(') {
      const close = body.indexOf(')', at)
      out += body.slice(at + 1, close < 0 ? body.length : close)
      at = close < 0 ? body.length : close + 1
    } else {
      const name = nameAt(body, at)
      out += values.get(name) ?? `\\${name}`
      at += name.length
    }
  }
  return out
}
