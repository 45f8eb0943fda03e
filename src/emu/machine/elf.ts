/** Reads ELF64 files for ppc64 and ppc64le: segments, symbols, entry. ELF-64 Object File Format; 64-bit ELF V2 ABI for Power. */

/** A file that cannot be loaded; the message says what was found and what would do. */
export class LoadError extends Error {}

export interface Segment {
  /** Address at which the guest sees it, before the machine places it. */
  readonly address: bigint
  readonly bytes: Uint8Array
  readonly executable: boolean
}

export interface ElfSymbol {
  readonly name: string
  readonly address: bigint
}

export interface ElfImage {
  readonly littleEndian: boolean
  readonly entry: bigint
  readonly segments: readonly Segment[]
  /** By address. */
  readonly symbols: readonly ElfSymbol[]
}

const machines: Readonly<Record<number, string>> = {
  3: 'x86',
  62: 'x86-64',
  40: 'Arm',
  183: 'AArch64',
  243: 'RISC-V',
  8: 'MIPS',
  20: '32-bit PowerPC',
  22: 's390',
  2: 'SPARC',
}
const types: Readonly<Record<number, string>> = { 1: 'a relocatable object (link it first)', 4: 'a core dump' }
const wanted = 'Twostep runs ELF64 executables for ppc64 and ppc64le.'

const PPC64 = 21
const [EXEC, DYN] = [2, 3]
const [PT_LOAD, PT_DYNAMIC, PT_INTERP] = [1, 2, 3]
const [SHT_SYMTAB, SHT_RELA] = [2, 4]
const R_PPC64_RELATIVE = 22

