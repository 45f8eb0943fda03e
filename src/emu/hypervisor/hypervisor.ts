/** The hosted hypervisor: makes transitions of an outside step, or of its run loop when none is in flight, vCPU by vCPU as scheduled. */
import { indexOf } from '../core/state.ts'
import type { Vcpu } from '../core/vcpu.ts'
import type { VcpuId } from '../isa/units.ts'
import { disarmed, stillArmed } from './arm.ts'
import { beginStep, isBase } from './begin.ts'
import type { HypervisorEvent, Stop } from './events.ts'
import { exitInWords, handleExit, stopOf } from './exits.ts'
import type { Hosted } from './hosted.ts'
import { isStray, meetsWord, stepOfWord } from './other-vcpu.ts'
import { phases } from './phases.ts'
import { type Policy, type PolicyId, policyNamed } from './policy.ts'
import { begun, CLOSELY, lockings, over, type ScheduleChange, used } from './schedule.ts'
import { type HypervisorState, initialState, isAhead, LOOP_START, type LoopPhase, type Step, stateWith, withAt } from './step-state.ts'
import type { Context, Transition } from './transition.ts'

export type { PolicyId } from './policy.ts'

export interface Progress {
  /** Null when the allowance was used up first, or after a single transition that leads on. */
  readonly stop: Stop | null
}

/** It is asked for several times a transition. */
const TIME = indexOf('TIME')
/** Transitions between two looks at the host's clock, and boundaries of a guest that runs without one. */
const LOOK_EVERY = 64
const PIECE = 250_000
const WAITING = 'The guest waits for an interrupt, and none will come.'
const waiting: Stop = { reason: 'waiting', text: WAITING }
const IN_FLIGHT = 'An outside step is in flight: the policy stays. Finish the step or take it back first.'

export class Hypervisor {
  state: HypervisorState
  /** A debugger's setting, as QEMU's `sstepbits`: interrupts wait while stepping. */
  holdInterrupts = true
  listener: ((e: HypervisorEvent) => void) | null = null
  /** Called when another vCPU is about to run. */
  switching: (() => void) | null = null
  /** A run ends where a debugger in the guest waits for a command: as long as it is the one that is driven. */
  untilAsked = false
  /** Asked between transitions: whether the host wants to be back, as if the allowance were used up. */
  sliceOver: (() => boolean) | null = null

  /** `own` takes the place of the named preset. */
  constructor(
    readonly machine: Hosted,
    policy: PolicyId,
    own: Policy | null = null,
  ) {
    this.state = initialState(own ?? policyNamed(policy), machine.core.vcpus.length)
  }

  private change(changes: Partial<HypervisorState>): void {
    this.state = stateWith(this.state, changes)
  }

  get policy(): Policy {
    return this.state.policy
  }

  vcpu(id: VcpuId): Vcpu {
    return this.machine.core.vcpus[id]!
  }

  /** Throws an Error with a sentence for the user while a step is in flight. */
  setPolicy(policy: PolicyId | Policy): void {
    if (this.state.step) throw new Error(IN_FLIGHT)
    this.change({ policy: typeof policy === 'string' ? policyNamed(policy) : policy })
  }

  /** Throws an Error with a sentence for the user when the schedule names a vCPU that there is not, or turns that are none. */
  checkSchedule(change: ScheduleChange): void {
    const { length } = this.machine.core.vcpus
    for (const { vcpu, boundaries } of change.script ?? []) {
      if (!Number.isInteger(vcpu) || vcpu < 0 || vcpu >= length)
        throw new Error(
          `There is no vCPU ${vcpu}: the machine has ${length === 1 ? 'vCPU 0 alone' : `vCPUs 0 to ${length - 1}`}. The schedule stays.`,
        )
      if (!Number.isInteger(boundaries) || boundaries < 1)
        throw new Error(`A turn has at least one boundary, not ${boundaries}. The schedule stays.`)
    }
    if (change.quantum !== undefined && (!Number.isInteger(change.quantum) || change.quantum < 1))
      throw new Error(`A turn has at least one boundary, not ${change.quantum}. The schedule stays.`)
    if (change.locking !== undefined && !lockings.includes(change.locking))
      throw new Error(`There is no scheduler-locking ${change.locking}. There are ${lockings.join(', ')}. It stays.`)
    if (change.locking !== undefined && this.state.step)
      throw new Error('An outside step is in flight: scheduler-locking stays. Finish the step or take it back first.')
  }

