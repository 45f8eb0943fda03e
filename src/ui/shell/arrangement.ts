/** How the panels stand: which layout they started from, what is folded. Sizes that the user drags are kept by `Layout.tsx`. */
import { create } from 'zustand'
import { forget, recall, recalls, remember } from './remembered.ts'
import { type LayoutName, shapes } from './sizes.ts'

/** What the browser remembers below this is dropped by a new layout. */
export const LAYOUT = 'layout.'
const FOLDED = `${LAYOUT}lesson-folded`
const NAME = `${LAYOUT}name`

interface Arrangement {
  name: LayoutName
  /** Counts; a new number builds the layout anew. */
  resets: number
  /** On a wide page: the lesson is a strip. */
  lessonFolded: boolean
  /** On a narrow page: the whole lesson lies over the left side. */
  lessonOpen: boolean
}

const recalledName = (): LayoutName => {
  const name = recall(NAME)
  return name !== null && Object.hasOwn(shapes, name) ? (name as LayoutName) : 'lesson'
}

export const useArrangement = create<Arrangement>(() => ({
  name: recalledName(),
  resets: 0,
  lessonFolded: recall(FOLDED) === 'yes',
  lessonOpen: false,
}))

export function foldLesson(folded: boolean): void {
  remember(FOLDED, folded ? 'yes' : 'no')
  useArrangement.setState({ lessonFolded: folded })
}

export const openLessonSheet = (open: boolean): void => useArrangement.setState({ lessonOpen: open })

/** Room for the lanes of several vCPUs, unless the user has arranged the panels. */
export function arrangeForVcpus(): void {
  if (useArrangement.getState().name === 'lesson' && !recalls(LAYOUT, [FOLDED, NAME])) arrange('race')
}

/** The panels as that layout has them, whatever was dragged before. */
export function arrange(name: LayoutName): void {
  forget(LAYOUT)
  remember(NAME, name)
  foldLesson(!shapes[name].lesson)
  useArrangement.setState(s => ({ name, resets: s.resets + 1 }))
}
