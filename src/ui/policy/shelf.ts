/** The user's own policies, kept by this browser, and how one is chosen. */
import { create } from 'zustand'
import { download } from '../keep/download.ts'
import { isKey, recall, remember } from '../shell/remembered.ts'
import { send, useStore } from '../store/store.ts'
import { type Draft, draftText, idOf } from './draft.ts'

const KEY = 'policies'

/** What could not be read is put aside under this, before anything is written over it. */
const ASIDE = 'policies.unreadable'

const isDraft = (d: unknown): d is Draft => typeof (d as Draft | null)?.name === 'string' && typeof (d as Draft).choices === 'object'

/** The policies in the stored text, and whether that was all of it. */
export function readShelf(text: string): { own: Draft[]; whole: boolean } {
  try {
    const read: unknown = JSON.parse(text)
    const own = Array.isArray(read) ? read.filter(isDraft) : []
    return { own, whole: Array.isArray(read) && own.length === read.length }
  } catch {
    return { own: [], whole: false }
  }
}

export const useShelf = create<{ own: readonly Draft[] }>(() => ({ own: readShelf(recall(KEY) ?? '[]').own }))

/** Says what was kept of the user's policies and cannot be read, and keeps it. */
function reportUnreadable(): void {
  const text = recall(KEY)
  if (text === null || readShelf(text).whole) return
  remember(ASIDE, text)
  keep(useShelf.getState().own)
  const message =
    'Some of the policies that this browser kept cannot be read. They are not listed, and the text of all of them is put aside.'
  const action = { label: 'Save that text to a file', run: () => download('policies.json', text) }
  useStore.setState({ problem: { message, action, stays: true } })
}

/** False where the browser keeps nothing: they last for the visit then. */
function keep(own: readonly Draft[]): boolean {
  useShelf.setState({ own })
  return remember(KEY, JSON.stringify(own))
}

/** Tells a new worker of them, so that they are listed wherever policies are. */
export async function shelve(): Promise<void> {
  reportUnreadable()
  for (const d of useShelf.getState().own) await send('ownPolicy', { json: draftText(d), choose: false })
}

/** As they are kept now: another tab may have saved one since this page read them. Where nothing is kept, those of this visit. */
function present(): readonly Draft[] {
  const text = recall(KEY)
  const read = text === null ? null : readShelf(text)
  return read?.whole ? read.own : useShelf.getState().own
}

// What another tab saves or deletes is offered here too.
globalThis.addEventListener?.('storage', (e: StorageEvent) => {
  if (isKey(e.key, KEY)) useShelf.setState({ own: present() })
})

/** One of the same name is replaced. */
export const saveOwn = (draft: Draft): boolean => keep([...present().filter(d => idOf(d.name) !== idOf(draft.name)), draft])

/** `lasting`: the browser keeps the change, too. */
export type Done = 'refused' | 'for this visit' | 'lasting'
const done = (lasting: boolean): Done => (lasting ? 'lasting' : 'for this visit')

/** Refused by the worker, it has said why. One that is in use gives way to Transparent. */
export async function deleteOwn(id: string): Promise<Done> {
  const { view } = useStore.getState()
  if (view?.controller.policy === id && (await send('setPolicy', { policy: 'transparent' })) === null) return 'refused'
  const known = useStore.getState().view?.controller.policies.some(p => p.id === id)
  if (known && (await send('forgetPolicy', { policy: id })) === null) return 'refused'
  return done(keep(present().filter(d => idOf(d.name) !== id)))
}

/** The draft takes the place of the saved one whose name it had. */
export async function renameOwn(from: string, draft: Draft): Promise<Done> {
  const used = useStore.getState().view?.controller.policy === from
  const answer = await send('ownPolicy', { json: draftText(draft), choose: used })
  if (!answer?.policy || (await deleteOwn(from)) === 'refused') return 'refused'
  return done(saveOwn(draft))
}

/** Saved, known to the worker, and chosen. Null when it was not chosen; the worker has said why. */
export async function saveAndChoose(draft: Draft): Promise<Done | null> {
  const lasting = saveOwn(draft)
  const answer = await send('ownPolicy', { json: draftText(draft), choose: true })
  return answer?.policy ? done(lasting) : null
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
  if (!own || useStore.getState().view?.controller.policies.some(p => p.id === id))
    return (await send('setPolicy', { policy: id })) !== null
  const answer = await send('ownPolicy', { json: draftText(own), choose: true })
  return answer !== null && answer.policy !== null
}
