/** Whose turn it is, and what each vCPU is at. */
import type { Session } from '../debug/session.ts'
import type { ScheduleView, VcpuSummary } from './protocol.ts'
import type { SymbolAt } from './state-view.ts'

export function scheduleView(session: Session, symbolAt: SymbolAt): ScheduleView {
  const { step, ceded, sentBack, schedule } = session.hypervisor.state
  const stateOf = (id: number): VcpuSummary['state'] =>
    step?.vcpu === id ? 'stepped' : sentBack[id] ? 'sent back' : ceded[id] ? 'waiting' : 'ready'
  return {
    script: schedule.script.map(t => ({ ...t })),
    quantum: schedule.quantum,
    vcpu: schedule.vcpu,
    vcpus: session.core.vcpus.map(({ id, state }) => ({
      vcpu: id,
      nip: state.get('NIP'),
      symbol: symbolAt(state.get('NIP')),
      state: stateOf(id),
      problemState: state.msr('PR'),
      completed: state.get('COMPLETED'),
    })),
  }
}
