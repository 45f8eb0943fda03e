/** The source files of a loaded program: their names from its line table, their texts as far as somebody gave them, and what lies where. */
import type { LinePlace, LineTable } from '../machine/dwarf-line.ts'
import { type BootImage, symbolAt } from '../machine/image.ts'
import type { SourceFileView, SourcePlace, SourceRow, SourceView } from './protocol.ts'

const NOTHING: SourceView = { text: null, lines: [] }

export const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

interface Text {
  readonly text: string
  readonly lines: readonly string[]
}

/** Characters that are taken from a table that carries its texts. */
const MOST_CARRIED = 1 << 25

const textOf = (text: string): Text => ({ text, lines: text.replace(/\r?\n$/, '').split(/\r\n|\n|\r/) })

/** As many names as a message holds. */
const MOST_NAMES = 4

function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)]
  const more = distinct.length - MOST_NAMES
  return distinct.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** A text that was given, by the name of its file. */
export interface GivenText {
  readonly name: string
  readonly text: string
}

export class SourceFiles {
  /** As they were given, for a document of the session. */
  readonly given = new Map<string, GivenText>()
  private readonly table: LineTable | null
  private readonly texts = new Map<number, Text>()
  private readonly starts = new Map<number, LinePlace[]>()

  constructor(private readonly image: Pick<BootImage, 'name' | 'symbols' | 'sourceLines'> | null) {
    this.table = image?.sourceLines?.table ?? null
    let carried = 0
    this.table?.files.forEach((file, n) => {
      const text = carried < MOST_CARRIED ? file.text?.() : null
      if (!text) return
      carried += text.length
      this.texts.set(n, textOf(text))
    })
  }

  /** The files of a program that is opened again, with the texts that it had; one that fits none of them is left out. */
  static again(image: BootImage, texts: readonly GivenText[]): SourceFiles {
    const files = new SourceFiles(image)
    for (const { name, text } of texts) if (files.named(name).length > 0) files.attach(name, text)
    return files
  }

  private named(name: string): number[] {
    return (this.table?.files ?? []).flatMap(({ path }, n) => (baseName(path) === baseName(name) ? [n] : []))
  }

  files(): SourceFileView[] {
    return (this.table?.files ?? []).map(({ path }, n) => ({ path, name: baseName(path), attached: this.texts.has(n) }))
  }

  /** Where the instruction at an address comes from. */
  at(address: bigint): SourcePlace | null {
    return this.table?.at(address) ?? null
  }

  /** The place of an instruction that does not come from the same line as the one before it, with the line's text. */
  heading(address: bigint): SourceRow | null {
    const place = this.at(address)
    if (!place) return null
    const before = this.at(address - 4n)
    if (before && before.file === place.file && before.line === place.line) return null
    const { file, line } = place
    return { file, line, name: baseName(this.table!.files[file]!.path), text: this.texts.get(file)?.lines[line - 1] ?? null }
  }

  /** The text, where it is here, and the address for a breakpoint on each line that has code: one for each function that the line is in. */
  view(file: number): SourceView {
    if (!this.table?.files[file]) return NOTHING
    const lines = this.starts.get(file) ?? this.breakpointPlaces(this.table.starts(file))
    this.starts.set(file, lines)
    return { text: this.texts.get(file)?.text ?? null, lines }
  }

  /** A line may begin several times in a function, as the head of a loop does; the first of them is where it is met first. */
  private breakpointPlaces(starts: readonly LinePlace[]): LinePlace[] {
    const { symbols, sourceLines } = this.image!
    const seen = new Set<string>()
    return starts.flatMap(({ line, address }) => {
      const key = `${line} ${(symbolAt(symbols, address) ?? '').replace(/\+0x[0-9a-f]+$/, '')}`
      if (seen.has(key)) return []
      seen.add(key)
      // Calls within the program enter behind the instructions that set up r2.
      return [{ line, address: sourceLines?.localEntries.get(address) ?? address }]
    })
  }

  /** Gives a text to every file of its base name; answers how to speak of it. Throws Error with a message for people. */
  attach(name: string, text: string): { files: number[]; note: string | null } {
    const program = this.image?.name ?? ''
    if (!this.table) {
      const why = this.image?.sourceLines?.problem
      throw new Error(
        this.image
          ? `${name} was not opened: ${program} has no line table${why ? ` that can be read (${why})` : ''}. Compile with -g, open the ELF, then give its source.`
          : `${name} was not opened: no program is loaded. Open an ELF compiled with -g first, then its source.`,
      )
    }
    const { files } = this.table
    const named = this.named(name)
    if (named.length === 0)
      throw new Error(
        `${name} is no source file of ${program}, whose line table names ${listed(files.map(f => baseName(f.path)))}. Nothing was changed.`,
      )
    const attached = textOf(text)
    for (const n of named) this.texts.set(n, attached)
    this.given.set(baseName(name), { name, text })
    const last = Math.max(...named.flatMap(n => this.table!.starts(n).slice(-1)).map(s => s.line), 0)
    const note =
      last > attached.lines.length
        ? `It has ${attached.lines.length} line${attached.lines.length === 1 ? '' : 's'}, and the program has code of line ${last}: it may be another version of the file.`
        : null
    return { files: named, note }
  }
}
