/** An assembled program as an executable ELF64 file for ppc64, ABI version 2, with its labels and the lines of its source. */
import type { Assembled, Section, SymbolInfo } from './assemble.ts'
import { debugSections } from './dwarf-writer.ts'
import type { SymbolType } from './program.ts'

const HEADER = 64
const PROGRAM_HEADER = 56
const SECTION_HEADER = 64
const SYMBOL = 24
/** Offsets in the file and addresses agree modulo this. */
const PAGE = 0x1000

const EM_PPC64 = 21
const ET_EXEC = 2
const ABI_V2 = 2
const PT_LOAD = 1
const [PF_X, PF_W, PF_R] = [1, 2, 4]
const [SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB, SHT_NOBITS] = [1, 2, 3, 8]
const [SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR] = [1n, 2n, 4n]
const SHN_ABS = 0xfff1
const bindings: Readonly<Record<SymbolInfo['binding'], number>> = { local: 0, global: 1, weak: 2 }
const types: Readonly<Record<SymbolType, number>> = { notype: 0, object: 1, function: 2, thread: 6 }

class Strings {
  private readonly parts: number[] = [0]
  private readonly known = new Map<string, number>([['', 0]])

  offset(text: string): number {
    let at = this.known.get(text)
    if (at === undefined) {
      at = this.parts.length
      for (const b of new TextEncoder().encode(text)) this.parts.push(b)
      this.parts.push(0)
      this.known.set(text, at)
    }
    return at
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.parts)
  }
}

/** Fields one after another, in the byte order of the file. */
class Fields {
  private at = 0
  private readonly view: DataView

  constructor(
    private readonly file: Uint8Array,
    private readonly little: boolean,
  ) {
    this.view = new DataView(file.buffer)
  }

  seek(at: number): this {
    this.at = at
    return this
  }

  bytes(values: ArrayLike<number>): this {
    this.file.set(values, this.at)
    this.at += values.length
    return this
  }

  half(...values: number[]): this {
    for (const v of values) this.view.setUint16((this.at += 2) - 2, v, this.little)
    return this
  }

  word(...values: number[]): this {
    for (const v of values) this.view.setUint32((this.at += 4) - 4, v, this.little)
    return this
  }

  double(...values: (bigint | number)[]): this {
    for (const v of values) this.view.setBigUint64((this.at += 8) - 8, BigInt.asUintN(64, BigInt(v)), this.little)
    return this
  }
}

interface Placed {
  readonly section: Section
  readonly offset: number
  /** In the file; .bss has none. */
  readonly size: number
}

const isZero = (s: Section): boolean => s.name.startsWith('.bss') && s.bytes.every(b => b === 0)
const aligned = (n: number, unit: number): number => Math.ceil(n / unit) * unit

function placeSections(sections: readonly Section[], from: number): Placed[] {
  let end = from
  return sections.map(section => {
    const size = isZero(section) ? 0 : section.bytes.length
    const wanted = Number(section.address % BigInt(PAGE))
    const offset = size === 0 ? end : end + ((((wanted - end) % PAGE) + PAGE) % PAGE)
    end = offset + size
    return { section, offset, size }
  })
}

interface Label {
  readonly name: string
  readonly value: bigint
  readonly size: bigint
  /** st_info and st_other. */
  readonly info: number
  readonly other: number
}

const PLAIN: SymbolInfo = { binding: 'local', localEntry: 0n }
/** Bits of st_other that tell how far behind a function its local entry is (64-bit ELF V2 ABI, 3.4.1). */
const localEntryBits = (distance: bigint): number => (distance > 0n ? Math.log2(Number(distance)) << 5 : 0)

/** Local ones first. */
function labelsOf(a: Assembled): Label[] {
  const commons = [...a.described.keys()].flatMap(n => (a.constants.has(n) ? [[n, a.constants.get(n)!] as const] : []))
  const named = [...a.symbols, ...commons].filter(([name]) => !name.startsWith('.L'))
  const sizes = labelSizes(
    named.map(([, value]) => value),
    a.sections,
  )
  const labels = named.map(([name, value]) => {
    const { binding, type = 'notype', size, localEntry } = a.described.get(name) ?? PLAIN
    return {
      name,
      value,
      size: size ?? sizes.get(value)!,
      info: (bindings[binding] << 4) | types[type],
      other: localEntryBits(localEntry),
    }
  })
  return [...labels.filter(isLocal), ...labels.filter(l => !isLocal(l))]
}

const isLocal = (l: Label): boolean => l.info >> 4 === bindings.local

/** Index of the section that the address lies in or ends, for a symbol. */
function sectionIndex(sections: readonly Section[], address: bigint): number {
  const within = (s: Section, past: bigint) => address >= s.address && address < s.address + BigInt(s.bytes.length) + past
  const inside = sections.findIndex(s => within(s, 0n))
  const index = inside >= 0 ? inside : sections.findIndex(s => within(s, 1n))
  return index < 0 ? SHN_ABS : index + 1
}

