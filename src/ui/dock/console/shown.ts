/** From what a terminal has been given to what it should show: the guest's output only grows, until the machine goes back. */
import { MOST_CHARACTERS, tail } from './printable.ts'

export interface Given {
  /** All that the port wrote. */
  readonly output: string
  /** Characters at its start that the user cleared away. */
  readonly from: number
}

export interface Writing {
  /** The terminal is emptied first. */
  readonly anew: boolean
  readonly text: string
}

/** Null: it shows just that. */
export function writing(before: Given | null, now: Given): Writing | null {
  const grown = before !== null && before.from === now.from && now.output.startsWith(before.output)
  const piece = grown ? now.output.slice(before.output.length) : ''
  if (grown && piece.length <= MOST_CHARACTERS) return piece === '' ? null : { anew: false, text: piece }
  return { anew: true, text: tail(now.output.slice(now.from)).text }
}

/** What was cleared stays cleared while the output grows; where the machine went back before it, nothing is. */
export const clearedOf = (output: string, cleared: number): number => (output.length < cleared ? 0 : cleared)
