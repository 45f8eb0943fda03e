/** Opens a probe in the page, under the policy that it is asked about, and goes to the step that leaks. */
import type { Setting } from '../../../emu/worker/protocol.ts'
import { openShipped } from '../../shell/shipped.ts'
import { send, useStore } from '../../store/store.ts'

/** As the matrix runs them: any vCPU may run at any time, one boundary each in turn. */
async function asInTheMatrix(policy: string, setting: Setting): Promise<void> {
  const { view } = useStore.getState()
  if (view?.controller.policy !== policy) await send('setPolicy', { policy })
  if (view?.interrupts !== setting) await send('setInterrupts', { setting })
  if (!view || view.vcpus < 2) return
  if (view.locking !== 'off') await send('setSchedulerLocking', { value: 'off' })
  await send('setSchedule', { script: [], quantum: 1 })
}

export const openProbe = (program: string, policy: string, setting: Setting): void =>
  openShipped(`probes/${program}.s`, async () => {
    await asInTheMatrix(policy, setting)
    await send('goToLeak', {})
  })