  /** Throws as `checkSchedule` does. */
  setSchedule(change: ScheduleChange): void {
    this.checkSchedule(change)
    const anew = change.script === undefined ? {} : { gone: 0 }
    this.change({ schedule: { ...this.state.schedule, ...change, ...anew } })
  }

  private readonly emit = (e: HypervisorEvent): void => this.listener?.(e)

  // ───────── time, and who can run ─────────

  /** The machine's one time. */
  get time(): bigint {
    return this.vcpu(this.state.clock).state.words[TIME]!
  }

  /** Boundaries of all vCPUs: the time without the jumps over waiting. */
  get boundaries(): bigint {
    return this.time - this.state.skipped
  }

  /** Makes the vCPU's TIME the machine's. */
  private switchTo(id: VcpuId): Vcpu {
    const { clock } = this.state
    const vcpu = this.vcpu(id)
    if (clock !== id) {
      this.switching?.()
      vcpu.state.set('TIME', this.time)
      this.change({ clock: id })
    }
    return vcpu
  }

  private readonly cede = (vcpu: Vcpu): void => {
    this.change({ ceded: withAt(this.state.ceded, vcpu.id, true) })
  }

  /** It does not wait, or an interrupt has come for it. */
  private ready(id: VcpuId): boolean {
    if (this.state.sentBack[id]) return false
    if (!this.state.ceded[id]) return true
    this.vcpu(id).state.set('TIME', this.time)
    if (!this.vcpu(id).asynchronousDue()) return false
    this.change({ ceded: withAt(this.state.ceded, id, false) })
    return true
  }

  /** Time jumps to the next event of the vCPUs, which all wait; false when there is none. */
  private jump(ids: readonly VcpuId[]): boolean {
    const expiries = ids.filter(id => this.state.ceded[id]).flatMap(id => this.vcpu(id).decrementerExpiry() ?? [])
    if (expiries.length === 0) return false
    const first = expiries.reduce((a, b) => (b < a ? b : a))
    const clock = this.vcpu(this.state.clock).state
    const ahead = first - clock.get('TIME')
    if (ahead > 0n) {
      clock.set('TIME', first)
      this.change({ skipped: this.state.skipped + ahead })
    }
    return true
  }

  private get all(): readonly VcpuId[] {
    return this.machine.core.vcpus.map(v => v.id)
  }

  /** vCPUs that run while the one is stepped, or continued. */
  unlocked(id: VcpuId, stepping: boolean): readonly VcpuId[] {
    const { locking } = this.state.schedule
    return locking === 'on' || (stepping && locking === 'step') ? [id] : this.all
  }

  /** Whose turn it is, of the vCPUs given, begun with the length where the round robin gives it; null when all wait for ever. */
  private nextTurn(ids: readonly VcpuId[], length: number): { readonly vcpu: VcpuId; readonly left: number } | null {
    const vcpus = this.machine.core.vcpus.length
    const { script, gone } = this.state.schedule
    if (ids.length === 1 && gone >= script.length) {
      const [vcpu] = ids as [VcpuId]
      return this.ready(vcpu) || (this.jump(ids) && this.ready(vcpu)) ? { vcpu, left: Number.MAX_SAFE_INTEGER } : null
    }
    // Where all wait, time jumps before anybody's turn is given up.
    if (!ids.some(id => this.ready(id)) && !(this.jump(ids) && ids.some(id => this.ready(id)))) return null
    for (;;) {
      const schedule = begun(this.state.schedule, length)
      const mine = ids.includes(schedule.vcpu) && this.ready(schedule.vcpu)
      this.change({ schedule: mine ? schedule : over(schedule, vcpus) })
      if (mine) return schedule
    }
  }

