/** Opens a lesson: fetches its text and program, loads the program under its policy. */
import { create } from 'zustand'
import { send, useStore } from '../store/store.ts'
import { lessons } from './lessons.ts'
import { type Lesson, LessonError, parseLesson } from './model.ts'

/** The lesson shown, parsed; null with a user's program. */
export const useLesson = create<{ lesson: Lesson | null; number: number }>(() => ({ lesson: null, number: 0 }))

async function fetchText(path: string): Promise<string> {
  const response = await fetch(`${import.meta.env.BASE_URL}${path}`)
  if (!response.ok) throw new LessonError(`${path} could not be fetched (${response.status})`)
  return response.text()
}

export async function openLesson(id: string): Promise<void> {
  const entry = lessons.find(l => l.id === id)
  if (!entry) return
  try {
    const lesson = parseLesson(await fetchText(entry.file))
    const source = await fetchText(`programs/${lesson.program}`)
    const loaded = await send('loadSource', { name: 'guest.s', source })
    if (!loaded?.program) return
    await send('setPolicy', { policy: lesson.policy })
    useLesson.setState({ lesson, number: entry.number })
    useStore.setState({
      source: { name: 'guest.s', text: source, dirty: false },
      codeTab: 'source',
      lesson: { id, task: 0, answers: {}, done: [] },
    })
  } catch (e) {
    const message = `Lesson ${entry.number} could not be opened: ${(e as Error).message}. What was loaded stays loaded.`
    const retry = { label: 'Try again', run: () => void openLesson(id) }
    useStore.setState({ problem: { message, action: retry } })
  }
}

/** The user's own program takes the lesson's place. */
export function leaveLesson(): void {
  useLesson.setState({ lesson: null, number: 0 })
  useStore.setState({ lesson: null })
}
