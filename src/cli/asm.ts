/** `twostep asm`: a source to a flat image, to an ELF64 with its symbols and lines, or to a listing. */
import { type Assembled, assemble } from '../emu/asm/assemble.ts'
import { writeElf } from '../emu/asm/elf-writer.ts'
import { listing } from '../emu/asm/listing.ts'
import { levels } from '../emu/isa/levels.ts'
import { parseDirectives } from '../emu/machine/directives.ts'
import { realOf } from '../emu/machine/image.ts'
import { shippedNames } from '../emu/machine/shipped.ts'
import { CommandError, type Io, outText } from './io.ts'
import { endian, oneOf, parse } from './options.ts'
import { countErrors, included, reportDiagnostics } from './program.ts'

const options = {
  output: { type: 'string', short: 'o' },
  endian: { type: 'string' },
  cpu: { type: 'string' },
  listing: { type: 'boolean' },
} as const
const LARGEST = 64n << 20n

/** Byte n is real address n; what no section covers is 0. */
function flatImage(a: Assembled): Uint8Array {
  const placed = a.sections.map(s => ({ real: realOf(s.address), section: s }))
  const end = placed.reduce((m, { real, section }) => {
    const e = real + BigInt(section.bytes.length)
    return e > m ? e : m
  }, 0n)
  if (end > LARGEST)
    throw new CommandError(`A flat image begins at address 0; this one would have ${end} bytes. Write an ELF instead (-o OUT.elf).`)
  const image = new Uint8Array(Number(end))
  for (const { real, section } of placed) image.set(section.bytes, Number(real))
  return image
}

function elfImage(a: Assembled, littleEndian: boolean, source: string): Uint8Array {
  const text = a.sections.find(s => s.executable) ?? a.sections[0]!
  return writeElf(a, { littleEndian, entry: a.symbols.get('_start') ?? text.address, source })
}

export function asm(args: string[], io: Io): number {
  const { file, values } = parse('asm', args, options)
  const { output } = values
  if (output === undefined && !values.listing) throw new CommandError('asm: no output file given (-o OUT), and no --listing.')
  const cpu = values.cpu === undefined ? 'power9' : oneOf('--cpu', values.cpu, levels)
  const source = new TextDecoder().decode(io.read(file))
  const { directives, problems } = parseDirectives(source)
  const littleEndian = endian(values.endian) ?? directives.littleEndian
  const assembled = assemble(source, {
    name: file,
    littleEndian,
    origin: 0n,
    cpu,
    include: path => included(file, path, io),
    includeNames: shippedNames,
  })
  const diagnostics = [...problems, ...assembled.diagnostics]
  const failed = reportDiagnostics(file, diagnostics, io)
  if (values.listing) outText(io, listing(source, assembled))
  if (failed) throw new CommandError(`${file} has ${countErrors(diagnostics)}; nothing was written.`)
  if (output === undefined) return 0
  if (assembled.sections.length === 0) throw new CommandError(`${file} makes no bytes; nothing was written.`)
  io.write(output, /\.elf$/i.test(output) ? elfImage(assembled, littleEndian, file) : flatImage(assembled))
  return 0
}
