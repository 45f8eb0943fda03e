/**
 * Expressions of GNU as: read once into postfix order, evaluated in every pass. 64-bit values; the operators bind as in GNU as, where
 * `&`, `|` and `^` come before `+` and `-`, and a comparison that holds is -1.
 */
import type { Token } from './lexer.ts'

/** A complaint about part of a statement. */
export class Complaint extends Error {
  readonly column: number
  readonly end: number
  readonly line: number
  constructor(message: string, at: { line: number; column: number; end: number }) {
    super(message)
    this.line = at.line
    this.column = at.column
    this.end = at.end
  }
}

export type Modifier = 'l' | 'h' | 'ha' | 'high' | 'higha' | 'higher' | 'highera' | 'highest' | 'highesta'

/** The 16 bits that each modifier picks; those in `a` allow for the sign of the halfwords below. */
const modifiers: Readonly<Record<Modifier, (v: bigint) => bigint>> = {
  l: v => v,
  h: v => v >> 16n,
  ha: v => (v + 0x8000n) >> 16n,
  high: v => v >> 16n,
  higha: v => (v + 0x8000n) >> 16n,
  higher: v => v >> 32n,
  highera: v => (v + 0x8000n) >> 32n,
  highest: v => v >> 48n,
  highesta: v => (v + 0x8000n) >> 48n,
}

type Step =
  | { kind: 'number'; value: bigint }
  | { kind: 'symbol'; token: Token }
  | { kind: 'here' }
  | { kind: 'unary'; operator: string }
  | { kind: 'binary'; operator: string; token: Token }

export interface Expression {
  readonly steps: readonly Step[]
  readonly modifier: Modifier | null
  readonly at: { line: number; column: number; end: number }
  /** How many of the tokens it took. */
  readonly length: number
}

/** The table of contents' base, of which `@toc` takes the distance: 0x8000 into it, so that 16 signed bits reach all of it. */
export const TOC_BASE = '.TOC.'

/** What an expression may refer to: a symbol's value, undefined where there is none. */
export interface Scope {
  symbol(token: Token): bigint | undefined
  readonly here: bigint
}

const precedence: Readonly<Record<string, number>> = {
  '*': 5, '/': 5, '%': 5, '<<': 5, '>>': 5,
  '|': 4, '&': 4, '^': 4, '!': 4,
  '+': 3, '-': 3,
  '==': 2, '!=': 2, '<>': 2, '<': 2, '>': 2, '<=': 2, '>=': 2,
  '&&': 1, '||': 0,
} // biome-ignore format: a table

const truth = (b: boolean): bigint => (b ? -1n : 0n)
const unsigned = (v: bigint): bigint => BigInt.asUintN(64, v)

const binary: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<<': (a, b) => (unsigned(b) > 63n ? 0n : a << b),
  '>>': (a, b) => (unsigned(b) > 63n ? 0n : unsigned(a) >> b),
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '!': (a, b) => a | ~b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<>': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '>': (a, b) => truth(a > b),
  '<=': (a, b) => truth(a <= b),
  '>=': (a, b) => truth(a >= b),
  '&&': (a, b) => (a && b ? 1n : 0n),
  '||': (a, b) => (a || b ? 1n : 0n),
}

const unary: Readonly<Record<string, (a: bigint) => bigint>> = { '-': a => -a, '+': a => a, '~': a => ~a, '!': a => (a ? 0n : 1n) }

/** Found, as people would say it. */
export const quoted = (t: Token): string => `"${t.text.length > 40 ? `${t.text.slice(0, 40)}…` : t.text}"`

type Pending = { operator: string; unary: boolean; token: Token }

/**
 * Reads as much of `tokens` from `from` on as makes one expression; it ends before a parenthesis that follows a complete one.
 * Throws a Complaint.
 */
