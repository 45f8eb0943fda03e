/** Opens a lesson: fetches its text and program, loads the program under its policy. */
import { create } from 'zustand'
import { putSource, sparingEdits } from '../shell/program.ts'
import { send, useStore } from '../store/store.ts'
import { type LessonEntry, lessons } from './lessons.ts'
import { type Lesson, LessonError, parseLesson } from './model.ts'

/** The lesson shown, parsed; null with a user's program. */
export const useLesson = create<{ lesson: Lesson | null; number: number }>(() => ({ lesson: null, number: 0 }))

async function fetchText(path: string): Promise<string> {
  const response = await fetch(`${import.meta.env.BASE_URL}${path}`)
  if (!response.ok) throw new LessonError(`${path} could not be fetched (${response.status})`)
  return response.text()
}

/** Asks first where edits would be lost. */
export function openLesson(id: string): void {
  const entry = lessons.find(l => l.id === id)
  if (entry) sparingEdits(`Lesson ${entry.number} drops them.`, 'Open the lesson', () => void load(entry))
}

async function load(entry: LessonEntry): Promise<void> {
  try {
    const lesson = parseLesson(await fetchText(entry.file))
    const source = await fetchText(`programs/${lesson.program}`)
    const loaded = await send('loadSource', { name: 'guest.s', source })
    if (!loaded?.program) return
    if (useStore.getState().view?.controller.policy !== lesson.policy) await send('setPolicy', { policy: lesson.policy })
    useLesson.setState({ lesson, number: entry.number })
    putSource('guest.s', source)
    useStore.setState({ lesson: { id: entry.id, task: 0, answers: {}, done: [] } })
  } catch (e) {
    const message = `Lesson ${entry.number} could not be opened: ${(e as Error).message}. What was loaded stays loaded.`
    const retry = { label: 'Try again', run: () => openLesson(entry.id) }
    useStore.setState({ problem: { message, action: retry } })
  }
}

/** The user's own program takes the lesson's place. */
export function leaveLesson(): void {
  useLesson.setState({ lesson: null, number: 0 })
  useStore.setState({ lesson: null })
}
