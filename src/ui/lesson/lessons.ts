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
  { id: 'what-an-interrupt-saves', number: 2, title: 'What an interrupt saves', file: 'lessons/2-what-an-interrupt-saves.md' },
  { id: 'where-it-goes', number: 3, title: 'Where it goes: AIL', file: 'lessons/3-where-it-goes.md' },
  { id: 'what-is-traced', number: 4, title: 'The Trace interrupt, and what is not traced', file: 'lessons/4-what-is-traced.md' },
  { id: 'the-fatal-window', number: 5, title: 'RI and the fatal window', file: 'lessons/5-the-fatal-window.md' },
  { id: 'two-debuggers', number: 6, title: 'Two debuggers, one vector', file: 'lessons/6-two-debuggers.md' },
  { id: 'the-race', number: 7, title: 'The race, and scheduler-locking', file: 'lessons/7-the-race.md' },
  {
    id: 'under-the-microscope',
    number: 8,
    title: "The guest's own debugger under the microscope",
    file: 'lessons/8-under-the-microscope.md',
  },
  { id: 'atomic-sequences', number: 9, title: 'Atomic sequences', file: 'lessons/9-atomic-sequences.md' },
  { id: 'page-faults', number: 10, title: 'Page faults under a step', file: 'lessons/10-page-faults.md' },
  { id: 'pending-interrupts', number: 11, title: 'Pending interrupts: hold and deliver', file: 'lessons/11-pending-interrupts.md' },
  { id: 'breakpoints', number: 12, title: 'Trap, illegal word, CIABR and DAWR as breakpoints', file: 'lessons/12-breakpoints.md' },
  { id: 'hv-pr-tcg', number: 13, title: 'HV, PR and TCG', file: 'lessons/13-hv-pr-tcg.md' },
  { id: 'repair-rfc-v2', number: 14, title: 'Workshop: repair RFC v2', file: 'lessons/14-repair-rfc-v2.md' },
]
