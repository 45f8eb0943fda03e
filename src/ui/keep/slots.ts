/**
 * Where the browser keeps sessions: a slot a tab, so that two tabs do not write over each other. A tab holds its slot by a lock that goes
 * when the tab does, however it ends; a reload finds its own again, and a new tab takes the one that was
 * written last of those that nobody holds.
 */

const DATABASE = 'twostep'
const STORE = 'sessions'

export interface Kept {
  readonly slot: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly session: string
  /** The editor's text, where it differs from the program that is loaded. */
  readonly edited: { readonly name: string; readonly text: string } | null
  /** Progress in the lesson that was open. */
  readonly lesson: { readonly id: string } | null
  /** Its whole text, where it does not ship. What was kept before this was has none. */
  readonly ownLesson?: string | null
}

/** What of it is the user's. */
export type Work = Omit<Kept, 'slot'>
export const workOf = ({ slot: _, ...work }: Kept): Work => work

const request = <T>(r: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    r.onsuccess = () => resolve(r.result)
    r.onerror = () => reject(r.error)
  })

function database(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'slot' })
  return request(opening)
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await database()).transaction(STORE, mode).objectStore(STORE)
}

/** Rejects where the browser keeps nothing, or has no room. */
export const put = async (kept: Kept): Promise<void> => void (await request((await store('readwrite')).put(kept)))
export const drop = async (slot: string): Promise<void> => void (await request((await store('readwrite')).delete(slot)))

const lockOf = (slot: string): string => `twostep.session.${slot}`

/** Lets go of the slot that this tab holds. */
let release: () => void = () => {}

/** Outlives a reload of the tab. */
const MINE = 'twostep.slot'

/**
 * Held as long as this tab lives, in the place of the one before; false where another tab holds it. Where the browser has no locks (pages
 * that came without encryption) only what this tab had is taken for free.
 */
function hold(slot: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(sessionStorage.getItem(MINE) === slot)
  return new Promise(resolve => {
    void navigator.locks.request(lockOf(slot), { ifAvailable: true }, lock => {
      resolve(lock !== null)
      if (lock === null) return undefined
      release()
      return new Promise<void>(done => {
        release = done
      })
    })
  })
}

/** Of no other session. */
export const freshSlot = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(16).padStart(8, '0')).join('-')

function taken(slot: string): string {
  sessionStorage.setItem(MINE, slot)
  return slot
}

/** All that is kept, the latest first. Empty where the browser keeps nothing. */
export async function allKept(): Promise<Kept[]> {
  try {
    const all = (await request((await store('readonly')).getAll())) as Kept[]
    return all.sort((a, b) => b.at - a.at)
  } catch {
    return []
  }
}

/** Slots that tabs hold now, this one too. */
export async function heldSlots(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  const prefix = lockOf('')
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])))
}

/** False where another tab holds it. */
export async function adopt(slot: string): Promise<boolean> {
  const mine = await hold(slot)
  if (mine) taken(slot)
  return mine
}

/** The slot of this tab, with what was kept there; a new one where each is held by another tab (`othersOpen`). Null where the browser keeps nothing. */
export async function takeSlot(): Promise<{ slot: string; kept: Kept | null; othersOpen: boolean } | null> {
  try {
    const mine = sessionStorage.getItem(MINE)
    const all = await allKept()
    for (const kept of all.sort((a, b) => Number(b.slot === mine) - Number(a.slot === mine) || b.at - a.at))
      if (await adopt(kept.slot)) return { slot: kept.slot, kept, othersOpen: false }
    const fresh = await newSlot()
    return fresh && { ...fresh, othersOpen: all.length > 0 }
  } catch {
    return null
  }
}

/** Null where the browser keeps nothing. */
export async function newSlot(): Promise<{ slot: string; kept: null } | null> {
  try {
    const slot = freshSlot()
    await hold(slot)
    return { slot: taken(slot), kept: null }
  } catch {
    return null
  }
}
