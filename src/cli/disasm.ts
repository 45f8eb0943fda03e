/** `twostep disasm`: the executable segments of an ELF with its symbols and on request its source lines, or flat bytes from address 0. */
import { disassemble } from '../emu/asm/disassemble.ts'
import { type ElfImage, readElf } from '../emu/machine/elf.ts'
import { type ProgramSymbol, symbolAt } from '../emu/machine/image.ts'
import { SourceFiles } from '../emu/worker/source-view.ts'
import { CommandError, type Io, outText } from './io.ts'
import { endian, parse } from './options.ts'
import { claimsElf } from './program.ts'

const options = { endian: { type: 'string' }, source: { type: 'boolean' } } as const

interface Code {
  readonly address: bigint
  readonly bytes: Uint8Array
}

/** So many zero words in a row are one line. */
const ZEROS = 4

function zeroWords(view: DataView, at: number, isLabel: (offset: number) => boolean): number {
  let n = 0
  while (at + 4 * n + 4 <= view.byteLength && view.getUint32(at + 4 * n) === 0 && (n === 0 || !isLabel(at + 4 * n))) n++
  return n
}

const bytesOf = (bytes: Uint8Array): string => [...bytes].map(b => b.toString(16).padStart(2, '0')).join(' ')

/** The text of each source file that lies where the line table says, or beside the ELF. */
function sourceFiles(file: string, elf: ElfImage | null, io: Io): SourceFiles {
  if (!elf?.lines.table) {
    const why = elf?.lines.problem ? ` that can be read (${elf.lines.problem})` : ''
    throw new CommandError(`--source: ${file} has no line table${why}. Compile with -g, or leave --source away.`)
  }
  const sources = new SourceFiles({ name: file, symbols: elf.symbols, sourceLines: { ...elf.lines, localEntries: elf.localEntries } })
  const directory = file.slice(0, file.lastIndexOf('/') + 1)
  for (const { path, name } of sources.files())
    for (const place of [path, directory + name]) {
      try {
        sources.attach(name, new TextDecoder().decode(io.read(place)))
        break
      } catch {
        // The line is named without its text.
      }
    }
  return sources
}

function* listing(code: Code, littleEndian: boolean, symbols: readonly ProgramSymbol[], sources: SourceFiles | null): Generator<string> {
  const view = new DataView(code.bytes.buffer, code.bytes.byteOffset, code.bytes.byteLength)
  const labels = new Map<bigint, string[]>()
  for (const s of symbols) labels.set(s.address, [...(labels.get(s.address) ?? []), s.name])
  const isLabel = (offset: number): boolean => labels.has(code.address + BigInt(offset))
  const symbol = (a: bigint): string | null => symbolAt(symbols, a)
  let at = 0
  while (at + 4 <= code.bytes.length) {
    const address = code.address + BigInt(at)
    for (const name of labels.get(address) ?? []) yield `\n${address.toString(16).padStart(16, '0')} <${name}>:`
    const from = sources?.heading(address)
    if (from) yield `${from.name}:${from.line}:${from.text ? ` ${from.text}` : ''}`
    const zeros = zeroWords(view, at, isLabel)
    if (zeros >= ZEROS) {
      yield '\t...'
      at += 4 * zeros
      continue
    }
    const { text } = disassemble(view.getUint32(at, littleEndian), address, { symbol })
    yield `${address.toString(16).padStart(8)}:\t${bytesOf(code.bytes.subarray(at, at + 4))}\t${text}`
    at += 4
  }
  if (at < code.bytes.length) {
    const rest = code.bytes.subarray(at)
    yield `${(code.address + BigInt(at)).toString(16).padStart(8)}:\t${bytesOf(rest)}\t.byte   ${[...rest].map(b => `0x${b.toString(16)}`).join(',')}`
  }
}

const LINES_AT_ONCE = 4096

export function disasm(args: string[], io: Io): number {
  const { file, values } = parse('disasm', args, options)
  const bytes = io.read(file)
  const elf = claimsElf(file, bytes) ? readElf(bytes) : null
  const littleEndian = endian(values.endian) ?? elf?.littleEndian ?? true
  const codes: readonly Code[] = elf ? elf.segments.filter(s => s.executable) : [{ address: 0n, bytes }]
  const sources = values.source ? sourceFiles(file, elf, io) : null
  let lines: string[] = []
  const flush = () => {
    if (lines.length > 0) outText(io, `${lines.join('\n')}\n`)
    lines = []
  }
  for (const code of codes)
    for (const line of listing(code, littleEndian, elf?.symbols ?? [], sources)) {
      lines.push(line)
      if (lines.length >= LINES_AT_ONCE) flush()
    }
  flush()
  return 0
}
