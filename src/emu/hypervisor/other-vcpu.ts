/** A vCPU that nobody steps meets the word of another's step: what the policy does with it. */
import type { ExitReason } from '../core/events.ts'
import type { Stop } from './events.ts'
import { endForOther } from './leave.ts'
import { removeWords } from './planting.ts'
import { type HypervisorState, withAt } from './step-state.ts'
import { type Context, hex } from './transition.ts'

interface Met {
  readonly sentence: string
  readonly stop: Stop | null
  readonly changes: Partial<HypervisorState>
}

/** Null when the exit is none of the step's business. */
export function meetsWord(state: HypervisorState, context: Context, reason: ExitReason): Met | null {
  const { vcpu, choices, machine } = context
  const { step } = state
  const nip = vcpu.state.get('NIP')
  if (!step || step.vcpu === vcpu.id || reason.kind !== 'emulationAssistance') return null
  if (!step.planted.some(p => p.at === nip && !p.overlay)) return null
  const who = `vCPU ${vcpu.id} met the word of the step of vCPU ${step.vcpu} at ${hex(nip)}`
  if (choices.otherVcpu === 'sent back if stepped before' && state.armed[vcpu.id] === nip)
    return {
      sentence: `${who}: sent back, it was stepped itself before`,
      stop: null,
      changes: { sentBack: withAt(state.sentBack, vcpu.id, true) },
    }
  if (choices.otherVcpu === 'sent back if stepped before')
    return {
      sentence: `${who}: a stop`,
      stop: { reason: 'breakpoint', text: `${who}, although nobody steps it. Its own Trace interrupt brought it there.` },
      changes: {},
    }
  removeWords(machine.core, vcpu, step.planted)
  const done = endForOther(step, context)
  const text = `${who}, and was taken for its end: ${done}. The guest's own Trace interrupt on vCPU ${vcpu.id} is lost, and vCPU ${step.vcpu} has no word to come to.`
  return {
    sentence: `${who}: taken for the end of the step; ${done}`,
    stop: { reason: 'breakpoint', text },
    changes: { step: { ...step, planted: [] } },
  }
}
