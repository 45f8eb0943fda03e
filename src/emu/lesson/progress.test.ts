import { describe, expect, test } from 'vitest'
import type { MachineView } from '../worker/protocol.ts'
import { TimelineEvents } from '../worker/timeline-events.ts'
import type { Lesson, Task } from './model.ts'
import { answerOf, begun, chosen, handedOf, handIn, isDone, type Progress, passed, readProgress, watch } from './progress.ts'

const task = (title: string, more: Partial<Task> = {}): Task => ({
  title,
  ask: title,
  when: [{ policy: 'transparent' }],
  look: { at: 'state', text: 'r5' },
  ...more,
})
const question = { choices: [{ text: 'yes', holds: { policy: 'transparent' as const } }] }
const lesson = { id: 'l', tasks: [task('one'), task('two', question), task('three')] } as unknown as Lesson
const start: Progress = begun('l')
const machine = (policy: string, { runs = false, inFlight = false } = {}) => ({
  view: {
    run: { state: runs ? 'running' : 'paused' },
    controller: { policy, leaks: [], step: inFlight ? { ordinal: 1, label: '' } : null },
    state: { registers: {} },
  } as unknown as MachineView,
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

describe('an answer', () => {
  const two: Partial<Task> = {
    when: [{ any: [{ policy: 'tcg' }, { policy: 'transparent' }] }],
    choices: [
      { text: 'yes', holds: { policy: 'transparent' } },
      { text: 'no', holds: { policy: 'tcg' } },
    ],
  }
  const asks = { id: 'l', tasks: [task('one', two), task('two')] } as unknown as Lesson
  const yes = chosen(start, 0)

  test('that the machine shows is right is passed at once, another is wrong', () => {
    expect(isDone(handIn(asks, yes, machine('transparent')), 0)).toBe(true)
    expect(handedOf(handIn(asks, yes, machine('tcg')), 0)).toBe('wrong')
  })

  test('before the machine is there is a prediction, and is judged when it is', () => {
    const predicted = handIn(asks, yes, machine('rfc-v2'))
    expect([handedOf(predicted, 0), predicted.task]).toEqual(['predicted', 0])
    expect(watch(asks, predicted, machine('rfc-v2'))).toBe(predicted)
    const right = watch(asks, predicted, machine('transparent'))
    expect([isDone(right, 0), right.task, handedOf(right, 0)]).toEqual([true, 1, null])
    const wrong = watch(asks, predicted, machine('tcg'))
    expect([handedOf(wrong, 0), wrong.task]).toEqual(['wrong', 0])
    // Told once; another answer is another prediction.
    expect(watch(asks, wrong, machine('transparent'))).toBe(wrong)
    expect(handedOf(chosen(wrong, 1), 0)).toBeNull()
  })

  test('is not judged by what a running machine, or half of a step, shows', () => {
    const predicted = handIn(asks, yes, machine('rfc-v2'))
    for (const state of [machine('transparent', { runs: true }), machine('tcg', { runs: true }), machine('tcg', { inFlight: true })])
      expect(watch(asks, predicted, state)).toBe(predicted)
    expect(isDone(watch(asks, predicted, machine('transparent', { inFlight: true })), 0)).toBe(true)
  })

  test('that is chosen only is not judged', () => {
    expect(watch(asks, yes, machine('transparent'))).toBe(yes)
  })
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
  const older = { id: 'l', task: 9, answers: { 'task-1': '0', 'task-2': '5', x: '1' }, done: ['task-0', 'task-7'] }
  const read = { id: 'l', task: 1, answers: { 'task-1': '0' }, handed: {}, done: ['task-0'] }
  expect(readProgress(JSON.stringify(older), lesson)).toEqual(read)
  const handed = { 'task-0': 'wrong', 'task-1': 'predicted', 'task-2': 'wrong', x: 'wrong' }
  expect(readProgress(JSON.stringify({ ...older, handed }), lesson)).toEqual({ ...read, handed: { 'task-1': 'predicted' } })
  expect(readProgress(JSON.stringify({ ...older, handed: { 'task-1': 'right' } }), lesson)).toEqual(read)
  for (const stored of [null, '', '{', '"x"', '{"id":"other"}', '{"id":"l","done":3,"answers":{}}', '{"id":"l","done":[],"answers":null}'])
    expect(readProgress(stored, lesson)).toEqual(begun('l'))
})
