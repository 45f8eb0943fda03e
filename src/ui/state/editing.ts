/** Changing registers and memory: when it is allowed, what it does in the past, and taking the last edit back. */
import { create } from 'zustand'
import type { MachineView, Space } from '../../emu/worker/protocol.ts'
import { send, useStore } from '../store/store.ts'

type Editable = Pick<MachineView, 'run' | 'recording'>

/** Why nothing can be changed now; null when it can. */
export function editBlocked(view: Editable | null): string | null {
  if (!view || view.run.state === 'starting') return 'The program is being loaded.'
  if (view.run.state === 'running') return 'Pause to edit.'
  return null
}

/** What becomes of an edit, beside the change. */
export const editNote = ({ recording }: Editable): string =>
  recording.live ? 'Recorded as an event' : `Begins a branch: what came after event ${recording.shown} is kept`

/** An edit, as it is taken back: by an edit of its own. */
type Change = {
  readonly generation: number
  /** Events recorded before it, and right after it. */
  readonly from: number
  readonly to: number
} & (
  | { readonly kind: 'register'; readonly vcpu: number; readonly register: string; readonly before: bigint }
  | { readonly kind: 'memory'; readonly space: Space; readonly address: bigint; readonly before: Uint8Array }
)

/** The latest last. */
export const useChanges = create<{ made: readonly Change[] }>(() => ({ made: [] }))
const MOST = 100

const refuse = (message: string): null => {
  useStore.setState({ problem: { message, action: null } })
  return null
}

const events = (): number => useStore.getState().view?.recording.events ?? 0

// Going back takes edits too.
useStore.subscribe((now, before) => {
  if (!before.view || (now.view?.recording.events ?? 0) >= before.view.recording.events) return
  useChanges.setState(({ made }) => ({ made: made.filter(c => c.to <= events()) }))
})

type Made = Change extends infer C ? (C extends Change ? Omit<C, 'generation' | 'from' | 'to'> : never) : never

function remember({ generation, recording: { shown } }: MachineView, change: Made): void {
  const made = { ...change, generation, from: shown, to: events() } as Change
  // Of another course there is nothing to take back.
  useChanges.setState(({ made: all }) => ({ made: [...all.filter(c => c.to <= shown), made].slice(-MOST) }))
}

/** Sets a register of the vCPU shown. True when it was written; a refusal is shown to the user by the store. */
export async function write(register: string, value: bigint): Promise<boolean> {
  const { view } = useStore.getState()
  if (!view || editBlocked(view)) return false
  const { vcpu, registers } = view.state
  if (!(await send('writeRegister', { vcpu, register, value }))) return false
  remember(view, { kind: 'register', vcpu, register, before: registers[register] ?? 0n })
  return true
}

/** Writes bytes. True when it was done; a refusal is shown to the user. */
export async function writeBytes(space: Space, address: bigint, bytes: Uint8Array): Promise<boolean> {
  const { view } = useStore.getState()
  const why = editBlocked(view)
  if (!view || why) {
    refuse(`Memory was not changed. ${why}`)
    return false
  }
  const old = await send('readMemory', { address, count: bytes.length, space })
  if (!(await send('writeMemory', { address, bytes, space }))) return false
  if (old && old.bytes.length === bytes.length) remember(view, { kind: 'memory', space, address, before: old.bytes })
  return true
}

/** Why the change cannot be taken back; null where it can. */
function undoBlocked(view: MachineView | null, last: Change | undefined): string | null {
  if (!view || !last || last.generation !== view.generation)
    return 'Nothing was edited since the program was loaded, or it was taken back already. Nothing was changed.'
  const blocked = editBlocked(view)
  if (blocked) return `Nothing was taken back. ${blocked}`
  if (!view.recording.live) return `This is event ${view.recording.shown}, in the past. Nothing was taken back. Return to live first.`
  if (last.kind === 'register' && last.to !== view.recording.events)
    return `The guest has gone on since ${last.register} was edited, in event ${last.to}. Nothing was taken back. Step back to before it, or set the register again.`
  return null
}

/** Puts back what the last edit overwrote: an edit like any other. What it was, or null where there is nothing to take back. */
export async function undoChange(): Promise<Change | null> {
  const { view } = useStore.getState()
  const { made } = useChanges.getState()
  const last = made.at(-1)
  const why = undoBlocked(view, last)
  if (why !== null || !last) return refuse(why ?? '')
  const done =
    last.kind === 'register'
      ? await send('writeRegister', { vcpu: last.vcpu, register: last.register, value: last.before })
      : await send('writeMemory', { address: last.address, bytes: last.before, space: last.space })
  if (!done) return null
  // The one before it is the last again, as if nothing had come between.
  useChanges.setState({ made: made.slice(0, -1).map(c => (c.to === last.from ? { ...c, to: events() } : c)) })
  return last
}
