/** The bytes of an ELF64 file, read within its bounds, and its tables of headers. ELF-64 Object File Format, version 1.5. */

/** A file that cannot be loaded; the message says what was found and what would do. */
export class LoadError extends Error {}

export const KEPT = 'Nothing was loaded.'
const truncated = (what: string, end: bigint, length: number): LoadError =>
  new LoadError(`The file is truncated: ${what} ends at byte ${end}, the file has ${length}. ${KEPT}`)

export interface ProgramHeader {
  readonly type: number
  readonly flags: number
  readonly offset: bigint
  readonly address: bigint
  readonly fileSize: bigint
  readonly memorySize: bigint
}

export interface SectionHeader {
  /** Offset in the section name strings. */
  readonly name: number
  readonly type: number
  readonly flags: bigint
  readonly address: bigint
  readonly offset: bigint
  readonly size: bigint
  readonly link: number
}

/** Sizes of the entries, as the format fixes them. */
export const [HEADER_SIZE, PROGRAM_HEADER_SIZE, SECTION_HEADER_SIZE] = [64, 56, 64]
const field = {
  entry: 24,
  programHeaders: 32,
  sectionHeaders: 40,
  flags: 48,
  phentsize: 54,
  phnum: 56,
  shentsize: 58,
  shnum: 60,
  shstrndx: 62,
}

export class ElfFile {
  private readonly view: DataView

  constructor(
    readonly bytes: Uint8Array,
    readonly little: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** `count` bytes from `at` on. */
  slice(at: bigint, count: bigint, what: string): Uint8Array {
    if (at + count > BigInt(this.bytes.length)) throw truncated(what, at + count, this.bytes.length)
    return this.bytes.subarray(Number(at), Number(at + count))
  }

  private at(at: bigint, size: number, what: string): number {
    if (at + BigInt(size) > BigInt(this.bytes.length)) throw truncated(what, at + BigInt(size), this.bytes.length)
    return Number(at)
  }

  u8(at: bigint, what: string): number {
    return this.view.getUint8(this.at(at, 1, what))
  }

  u16(at: bigint, what: string): number {
    return this.view.getUint16(this.at(at, 2, what), this.little)
  }

  u32(at: bigint, what: string): number {
    return this.view.getUint32(this.at(at, 4, what), this.little)
  }

  u64(at: bigint, what: string): bigint {
    return this.view.getBigUint64(this.at(at, 8, what), this.little)
  }

  private header16(at: number): number {
    return this.u16(BigInt(at), 'the ELF header')
  }

  private header64(at: number): bigint {
    return this.u64(BigInt(at), 'the ELF header')
  }

  get entry(): bigint {
    return this.header64(field.entry)
  }

  /** Version of the ABI: 1 has function descriptors, 2 has none, 0 does not say. */
  get abi(): number {
    return this.u32(BigInt(field.flags), 'the ELF header') & 3
  }

  /** Places of a table's entries, after a look at their size. */
  private table(at: bigint, count: number, entrySize: number, atLeast: number, what: string): bigint[] {
    if (count > 0 && entrySize < atLeast)
      throw new LoadError(`The ELF header says ${what}s have ${entrySize} bytes; they have ${atLeast}. ${KEPT}`)
    this.slice(at, BigInt(count) * BigInt(entrySize), `the last ${what}`)
    return Array.from({ length: count }, (_, n) => at + BigInt(n) * BigInt(entrySize))
  }

  programHeaders(): ProgramHeader[] {
    const what = 'program header'
    const count = this.header16(field.phnum)
    return this.table(this.header64(field.programHeaders), count, this.header16(field.phentsize), PROGRAM_HEADER_SIZE, what).map(
      (p, n) => ({
        type: this.u32(p, `${what} ${n}`),
        flags: this.u32(p + 4n, `${what} ${n}`),
        offset: this.u64(p + 8n, `${what} ${n}`),
        address: this.u64(p + 16n, `${what} ${n}`),
        fileSize: this.u64(p + 32n, `${what} ${n}`),
        memorySize: this.u64(p + 40n, `${what} ${n}`),
      }),
    )
  }

  /** None where they were stripped. */
  sectionHeaders(): SectionHeader[] {
    const what = 'section header'
    const from = this.header64(field.sectionHeaders)
    const count = from === 0n ? 0 : this.header16(field.shnum)
    return this.table(from, count, this.header16(field.shentsize), SECTION_HEADER_SIZE, what).map((s, n) => ({
      name: this.u32(s, `${what} ${n}`),
      type: this.u32(s + 4n, `${what} ${n}`),
      flags: this.u64(s + 8n, `${what} ${n}`),
      address: this.u64(s + 16n, `${what} ${n}`),
      offset: this.u64(s + 24n, `${what} ${n}`),
      size: this.u64(s + 32n, `${what} ${n}`),
      link: this.u32(s + 40n, `${what} ${n}`),
    }))
  }

  get sectionNames(): number {
    return this.header16(field.shstrndx)
  }
}

const machines: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: 'x86',
  8: 'MIPS',
  20: '32-bit PowerPC',
  21: 'ppc64',
  22: 's390',
  40: 'Arm',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
}
const types: Readonly<Record<number, string>> = { 1: 'a relocatable object (link it first)', 4: 'a core dump' }
const byteOrders: Readonly<Record<number, boolean>> = { 1: true, 2: false }
const WANTED = 'Twostep runs ELF64 executables for ppc64 and ppc64le.'

const PPC64 = 21
const [EXEC, DYN] = [2, 3]
const MAGIC = [0x7f, 0x45, 0x4c, 0x46]

export const isElf = (bytes: Uint8Array): boolean => MAGIC.every((b, n) => bytes[n] === b)

/** Checks that it is an executable for this machine. Throws LoadError. */
export function openElf(bytes: Uint8Array): ElfFile {
  if (!isElf(bytes)) throw new LoadError(`This is not an ELF file${bytes.length === 0 ? ': it is empty' : ''}. ${WANTED} ${KEPT}`)
  const [bits, order] = [bytes[4], bytes[5] ?? 0]
  const little = byteOrders[order]
  if (bytes.length < 20) throw truncated('the ELF header', BigInt(HEADER_SIZE), bytes.length)
  if (little === undefined) throw new LoadError(`This ELF's byte order is ${order}; 1 is little-endian, 2 big-endian. ${WANTED} ${KEPT}`)
  const file = new ElfFile(bytes, little)
  const machine = file.u16(18n, 'the machine')
  const name = machines[machine] ?? `machine ${machine}`
  if (bits !== 2) throw new LoadError(`This is a 32-bit ELF for ${name}. ${WANTED} ${KEPT}`)
  if (machine !== PPC64) throw new LoadError(`This is a 64-bit ELF for ${name}. ${WANTED} ${KEPT}`)
  if (bytes.length < HEADER_SIZE) throw truncated('the ELF header', BigInt(HEADER_SIZE), bytes.length)
  const type = file.u16(16n, 'the type')
  if (type !== EXEC && type !== DYN) throw new LoadError(`This ELF is ${types[type] ?? `of type ${type}`}. ${WANTED} ${KEPT}`)
  return file
}
