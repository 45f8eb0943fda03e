/** Reads ELF64 executables for ppc64 and ppc64le: segments, symbols, entry. 64-bit ELF ABI for Power, versions 1 and 2. */
import { applyDynamic } from './elf-dynamic.ts'
import { type ElfFile, KEPT, LoadError, openElf, type ProgramHeader, type SectionHeader } from './elf-file.ts'

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

type AddressOf = (address: bigint) => bigint

/**
 * In version 1 of the ABI a function's symbol and the entry point are addresses of descriptors in `.opd`, whose first doubleword is the
 * address of the code.
 */
function codeAddresses(file: ElfFile, sections: readonly SectionHeader[], segments: readonly Segment[]): AddressOf {
  if (file.abi === 2) return address => address
  const names = sections[file.sectionNames]
  const strings = names ? file.slice(names.offset, names.size, 'the section names') : new Uint8Array()
  const descriptors = sections.find(s => stringAt(strings, s.name) === '.opd')
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
}

function symbolAt(file: ElfFile, at: bigint, strings: Uint8Array, codeAddress: AddressOf): Ranked | null {
  const info = file.u8(at + 4n, 'a symbol')
  const type = placeTypes[info & 15]
  const section = file.u16(at + 6n, 'a symbol')
  if (type === undefined || section === SHN_UNDEF || section >= SHN_LORESERVE) return null
  const name = stringAt(strings, file.u32(at, 'a symbol'))
  if (!name || name.startsWith('.L')) return null
  return { name, address: codeAddress(file.u64(at + 8n, 'a symbol')), rank: 2 * type + (info >> 4 === STB_LOCAL ? 0 : 1) }
}

function readSymbols(file: ElfFile, sections: readonly SectionHeader[], codeAddress: AddressOf): ElfSymbol[] {
  const found: Ranked[] = []
  for (const table of sections.filter(s => s.type === SHT_SYMTAB)) {
    const link = sections[table.link]
    const strings = link ? file.slice(link.offset, link.size, 'the symbol names') : new Uint8Array()
    for (let at = SYMBOL_SIZE; at + SYMBOL_SIZE <= table.size; at += SYMBOL_SIZE) {
      const symbol = symbolAt(file, table.offset + at, strings, codeAddress)
      if (symbol) found.push(symbol)
    }
  }
  return found.sort((a, b) => ascending(a.address, b.address) || a.rank - b.rank).map(({ name, address }) => ({ name, address }))
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
  const codeAddress = codeAddresses(file, sections, segments)
  return { littleEndian: file.little, entry: codeAddress(file.entry), segments, symbols: readSymbols(file, sections, codeAddress) }
}
