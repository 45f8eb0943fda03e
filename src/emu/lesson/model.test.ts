import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LessonError } from './model.ts'
import { parseLesson } from './parse.ts'

const head = `version: 2
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
      - seen: { instruction: any, by: outside }
    look: { at: outside, text: 'the stepper, in the run band' }`
const STEP = 'seen: { instruction: any, by: outside }'
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
  const lesson = parseLesson(file(head.replace(STEP, "register: r5\n        equals: '0x8000000002803033'\n        set: [33]")))
  expect(lesson.tasks[0]!.when).toEqual([{ register: 'r5', equals: 0x8000000002803033n, set: [33] }])
})

describe('a wrong head is refused with the place, what was found and what was expected there', () => {
  test.each([
    ['a version of another time', 'version: 2', 'version: 3', 'version: expected a version from 2 to 2, found 3'],
    ['a missing key', 'title: A title\n', '', 'title: expected text, found nothing'],
    ['a key that does not exist', 'id: x', 'id: x\nauthor: me', 'the head: there is no key "author". Expected version, id'],
    [
      'a key that was mistyped',
      'title: One',
      'titel: One',
      'tasks[0]: there is no key "titel". Expected title, text, ask, when, look, choices, hint; nearest: title',
    ],
    ['an id with spaces', 'id: x', 'id: a lesson', 'id: expected lower-case letters'],
    [
      'a policy that is a list',
      'policy: rfc-v2',
      'policy: [rfc-v2]',
      'policy: expected the id of a policy, as rfc-v2 or transparent, found ["rfc-v2"]',
    ],
    ['no tasks', /tasks:[\s\S]*/, 'tasks: []', 'tasks: expected a list that is not empty, found []'],
    ['a place that is not on the page', 'at: outside', 'at: outsid', 'tasks[0].look.at: expected one of machine, outside'],
    ['a place without its register', 'at: outside', 'at: state r5 r6', 'tasks[0].look.at: expected one of'],
    ['an actor that nobody is', STEP, 'seen: { by: inner }', 'tasks[0].when[0].seen.by: expected one of machine, outside, inside'],
    ['an interrupt that does not exist', STEP, 'seen: { interrupt: trase }', 'found "trase"'],
    ['a pattern of nothing', STEP, 'seen: { times: 2 }', 'tasks[0].when[0].seen: expected one of instruction'],
    [
      'a bit that no register has',
      STEP,
      '{ register: r5, set: [64] }',
      'tasks[0].when[0].set[0]: expected a bit number from 0 to 63, found 64',
    ],
    [
      'a number that YAML would round',
      STEP,
      '{ register: r5, equals: 0x8000000002803033 }',
      'tasks[0].when[0].equals: expected a hexadecimal number in quotes',
    ],
    ['a condition that says nothing', STEP, 'register: r5', '"register" says nothing without "equals" or "set" or "clear" or "same"'],
    ['a value of nothing', STEP, "equals: '0x1'", '"equals" says nothing without "register" or "memory"'],
    ['an empty condition', STEP, '{}', 'tasks[0].when[0]: expected one of register'],
    ['a condition within one', STEP, 'any: [{ polcy: tcg }]', 'tasks[0].when[0].any[0]: there is no key "polcy"'],
    ['conditions without end', STEP, `${'not: { '.repeat(12)}leaks: 0${' }'.repeat(12)}`, 'lie more than'],
    [
      'one answer alone',
      'ask: Step.',
      'ask: Step.\n    choices: [{ text: a, holds: { leaks: 0 } }]',
      'tasks[0].choices: expected a list of at least 2',
    ],
    ['a program outside of programs', 'program: x.s', 'program: ../x.s', 'program: expected the name of a file of programs/'],
    ['a schedule of words', 'id: x', 'id: x\nschedule: first 0', 'schedule: expected turns'],
    ['a comma that ends a text early', `'the stepper, in the run band'`, 'the stepper, in the run band', 'tasks[0].look'],
    ['a text without an end', 'ask: Step.', `ask: ${'x'.repeat(9000)}`, 'tasks[0].ask: expected text of at most 8000 characters'],
    ['a prototype', 'id: x', 'id: x\n__proto__: { a: 1 }', 'there is no key "__proto__"'],
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

describe('the program', () => {
  const block = '```ppc64\n_start: b _start\n```'
  const without = head.replace('program: x.s\n', '')
  test('may stand in the lesson, and is no part of its introduction', () => {
    expect(parseLesson(file(without, `One.\n\n${block}\n\nTwo.`))).toMatchObject({
      source: '_start: b _start\n',
      introduction: 'One.\n\n\n\nTwo.',
    })
    expect(parseLesson(file(head)).source).toBeNull()
  })
  test.each([
    ['both', head, block],
    ['neither', without, 'Words.'],
    ['two', without, `${block}\n\n${block}`],
  ])('%s: refused', (_, yaml, body) => {
    expect(() => parseLesson(file(yaml, body))).toThrow('A lesson has one program')
  })
})

test('a lesson of a size that nobody reads is refused', () => {
  expect(() => parseLesson(file(head, 'x'.repeat(300_000)))).toThrow('at most 256 KiB')
})

test('a few lines that stand for gigabytes are refused', () => {
  const bomb = ['a: &a [x, x, x]', 'b: &b [*a, *a, *a]', 'c: [*b, *b]'].join('\n')
  expect(problem(`${head}\n${bomb}`)).toContain('not YAML')
})

test('a lesson of version 1 is read as one of version 2', () => {
  const old = parseLesson(readFileSync(new URL('../../../test/fixtures/lessons/version-1.md', import.meta.url), 'utf8'))
  const now = parseLesson(readFileSync(new URL('../../../public/lessons/1-are-you-being-stepped.md', import.meta.url), 'utf8'))
  expect(old.tasks.map(t => t.when)).toEqual(now.tasks.map(t => t.when))
  expect(old.version).toBe(2)
})
