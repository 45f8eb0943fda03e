/** Dark, light, or as the system says; kept in this browser. */
import { type Theme, useStore } from '../store/store.ts'
import { recall, remember } from './remembered.ts'

const KEY = 'theme'
export const themes: readonly Theme[] = ['system', 'dark', 'light']

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function applyStoredTheme(): void {
  const theme = themes.find(t => t === recall(KEY)) ?? 'system'
  useStore.setState({ theme })
  show(theme)
}

export function setTheme(theme: Theme): void {
  useStore.setState({ theme })
  remember(KEY, theme)
  show(theme)
}

export const nextTheme = (theme: Theme): Theme => themes[(themes.indexOf(theme) + 1) % themes.length]!
