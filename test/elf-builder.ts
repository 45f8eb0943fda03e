/** ELF64 files made of parts, well-formed or not, for tests of the reader. */

export interface SegmentParts {
  readonly type: number
  readonly address: bigint
  readonly bytes: readonly number[]
  readonly executable: boolean
  readonly memorySize: bigint
  readonly fileSize: bigint
  /** In the file; else where its bytes are put. */
  readonly offset: bigint | null
}

export interface SymbolParts {
  readonly name: string
  readonly value: bigint
  /** Binding and type. */
  readonly info: number
  readonly section?: number
}

export interface ElfParts {
  readonly segments: readonly SegmentParts[]
  readonly little?: boolean
  readonly bits?: number
  readonly order?: number
  readonly machine?: number
  readonly type?: number
  readonly abi?: number
  readonly entry?: bigint
  readonly programHeaderSize?: number
  readonly symbols?: readonly SymbolParts[]
  /** Entries of the dynamic section. */
  readonly dynamic?: readonly (readonly [tag: bigint, value: bigint])[]
  readonly relocations?: readonly { readonly offset: bigint; readonly type: bigint; readonly addend: bigint }[]
  /** The segment that is the section of function descriptors. */
  readonly opd?: SegmentParts
}

const PT_LOAD = 1
const PT_DYNAMIC = 2
const [DT_RELA, DT_RELASZ] = [7n, 8n]
/** Where relocations are put in memory. */
const RELOCATIONS_AT = 0x7000000n

export function segment(p: Partial<SegmentParts> & Pick<SegmentParts, 'address' | 'bytes'>): SegmentParts {
  const size = BigInt(p.bytes.length)
  return { type: PT_LOAD, executable: false, offset: null, fileSize: size, memorySize: p.fileSize ?? size, ...p }
}

class Bytes {
  readonly bytes: number[] = []
  constructor(private readonly little: boolean) {}

  put(value: bigint | number, size: number): this {
    const bytes = Array.from({ length: size }, (_, n) => Number((BigInt(value) >> BigInt(8 * n)) & 0xffn))
    this.bytes.push(...(this.little ? bytes : bytes.reverse()))
    return this
  }

  raw(bytes: readonly number[]): number {
    while (this.bytes.length % 8) this.bytes.push(0)
    const at = this.bytes.length
    this.bytes.push(...bytes)
    return at
  }
}

const text = (s: string): number[] => [...new TextEncoder().encode(`${s}\0`)]

interface Section {
  readonly name: string
  readonly type: number
  readonly address: bigint
  readonly at: number
  readonly size: number
  readonly link: number
}

function symbolSections(out: Bytes, little: boolean, symbols: readonly SymbolParts[]): Section[] {
  const names = [0]
  const table = new Bytes(little)
  table.raw(Array(24).fill(0))
  for (const s of symbols) {
    table
      .put(names.length, 4)
      .put(s.info, 1)
      .put(0, 1)
      .put(s.section ?? 1, 2)
      .put(s.value, 8)
      .put(0, 8)
    names.push(...text(s.name))
  }
  const at = out.raw(table.bytes)
  return [
    { name: '.symtab', type: 2, address: 0n, at, size: table.bytes.length, link: 2 },
    { name: '.strtab', type: 3, address: 0n, at: out.raw(names), size: names.length, link: 0 },
  ]
}

function withRelocations(parts: ElfParts, little: boolean): { segments: readonly SegmentParts[]; dynamic: ElfParts['dynamic'] } {
  if (!parts.relocations) return { segments: parts.segments, dynamic: parts.dynamic }
  const table = new Bytes(little)
  for (const r of parts.relocations) table.put(r.offset, 8).put(r.type, 8).put(r.addend, 8)
  const size = BigInt(table.bytes.length)
  return {
    segments: [...parts.segments, segment({ address: RELOCATIONS_AT, bytes: table.bytes })],
    dynamic: [...(parts.dynamic ?? []), [DT_RELA, RELOCATIONS_AT], [DT_RELASZ, size]],
  }
}

export function buildElf(parts: ElfParts): Uint8Array {
  const little = parts.little ?? true
  const { segments, dynamic } = withRelocations(parts, little)
  const headerSize = parts.programHeaderSize ?? 56
  const count = segments.length + (dynamic ? 1 : 0)
  const out = new Bytes(little)
  out.raw(Array(64 + 56 * count).fill(0))

  const offsets = segments.map(s => out.raw(s.bytes))
  const table = new Bytes(little)
  for (const [tag, value] of dynamic ?? []) table.put(tag, 8).put(value, 8)
  table.put(0, 8).put(0, 8)
  const dynamicAt = out.raw(table.bytes)

  const opd = parts.opd
  const sections: Section[] = [
    { name: '', type: 0, address: 0n, at: 0, size: 0, link: 0 },
    ...symbolSections(out, little, parts.symbols ?? []),
    ...(opd ? [{ name: '.opd', type: 1, address: opd.address, at: offsets[segments.indexOf(opd)]!, size: opd.bytes.length, link: 0 }] : []),
  ]
  const names: number[] = []
  const nameOffsets = [...sections.map(s => s.name), '.shstrtab'].map(name => {
    const at = names.length
    names.push(...text(name))
    return at
  })
  sections.push({ name: '.shstrtab', type: 3, address: 0n, at: out.raw(names), size: names.length, link: 0 })
  const sectionTable = new Bytes(little)
  sections.forEach((s, n) => {
    sectionTable
      .put(nameOffsets[n]!, 4)
      .put(s.type, 4)
      .put(0, 8)
      .put(s.address, 8)
      .put(s.at, 8)
      .put(s.size, 8)
      .put(s.link, 4)
      .put(0, 4)
      .put(1, 8)
      .put(0, 8)
  })
  const sectionsAt = out.raw(sectionTable.bytes)

  const header = new Bytes(little)
  header.raw([0x7f, 0x45, 0x4c, 0x46, parts.bits ?? 2, parts.order ?? (little ? 1 : 2), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  header
    .put(parts.type ?? 2, 2)
    .put(parts.machine ?? 21, 2)
    .put(1, 4)
    .put(parts.entry ?? 0x10000n, 8)
    .put(64, 8)
    .put(sectionsAt, 8)
  header
    .put(parts.abi ?? 2, 4)
    .put(64, 2)
    .put(headerSize, 2)
    .put(count, 2)
    .put(64, 2)
    .put(sections.length, 2)
    .put(sections.length - 1, 2)
  segments.forEach((s, n) => {
    header
      .put(s.type, 4)
      .put(s.executable ? 5 : 6, 4)
      .put(s.offset ?? offsets[n]!, 8)
    header.put(s.address, 8).put(s.address, 8).put(s.fileSize, 8).put(s.memorySize, 8).put(8, 8)
  })
  if (dynamic)
    header
      .put(PT_DYNAMIC, 4)
      .put(6, 4)
      .put(dynamicAt, 8)
      .put(0, 8)
      .put(0, 8)
      .put(table.bytes.length, 8)
      .put(table.bytes.length, 8)
      .put(8, 8)

  const file = Uint8Array.from(out.bytes)
  file.set(header.bytes)
  return file
}
