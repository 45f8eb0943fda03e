/** Opens a probe in the page, under the policy that it is asked about. */
import { openShipped } from '../../shell/shipped.ts'
import { send, useStore } from '../../store/store.ts'

export const openProbe = (program: string, policy: string): void =>
  openShipped(`probes/${program}.s`, async () => {
    if (useStore.getState().view?.controller.policy !== policy) await send('setPolicy', { policy })
  })
