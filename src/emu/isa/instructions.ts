/** Every instruction, expanded from the chapters, and the decoder that finds the row of a word. */
import { atomic } from './atomic.ts'
import { branch } from './branch.ts'
import { decimal } from './decimal.ts'
import { fixedPoint } from './fixed-point.ts'
import { expand, type Instruction, type Row } from './instruction.ts'
import { multiple } from './multiple.ts'
import { priorityHints } from './priority.ts'
import { segments } from './segments.ts'
import { storage } from './storage.ts'
import { supervision } from './supervision.ts'
import { system } from './system.ts'

const chapters: readonly (readonly [section: string, rows: readonly Row[]])[] = [
  ['Book I, 2', branch],
  ['Book I, 3.3', fixedPoint],
  ['Book I, 3.3.15', decimal],
  ['Book I, 3.3; Book II, 4', storage],
  ['Book I, 3.3.4 to 3.3.8', multiple],
  ['Book II, 4.5', atomic],
  ['Book III', system],
  ['Book III, 5.9.3', segments],
  ['Book III', supervision],
]

export const instructions: readonly Instruction[] = chapters.flatMap(([section, rows]) => rows.flatMap(r => expand(r, section)))

const byName = new Map(instructions.map(i => [i.name, i]))
export const instructionNamed = (name: string): Instruction | null => byName.get(name) ?? null

/** `or rx,rx,rx` that set the thread's priority: they decode before `or`, and are spelled as it is. */
const hints = priorityHints.flatMap(r => expand(r, 'Book II, 3.2'))

const byPrimary: Instruction[][] = Array.from({ length: 64 }, () => [])
for (const i of [...hints, ...instructions]) byPrimary[i.match >>> 26]!.push(i)

const cache = new Map<number, Instruction | null>()

/** The row whose opcode bits the word has; null for a word that is no instruction here. Reserved bits are ignored, as POWER9 does. */
export function decode(word: number): Instruction | null {
  const candidates = byPrimary[word >>> 26]!
  if (candidates.length === 1 && candidates[0]!.mask === 0xfc000000) return candidates[0]!
  const known = cache.get(word)
  if (known !== undefined) return known
  const found = candidates.find(i => (word & i.mask) >>> 0 === i.match) ?? null
  if (cache.size > 1 << 16) cache.clear()
  cache.set(word, found)
  return found
}
