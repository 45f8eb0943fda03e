/** The phases in which the guest runs: VM entry, the instruction and its Trace interrupt, the word. */
import type { Outcome } from '../core/events.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { interruptInWords } from '../isa/interrupts.ts'
import type { EffectiveAddress } from '../isa/units.ts'
import { isBase, MET_OVERLAY_PATH } from './begin.ts'
import { type Choices, meansOf } from './choices.ts'
import type { Stop } from './events.ts'
import { handleExit, reportsOwnWord, stopOf } from './exits.ts'
import { meetsOverlay } from './planting.ts'
import { PLANTED_WORD, type Step } from './step-state.ts'
import { type Context, hex, type Phase, type Transition, to } from './transition.ts'

/** Address of the hypervisor's `hrfid` in this model, which is where a policy that does not put CFAR back leaves it. */
const HRFID: EffectiveAddress = 0xc0000000000e3f5cn

export const enter: Phase = {
  name: 'enter',
  says: 'VM entry: the guest runs until it comes back.',
  next(step, { vcpu, choices, emit }) {
    if (choices.sampledRegisters === 'clobbered') vcpu.state.set('CFAR', HRFID)
    emit({
      kind: 'phase',
      vcpu: vcpu.id,
      phase: 'enter',
      sentence: `VM entry of vCPU ${vcpu.id} at ${hex(vcpu.state.get('NIP'))}`,
      crossing: 'entry',
    })
    return to(step, 'trace', { exit: null })
  },
}

/** Boundaries that are run one by one, with an event each, before a guest that was lost runs in bulk. */
const CLOSE = 64

export const trace: Phase = {
  name: 'trace',
  says: 'The guest executes one instruction and takes the Trace interrupt.',
  next(step, context, allowance) {
    const { vcpu } = context
    vcpu.hold = step.hold
    try {
      return meansOf(context.choices) === 'word' ? untilTheWord(step, context, allowance) : oneAndBack(step, context)
    } finally {
      vcpu.hold = false
      vcpu.listenToInstructions = false
    }
  },
}

function untilTheWord(step: Step, context: Context, allowance: number): Transition {
  const { vcpu, machine } = context
  let now = step
  let left = allowance
  while (left > 0) {
    const at = vcpu.state.get('NIP')
    // A Trace interrupt that is due comes before the instruction with the breakpoint is fetched.
    const traced = vcpu.state.get('TRACE_DUE') !== 0n
    if (now.ran > 0 && now.pending !== now.ran && !traced && machine.core.stops.has(at))
      return stopped(now, stopOf({ kind: 'breakpoint', at }, vcpu), context)
    vcpu.listenToInstructions = now.ran < CLOSE
    const { boundaries, outcome } = vcpu.listenToInstructions ? oneBoundary(vcpu) : vcpu.run(Math.min(left, 50_000))
    left -= Math.max(1, boundaries)
    now = { ...now, ran: now.ran + boundaries }
    const nip = vcpu.state.get('NIP')
    if (outcome.kind === 'vmExit') {
      const path = now.ran === 0 && meetsOverlay(now.planted, outcome.reason) ? { path: MET_OVERLAY_PATH } : {}
      return to(now, 'exit', { exit: outcome.reason, ...path })
    }
    if (outcome.kind === 'breakpoint' || outcome.kind === 'stuck') return stopped(now, stopOf(outcome, vcpu), context)
    if (isPlanted(now, nip, vcpu)) return to(now, 'assist', { caught: true })
    // In bulk nobody looks boundary by boundary: what was known stays, however the run is sliced.
    if (!vcpu.listenToInstructions) continue
    const { lost } = now
    now = { ...now, lost: lostBecause(now, vcpu, outcome) }
    // What is recorded from here on belongs to a guest that is lost, or is not any more.
    if ((now.lost === null) !== (lost === null)) break
  }
  return { step: now, stop: null, unfinished: true }
}

/** A stop in the middle of the step: the debugger reads the registers, and the word stays. Where nothing was armed the step is over. */
function stopped(step: Step, stop: Stop, { vcpu, choices }: Context): Transition {
  const remembered = choices.registerCache === 'used before synchronising' ? { cachedMsr: vcpu.state.get('MSR') } : {}
  const over = stop.reason === 'breakpoint' && step.planted.length === 0 && choices.rfid === 'SE in SRR1'
  return { step: over ? null : { ...step, ...remembered, pending: step.ran }, stop, unfinished: false }
}

/** Where no word is needed: one boundary, and the Trace interrupt does not come to the guest. */
function oneAndBack(step: Step, context: Context): Transition {
  const { vcpu, choices, machine } = context
  const byKvm = meansOf(choices) === 'every interrupt exits'
  vcpu.listenToInstructions = true
  const { boundaries, outcome } = oneBoundary(vcpu)
  const now = { ...step, ran: step.ran + boundaries }
  const leaves = outcome.kind === 'interrupt' || isBase(step.start.word, 'rfid') || isBase(step.start.word, 'rfscv')
  if (choices.reservation === 'lost at interrupts and rfid' && leaves) vcpu.state.set('RESERVE', 0n)
  if (outcome.kind === 'breakpoint' || outcome.kind === 'stuck') return { step: now, stop: stopOf(outcome, vcpu), unfinished: false }
  const exit = outcome.kind === 'vmExit' ? outcome.reason : null
  if (byKvm) {
    if (outcome.kind === 'completed') vcpu.state.set('TRACE_DUE', 0n)
    return to(now, 'exit', { exit, caught: outcome.kind === 'completed' })
  }
  if (!exit || reportsOwnWord(choices, exit)) return to(now, 'report')
  const handled = handleExit(machine, vcpu, exit)
  if (handled.waits) context.cede(vcpu)
  return { ...to(now, 'report'), stop: handled.stop }
}

function oneBoundary(vcpu: Vcpu): { boundaries: number; outcome: Outcome } {
  const before = vcpu.state.get('TIME')
  const outcome = vcpu.step()
  return { boundaries: Number(vcpu.state.get('TIME') - before), outcome }
}

function isPlanted(step: Step, nip: EffectiveAddress, vcpu: Vcpu): boolean {
  if (step.ran === 0 || !step.planted.some(p => p.at === nip)) return false
  return vcpu.wordAt(nip) === PLANTED_WORD
}

/** A sentence once no Trace interrupt is on its way any more. */
function lostBecause(step: Step, vcpu: Vcpu, outcome: Outcome): string | null {
  const { state } = vcpu
  if (state.msr('SE')) return null
  if (state.get('TRACE_DUE') !== 0n && step.planted.length > 0) return null
  if (step.lost) return step.lost
  if (outcome.kind === 'interrupt') return `${interruptWord(outcome)} took the guest to ${hex(outcome.interrupt.to.nip)}, where no word is`
  const mnemonic = step.label.split(' ')[0]
  return `${mnemonic} left SE at 0: no Trace interrupt comes`
}

const interruptWord = (o: Extract<Outcome, { kind: 'interrupt' }>): string =>
  o.interrupt.id === 'trace' ? 'the Trace interrupt' : `the ${interruptInWords(o.interrupt.id)}`

export const assist: Phase = {
  name: 'assist',
  says: 'The word is illegal: Hypervisor Emulation Assistance.',
  next(step, { vcpu }) {
    const outcome = vcpu.step()
    if (outcome.kind === 'vmExit') return to(step, 'exit', { exit: outcome.reason })
    return to(step, 'trace', { caught: false })
  },
}

/** Where the guest is lost, and what the loss depends on. */
export const interruptsRideAlong = ({ interruptsInStep }: Choices): boolean => interruptsInStep.startsWith('ride along')
