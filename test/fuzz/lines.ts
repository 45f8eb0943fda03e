/** Line tables with something wrong: rows in order, or a problem in words. */
import { readLineTable } from '../../src/emu/machine/dwarf-line.ts'
import { openElf } from '../../src/emu/machine/elf-file.ts'
import { elfFiles } from './files.ts'
import { assert, mutateBytes, target } from './target.ts'

interface Sections {
  readonly line: Uint8Array
  readonly lineStrings: Uint8Array
  readonly strings: Uint8Array
}

interface Input extends Sections {
  readonly little: boolean
}

function sectionsOf(bytes: Uint8Array): Input {
  const file = openElf(bytes)
  const headers = file.sectionHeaders()
  const names = headers[file.sectionNames]!
  const text = new TextDecoder('latin1').decode(file.slice(names.offset, names.size, 'names'))
  const named = (name: string): Uint8Array => {
    const s = headers.find(h => text.slice(h.name).startsWith(`${name}\0`))
    return s ? file.slice(s.offset, s.size, name).slice() : new Uint8Array()
  }
  return { line: named('.debug_line'), lineStrings: named('.debug_line_str'), strings: named('.debug_str'), little: file.little }
}

const originals = elfFiles()
  .map(sectionsOf)
  .filter(s => s.line.length > 0)

const HEADER = 200

export const lines = target<Input>({
  name: 'lines',
  make(r) {
    const original = r.pick(originals)
    return {
      line: mutateBytes(r, original.line, HEADER),
      lineStrings: r.chance(20) && original.lineStrings.length > 0 ? mutateBytes(r, original.lineStrings, HEADER) : original.lineStrings,
      strings: original.strings,
      little: r.chance(97) ? original.little : !original.little,
    }
  },
  check({ little, ...sections }) {
    const { table, problem } = readLineTable(sections, little)
    if (problem !== null) assert(/^\.debug_\w+ at byte 0x/.test(problem), `no place in "${problem}"`)
    let before = { address: 0n, endSequence: true }
    for (let n = 0; n < (table?.size ?? 0); n++) {
      const row = table!.row(n)
      assert(row.file < table!.files.length, `row ${n} has file ${row.file}`)
      assert(before.endSequence || row.address >= before.address, `row ${n} goes back`)
      before = row
      if (n % 16 === 0) table!.at(row.address)
    }
  },
  file: ({ line }) => ({ extension: 'debug_line', bytes: line }),
})
