/** What the guest would hold if nobody stepped it from outside: only the registers that differ from the processor's. */
import type { Vcpu } from '../core/vcpu.ts'
import { MSR } from '../isa/bitfields.ts'
import type { HypervisorState } from './step-state.ts'

/** Registers of the guest view that differ from the physical ones, by name. */
export function guestView(vcpu: Vcpu, hypervisor: HypervisorState): Record<string, bigint> {
  const step = hypervisor.step
  if (!step || step.vcpu !== vcpu.id) return {}
  const { state } = vcpu
  const view: Record<string, bigint> = {}
  const differs = (name: string, value: bigint) => {
    if (state.get(name) !== value) view[name] = value
  }
  const se = step.start.msr & MSR.mask.SE
  const inTraceHandler = step.caught && state.get('NIP') === step.traceVector
  if (!inTraceHandler) {
    const seByOutside =
      step.path.includes('set SE') && step.lost === null && step.phase !== 'report' && step.phase !== 'set SE' && step.phase !== 'arm'
    if (seByOutside && step.ran === 0) differs('MSR', (state.get('MSR') & ~MSR.mask.SE) | se)
    return view
  }
  // The trace is the controller's: the guest stands behind its instruction, with its own save registers.
  differs('NIP', state.get('SRR0'))
  const savedMsr = state.get('SRR1') & ~0x783f0000n
  differs('MSR', (savedMsr & ~MSR.mask.SE) | se)
  for (const name of ['SRR0', 'SRR1', 'SIAR', 'SDAR'] as const) differs(name, step.saved[name])
  return view
}
