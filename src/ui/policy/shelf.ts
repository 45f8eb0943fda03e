/** The user's own policies, kept by this browser, and how one is chosen. */
import { create } from 'zustand'
import { recall, remember } from '../shell/remembered.ts'
import { send } from '../store/store.ts'
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

function keep(own: readonly Draft[]): void {
  useShelf.setState({ own })
  remember(KEY, JSON.stringify(own))
}

/** One of the same name is replaced. */
export const saveOwn = (draft: Draft): void => keep([...useShelf.getState().own.filter(d => idOf(d.name) !== idOf(draft.name)), draft])
export const deleteOwn = (id: string): void => keep(useShelf.getState().own.filter(d => idOf(d.name) !== id))

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
  const answer = await send('ownPolicy', { json: draftText(own) })
  return answer !== null && answer.policy !== null
}
