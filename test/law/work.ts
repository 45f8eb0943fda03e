/** What the threads of the law are asked, and what they answer. */
import type { Counted } from './tally.ts'

export interface Work {
  /** Seed of the first batch, and how far the next one is. */
  readonly first: number
  readonly apart: number
  /** Programs of a batch, and boundaries of each. */
  readonly programs: number
  readonly boundaries: number
}

export interface Answer {
  readonly seed: number
  /** The counterexample, shrunk, as a program; null where the law held. */
  readonly failure: string | null
  readonly counted: Counted
}
