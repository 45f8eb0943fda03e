/** Random sources of macros, repetitions, conditions, data and symbols, for the comparison with GNU as. */
import type { Random } from './samples.ts'

/** A number from 0 up to, not including, `below`. */
type Draw = (below: number) => number

const pick = <T>(random: Draw, list: readonly T[]): T => list[random(list.length)]!
const times = <T>(random: Draw, most: number, make: (n: number) => T): T[] => Array.from({ length: 1 + random(most) }, (_, n) => make(n))

/** What a statement may refer to where it stands. */
interface Context {
  readonly random: Draw
  /** Parameters of the macros and repetitions around it. */
  readonly parameters: readonly string[]
  /** Macros that are defined before it, and how many parameters each has. */
  readonly macros: readonly { readonly name: string; readonly parameters: readonly string[] }[]
  readonly depth: number
}

const small = (random: Draw): string => `${random(100) - 20}`
const number = (c: Context): string => (c.parameters.length > 0 && c.random(2) ? `\\${pick(c.random, c.parameters)}` : small(c.random))

const operators = ['+', '-', '*', '&', '|', '^', '<<', '==', '<', '>=', '&&', '||', '!=']
function expression(c: Context, depth = 0): string {
  const { random } = c
  const kind = random(depth > 2 ? 2 : 5)
  if (kind < 2) return random(3) ? number(c) : 'count'
  if (kind === 2) return `(${expression(c, depth + 1)})`
  if (kind === 3) return `${pick(random, ['-', '~', '!'])}(${expression(c, depth + 1)})`
  return `${expression(c, depth + 1)}${pick(random, [' ', ''])}${pick(random, operators)} ${expression(c, depth + 1)}`
}

const condition = (c: Context): string =>
  pick(c.random, [
    `.if ${expression(c)}`,
    `.ifne ${expression(c)}`,
    `.iflt ${expression(c)}`,
    `.ifc ${number(c)},${number(c)}`,
    `.ifnc ${number(c)} ,${number(c)}`,
    `.ifb ${c.random(2) && c.parameters.length > 0 ? `\\${pick(c.random, c.parameters)}` : ''}`,
    `.ifdef ${pick(c.random, ['count', 'nothing', 'sofar'])}`,
    `.ifndef ${pick(c.random, ['count', 'nothing', 'sofar'])}`,
  ])

const block = (c: Context): string[] => times(c.random, 4, () => statement({ ...c, depth: c.depth + 1 })).flat()

function call(c: Context): string[] {
  if (c.macros.length === 0) return ['.byte 0']
  const { name, parameters } = pick(c.random, c.macros)
  const values = parameters.slice(0, c.random(parameters.length + 1)).map(p => `${c.random(4) ? '' : `${p}=`}${number(c)}`)
  const named = values.findIndex(v => v.includes('='))
  const sound = values.map((v, i) => (named >= 0 && i > named && !v.includes('=') ? `${parameters[i]}=${v}` : v))
  return [`${name} ${sound.join(pick(c.random, [',', ' , ', ', ']))}`]
}

function statement(c: Context): string[] {
  const { random } = c
  const simple: (() => string[])[] = [
    () => [`.byte ${expression(c)}, (${expression(c)})&255`],
    () => [`.long ${times(random, 3, () => expression(c)).join(', ')}`],
    () => [`.quad ${expression(c)}`],
    () => [`.ascii "<${number(c)}|\\@>"`],
    () => [`.balign ${pick(random, [2, 4, 8, 16])}`],
    () => [`.fill ${random(4)}, ${1 + random(4)}, ${number(c)}`],
    () => [`count = (count + ${number(c)}) & 63`],
    () => ['sofar = 1'],
    () => ['1: .long . - 1b, 1f - .', '1:'],
    () => ['.uleb128 count', `.sleb128 ${number(c)}`],
    () => call(c),
    () => call(c),
  ]
  if (c.depth > 3) return pick(random, simple)()
  const nested: (() => string[])[] = [
    () => [
      condition(c),
      ...block(c),
      ...(random(2) ? [`.elseif ${expression(c)}`, ...block(c)] : []),
      ...(random(2) ? ['.else', ...block(c)] : []),
      '.endif',
    ],
    () => [`.rept ${random(4)}`, ...block(c), '.endr'],
    () => {
      const name = `v${c.depth}`
      return [
        `.irp ${name},${times(random, 4, () => small(random)).join(',')}`,
        ...block({ ...c, parameters: [...c.parameters, name] }),
        '.endr',
      ]
    },
    () => {
      const name = `c${c.depth}`
      return [`.irpc ${name},${random(1000)}`, ...block({ ...c, parameters: [...c.parameters, name] }), '.endr']
    },
  ]
  return random(3) ? pick(random, simple)() : pick(random, nested)()
}

/** Macros may call those before them; the source calls them all. */
export function randomSource(seed: Random): string {
  const random: Draw = below => Math.floor(seed() * below)
  const macros: { name: string; parameters: readonly string[] }[] = []
  const out: string[] = ['count = 3']
  for (let n = 0; n < 4; n++) {
    const parameters = ['a', 'b', 'cc'].slice(0, random(4))
    // An empty argument in an expression is 0 to GNU as, with a warning, and an error to ours.
    const signature = parameters.map(p => `${p}=${small(random)}`).join(pick(random, [', ', ' ']))
    out.push(
      `.macro m${n} ${signature}`,
      ...block({ random, parameters, macros: [...macros], depth: 1 }),
      ...(random(4) ? [] : ['.exitm', '.byte 1']),
      '.endm',
    )
    macros.push({ name: `m${n}`, parameters })
    out.push(...block({ random, parameters: [], macros: [...macros], depth: 0 }))
  }
  return `${out.join('\n')}\n.balign 4\n`
}
