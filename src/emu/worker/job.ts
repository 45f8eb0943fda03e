/** Long work between two looks at the messages: it yields how far it is, says so to the page, and can be cancelled. */
import type { Clock } from './run-loop.ts'

/** Host milliseconds between two looks at the messages. */
const FRAME = 12
/** And between two words about how far it is; what is over by the first is not told. */
const SAY_EVERY = 50
const SAY_FIRST = 200

export class Cancelled extends Error {}

export interface Progress {
  readonly what: string
  /** Of `total`; they are the same kind of thing, whatever it is. */
  readonly done: number
  readonly total: number
}

export class Job {
  private present: { cancelled: boolean; readonly givesWay: boolean } | null = null
  private ended = Promise.resolve()

  constructor(
    private readonly clock: Clock,
    /** Null when it is over. */
    private readonly tell: (progress: Progress | null) => void,
  ) {}

  /** Resolves when nothing is going on. */
  get over(): Promise<void> {
    return this.ended
  }

  get busy(): boolean {
    return this.present !== null
  }

  /** What is going on is a look that nobody has to wait for: cancel it for anything else. */
  get givesWay(): boolean {
    return this.present?.givesWay === true
  }

  /** Drives the work to its end. Rejects with Cancelled, or with what the work throws. */
  run<T>(what: string, total: number, work: Generator<number, T>, givesWay = false): Promise<T> {
    const state = { cancelled: false, givesWay }
    let told = false
    this.present = state
    let said = this.clock.now() + SAY_FIRST - SAY_EVERY
    const ending = new Promise<T>((resolve, reject) => {
      const over = (end: () => void) => {
        this.present = null
        if (told) this.tell(null)
        end()
      }
      const turn = () => {
        if (state.cancelled) {
          work.return(undefined as T)
          return over(() => reject(new Cancelled(`${what} was cancelled. Nothing was changed.`)))
        }
        const until = this.clock.now() + FRAME
        try {
          for (;;) {
            const { done, value } = work.next()
            if (done) return over(() => resolve(value as T))
            const now = this.clock.now()
            if (now < until) continue
            if (now - said >= SAY_EVERY) {
              said = now
              told = true
              this.tell({ what, done: Math.min(value as number, total), total })
            }
            break
          }
        } catch (e) {
          return over(() => reject(e as Error))
        }
        this.clock.later(0, turn)
      }
      turn()
    })
    this.ended = ending.then(
      () => {},
      () => {},
    )
    return ending
  }

  /** Resolves when it has come to its end. */
  cancel(): Promise<void> {
    if (this.present) this.present.cancelled = true
    return this.ended
  }
}
