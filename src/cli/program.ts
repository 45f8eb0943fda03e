/** A file and the options of `run` to what is booted. */
import { dirname, join } from 'node:path'
import type { Diagnostic } from '../emu/asm/assemble.ts'
import { MSR } from '../emu/isa/bitfields.ts'
import { isElf } from '../emu/machine/elf.ts'
import { type BootImage, imageOfElf, imageOfFlat, imageOfSource, withFlat } from '../emu/machine/image.ts'
import { shippedFile } from '../emu/machine/shipped.ts'
import { CommandError, type Io } from './io.ts'
import { unsigned } from './options.ts'

export interface BootOptions {
  /** FILE@ADDR each. */
  readonly load: readonly string[]
  /** An address or a label. */
  readonly entry: string | undefined
  readonly msr: bigint | undefined
  readonly littleEndian: boolean | undefined
}

/** The text of a file beside the source, or at an absolute path; else of one that comes with the assembler; null where there is none. */
export function included(source: string, path: string, io: Io): string | null {
  try {
    return new TextDecoder().decode(io.read(path.startsWith('/') ? path : join(dirname(source), path)))
  } catch (e) {
    if (e instanceof CommandError) return shippedFile(path)
    throw e
  }
}

export const isSource = (file: string): boolean => /\.(s|S|asm)$/.test(file)
/** Something that calls itself an ELF is never taken for flat bytes. */
export const claimsElf = (file: string, bytes: Uint8Array): boolean => isElf(bytes) || /\.elf$/i.test(file)

/** In the form that editors recognise; true when an error is among them. */
export function reportDiagnostics(file: string, diagnostics: readonly Diagnostic[], io: Io): boolean {
  for (const d of diagnostics) io.error(`${file}:${d.line}:${d.column}: ${d.severity}: ${d.message}`)
  return diagnostics.some(d => d.severity === 'error')
}

export function countErrors(diagnostics: readonly Diagnostic[]): string {
  const n = diagnostics.filter(d => d.severity === 'error').length
  return `${n} error${n === 1 ? '' : 's'}`
}

const withEndian = (image: BootImage, littleEndian: boolean): BootImage => ({
  ...image,
  littleEndian,
  msr: littleEndian ? image.msr | MSR.mask.LE : image.msr & ~MSR.mask.LE,
  directives: { ...image.directives, littleEndian },
})

function imageOfFile(file: string, o: BootOptions, io: Io): BootImage {
  const bytes = io.read(file)
  if (isSource(file)) {
    const { image, diagnostics } = imageOfSource(file, new TextDecoder().decode(bytes), path => included(file, path, io))
    reportDiagnostics(file, diagnostics, io)
    if (!image) throw new CommandError(`${file} has ${countErrors(diagnostics)}; nothing was run.`)
    return image
  }
  if (claimsElf(file, bytes)) return imageOfElf(file, bytes)
  // With --entry as QEMU boots firmware: big-endian; without, as `twostep asm` writes.
  return imageOfFlat(file, bytes, { address: 0, littleEndian: o.littleEndian ?? o.entry === undefined })
}

function entryOf(image: BootImage, text: string): bigint {
  if (/^\d/.test(text)) return unsigned('--entry', text)
  const symbol = image.symbols.find(s => s.name === text)
  if (!symbol) throw new CommandError(`--entry ${text}: ${image.name} has no such symbol, and it is no number.`)
  return symbol.address
}

function loadMore(image: BootImage, what: string, io: Io): BootImage {
  const at = what.lastIndexOf('@')
  if (at <= 0) throw new CommandError(`--load ${what}: expected FILE@ADDR, as table.bin@0x20000.`)
  const file = what.slice(0, at)
  return withFlat(image, file, io.read(file), unsigned('--load', what.slice(at + 1)))
}

/** Throws CommandError or LoadError. */
export function bootImage(file: string, o: BootOptions, io: Io): BootImage {
  let image = imageOfFile(file, o, io)
  for (const what of o.load) image = loadMore(image, what, io)
  if (o.entry !== undefined) image = { ...image, entry: entryOf(image, o.entry) }
  if (o.msr !== undefined) {
    const little = (o.msr & MSR.mask.LE) !== 0n
    if (o.littleEndian !== undefined && little !== o.littleEndian)
      throw new CommandError(`--msr 0x${o.msr.toString(16)} has LE=${little ? 1 : 0}, and --endian says otherwise.`)
    return { ...withEndian(image, little), msr: o.msr }
  }
  return o.littleEndian === undefined ? image : withEndian(image, o.littleEndian)
}