  /** A hypercall is part of the boundary of its instruction: the vCPU that ran last has one to be handled before anything else. */
  get unhandled(): boolean {
    const { phase, exit } = this.state.loops[this.state.clock]!
    return (phase === 'exit' || phase === 'handle') && exit?.kind === 'hypercall'
  }

  /** The boundaries that the vCPU ran are taken from its turn. */
  private account(turn: { readonly vcpu: VcpuId; readonly left: number }, boundaries: number): void {
    const { schedule } = this.state
    if (turn.left === Number.MAX_SAFE_INTEGER || schedule.left === null || schedule.vcpu !== turn.vcpu) return
    this.change({ schedule: used({ ...schedule, left: schedule.left }, boundaries, this.machine.core.vcpus.length) })
  }

  /** The vCPU stands at the word of another's step, and the policy takes it for what it is not. */
  strays(id: VcpuId): boolean {
    return isStray(this.state, this.vcpu(id), this.policy.choices)
  }

  // ───────── an outside step ─────────

  private context(id: VcpuId): Context {
    return { machine: this.machine, vcpu: this.vcpu(id), choices: this.policy.choices, emit: this.emit, cede: this.cede }
  }

  /** Puts an outside step of the vCPU in flight, unless there is one that goes on. */
  begin(id: VcpuId): void {
    const { step } = this.state
    if (step && !this.leavesPending(step)) return
    this.fresh(step?.vcpu ?? id, step)
  }

  /** Stepping from the breakpoint that was met in the middle of a step arms anew, but for the rfid that lets the first step finish. */
  private leavesPending(step: Step): boolean {
    if (step.pending === null || this.policy.choices.interruptsInStep !== 'ride along, pending at a breakpoint') return false
    const word = this.vcpu(step.vcpu).wordAt(this.vcpu(step.vcpu).state.get('NIP'))
    return typeof word === 'number' && !isBase(word, 'rfid')
  }

  private fresh(id: VcpuId, before: Step | null): void {
    const steps = this.state.steps + 1
    const vcpu = this.vcpu(id)
    vcpu.state.set('TIME', this.time)
    const msrs = this.machine.core.vcpus.map(v => v.state.get('MSR'))
    const taken = { ordinal: steps, hold: this.holdInterrupts, msrs, planted: before?.planted ?? [] }
    this.change({
      steps,
      step: beginStep(vcpu, this.policy.choices, taken),
      loops: withAt(this.state.loops, id, LOOP_START),
      lastStep: { ordinal: steps, vcpu: id, turns: [] },
    })
  }

  /** One phase of the step in flight, after the turns of other vCPUs that come before it. The guest runs for at most `allowance` boundaries. */
  stepTransition(allowance: number): Transition {
    const step = this.state.step!
    // The Trace interrupt behind the instruction that is stepped takes no slot of the schedule.
    const traced = step.ran === 1 && this.vcpu(step.vcpu).state.get('TRACE_DUE') !== 0n
    const runs = (step.phase === 'trace' && !traced) || step.phase === 'emulate'
    const waits = this.state.ceded[step.vcpu] === true && step.ran === 0
    let from = this.boundaries
    let left = allowance
    if (runs || waits) {
      const started = from
      const others = this.turnsBefore(step, waits && !runs, allowance)
      if (others) return others
      from = this.boundaries
      left -= Number(from - started)
    }
    if (left <= 0) return { step: this.state.step, stop: null, unfinished: true }
    const now = this.state.step!
    this.switchTo(now.vcpu)
    const turn = this.state.schedule
    // Among others the first boundary, and the Trace interrupt behind it, are run one by one.
    const alone = this.machine.core.vcpus.length === 1 || this.unlocked(now.vcpu, true).length === 1
    const most = alone ? left : Math.min(left, traced || now.ran === 0 ? 1 : (turn.left ?? 1))
    const transition = phases[now.phase].next(now, this.context(now.vcpu), most)
    const boundaries = Number(this.boundaries - from)
    if (boundaries > 0 && !traced && turn.left !== null) this.account({ vcpu: now.vcpu, left: turn.left }, boundaries)
    const armed = now.phase === 'set SE' ? withAt(this.state.armed, now.vcpu, now.traceVector) : this.state.armed
    const freed = !transition.step?.planted.length && this.state.sentBack.includes(true)
    const sentBack = freed ? this.state.sentBack.map(() => false) : this.state.sentBack
    const transitions = this.state.transitions + (transition.unfinished ? 0 : 1)
    const lastStep = this.turnsWith(now.vcpu, boundaries)
    const executed = this.state.executed + Number(now.phase === 'trace' && now.ran === 0 && boundaries > 0)
    const emulated = this.emulatedWith(now)
    this.change({ step: transition.step, armed, sentBack, transitions, lastStep, executed, emulated })
    return transition
  }

