/** The user's own policies, kept by this browser, and how one is chosen. */
import { create } from 'zustand'
import { recall, remember } from '../shell/remembered.ts'
import { send, useStore } from '../store/store.ts'
import { type Draft, draftText, idOf } from './draft.ts'

const KEY = 'policies'

function kept(): Draft[] {
  try {
    const read: unknown = JSON.parse(recall(KEY) ?? '[]')
    const isDraft = (d: unknown): d is Draft => typeof (d as Draft | null)?.name === 'string' && typeof (d as Draft).choices === 'object'
    return Array.isArray(read) ? read.filter(isDraft) : []
  } catch {
    return []
  }
}

export const useShelf = create<{ own: readonly Draft[] }>(() => ({ own: kept() }))

/** False where the browser keeps nothing: they last for the visit then. */
function keep(own: readonly Draft[]): boolean {
  useShelf.setState({ own })
  return remember(KEY, JSON.stringify(own))
}

/** Tells a new worker of them, so that they are listed wherever policies are. */
export async function shelve(): Promise<void> {
  for (const d of useShelf.getState().own) await send('ownPolicy', { json: draftText(d), choose: false })
}

/** One of the same name is replaced. */
export const saveOwn = (draft: Draft): boolean => keep([...useShelf.getState().own.filter(d => idOf(d.name) !== idOf(draft.name)), draft])

/** False when the worker refused; it has said why. One that is in use gives way to Transparent. */
export async function deleteOwn(id: string): Promise<boolean> {
  const { view } = useStore.getState()
  if (view?.controller.policy === id && (await send('setPolicy', { policy: 'transparent' })) === null) return false
  const known = useStore.getState().view?.controller.policies.some(p => p.id === id)
  if (known && (await send('forgetPolicy', { policy: id })) === null) return false
  keep(useShelf.getState().own.filter(d => idOf(d.name) !== id))
  return true
}

/** The draft takes the place of the saved one whose name it had. */
export async function renameOwn(from: string, draft: Draft): Promise<boolean> {
  const used = useStore.getState().view?.controller.policy === from
  const answer = await send('ownPolicy', { json: draftText(draft), choose: used })
  if (!answer?.policy || !(await deleteOwn(from))) return false
  saveOwn(draft)
  return true
}

/** The worker's policies, then those of the user's that it has not been given yet. */
export function offeredPolicies<P extends { id: string; name: string; summary: string }>(known: readonly P[], own: readonly Draft[]) {
  const more = own.filter(d => !known.some(p => p.id === idOf(d.name)))
  return [
    ...known.map(({ id, name, summary }) => ({ id, name, summary })),
    ...more.map(d => ({ id: idOf(d.name), name: d.name, summary: d.summary })),
  ]
}

/** False when the worker refused; it has said why. */
export async function choosePolicy(id: string): Promise<boolean> {
  const own = useShelf.getState().own.find(d => idOf(d.name) === id)
  if (!own) return (await send('setPolicy', { policy: id })) !== null
  const answer = await send('ownPolicy', { json: draftText(own), choose: true })
  return answer !== null && answer.policy !== null
}
