import { expect, test } from 'vitest'
import { midStep, start } from '../../../../test/ui/fixtures/state-timeline.ts'
import { keepsAnswer, questionFor } from './question.ts'

const { view } = midStep()
const running = { ...view, run: { ...view.run, state: 'running' as const } }

test('asks about the event shown', () => expect(questionFor(view)?.event).toBe(20))

test('does not ask before the first event, nor while loading or running', () => {
  expect(questionFor(null)).toBeNull()
  expect(questionFor(start().view)).toBeNull()
  expect(questionFor(running)).toBeNull()
  expect(keepsAnswer(running)).toBe(true)
  expect(keepsAnswer(start().view)).toBe(false)
})

test('asks again when the answer may be another, and only then', () => {
  const key = questionFor(view)!.key
  expect(questionFor({ ...view, breakpoints: [], status: { text: 'other', politeness: 'polite', actor: null } })!.key).toBe(key)
  for (const other of [
    { ...view, generation: 2 },
    { ...view, recording: { ...view.recording, shown: 3, live: false } },
    { ...view, recording: { ...view.recording, events: 21 } },
    { ...view, instructions: 3n },
    { ...view, controller: { ...view.controller, policy: 'transparent' as const } },
  ])
    expect(questionFor(other)!.key).not.toBe(key)
})
