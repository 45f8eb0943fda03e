/** How the panels stand: what is folded, and when all is to be as it was at first. The sizes themselves are the layout's. */
import { create } from 'zustand'
import { forget, recall, remember } from './remembered.ts'

export const LAYOUT = 'layout.'
const FOLDED = `${LAYOUT}lesson-folded`

interface Arrangement {
  /** Counts; a new number builds the layout anew. */
  resets: number
  /** On a wide page: the lesson is a strip. */
  lessonFolded: boolean
  /** On a narrow page: the whole lesson lies over the left side. */
  lessonOpen: boolean
}

export const useArrangement = create<Arrangement>(() => ({ resets: 0, lessonFolded: recall(FOLDED) === 'yes', lessonOpen: false }))

export function foldLesson(folded: boolean): void {
  remember(FOLDED, folded ? 'yes' : 'no')
  useArrangement.setState({ lessonFolded: folded })
}

export const openLessonSheet = (open: boolean): void => useArrangement.setState({ lessonOpen: open })

export function resetLayout(): void {
  forget(LAYOUT)
  useArrangement.setState(s => ({ resets: s.resets + 1, lessonFolded: false }))
}
