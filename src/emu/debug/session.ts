/**
 * The machine under a debugger. Whatever the user does is an action; the machine is deterministic, so an action driven again from the
 * snapshot at its start does the same. Going back and looking at a past event are that.
 */
import type { Core } from '../core/core.ts'
import type { CoreEvent } from '../core/events.ts'
import { State } from '../core/state.ts'
import type { Vcpu } from '../core/vcpu.ts'
import type { HypervisorEvent, Stop } from '../hypervisor/events.ts'
import type { Hosted } from '../hypervisor/hosted.ts'
import { Hypervisor, type PolicyId } from '../hypervisor/hypervisor.ts'
import type { Policy } from '../hypervisor/policy.ts'
import type { ScheduleChange, SchedulerLocking, Turn } from '../hypervisor/schedule.ts'
import type { EffectiveAddress, EventIndex, RealAddress, VcpuId } from '../isa/units.ts'
import type { Goal } from './breakpoint.ts'
import type { Agent, Happening, RecordedEvent } from './events.ts'
import { compareWithFree, guestStateOf, type Leak } from './leaks.ts'
import { readRegisters, writeRegister } from './registers.ts'
import { type Devices, type Snapshot, SnapshotChain } from './snapshots.ts'
import { Stops } from './stops.ts'

export type Actor = 'machine' | 'outside' | 'inside' | 'hypervisor'
/** What Hypervisor: Step walks: the phases of an outside step, or the run loop. */
export type Walk = 'step' | 'loop'

export type Doing =
  | { readonly kind: 'step' }
  | { readonly kind: 'transition'; readonly walk: Walk }
  | { readonly kind: 'run'; readonly until?: Goal }
  | { readonly kind: 'boundary' }
  /** The debugger in the guest gets a command, and the guest runs until it waits for the next. */
  | { readonly kind: 'inside'; readonly command: string }
  /** So many boundaries of the one vCPU, whatever the schedule. */
  | { readonly kind: 'preempt'; readonly boundaries: number }
  | { readonly kind: 'edit'; readonly sentence: string; readonly apply: (session: Session) => void }

interface Checkpoint<D> {
  readonly event: EventIndex
  readonly snapshot: Snapshot<D>
}

interface Action<D> {
  readonly doing: Doing
  readonly actor: Actor | 'you'
  readonly vcpu: VcpuId
  readonly checkpoints: Checkpoint<D>[]
  /** The hold setting and policy are part of what makes it deterministic. */
  readonly hold: boolean
}

export interface SessionMachine extends Hosted, Devices<unknown> {
  /** Sends the line to the debugger in the guest if it waits for one. */
  command(line: string): void
  /** Of a symbol of the program. */
  addressOf?(symbol: string): EffectiveAddress | null
}

/** Boundaries between two snapshots of a long run: what going back may have to drive again. */
const CHECKPOINT_EVERY = 4_000_000
/** A VM exit takes the host as long as so many boundaries, roughly. */
const EXIT_COSTS = 500
/** Events that one action records; what comes after them is part of its free stretch, but for the end of an outside step. */
export const EVENTS_PER_ACTION = 2_000
/** Actions of the vCPU that is asked for, whichever is being stepped. */
const ofVcpuAsked: ReadonlySet<Doing['kind']> = new Set(['edit', 'boundary', 'preempt'])
const endsStep = (what: Happening): boolean => what.kind === 'phase' && (what.phase === 'restore' || what.phase === 'report')

export class Session {
  readonly hypervisor: Hypervisor
  readonly core: Core
  events: RecordedEvent[] = []
  leaks: Leak[] = []
  walk: Walk = 'step'
  /** The stepper last used. */
  active: Actor = 'outside'
  vcpuShown: VcpuId = 0
  lastStop: Stop | null = null

  private chain: SnapshotChain<unknown>
  private actions: Action<unknown>[] = []
  private current: Action<unknown> | null = null
  private start!: Snapshot<unknown>
  private live: { snapshot: Snapshot<unknown>; shown: EventIndex } | null = null
  /** While an action is driven again its events are counted, not recorded. */
  private replayed: number | null = null
  private silent = false
  private sinceCheckpoint = 0
  readonly stops: Stops

