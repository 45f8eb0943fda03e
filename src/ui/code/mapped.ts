/** Over what is not mapped to the next that is, in Memory and Disassembly. */
import type { Space } from '../../emu/worker/protocol.ts'
import { send, useStore } from '../store/store.ts'

/** The nearest mapped address that way; null where there is none, which the user is told. */
export async function nextMapped(space: Space, address: bigint, backwards: boolean, access: 'load' | 'fetch'): Promise<bigint | null> {
  const found = await send('nextMapped', { space, address, backwards, access })
  if (!found) return null
  if (found.address === null) {
    const way = backwards ? 'below' : 'above'
    const message = `Nothing else is mapped ${way} this place, as the vCPU would ${access} it. The cursor stays.`
    useStore.setState({ problem: { message, action: null } })
  }
  return found.address
}
