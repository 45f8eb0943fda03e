/** Courses that history took and that were given up for another: kept whole, as what was done, so that the machine can go there again. */

import type { Recorded } from './recorded.ts'
import { type Deed, deedsOf, doAgain, doingJson } from './recording.ts'

export interface Branch {
  readonly id: number
  readonly deeds: readonly Deed[]
}

/** The oldest is given up for a new one. */
const MOST = 20

const texts = new WeakMap<object, string>()
/** What was done, as text, to compare it. */
function textOf(part: object, write: () => unknown): string {
  const known = texts.get(part)
  if (known !== undefined) return known
  const text = JSON.stringify(write())
  texts.set(part, text)
  return text
}

const same = (a: Deed, b: Deed): boolean =>
  a.vcpu === b.vcpu &&
  a.boundaries === b.boundaries &&
  a.transitions === b.transitions &&
  a.actor === b.actor &&
  a.hold === b.hold &&
  (a.doing === b.doing || textOf(a.doing, () => doingJson(a.doing)) === textOf(b.doing, () => doingJson(b.doing))) &&
  (a.policy === b.policy || textOf(a.policy, () => a.policy) === textOf(b.policy, () => b.policy))

/** So many from the beginning are the same. */
function common(a: readonly Deed[], b: readonly Deed[]): number {
  let n = 0
  while (n < a.length && n < b.length && same(a[n]!, b[n]!)) n++
  return n
}

export class Branches {
  private kept: Branch[] = []
  private last = 0

  constructor(private readonly session: Recorded) {}

  get all(): readonly Branch[] {
    return this.kept
  }

  clear(): void {
    this.kept = []
  }

  /** Takes up those of a document. */
  put(courses: readonly (readonly Deed[])[]): void {
    this.kept = courses.slice(-MOST).map(deeds => ({ id: ++this.last, deeds }))
  }

  /** Actions of a branch that the present course has too. */
  forkOf(branch: Branch): number {
    return common(branch.deeds, deedsOf(this.session))
  }

  /** The present course is about to be left or cut. */
  keep(): void {
    const deeds = deedsOf(this.session)
    // One that goes on from where this ends has all of it.
    if (this.kept.some(b => common(b.deeds, deeds) === deeds.length)) return
    this.kept = [...this.kept, { id: ++this.last, deeds }].slice(-MOST)
  }

  /** Those that the present course has wholly are no others. */
  prune(): void {
    if (this.kept.length === 0) return
    const deeds = deedsOf(this.session)
    this.kept = this.kept.filter(b => common(b.deeds, deeds) < b.deeds.length)
  }

  forget(id: number): void {
    this.kept = this.kept.filter(b => b.id !== id)
  }

  /** Boundaries that going there does again. Throws an Error with a sentence where there is no such branch. */
  workOf(id: number): number {
    const { deeds } = this.named(id)
    return deeds.slice(common(deeds, deedsOf(this.session))).reduce((n, d) => n + Math.max(1, d.boundaries), 0)
  }

  private named(id: number): Branch {
    const branch = this.kept.find(b => b.id === id)
    if (!branch) throw new Error(`There is no branch ${id} any more. Nothing was changed.`)
    return branch
  }

  /**
   * Goes over to a branch; the present course is kept in its place. Yields the boundaries done. Left before its end, it stands where it
   * came to, with both courses kept.
   */
  *goTo(id: number): Generator<number, void> {
    const { session } = this
    const { deeds } = this.named(id)
    this.keep()
    const fork = common(deeds, deedsOf(session))
    if (fork < session.history.length) session.backTo(fork)
    else session.returnToLive()
    const { hypervisor } = session
    const [hold, specs] = [hypervisor.holdInterrupts, session.stops.specs]
    try {
      yield* doAgain(session, deeds.slice(fork))
      this.forget(id)
    } finally {
      if (session.running) session.pause()
      hypervisor.holdInterrupts = hold
      session.stops.set(specs)
    }
  }
}
