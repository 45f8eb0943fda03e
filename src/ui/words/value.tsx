/** What a word means, and what it holds now where it is a register or a bit of one. */
import type { ReactNode } from 'react'
import type { StateView } from '../../emu/worker/protocol.ts'
import { define } from '../state/definitions.tsx'
import { msrBits } from '../state/registers.ts'
import { definitionOf } from './words.ts'

/** The key of State's definitions. */
function keyOf(word: string, { registers }: StateView): string | null {
  if (msrBits.some(b => b.name === word)) return `msr ${word}`
  if (word in registers) return `register ${word}`
  return word === 'AIL' ? 'ail' : null
}

export const isDefined = (word: string): boolean => definitionOf(word) !== null

export function meaningWithValue(word: string, state: StateView | undefined): ReactNode {
  const key = state ? keyOf(word, state) : null
  if (key !== null) return define(state, key)
  const found = definitionOf(word)
  return (
    found && (
      <>
        <b>{found.word}</b>
        <span>{found.means}</span>
      </>
    )
  )
}
