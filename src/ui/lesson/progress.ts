/** Where the user stands in a lesson, and moving on: pure over what is stored. */
import type { Store } from '../store/store.ts'
import { judge, type Machine, type Verdict } from './checks.ts'
import type { Lesson, Task } from './model.ts'

export type Progress = NonNullable<Store['lesson']>

export const taskKey = (n: number): string => `task-${n}`
export const isDone = (p: Progress, n: number): boolean => p.done.includes(taskKey(n))

export const answerOf = (p: Progress, n: number): number | null => {
  const a = p.answers[taskKey(n)]
  return a === undefined ? null : Number(a)
}

/** The task is passed: it is done, and the next that is not done becomes the present one. */
export function passed(lesson: Lesson, p: Progress, n: number): Progress {
  const done = isDone(p, n) ? p.done : [...p.done, taskKey(n)]
  const next = lesson.tasks.findIndex((_, i) => !done.includes(taskKey(i)))
  return { ...p, done, task: next < 0 ? n : next }
}

/** A task without a question is done as soon as the machine shows it. */
export function watch(lesson: Lesson, p: Progress, machine: Machine): Progress {
  const task = lesson.tasks[p.task]
  if (!task || task.choices || isDone(p, p.task)) return p
  return judge(task, machine, null) === 'passed' ? passed(lesson, p, p.task) : p
}

export const verdict = (task: Task, machine: Machine, answer: number | null): Verdict => judge(task, machine, answer)
