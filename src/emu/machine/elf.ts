/** Reads ELF64 executables for ppc64 and ppc64le: segments, symbols, entry. 64-bit ELF ABI for Power, versions 1 and 2. */
import type { LineInformation } from './dwarf-line.ts'
import { applyDynamic } from './elf-dynamic.ts'
import { type ElfFile, KEPT, LoadError, openElf, type ProgramHeader, type SectionHeader } from './elf-file.ts'
import { readLines } from './elf-lines.ts'

export { isElf, LoadError } from './elf-file.ts'

export interface Segment {
  /** Address at which the guest sees it, before the machine places it. */
  readonly address: bigint
  /** What the file has of it. */
  readonly bytes: Uint8Array
  /** In memory; what the file does not have is 0. */
  readonly size: bigint
  readonly executable: boolean
}

export interface ElfSymbol {
  readonly name: string
  readonly address: bigint
}

export interface ElfImage {
  readonly littleEndian: boolean
  readonly entry: bigint
  /** By address. */
  readonly segments: readonly Segment[]
  /** By address; of several at the same one the most telling is the last. */
  readonly symbols: readonly ElfSymbol[]
  /** Of functions with two entry points: where a call within the program enters, by the address of the other. ABI version 2, 2.3.2.1. */
  readonly localEntries: ReadonlyMap<bigint, bigint>
  readonly lines: LineInformation
}

const [PT_LOAD, PT_DYNAMIC, PT_INTERP] = [1, 2, 3]
const PF_X = 1
const SHT_SYMTAB = 2
const hex = (v: bigint): string => `0x${v.toString(16)}`
const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

function loadSegments(file: ElfFile, headers: readonly ProgramHeader[]): Segment[] {
  const loads = headers.filter(h => h.type === PT_LOAD && h.memorySize > 0n)
  if (loads.length === 0) throw new LoadError(`This ELF has no segment to load (PT_LOAD). ${KEPT}`)
  const segments = loads.map((h, n): Segment => {
    if (h.fileSize > h.memorySize)
      throw new LoadError(`Segment ${n} at ${hex(h.address)} has more bytes in the file than in memory. ${KEPT}`)
    // A copy: relocations change it, and the file is the caller's.
    const bytes = file.slice(h.offset, h.fileSize, `segment ${n}`).slice()
    return { address: h.address, bytes, size: h.memorySize, executable: (h.flags & PF_X) !== 0 }
  })
  const sorted = segments.sort((a, b) => ascending(a.address, b.address))
  sorted.slice(1).forEach((s, n) => {
    const before = sorted[n]!
    if (s.address < before.address + before.size)
      throw new LoadError(`Segments overlap: the one at ${hex(s.address)} begins before the one at ${hex(before.address)} ends. ${KEPT}`)
  })
  return sorted
}

function stringAt(strings: Uint8Array, at: number): string {
  const end = strings.indexOf(0, at)
  return new TextDecoder().decode(strings.subarray(at, end < 0 ? undefined : end))
}

/** The first of each name. */
function sectionsByName(file: ElfFile, sections: readonly SectionHeader[]): Map<string, SectionHeader> {
  const names = sections[file.sectionNames]
  const strings = names ? file.slice(names.offset, names.size, 'the section names') : new Uint8Array()
  return new Map(sections.toReversed().map(s => [stringAt(strings, s.name), s]))
}

type AddressOf = (address: bigint) => bigint

/**
 * In version 1 of the ABI a function's symbol and the entry point are addresses of descriptors in `.opd`, whose first doubleword is the
 * address of the code.
 */
function codeAddresses(file: ElfFile, descriptors: SectionHeader | undefined, segments: readonly Segment[]): AddressOf {
  if (file.abi === 2) return address => address
  return address => {
    if (!descriptors || address < descriptors.address || address >= descriptors.address + descriptors.size) return address
    const s = segments.find(x => address >= x.address && address + 8n <= x.address + BigInt(x.bytes.length))
    return s ? new DataView(s.bytes.buffer, s.bytes.byteOffset).getBigUint64(Number(address - s.address), file.little) : address
  }
}

/** Rank of each symbol type that names a place: no type, data, function. */
const placeTypes: Readonly<Record<number, number>> = { 0: 0, 1: 1, 2: 2 }
const STB_LOCAL = 0
const SYMBOL_SIZE = 24n
const SHN_UNDEF = 0
/** From here on section numbers mean something else (absolute, common). */
const SHN_LORESERVE = 0xff00

interface Ranked extends ElfSymbol {
  readonly rank: number
  /** Bytes from the address to the entry point of calls within the program. */
  readonly localEntry: bigint
}

/** STO_PPC64_LOCAL: 2 to 6 are the logarithm of the distance; below, there is one entry point. ABI version 2, 3.4.1. */
const localEntryOf = (other: number): bigint => {
  const code = BigInt(other >> 5)
  return code >= 2n && code <= 6n ? 1n << code : 0n
}

function symbolAt(file: ElfFile, at: bigint, strings: Uint8Array, codeAddress: AddressOf): Ranked | null {
  const info = file.u8(at + 4n, 'a symbol')
  const type = placeTypes[info & 15]
  const section = file.u16(at + 6n, 'a symbol')
  if (type === undefined || section === SHN_UNDEF || section >= SHN_LORESERVE) return null
  const name = stringAt(strings, file.u32(at, 'a symbol'))
  if (!name || name.startsWith('.L')) return null
  return {
    name,
    address: codeAddress(file.u64(at + 8n, 'a symbol')),
    rank: 2 * type + (info >> 4 === STB_LOCAL ? 0 : 1),
    localEntry: file.abi === 2 ? localEntryOf(file.u8(at + 5n, 'a symbol')) : 0n,
  }
}

function readSymbols(file: ElfFile, sections: readonly SectionHeader[], codeAddress: AddressOf): Ranked[] {
  const found: Ranked[] = []
  for (const table of sections.filter(s => s.type === SHT_SYMTAB)) {
    const link = sections[table.link]
    const strings = link ? file.slice(link.offset, link.size, 'the symbol names') : new Uint8Array()
    for (let at = SYMBOL_SIZE; at + SYMBOL_SIZE <= table.size; at += SYMBOL_SIZE) {
      const symbol = symbolAt(file, table.offset + at, strings, codeAddress)
      if (symbol) found.push(symbol)
    }
  }
  return found.sort((a, b) => ascending(a.address, b.address) || a.rank - b.rank)
}

/** Throws LoadError with a message for people. */
export function readElf(bytes: Uint8Array): ElfImage {
  const file = openElf(bytes)
  const headers = file.programHeaders()
  if (headers.some(h => h.type === PT_INTERP))
    throw new LoadError(`This ELF needs a dynamic linker (PT_INTERP). Link it with -static. ${KEPT}`)
  const segments = loadSegments(file, headers)
  const dynamic = headers.find(h => h.type === PT_DYNAMIC)
  if (dynamic) applyDynamic(file, dynamic, segments)
  const sections = file.sectionHeaders()
  const named = sectionsByName(file, sections)
  const codeAddress = codeAddresses(file, named.get('.opd'), segments)
  const symbols = readSymbols(file, sections, codeAddress)
  const isCode = (address: bigint) => segments.some(s => s.executable && address >= s.address && address < s.address + s.size)
  return {
    littleEndian: file.little,
    entry: codeAddress(file.entry),
    segments,
    symbols: symbols.map(({ name, address }) => ({ name, address })),
    localEntries: new Map(symbols.flatMap(s => (s.localEntry ? [[s.address, s.address + s.localEntry]] : []))),
    lines: readLines(file, named, isCode),
  }
}
