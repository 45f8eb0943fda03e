/** Which dialog is open, and the question that waits for an answer. */
import { create } from 'zustand'

export interface Question {
  readonly text: string
  /** Label of the button that goes on. */
  readonly yes: string
  readonly act: () => void
}

interface Dialogs {
  open: 'palette' | 'help' | 'policies' | 'words' | 'teachers' | 'kept' | null
  question: Question | null
  /** What was typed for the palette before its field was there. */
  typed: string
  /** What Words looks for when it opens. */
  word: string
}

export const useDialogs = create<Dialogs>(() => ({ open: null, question: null, typed: '', word: '' }))

/** A key while the dialog asked for is not there yet (its code is fetched at its first use): never a command of the page. */
export function typedAhead(state: Dialogs, key: string): Partial<Dialogs> {
  if (key === 'Escape') return { open: null, question: null, typed: '' }
  return state.open === 'palette' && key.length === 1 ? { typed: state.typed + key } : {}
}

/** `#words`, `#words=SRR1`, `#teachers`: what the page's address opens. True where it names one. */
export function openLinkedPage(): boolean {
  const [, name, word = ''] = /^#(words|teachers)(?:=([\w%]*))?$/.exec(location.hash) ?? []
  if (!name) return false
  history.replaceState(null, '', location.pathname + location.search)
  useDialogs.setState(name === 'words' ? { open: 'words', word: word.replace(/%\w\w/g, ' ') } : { open: 'teachers' })
  return true
}
