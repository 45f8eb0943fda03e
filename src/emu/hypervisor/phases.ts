/**
 * The phases of an outside step. Each is one transition: it looks at the step and the vCPU, does its part, and returns the step as it
 * is afterwards. Nothing is remembered between two phases but what `Step` holds.
 */
import { interruptInWords } from '../isa/interrupts.ts'
import { arm, setSe } from './arm.ts'
import type { Stop } from './events.ts'
import { handleExit, stopOf } from './exits.ts'
import { withGuestSe } from './guest-view.ts'
import { exit, restore } from './leave.ts'
import { removeWords } from './planting.ts'
import type { Step, StepPhase } from './step-state.ts'
import { assist, enter, trace } from './trace.ts'
import { type Context, hex, type Phase, to } from './transition.ts'

/** Words lie there: of this step, whose access met their page, or of one that a breakpoint ended. They go, and the MSR is the guest's own. */
function takeBack(step: Step, { machine, vcpu }: Context): void {
  removeWords(machine.core, vcpu, step.planted)
  vcpu.state.set('MSR', withGuestSe(step, vcpu.state.get('MSR')))
}

const emulate: Phase = {
  name: 'emulate',
  says: 'The controller performs the instruction on the guest view.',
  next(step, context) {
    const { machine, vcpu, emit } = context
    const planted = step.planted.length > 0
    if (planted) takeBack(step, context)
    vcpu.hold = step.hold
    const from = vcpu.state.get('TIME')
    // A due interrupt, or a fetch that faults, is the boundary; else the instruction is.
    const dueFirst = step.start.traceDue || (!step.hold && vcpu.asynchronousDue())
    vcpu.listenToInstructions = true
    const outcome = dueFirst || step.start.word === null ? vcpu.step() : vcpu.emulate(step.start.word)
    vcpu.listenToInstructions = false
    vcpu.hold = false
    let sentence = `the controller performed ${step.label}`
    if (outcome.kind === 'interrupt')
      sentence = `${step.label}: ${interruptInWords(outcome.interrupt.id)} delivered at ${hex(outcome.interrupt.to.nip)}`
    let stop: Stop | null = outcome.kind === 'stuck' ? stopOf(outcome, vcpu) : null
    if (outcome.kind === 'vmExit') {
      const handled = handleExit(machine, vcpu, outcome.reason)
      if (handled.waits) context.cede(vcpu)
      sentence = `${step.label}: ${handled.sentence}`
      stop = handled.stop
    }
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'emulate', sentence, crossing: null, ...(planted ? { planted: null, se: false } : {}) })
    const ran = step.ran + Number(vcpu.state.get('TIME') - from)
    return { ...to(step, 'report', { planted: [], ran }), stop }
  },
}

const report: Phase = {
  name: 'report',
  says: 'The debugger is told that the step is over.',
  next(step, { vcpu, emit }) {
    const pending = vcpu.state.get('TRACE_DUE') !== 0n ? '; guest trace pending' : ''
    const did = step.start.traceDue ? 'delivered the' : 'stepped'
    const text = `outside ${did} ${step.label}; the guest stands at ${hex(vcpu.state.get('NIP'))}${pending}`
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'report', sentence: text, crossing: null })
    return { step: null, stop: { reason: 'step', text }, unfinished: false }
  },
}

export const phases: Readonly<Record<StepPhase, Phase>> = { arm, 'set SE': setSe, enter, trace, assist, exit, restore, emulate, report }
