/** `twostep asm`: a source to a flat image, or to an ELF64 with its symbols. */
import { type Assembled, assemble } from '../emu/asm/assemble.ts'
import { writeElf } from '../emu/asm/elf-writer.ts'
import { parseDirectives } from '../emu/machine/directives.ts'
import { realOf } from '../emu/machine/image.ts'
import { CommandError, type Io } from './io.ts'
import { endian, parse } from './options.ts'
import { countErrors, reportDiagnostics } from './program.ts'

const options = { output: { type: 'string', short: 'o' }, endian: { type: 'string' } } as const
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
  if (values.output === undefined) throw new CommandError('asm: no output file given (-o OUT).')
  const source = new TextDecoder().decode(io.read(file))
  const { directives, problems } = parseDirectives(source)
  const littleEndian = endian(values.endian) ?? directives.littleEndian
  const assembled = assemble(source, { name: file, littleEndian, origin: 0n })
  const diagnostics = [...problems, ...assembled.diagnostics]
  if (reportDiagnostics(file, diagnostics, io)) throw new CommandError(`${file} has ${countErrors(diagnostics)}; nothing was written.`)
  if (assembled.sections.length === 0) throw new CommandError(`${file} makes no bytes; nothing was written.`)
  io.write(values.output, /\.elf$/i.test(values.output) ? elfImage(assembled, littleEndian, file) : flatImage(assembled))
  return 0
}
