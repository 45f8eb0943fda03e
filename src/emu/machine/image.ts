/** What is to be booted: bytes at real addresses, where to begin, in which state. Made from source, an ELF, or flat bytes. */
import { type Assembled, assemble, type Diagnostic } from '../asm/assemble.ts'
import { MSR } from '../isa/bitfields.ts'
import type { EffectiveAddress, RealAddress } from '../isa/units.ts'
import { type Directives, defaults, type Mark, parseDirectives } from './directives.ts'
import type { LineInformation } from './dwarf-line.ts'
import { LoadError, readElf } from './elf.ts'
import { shippedFile, shippedNames } from './shipped.ts'

export interface ProgramSymbol {
  readonly name: string
  readonly address: EffectiveAddress
}

export interface Piece {
  readonly real: RealAddress
  readonly bytes: Uint8Array
}

/** Which source files and lines an ELF comes from. */
export interface SourceLines extends LineInformation {
  /** By the address of a function: where calls within the program enter it, if elsewhere. */
  readonly localEntries: ReadonlyMap<EffectiveAddress, EffectiveAddress>
}

export interface BootImage {
  readonly name: string
  readonly kind: 'source' | 'elf' | 'flat'
  /** By address. */
  readonly pieces: readonly Piece[]
  readonly entry: EffectiveAddress
  readonly msr: bigint
  /** Ends of the first vCPU's stack and the table of contents, for r1 and r2; null where the program is to set them up. */
  readonly stack: EffectiveAddress | null
  readonly toc: EffectiveAddress | null
  readonly littleEndian: boolean
  readonly instructions: number
  /** By address. */
  readonly symbols: readonly ProgramSymbol[]
  /** Source line of each assembled statement that made bytes. */
  readonly lines: readonly { readonly line: number; readonly address: EffectiveAddress; readonly instruction: boolean }[]
  /** Of an ELF; null for the other kinds. */
  readonly sourceLines: SourceLines | null
  readonly directives: Directives
}

/** The kernel's linear mapping. */
export const LINEAR = 0xc000000000000000n
const TEXT = 0x10000n
/** Sections of data begin at a multiple of this, with the vCPUs' stacks right before them. */
const DATA_ALIGNMENT = 0x10000n
export const STACK_BYTES = 0x1000n
/** Of the stack's end, free for the frame of whoever called and what it saves below r1. 64-bit ELF V2 ABI, 2.2. */
const STACK_RESERVED = 0x180n
/** r2 points this far into the table of contents, so that 16-bit offsets reach all of it. */
const TOC_BIAS = 0x8000n
const { SF, ME, RI, IR, DR, EE, SE, LE, FP, VEC, VSX } = MSR.mask

/** Real address of an address of the program: the linear mapping's bits are dropped. */
export const realOf = (address: bigint): bigint => address & 0x0fffffffffffffffn

interface Part {
  /** For messages: "Segment 2". */
  readonly what: string
  readonly address: bigint
  readonly bytes: Uint8Array
  /** In memory, where that is more than the bytes. */
  readonly size?: bigint
}

const hex = (v: bigint | number): string => `0x${v.toString(16)}`

/** Every part in RAM, none over another: addresses that differ may be the same real one. Throws LoadError. */
function place(parts: readonly Part[], ramBytes: number): Piece[] {
  const placed = parts.map(p => ({ ...p, real: realOf(p.address), size: p.size ?? BigInt(p.bytes.length) }))
  for (const p of placed)
    if (p.real + p.size > BigInt(ramBytes))
      throw new LoadError(`${p.what} at ${hex(p.address)} ends beyond the ${ramBytes >> 20} MiB of RAM. Nothing was loaded.`)
  const sorted = placed.sort((a, b) => (a.real < b.real ? -1 : a.real > b.real ? 1 : 0))
  sorted.slice(1).forEach((p, n) => {
    const before = sorted[n]!
    if (p.real < before.real + before.size)
      throw new LoadError(
        `${p.what} at ${hex(p.address)} overlaps ${before.what} at ${hex(before.address)} in real storage. Nothing was loaded.`,
      )
  })
  return sorted.map(p => ({ real: Number(p.real), bytes: p.bytes }))
}

const bootMsr = (d: Directives): bigint =>
  SF |
  ME |
  RI |
  (d.littleEndian ? LE : 0n) |
  (d.ir ? IR : 0n) |
  (d.dr ? DR : 0n) |
  (d.ee ? EE : 0n) |
  (d.se ? SE : 0n) |
  (d.map === 'radix' ? FP | VEC | VSX : 0n)

const byAddress = (a: ProgramSymbol, b: ProgramSymbol): number => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0)

/** First multiple of the alignment behind the stacks, which come behind the code that begins at the origin. */
function dataBehind(program: Assembled, origin: bigint, vcpus: number): bigint {
  let end = origin
  for (const s of program.sections) {
    const itsEnd = s.address + BigInt(s.bytes.length)
    if (s.executable && s.address <= end + STACK_BYTES && itsEnd > end) end = itsEnd
  }
  end += STACK_BYTES * BigInt(vcpus)
  return ((end + DATA_ALIGNMENT - 1n) / DATA_ALIGNMENT) * DATA_ALIGNMENT
}

/** Code at the origin, then the stacks, then data. */
type Include = (path: string) => string | null

function assembleAt(name: string, source: string, { littleEndian, vcpus }: Directives, origin: bigint, include: Include) {
  const at = (dataOrigin: bigint) => assemble(source, { name, littleEndian, origin, dataOrigin, include, includeNames: shippedNames })
  const first = at(origin + DATA_ALIGNMENT)
  const data = dataBehind(first, origin, vcpus)
  const rightAway = data === origin + DATA_ALIGNMENT || first.sections.every(s => s.executable)
  return { program: rightAway ? first : at(data), data }
}

