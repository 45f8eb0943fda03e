/** Whose turn it is, and what each vCPU is at. */
import type { Session } from '../debug/session.ts'
import type { ScheduleView, VcpuSummary } from './protocol.ts'
import type { SymbolAt } from './state-view.ts'

export function scheduleView(session: Session, symbolAt: SymbolAt): ScheduleView {
  const { step, ceded, sentBack, schedule } = session.hypervisor.state
  const stateOf = (id: number): VcpuSummary['state'] =>
    step?.vcpu === id ? 'stepped' : sentBack[id] ? 'sent back' : ceded[id] ? 'waiting' : 'ready'
  const running = vcpusOf(session)
  return {
    script: schedule.script.slice(schedule.gone).map(t => ({ ...t })),
    quantum: schedule.quantum,
    vcpu: schedule.vcpu,
    vcpus: session.core.vcpus.map(({ id, state }) => ({
      vcpu: id,
      running: running.includes(id) && (stateOf(id) === 'ready' || stateOf(id) === 'stepped'),
      nip: state.get('NIP'),
      symbol: symbolAt(state.get('NIP')),
      state: stateOf(id),
      problemState: state.msr('PR'),
      completed: state.get('COMPLETED'),
    })),
  }
}

/** The vCPUs among which the turns of what runs go; none while nothing runs. */
function vcpusOf({ running, history, hypervisor }: Session): readonly number[] {
  const action = history.at(-1)
  if (!running || !action) return []
  const { step } = hypervisor.state
  return action.doing.kind === 'preempt' ? [action.vcpu] : hypervisor.unlocked(step?.vcpu ?? action.vcpu, step !== null)
}
