/** The header of a unit of `.debug_line`: how its program is to be read, and its files. DWARF version 5, 6.2.4; versions 2 to 4 likewise. */
import { DwarfReader, type Format } from './dwarf-bytes.ts'

/** The sections that lines are read from; those that the file does not have are empty. */
export interface LineSections {
  /** `.debug_line` */
  readonly line: Uint8Array
  /** `.debug_line_str` */
  readonly lineStrings: Uint8Array
  /** `.debug_str` */
  readonly strings: Uint8Array
}

export interface FileEntry {
  /** Absolute where the table says so, else from the directory of the compilation, which versions before 5 do not name. */
  readonly path: string
  /** DW_LNCT_MD5, in hexadecimal; null where the table has none. */
  readonly md5: string | null
  /** DW_LNCT_LLVM_source: the text, where the compiler put it into the table. */
  readonly text: (() => string) | null
}

export interface LineHeader {
  readonly version: number
  readonly format: Format
  readonly minimumInstructionLength: number
  readonly maximumOperations: number
  readonly defaultIsStatement: boolean
  readonly lineBase: number
  readonly lineRange: number
  readonly opcodeBase: number
  /** Operands of each standard opcode, at its number. */
  readonly operands: readonly number[]
  /** By directory index; a program may add files that name one. */
  readonly directories: readonly string[]
  /** By file register. Version 5 counts from 0, the others from 1: their 0 is null. */
  readonly files: (FileEntry | null)[]
}

const [OLDEST, NEWEST] = [2, 5]
/** Longer than any path a system takes. */
const LONGEST_NAME = 4096
const LONGEST_TEXT = 1 << 24

const joined = (directory: string | undefined, name: string): string =>
  name.startsWith('/') || !directory ? name : `${directory.replace(/\/+$/, '')}/${name}`

type Value = { readonly text: string } | { readonly number: bigint } | { readonly bytes: Uint8Array }

interface FormContext {
  readonly format: Format
  readonly sections: LineSections
  /** Names that were read, by section and offset: entries share them. */
  readonly names: Map<string, string>
}

type Form = (r: DwarfReader, what: string, c: FormContext) => Value
const data =
  (size: 1 | 2 | 4 | 8): Form =>
  (r, what) => ({
    number: { 1: () => BigInt(r.u8(what)), 2: () => BigInt(r.u16(what)), 4: () => BigInt(r.u32(what)), 8: () => r.u64(what) }[size](),
  })
const block =
  (length: (r: DwarfReader, what: string) => number): Form =>
  (r, what) => ({ bytes: r.take(length(r, what), what) })

const named =
  (key: 'lineStrings' | 'strings', section: string): Form =>
  (r, what, { format, sections, names }) => {
    const from = r.at
    const offset = r.offset(format, what)
    const known = `${section} ${offset}`
    let text = names.get(known)
    if (text === undefined) {
      if (offset >= sections[key].length) r.fail(`${what} lies at byte ${offset} of ${section}, which has ${sections[key].length}`, from)
      text = new DwarfReader(sections[key], r.little, section, offset).string(what, LONGEST_NAME)
      names.set(known, text)
    }
    return { text }
  }

/** The forms that DWARF 6.2.4.1 allows in an entry format. DWARF 7.5.6. */
const forms: Readonly<Record<number, Form>> = {
  3: block((r, what) => r.u16(what)), // DW_FORM_block2
  4: block((r, what) => r.u32(what)), // DW_FORM_block4
  5: data(2), // DW_FORM_data2
  6: data(4), // DW_FORM_data4
  7: data(8), // DW_FORM_data8
  8: (r, what) => ({ text: r.string(what, LONGEST_NAME) }), // DW_FORM_string
  9: block((r, what) => r.count(what)), // DW_FORM_block
  10: block((r, what) => r.u8(what)), // DW_FORM_block1
  11: data(1), // DW_FORM_data1
  14: named('strings', '.debug_str'), // DW_FORM_strp
  15: (r, what) => ({ number: r.uleb(what) }), // DW_FORM_udata
  30: block(() => 16), // DW_FORM_data16
  31: named('lineStrings', '.debug_line_str'), // DW_FORM_line_strp
}

/** Content types. DWARF 7.22. */
const content = { path: 1, directory: 2, md5: 5, text: 0x2001 } as const

/** A text that cannot be read is none: the lines are right without it. */
const textAt = (section: Uint8Array, little: boolean, name: string, offset: number, end?: number) => (): string => {
  try {
    return new DwarfReader(section, little, name, offset, end).string('a source text', LONGEST_TEXT)
  } catch {
    return ''
  }
}

/** A text is kept by its place until it is wanted: it may be long, and every entry may name the same. */
const textForms: Readonly<Record<number, (r: DwarfReader, c: FormContext) => () => string>> = {
  8: r => {
    const from = r.at
    r.string('a source text', LONGEST_TEXT)
    return textAt(r.bytes, r.little, r.section, from, r.end)
  },
  14: (r, c) => textIn(r, c, c.sections.strings, '.debug_str'),
  31: (r, c) => textIn(r, c, c.sections.lineStrings, '.debug_line_str'),
}