class Reader {
  readonly view: DataView
  constructor(
    readonly bytes: Uint8Array,
    readonly little: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  private need(at: number, size: number, what: string): void {
    if (at < 0 || at + size > this.bytes.length)
      throw new LoadError(
        `The file is truncated: ${what} lies at byte ${at + size}, the file has ${this.bytes.length}. Nothing was loaded.`,
      )
  }

  u16(at: number, what: string): number {
    this.need(at, 2, what)
    return this.view.getUint16(at, this.little)
  }

  u32(at: number, what: string): number {
    this.need(at, 4, what)
    return this.view.getUint32(at, this.little)
  }

  u64(at: number, what: string): bigint {
    this.need(at, 8, what)
    return this.view.getBigUint64(at, this.little)
  }

  slice(at: bigint, size: bigint, what: string): Uint8Array {
    if (at + size > BigInt(this.bytes.length))
      throw new LoadError(
        `The file is truncated: ${what} ends at byte ${at + size}, the file has ${this.bytes.length}. Nothing was loaded.`,
      )
    return this.bytes.subarray(Number(at), Number(at + size))
  }
}

interface ProgramHeader {
  type: number
  flags: number
  offset: bigint
  address: bigint
  fileSize: bigint
  memorySize: bigint
}

function header(bytes: Uint8Array): Reader {
  const magic = bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46
  if (!magic) throw new LoadError(`This is not an ELF file${bytes.length === 0 ? ': it is empty' : ''}. ${wanted} Nothing was loaded.`)
  if (bytes.length < 64)
    throw new LoadError(`The file is truncated: an ELF header has 64 bytes, the file has ${bytes.length}. Nothing was loaded.`)
  const little = bytes[5] === 1
  const r = new Reader(bytes, little)
  const machine = r.u16(18, 'the machine')
  const name = machines[machine] ?? `machine ${machine}`
  if (bytes[4] !== 2) throw new LoadError(`This is a 32-bit ELF for ${name}. ${wanted} Nothing was loaded.`)
  if (machine !== PPC64) throw new LoadError(`This is a 64-bit ELF for ${name}. ${wanted} Nothing was loaded.`)
  const type = r.u16(16, 'the type')
  if (type !== EXEC && type !== DYN) throw new LoadError(`This ELF is ${types[type] ?? `of type ${type}`}. ${wanted} Nothing was loaded.`)
  return r
}

function programHeaders(r: Reader): ProgramHeader[] {
  const at = Number(r.u64(32, 'the program header offset'))
  const size = r.u16(54, 'the program header size')
  const count = r.u16(56, 'the number of program headers')
  return Array.from({ length: count }, (_, n) => {
    const p = at + n * size
    const what = `program header ${n}`
    return {
      type: r.u32(p, what),
      flags: r.u32(p + 4, what),
      offset: r.u64(p + 8, what),
      address: r.u64(p + 16, what),
      fileSize: r.u64(p + 32, what),
      memorySize: r.u64(p + 40, what),
    }
  })
}

const MOST_MEMORY = 1n << 30n
const hex = (v: bigint): string => `0x${v.toString(16)}`

function loadSegments(r: Reader, headers: readonly ProgramHeader[]): Segment[] {
  const loads = headers.filter(h => h.type === PT_LOAD && h.memorySize > 0n)
  if (loads.length === 0) throw new LoadError('This ELF has no segment to load (PT_LOAD). Nothing was loaded.')
  const segments = loads.map((h, n) => {
    if (h.memorySize > MOST_MEMORY)
      throw new LoadError(`Segment ${n} at ${hex(h.address)} needs ${h.memorySize} bytes, more than 1 GiB of RAM. Nothing was loaded.`)
    if (h.fileSize > h.memorySize)
      throw new LoadError(`Segment ${n} at ${hex(h.address)} has more bytes in the file than in memory. Nothing was loaded.`)
    const bytes = new Uint8Array(Number(h.memorySize))
    bytes.set(r.slice(h.offset, h.fileSize, `segment ${n}`))
    return { address: h.address, bytes, executable: (h.flags & 1) !== 0 }
  })
  const sorted = [...segments].sort((a, b) => (a.address < b.address ? -1 : 1))
  sorted.slice(1).forEach((s, n) => {
    const before = sorted[n]!
    if (s.address < before.address + BigInt(before.bytes.length))
      throw new LoadError(
        `Segments overlap: the one at ${hex(s.address)} begins before the one at ${hex(before.address)} ends. Nothing was loaded.`,
      )
  })
  return sorted
}

/** Sections of a type: offset, size, link, entry size. Absent headers are no error. */
function sections(r: Reader, type: number): { offset: bigint; size: bigint; link: number }[] {
  const at = Number(r.u64(40, 'the section header offset'))
  const size = r.u16(58, 'the section header size')
  const count = r.u16(60, 'the number of section headers')
  if (at === 0) return []
  const all = Array.from({ length: count }, (_, n) => {
    const s = at + n * size
    const what = `section header ${n}`
    return { type: r.u32(s + 4, what), offset: r.u64(s + 24, what), size: r.u64(s + 32, what), link: r.u32(s + 40, what) }
  })
  return all.filter(s => s.type === type).map(s => ({ ...s, ...(all[s.link] ? {} : { link: 0 }) }))
}

function sectionAt(r: Reader, index: number): { offset: bigint; size: bigint } {
  const s = Number(r.u64(40, 'the section headers')) + index * r.u16(58, 'the section header size')
  return { offset: r.u64(s + 24, 'a section header'), size: r.u64(s + 32, 'a section header') }
}

const [STT_NOTYPE, STT_FUNC] = [0, 2]

function readSymbols(r: Reader): ElfSymbol[] {
  const found: ElfSymbol[] = []
  for (const table of sections(r, SHT_SYMTAB)) {
    const strings = sectionAt(r, table.link)
    const names = r.slice(strings.offset, strings.size, 'the string table')
    for (let n = 1n; n < table.size / 24n; n++) {
      const at = Number(table.offset + n * 24n)
      const info = r.u32(at, 'a symbol') // name offset
      const type = r.bytes[at + 4]! & 15
      const section = r.u16(at + 6, 'a symbol')
      if (section === 0 || section >= 0xff00 || (type !== STT_FUNC && type !== STT_NOTYPE)) continue
      let end = info
      while (end < names.length && names[end] !== 0) end++
      const name = new TextDecoder().decode(names.subarray(info, end))
      if (name && !name.startsWith('.L')) found.push({ name, address: r.u64(at + 8, 'a symbol') })
    }
  }
  return found.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
}

/** R_PPC64_RELATIVE of a static position-independent file, at load bias 0: the addend is the value. */
function relocate(r: Reader, segments: readonly Segment[]): void {
  for (const rela of sections(r, SHT_RELA)) {
    for (let n = 0n; n < rela.size / 24n; n++) {
      const at = Number(rela.offset + n * 24n)
      const type = Number(r.u64(at + 8, 'a relocation') & 0xffffffffn)
      if (type !== R_PPC64_RELATIVE) continue
      const where = r.u64(at, 'a relocation')
      const s = segments.find(x => where >= x.address && where + 8n <= x.address + BigInt(x.bytes.length))
      if (s)
        new DataView(s.bytes.buffer, s.bytes.byteOffset).setBigUint64(Number(where - s.address), r.u64(at + 16, 'a relocation'), r.little)
    }
  }
}

/** The ABI's function descriptors: in version 1 the entry points at one. */
function entryPoint(r: Reader, segments: readonly Segment[]): bigint {
  const entry = r.u64(24, 'the entry point')
  const abi = r.u32(48, 'the flags') & 3
  const executable = segments.some(s => s.executable && entry >= s.address && entry < s.address + BigInt(s.bytes.length))
  if (abi === 2 || executable) return entry
  const s = segments.find(x => entry >= x.address && entry + 8n <= x.address + BigInt(x.bytes.length))
  return s ? new DataView(s.bytes.buffer, s.bytes.byteOffset).getBigUint64(Number(entry - s.address), r.little) : entry
}

/** Throws LoadError with a message for people. */
export function readElf(bytes: Uint8Array): ElfImage {
  const r = header(bytes)
  const headers = programHeaders(r)
  if (headers.some(h => h.type === PT_INTERP))
    throw new LoadError('This ELF needs a dynamic linker (PT_INTERP). Link it with -static. Nothing was loaded.')
  const segments = loadSegments(r, headers)
  if (headers.some(h => h.type === PT_DYNAMIC)) relocate(r, segments)
  return { littleEndian: r.little, entry: entryPoint(r, segments), segments, symbols: readSymbols(r) }
}