  constructor(
    readonly machine: SessionMachine,
    policy: PolicyId,
    own: Policy | null = null,
    locking: SchedulerLocking = 'replay',
  ) {
    this.core = machine.core
    this.stops = new Stops(
      this.core,
      () => this.now,
      name => machine.addressOf?.(name) ?? null,
    )
    this.hypervisor = new Hypervisor(machine, policy, own)
    this.hypervisor.setSchedule({ locking })
    this.hypervisor.listener = e => this.heard(e)
    for (const v of this.core.vcpus) v.listener = e => this.heard(e)
    this.chain = new SnapshotChain(this.core, this.hypervisor, machine)
    this.restart()
  }

  /** The recording begins at the present state. */
  restart(): void {
    this.events = []
    this.leaks = []
    this.actions = []
    this.current = null
    this.live = null
    this.lastStop = null
    this.stops.forgetAfter(-1n)
    this.start = this.chain.restart()
  }

  /** Back to the state at which the recording began. Policy, locking and quantum are the user's choice, not the machine's state: they stay. */
  reset(): void {
    const { policy, schedule } = this.hypervisor.state
    this.chain.restore(this.start)
    this.hypervisor.setPolicy(policy)
    this.hypervisor.setSchedule({ locking: schedule.locking, quantum: schedule.quantum })
    this.restart()
  }

  vcpu(id: VcpuId = this.vcpuShown): Vcpu {
    return this.core.vcpus[id]!
  }

  // ───────── recording ─────────

  /** The one time of the machine. */
  get now(): bigint {
    return this.hypervisor.time
  }

  private byOf(what: Happening): Agent {
    if (what.kind === 'phase') return 'hypervisor'
    if (what.kind === 'edit') return 'you'
    const doing = this.current?.doing.kind
    if (doing === 'boundary') return 'machine'
    const step = this.hypervisor.state.step
    return step && step.lost === null ? 'outside' : 'free'
  }

  private heard(what: CoreEvent | HypervisorEvent): void {
    if (this.silent) return
    this.stops.heard(what)
    // Listened to for the stops alone.
    if (what.kind === 'instruction' && (this.current?.doing.kind === 'run' || this.current?.doing.kind === 'inside')) return
    if (what.kind === 'phase' && what.crossing === 'exit') this.sinceCheckpoint += EXIT_COSTS
    const action = this.current
    const recorded = (this.replayed ?? this.events.length) - (action ? action.checkpoints[0]!.event : 0)
    if (action && recorded >= EVENTS_PER_ACTION && !endsStep(what)) return
    const doing = action?.doing.kind
    // The run loop of a free run is not shown phase by phase; what it handled is.
    const free = doing === 'run' || doing === 'inside'
    if (free && what.kind === 'phase' && !this.hypervisor.state.step && what.phase !== 'handle') return
    const own = what.kind === 'phase' || (what.kind === 'interrupt' && what.exits && what.id !== 'systemCall') ? 0n : 1n
    this.closeFreeStretch(own)
    this.record(what)
  }

  private lastTime(): bigint {
    return this.events.length ? this.events[this.events.length - 1]!.instructions : this.timeAtStart
  }

  private get timeAtStart(): bigint {
    return timeAt(this.start)
  }

  private closeFreeStretch(own: bigint): void {
    if (this.replayed !== null) {
      this.replayed += this.replayStretch(own)
      return
    }
    const free = this.now - own - this.lastTime()
    if (free <= 0n) return
    const vcpu = this.hypervisor.state.clock
    this.record({ kind: 'free', vcpu, boundaries: Number(free), problemState: this.vcpu(vcpu).state.msr('PR') }, own)
  }

  /** 1 when, in the recording, the next event of the replay is the free stretch that ends here. */
  private replayStretch(own: bigint): number {
    const next = this.events[this.replayed!]
    return next?.what.kind === 'free' && next.instructions === this.now - own ? 1 : 0
  }

