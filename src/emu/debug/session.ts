/**
 * The machine under a debugger. Whatever the user does is an action; the machine is deterministic, so an action driven again from the
 * snapshot at its start does the same. Going back and looking at a past event are that.
 */
import type { Core } from '../core/core.ts'
import type { CoreEvent } from '../core/events.ts'
import type { Vcpu } from '../core/vcpu.ts'
import type { HypervisorEvent, Stop } from '../hypervisor/events.ts'
import type { Hosted } from '../hypervisor/hosted.ts'
import { Hypervisor, type PolicyId } from '../hypervisor/hypervisor.ts'
import type { Policy } from '../hypervisor/policy.ts'
import { QUANTUM, type SchedulerLocking } from '../hypervisor/schedule.ts'
import type { HypervisorState } from '../hypervisor/step-state.ts'
import type { EffectiveAddress, EventIndex, InstructionCount, VcpuId } from '../isa/units.ts'
import { type Action, type Actor, type Checkpoint, type Doing, type Driving, drive, type Ending, ofVcpuAsked, type Walk } from './action.ts'
import { Advisor } from './advice.ts'
import { Baseline } from './baseline.ts'
import { Branches } from './branches.ts'
import { checkEdit, type Edit, type Port } from './edits.ts'
import { EventLog } from './event-log.ts'
import type { Agent, Happening } from './events.ts'
import type { Leak } from './leaks.ts'
import { compare, type Moment, momentOf, timeAt } from './moment.ts'
import { comeToEvent, finish, visiting } from './past.ts'
import type { Place, Recorded } from './recorded.ts'
import { type Devices, type Snapshot, SnapshotChain } from './snapshots.ts'
import { leaksOfStep } from './step-leaks.ts'
import { Stops } from './stops.ts'
import { dropOldest, thin } from './thinning.ts'

export interface SessionMachine extends Hosted, Devices<unknown> {
  /** Sends the line to the debugger in the guest if it waits for one. */
  command(line: string): void
  type(text: string, port: Port): void
  /** Of a symbol of the program. */
  addressOf?(symbol: string): EffectiveAddress | null
}

/** Boundaries between two snapshots of a long run: what going back may have to drive again. */
const CHECKPOINT_EVERY = 4_000_000
/** A VM exit takes the host as long as so many boundaries, roughly. */
const EXIT_COSTS = 500
/** To record an event takes the host as long as so many boundaries, roughly. */
const EVENT_COSTS = 100
/** Events that are kept at least, where the user chose nothing else. */
export const EVENTS_KEPT = 1_000_000
/** While an action has fewer events, each turn of a vCPU that ran free is a stretch of its own; then they are one, up to the next event. */
export const TURNS_APART = 2_000
const STILL_IN_FLIGHT = 'The outside step is still in flight: take it back before you edit.'

export class Session implements Recorded {
  readonly hypervisor: Hypervisor
  readonly core: Core
  readonly events = new EventLog()
  /** At least so many of the last are kept. */
  eventsKept = EVENTS_KEPT
  leaks: Leak[] = []
  readonly advisor: Advisor
  /** What "changed since" compares with. */
  readonly baseline = new Baseline(this)
  walk: Walk = 'step'
  /** The stepper last used. */
  active: Actor = 'outside'
  vcpuShown: VcpuId = 0
  lastStop: Stop | null = null

  readonly chain: SnapshotChain<unknown>
  private actions: Action<unknown>[] = []
  private current: Action<unknown> | null = null
  private start!: Snapshot<unknown>
  private live: { readonly snapshot: Snapshot<unknown>; readonly shown: EventIndex; readonly moment: Moment } | null = null
  /** Setting for interrupts, while an action is driven again by its own. */
  private held: boolean | null = null
  /** What was given up for another course: see `Branches`. */
  readonly branches = new Branches(this)
  /** Hears what comes again while an action is driven again. */
  overhearing: ((what: CoreEvent | HypervisorEvent) => void) | null = null
  /** While an action is driven again its events are counted, not recorded. */
  private replayed: number | null = null
  private silent = false
  /** The free stretch that is open is of several vCPUs. */
  private shared = false
  private sinceCheckpoint = 0
  readonly stops: Stops

