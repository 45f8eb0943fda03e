/** `asm(disasm(w)) == w` with reserved bits masked, for a million random words that decode; no other program takes part. */
import { expect, test } from 'vitest'
import { assemble } from '../../src/emu/asm/assemble.ts'
import { disassemble } from '../../src/emu/asm/disassemble.ts'
import { decode, instructions } from '../../src/emu/isa/instructions.ts'
import { isRewritten } from './binutils-cases.ts'
import { Random } from './random.ts'
import { operandBits } from './samples.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)
const WORDS = Number(process.env.WORDS ?? 1_000_000)
/** Lines of one source. */
const LINES = 10_000

const operands = new Map(instructions.map(i => [i, operandBits(i)]))
/** Without the bits that neither the row nor its operands define. */
const defined = (word: number): number => {
  const i = decode(word)!
  return (i.match | (word & operands.get(i)!)) >>> 0
}

/** Any 32 bits, or those of a row picked among all: else the rows with few words would hardly come. */
function randomWord(r: Random): number {
  for (;;) {
    const i = r.pick(instructions)
    const word = r.chance(50) ? r.word() : (i.match | (r.word() & ~i.mask)) >>> 0
    if (decode(word)) return word
  }
}

interface Mismatch {
  readonly word: string
  readonly text: string
  readonly back: string
}

const hex = (n: number): string => `0x${n.toString(16)}`

type TextOf = typeof disassemble

/** Words of one source, at consecutive addresses. */
function mismatches(
  words: readonly number[],
  origin: bigint,
  raw: boolean,
  littleEndian: boolean,
  textOf: TextOf = disassemble,
): Mismatch[] {
  const texts = words.map((w, n) => textOf(w, origin + BigInt(4 * n), { raw }).text)
  const { diagnostics, sections } = assemble(texts.join('\n'), { littleEndian, origin })
  const errors = diagnostics.filter(d => d.severity === 'error')
  if (errors.length > 0) return errors.map(e => ({ word: hex(words[e.line - 1]!), text: texts[e.line - 1]!, back: e.message }))
  const { bytes } = sections[0]!
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return words.flatMap((word, n) => {
    const [wanted, back] = [defined(word), view.getUint32(4 * n, littleEndian)]
    // Where both assemblers take the mnemonic for another word, the text is the word itself.
    const itself = decode(word)!.name === 'mftb' && texts[n]!.startsWith('.long') && back === word
    return back === wanted || itself || isRewritten(wanted, back) ? [] : [{ word: hex(word), text: texts[n]!, back: hex(back) }]
  })
}

test(`${WORDS} words, seed ${SEED}`, () => {
  const r = new Random(SEED, 'round trip')
  const rows = new Set<string>()
  const wrong: Mismatch[] = []
  for (let done = 0; done < WORDS && wrong.length < 100; done += LINES) {
    const words = Array.from({ length: Math.min(LINES, WORDS - done) }, () => randomWord(r))
    for (const w of words) rows.add(decode(w)!.name)
    const origin = BigInt(r.word() & ~3) & 0x7ffffffcn
    wrong.push(...mismatches(words, r.chance(50) ? origin : origin + 0xc000000000000000n, r.chance(50), r.chance(50)))
  }
  expect(wrong.slice(0, 10)).toEqual([])
  expect(rows.size).toBe(new Set(instructions.map(i => i.name)).size)
})

test('a text of another word is found', () => {
  const words = [0x38630001, 0x7c642a14, 0x4e800020, 0x48000010]
  const faults: Readonly<Record<string, TextOf>> = {
    'a register': (w, a, o) => disassemble(w === 0x7c642a14 ? 0x7c642a14 ^ (1 << 21) : w, a, o),
    'a target': (w, a, o) => disassemble(w, a + (w === 0x48000010 ? 4n : 0n), o),
    'a bit that is not reserved': (w, a, o) => disassemble(w === 0x4e800020 ? 0x4e800021 : w, a, o),
  }
  expect(mismatches(words, 0x1000n, false, true)).toEqual([])
  for (const [what, textOf] of Object.entries(faults)) expect(mismatches(words, 0x1000n, false, true, textOf).length, what).toBe(1)
  // bclr has three reserved bits before BH.
  expect(defined(0x4e80f820)).toBe(0x4e801820)
})
