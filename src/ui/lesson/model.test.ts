import { describe, expect, test } from 'vitest'
import { LessonError, parseLesson } from './model.ts'

const head = `version: 1
id: x
title: A title
program: x.s
policy: rfc-v2
words:
  - word: MSR
    means: bits
tasks:
  - title: One
    ask: Step.
    when:
      - stepped: outside
    look: { at: outside, text: 'the stepper, in the run band' }`
const file = (yaml: string, body = 'Introduction.') => `---\n${yaml}\n---\n${body}\n`
const problem = (yaml: string): string => {
  try {
    parseLesson(file(yaml))
  } catch (e) {
    if (e instanceof LessonError) return e.message
    throw e
  }
  return 'none'
}
const changed = (from: string, to: string) => problem(head.replace(from, to))

test('a lesson is its head and the text below', () => {
  const lesson = parseLesson(file(head, '\nOne **idea**.\n'))
  expect(lesson).toMatchObject({ id: 'x', title: 'A title', introduction: 'One **idea**.' })
  expect(lesson.tasks[0]).toMatchObject({ title: 'One', look: { at: 'outside', text: 'the stepper, in the run band' } })
})

test('line ends of Windows are the same lesson', () => {
  expect(parseLesson(file(head).replaceAll('\n', '\r\n'))).toEqual(parseLesson(file(head)))
})

test('values to compare with are numbers', () => {
  const lesson = parseLesson(
    file(head.replace('stepped: outside', "register: r5\n        equals: '0x8000000002803033'\n        set: [33]")),
  )
  expect(lesson.tasks[0]!.when).toEqual([{ register: 'r5', equals: 0x8000000002803033n, set: [33] }])
})

describe('a wrong head is refused with the place and what was expected there', () => {
  test.each([
    ['a version of another time', 'version: 1', 'version: 2', 'version: expected 1'],
    ['a missing key', 'title: A title\n', '', 'title: expected text'],
    ['a key that does not exist', 'id: x', 'id: x\nauthor: me', '.author: expected one of'],
    ['another policy', 'policy: rfc-v2', 'policy: rfc-v9', 'policy: expected rfc-v2, transparent'],
    ['no tasks', /tasks:[\s\S]*/, 'tasks: []', 'tasks: expected a list that is not empty'],
    ['a place that is not on the page', 'at: outside', 'at: attic', 'tasks[0].look.at: expected outside'],
    ['a place without its register', 'at: outside', 'at: state r5 r6', 'tasks[0].look.at: expected outside'],
    ['an actor without a debugger', 'stepped: outside', 'stepped: inside', 'tasks[0].when[0].stepped: expected outside, any'],
    ['a bit that no register has', 'stepped: outside', 'set: [64]', 'tasks[0].when[0].set[0]: expected a bit number'],
    ['a number that YAML would round', 'stepped: outside', 'equals: 0x8000000002803033', 'tasks[0].when[0].equals: expected a hexadecimal'],
    ['a comma that ends a text early', `'the stepper, in the run band'`, 'the stepper, in the run band', 'tasks[0].look'],
  ])('%s', (_, from, to, message) => {
    expect(changed(from as string, to)).toContain(message)
  })

  test('a file without a head', () => {
    expect(() => parseLesson('# Lesson\n')).toThrow('between two lines of ---')
  })

  test('a head that is not YAML', () => {
    expect(problem(head.replace('id: x', 'id: [x'))).toContain('not YAML')
  })
})