  constructor(
    readonly machine: SessionMachine,
    policy: PolicyId,
    own: Policy | null = null,
    locking: SchedulerLocking = 'replay',
    quantum = QUANTUM,
  ) {
    this.core = machine.core
    this.stops = new Stops(
      this.core,
      () => this.now,
      () => this.hypervisor.state.clock,
      name => machine.addressOf?.(name) ?? null,
    )
    this.advisor = new Advisor(this.vcpu(0).state.msr('RI'))
    this.hypervisor = new Hypervisor(machine, policy, own)
    this.hypervisor.setSchedule({ locking, quantum })
    this.hypervisor.listener = e => this.heard(e)
    this.hypervisor.switching = () => this.turnOver()
    for (const v of this.core.vcpus) v.listener = e => this.heard(e)
    this.chain = new SnapshotChain(this.core, this.hypervisor, machine)
    this.restart()
  }

  /** The recording begins at the present state. */
  restart(): void {
    this.events.endAt(0)
    this.leaks = []
    this.advisor.forgetAfter(0)
    this.baseline.forgetAfter(-1)
    this.actions = []
    this.current = null
    this.live = null
    this.lastStop = null
    this.stops.forgetAfter(-1n, new Map())
    this.branches.clear()
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

  /** The machine as it was when the recording began. */
  get beginning(): Snapshot<unknown> {
    return this.start
  }

  /** The hypervisor's state when the recording began. */
  get begunWith(): HypervisorState {
    return this.start.hypervisor
  }

  /** What was done since the recording began. */
  get history(): readonly Action<unknown>[] {
    return this.actions
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
    const step = this.hypervisor.state.step
    if (step?.vcpu === what.vcpu && step.lost === null) return 'outside'
    if (what.kind === 'instruction' ? what.traced : what.kind === 'interrupt' && what.id === 'trace') return 'inside'
    return this.current?.doing.kind === 'boundary' ? 'machine' : 'free'
  }

  private heard(what: CoreEvent | HypervisorEvent): void {
    if (this.silent) return
    this.stops.heard(what)
    this.overhearing?.(what)
    // Listened to for the stops alone.
    if (what.kind === 'instruction' && this.stops.active) return
    if (what.kind === 'phase' && what.crossing === 'exit') this.sinceCheckpoint += EXIT_COSTS
    const doing = this.current?.doing.kind
    // The run loop of a free run is not shown phase by phase; what it handled is.
    const free = doing === 'run' || doing === 'inside'
    if (free && what.kind === 'phase' && !this.hypervisor.state.step && what.phase !== 'handle') return
    const own = what.kind === 'phase' || (what.kind === 'interrupt' && what.exits && what.id !== 'systemCall') ? 0n : 1n
    this.closeFreeStretch(own)
    this.record(what)
  }

  /** The action has recorded so much that turns are no longer told apart. */
  private get runsLong(): boolean {
    const action = this.current
    return action !== null && (this.replayed ?? this.events.length) - action.checkpoints[0]!.event >= TURNS_APART
  }

  private turnOver(): void {
    if (this.silent) return
    if (this.runsLong) this.shared = true
    else this.closeFreeStretch(0n)
  }

  private lastTime(): bigint {
    return this.events.at(this.events.length)?.instructions ?? this.timeAtStart
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
    const shared = this.shared
    this.shared = false
    this.record({ kind: 'free', vcpu, boundaries: Number(free), problemState: this.vcpu(vcpu).state.msr('PR'), shared }, own)
  }

  /** 1 when, in the recording, the next event of the replay is the free stretch that ends here. */
  private replayStretch(own: bigint): number {
    const next = this.events.at(this.replayed! + 1)
    return next?.what.kind === 'free' && next.instructions === this.now - own ? 1 : 0
  }

  private record(what: Happening, before = 0n): void {
    if (this.replayed !== null) {
      this.replayed++
      return
    }
    const { step, policy } = this.hypervisor.state
    const instructions = this.now - before
    const by = this.byOf(what)
    this.events.push({
      what,
      by,
      instructions,
      timeBase: this.vcpu(this.hypervisor.state.clock).state.get('TB_BASE') + instructions,
      step: step ? { ordinal: step.ordinal, label: step.label, vcpu: step.vcpu } : null,
      lost: step?.lost != null,
      stray: what.kind === 'interrupt' && what.id === 'emulationAssistance' && this.hypervisor.strays(what.vcpu),
    })
    this.sinceCheckpoint += EVENT_COSTS
    this.advisor.hear({ what, by }, this.events.length, id => this.vcpu(id), policy)
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
    this.current = {
      doing,
      actor,
      vcpu,
      checkpoints: [{ event: this.events.length, snapshot }],
      hold: this.hypervisor.holdInterrupts,
      stops: this.stops.addresses,
      hits: this.stops.hits,
      ended: null,
    }
    this.actions.push(this.current)
    this.stops.begin(doing.kind === 'run' ? (doing.until ?? null) : null)
    for (const id of new Set([vcpu, this.hypervisor.state.clock])) this.vcpu(id).passStop()
    this.sinceCheckpoint = 0
    this.shared = false
    this.lastStop = null
  }

  get running(): boolean {
    return this.current !== null && this.replayed === null
  }

  /** Drives the action for at most `allowance` boundaries, until `over`, or with `far` false by one transition: how it ended, or null. */
  advance(allowance: number, far = true, over: (() => boolean) | null = null): Stop | null {
    const action = this.current!
    const before = this.now
    this.hypervisor.sliceOver = over
    const { done, stop } = this.driveToStop(action, allowance, far)
    this.hypervisor.sliceOver = null
    this.sinceCheckpoint += Number(this.now - before)
    if (!done) {
      if (this.sinceCheckpoint >= CHECKPOINT_EVERY) {
        action.checkpoints.push({ event: this.events.length, snapshot: this.chain.take() })
        this.sinceCheckpoint = 0
        dropOldest(this.events, this.eventsKept, this.actions)
        // From where the oldest event that is kept begins, events are counted when they come again.
        thin(this.actions, this.chain, c => c.event === this.events.first - 1)
      }
      return null
    }
    return this.end(stop ?? { reason: 'step', text: '' })
  }

  /** As `drive`; of runs, the breakpoints decide where they end. */
  private driveToStop(action: Action<unknown>, allowance: number, far: boolean): Driving {
    if (!endsByStops(action) || this.hypervisor.state.step) {
      const { done, stop } = this.drive(action, allowance, far)
      // What an outside step met ends it, whatever the condition; the hit is counted.
      return { done, stop: stop && (this.stops.judge(stop, this.hypervisor.state.clock) ?? stop) }
    }
    const until = this.now + BigInt(allowance)
    return this.stops.during(() => {
      for (;;) {
        const { done, stop } = this.drive(action, Math.max(1, Number(until - this.now)), far)
        const judged = stop && this.stops.judge(stop, this.hypervisor.state.clock)
        if (judged || (done && !stop)) return { done: true, stop: judged }
        if (!far || this.now >= until || this.hypervisor.sliceOver?.()) return { done: false, stop: null }
      }
    })
  }

  pause(): Stop | null {
    return this.current ? this.end({ reason: 'breakpoint', text: '' }, true) : null
  }

  get soFar(): Ending | null {
    if (!this.current) return null
    const { snapshot } = this.current.checkpoints[0]!
    return {
      boundaries: Number(this.hypervisor.boundaries - (timeAt(snapshot) - snapshot.hypervisor.skipped)),
      transitions: this.hypervisor.state.transitions - snapshot.hypervisor.transitions,
      paused: true,
    }
  }

  private end(ended: Stop, paused = false): Stop {
    const inFlight = ended.reason === 'stuck' && this.hypervisor.state.step !== null
    const stop = inFlight ? { ...ended, text: `${ended.text} ${STILL_IN_FLIGHT}` } : ended
    this.closeFreeStretch(0n)
    this.hypervisor.synchroniseTime()
    const action = this.current!
    const { hypervisor: before } = action.checkpoints[0]!.snapshot
    // Where the debugger ended a run, it is as if the user had paused it.
    const met = (stop.reason === 'step' || (stop.reason === 'breakpoint' && stop.word !== true)) && endsByStops(action)
    action.ended = { ...this.soFar!, paused: paused || met }
    this.current = null
    this.stops.end()
    this.lastStop = stop
    const { step, steps } = before
    const stepped = step !== null || steps !== this.hypervisor.state.steps
    if (stepped && (action.doing.kind === 'step' || action.doing.kind === 'transition')) this.lookForLeaks(stop)
    this.branches.prune()
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

  private drive(action: Action<unknown>, allowance: number, far = true): Driving {
    const since = timeAt(action.checkpoints[0]!.snapshot)
    return drive(action.doing, { to: this, vcpu: action.vcpu, since, allowance, far })
  }

  edited(vcpu: VcpuId, sentence: string): void {
    this.record({ kind: 'edit', vcpu, sentence })
  }

  /** The start of the outside step that has just ended: of the action that put it in flight. Null when the guest was edited since. */
  private stepStart(ordinal: number): Action<unknown> | null {
    for (const a of [...this.actions].reverse()) {
      const { doing } = a
      if (doing.kind === 'edit' && doing.edit.kind !== 'schedule') return null
      if (doing.kind !== 'step' && doing.kind !== 'transition') continue
      if (a.checkpoints[0]!.snapshot.hypervisor.steps === ordinal - 1) return a
    }
    return null
  }

  private lookForLeaks(stop: Stop): void {
    const { step, steps } = this.hypervisor.state
    if (step || stop.reason !== 'step') return
    const first = this.stepStart(steps)
    if (!first || first.checkpoints[0]!.snapshot.hypervisor.step) return
    const found = this.rehearse(here => leaksOfStep(this, first, here))
    const { id: policy, name: policyName } = this.hypervisor.policy
    const isNew = (leak: { channel: number }) => !this.leaks.some(l => l.channel === leak.channel && l.policy === policy)
    this.leaks.push(...found.filter(isNew).map(leak => ({ ...leak, policy, policyName, event: this.events.length })))
  }

  /** Drives the machine elsewhere, unheard; then it is again what it was, which `go` gets as a snapshot. */
  rehearse<T>(go: (here: Snapshot<unknown>) => T): T {
    const here = this.chain.take()
    this.silent = true
    try {
      return go(here)
    } finally {
      this.silent = false
      this.chain.restore(here)
    }
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
    this.backTo(n)
    this.active = actor
  }

  /** Before the action; it and those behind it are kept as a branch. */
  backTo(action: number): void {
    if (this.current) throw new Error('The machine is running. Pause it first.')
    this.branches.keep()
    const { checkpoints, hits } = this.actions[action]!
    const { event, snapshot } = checkpoints[0]!
    this.chain.restore(snapshot)
    this.actions.length = action
    this.endsAt(event, hits)
  }

  /** What was recorded behind the event is gone; the breakpoints had been hit so often. */
  private endsAt(event: EventIndex, hits: ReadonlyMap<string, number>): void {
    this.live = null
    this.events.endAt(event)
    this.leaks = this.leaks.filter(l => l.event <= event)
    this.advisor.forgetAfter(event)
    this.baseline.forgetAfter(event)
    this.lastStop = null
    this.stops.forgetAfter(this.now, hits)
  }

  /** What is shown becomes the live end; what came after it is kept as a branch. */
  goOnFromHere(): void {
    if (!this.live) return
    this.branches.keep()
    const { shown, moment } = this.live
    const action = this.actions[moment.action]
    this.actions.length = moment.action
    this.endsAt(shown, action?.hits ?? this.stops.hits)
    const start = action && momentOf(moment.action, action.checkpoints[0]!)
    if (!action || !start || (compare(moment, start) <= 0 && shown <= action.checkpoints[0]!.event)) return
    // The action ends where the user stands, as if it had been paused there.
    const ended = {
      boundaries: Number(moment.boundaries - start.boundaries),
      transitions: moment.transitions - start.transitions,
      paused: true,
    }
    const past = action.checkpoints.filter(c => c.snapshot.number <= this.chain.present)
    const whole = action.ended?.boundaries === ended.boundaries && action.ended.transitions === ended.transitions
    this.actions.push({ ...action, checkpoints: past, ended: whole ? action.ended : ended })
    this.shared = false
    this.closeFreeStretch(0n)
  }

  get shown(): EventIndex {
    return this.live ? this.live.shown : this.events.length
  }

  get isLive(): boolean {
    return this.live === null
  }

  /** Where the machine is in what was done. */
  get moment(): Moment {
    const { transitions } = this.hypervisor.state
    const action = this.current ? this.actions.indexOf(this.current) : (this.live?.moment.action ?? this.actions.length)
    return { action, boundaries: this.hypervisor.boundaries, transitions }
  }

  get liveTime(): InstructionCount {
    return this.live ? timeAt(this.live.snapshot) : this.now
  }

  /** Boundaries behind the event that is shown. */
  get within(): number {
    return this.live ? Math.max(0, Number(this.now - (this.events.at(this.live.shown)?.instructions ?? this.timeAtStart))) : 0
  }

  /** Shows the state just after the event; nothing is lost. */
  seek(to: EventIndex | 'live'): void {
    this.refuseWhileRunning()
    finish(this.seeking(to))
  }

  /** The same, piece by piece: yields thousandths of the way. Left before its end, the live end is shown. */
  *seeking(to: EventIndex | 'live'): Generator<number, void> {
    this.refuseWhileRunning()
    if (to === 'live' || to >= this.events.length) return this.returnToLive()
    if (to < 0) throw new Error(`There is no event ${to}. What was shown stays.`)
    if (to > 0 && to < this.events.first - 1)
      throw new Error(`Event ${to} is no longer kept: the oldest is ${this.events.first}. Go to an instruction count instead.`)
    yield* this.show(comeToEvent(this, to))
  }

  refuseWhileRunning(): void {
    if (this.current) throw new Error('The machine is running. Pause it first.')
  }

  returnToLive(): void {
    if (this.live) this.chain.restore(this.live.snapshot)
    this.live = null
  }

  /** Goes somewhere in the past, and shows it; where that fails or is given up, the live end is shown. */
  *show(way: Generator<number, Place>): Generator<number, void> {
    this.leaveForThePast()
    let there = false
    try {
      const { action, shown } = yield* way
      this.live = { snapshot: this.live!.snapshot, shown, moment: { ...this.moment, action } }
      there = true
    } finally {
      if (!there) this.returnToLive()
    }
  }

  /** Before the machine is driven elsewhere in the past; `comeBack` with the answer undoes it. */
  leaveForThePast(): Session['live'] {
    const was = this.live
    this.live ??= { snapshot: this.chain.take(), shown: this.events.length, moment: this.moment }
    return was
  }

  comeBack(to: Session['live']): void {
    finish(this.comingBack(to))
  }
  *comingBack(to: Session['live']): Generator<number, void> {
    if (!to) return this.returnToLive()
    yield* visiting(this, to.moment)
    this.live = to
  }

  /** The machine as it was at the checkpoint of an action, which `driveAgain` then drives; `leave` ends it. */
  enter(index: number, checkpoint: Checkpoint<unknown>): void {
    const action = this.actions[index]!
    this.chain.restore(checkpoint.snapshot)
    this.held = this.hypervisor.holdInterrupts
    this.hypervisor.holdInterrupts = action.hold
    this.replayed = checkpoint.event
    this.current = action
    // A breakpoint that ended a run is not met again; one in the middle of a step is part of what became of it.
    this.stopAt(endsByStops(action) ? [] : action.stops)
  }

  /** Events that have come again since the beginning. */
  get again(): EventIndex {
    return this.replayed!
  }

  /** One transition, or at most so many boundaries. */
  driveAgain(allowance: number): Driving {
    return this.drive(this.current!, Math.max(1, allowance), false)
  }

  leave(): void {
    this.replayed = null
    this.current = null
    this.hypervisor.holdInterrupts = this.held!
    this.stops.apply()
  }

  // ───────── breakpoints and edits ─────────

  setStops(addresses: Iterable<EffectiveAddress>): void {
    this.stops.setSoftware(addresses)
  }

  private stopAt(addresses: Iterable<EffectiveAddress>): void {
    this.core.stops.clear()
    for (const a of addresses) this.core.stops.add(a)
    this.core.flushCode()
  }

  /**
   * Makes a change as an action of the user's; of the past, what is shown becomes the live end, and what came after it a branch. Throws an
   * Error with a sentence, and changes nothing, where it cannot be.
   */
  edit(edit: Edit, sentence: string, vcpu: VcpuId = this.vcpuShown): void {
    // Refused before it is an action.
    checkEdit(edit, this)
    this.refuseWhileRunning()
    this.goOnFromHere()
    this.perform({ kind: 'edit', sentence, edit }, 'you', vcpu)
  }
}

/** The debugger's breakpoints say where it ends; one that goes on with a step in flight meets them as the step does. */
const endsByStops = ({ doing: { kind }, checkpoints }: Action<unknown>): boolean =>
  (kind === 'run' || kind === 'inside') && checkpoints[0]!.snapshot.hypervisor.step === null
