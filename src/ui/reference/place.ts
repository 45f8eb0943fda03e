/** Where the instruction reference stands: the fragment of the page's address, so that links and the browser's Back work. */
import { create } from 'zustand'

const FRAGMENT = /^#isa(?:\/(.*))?$/

/** The mnemonic or word that the fragment names, '' for none; null where it is no place of the reference. */
export function placeOf(fragment: string): string | null {
  const found = FRAGMENT.exec(fragment)
  if (!found) return null
  try {
    return decodeURIComponent(found[1] ?? '')
  } catch {
    return ''
  }
}

export const fragmentOf = (name: string): string => (name === '' ? '#isa' : `#isa/${encodeURIComponent(name)}`)

const current = (): string | null => (typeof location === 'undefined' ? null : placeOf(location.hash))

/** Null while the reference is closed. */
export const useReference = create<{ asked: string | null }>(() => ({ asked: current() }))

const follow = (): void => useReference.setState({ asked: current() })

if (typeof addEventListener !== 'undefined') addEventListener('hashchange', follow)

export function openReference(name = ''): void {
  history.pushState(null, '', fragmentOf(name))
  follow()
}

/** Another entry in the same place: walking through the list is not a way to go back by. */
export function moveInReference(name: string): void {
  history.replaceState(null, '', fragmentOf(name))
  follow()
}

export function closeReference(): void {
  if (current() === null) return
  history.pushState(null, '', location.pathname + location.search)
  follow()
}
