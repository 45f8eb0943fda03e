/** What this browser remembers of the page. Storage may be refused (private windows): a choice then lasts for the visit. */
const PREFIX = 'twostep.'

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key)
  } catch {
    return null
  }
}

/** Whether the browser's own name of a key is that of this one. */
export const isKey = (stored: string | null, key: string): boolean => stored === PREFIX + key

/** False where the browser keeps nothing: then nothing is lost but the memory of the choice. */
export function remember(key: string, value: string): boolean {
  try {
    localStorage.setItem(PREFIX + key, value)
    return true
  } catch {
    return false
  }
}

/** Whether any key that begins so is remembered, but for these. */
export function recalls(start: string, but: readonly string[]): boolean {
  try {
    return Object.keys(localStorage).some(key => key.startsWith(PREFIX + start) && !but.includes(key.slice(PREFIX.length)))
  } catch {
    return false
  }
}

/** Forgets every key that begins so. */
export function forget(start: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX + start)) localStorage.removeItem(key)
  } catch {
    // Nothing was remembered.
  }
}
