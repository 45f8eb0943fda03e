/** All that a browser keeps: read, joined with what there is, and refused where it is none. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EVERYTHING_VERSION, everythingText, inWords, joined, newSessions, readEverything } from './everything.ts'

const work = (session: string) => ({ at: 1, session, edited: null, lesson: null, ownLesson: null })
const policy = (name: string, mfmsr: string) => ({ name, summary: '', claimsTransparency: false, choices: { mfmsr } })

test('what was written is read again', () => {
  const all = {
    remembered: {
      theme: 'dark',
      keys: '{"run":"Q"}',
      'layout.name': 'race',
      'lesson.own.count': '{"id":"count","done":["task-0"]}',
      'answer.lesson.own.count': '{"lines":["step outside"],"missing":[]}',
    },
    sessions: [{ ...work('{}'), edited: { name: 'guest.s', text: 'nop' } }],
  }
  expect(readEverything(everythingText(all))).toEqual(all)
  expect(inWords(all)).toBe('1 session, 0 policies, progress in 1 lesson and the settings')
})

/** A document of each version that was ever written. */
const fixtures = new URL('../../../test/fixtures/everything/', import.meta.url)
test.each(readdirSync(fixtures))('%s is still read', file => {
  const { remembered, sessions } = readEverything(readFileSync(new URL(file, fixtures), 'utf8'))
  expect(JSON.parse(remembered.policies!)[0].name).toBe('Mine')
  expect(remembered).toMatchObject({ theme: 'light', advice: 'off' })
  expect(sessions.map(s => [s.lesson?.id, JSON.parse(s.session).twostep])).toEqual([['are-you-being-stepped', 3]])
})

test('each version has its document here', () => {
  expect(readdirSync(fixtures).sort()).toEqual(Array.from({ length: EVERYTHING_VERSION }, (_, n) => `${n + 1}.json`))
})

describe('what is none is refused', () => {
  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'it does not say which version'],
    ['{"twostepEverything":0}', 'it does not say which version'],
    [`{"twostepEverything":${EVERYTHING_VERSION + 1}}`, 'it was made by a later Twostep'],
    ['{"twostepEverything":1,"remembered":[],"sessions":[]}', 'it has no settings'],
    ['{"twostepEverything":1,"remembered":{},"sessions":[{"session":1,"at":1}]}', 'session 1 in it'],
    [
      JSON.stringify({ twostepEverything: 1, remembered: {}, sessions: [work('{}'), { ...work('{}'), edited: { name: 1 } }] }),
      'session 2 in it',
    ],
  ])('%s', (text, said) => expect(() => readEverything(text)).toThrow(said))

  test('keys that no setting has are left out, and values that are no texts', () => {
    const remembered = { theme: 'dark', evil: 'x', __proto__: 'x', 'layout.name': 3, 'lesson.a/b': '{}', slot: 'x' }
    const { remembered: read } = readEverything(JSON.stringify({ twostepEverything: 1, remembered, sessions: [] }))
    expect(read).toEqual({ theme: 'dark' })
  })
})

describe('joined with what there is', () => {
  const policies = (here: unknown, come: unknown) =>
    (JSON.parse(joined('policies', JSON.stringify(here), JSON.stringify(come))) as { name: string; choices: { mfmsr: string } }[]).map(
      p => `${p.name}: ${p.choices.mfmsr}`,
    )

  test('a policy that there is stays; one of the same name and other choices comes under another', () => {
    expect(policies([policy('A', 'x')], [policy('A', 'x'), policy('B', 'y')])).toEqual(['A: x', 'B: y'])
    expect(policies([policy('A', 'x'), policy('A 2', 'x')], [policy('A', 'z')])).toEqual(['A: x', 'A 2: x', 'A 3: z'])
  })

  test('the answer that there is stays', () => {
    expect(joined('answer.lesson.l', null, 'come')).toBe('come')
    expect(joined('answer.lesson.l', 'here', 'come')).toBe('here')
  })

  test('a task that was passed here or there is passed; the answers of here stay', () => {
    const here = JSON.stringify({ id: 'l', task: 1, done: ['task-0'], answers: { 'task-0': '1' }, of: 3 })
    const come = JSON.stringify({ id: 'l', task: 2, done: ['task-1'], answers: { 'task-0': '0', 'task-1': '2' }, of: 3 })
    expect(JSON.parse(joined('lesson.l', here, come))).toEqual({
      id: 'l',
      task: 1,
      done: ['task-0', 'task-1'],
      answers: { 'task-0': '1', 'task-1': '2' },
      of: 3,
    })
    expect(JSON.parse(joined('lesson.l', null, come))).toEqual(JSON.parse(come))
    expect(JSON.parse(joined('lesson.l', 'broken', come)).done).toEqual(['task-1'])
  })

  test('a setting takes the place of that of here', () => expect(joined('theme', 'dark', 'light')).toBe('light'))

  test('a session comes once', () => {
    expect(newSessions([work('a')], [work('a'), work('b'), work('b')])).toEqual([work('b')])
    expect(newSessions([work('a')], [{ ...work('a'), edited: { name: 'x', text: 'y' } }])).toHaveLength(1)
  })
})
