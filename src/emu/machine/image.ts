/** What is to be booted: bytes at real addresses, where to begin, in which state. Made from source, an ELF, or flat bytes. */
import { assemble, type Diagnostic } from '../asm/assemble.ts'
import { MSR } from '../isa/bitfields.ts'
import type { EffectiveAddress, RealAddress } from '../isa/units.ts'
import { type Directives, defaults, parseDirectives } from './directives.ts'
import { LoadError, readElf } from './elf.ts'

export interface ProgramSymbol {
  readonly name: string
  readonly address: EffectiveAddress
}

export interface Piece {
  readonly real: RealAddress
  readonly bytes: Uint8Array
}

export interface BootImage {
  readonly name: string
  readonly kind: 'source' | 'elf' | 'flat'
  /** By address. */
  readonly pieces: readonly Piece[]
  readonly entry: EffectiveAddress
  readonly msr: bigint
  readonly littleEndian: boolean
  readonly instructions: number
  /** By address. */
  readonly symbols: readonly ProgramSymbol[]
  /** Source line of each assembled statement that made bytes. */
  readonly lines: readonly { readonly line: number; readonly address: EffectiveAddress; readonly instruction: boolean }[]
  readonly directives: Directives
}

/** The kernel's linear mapping. */
export const LINEAR = 0xc000000000000000n
const TEXT = 0x10000n
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

/** Assembles a program as its header comment says. `image` is null when something is wrong with it. */
export function imageOfSource(name: string, source: string): { image: BootImage | null; diagnostics: Diagnostic[]; instructions: number } {
  const { directives, problems } = parseDirectives(source)
  const origin = directives.map === 'radix' ? LINEAR + TEXT : TEXT
  const program = assemble(source, { name, littleEndian: directives.littleEndian, origin })
  const diagnostics: Diagnostic[] = [...problems, ...program.diagnostics]
  const whole = (message: string): Diagnostic => ({ line: 1, column: 1, endColumn: 1, severity: 'error', message })
  const { instructions } = program
  const wrong = () => diagnostics.some(d => d.severity === 'error')
  if (!wrong() && program.sections.length === 0) diagnostics.push(whole('the program has no instruction'))
  const named = program.symbols.get(directives.entry)
  if (!wrong() && named === undefined && directives.entry !== defaults.entry)
    diagnostics.push(whole(`no label "${directives.entry}" for entry=`))
  if (wrong()) return { image: null, diagnostics, instructions }
  try {
    const parts = program.sections.map(s => ({ what: `Section ${s.name}`, address: s.address, bytes: s.bytes }))
    const pieces = place(parts, directives.ramBytes)
    const text = program.sections.find(s => s.executable) ?? program.sections[0]!
    const image: BootImage = {
      name,
      kind: 'source',
      pieces,
      entry: named ?? text.address,
      msr: bootMsr(directives),
      littleEndian: directives.littleEndian,
      instructions,
      symbols: [...program.symbols].map(([n, address]) => ({ name: n, address })).sort(byAddress),
      lines: program.lines.map(({ line, address, instruction }) => ({ line, address, instruction })),
      directives,
    }
    return { image, diagnostics, instructions }
  } catch (e) {
    if (!(e instanceof LoadError)) throw e
    return { image: null, diagnostics: [...diagnostics, whole(e.message)], instructions }
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
    littleEndian: elf.littleEndian,
    instructions: Math.floor(words),
    symbols: elf.symbols,
    lines: [],
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
    littleEndian: o.littleEndian,
    instructions: Math.floor(bytes.length / 4),
    symbols: [],
    lines: [],
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