/** What `.TOC.` is in the source; without such a section where one would lie. */
function tocOf({ sections }: Assembled, data: bigint): bigint {
  const section = sections.find(s => s.name === '.toc') ?? sections.find(s => s.name === '.data')
  return (section?.address ?? data) + TOC_BIAS
}

export interface SourceImage {
  /** Null when something is wrong with the source. */
  readonly image: BootImage | null
  readonly diagnostics: Diagnostic[]
  readonly instructions: number
}

const BEGINNING: Mark = { line: 1, column: 1, endColumn: 2 }

/** Assembles a program as its header comment says. `include`: the text of a file that it includes. */
export function imageOfSource(name: string, source: string, include: Include = shippedFile): SourceImage {
  const { directives, problems, marks } = parseDirectives(source)
  const ready = directives.map === 'radix'
  const origin = ready ? LINEAR + TEXT : TEXT
  const { program, data } = assembleAt(name, source, directives, origin, include)
  const { instructions } = program
  const diagnostics: Diagnostic[] = [...problems, ...program.diagnostics]
  const refuse = (message: string, { line, column, endColumn }: Mark = BEGINNING): SourceImage => ({
    image: null,
    diagnostics: [...diagnostics, { line, column, endColumn, severity: 'error', message }],
    instructions,
  })
  if (diagnostics.some(d => d.severity === 'error')) return { image: null, diagnostics, instructions }
  const text = program.sections.find(s => s.executable) ?? program.sections[0]
  if (!text) return refuse('the program has no instruction')
  const named = program.symbols.get(directives.entry)
  if (named === undefined && marks.has('entry')) return refuse(`no label "${directives.entry}" for entry=`, marks.get('entry'))
  try {
    const parts = program.sections.map(s => ({ what: `Section ${s.name}`, address: s.address, bytes: s.bytes }))
    const image: BootImage = {
      name,
      kind: 'source',
      pieces: place(parts, directives.ramBytes),
      entry: named ?? text.address,
      msr: bootMsr(directives),
      stack: ready ? data - STACK_RESERVED : null,
      toc: ready ? tocOf(program, data) : null,
      littleEndian: directives.littleEndian,
      instructions,
      symbols: [...program.symbols].map(([n, address]) => ({ name: n, address })).sort(byAddress),
      lines: program.lines.map(({ line, address, instruction }) => ({ line, address, instruction })),
      sourceLines: null,
      directives,
    }
    return { image, diagnostics, instructions }
  } catch (e) {
    if (!(e instanceof LoadError)) throw e
    return refuse(e.message, marks.get('ram'))
  }
}

/** Real mode at the entry point, in the file's byte order. Throws LoadError. */
export function imageOfElf(name: string, bytes: Uint8Array, ramBytes = defaults.ramBytes): BootImage {
  const elf = readElf(bytes)
  const pieces = place(
    elf.segments.map((s, n) => ({ what: `Segment ${n}`, ...s })),
    ramBytes,
  )
  const directives = { ...defaults, ramBytes, littleEndian: elf.littleEndian }
  const words = elf.segments.filter(s => s.executable).reduce((n, s) => n + s.bytes.length / 4, 0)
  return {
    name,
    kind: 'elf',
    pieces,
    entry: elf.entry,
    msr: bootMsr(directives),
    stack: null,
    toc: null,
    littleEndian: elf.littleEndian,
    instructions: Math.floor(words),
    symbols: elf.symbols,
    lines: [],
    sourceLines: { ...elf.lines, localEntries: elf.localEntries },
    directives,
  }
}

function flatPart(name: string, bytes: Uint8Array, address: bigint): Part {
  if (bytes.length === 0) throw new LoadError(`${name} is empty. Nothing was loaded.`)
  return { what: name, address, bytes }
}

/** The image with further bytes at a real address. Throws LoadError. */
export function withFlat(image: BootImage, name: string, bytes: Uint8Array, address: bigint): BootImage {
  const parts = image.pieces.map(p => ({ what: image.name, address: BigInt(p.real), bytes: p.bytes }))
  return { ...image, pieces: place([...parts, flatPart(name, bytes, address)], image.directives.ramBytes) }
}

/** Bytes at a real address, entered there unless `entry` says otherwise. Throws LoadError. */
export function imageOfFlat(
  name: string,
  bytes: Uint8Array,
  o: { address: number; littleEndian: boolean; entry?: bigint; ramBytes?: number },
): BootImage {
  const directives = { ...defaults, littleEndian: o.littleEndian, ramBytes: o.ramBytes ?? defaults.ramBytes }
  const pieces = place([flatPart(name, bytes, BigInt(o.address))], directives.ramBytes)
  const entry = o.entry ?? BigInt(o.address)
  return {
    name,
    kind: 'flat',
    pieces,
    entry,
    msr: bootMsr(directives),
    stack: null,
    toc: null,
    littleEndian: o.littleEndian,
    instructions: Math.floor(bytes.length / 4),
    symbols: [],
    lines: [],
    sourceLines: null,
    directives,
  }
}

/** Nearest symbol at or below the address, as "probe+0x8"; null when none is near. */
export function symbolAt(symbols: readonly ProgramSymbol[], address: EffectiveAddress): string | null {
  let [low, high] = [0, symbols.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (symbols[middle]!.address <= address) low = middle + 1
    else high = middle
  }
  const s = symbols[low - 1]
  if (!s) return null
  const offset = address - s.address
  return offset === 0n ? s.name : offset < 0x10000n ? `${s.name}+0x${offset.toString(16)}` : null
}
