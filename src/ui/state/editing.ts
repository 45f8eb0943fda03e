/** Writing registers: when it is allowed, and sending it. */
import type { MachineView } from '../../emu/worker/protocol.ts'
import { send, useStore } from '../store/store.ts'

/** Why registers cannot be written now; null when they can. */
export function editBlocked(view: MachineView | null): string | null {
  if (!view || view.run.state === 'starting') return 'The program is being loaded.'
  if (view.run.state === 'running') return 'Pause to edit.'
  if (!view.recording.live) return 'Registers can be edited only at the live end. Go to the last event first.'
  return null
}

/** True when it was written; a refusal is shown to the user by the store. */
export async function write(register: string, value: bigint): Promise<boolean> {
  const { view } = useStore.getState()
  if (!view || editBlocked(view)) return false
  return (await send('writeRegister', { vcpu: view.state.vcpu, register, value })) !== null
}
