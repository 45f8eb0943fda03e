/** `twostep disasm`: the executable segments of an ELF with its symbols, or flat bytes from address 0. */
import { disassemble } from '../emu/asm/disassemble.ts'
import { readElf } from '../emu/machine/elf.ts'
import { type ProgramSymbol, symbolAt } from '../emu/machine/image.ts'
import { type Io, outText } from './io.ts'
import { endian, parse } from './options.ts'
import { claimsElf } from './program.ts'

const options = { endian: { type: 'string' } } as const

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

function* listing(code: Code, littleEndian: boolean, symbols: readonly ProgramSymbol[]): Generator<string> {
  const view = new DataView(code.bytes.buffer, code.bytes.byteOffset, code.bytes.byteLength)
  const labels = new Map<bigint, string[]>()
  for (const s of symbols) labels.set(s.address, [...(labels.get(s.address) ?? []), s.name])
  const isLabel = (offset: number): boolean => labels.has(code.address + BigInt(offset))
  const symbol = (a: bigint): string | null => symbolAt(symbols, a)
  let at = 0
  while (at + 4 <= code.bytes.length) {
    const address = code.address + BigInt(at)
    for (const name of labels.get(address) ?? []) yield `\n${address.toString(16).padStart(16, '0')} <${name}>:`
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
  let lines: string[] = []
  const flush = () => {
    if (lines.length > 0) outText(io, `${lines.join('\n')}\n`)
    lines = []
  }
  for (const code of codes)
    for (const line of listing(code, littleEndian, elf?.symbols ?? [])) {
      lines.push(line)
      if (lines.length >= LINES_AT_ONCE) flush()
    }
  flush()
  return 0
}
