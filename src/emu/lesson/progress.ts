/** Where the user stands in a lesson, and moving on: pure over what is stored. */
import { judge, type Machine } from './checks.ts'
import type { Lesson, Task } from './model.ts'

/** An answer that was handed in: before the machine shows what is asked it is a prediction, and it is judged when the machine does. */
export type Handed = 'predicted' | 'wrong'

export interface Progress {
  readonly id: string
  /** The present task, from 0. */
  readonly task: number
  /** Number of the choice, by `taskKey`. */
  readonly answers: Readonly<Record<string, string>>
  /** What became of an answer, by `taskKey`; not of those that are chosen only, nor of right ones. */
  readonly handed: Readonly<Record<string, Handed>>
  /** By `taskKey`. */
  readonly done: readonly string[]
}

export const begun = (id: string): Progress => ({ id, task: 0, answers: {}, handed: {}, done: [] })

export const taskKey = (n: number): string => `task-${n}`
export const isDone = (p: Progress, n: number): boolean => p.done.includes(taskKey(n))
export const allDone = (lesson: Pick<Lesson, 'tasks'>, p: Progress): boolean => lesson.tasks.every((_, n) => isDone(p, n))

export const answerOf = (p: Progress, n: number): number | null => {
  const a = p.answers[taskKey(n)]
  return a === undefined ? null : Number(a)
}

export const handedOf = (p: Progress, n: number): Handed | null => p.handed[taskKey(n)] ?? null

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([k]) => k !== key))

/** The task is passed: it is done, and the next that is not done becomes the present one. */
export function passed(lesson: Lesson, p: Progress, n: number): Progress {
  const done = isDone(p, n) ? p.done : [...p.done, taskKey(n)]
  const next = lesson.tasks.findIndex((_, i) => !done.includes(taskKey(i)))
  return { ...p, handed: without(p.handed, taskKey(n)), done, task: next < 0 ? n : next }
}

const became = (p: Progress, handed: Handed): Progress =>
  handedOf(p, p.task) === handed ? p : { ...p, handed: { ...p.handed, [taskKey(p.task)]: handed } }

/** While it runs, what the machine shows is by chance. */
const runs = ({ view }: Machine): boolean => view.run.state === 'running'

/** A task without a question is done as soon as the machine shows it; an answer that was handed in before is judged then. */
export function watch(lesson: Lesson, p: Progress, machine: Machine): Progress {
  const task = lesson.tasks[p.task]
  if (!task || isDone(p, p.task) || (task.choices && (handedOf(p, p.task) !== 'predicted' || runs(machine)))) return p
  const verdict = judge(task, machine, answerOf(p, p.task))
  if (verdict === 'passed') return passed(lesson, p, p.task)
  // An outside step that is in flight has half changed what it will put back.
  return verdict === 'wrong' && machine.view.controller.step === null ? became(p, 'wrong') : p
}

/** Chooses an answer of the present task, not yet handed in. */
export const chosen = (p: Progress, choice: number): Progress => ({
  ...p,
  answers: { ...p.answers, [taskKey(p.task)]: `${choice}` },
  handed: without(p.handed, taskKey(p.task)),
})

/** Hands in the chosen answer of the present task. */
export function handIn(lesson: Lesson, p: Progress, machine: Machine): Progress {
  const task: Task = lesson.tasks[p.task]!
  const verdict = judge(task, machine, answerOf(p, p.task))
  if (verdict === 'passed') return passed(lesson, p, p.task)
  return became(p, verdict === 'wrong' ? 'wrong' : 'predicted')
}

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
    // Older progress has no answers that were handed in.
    const handed = Object.fromEntries(
      Object.entries(read.handed ?? {}).filter(([k, h]) => k in answers && !done.includes(k) && (h === 'predicted' || h === 'wrong')),
    )
    const next = keys.findIndex(k => !done.includes(k))
    return { id: lesson.id, task: next < 0 ? keys.length - 1 : next, answers, handed, done }
  } catch {
    return begun(lesson.id)
  }
}
