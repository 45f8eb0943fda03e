/** Cases for the comparison with binutils, live and recorded: every row and every extended mnemonic with random operands. */

import { assemble } from '../../src/emu/asm/assemble.ts'
import { disassemble, render } from '../../src/emu/asm/disassemble.ts'
import { ownSpelling, type Spelling, type Values } from '../../src/emu/isa/alias.ts'
import { aliases } from '../../src/emu/isa/aliases.ts'
import { decode, instructions } from '../../src/emu/isa/instructions.ts'
import { invalidForm } from '../../src/emu/isa/invalid-forms.ts'
import { squeezed } from './binutils.ts'
import { type Random, randomValues, randomWord, wordOf } from './samples.ts'

/** The text that both assemblers are given. To GNU as a number is a displacement, to ours an address: so targets are relative to `.`. */
export function sourceText(s: Spelling, values: Values, raw: boolean): string {
  const { text } = render(s, values, 0n, { raw })
  if (s.instruction.flags.AA || !s.slots.some(slot => slot.kind === 'branch')) return squeezed(text)
  return squeezed(text).replace(/0x([0-9a-f]+)$/, (_, digits: string) => {
    const distance = BigInt.asIntN(64, BigInt(`0x${digits}`))
    return distance < 0n ? `.-${-distance}` : `.+${distance}`
  })
}

export interface TextCase {
  readonly name: string
  readonly text: string
}

const isInvalid = (word: number): boolean => {
  const row = decode(word)
  return row !== null && invalidForm(row, word) !== null
}

/** Both assemblers make mfspr of every `mftb`, so its own row has no text. */
const hasText = (s: Spelling): boolean => s.instruction.name !== 'mftb'

/** `count` texts of each spelling; GNU as refuses the invalid forms. */
export const textCases = (random: Random, count: (s: Spelling) => number): TextCase[] =>
  [...instructions.map(ownSpelling), ...aliases].filter(hasText).flatMap(s => {
    const cases: TextCase[] = []
    for (let n = count(s), tries = 0; n > 0 && tries < 100 * count(s); tries++) {
      const values = randomValues(s, random)
      const word = wordOf(s, values)
      if (word === null || isInvalid(word)) continue
      cases.push({ name: s.name, text: sourceText(s, values, n-- % 2 === 0) })
    }
    return cases
  })

/** `count` words of each row, invalid forms among them. */
export const wordCases = (random: Random, count: number): number[] =>
  instructions.flatMap(i => Array.from({ length: count }, () => randomWord(i, random)))

/** Our word for each line, or the first error; line i lies at 4·i. */
export function ourWords(lines: readonly string[]): (number | string)[] {
  return chunks(lines, 500).flatMap((some, n) => {
    const from = 2000 * n
    const source = some.map((text, i) => `.org ${from + 4 * i}\n${text}\n`).join('')
    const a = assemble(source, { littleEndian: false, origin: 0n })
    const errors = new Map<number, string>()
    for (const d of a.diagnostics) if (d.severity === 'error') errors.set((d.line - 2) / 2, d.message)
    const bytes = a.sections[0]?.bytes ?? new Uint8Array(0)
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    return some.map((_, i) => errors.get(i) ?? (4 * i < bytes.length ? view.getUint32(4 * i) : 'no bytes'))
  })
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

export const ourText = (word: number, address: number, raw = false): string =>
  squeezed(disassemble(word, BigInt(address), { raw }).text.replace(/ #.*/, ''))

/** Why objdump may say something else than we do; null where it may not. The list is in src/emu/asm/README.md. */
export function explained(word: number, ours: string, gnu: string): string | null {
  if (isInvalid(word)) return 'an invalid form, which POWER9 executes'
  const row = decode(word)
  if (row?.flags.AA && ours.replace(/0xffffffff(?=[0-9a-f]{8}$)/, '0x') === gnu) return 'objdump prints 32 bits of an absolute target'
  if (row?.name === 'mfcr' && gnu === `${ours},-1`) return 'objdump prints an operand that mfcr does not have'
  return null
}

/** A one-field mtcrf is assembled as mtocrf, by GNU as too. */
export const isRewritten = (word: number, back: number): boolean => decode(word)?.name === 'mtcrf' && back === (word | 0x00100000) >>> 0
