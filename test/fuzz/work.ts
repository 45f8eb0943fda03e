/** What the two threads say to each other. */

export interface Work {
  readonly name: string
  readonly seed: number
  /** Number of the first input to try. */
  readonly first: number
  readonly milliseconds: number
  /** Inputs at most. */
  readonly most: number
}

export interface Answer {
  /** The number of the input that failed, or of the one to go on with. */
  readonly next: number
  readonly failure: string | null
}