  private record(what: Happening, before = 0n): void {
    if (this.replayed !== null) {
      this.replayed++
      return
    }
    const step = this.hypervisor.state.step
    const instructions = this.now - before
    this.events.push({
      index: this.events.length + 1,
      what,
      by: this.byOf(what),
      instructions,
      timeBase: this.vcpu(this.hypervisor.state.clock).state.get('TB_BASE') + instructions,
      step: step ? { ordinal: step.ordinal, label: step.label } : null,
      lost: step?.lost != null,
    })
  }

  // ───────── actions ─────────

  /** Begins an action; `advance` drives it. Throws an Error with a sentence when looking at the past. */
  begin(doing: Doing, actor: Actor | 'you', asked: VcpuId = this.vcpuShown): void {
    // A step in flight goes on, whichever vCPU is asked for, but for those that run others in the middle of it.
    const vcpu = ofVcpuAsked.has(doing.kind) ? asked : (this.hypervisor.state.step?.vcpu ?? asked)
    if (this.live) throw new Error('This is a past event. Return to live first, or go back to it.')
    if (this.current) throw new Error('The machine is running. Pause it first.')
    if (actor !== 'you') this.active = actor
    const snapshot = this.chain.take()
    this.current = { doing, actor, vcpu, checkpoints: [{ event: this.events.length, snapshot }], hold: this.hypervisor.holdInterrupts }
    this.actions.push(this.current)
    this.stops.begin(doing.kind === 'run' ? (doing.until ?? null) : null)
    for (const id of new Set([vcpu, this.hypervisor.state.clock])) this.vcpu(id).passStop()
    this.sinceCheckpoint = 0
    this.lastStop = null
  }

  get running(): boolean {
    return this.current !== null
  }

  /** Drives the action for at most `allowance` boundaries; returns how it ended, or null while it goes on. */
  advance(allowance: number): Stop | null {
    const action = this.current!
    const before = this.now
    const { done, stop } = this.driveToStop(action, allowance)
    this.sinceCheckpoint += Number(this.now - before)
    if (!done) {
      if (this.sinceCheckpoint >= CHECKPOINT_EVERY) {
        action.checkpoints.push({ event: this.events.length, snapshot: this.chain.take() })
        this.sinceCheckpoint = 0
      }
      return null
    }
    return this.end(stop ?? { reason: 'step', text: '' })
  }

  /** As `drive`; of runs, the breakpoints decide where they end. */
  private driveToStop(action: Action<unknown>, allowance: number): { done: boolean; stop: Stop | null } {
    const { kind } = action.doing
    if ((kind !== 'run' && kind !== 'inside') || this.hypervisor.state.step) {
      const { done, stop } = this.drive(action, allowance)
      // What an outside step met ends it, whatever the condition; the hit is counted.
      return { done, stop: stop && (this.stops.judge(stop, this.hypervisor.state.clock) ?? stop) }
    }
    const until = this.now + BigInt(allowance)
    return this.stops.during(() => {
      for (;;) {
        const { done, stop } = this.drive(action, Math.max(1, Number(until - this.now)))
        const judged = stop && this.stops.judge(stop, this.hypervisor.state.clock)
        if (judged || (done && !stop)) return { done: true, stop: judged }
        if (this.now >= until) return { done: false, stop: null }
      }
    })
  }

  pause(): Stop | null {
    return this.current ? this.end({ reason: 'breakpoint', text: '' }) : null
  }

  private end(stop: Stop): Stop {
    this.closeFreeStretch(0n)
    this.hypervisor.synchroniseTime()
    const action = this.current!
    this.current = null
    this.stops.end()
    this.lastStop = stop
    const { step, steps } = action.checkpoints[0]!.snapshot.hypervisor
    const stepped = step !== null || steps !== this.hypervisor.state.steps
    if (stepped && (action.doing.kind === 'step' || action.doing.kind === 'transition')) this.lookForLeaks(stop)
    return stop
  }

  /** Runs an action that takes no time of the guest to speak of. */
  perform(doing: Doing, actor: Actor | 'you', vcpu: VcpuId = this.vcpuShown): Stop {
    this.begin(doing, actor, vcpu)
    for (;;) {
      const stop = this.advance(1_000_000)
      if (stop) return stop
    }
  }

