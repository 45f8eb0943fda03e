/** What the guest would hold if nobody stepped it from outside: only the registers that differ from the processor's. */
import type { Vcpu } from '../core/vcpu.ts'
import { MSR, SRR1_CAUSE_MASK } from '../isa/bitfields.ts'
import type { HypervisorState, Saved, Step } from './step-state.ts'

type View = Readonly<Record<string, bigint>>

/** MSR[SE] as the guest has it. */
export const withGuestSe = (step: Step, msr: bigint): bigint => (msr & ~MSR.mask.SE) | (step.start.msr & MSR.mask.SE)

/**
 * Where the word was met: behind the controller's own Trace interrupt, at the handler of an event-based branch, which stays in problem state,
 * or at the vector of another interrupt of the guest's, its own Trace interrupt among them.
 */
export function metAt({ traceVector, start, ran }: Step, { state }: Vcpu): 'own trace' | 'branch' | 'vector' {
  if (state.msr('PR')) return 'branch'
  return state.get('NIP') === traceVector && !(start.traceDue && ran === 1) ? 'own trace' : 'vector'
}

const only = (saved: Saved, ...names: (keyof Saved)[]): View => Object.fromEntries(names.map(name => [name, saved[name]]))

/** Before its boundary: SE is set for the step, and the VM entry may have written CFAR. */
const ahead = (step: Step, { state }: Vcpu): View =>
  step.phase === 'set SE' || !step.path.includes('set SE')
    ? {}
    : { ...only(step.saved, 'SRR1', 'CFAR'), MSR: withGuestSe(step, state.get('MSR')) }

/** The guest stands behind its instruction, with its own save registers. */
const behindTrace = (step: Step, { state }: Vcpu): View => ({
  ...only(step.saved, 'SRR0', 'SRR1', 'SIAR', 'SDAR'),
  NIP: state.get('SRR0'),
  MSR: withGuestSe(step, state.get('SRR1') & ~SRR1_CAUSE_MASK),
})

const handlers: Readonly<Record<ReturnType<typeof metAt>, (step: Step, vcpu: Vcpu) => View>> = {
  'own trace': behindTrace,
  branch: (step, { state }) => ({ MSR: withGuestSe(step, state.get('MSR')) }),
  vector: (step, { state }) => ({ SRR1: withGuestSe(step, state.get('SRR1')) }),
}

/** KVM has its interrupt: SE is still in the MSR, or in what an interrupt of the guest's saved. */
function inKvm(step: Step, { state }: Vcpu): View {
  if (!step.path.includes('set SE')) return {}
  if (state.msr('SE')) return { MSR: withGuestSe(step, state.get('MSR')) }
  return step.caught || step.exit !== null ? {} : { SRR1: withGuestSe(step, state.get('SRR1')) }
}

function viewIn(step: Step, vcpu: Vcpu): View {
  if (step.phase === 'report' || step.phase === 'arm' || step.lost !== null) return {}
  if (step.ran === 0) return ahead(step, vcpu)
  if (step.planted.length === 0) return inKvm(step, vcpu)
  if (step.caught) return handlers[metAt(step, vcpu)](step, vcpu)
  // The exit gave the guest an interrupt.
  return step.phase === 'restore' ? handlers.vector(step, vcpu) : {}
}

/** Registers of the guest view that differ from the physical ones, by name. */
export function guestView(vcpu: Vcpu, { step }: HypervisorState): Record<string, bigint> {
  if (step?.vcpu !== vcpu.id) return {}
  return Object.fromEntries(Object.entries(viewIn(step, vcpu)).filter(([name, value]) => vcpu.state.get(name) !== value))
}