/** From each address to the next label or the section's end: GDB does not name data of size 0. */
function labelSizes(addresses: readonly bigint[], sections: readonly Section[]): Map<bigint, bigint> {
  const ascending = [...new Set(addresses)].sort((a, b) => (a < b ? -1 : 1))
  return new Map(
    ascending.map((address, i) => {
      const section = sections[sectionIndex(sections, address) - 1]
      if (!section) return [address, 0n]
      const end = section.address + BigInt(section.bytes.length)
      const next = ascending[i + 1] ?? end
      return [address, (next < end ? next : end) - address]
    }),
  )
}

export interface ElfOptions {
  readonly littleEndian: boolean
  /** Address of the first instruction. */
  readonly entry: bigint
  /** Name of the source file; without it there are no lines. */
  readonly source?: string
}

export function writeElf(a: Assembled, options: ElfOptions): Uint8Array {
  const { sections } = a
  const labels = labelsOf(a)
  const [names, sectionNames] = [new Strings(), new Strings()]
  const nameOffsets = labels.map(l => names.offset(l.name))
  const tables = ['.symtab', '.strtab', '.shstrtab'].map(n => sectionNames.offset(n))
  const sectionOffsets = sections.map(s => sectionNames.offset(s.name))
  const debug = options.source === undefined ? [] : debugSections(a, options.source, options.littleEndian)
  const debugNames = debug.map(d => sectionNames.offset(d.name))

  const placed = placeSections(sections, HEADER + PROGRAM_HEADER * sections.length)
  const last = placed.at(-1)
  let end = last ? last.offset + last.size : HEADER
  const debugOffsets = debug.map(d => (end += d.bytes.length) - d.bytes.length)
  const symtab = aligned(end, 8)
  const symtabSize = SYMBOL * (labels.length + 1)
  const strtab = symtab + symtabSize
  const shstrtab = strtab + names.bytes.length
  const headers = aligned(shstrtab + sectionNames.bytes.length, 8)
  const count = sections.length + debug.length + 4

  const file = new Uint8Array(headers + SECTION_HEADER * count)
  const out = new Fields(file, options.littleEndian)
  out.bytes([0x7f, 0x45, 0x4c, 0x46, 2, options.littleEndian ? 1 : 2, 1, 0]).seek(16)
  out.half(ET_EXEC, EM_PPC64).word(1).double(options.entry, HEADER, headers).word(ABI_V2)
  out.half(HEADER, PROGRAM_HEADER, sections.length, SECTION_HEADER, count, count - 1)

  for (const { section: s, offset, size } of placed) {
    out.word(PT_LOAD, PF_R | (s.writable ? PF_W : 0) | (s.executable ? PF_X : 0))
    out.double(offset, s.address, s.address, size, s.bytes.length, size === 0 ? 16 : PAGE)
  }
  for (const { section, offset, size } of placed) if (size > 0) out.seek(offset).bytes(section.bytes)

  debug.forEach((d, i) => {
    out.seek(debugOffsets[i]!).bytes(d.bytes)
  })

  out.seek(symtab + SYMBOL)
  labels.forEach((l, i) => {
    out.word(nameOffsets[i]!).bytes([l.info, l.other])
    out.half(sectionIndex(sections, l.value)).double(l.value, l.size)
  })
  out.seek(strtab).bytes(names.bytes).bytes(sectionNames.bytes)

  out.seek(headers + SECTION_HEADER)
  placed.forEach(({ section: s, offset, size }, i) => {
    const flags = SHF_ALLOC | (s.writable ? SHF_WRITE : 0n) | (s.executable ? SHF_EXECINSTR : 0n)
    out
      .word(sectionOffsets[i]!, size === 0 ? SHT_NOBITS : SHT_PROGBITS)
      .double(flags, s.address, offset, s.bytes.length)
      .word(0, 0)
      .double(4, 0)
  })
  debug.forEach((d, i) => {
    out.word(debugNames[i]!, SHT_PROGBITS).double(0, 0, debugOffsets[i]!, d.bytes.length).word(0, 0).double(1, 0)
  })
  const firstGlobal = labels.filter(isLocal).length + 1
  out
    .word(tables[0]!, SHT_SYMTAB)
    .double(0, 0, symtab, symtabSize)
    .word(count - 2, firstGlobal)
    .double(8, SYMBOL)
  out.word(tables[1]!, SHT_STRTAB).double(0, 0, strtab, names.bytes.length).word(0, 0).double(1, 0)
  out.word(tables[2]!, SHT_STRTAB).double(0, 0, shstrtab, sectionNames.bytes.length).word(0, 0).double(1, 0)
  return file
}
