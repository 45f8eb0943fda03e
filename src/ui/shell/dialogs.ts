/** Which dialog is open, and the question that waits for an answer. */
import { create } from 'zustand'

export interface Question {
  readonly text: string
  /** Label of the button that goes on. */
  readonly yes: string
  readonly act: () => void
}

interface Dialogs {
  open: 'palette' | 'help' | 'policies' | null
  question: Question | null
  /** What was typed for the palette before its field was there. */
  typed: string
}

export const useDialogs = create<Dialogs>(() => ({ open: null, question: null, typed: '' }))

/** A key while the dialog asked for is not there yet (its code is fetched at its first use): never a command of the page. */
export function typedAhead(state: Dialogs, key: string): Partial<Dialogs> {
  if (key === 'Escape') return { open: null, question: null, typed: '' }
  return state.open === 'palette' && key.length === 1 ? { typed: state.typed + key } : {}
}