  /** Goes on with the action: as far as the allowance of boundaries reaches, or by a single transition. */
  private drive(action: Action<unknown>, allowance: number, far = true): { done: boolean; stop: Stop | null } {
    const { doing, vcpu } = action
    const h = this.hypervisor
    switch (doing.kind) {
      case 'step': {
        h.begin(vcpu)
        const { stop } = far ? h.finishStep(allowance) : h.stepTransition(allowance)
        return { done: stop !== null, stop }
      }
      case 'transition': {
        if (!h.state.step && doing.walk === 'loop') {
          const { stop, unfinished } = h.runTransition(vcpu, [vcpu], allowance)
          return { done: stop !== null || !unfinished, stop }
        }
        h.begin(vcpu)
        const { stop, unfinished } = h.stepTransition(allowance)
        return { done: stop !== null || !unfinished, stop }
      }
      case 'run': {
        if (h.state.step) {
          // A step that a breakpoint interrupted ends where its word is met, and that is a stop like any other.
          const { pending } = h.state.step
          const { stop } = far ? h.finishStep(allowance) : h.stepTransition(allowance)
          return stop && (pending !== null || stop.reason !== 'step') ? { done: true, stop } : { done: false, stop: null }
        }
        const { stop } = far ? h.run(vcpu, allowance) : h.runTransition(vcpu, undefined, allowance)
        return { done: stop !== null, stop }
      }
      case 'inside':
        return this.driveInside(doing.command, vcpu, allowance, far)
      case 'boundary':
        return { done: true, stop: this.oneBoundary(vcpu) }
      case 'preempt': {
        const left = doing.boundaries - Number(this.now - timeAt(action.checkpoints[0]!.snapshot))
        const { stop } = h.preempt(vcpu, Math.min(left, allowance))
        return { done: stop !== null || left <= allowance, stop }
      }
      case 'edit':
        doing.apply(this)
        this.record({ kind: 'edit', vcpu, sentence: doing.sentence })
        return { done: true, stop: null }
    }
  }

  /** A command goes in when the debugger waits for one; else it is first run to where it does. */
  private driveInside(command: string, vcpu: VcpuId, allowance: number, far: boolean): { done: boolean; stop: Stop | null } {
    const h = this.hypervisor
    this.machine.command(command)
    h.untilAsked = true
    try {
      if (h.state.step) {
        const { stop } = far ? h.finishStep(allowance) : h.stepTransition(allowance)
        return stop && stop.reason !== 'step' ? { done: true, stop } : { done: false, stop: null }
      }
      const { stop } = far ? h.run(vcpu, allowance) : h.runTransition(vcpu, undefined, allowance)
      return { done: stop !== null, stop }
    } finally {
      h.untilAsked = false
    }
  }

  /** One physical boundary: of the step's phase when one of this vCPU is in flight, else of the guest. */
  private oneBoundary(id: VcpuId): Stop | null {
    const before = this.now
    const h = this.hypervisor
    if (h.state.step?.vcpu === id) {
      while (h.state.step && this.now === before) {
        const { stop } = h.stepTransition(1)
        if (stop) return stop
      }
      return null
    }
    return h.boundary(id)
  }

  // ───────── leaks ─────────

  /** The start of the outside step that has just ended: of the action that put it in flight. */
  private stepStart(ordinal: number): Action<unknown> | null {
    const stepActions = this.actions.filter(a => a.doing.kind === 'step' || a.doing.kind === 'transition')
    for (const a of [...stepActions].reverse()) if (a.checkpoints[0]!.snapshot.hypervisor.steps === ordinal - 1) return a
    return null
  }

