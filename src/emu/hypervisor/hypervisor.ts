/** The hosted hypervisor: makes transitions of an outside step, or of its run loop when none is in flight. */
import type { Vcpu } from '../core/vcpu.ts'
import type { VcpuId } from '../isa/units.ts'
import type { HypervisorEvent, Stop } from './events.ts'
import { exitInWords, handleExit, stopOf } from './exits.ts'
import type { Hosted } from './hosted.ts'
import { beginStep, type Context, phases, type Transition } from './phases.ts'
import { type Policy, type PolicyId, policyNamed } from './policy.ts'
import { type HypervisorState, initialState, type LoopPhase } from './step-state.ts'

export type { PolicyId } from './policy.ts'

export interface Progress {
  /** Null when the allowance was used up first, or after a single transition that leads on. */
  readonly stop: Stop | null
}

export class Hypervisor {
  state: HypervisorState
  /** A debugger's setting, as QEMU's `sstepbits`: interrupts wait while stepping. */
  holdInterrupts = true
  listener: ((e: HypervisorEvent) => void) | null = null

  /** `own` takes the place of the named preset. */
  constructor(
    readonly machine: Hosted,
    policy: PolicyId,
    private readonly own: Policy | null = null,
  ) {
    this.state = initialState(policy)
  }

  get policy(): Policy {
    return this.own ?? policyNamed(this.state.policy)
  }

  vcpu(id: VcpuId): Vcpu {
    return this.machine.core.vcpus[id]!
  }

  /** Throws an Error with a sentence for the user while a step is in flight. */
  setPolicy(policy: PolicyId): void {
    if (this.state.step) throw new Error('An outside step is in flight: the policy stays. Finish the step or take it back first.')
    this.state = { ...this.state, policy }
  }

  private readonly emit = (e: HypervisorEvent): void => this.listener?.(e)

  /** Puts an outside step of the vCPU in flight, unless there is one. */
  begin(id: VcpuId): void {
    if (this.state.step) return
    const steps = this.state.steps + 1
    const step = beginStep(this.vcpu(id), this.policy.choices, steps, this.holdInterrupts)
    this.state = { ...this.state, steps, step, loop: { phase: 'enter', exit: null } }
  }

  /** One phase of the step in flight. The guest runs for at most `allowance` boundaries. */
  stepTransition(allowance: number): Transition {
    const step = this.state.step!
    const context: Context = { machine: this.machine, vcpu: this.vcpu(step.vcpu), choices: this.policy.choices, emit: this.emit }
    const transition = phases[step.phase].next(step, context, allowance)
    this.count(step.phase, step.label)
    this.state = { ...this.state, step: transition.step }
    return transition
  }

  private count(phase: string, label: string): void {
    if (phase === 'trace') this.state = { ...this.state, executed: this.state.executed + 1 }
    if (phase !== 'emulate') return
    const mnemonic = label.split(' ')[0]!
    this.state = { ...this.state, emulated: { ...this.state.emulated, [mnemonic]: (this.state.emulated[mnemonic] ?? 0) + 1 } }
  }

  /** Goes on to `report`, within the allowance of guest boundaries. */
  finishStep(allowance: number): Progress {
    const id = this.state.step?.vcpu ?? 0
    const from = this.now(id)
    while (this.state.step) {
      const left = allowance - (this.now(id) - from)
      if (left <= 0) return { stop: null }
      const { stop, unfinished } = this.stepTransition(left)
      if (stop) return { stop }
      if (unfinished) return { stop: null }
    }
    return { stop: null }
  }

  private now(id: VcpuId): number {
    return Number(this.vcpu(id).state.get('TIME'))
  }

  // ───────── the run loop ─────────

  /** One transition of the run loop of the vCPU: enter, guest, exit, handle. `unfinished`: the guest still runs. */
  loopTransition(id: VcpuId, allowance: number): { stop: Stop | null; unfinished: boolean } {
    const vcpu = this.vcpu(id)
    const { phase, exit } = this.state.loop
    const goOn = (next: LoopPhase, stop: Stop | null = null, reason = exit) => {
      this.state = { ...this.state, loop: { phase: next, exit: reason } }
      return { stop, unfinished: false }
    }
    const say = (name: LoopPhase, sentence: string, crossing: HypervisorEvent['crossing'] = null) =>
      this.emit({ kind: 'phase', vcpu: id, phase: name, sentence, crossing })
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
      case 'exit':
        say('exit', `VM exit: ${exitInWords(exit!)}`, 'exit')
        return goOn('handle')
      case 'handle': {
        const handled = handleExit(this.machine, vcpu, exit!)
        say('handle', handled.sentence)
        return goOn('enter', handled.stop, null)
      }
    }
  }

  /** The guest runs, exits handled, for at most `allowance` boundaries. */
  run(id: VcpuId, allowance: number): Progress {
    const from = this.now(id)
    for (;;) {
      const left = allowance - (this.now(id) - from)
      if (left <= 0) return { stop: null }
      const { stop } = this.loopTransition(id, left)
      if (stop) return { stop }
    }
  }
}
