/** The phases before VM entry: the word, and SE. */
import { MSR } from '../isa/bitfields.ts'
import { decode } from '../isa/instructions.ts'
import { beginStep, EMULATED_PATH, mustEmulate } from './begin.ts'
import { meansOf } from './choices.ts'
import { changesTranslation, plantWords, planWords, predictedTraceVector, removeWords } from './planting.ts'
import type { Step } from './step-state.ts'
import { type Context, hex, type Phase, shortAddress, to } from './transition.ts'

/** Why the controller performs the instruction itself; null when the guest executes it. */
function performedBecause(step: Step, { machine, vcpu, choices }: Context): string | null {
  const { word } = step.start
  const instruction = word === null ? null : decode(word)
  const dueFirst = step.start.traceDue || (!step.hold && vcpu.asynchronousDue())
  if (!dueFirst && instruction && word !== null && mustEmulate(choices, instruction, word)) return 'executed, it would show SE or lose it'
  if (choices.wordLivesIn !== 'fetch overlay') return null
  const plan = planWords(machine.core, vcpu, choices, instruction, step)
  if (!dueFirst && instruction && word !== null && changesTranslation(machine.core, vcpu, instruction, word))
    return 'behind it the vector may be mapped elsewhere, or not at all'
  const own = vcpu.translate(step.start.nip, 'fetch', true)
  if (!('interrupt' in own) && plan.places.some(p => p.real === (Number(own.guestReal) & ~3))) return 'a planted word would hide it'
  if (plan.unreachable.length > 0) return `a fetch at ${hex(plan.unreachable[0]!)} would leave a trace in the page table`
  return null
}

/** An rfid to a breakpoint needs no word: the breakpoint stops the guest. */
function nothingMore(step: Step, { machine, vcpu }: Context): boolean {
  return step.seIn === 'SRR1' && machine.core.stops.has(vcpu.state.get('SRR0') & ~3n)
}

export const arm: Phase = {
  name: 'arm',
  says: 'The word 0x00dddd00 goes where the guest will come after its instruction.',
  next(step, context) {
    const { machine, vcpu, choices, emit } = context
    const say = (sentence: string, planted?: string) =>
      emit({ kind: 'phase', vcpu: vcpu.id, phase: 'arm', sentence, crossing: null, ...(planted ? { planted } : {}) })
    const because = performedBecause(step, context)
    if (because !== null) {
      say(`the controller will perform ${step.label} itself: ${because}`)
      return to(step, 'emulate', { path: EMULATED_PATH })
    }
    if (nothingMore(step, context)) {
      say('nothing is armed: a breakpoint stands where the rfid returns to')
      return to(step, 'enter')
    }
    const { word } = step.start
    const plan = planWords(machine.core, vcpu, choices, word === null ? null : decode(word), step)
    const planted = [...step.planted, ...plantWords(machine.core, vcpu, plan, choices, step.planted)]
    const where = choices.wordLivesIn === 'fetch overlay' ? 'in the fetch overlay' : 'in guest memory'
    const at = plan.places[0]?.at ?? step.traceVector
    const more = new Set(planted.map(p => p.real)).size - 1
    if (planted.length === 0) say(`no word planted: ${hex(step.traceVector)} is not mapped`)
    else
      say(
        `0x00dddd00 planted at ${hex(at)}${planted.length > 1 ? ` and ${more} more vectors` : ''}, ${where}`,
        `0x00dddd00 at ${shortAddress(at)}`,
      )
    return to(step, 'set SE', { planted })
  },
}

export const setSe: Phase = {
  name: 'set SE',
  says: 'MSR[SE] is set: a Trace interrupt follows the next instruction.',
  next(step, { vcpu, choices, emit }) {
    const { state } = vcpu
    const before = state.get(step.seIn)
    state.set(step.seIn, before | MSR.mask.SE)
    const ofGuest = step.seIn === 'SRR1' && choices.selfStepping === 'recognised at rfid' && (before & MSR.mask.SE) !== 0n
    const own = ofGuest ? '; it was 1: the trace will be the guest’s' : ''
    const sentence = `SE set in the ${step.seIn} of vCPU ${vcpu.id}${own}`
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'set SE', sentence, crossing: null, se: true })
    return to(step, 'enter', { cachedMsr: state.get('MSR'), ofGuest })
  },
}

/** The words are planted anew where they belong now: AIL, or a translation, has changed under the parked vCPU. */
export function rearm(step: Step, { machine, vcpu, choices }: Context, traceVector: bigint): Step {
  removeWords(machine.core, vcpu, step.planted)
  const { word } = step.start
  const moved = { ...step, traceVector, planted: [] }
  const plan = planWords(machine.core, vcpu, choices, word === null ? null : decode(word), moved)
  return { ...moved, planted: plantWords(machine.core, vcpu, plan, choices, []) }
}

/** What arming decided still holds, although other vCPUs have run since. */
export function stillArmed(step: Step, context: Context): boolean {
  const { machine, vcpu, choices } = context
  const { word, nip } = step.start
  const found = vcpu.wordAt(nip)
  if ((typeof found === 'number' ? found : null) !== word || predictedTraceVector(vcpu) !== step.traceVector) return false
  const byController = performedBecause(step, context) !== null
  // Behind the exit of an access that met the words, they lie there still.
  if (byController || (step.phase === 'emulate' && step.exit === null)) return byController && step.phase === 'emulate'
  const { places } = planWords(machine.core, vcpu, choices, word === null ? null : decode(word), step)
  return (
    places.length === step.planted.length &&
    places.every((p, n) => p.at === step.planted[n]!.at && p.real === step.planted[n]!.real && p.little === step.planted[n]!.little)
  )
}

/** Back to the beginning, as if nothing had been armed: another vCPU has changed what arming looked at. */
export function disarmed(step: Step, { machine, vcpu, choices }: Context): Step {
  removeWords(machine.core, vcpu, step.planted)
  vcpu.state.set(step.seIn, step.seIn === 'MSR' ? step.start.msr : step.saved.SRR1)
  return beginStep(vcpu, choices, { ...step, planted: [] })
}

export const plantsWords = (choices: Context['choices']): boolean => meansOf(choices) === 'word'