  /** Who ran how far in this step: what a free run has to repeat. */
  private turnsWith(vcpu: VcpuId, boundaries: number): HypervisorState['lastStep'] {
    const { lastStep } = this.state
    if (boundaries === 0 || !lastStep) return lastStep
    const last = lastStep.turns.at(-1)
    const turns =
      last?.vcpu === vcpu
        ? [...lastStep.turns.slice(0, -1), { vcpu, boundaries: last.boundaries + boundaries }]
        : [...lastStep.turns, { vcpu, boundaries }]
    return { ...lastStep, turns }
  }

  /**
   * Other vCPUs run until it is the turn of the one that is stepped. Returns the transition that this ends with; null when the phase can
   * go on.
   */
  private turnsBefore(step: Step, waits: boolean, allowance: number): Transition | null {
    const ids = this.unlocked(step.vcpu, true)
    const from = this.boundaries
    let others = false
    for (let n = 1, back = false; ; n++) {
      const left = allowance - Number(this.boundaries - from)
      back ||= this.wantedBack(n)
      if ((left <= 0 || back) && !this.unhandled) return { step: this.state.step, stop: null, unfinished: true }
      const turn = this.unhandled ? { vcpu: this.state.clock, left: 0 } : this.nextTurn(ids, step.lost ? this.state.schedule.quantum : 1)
      if (!turn) return this.giveUp(step)
      if (turn.vcpu === step.vcpu && !this.unhandled) break
      others = true
      const { stop } = this.turnOfOther(turn, left)
      if (stop) return { step: this.state.step, stop, unfinished: false }
    }
    const now = this.state.step!
    if (waits) {
      const again = beginStep(this.switchTo(now.vcpu), this.policy.choices, { ...now, planted: [] })
      this.change({ step: again })
      return null
    }
    return others ? this.armAnew(now) : null
  }

  /** The step in flight is armed anew where what arming looked at has changed; null where it goes on as it is. */
  private armAnew(now: Step): Transition | null {
    if (!isAhead(now) || this.policy.choices.traceVector !== 'predicted, re-armed') return null
    const context = this.context(now.vcpu)
    context.vcpu.state.set('TIME', this.time)
    if (stillArmed(now, context)) return null
    const sentence = 'what arming had looked at has changed: armed anew'
    // Nothing was armed yet: there is nothing to tell.
    if (now.phase !== 'arm') this.emit({ kind: 'phase', vcpu: now.vcpu, phase: 'arm', sentence, crossing: null, planted: null, se: false })
    const back = disarmed(now, context)
    this.change({ step: back })
    return { step: back, stop: null, unfinished: false }
  }

  /** Something that is no part of the step in flight has happened: an edit of the user's, or another vCPU ran out of its turn. */
  lookAgain(): void {
    if (this.state.step) this.armAnew(this.state.step)
  }

  private giveUp(step: Step): Transition {
    // Nothing was armed yet: the step has not begun.
    const begun = step.planted.length > 0 || step.ran > 0
    this.change({ step: begun ? step : null })
    return { step: this.state.step, stop: waiting, unfinished: false }
  }

