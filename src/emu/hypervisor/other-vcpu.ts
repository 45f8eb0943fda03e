/** A vCPU that nobody steps meets the word of another's step: what the policy does with it. */
import type { ExitReason } from '../core/events.ts'
import type { Vcpu } from '../core/vcpu.ts'
import type { Choices } from './choices.ts'
import type { HypervisorEvent, Stop } from './events.ts'
import { endForOther } from './leave.ts'
import { removeWords } from './planting.ts'
import { type HypervisorState, type Step, withAt } from './step-state.ts'
import { type Context, hex } from './transition.ts'

interface Met {
  readonly event: Pick<HypervisorEvent, 'phase' | 'sentence' | 'planted' | 'stepOf' | 'wrong'>
  readonly stop: Stop | null
  readonly changes: Partial<HypervisorState>
}

/** The step of another at whose word the vCPU stands, or null. */
function wordOfAnother({ step }: HypervisorState, vcpu: Vcpu): Step | null {
  if (!step || step.vcpu === vcpu.id) return null
  const nip = vcpu.state.get('NIP')
  return step.planted.some(p => p.at === nip && !p.overlay) ? step : null
}

/** The step whose word the vCPU met; null when the exit is none of another's step. */
export const stepOfWord = (state: HypervisorState, vcpu: Vcpu, reason: ExitReason): Step | null =>
  reason.kind === 'emulationAssistance' ? wordOfAnother(state, vcpu) : null

/** The policy knows that the vCPU is not the one that is stepped. */
export const isSentBack = (state: HypervisorState, vcpu: Vcpu, choices: Choices): boolean =>
  choices.otherVcpu === 'sent back if stepped before' && state.armed[vcpu.id] === vcpu.state.get('NIP')

/** The vCPU stands at the word of another's step, and the policy does not send it back: what it does there goes to the wrong place. */
export const isStray = (state: HypervisorState, vcpu: Vcpu, choices: Choices): boolean =>
  wordOfAnother(state, vcpu) !== null && !isSentBack(state, vcpu, choices)

/** Null when the exit is none of the step's business. */
export function meetsWord(state: HypervisorState, context: Context, reason: ExitReason): Met | null {
  const { vcpu, choices, machine } = context
  const step = stepOfWord(state, vcpu, reason)
  if (!step) return null
  const who = `vCPU ${vcpu.id} met the word of the step of vCPU ${step.vcpu} at ${hex(vcpu.state.get('NIP'))}`
  if (isSentBack(state, vcpu, choices))
    return {
      event: { phase: 'handle', sentence: `${who}: sent back, it was stepped itself before` },
      stop: null,
      changes: { sentBack: withAt(state.sentBack, vcpu.id, true) },
    }
  if (choices.otherVcpu === 'sent back if stepped before')
    return {
      event: { phase: 'handle', sentence: `${who}: a stop`, wrong: true },
      stop: { reason: 'breakpoint', word: true, text: `${who}, although nobody steps it. Its own Trace interrupt brought it there.` },
      changes: { step: { ...step, metBy: vcpu.id } },
    }
  removeWords(machine.core, vcpu, step.planted)
  const done = endForOther(step, context)
  const text = `${who}, and was taken for its end. The guest's own Trace interrupt on vCPU ${vcpu.id} is lost, and vCPU ${step.vcpu} has no word to come to. ${done.replace(/^./, c => c.toUpperCase())}.`
  return {
    event: {
      phase: 'restore',
      sentence: `${who}: taken for the end of the step; ${done}`,
      planted: null,
      stepOf: step.vcpu,
      wrong: true,
    },
    stop: { reason: 'breakpoint', word: true, text },
    changes: { step: { ...step, planted: [], metBy: vcpu.id } },
  }
}
