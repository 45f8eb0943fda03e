/** What a search in the past looks for: a breakpoint that is met, a write to a register, a write to a byte of memory. */
import type { CoreEvent, InterruptTaken } from '../core/events.ts'
import { PAGE } from '../core/layout.ts'
import type { HypervisorEvent } from '../hypervisor/events.ts'
import type { RealAddress, VcpuId } from '../isa/units.ts'
import type { Action, Driving } from './action.ts'
import { destinationsOf, entriesOf, entryValue } from './destinations.ts'
import type { Session } from './session.ts'
import { type Hit, isFree, type Lookout } from './travel.ts'

/** Who wrote; an edit is an action of its own, so its hit says `hypervisor`. */
export type WrittenBy = 'instruction' | 'interrupt' | 'hypervisor'

/** Where a run forwards would have stopped. */
export class MetBreakpoint implements Lookout {
  readonly often = false
  private action!: Action<unknown>
  private free = false

  constructor(private readonly session: Session) {}

  begin(action: Action<unknown>): void {
    this.action = action
    this.free = false
    this.session.stops.begin(null)
    this.look()
  }

  /** From where the guest runs by itself, the breakpoints that there are now say where it stops. */
  private look(): void {
    const { session } = this
    if (this.free || !isFree(session, this.action)) return
    this.free = true
    session.stops.apply()
    for (const v of session.core.vcpus) v.meetStop()
  }

  /** A stepper may have come to it. */
  start(): Hit | null {
    const { stops, hypervisor, moment } = this.session
    const text = this.free || hypervisor.state.step ? null : stops.standingAt(hypervisor.state.clock)
    return text === null ? null : { moment, text }
  }

  drive(allowance: number): { driving: Driving; hit: Hit | null } {
    const { session } = this
    this.look()
    const { driving, met } = session.stops.again(() => session.driveAgain(allowance))
    return { driving, hit: met === null ? null : { moment: session.moment, text: met } }
  }

  end(): void {
    this.session.stops.end()
  }
}

/** Registers that interrupts write, those that the event names aside. */
const ofInterrupt = ({ exits, id }: InterruptTaken): readonly string[] => {
  if (exits) return ['HSRR0', 'HSRR1']
  return id === 'systemCallVectored' ? ['LR', 'CTR', 'MSR'] : ['SRR0', 'SRR1', 'MSR']
}

/** Written by an instruction, whatever the value; by an interrupt; by the hypervisor, where the value changed; or by an edit. */
export class RegisterWritten implements Lookout {
  readonly often = true
  private readonly entries: ReadonlySet<string>
  private heard: Hit | null = null
  private before!: Session['moment']
  private action!: Action<unknown>
  private free = false

  constructor(
    private readonly session: Session,
    private readonly vcpu: VcpuId,
    register: string,
  ) {
    this.entries = new Set(entriesOf(register))
  }

  private writes(word: number): boolean {
    for (const d of destinationsOf(word)) if (this.entries.has(d)) return true
    return false
  }

  private get values(): string {
    const { state } = this.session.vcpu(this.vcpu)
    return [...this.entries].map(e => entryValue(state, e)).join(' ')
  }

  begin(action: Action<unknown>): void {
    this.action = action
    this.free = false
    this.session.overhearing = what => this.hear(what)
  }

  private look(): void {
    const { session } = this
    if (this.free || !isFree(session, this.action)) return
    this.free = true
    session.core.setStopWord(word => this.writes(word))
    for (const v of session.core.vcpus) v.meetStop()
  }

  private hear(what: CoreEvent | HypervisorEvent): void {
    if (what.vcpu !== this.vcpu) return
    const { core, moment } = this.session
    if (what.kind === 'interrupt') {
      if (![...ofInterrupt(what), ...Object.keys(what.wrote)].some(name => this.entries.has(name))) return
      // In a free run nothing else happens at its boundary.
      const at = this.free && !what.exits ? { ...moment, boundaries: moment.boundaries - 1n } : this.before
      this.heard = { moment: at, text: 'interrupt' satisfies WrittenBy }
      core.asked = true
    } else if (what.kind === 'instruction' && !this.free && this.writes(what.word))
      this.heard = { moment: this.before, text: 'instruction' satisfies WrittenBy }
  }

  drive(allowance: number): { driving: Driving; hit: Hit | null } {
    const { session } = this
    this.look()
    this.before = session.moment
    this.heard = null
    const held = this.values
    const driving = session.driveAgain(allowance)
    session.core.asked = false
    const hit = this.heard ?? this.seen(driving, held)
    return { driving, hit }
  }

  private seen(driving: Driving, held: string): Hit | null {
    const { session, before, free } = this
    const stopped = free && driving.stop?.reason === 'breakpoint' && session.hypervisor.state.clock === this.vcpu
    if (stopped) return { moment: session.moment, text: 'instruction' satisfies WrittenBy }
    if (this.values === held) return null
    const by: WrittenBy = session.moment.boundaries === before.boundaries ? 'hypervisor' : 'instruction'
    return { moment: before, text: by }
  }

  end(): void {
    const { session } = this
    session.overhearing = null
    if (this.free) session.core.setStopWord(null)
  }
}

/** Written by whoever it was, also with what it held. */
export class ByteWritten implements Lookout {
  readonly often = false
  private written: Hit | null = null
  private action!: Action<unknown>

  constructor(
    private readonly session: Session,
    private readonly real: RealAddress,
  ) {}

  begin(action: Action<unknown>): void {
    this.action = action
    const { core } = this.session
    const page = this.real - (this.real % PAGE)
    core.setWatch({
      page: (_, real) => real - (real % PAGE) === page,
      touches: (vcpu, ea, size) => {
        const first = core.vcpus[vcpu]!.translate(ea, 'store', true)
        const last = core.vcpus[vcpu]!.translate(BigInt.asUintN(64, ea + BigInt(size - 1)), 'store', true)
        return [first, last].some(f => !('interrupt' in f) && Math.abs(Number(f.guestReal) - this.real) < size)
      },
      touched: () => {},
    })
    core.writing = (real, count) => {
      if (real <= this.real && this.real < real + count)
        this.written = { moment: this.session.moment, text: 'instruction' satisfies WrittenBy }
    }
  }

  drive(allowance: number): { driving: Driving; hit: Hit | null } {
    const { session } = this
    const before = session.moment
    this.written = null
    const free = isFree(session, this.action)
    const driving = session.driveAgain(allowance)
    const hit = this.written as Hit | null
    if (!hit) return { driving, hit }
    const text: WrittenBy = session.moment.boundaries === before.boundaries ? 'hypervisor' : 'instruction'
    // What is no free run goes on by several transitions at once.
    return { driving, hit: { moment: free ? hit.moment : before, text } }
  }

  end(): void {
    const { core, stops } = this.session
    core.writing = null
    core.setWatch(null)
    stops.watch()
  }
}
