/** Register-transfer statements as lines: what they share is told once, and long lines are broken. */
import { Expr, i64 } from '../wasm/expr.ts'
import type { Notation } from './notation.ts'

/** One line, or none; `shown` are the expressions whose text it holds. */
export interface Statement {
  readonly shown: readonly Expr[]
  /** The value that has a name of its own from here on: what was written to a register. */
  readonly defines: { readonly value: Expr; readonly name: string } | null
  text(n: Notation): string | null
}

/** Whether an expression has another as a part, down to a depth. */
export const holds = (e: Expr, part: Expr, depth: number): boolean =>
  e === part || (depth > 0 && e.args.some(a => holds(a, part, depth - 1)))

const reads = (e: Expr, name: string): boolean => (e.op === 'read' && e.name === name) || e.args.some(a => reads(a, name))

/** Values that later lines call by the register they were written to: those lines must not mean its old value too. */
function registerValues(statements: readonly Statement[]): Map<Expr, string> {
  const found = new Map<Expr, string>()
  for (const [i, { defines }] of statements.entries()) {
    if (!defines) continue
    const { value, name } = defines
    const before = statements.slice(0, i).some(s => s.shown.some(e => holds(e, value, 99)))
    const after = statements.slice(i + 1).some(s => s.shown.some(e => e !== value && reads(withoutPart(e, value), name)))
    if (!before && !after) found.set(value, name)
  }
  return found
}

/** The expression with a part of it taken out of sight. */
const withoutPart = (e: Expr, part: Expr): Expr =>
  e === part
    ? i64(0)
    : new Expr(
        e.op,
        e.type,
        e.args.map(a => withoutPart(a, part)),
        e.constant,
        e.place,
        e.name,
        e.compute,
      )

/** Expressions that stand in several places and are long enough to be told once. */
function shared(statements: readonly Statement[], n: Notation): Expr[] {
  const count = new Map<Expr, number>()
  const order: Expr[] = []
  const visit = (e: Expr): void => {
    const before = count.get(e) ?? 0
    count.set(e, before + 1)
    if (before > 0) return
    for (const a of e.op === 'named' ? e.args.slice(1) : e.args) visit(a)
    order.push(e)
  }
  for (const s of statements) s.shown.forEach(visit)
  return order.filter(e => count.get(e)! > 1 && e.args.length > 0 && !n.names.has(e) && (count.get(e)! - 1) * n.show(e).length > 40)
}

/** Lines of the statements, each preceded by the shared expressions that it is the first to use. */
export function linesOf(statements: readonly Statement[], n: Notation): string[] {
  const registers = registerValues(statements)
  const common = shared(statements, n).filter(e => !registers.has(e))
  for (const e of common) n.names.set(e, '?')
  const lines: string[] = []
  const told = new Set<Expr>()
  let number = 0
  const using = (text: () => string | null): string | null => {
    n.used.clear()
    const first = text()
    const needed = common.filter(e => n.used.has(e) && !told.has(e))
    for (const e of needed) {
      told.add(e)
      const definition = using(() => n.definition(e))!
      n.names.set(e, `t${++number}`)
      lines.push(`t${number} ← ${definition}`)
    }
    return needed.length ? text() : first
  }
  for (const s of statements) {
    const line = using(() => s.text(n))
    if (line !== null) lines.push(line)
    const written = s.defines && registers.get(s.defines.value)
    if (written) n.names.set(s.defines!.value, written)
  }
  return lines.flatMap(wrapped)
}

const WIDTH = 96

interface Break {
  readonly at: number
  /** How bad it is to break here: the parentheses that are open, and a little more inside a condition or value than around it. */
  readonly cost: number
}

/** Where a line may be broken: before an operator. */
function breaks(line: string): Break[] {
  const found: Break[] = []
  let depth = 0
  for (let at = 0; at < line.length; at++) {
    if ('(['.includes(line[at]!)) depth++
    if (')]'.includes(line[at]!)) depth--
    const operator = / (\|\|?|&|\+|then|else) /y
    operator.lastIndex = at
    const symbol = operator.exec(line)?.[1]
    if (symbol) found.push({ at, cost: 2 * depth + (symbol === 'then' || symbol === 'else' || symbol === '||' ? 0 : 1) })
  }
  return found
}

/** Breaks a long line where it hurts least, the later the better; what follows stands under the value. */
function wrapped(line: string): string[] {
  if (line.length <= WIDTH) return [line]
  const arrow = line.indexOf('←')
  const indent = ' '.repeat(/^ +/.exec(line)?.[0].length ?? (arrow > 0 && arrow < 20 ? arrow + 2 : 3))
  const possible = breaks(line).filter(b => b.at > indent.length + 12 && b.at <= WIDTH)
  if (possible.length === 0) return [line]
  const cheapest = Math.min(...possible.map(b => b.cost))
  const { at } = possible.findLast(b => b.cost === cheapest)!
  return [line.slice(0, at), ...wrapped(indent + line.slice(at + 1))]
}
