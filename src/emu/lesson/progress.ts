/** Where the user stands in a lesson, and moving on: pure over what is stored. */
import { judge, type Machine, type Verdict } from './checks.ts'
import type { Lesson, Task } from './model.ts'

export interface Progress {
  readonly id: string
  /** The present task, from 0. */
  readonly task: number
  /** Number of the choice, by `taskKey`. */
  readonly answers: Readonly<Record<string, string>>
  /** By `taskKey`. */
  readonly done: readonly string[]
}

export const begun = (id: string): Progress => ({ id, task: 0, answers: {}, done: [] })

export const taskKey = (n: number): string => `task-${n}`
export const isDone = (p: Progress, n: number): boolean => p.done.includes(taskKey(n))
export const allDone = (lesson: Pick<Lesson, 'tasks'>, p: Progress): boolean => lesson.tasks.every((_, n) => isDone(p, n))

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

/** Chooses an answer of the present task, not yet checked. */
export const chosen = (p: Progress, choice: number): Progress => ({ ...p, answers: { ...p.answers, [taskKey(p.task)]: `${choice}` } })

export const verdict = (task: Task, machine: Machine, answer: number | null): Verdict => judge(task, machine, answer)

/** What was stored, if it is progress in this lesson; what it says of tasks that are no more is dropped. */
export function readProgress(stored: string | null, lesson: Pick<Lesson, 'id' | 'tasks'>): Progress {
  try {
    const read = JSON.parse(stored ?? 'null') as Progress | null
    if (!read || read.id !== lesson.id || !Array.isArray(read.done) || typeof read.answers !== 'object' || read.answers === null)
      return begun(lesson.id)
    const keys = lesson.tasks.map((_, n) => taskKey(n))
    const done = keys.filter(k => read.done.includes(k))
    const answers = Object.fromEntries(
      lesson.tasks.flatMap((t, n) => {
        const answer = read.answers[keys[n]!]
        return t.choices?.[Number(answer)] ? [[keys[n]!, `${answer}`]] : []
      }),
    )
    const next = keys.findIndex(k => !done.includes(k))
    return { id: lesson.id, task: next < 0 ? keys.length - 1 : next, answers, done }
  } catch {
    return begun(lesson.id)
  }
}
