/** The header comment of a program: `# twostep: map=radix ail=3 ir=1 dr=1`, which says how it is to be booted. */

export interface Directives {
  /** `none`: real addresses; `radix`: 0xc000000000000000 maps RAM linearly, and quadrant 0 maps it for problem state. */
  readonly map: 'none' | 'radix'
  readonly page: '4K' | '64K' | '2M' | '1G'
  readonly ail: 0 | 2 | 3
  readonly ir: boolean
  readonly dr: boolean
  readonly ee: boolean
  readonly se: boolean
  /** R and C bits of the ready table: set from the start, or left to the first access. */
  readonly rc: boolean
  readonly vcpus: number
  readonly littleEndian: boolean
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

export interface DirectiveProblem {
  line: number
  column: number
  endColumn: number
  severity: 'error'
  message: string
}

type Parsed = Partial<Directives> | string

const oneOf =
  <K extends keyof Directives>(key: K, values: Readonly<Record<string, Directives[K]>>) =>
  (text: string): Parsed =>
    text in values ? ({ [key]: values[text] } as Partial<Directives>) : `expected ${Object.keys(values).join(', ')}`
const flag = (key: 'ir' | 'dr' | 'ee' | 'se' | 'rc') => oneOf(key, { '0': false, '1': true })

const MiB = 1 << 20
function ram(text: string): Parsed {
  const m = /^(\d+)([MG])$/.exec(text)
  const bytes = m ? Number(m[1]) * (m[2] === 'G' ? 1024 * MiB : MiB) : 0
  return bytes >= 16 * MiB && bytes <= 1024 * MiB ? { ramBytes: bytes } : 'expected 16M to 1G, as 64M'
}

const keys: Readonly<Record<string, (text: string) => Parsed>> = {
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
  entry: text => (/^[\w.$]+$/.test(text) ? { entry: text } : 'expected a label'),
  ram,
}

/** Reads every `# twostep:` comment of the source. */
export function parseDirectives(source: string): { directives: Directives; problems: DirectiveProblem[] } {
  let directives = defaults
  const problems: DirectiveProblem[] = []
  source.split('\n').forEach((text, n) => {
    const head = /^\s*#\s*twostep:/.exec(text)
    if (!head) return
    for (const m of text.slice(head[0].length).matchAll(/\S+/g)) {
      const column = head[0].length + m.index + 1
      const [key = '', value = ''] = m[0].split('=')
      const say = (message: string) => problems.push({ line: n + 1, column, endColumn: column + m[0].length, severity: 'error', message })
      const read = keys[key]
      if (!read) say(`no setting "${key}". Known: ${Object.keys(keys).join(', ')}`)
      else {
        const parsed = read(value)
        if (typeof parsed === 'string') say(`${key}=${value}: ${parsed}`)
        else directives = { ...directives, ...parsed }
      }
    }
  })
  return { directives, problems }
}
