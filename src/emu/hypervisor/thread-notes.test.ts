import { expect, test } from 'vitest'
import { choiceNames } from './choices.ts'
import { threadNotes } from './thread-notes.ts'

test('each choice has what the thread said of it, or that it said nothing', () => {
  expect(Object.keys(threadNotes).sort()).toEqual([...choiceNames].sort())
  for (const [name, note] of Object.entries(threadNotes)) {
    expect([name, note]).toEqual([name, expect.stringMatching(/\bv[26]\b|The thread does not speak of it|Every version/)])
    expect(note.endsWith('.')).toBe(true)
  }
})
