/** Each lesson that ships: its answer passes it, nothing less does, and what `twostep grade` says of lessons and answers. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Grader } from '../src/cli/grader.ts'
import { main } from '../src/cli/main.ts'
import { judge } from '../src/emu/lesson/checks.ts'
import { conditionFields, patternFields } from '../src/emu/lesson/conditions.ts'
import { headFields, taskFields, textOf } from '../src/emu/lesson/model.ts'
import { parseLesson } from '../src/emu/lesson/parse.ts'
import { particulars, places } from '../src/emu/lesson/places.ts'
import { answerOf } from '../src/emu/lesson/progress.ts'
import { problemsOf } from '../src/emu/lesson/validate.ts'
import { parseDirectives } from '../src/emu/machine/directives.ts'
import { parseScript } from '../src/emu/script/script.ts'
import { verbs } from '../src/emu/script/verbs.ts'
import { added, lineOf } from '../src/emu/script/write.ts'
import { lessons } from '../src/ui/lesson/lessons.ts'
import { TestIo } from './test-io.ts'

const path = (from: string) => new URL(`../${from}`, import.meta.url).pathname
const read = (from: string) => readFileSync(path(from), 'utf8')

async function graderOf(file: string) {
  const lesson = parseLesson(read(`public/${file}`))
  const grader = new Grader(lesson)
  const source = lesson.source ?? read(`public/programs/${lesson.program}`)
  expect(await grader.load('guest.s', source)).toEqual([])
  await grader.set()
  return grader
}

test('the list names the files that there are, in order', () => {
  expect(lessons.map(l => l.file.slice('lessons/'.length)).sort()).toEqual(readdirSync(path('public/lessons')).sort())
  expect(lessons.map(l => l.number)).toEqual(lessons.map((_, n) => n + 1))
  for (const l of lessons) {
    const { id, title } = parseLesson(read(`public/${l.file}`))
    expect([l.id, l.title]).toEqual([id, title])
  }
  expect(readdirSync(path('test/lessons')).sort()).toEqual(lessons.map(l => `${l.number}.txt`).sort())
})

describe.each(lessons.map(l => [l.number, l.file] as const))('lesson %d', (number, file) => {
  const answer = parseScript(read(`test/lessons/${number}.txt`))

  test('nothing in it is wrong, and each text has at most two paragraphs', async () => {
    const grader = await graderOf(file)
    expect(problemsOf(grader.lesson, await grader.look())).toEqual([])
    for (const text of grader.lesson.tasks.map((_, n) => textOf(grader.lesson, n)))
      expect(text.split(/\n\s*\n/).length, text).toBeLessThanOrEqual(2)
  })

  test('is passed by its answer, a command a task at the least, and of each question by one choice alone', async () => {
    const grader = await graderOf(file)
    await grader.judgeNow()
    const done = () => grader.progress.done.length
    expect(done()).toBe(0)
    for (const line of answer.lines) {
      const before = done()
      const n = grader.progress.task
      const { choices } = grader.lesson.tasks[n]!
      if (line.deed.kind === 'choose') {
        const machine = await grader.look()
        const right = choices!.flatMap((_, i) => (judge(grader.lesson.tasks[n]!, machine, i) === 'passed' ? [i + 1] : []))
        expect(right, `the right answers of task ${n + 1}`).toEqual([line.deed.choice])
      }
      await grader.play({ ...answer, lines: [line] }, async name => {
        expect(await grader.load(name, read(`public/programs/${name}`))).toEqual([])
      })
      expect(done() - before, `tasks done by line ${line.line}`).toBeLessThanOrEqual(1)
      if (line.deed.kind === 'choose') expect(answerOf(grader.progress, n)).toBe(line.deed.choice - 1)
    }
    const grade = await grader.result()
    expect(grade.tasks.filter(t => t.verdict !== 'passed')).toEqual([])
    expect(grade.passed).toBe(true)
  })

  const asks = parseLesson(read(`public/${file}`)).tasks.some(t => t.choices)
  test.runIf(asks)('is passed as well by who answers each question before doing what it takes', async () => {
    const first = await graderOf(file)
    const present: number[] = []
    for (const line of answer.lines) {
      present.push(first.progress.task)
      await first.play({ ...answer, lines: [line] })
    }
    const predicting = answer.lines
      .map((line, n) => ({ line, task: present[n]!, first: line.deed.kind === 'choose' ? 0 : 1 }))
      .sort((a, b) => a.task - b.task || a.first - b.first)
    const grader = await graderOf(file)
    for (const { line } of predicting) await grader.play({ ...answer, lines: [line] })
    const { tasks } = await grader.result()
    expect(tasks.map(t => [t.verdict, t.wrongAnswers])).toEqual(tasks.map(() => ['passed', 0]))
  })

  test('texts and pointers have no Markdown where none is read', async () => {
    const { lesson } = await graderOf(file)
    const plain = lesson.tasks.flatMap(t => [
      t.title,
      t.look.text,
      t.hint?.text ?? '',
      ...(t.choices ?? []).flatMap(c => [c.text, c.note ?? '']),
    ])
    expect(plain.filter(text => /[*_]\w|\w[*_]{2}/.test(text.replace(/`[^`]*`|\w+_\w+/g, '')))).toEqual([])
  })

  test('is not passed without it', async () => {
    const grade = await (await graderOf(file)).result()
    expect(grade.passed).toBe(false)
    expect(grade.tasks.map(t => t.verdict)).toEqual(grade.tasks.map(() => 'not yet'))
  })
})

describe('twostep grade', () => {
  const own = `---
version: 2
id: own
title: Count to three
policy: transparent
tasks:
  - title: Count
    ask: Step until r3 is 3.
    when:
      - register: r3
        equals: '0x3'
    look: { at: state r3, text: 'r3 in State' }
  - title: Where
    ask: Where does the guest stand?
    when:
      - seen: { instruction: addi, at: count }
    look: { at: guest, text: 'the guest' }
    choices:
      - { text: at the branch, holds: { not: { stands: count } } }
      - { text: at count, holds: { stands: count } }
---
One program.

\`\`\`ppc64
_start: li r3, 0
count:  addi r3, r3, 1
        b count
\`\`\`
`
  const twostep = async (files: Record<string, string>, ...args: string[]) => {
    const io = new TestIo({ 'own.md': own, ...files })
    const status = await main(['grade', ...args], io)
    return { status, out: io.text, errors: io.errors.join('\n') }
  }
  const json = async (answer: string) => {
    const { status, out } = await twostep({ 'a.txt': answer }, 'own.md', 'a.txt', '--json')
    return {
      status,
      ...(JSON.parse(out) as {
        lesson: string
        passed: boolean
        problem: string | null
        tasks: { n: number; verdict: string; why: string; wrongAnswers: number }[]
      }),
    }
  }

  test('an answer that passes, and status 0', async () => {
    const graded = await json('step outside 6\nchoose 1\n')
    expect(graded).toMatchObject({ status: 0, lesson: 'own', passed: true })
    expect(graded.tasks.map(t => [t.n, t.verdict, t.why])).toEqual([
      [1, 'passed', ''],
      [2, 'passed', ''],
    ])
  })

  test('nothing done, too little done, a wrong answer: status 1, and why', async () => {
    expect(await twostep({}, 'own.md')).toMatchObject({ status: 1, out: expect.stringContaining('Not all tasks are passed.') })
    const little = await json('step outside 4')
    expect([little.status, little.tasks[0]!.why]).toEqual([1, 'still missing: r3 is 0x3. Look at r3 in State.'])
    expect(little.tasks[1]!.why).toBe('task 1 comes first.')
    const wrong = await json('step outside 6\nchoose 2')
    expect([wrong.status, wrong.tasks[1]!.verdict, wrong.tasks[1]!.wrongAnswers]).toEqual([1, 'wrong', 1])
    expect((await json('step outside 6\nchoose 2\nchoose 1')).tasks[1]).toMatchObject({ verdict: 'passed', wrongAnswers: 1 })
  })

  test('an answer with a line that cannot be carried out: what came before is graded, and it is not passed', async () => {
    const half = await json('step outside 6\nchoose 1\nrun 1 40\nstep outside')
    expect(half).toMatchObject({
      status: 1,
      passed: false,
      problem: expect.stringContaining('a.txt, line 3: run 1 40: There is no vCPU 1'),
    })
    expect(half.tasks.map(t => t.verdict)).toEqual(['passed', 'passed'])
    expect(await json('step outside 6\nchoose 1')).toMatchObject({ passed: true, problem: null })
  })

  test('a prediction that turns out right passes, one that turns out wrong counts as a wrong answer', async () => {
    const late = own.replace("equals: '0x3'", "equals: '0x1'").replace('at: count }', 'at: count, times: 3 }')
    const predicting = (choice: number) =>
      twostep({ 'own.md': late, 'a.txt': `step outside 2\nchoose ${choice}\nstep outside 4\n` }, 'own.md', 'a.txt', '--json')
    expect((await predicting(1)).status).toBe(0)
    const { status, out } = await predicting(2)
    expect([status, JSON.parse(out)]).toEqual([1, expect.objectContaining({ passed: false })])
    expect((JSON.parse(out) as { tasks: unknown[] }).tasks[1]).toMatchObject({ verdict: 'wrong', wrongAnswers: 1 })
  })

  test("a student's program is run to its end, and one without an end is stopped", async () => {
    const asks = own
      .replace(/ {2}- title: Where[\s\S]*?\n---\n/, '---\n')
      .replace("      - register: r3\n        equals: '0x3'\n", "      - register: r3\n        equals: '0x3'\n      - stopped: attn\n")
    const files = {
      'own.md': asks,
      'yes.s': '_start: li r3, 3\n attn\n',
      'no.s': '_start: li r3, 4\n attn\n',
      'bad.s': '_start: lii r3, 3\n',
    }
    expect((await twostep(files, 'own.md', 'yes.s')).status).toBe(0)
    expect((await twostep(files, 'own.md', 'no.s')).status).toBe(1)
    const loops = { 'own.md': asks.replace('      - stopped: attn\n', ''), 'loops.s': '_start: li r3, 3\nhere: b here\n' }
    expect(await twostep(loops, 'own.md', 'loops.s')).toMatchObject({ status: 0, errors: '' })
    expect(await twostep(files, 'own.md', 'bad.s')).toMatchObject({ status: 1, errors: expect.stringContaining('bad.s:1:') })
  })

  test.each([
    [['own.md', 'a.txt'], { 'a.txt': 'fly' }, 'a.txt, line 1: no command "fly". Known: program, policy'],
    [
      ['own.md', 'a.txt'],
      { 'a.txt': 'step outsid' },
      'a.txt, line 1: step: expected machine, outside, inside or hypervisor, found outsid.',
    ],
    [['own.md', 'a.txt'], { 'a.txt': 'choose 1' }, 'line 1: choose 1: task 1, Count, asks nothing'],
    [['own.md', 'a.txt'], { 'a.txt': 'step outside 6\nchoose 3' }, 'line 2: choose 3: task 2, Where, has answers 1 to 2.'],
    [['own.md', 'a.txt'], { 'a.txt': 'own {"name":1}' }, 'line 1: own {"name":1}: A policy is an object'],
    [['own.md', 'a.txt'], { 'a.txt': 'step outside 20000' }, 'more than 2000 commands'],
    [['none.md'], {}, 'cannot read none.md: there is no such file.'],
    [
      ['own.md'],
      { 'own.md': own.replace('title: Count\n', 'titel: Count\n') },
      'own.md: tasks[0]: there is no key "titel". Expected title, text',
    ],
    [['own.md'], { 'own.md': own.replace('policy: transparent', 'policy: none') }, 'own.md: There is no policy none. There are rfc-v2'],
    [['own.md'], { 'own.md': own.replace('li r3, 0', 'lii r3, 0') }, 'has 1 error.'],
    [['own.md', 'a.txt', 'b'], {}, 'found also b'],
    [[], {}, 'no LESSON given'],
  ])('%j: says what was expected', async (args, files, said) => {
    const { status, errors } = await twostep(files as Record<string, string>, ...args)
    expect([status, errors]).toEqual([1, expect.stringContaining(said)])
  })

  test('--validate judges the lesson alone', async () => {
    expect(await twostep({}, 'own.md', '--validate')).toMatchObject({ status: 0, out: 'own.md: 2 tasks, nothing wrong was found.\n' })
    const broken = own
      .replace('at: count }', 'at: cuont }')
      .replace('register: r3', 'register: r33')
      .replace('holds: { stands: count }', 'holds: { policy: transparant }')
    const { status, errors } = await twostep({ 'own.md': broken }, 'own.md', '--validate')
    expect(status).toBe(1)
    expect(errors.split('\n')).toEqual([
      expect.stringContaining('tasks[0].when[0]: there is no register r33. Nearest: r3.'),
      expect.stringContaining('tasks[1].when[0]: the program has no symbol cuont. Nearest: count.'),
      expect.stringContaining('tasks[1].choices[1].holds: there is no policy transparant. There are'),
    ])
    const idle = own.replace("equals: '0x3'", "equals: '0x0'")
    expect((await twostep({ 'own.md': idle }, 'own.md', '--validate')).errors).toContain('it is done before anything was done')
  })
})

test('what the page writes of an action is read as the same action', () => {
  const lines = [
    'step outside',
    'step machine',
    'back inside',
    'continue machine',
    'reset',
    'policy rfc-v6',
    'locking step',
    'interrupts deliver',
    'schedule 0:3 1:40 quantum 7',
    'vcpu 1',
    'run 1 40',
    'set 0 r5 0x400',
    'external 0 raise',
    'break 0x10 0x20',
    'break',
    'input hello there',
    'type console "h"',
    'type debug "s\\r"',
    'own {"name":"x","choices":{}}',
    'continue machine until 4000',
    'step outside until 4000',
    'over',
    'out until 12',
    'return',
    'to 0xc000000000010008',
    'write 0xc000000000010000 00dddd00',
    'write 0x10 ff guest-real',
    'breakpoints [{"kind":"vector","number":3328},{"kind":"software","address":"0x10","condition":"r3 == 4"}]',
    'breakpoints []',
    'walk loop',
    'goto 4',
    'goto live',
    'time 100',
    'reverse',
    'wrote 1 r5',
    'wrote 0x10',
    'here',
    'branch 1',
  ]
  for (const line of lines) {
    const { deed } = parseScript(line).lines[0]!
    expect(deed.kind === 'request' ? lineOf(deed.command, deed.arguments) : null, line).toBe(line)
  }
  const all = [
    'step outside',
    'step outside',
    'step outside',
    'step outside until 7',
    'step outside',
    'vcpu 1',
    'step outside',
    'input a',
    'input a',
  ]
  expect(all.reduce(added, [])).toEqual([
    'step outside 3',
    'step outside until 7',
    'step outside',
    'vcpu 1',
    'step outside',
    'input a',
    'input a',
  ])
})

describe('docs/lessons.md', () => {
  const text = read('docs/lessons.md')
  const part = (chapter: string) => text.split(/^## /m).find(c => c.startsWith(`${chapter}\n`))!

  test('has a lesson that nothing is wrong with, and that can be passed', async () => {
    const lesson = /^````markdown\n([\s\S]*?)^````$/m.exec(text)![1]!
    const io = new TestIo({ 'count.md': lesson, 'a.txt': 'step outside 6\nchoose 2\n' })
    expect([await main(['grade', 'count.md', '--validate'], io), io.errors]).toEqual([0, []])
    expect(await main(['grade', 'count.md', 'a.txt'], io)).toBe(0)
  })

  test.each([
    ['The head', headFields],
    ['A task', taskFields],
    ['Conditions', { ...conditionFields, ...patternFields }],
  ])('%s: every key of the schema has its row, and no other', (chapter, fields) => {
    const keys = [...part(chapter).matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(m => [...m[1]!.matchAll(/`(\w+)`/g)].map(k => k[1]!))
    expect([...new Set(keys)].sort()).toEqual(Object.keys(fields).sort())
  })

  test('The program: every setting of the header, and no other; its default is the default', () => {
    const rows = [...part('The program').matchAll(/^\| ((?:`\w+`(?:, )?)+) \|.*\| (?:`(\w+)`|(\d)) \|$/gm)]
    const said = rows.flatMap(([, names, text, digit]) => [...names!.matchAll(/`(\w+)`/g)].map(m => [m[1]!, text ?? digit!] as const))
    const known = /Known: (.*)/.exec(parseDirectives('# twostep: colour=red').problems[0]!.message)![1]!.split(', ')
    expect(said.map(([name]) => name).sort()).toEqual(known.sort())
    const { directives, problems } = parseDirectives(`# twostep: ${said.map(([name, value]) => `${name}=${value}`).join(' ')}`)
    expect([directives, problems]).toEqual([parseDirectives('').directives, []])
  })

  test('Grading: every command of an answer', () => {
    const rows = [...part('Grading').matchAll(/^\| `(.*)` \| (.*) \|$/gm)].map(([, usage, says]) => [usage!.replaceAll('\\|', '|'), says])
    expect(rows).toEqual(Object.values(verbs).map(v => [v.usage, v.says]))
  })

  test('names the places that there are', () => {
    for (const place of [...places, ...Object.keys(particulars)]) expect(text).toContain(`\`${place}\``)
  })
})
