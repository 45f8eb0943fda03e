/**
 * The header comment of a program says how it is to be booted: `# twostep: map=radix ail=3 ir=1 dr=1`. Settings stand in comments before the
 * first statement.
 */
import type { PageSize } from './radix.ts'

export interface Directives {
  /** `none`: real addresses; `radix`: 0xc000000000000000 maps RAM linearly, and quadrant 0 maps it for problem state. */
  readonly map: 'none' | 'radix'
  /** Of the ready table. */
  readonly page: PageSize
  /** LPCR[AIL]; 1 is reserved. */
  readonly ail: 0 | 2 | 3
  /** Bits of the first MSR. */
  readonly ir: boolean
  readonly dr: boolean
  readonly ee: boolean
  readonly se: boolean
  /** R and C bits of the ready table: set from the start, or left to the first access. */
  readonly rc: boolean
  readonly vcpus: number
  readonly littleEndian: boolean
  /** Label of the first instruction. */
  readonly entry: string
  readonly ramBytes: number
}

export const defaults: Directives = {
  map: 'none',
  page: '2M',
  ail: 0,
  ir: false,
  dr: false,
  ee: false,
  se: false,
  rc: true,
  vcpus: 1,
  littleEndian: true,
  entry: '_start',
  ramBytes: 64 << 20,
}

export interface Mark {
  /** From 1, as the columns; `endColumn` is after the last character. */
  readonly line: number
  readonly column: number
  readonly endColumn: number
}

export interface DirectiveProblem extends Mark {
  readonly severity: 'error'
  readonly message: string
}

type Parsed = Partial<Directives> | string

const choice = (values: readonly string[]): string =>
  values.length > 1 ? `${values.slice(0, -1).join(', ')} or ${values.at(-1)}` : values.join()
const oneOf =
  <K extends keyof Directives>(key: K, values: Readonly<Record<string, Directives[K]>>) =>
  (text: string): Parsed =>
    Object.hasOwn(values, text) ? ({ [key]: values[text] } as Partial<Directives>) : `expected ${choice(Object.keys(values))}`
const flag = (key: 'ir' | 'dr' | 'ee' | 'se' | 'rc') => oneOf(key, { '0': false, '1': true })

const MiB = 1 << 20
const [LEAST, MOST] = [16 * MiB, 1024 * MiB]
function ram(text: string): Parsed {
  const m = /^(\d{1,4})([MG])$/.exec(text)
  const bytes = m ? Number(m[1]) * (m[2] === 'G' ? 1024 * MiB : MiB) : 0
  return bytes >= LEAST && bytes <= MOST ? { ramBytes: bytes } : 'expected 16M to 1G, as 64M'
}

/** In the order in which messages name them. */
const settings: Readonly<Record<string, (text: string) => Parsed>> = {
  map: oneOf('map', { none: 'none', radix: 'radix' }),
  page: oneOf('page', { '4K': '4K', '64K': '64K', '2M': '2M', '1G': '1G' }),
  ail: oneOf('ail', { '0': 0, '2': 2, '3': 3 }),
  ir: flag('ir'),
  dr: flag('dr'),
  ee: flag('ee'),
  se: flag('se'),
  rc: flag('rc'),
  vcpus: oneOf('vcpus', { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5, '6': 6, '7': 7, '8': 8 }),
  endian: oneOf('littleEndian', { little: true, big: false }),
  entry: text => (/^[A-Za-z_.$][\w.$]*$/.test(text) ? { entry: text } : 'expected a label'),
  ram,
}

const HEADER = /^\s*#\s*twostep:/
/** A line that is empty or comment alone; a block comment's inner lines are taken for statements. */
const NO_STATEMENT = /^\s*(#.*)?\r?$/

interface Word extends Mark {
  readonly text: string
}

/** Words of the settings lines, and those lines that come too late. */
function readHeader(source: string): { words: Word[]; late: Mark[] } {
  const words: Word[] = []
  const late: Mark[] = []
  let begun = false
  source.split('\n').forEach((text, n) => {
    const head = HEADER.exec(text)
    begun ||= !NO_STATEMENT.test(text)
    if (!head) return
    const at = (column: number, length: number): Mark => ({ line: n + 1, column: column + 1, endColumn: column + length + 1 })
    if (begun) late.push(at(head[0].search(/#/), text.trim().length))
    else
      for (const m of text.slice(head[0].length).matchAll(/\S+/g)) words.push({ ...at(head[0].length + m.index, m[0].length), text: m[0] })
  })
  return { words, late }
}

export interface ParsedDirectives {
  readonly directives: Directives
  readonly problems: readonly DirectiveProblem[]
  /** Where each setting was made, by its name. */
  readonly marks: ReadonlyMap<string, Mark>
}

/** Reads the `# twostep:` comments at the top of the source. A setting that is wrong keeps its default. */
export function parseDirectives(source: string): ParsedDirectives {
  let directives = defaults
  const problems: DirectiveProblem[] = []
  const marks = new Map<string, Mark>()
  const say = ({ line, column, endColumn }: Mark, message: string) => problems.push({ line, column, endColumn, severity: 'error', message })
  const { words, late } = readHeader(source)
  for (const word of words) {
    const [, key, value] = /^([^=]*)=(.*)$/.exec(word.text) ?? []
    if (key === undefined || value === undefined) say(word, `expected a setting as key=value, found "${word.text}"`)
    else if (!Object.hasOwn(settings, key)) say(word, `no setting "${key}". Known: ${Object.keys(settings).join(', ')}`)
    else if (marks.has(key)) say(word, `${key} is set already, in line ${marks.get(key)!.line}`)
    else {
      marks.set(key, word)
      const parsed = settings[key]!(value)
      if (typeof parsed === 'string') say(word, `${key}=${value}: ${parsed}`)
      else directives = { ...directives, ...parsed }
    }
  }
  for (const mark of late) say(mark, 'settings come before the first statement; this line would have no effect')
  return { directives, problems, marks }
}
