/** Dark, light, or as the system says; kept in this browser. */
import { type Theme, useStore } from '../store/store.ts'

const KEY = 'twostep.theme'
export const themes: readonly Theme[] = ['system', 'dark', 'light']

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

/** Storage may be refused (private windows): the choice then lasts for the visit. */
export function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Nothing is lost but the memory of the choice.
  }
}

export function applyStoredTheme(): void {
  const theme = themes.find(t => t === stored(KEY)) ?? 'system'
  useStore.setState({ theme })
  show(theme)
}

export function setTheme(theme: Theme): void {
  useStore.setState({ theme })
  store(KEY, theme)
  show(theme)
}

export const nextTheme = (theme: Theme): Theme => themes[(themes.indexOf(theme) + 1) % themes.length]!