  private turnOfOther(turn: { readonly vcpu: VcpuId; readonly left: number }, allowance: number, closely = turn.left <= CLOSELY): Progress {
    const from = this.boundaries
    const vcpu = this.vcpu(turn.vcpu)
    vcpu.listenToInstructions = closely
    try {
      const { stop } = this.loopTransition(turn.vcpu, Math.min(turn.left, Math.max(1, allowance)))
      const boundaries = Number(this.boundaries - from)
      this.account(turn, boundaries)
      this.change({ lastStep: this.turnsWith(turn.vcpu, boundaries) })
      return { stop }
    } finally {
      vcpu.listenToInstructions = false
    }
  }

  private emulatedWith({ phase, label, start }: Step): HypervisorState['emulated'] {
    const { emulated } = this.state
    if (phase !== 'emulate' || start.traceDue) return emulated
    const mnemonic = label.split(' ')[0]!
    return { ...emulated, [mnemonic]: (emulated[mnemonic] ?? 0) + 1 }
  }

  private wantedBack(transitions: number): boolean {
    return transitions % LOOK_EVERY === 0 && this.sliceOver?.() === true
  }

  /** Goes on to `report`, within the allowance of guest boundaries. */
  finishStep(allowance: number): Progress {
    const from = this.boundaries
    for (let n = 1; this.state.step; n++) {
      const left = allowance - Number(this.boundaries - from)
      if (left <= 0 || this.wantedBack(n)) return { stop: null }
      const { stop } = this.stepTransition(left)
      if (stop) return { stop }
    }
    return { stop: null }
  }

  // ───────── the run loop ─────────

  /** One transition of the run loop of the vCPU: enter, guest, exit, handle. `unfinished`: the guest still runs. */
  loopTransition(id: VcpuId, allowance: number): { stop: Stop | null; unfinished: boolean } {
    const vcpu = this.switchTo(id)
    const { phase, exit } = this.state.loops[id]!
    const goOn = (next: LoopPhase, stop: Stop | null = null, reason = exit) => {
      const { loops, transitions } = this.state
      this.change({ loops: withAt(loops, id, { phase: next, exit: reason }), transitions: transitions + 1 })
      return { stop, unfinished: false }
    }
    const say = (name: LoopPhase, sentence: string, crossing: HypervisorEvent['crossing'] = null, wrong = false) =>
      this.emit({ kind: 'phase', vcpu: id, phase: name, sentence, crossing, ...(wrong ? { wrong } : {}) })
    switch (phase) {
      case 'enter':
        say('enter', `VM entry of vCPU ${id} at 0x${vcpu.state.get('NIP').toString(16)}`, 'entry')
        return goOn('guest')
      case 'guest': {
        const { outcome } = vcpu.run(allowance)
        if (outcome.kind === 'vmExit') return goOn('exit', null, outcome.reason)
        if (outcome.kind === 'breakpoint' || outcome.kind === 'stuck') return { stop: stopOf(outcome, vcpu), unfinished: false }
        return { stop: null, unfinished: true }
      }
      case 'exit': {
        const step = stepOfWord(this.state, vcpu, exit!)
        const from = step ? ` of vCPU ${id}, while the step is on vCPU ${step.vcpu}` : ''
        say('exit', `VM exit${from}: ${exitInWords(exit!)}`, 'exit', step !== null && this.strays(id))
        return goOn('handle')
      }
      case 'handle': {
        const met = meetsWord(this.state, this.context(id), exit!)
        if (met) {
          this.emit({ kind: 'phase', vcpu: id, crossing: null, ...met.event })
          // It would only meet the word again: the others are next.
          this.change({ ...met.changes, schedule: over(this.state.schedule, this.machine.core.vcpus.length) })
          return goOn('enter', met.stop, null)
        }
        const handled = handleExit(this.machine, vcpu, exit!)
        if (handled.waits) this.cede(vcpu)
        say('handle', handled.sentence)
        const asked: Stop | null =
          this.untilAsked && handled.asks ? { reason: 'step', text: 'The debugger in the guest waits for a command' } : null
        return goOn('enter', handled.stop ?? asked, null)
      }
    }
  }

