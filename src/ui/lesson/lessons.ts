/** The lessons that ship, in order. */
export interface LessonEntry {
  readonly id: string
  readonly number: number
  readonly title: string
  /** Below the page's address. */
  readonly file: string
}

export const lessons: readonly LessonEntry[] = [
  { id: 'are-you-being-stepped', number: 1, title: 'Are you being stepped?', file: 'lessons/1-are-you-being-stepped.md' },
]
