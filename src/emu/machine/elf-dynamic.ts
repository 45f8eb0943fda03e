/** Static position-independent files (ET_DYN): their relocations, at load bias 0. 64-bit ELF V2 ABI, 3.5. */
import { type ElfFile, KEPT, LoadError, type ProgramHeader } from './elf-file.ts'

/** Bytes of the program by address, to be changed. */
export interface Placed {
  readonly address: bigint
  readonly bytes: Uint8Array
}

const tags = { NEEDED: 1n, PLTRELSZ: 2n, RELA: 7n, RELASZ: 8n, JMPREL: 23n, RELR: 36n, RELRSZ: 35n } as const
const RELA_SIZE = 24n
const [R_PPC64_NONE, R_PPC64_RELATIVE] = [0, 22]

const needsLinker = (why: string): LoadError =>
  new LoadError(`This ELF needs a dynamic linker (${why}). Link it with -static or -static-pie. ${KEPT}`)

function dynamicTable(file: ElfFile, header: ProgramHeader): Map<bigint, bigint> {
  const found = new Map<bigint, bigint>()
  const end = header.offset + header.fileSize
  for (let at = header.offset; at + 16n <= end; at += 16n) {
    const tag = file.u64(at, 'the dynamic section')
    if (tag === 0n) break
    if (tag === tags.NEEDED) throw needsLinker('DT_NEEDED')
    found.set(tag, file.u64(at + 8n, 'the dynamic section'))
  }
  return found
}

function within(parts: readonly Placed[], address: bigint, size: bigint): DataView {
  const part = parts.find(p => address >= p.address && address + size <= p.address + BigInt(p.bytes.length))
  if (!part) throw new LoadError(`A relocation concerns 0x${address.toString(16)}, which no segment has. ${KEPT}`)
  return new DataView(part.bytes.buffer, part.bytes.byteOffset + Number(address - part.address), Number(size))
}

/** Every relocation must be R_PPC64_RELATIVE: base + addend, and the base is 0. */
function relocate(file: ElfFile, parts: readonly Placed[], from: bigint, size: bigint): void {
  const { little } = file
  for (let done = 0n; done + RELA_SIZE <= size; done += RELA_SIZE) {
    const entry = within(parts, from + done, RELA_SIZE)
    const type = Number(entry.getBigUint64(8, little) & 0xffffffffn)
    if (type === R_PPC64_NONE) continue
    if (type !== R_PPC64_RELATIVE) throw needsLinker(`relocation type ${type}`)
    within(parts, entry.getBigUint64(0, little), 8n).setBigUint64(0, entry.getBigUint64(16, little), little)
  }
}

/** A word is an address to relocate, or a bitmap of the 63 doublewords that follow. At base 0 nothing changes, but each must exist. */
function checkCompact(file: ElfFile, parts: readonly Placed[], from: bigint, size: bigint): void {
  let next = 0n
  for (let done = 0n; done + 8n <= size; done += 8n) {
    const word = within(parts, from + done, 8n).getBigUint64(0, file.little)
    if ((word & 1n) === 0n) {
      within(parts, word, 8n)
      next = word + 8n
    } else {
      for (let n = 0n; n < 63n; n++) if ((word >> (n + 1n)) & 1n) within(parts, next + 8n * n, 8n)
      next += 63n * 8n
    }
  }
}

/** Applies what the dynamic section asks for to the bytes. Throws LoadError where that takes a dynamic linker. */
export function applyDynamic(file: ElfFile, header: ProgramHeader, parts: readonly Placed[]): void {
  const table = dynamicTable(file, header)
  const list = (at: bigint, size: bigint, apply: typeof relocate) => {
    const from = table.get(at)
    if (from !== undefined) apply(file, parts, from, table.get(size) ?? 0n)
  }
  list(tags.RELA, tags.RELASZ, relocate)
  list(tags.JMPREL, tags.PLTRELSZ, relocate)
  list(tags.RELR, tags.RELRSZ, checkCompact)
}
