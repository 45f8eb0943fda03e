/** A probe: a guest program that finds out by itself whether it is being stepped. Its header comment says what it looks at. */
import { type BootImage, imageOfSource, realOf } from '../machine/image.ts'

export interface ProbeProgram {
  /** File name without `.s`. */
  readonly name: string
  readonly source: string
  readonly title: string
  readonly channel: number
  readonly looksAt: string
  readonly notices: string
  /** What it asks of the system besides the architecture; null for most. */
  readonly needs: string | null
  readonly image: BootImage
  /** Real addresses of its labels: where stepping begins, and where r3 holds the verdict. */
  readonly start: bigint
  readonly verdict: bigint
}

/** What is wrong with a probe itself, in a sentence. */
export class ProbeError extends Error {}

const FIELD = /^# (probe|channel|looks at|notices|needs): (.*)$/
const CONTINUED = /^# {5}(\S.*)$/

/** `# title: text`, going on in lines that are indented. */
function fieldsOf(source: string): Map<string, string> {
  const fields = new Map<string, string>()
  let last: string | null = null
  for (const line of source.split('\n')) {
    if (!line.startsWith('#')) break
    const [, key, text] = FIELD.exec(line) ?? []
    const more = CONTINUED.exec(line)?.[1]
    if (key !== undefined && text !== undefined) fields.set((last = key), text)
    else if (more !== undefined && last !== null) fields.set(last, `${fields.get(last)} ${more}`)
    else last = null
  }
  return fields
}

/** Reads the header and assembles. Throws ProbeError. */
export function probeProgram(name: string, source: string): ProbeProgram {
  const fields = fieldsOf(source)
  const field = (key: string): string => {
    const text = fields.get(key)
    if (text === undefined) throw new ProbeError(`${name}: its header has no "# ${key}: …".`)
    return text
  }
  const { image, diagnostics } = imageOfSource(`${name}.s`, source)
  if (!image) {
    const first = diagnostics.find(d => d.severity === 'error')!
    throw new ProbeError(`${name}.s:${first.line}:${first.column}: ${first.message}`)
  }
  const label = (symbol: string): bigint => {
    const found = image.symbols.find(s => s.name === symbol)
    if (!found) throw new ProbeError(`${name}: there is no label "${symbol}".`)
    return realOf(found.address)
  }
  return {
    name,
    source,
    title: field('probe'),
    channel: Number(field('channel')),
    looksAt: field('looks at'),
    notices: field('notices'),
    needs: fields.get('needs') ?? null,
    image,
    start: label('probe'),
    verdict: label('verdict'),
  }
}
