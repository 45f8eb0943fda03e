/** Drives a session in slices, so that the worker answers within a frame: as fast as it goes, in real time, or a few a second. */
import type { Session } from '../debug/session.ts'
import type { Stop } from '../hypervisor/events.ts'
import type { Speed } from './protocol.ts'

/** Host milliseconds between two looks at the messages. */
const FRAME = 12
/** A slice that takes so much longer than the ones before it, since the guest does other things by now, is ended where it is. */
const LATE = 2 * FRAME
/** Ticks of the time base a second: POWER's 512 MHz, and one tick a boundary. */
const TIME_BASE_HZ = 512_000_000

/** Boundaries at the beginning of an action that need no slices: most steps are over by then. */
const QUICK = 20_000

/** Boundaries a second that a speed allows; null for no limit. */
const rates: Readonly<Record<Speed, number | null>> = { '1/s': 1, '10/s': 10, realtime: TIME_BASE_HZ, max: null }

export interface Clock {
  now(): number
  /** Calls back soon, after messages had their turn; `delay` in milliseconds. */
  later(delay: number, then: () => void): void
}

export class RunLoop {
  speed: Speed = 'max'
  /** Boundaries for the next slice, adapted so that it takes about a frame. */
  private slice = 100_000
  private scheduled = false

  constructor(
    private readonly session: () => Pick<Session, 'running' | 'advance'> | null,
    private readonly clock: Clock,
    /** After each slice; `stop` when the run ended. */
    private readonly onSlice: (stop: Stop | null) => void,
    /** Boundaries that the run may make at the most. */
    private readonly most: () => number = () => Number.POSITIVE_INFINITY,
  ) {}

  /** Boundaries a second where they are so few that each is a slice of its own; else null. */
  private get few(): number | null {
    const rate = rates[this.speed]
    return rate !== null && rate < 100 ? rate : null
  }

  /** Boundaries that an action may make before it is driven in slices: a run at a slow speed is slow from its first. */
  quickly(run: boolean): number {
    return run && this.few !== null ? 1 : QUICK
  }

  /** Begins to drive the session's present action. */
  go(): void {
    if (this.scheduled) return
    this.scheduled = true
    this.clock.later(0, () => this.turn())
  }

  private turn(): void {
    this.scheduled = false
    const session = this.session()
    if (!session?.running) return
    const rate = rates[this.speed]
    const { few } = this
    const limit = few !== null ? 1 : rate === null ? this.slice : Math.min(this.slice, Math.ceil((rate * FRAME) / 1000))
    const from = this.clock.now()
    const stop = session.advance(Math.min(limit, this.most()), true, () => this.clock.now() - from > LATE)
    const took = this.clock.now() - from
    if (few === null)
      this.slice = Math.min(20_000_000, Math.max(1_000, took < FRAME / 2 ? this.slice * 2 : took > FRAME ? this.slice >> 1 : this.slice))
    this.onSlice(stop)
    if (stop || !session.running) return
    this.scheduled = true
    this.clock.later(few === null ? 0 : 1000 / few, () => this.turn())
  }
}
