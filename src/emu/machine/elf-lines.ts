/** The source lines of an ELF: its DWARF sections, found by name and handed to the reader. The program loads whatever they hold. */
import { type LineInformation, readLineTable } from './dwarf-line.ts'
import { type ElfFile, LoadError, type SectionHeader } from './elf-file.ts'

const SHT_NOBITS = 8
const SHF_COMPRESSED = 0x800n

/** A section that cannot be read; the message says why. */
class Unread extends Error {}

function contents(file: ElfFile, sections: ReadonlyMap<string, SectionHeader>, name: string): Uint8Array {
  if (sections.has(`.z${name.slice(1)}`))
    throw new Unread(`${name} is compressed (.z${name.slice(1)}). Link with -gz=none to have its lines`)
  const header = sections.get(name)
  if (!header || header.type === SHT_NOBITS) return new Uint8Array()
  if (header.flags & SHF_COMPRESSED) throw new Unread(`${name} is compressed (SHF_COMPRESSED). Link with -gz=none to have its lines`)
  return file.slice(header.offset, header.size, name)
}

const NOTHING: LineInformation = { table: null, problem: null }

/** `holds` tells whether the program has code at an address. Never throws: what is wrong is the problem. */
export function readLines(
  file: ElfFile,
  sections: ReadonlyMap<string, SectionHeader>,
  holds: (address: bigint) => boolean,
): LineInformation {
  try {
    const line = contents(file, sections, '.debug_line')
    if (line.length === 0) return NOTHING
    const [lineStrings, strings] = [contents(file, sections, '.debug_line_str'), contents(file, sections, '.debug_str')]
    return readLineTable({ line, lineStrings, strings }, file.little, holds)
  } catch (e) {
    if (e instanceof Unread) return { table: null, problem: e.message }
    if (e instanceof LoadError) return { table: null, problem: e.message.replace(/ Nothing was loaded\.$|\.$/, '').replace(/\.$/, '') }
    throw e
  }
}
