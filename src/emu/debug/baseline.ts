/** What "changed since" compares with: an earlier state of the same recording, of registers and of memory. */
import type { Core } from '../core/core.ts'
import type { EventIndex, RealAddress, VcpuId } from '../isa/units.ts'
import { stateOf } from './moment.ts'
import type { Recorded } from './recorded.ts'
import { readRegisters } from './registers.ts'
import type { Snapshot } from './snapshots.ts'

/** The last stop of any actor before the event shown, the start of the outside step that is shown or was last, or an event. */
export type Since = 'stop' | 'step' | EventIndex

type Registers = Readonly<Record<string, bigint>>

/** A state of the recording, as it is compared with. */
interface Point {
  readonly event: EventIndex
  registers(vcpu: VcpuId): Registers
  /** A 4 KiB page of RAM. */
  page(real: RealAddress): Uint8Array
}

/** The session, as comparing needs it. `Left` is what was shown before it left for the past. */
interface Compared<Left> extends Pick<Recorded, 'hypervisor' | 'chain' | 'history' | 'events' | 'beginning'> {
  readonly core: Core
  readonly shown: EventIndex
  readonly isLive: boolean
  seek(to: EventIndex): void
  leaveForThePast(): Left
  comeBack(to: Left): void
}

export class Baseline<Left> {
  private since: 'stop' | 'step' = 'stop'
  /** An event that was chosen: the pages that are not as where its action begins are kept apart. */
  private pinned: Point | null = null

  constructor(private readonly session: Compared<Left>) {}

  /** Throws an Error with a sentence, and compares with what it did, where there is no such event or step. */
  choose(since: Since): void {
    if (since === 'step' && this.stepStart() === null)
      throw new Error('No outside step begins before the event shown. What State compares with stays: step from outside first.')
    const last = this.session.events.length
    if (typeof since === 'number' && !(Number.isInteger(since) && since >= 0 && since <= last))
      throw new Error(`There is no event ${since}: the recording has ${last}. What State compares with stays.`)
    this.pinned = typeof since === 'number' ? this.at(since) : null
    this.since = typeof since === 'number' ? 'stop' : since
  }

  /** What was recorded behind the event is gone. */
  forgetAfter(event: EventIndex): void {
    if (this.pinned && this.pinned.event > event) this.pinned = null
  }

  /** What it is that is compared with: a step where there is one, else the last stop. */
  get kind(): 'stop' | 'step' | 'event' {
    if (this.pinned) return 'event'
    return this.since === 'step' && this.stepStart() !== null ? 'step' : 'stop'
  }

  get point(): Point {
    if (this.pinned) return this.pinned
    const found = (this.since === 'step' ? this.stepStart() : null) ?? this.lastStop()
    return this.of(found.event, found.snapshot)
  }

  private of(event: EventIndex, snapshot: Snapshot<unknown>): Point {
    const { chain } = this.session
    return {
      event,
      registers: vcpu => readRegisters(stateOf(snapshot, vcpu)),
      page: real => chain.contentAt(real, snapshot.number),
    }
  }

  /** The start of the last action before the event shown. */
  private lastStop(): { event: EventIndex; snapshot: Snapshot<unknown> } {
    const { history, shown, isLive, beginning } = this.session
    const action = history.findLast(a => a.checkpoints[0]!.event < shown || isLive)
    return action?.checkpoints[0] ?? { event: 0, snapshot: beginning }
  }

  /** The start of the action that put the step in flight; null where no step begins before what is shown. */
  private stepStart(): { event: EventIndex; snapshot: Snapshot<unknown> } | null {
    const { history, hypervisor } = this.session
    const { steps } = hypervisor.state
    return history.findLast(a => a.checkpoints[0]!.snapshot.hypervisor.steps === steps - 1)?.checkpoints[0] ?? null
  }

  /** The state just behind an event. What is shown stays. */
  private at(event: EventIndex): Point {
    const { session } = this
    const was = session.leaveForThePast()
    try {
      session.seek(event)
      const { core, chain, history, beginning } = session
      // Where an action begins stays, whatever else is given up of a long recording.
      const { number } = (history.findLast(a => a.checkpoints[0]!.event < event)?.checkpoints[0] ?? { snapshot: beginning }).snapshot
      const registers = core.vcpus.map(v => readRegisters(v.state))
      const apart = new Map<RealAddress, Uint8Array>()
      for (const real of chain.written) {
        const held = chain.contentAt(real, number)
        const page = core.read(real, held.length)
        if (page.some((byte, n) => byte !== held[n])) apart.set(real, page)
      }
      return { event, registers: vcpu => registers[vcpu]!, page: real => apart.get(real) ?? chain.contentAt(real, number) }
    } finally {
      session.comeBack(was)
    }
  }
}