export function parseExpression(tokens: readonly Token[], from: number, where: { line: number; column: number; end: number }): Expression {
  const steps: Step[] = []
  const pending: Pending[] = []
  let depth = 0
  let modifier: Modifier | null = null
  let toc: Token | null = null
  let wantsValue = true
  let at = from

  const settle = (minimum: number) => {
    for (let top = pending.at(-1); top && top.operator !== '('; top = pending.at(-1)) {
      if (!top.unary && precedence[top.operator]! < minimum) break
      pending.pop()
      steps.push(top.unary ? { kind: 'unary', operator: top.operator } : { kind: 'binary', operator: top.operator, token: top.token })
    }
  }
  const value = (t: Token) => {
    if (t.kind === 'number') steps.push({ kind: 'number', value: t.value })
    else if (t.kind === 'name' && (t.text === '.' || t.text === '$')) steps.push({ kind: 'here' })
    else if (t.kind === 'name' || t.kind === 'local') steps.push({ kind: 'symbol', token: t })
    else if (t.kind === 'operator' && t.text in unary) {
      pending.push({ operator: t.text, unary: true, token: t })
      return
    } else if (t.kind === 'operator' && t.text === '(') {
      pending.push({ operator: '(', unary: false, token: t })
      depth++
      return
    } else if (t.kind === 'wide') throw new Complaint(t.complaint, t)
    else throw new Complaint(`expected a number or a symbol, found ${quoted(t)}`, t)
    wantsValue = false
  }
  /** False at a token that does not continue the expression. */
  const continuation = (t: Token): boolean => {
    if (t.kind !== 'operator') return false
    if (t.text === ')') {
      if (depth === 0) return false
      settle(-1)
      pending.pop()
      depth--
      return true
    }
    if (t.text === '@') {
      const name = tokens[at + 1]
      const word = name?.text.toLowerCase() ?? ''
      if (depth > 0) throw new Complaint('the modifier stands inside parentheses. Write it after them: (symbol+4)@l', t)
      if (name && word === 'toc' && !toc && !modifier) {
        toc = name
        at++
        return true
      }
      if (!name || !Object.hasOwn(modifiers, word))
        throw new Complaint(
          `expected l, h, ha, high, higha, higher, highera, highest or highesta after "@", found ${name ? quoted(name) : 'the end of the operand'}`,
          name ?? t,
        )
      if (modifier) throw new Complaint('a second modifier', t)
      modifier = word as Modifier
      at++
      return true
    }
    if (!Object.hasOwn(precedence, t.text)) return false
    settle(precedence[t.text]!)
    pending.push({ operator: t.text, unary: false, token: t })
    wantsValue = true
    return true
  }

  for (; at < tokens.length; at++) {
    const t = tokens[at]!
    if (wantsValue) value(t)
    else if (!continuation(t)) break
  }
  const last = tokens[at - 1]
  const whereNow = last ? { line: last.line, column: tokens[from]!.column, end: last.end } : where
  if (wantsValue) throw new Complaint(`expected a number or a symbol${last ? ` after ${quoted(last)}` : ''}`, last ?? where)
  if (depth > 0) {
    const open = pending.findLast(p => p.operator === '(')!.token
    throw new Complaint('this parenthesis is not closed', open)
  }
  settle(-1)
  if (toc !== null)
    steps.push({ kind: 'symbol', token: { ...(toc as Token), text: TOC_BASE } }, { kind: 'binary', operator: '-', token: toc })
  const first = tokens[from]!
  return {
    steps,
    modifier,
    at: { line: first.line, column: first.column, end: first.line === last!.line ? whereNow.end : first.end },
    length: at - from,
  }
}

/** The value before the modifier, in 64 signed bits; undefined where a symbol is. Throws a Complaint for a division by zero. */
export function evaluate(e: Expression, scope: Scope): bigint | undefined {
  const [only] = e.steps
  if (e.steps.length === 1 && only?.kind === 'number') return BigInt.asIntN(64, only.value)
  const stack: bigint[] = []
  let missing = false
  for (const step of e.steps) {
    if (step.kind === 'number') stack.push(BigInt.asIntN(64, step.value))
    else if (step.kind === 'here') stack.push(BigInt.asIntN(64, scope.here))
    else if (step.kind === 'symbol') {
      const v = scope.symbol(step.token)
      if (v === undefined) missing = true
      stack.push(BigInt.asIntN(64, v ?? 0n))
    } else if (step.kind === 'unary') stack.push(BigInt.asIntN(64, unary[step.operator]!(stack.pop()!)))
    else {
      const b = stack.pop()!
      const a = stack.pop()!
      if (b === 0n && (step.operator === '/' || step.operator === '%')) {
        if (!missing) throw new Complaint('division by zero', step.token)
        stack.push(0n)
      } else stack.push(BigInt.asIntN(64, binary[step.operator]!(a, b)))
    }
  }
  return missing ? undefined : stack[0]
}

/** The halfword that the modifier picks, without sign. */
export const modified = (value: bigint, modifier: Modifier): bigint => modifiers[modifier](BigInt.asIntN(64, value)) & 0xffffn
