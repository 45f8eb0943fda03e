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
  /** How far the user is in the lesson beside it. */
  readonly lesson: unknown
  /** The file of that lesson, where it does not ship; older ones had none. */
  readonly lessonFile?: string | null
}

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

/** Held as long as this tab lives; false where another tab holds it. */
function hold(slot: string): Promise<boolean> {
  return new Promise(resolve => {
    void navigator.locks.request(`twostep.session.${slot}`, { ifAvailable: true }, lock => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise<void>(() => {})
    })
  })
}

/** Outlives a reload of the tab. */
const MINE = 'twostep.slot'
function taken(slot: string): string {
  sessionStorage.setItem(MINE, slot)
  return slot
}

/** The slot of this tab, with what was kept there; a new one where each is held by another tab (`othersOpen`). Null where the browser keeps nothing. */
export async function takeSlot(): Promise<{ slot: string; kept: Kept | null; othersOpen: boolean } | null> {
  try {
    const all = (await request((await store('readonly')).getAll())) as Kept[]
    const mine = sessionStorage.getItem(MINE)
    const byTime = all.sort((a, b) => Number(b.slot === mine) - Number(a.slot === mine) || b.at - a.at)
    for (const kept of byTime) if (await hold(kept.slot)) return { slot: taken(kept.slot), kept, othersOpen: false }
    const fresh = await newSlot()
    return fresh && { ...fresh, othersOpen: all.length > 0 }
  } catch {
    return null
  }
}

/** Null where the browser keeps nothing. */
export async function newSlot(): Promise<{ slot: string; kept: null } | null> {
  try {
    const slot = crypto.randomUUID()
    await hold(slot)
    return { slot: taken(slot), kept: null }
  } catch {
    return null
  }
}
