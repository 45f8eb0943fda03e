/** Changing bytes: when it is allowed, doing it, and taking the last change back. */
import { create } from 'zustand'
import type { MachineView, Space } from '../../../emu/worker/protocol.ts'
import { send, useStore } from '../../store/store.ts'

/** Why bytes cannot be changed now; null when they can. */
export function editBlocked({ run, recording }: Pick<MachineView, 'run' | 'recording'>): string | null {
  if (run.state === 'running') return 'The guest is running. Memory was not changed. Pause to edit it.'
  if (!recording.live) return `This is event ${recording.shown}, in the past. Memory was not changed. Go to the live end to edit it.`
  return null
}

interface Change {
  readonly generation: number
  readonly space: Space
  readonly address: bigint
  readonly before: Uint8Array
}

/** What was there before each change, the latest last. */
export const useChanges = create<{ made: readonly Change[] }>(() => ({ made: [] }))
const MOST = 100

const refuse = (message: string): void => useStore.setState({ problem: { message, action: null } })

/** Writes bytes as an edit of the recording. True when it was done; a refusal is shown to the user. */
export async function writeBytes(space: Space, address: bigint, bytes: Uint8Array): Promise<boolean> {
  const { view } = useStore.getState()
  if (!view) return false
  const why = editBlocked(view)
  if (why) {
    refuse(why)
    return false
  }
  const old = await send('readMemory', { address, count: bytes.length, space })
  if (!(await send('writeMemory', { address, bytes, space }))) return false
  if (old && old.bytes.length === bytes.length) {
    const change = { generation: view.generation, space, address, before: old.bytes }
    useChanges.setState(({ made }) => ({ made: [...made, change].slice(-MOST) }))
  }
  return true
}

/** Puts back what the last change overwrote: an edit like any other. Where it was, or null when there is nothing to take back. */
export async function undoChange(): Promise<Change | null> {
  const { view } = useStore.getState()
  const { made } = useChanges.getState()
  const last = made.at(-1)
  if (!view || !last || last.generation !== view.generation) {
    refuse('No byte was changed here since the program was loaded: there is nothing to take back.')
    return null
  }
  const why = editBlocked(view)
  if (why) {
    refuse(why)
    return null
  }
  if (!(await send('writeMemory', { address: last.address, bytes: last.before, space: last.space }))) return null
  useChanges.setState({ made: made.slice(0, -1) })
  return last
}
