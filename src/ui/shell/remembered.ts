/** What is remembered of the page. Storage may be refused (private windows): a choice then lasts for the visit. */
const PREFIX = 'twostep.'

const memoryOf = (storage: () => Storage) => ({
  recall(key: string): string | null {
    try {
      return storage().getItem(PREFIX + key)
    } catch {
      return null
    }
  },

  /** False where nothing is kept: then nothing is lost but the memory of the choice. */
  remember(key: string, value: string): boolean {
    try {
      storage().setItem(PREFIX + key, value)
      return true
    } catch {
      return false
    }
  },

  /** Keys that begin so. */
  keys(start: string): string[] {
    try {
      return Object.keys(storage())
        .filter(key => key.startsWith(PREFIX + start))
        .map(key => key.slice(PREFIX.length))
    } catch {
      return []
    }
  },

  /** Forgets every key that begins so. */
  forget(start: string): void {
    for (const key of this.keys(start)) storage().removeItem(PREFIX + key)
  },
})

export type Memory = ReturnType<typeof memoryOf>

/** In this browser, for all its tabs. */
export const browser: Memory = memoryOf(() => localStorage)
/** In this tab, across its reloads. */
export const tab: Memory = memoryOf(() => sessionStorage)

export const { recall, remember } = browser

/** Whether the browser's own name of a key is that of this one. */
export const isKey = (stored: string | null, key: string): boolean => stored === PREFIX + key
