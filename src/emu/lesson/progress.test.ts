import { expect, test } from 'vitest'
import type { MachineView } from '../worker/protocol.ts'
import { TimelineEvents } from '../worker/timeline-events.ts'
import type { Lesson, Task } from './model.ts'
import { answerOf, begun, isDone, type Progress, passed, readProgress, watch } from './progress.ts'

const task = (title: string, more: Partial<Task> = {}): Task => ({
  title,
  ask: title,
  when: [{ policy: 'transparent' }],
  look: { at: 'state', text: 'r5' },
  ...more,
})
const question = { choices: [{ text: 'yes', holds: { policy: 'transparent' as const } }] }
const lesson = { id: 'l', tasks: [task('one'), task('two', question), task('three')] } as unknown as Lesson
const start: Progress = { id: 'l', task: 0, answers: {}, done: [] }
const machine = (policy: string) => ({
  view: { controller: { policy, leaks: [] }, state: { registers: {} } } as unknown as MachineView,
  events: TimelineEvents.none,
  printed: '',
  memory: new Map(),
  registers: new Map(),
  passing: null,
})

test('a task without a question is done when the machine shows it, and the next one begins', () => {
  expect(watch(lesson, start, machine('rfc-v2'))).toBe(start)
  const next = watch(lesson, start, machine('transparent'))
  expect([isDone(next, 0), next.task]).toEqual([true, 1])
})

test('a question is never answered by watching', () => {
  const asked = passed(lesson, start, 0)
  expect(watch(lesson, asked, machine('transparent'))).toBe(asked)
})

test('the last task stays, and doing it again counts once', () => {
  const all = [0, 1, 2].reduce((p, n) => passed(lesson, p, n), start)
  expect(all.task).toBe(2)
  expect(passed(lesson, all, 2).done).toEqual(all.done)
  expect(watch(lesson, all, machine('transparent'))).toBe(all)
})

test('a task done out of order leads back to the first that is open', () => {
  expect(passed(lesson, start, 2).task).toBe(0)
})

test('an answer is the number of the choice', () => {
  expect(answerOf(start, 1)).toBeNull()
  expect(answerOf({ ...start, answers: { 'task-1': '0' } }, 1)).toBe(0)
})

test('what was stored comes back; what is not of this lesson, or broken, begins anew', () => {
  const kept = JSON.stringify({ id: 'l', task: 9, answers: { 'task-1': '0', 'task-2': '5', x: '1' }, done: ['task-0', 'task-7'] })
  expect(readProgress(kept, lesson)).toEqual({ id: 'l', task: 1, answers: { 'task-1': '0' }, done: ['task-0'] })
  for (const stored of [null, '', '{', '"x"', '{"id":"other"}', '{"id":"l","done":3,"answers":{}}', '{"id":"l","done":[],"answers":null}'])
    expect(readProgress(stored, lesson)).toEqual(begun('l'))
})
