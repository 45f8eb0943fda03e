/** `twostep isa`: the document of a mnemonic or of a word; without one, all mnemonics. */
import { disassemble } from '../emu/asm/disassemble.ts'
import { type Document, documentOf, documentOfWord, type Entry, entries, nearestMnemonics, supportNames } from '../emu/isa/document.ts'
import { CommandError, type Io, outText } from './io.ts'
import { parseAny } from './options.ts'

const options = { json: { type: 'boolean' } } as const
const WIDE = 100

/** Words in lines of at most so many characters. */
function folded(words: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length + 1 <= WIDE) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const part = (title: string, lines: readonly string[]): string[] => (lines.length ? ['', title, ...lines.map(l => `  ${l}`)] : [])

const columns = (rows: readonly (readonly [string, string])[]): string[] => {
  const wide = Math.max(0, ...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `${left.padEnd(wide)}${right}`)
}

const bits = (first: number, last: number): string => (first === last ? `${first}` : `${first}:${last}`)

function text(d: Document): string {
  const about = [
    d.form && `${d.form} form`,
    d.privilege === 'problem' ? '' : d.privilege,
    d.section,
    d.level && `first in ${d.level.toUpperCase()}`,
  ].filter(Boolean)
  return [
    d.syntax,
    about.join(', '),
    ...(d.note ? [d.note] : []),
    d.supportText,
    ...part('Does', d.rtl),
    ...part('Operands', columns(d.operands.map(o => [o.name, o.means]))),
    ...part(
      'Word, bits from the left',
      columns(d.word.map(r => [bits(r.first, r.last), r.value === null ? r.name : `${r.name} ${r.value}`])),
    ),
    ...part('Can take', d.interrupts),
    ...part('Facility', d.facility ? [d.facility] : []),
    ...part('Invalid and reserved', d.invalid),
    ...part('Also written', d.alsoWritten),
    ...part('Variants', folded(d.variants)),
    ...part('Extended mnemonics', folded(d.extended)),
    '',
  ].join('\n')
}

const line = (e: Entry): string =>
  `${e.name.padEnd(14)}${e.form.padEnd(5)}${supportNames[e.support]}${e.of ? `, extended mnemonic of ${e.of}` : ''}`.trimEnd()

interface Found {
  readonly document: Document
  /** Of a word: as it is written. */
  readonly written: string | null
}

function find(asked: string): Found {
  if (/^0x[0-9a-f]+$/i.test(asked)) {
    if (asked.length > 10) throw new CommandError(`isa: ${asked} is more than a word of 32 bits.`)
    const word = Number(asked)
    const document = documentOfWord(word)
    if (!document) throw new CommandError(`isa: ${asked} is no instruction of POWER9: Hypervisor Emulation Assistance interrupt.`)
    return { document, written: disassemble(word, 0n, {}).text.trim().replace(/\s+/g, ' ') }
  }
  const document = documentOf(asked)
  if (document) return { document, written: null }
  const near = nearestMnemonics(asked)
  throw new CommandError(`isa: no mnemonic "${asked}".${near.length ? ` Nearest: ${near.join(', ')}.` : ''} twostep isa lists all of them.`)
}

export function isa(args: string[], io: Io): number {
  const { positionals, values } = parseAny('isa', args, options)
  if (positionals.length > 1) throw new CommandError(`isa: one mnemonic or word at a time, found also ${positionals.slice(1).join(', ')}.`)
  const [asked] = positionals
  if (asked === undefined) {
    outText(io, values.json ? `${JSON.stringify(entries(), null, 2)}\n` : `${entries().map(line).join('\n')}\n`)
    return 0
  }
  const { document, written } = find(asked)
  const shown = written === null ? '' : `${asked}: ${written}\n\n`
  outText(io, values.json ? `${JSON.stringify({ ...document, ...(written !== null && { written }) }, null, 2)}\n` : shown + text(document))
  return 0
}