function textIn(r: DwarfReader, { format }: FormContext, section: Uint8Array, name: string): () => string {
  return textAt(section, r.little, name, r.offset(format, 'a source text'))
}

interface Entry {
  path: string
  directory: number
  md5: string | null
  text: (() => string) | null
}

const numberOf = (value: Value): number => ('number' in value ? Number(value.number) : 0)

/** One table of version 5: the format of its entries, their count, the entries. DWARF 6.2.4.1. */
function entries(r: DwarfReader, what: string, c: FormContext): Entry[] {
  const format = Array.from({ length: r.u8(`the format of ${what} entries`) }, () => ({
    type: r.count(`the format of ${what} entries`),
    form: r.count(`the format of ${what} entries`),
    at: r.at,
  }))
  const from = r.at
  const count = r.count(`the count of ${what} entries`)
  if (count > 0 && format.length === 0) r.fail(`${count} ${what} entries have no format`, from)
  if (count > r.end - r.at) r.fail(`${count} ${what} entries do not fit in the unit`, from)
  const found: Entry[] = []
  for (let n = 0; n < count; n++) {
    const entry: Entry = { path: '', directory: 0, md5: null, text: null }
    for (const { type, form, at } of format) {
      const textForm = type === content.text ? textForms[form] : undefined
      if (textForm) {
        entry.text = textForm(r, c)
        continue
      }
      const value = (forms[form] ?? r.fail(`${what} entries have form 0x${form.toString(16)}, which is not read`, at))(
        r,
        `a ${what} entry`,
        c,
      )
      if (type === content.path && 'text' in value) entry.path = value.text
      else if (type === content.directory) entry.directory = numberOf(value)
      else if (type === content.md5 && 'bytes' in value) entry.md5 = Array.from(value.bytes, b => b.toString(16).padStart(2, '0')).join('')
    }
    found.push(entry)
  }
  return found
}

/** The tables of version 5. Directory 0 is where the compiler ran; the others are relative to it. */
function modernTables(r: DwarfReader, c: FormContext): Pick<LineHeader, 'directories' | 'files'> {
  const named = entries(r, 'directory', c)
  const base = named[0]?.path
  const directories = named.map((d, n) => (n === 0 ? d.path : joined(base, d.path)))
  const files = entries(r, 'file', c).map(({ path, directory, md5, text }) => ({ path: joined(directories[directory], path), md5, text }))
  return { directories, files }
}

/** A file as versions 2 to 4 have it: name, directory, time, length. */
export function oldFile(r: DwarfReader, name: string, directories: readonly string[]): FileEntry {
  const directory = r.count("a file's directory")
  r.uleb("a file's time")
  r.uleb("a file's length")
  return { path: joined(directories[directory], name), md5: null, text: null }
}

/** The tables of versions 2 to 4: strings to an empty one. Directory 0 is where the compiler ran, and has no name here. */
function oldTables(r: DwarfReader): Pick<LineHeader, 'directories' | 'files'> {
  const directories = ['']
  for (let name = r.string('a directory', LONGEST_NAME); name; name = r.string('a directory', LONGEST_NAME)) directories.push(name)
  const files: (FileEntry | null)[] = [null]
  for (let name = r.string('a file', LONGEST_NAME); name; name = r.string('a file', LONGEST_NAME)) files.push(oldFile(r, name, directories))
  return { directories, files }
}

export const fileName = (r: DwarfReader): string => r.string('a file', LONGEST_NAME)

/** Reads a header from after the unit's length on, and leaves the reader at the program's first byte. Throws DwarfError. */
export function readLineHeader(r: DwarfReader, format: Format, sections: LineSections, names: Map<string, string>): LineHeader {
  const from = r.at
  const version = r.u16('the version')
  if (version < OLDEST || version > NEWEST) r.fail(`version ${version}; versions ${OLDEST} to ${NEWEST} are read`, from)
  if (version >= 5) {
    const size = r.u8('the size of an address')
    if (size !== 8) r.fail(`addresses of ${size} bytes; a 64-bit program's have 8`)
    r.u8('the size of a segment selector')
  }
  const length = r.offset(format, 'the length of the header')
  if (length > r.end - r.at) r.fail('the header is longer than its unit')
  const program = r.at + length
  const header = new DwarfReader(r.bytes, r.little, r.section, r.at, program)
  const minimumInstructionLength = header.u8('the header')
  const maximumOperations = version >= 4 ? header.u8('the header') : 1
  if (maximumOperations === 0) header.fail('maximum_operations_per_instruction is 0')
  const defaultIsStatement = header.u8('the header') !== 0
  const lineBase = header.s8('the header')
  const lineRange = header.u8('the header')
  if (lineRange === 0) header.fail('line_range is 0')
  const opcodeBase = header.u8('the header')
  if (opcodeBase === 0) header.fail('opcode_base is 0')
  const operands = [0, ...header.take(opcodeBase - 1, 'standard_opcode_lengths')]
  const tables = version >= 5 ? modernTables(header, { format, sections, names }) : oldTables(header)
  r.at = program
  return {
    version,
    format,
    minimumInstructionLength,
    maximumOperations,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    operands,
    ...tables,
  }
}