  /** Runs the boundary of the step free from its start, and compares. */
  private lookForLeaks(stop: Stop): void {
    const { step, steps } = this.hypervisor.state
    if (step || stop.reason !== 'step') return
    const first = this.stepStart(steps)
    const origin = first?.checkpoints[0]?.snapshot
    if (!origin || origin.hypervisor.step) return
    const end = this.chain.take()
    const boundaries = Number(this.now - timeAt(origin))
    if (boundaries > 1_000_000) return
    const turns = this.hypervisor.state.lastStep?.turns ?? []
    const touched = this.chain.pagesBetween(origin, end)
    const stepped = guestStateOf(this.core, touched)
    this.silent = true
    this.chain.restore(origin)
    const vcpu = this.vcpu(first!.vcpu)
    const wordAtStart = vcpu.wordAt(vcpu.state.get('NIP'))
    this.runFree(turns, first!.vcpu, first!.hold)
    const pages = [...new Set([...touched, ...this.core.takeDirtyPages()])]
    const free = guestStateOf(this.core, pages)
    for (const real of pages) this.core.dirty[real / 4096] = 1
    this.chain.restore(end)
    this.silent = false
    const found = compareWithFree(stepped, free, typeof wordAtStart === 'number' ? wordAtStart : null, boundaries)
    const { id: policy, name: policyName } = this.hypervisor.policy
    for (const leak of found) {
      if (!this.leaks.some(l => l.channel === leak.channel && l.policy === policy))
        this.leaks.push({ ...leak, policy, policyName, event: this.events.length })
    }
  }

  /** The turns of a step without the step. The vCPU that was stepped runs at least one boundary. */
  private runFree(turns: readonly Turn[], stepped: VcpuId, hold: boolean): void {
    const free = turns.some(t => t.vcpu === stepped && t.boundaries > 0) ? turns : [...turns, { vcpu: stepped, boundaries: 1 }]
    for (const { vcpu: id, boundaries } of free) {
      const vcpu = this.vcpu(id)
      vcpu.hold = hold && id === stepped
      const { stop } = this.hypervisor.exactly(id, boundaries)
      vcpu.hold = false
      if (stop) break
    }
    this.hypervisor.synchroniseTime()
  }

  // ───────── back, and looking at the past ─────────

  /** Index of the last action of the actor, or −1. */
  private lastActionOf(actor: Actor): number {
    return this.actions.map(a => a.actor).lastIndexOf(actor)
  }

  canGoBack(actor: Actor): boolean {
    return this.lastActionOf(actor) >= 0
  }

  /** Undoes the actor's last action and everything after it. */
  back(actor: Actor): void {
    const n = this.lastActionOf(actor)
    if (n < 0) throw new Error(`There is no step of ${actor} to take back. Nothing was changed.`)
    const { event, snapshot } = this.actions[n]!.checkpoints[0]!
    this.live = null
    this.chain.restore(snapshot)
    this.actions.length = n
    this.events.length = event
    this.leaks = this.leaks.filter(l => l.event <= event)
    this.current = null
    this.lastStop = null
    this.stops.forgetAfter(this.now)
    this.active = actor
  }

  get shown(): EventIndex {
    return this.live ? this.live.shown : this.events.length
  }

  get isLive(): boolean {
    return this.live === null
  }

  /** Shows the state just after the event; nothing is lost. */
  seek(to: EventIndex | 'live'): void {
    if (this.current) throw new Error('The machine is running. Pause it first.')
    const live = this.live?.snapshot
    if (to === 'live' || to >= this.events.length) {
      if (live) this.chain.restore(live)
      this.live = null
      return
    }
    if (to < 0) throw new Error(`There is no event ${to}. What was shown stays.`)
    const snapshot = live ?? this.chain.take()
    this.live = { snapshot, shown: to }
    this.replayTo(to)
  }

  private replayTo(event: EventIndex): void {
    const index = this.actions.map(a => a.checkpoints[0]!.event < event).lastIndexOf(true)
    const action = this.actions[index]
    if (!action) {
      this.chain.restore(this.start)
      return
    }
    const checkpoint = [...action.checkpoints].reverse().find(c => c.event < event || c === action.checkpoints[0])!
    this.chain.restore(checkpoint.snapshot)
    const target = this.events[event - 1]!
    const hold = this.hypervisor.holdInterrupts
    this.hypervisor.holdInterrupts = action.hold
    this.replayed = checkpoint.event
    this.current = action
    this.core.stops.clear()
    this.core.flushCode()
    try {
      while (this.replayed < event) {
        const ahead = Number(target.instructions - this.now)
        // A free stretch is closed by the event behind it; that one is not to happen.
        if (target.what.kind === 'free' && this.replayed === event - 1 && ahead === 0) break
        // The controller's own Trace takes a boundary that `restore` takes back.
        if (ahead < -1) throw new Error(`Event ${event} did not come again. Return to live.`)
        const { done } = this.drive(action, Math.max(1, target.what.kind === 'free' ? ahead : ahead - 1), false)
        if (done) break
      }
    } finally {
      this.replayed = null
      this.current = null
      this.hypervisor.holdInterrupts = hold
      this.stops.apply()
    }
  }

