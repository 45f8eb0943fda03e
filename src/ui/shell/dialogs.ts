/** Which dialog is open, and the question that waits for an answer. */
import { create } from 'zustand'

export interface Question {
  readonly text: string
  /** Label of the button that goes on. */
  readonly yes: string
  readonly act: () => void
}

export const useDialogs = create<{ open: 'palette' | 'help' | null; question: Question | null }>(() => ({ open: null, question: null }))