  /** The guest runs by the schedule, exits handled, for at most `allowance` boundaries. `id` is the vCPU that runs under scheduler-locking. */
  run(id: VcpuId, allowance: number): Progress {
    const from = this.boundaries
    const ids = this.unlocked(id, false)
    // With somebody to ask, the guest runs in pieces, and after each it is asked.
    const most = this.sliceOver ? PIECE : allowance
    for (let n = 1, asked = 0, back = false; ; n++) {
      const ran = Number(this.boundaries - from)
      const due = ran - asked >= most
      if (due) asked = ran
      back ||= this.wantedBack(due ? LOOK_EVERY : n)
      if ((ran >= allowance || back) && !this.unhandled) return { stop: null }
      const { stop } = this.runTransition(id, ids, Math.min(most, allowance - ran))
      if (stop) return { stop }
      if (this.machine.core.asked && !this.unhandled) return { stop: { reason: 'breakpoint', text: '' } }
    }
  }

  /** One transition of the run loop of whoever's turn it is. */
  runTransition(id: VcpuId, ids = this.unlocked(id, false), allowance = 1): { stop: Stop | null; unfinished: boolean } {
    if (this.unhandled) return this.loopTransition(this.state.clock, 0)
    const turn = this.nextTurn(ids, this.state.schedule.quantum)
    if (!turn) return { stop: waiting, unfinished: false }
    const from = this.boundaries
    const progress = this.loopTransition(turn.vcpu, Math.min(allowance, turn.left))
    this.account(turn, Number(this.boundaries - from))
    return progress
  }

  /** One boundary of the vCPU, event by event, whatever the schedule. */
  boundary(id: VcpuId): Stop | null {
    const vcpu = this.switchTo(id)
    vcpu.listenToInstructions = true
    try {
      return this.exactly(id, 1).stop
    } finally {
      vcpu.listenToInstructions = false
      this.lookAgain()
    }
  }

  /** So many boundaries of the vCPU, one by one, exits handled, nothing said of them. */
  exactly(id: VcpuId, boundaries: number): Progress {
    const vcpu = this.switchTo(id)
    const until = this.boundaries + BigInt(boundaries)
    while (this.boundaries < until) {
      if (!this.ready(id) && !(this.jump([id]) && this.ready(id))) return { stop: waiting }
      const outcome = vcpu.step()
      if (outcome.kind === 'stuck') return { stop: stopOf(outcome, vcpu) }
      if (outcome.kind !== 'vmExit') continue
      const handled = handleExit(this.machine, vcpu, outcome.reason)
      if (handled.waits) this.cede(vcpu)
      if (handled.stop) return { stop: handled.stop }
    }
    return { stop: null }
  }

  /** Every vCPU shows the machine's time. */
  synchroniseTime(): void {
    const { time } = this
    for (const { state } of this.machine.core.vcpus) state.set('TIME', time)
  }

  /** Why the vCPU does not run. */
  private idle(id: VcpuId): Stop {
    const { sentBack, step } = this.state
    const back = `vCPU ${id} was sent back to the word of the step of vCPU ${step?.vcpu}, and would only meet it again: end or take back that step first`
    return { reason: 'waiting', text: sentBack[id] ? back : `vCPU ${id} waits for an interrupt, and none has come for it` }
  }

  /**
   * At most so many boundaries of the one vCPU, whatever the schedule: also in the middle of another's step. `closely`: each with its
   * event. More are to come unless it is the `last` part.
   */
  preempt(id: VcpuId, boundaries: number, closely = false, last = true, far = true): Progress {
    const end = this.boundaries + BigInt(boundaries)
    let stop: Stop | null = null
    const goesOn = () => !stop && (this.boundaries < end || this.unhandled)
    while (goesOn()) {
      const left = Number(end - this.boundaries)
      stop = this.ready(id) ? this.turnOfOther({ vcpu: id, left: Number.MAX_SAFE_INTEGER }, left, closely).stop : this.idle(id)
      if (!far) break
    }
    if (stop || (last && !goesOn())) this.lookAgain()
    return { stop }
  }
}