  // ───────── breakpoints and edits ─────────

  setStops(addresses: Iterable<EffectiveAddress>): void {
    this.stops.setSoftware(addresses)
  }

  /** Writes a register as an action of the user's. Returns a sentence about what else it changed. */
  editRegister(vcpu: VcpuId, name: string, value: bigint): string {
    const probe = this.vcpu(vcpu).state
    writeRegister(new State(probe.bytes.slice().buffer as ArrayBuffer, 0), name, value)
    const dropsTrace = name === 'NIP' && probe.get('TRACE_DUE') !== 0n
    const note = dropsTrace ? " The guest's pending trace was dropped." : ''
    const apply = (session: Session) => {
      const v = session.vcpu(vcpu)
      writeRegister(v.state, name, value)
      if (dropsTrace) v.state.set('TRACE_DUE', 0n)
      session.core.flushTranslations(v)
      v.breakpointsChanged()
    }
    this.perform({ kind: 'edit', sentence: `${name} set to 0x${value.toString(16)}, edited by you.${note}`, apply }, 'you', vcpu)
    return note
  }

  /** Raises or lowers the line as an action of the user's. Returns what follows, in a sentence. */
  setExternalLine(vcpu: VcpuId, raised: boolean): string {
    const apply = (s: Session) => {
      s.vcpu(vcpu).externalLine = raised
    }
    const sentence = `external interrupt line of vCPU ${vcpu} ${raised ? 'raised' : 'lowered'} by you`
    this.perform({ kind: 'edit', sentence, apply }, 'you', vcpu)
    if (!raised) return 'The external interrupt line is lowered.'
    const { state } = this.vcpu(vcpu)
    return state.msr('EE')
      ? 'The external interrupt line is raised: the guest takes the interrupt when it runs.'
      : 'The external interrupt line is raised. MSR[EE] is 0: the interrupt waits until the guest sets it.'
  }

  /** Changes the schedule as an action of the user's. Throws an Error with a sentence, and changes nothing, where it cannot be. */
  setSchedule(change: ScheduleChange, sentence: string): void {
    // Refused before it is an action.
    this.hypervisor.checkSchedule(change)
    this.perform({ kind: 'edit', sentence, apply: s => s.hypervisor.setSchedule(change) }, 'you')
  }

  editMemory(pieces: readonly { readonly real: RealAddress; readonly bytes: Uint8Array }[], sentence: string): void {
    const apply = (s: Session) => {
      for (const { real, bytes } of pieces) s.core.write(real, bytes)
    }
    this.perform({ kind: 'edit', sentence, apply }, 'you')
  }

  // ───────── what a view needs ─────────

  /** Registers at the start of the last action before the shown event: what "changed since" compares with. */
  baseline(vcpu: VcpuId): { event: EventIndex; registers: Record<string, bigint> } {
    const action = [...this.actions].reverse().find(a => a.checkpoints[0]!.event < this.shown || this.isLive)
    const checkpoint = action?.checkpoints[0]
    const snapshot = checkpoint?.snapshot ?? this.start
    return { event: checkpoint?.event ?? 0, registers: readRegisters(stateOf(snapshot, vcpu)) }
  }
}

const timeAt = (snapshot: Snapshot<unknown>): bigint => stateOf(snapshot, snapshot.hypervisor.clock).get('TIME')

function stateOf(snapshot: Snapshot<unknown>, vcpu: VcpuId): State {
  const bytes = snapshot.states[vcpu]!
  return new State(bytes.buffer as ArrayBuffer, bytes.byteOffset)
}
