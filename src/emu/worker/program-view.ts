/** The loaded program as the page shows it. */
import type { BootImage } from '../machine/image.ts'
import type { ProgramView, SourceFileView } from './protocol.ts'

export function programView(
  { name, kind, instructions, littleEndian, entry, symbols, lines }: BootImage,
  files: SourceFileView[],
): ProgramView {
  return {
    name,
    kind,
    instructions,
    littleEndian,
    entry,
    symbols: [...symbols],
    lines: lines.map(({ line, address }) => ({ line, address })),
    files,
  }
}
