/** Every lesson from its first task to its last, with the keyboard alone, by its answer; lessons of the user's, and hostile ones. */
import { readFileSync } from 'node:fs'
import { choiceRows } from '../../src/emu/hypervisor/choices.ts'
import type { Lesson } from '../../src/emu/lesson/model.ts'
import { parseLesson } from '../../src/emu/lesson/parse.ts'
import { places } from '../../src/emu/lesson/places.ts'
import { parseScript, type ScriptLine } from '../../src/emu/script/script.ts'
import { lessons } from '../../src/ui/lesson/lessons.ts'
import { describe, expect, test, type Workbench } from './workbench.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const escaped = (text: string) => text.replaceAll('`', '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const names: Readonly<Record<string, string>> = {
  'rfc-v2': 'RFC v2',
  'rfc-v6': 'RFC v6',
  transparent: 'Transparent',
  'kvm-pr': 'KVM PR',
  tcg: 'TCG',
}
const keys: Readonly<Record<string, string>> = { outside: 'o', inside: 'i', hypervisor: 'h' }

/** A command of the answer, as a user gives it. */
async function give(bench: Workbench, { text }: ScriptLine): Promise<void> {
  const [verb, first = '', second = '1'] = text.split(' ')
  await bench.leaveEditor()
  const said = (wanted: RegExp) => bench.waitFor('status', () => bench.sentence(), wanted)
  if (verb === 'step') await bench.step(...Array<string>(Number(second)).fill(keys[first]!))
  else if (verb === 'policy') await bench.choosePolicy(names[first]!)
  else if (verb === 'reset') {
    await bench.command('Machine: reset')
    await said(/^Reset/)
  } else if (verb === 'locking') {
    await bench.command(`Scheduler-locking: ${first}`)
    await said(new RegExp(`^Scheduler-locking: ${first}`))
  } else if (verb === 'interrupts') {
    await bench.command(`Interrupts while stepping: ${first}`)
    await said(/^Interrupts come while stepping/)
  } else if (verb === 'break') {
    await bench.dock('Breakpoints')
    const form = bench.page.getByRole('form', { name: 'Add breakpoint' })
    await form.getByRole('textbox', { name: 'Address', exact: true }).fill(first)
    await form.getByRole('button', { name: 'Add breakpoint' }).press('Enter')
    await bench.waitFor('list', () => bench.region('Breakpoints').innerText(), new RegExp(first))
  } else if (verb === 'run') {
    await bench.command('Show vCPUs')
    const box = bench.region('vCPUs').getByRole('textbox', { name: `Boundaries to run vCPU ${first} for` })
    await box.focus()
    await bench.press('Control+a')
    await bench.page.keyboard.insertText(second)
    await bench.press('Enter')
    await said(/^vCPU \d ran/)
  } else throw new Error(`${text}: the test knows no keys for it`)
}

async function choose(bench: Workbench, lesson: Lesson, n: number, choice: number): Promise<void> {
  const { choices } = lesson.tasks[n]!
  await bench.waitFor('lesson', () => bench.lesson(), new RegExp(`Task ${n + 1} of `))
  await bench.press('g', 'l')
  await bench.tabTo(new RegExp(`^${escaped(choices![0]!.text)}`))
  if (choice === 1) await bench.press('Space')
  for (let at = 1; at < choice; at++) await bench.press('ArrowDown')
  expect(await bench.focused()).toMatch(new RegExp(`^${escaped(choices![choice - 1]!.text)}`))
  await bench.tabTo(/^Check$/)
  await bench.press('Enter')
}

for (const entry of lessons.filter(l => l.id !== 'repair-rfc-v2')) {
  test(`lesson ${entry.number}: ${entry.title}`, async ({ bench }) => {
    const lesson = parseLesson(read(`public/${entry.file}`))
    // The page begins with the first; what is said of the loading of another comes behind what a step says.
    if (entry.number > 1) {
      await bench.step('o')
      await bench.command(`Lesson ${entry.number}: ${entry.title}`)
      await bench.waitFor('status', () => bench.sentence(), /^(?!Outside )/)
    }
    await bench.waitFor(
      'lesson',
      () => bench.lesson(),
      new RegExp(`Lesson ${entry.number} of ${lessons.length}[\\s\\S]*Task 1 of ${lesson.tasks.length}`),
    )
    const questions = lesson.tasks.flatMap((t, n) => (t.choices ? [n] : []))
    for (const line of parseScript(read(`test/lessons/${entry.number}.txt`)).lines) {
      if (line.deed.kind === 'choose') await choose(bench, lesson, questions.shift()!, line.deed.choice)
      else await give(bench, line)
    }
    await bench.waitFor('lesson', () => bench.lesson(), /All tasks are done\./)
    // What was done is kept, and can be forgotten.
    await bench.page.reload()
    await bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)
    // What is said of the loading is then of this lesson's.
    await bench.step('o')
    await bench.command(`Lesson ${entry.number}: ${entry.title}`)
    await bench.waitFor('status', () => bench.sentence(), /^(?!Outside )/)
    await bench.waitFor('lesson', () => bench.lesson(), new RegExp(`Lesson ${entry.number} of [\\s\\S]*All tasks are done\\.`))
    await bench.command('Lesson: begin anew')
    await bench.waitFor('lesson', () => bench.lesson(), /Task 1 of/)
    expect(await bench.lesson()).not.toContain('(done)')
  })
}

test('the workshop: RFC v2 repaired choice by choice, and after each the editor says what the probes find', async ({ bench }) => {
  const { tasks } = parseLesson(read('public/lessons/14-repair-rfc-v2.md'))
  await bench.command('Workshop')
  await bench.waitFor('lesson', () => bench.lesson(), new RegExp(`Task 1 of ${tasks.length}`))
  const dialog = bench.page.getByRole('dialog', { name: 'Policies' })
  const found = () => dialog.getByRole('status').first().innerText()
  let before: Record<string, string> = {}
  for (const [n, line] of parseScript(read('test/lessons/14.txt')).lines.entries()) {
    const { choices } = JSON.parse(line.text.slice('own '.length)) as { choices: Record<string, string> }
    // The hint of each task leads to the editor.
    await bench.press('g', 'l')
    await bench.tabTo(/^Show a hint$/)
    await bench.press('Enter')
    await bench.tabTo(new RegExp(escaped(tasks[n]!.hint!.text)))
    await bench.press('Enter')
    await dialog.waitFor()
    for (const [name, option] of Object.entries(choices).filter(([name, option]) => before[name] !== option)) {
      await bench.tabTo(new RegExp(`^${escaped(choiceRows[name as keyof typeof choiceRows].title)}$`))
      await bench.page.keyboard.type(option)
    }
    before = choices
    const passes = tasks[n]!.when.flatMap(c => c.passes ?? []).length
    await bench.waitFor('findings', found, new RegExp(`: ${passes} of 20 channels pass\\.`))
    await bench.tabTo(/^Save and use$/)
    await bench.press('Enter')
    await bench.waitFor('said', () => dialog.getByRole('status').last().innerText(), /is saved in this browser and chosen/)
    await bench.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    const next = n + 1 < tasks.length ? new RegExp(`Task ${n + 2} of `) : /All tasks are done\./
    await bench.waitFor('lesson', () => bench.lesson(), next)
  }
}, 240_000)

/** Places, and what has the focus when a hint has led there. */
const led: readonly (readonly [place: string, focused: RegExp])[] = [
  ['machine', /^Machine$/],
  ['outside', /^Outside$/],
  ['inside', /^Inside$/],
  ['hypervisor stepper', /^Hypervisor$/],
  ['hypervisor', /^Hypervisor code$/],
  ['guest', /^Guest code$/],
  ['state', /^NIP, 0x/],
  ['msr', /^SF, bit 0,/],
  ['timeline', /^Timeline$/],
  ['exception', /^Dock$/],
  ['breakpoints', /^Dock$/],
  ['memory', /^Dock$/],
  ['console', /^Dock$/],
  ['leaks', /^Dock$/],
  ['vcpus', /^Dock$/],
  ['history', /^Dock$/],
  ['sprs', /^Dock$/],
  ['policy', /^Policy Transparent/],
  ['locking', /^replay$/],
  ['lesson', /^Lesson$/],
  ['state r5', /^r5, 0x/],
  ['state SRR1', /^SRR1, 0x/],
  ['state CR', /^cr0 LT,/],
  ['state XER', /^XER SO,/],
  ['state MSR', /^SF, bit 0,/],
  ['state DEC', /^DEC, /],
  ['state SPRG1', /^SPRG1, 0x/],
  ['state DAR', /^DAR, 0x/],
  ['msr RI', /^RI, bit 62,/],
  ['memory cell', /^Memory/],
]

test('a hint leads to its place, whichever it is', async ({ bench }) => {
  const all = [...led.map(([place]) => place), 'policy editor']
  expect(places.filter(p => !all.includes(p))).toEqual([])
  const tasks = all.map(
    (place, n) => `
  - title: Task ${n + 1}
    ask: Step.
    when: [{ register: r3, equals: '0x${(n + 1).toString(16)}' }]
    look: { at: machine, text: Machine }
    hint: { at: ${place}, text: 'This is where it leads' }`,
  )
  const lesson = `---
version: 2
id: places
title: Everywhere
policy: transparent
tasks:${tasks.join('')}
---
Text.

\`\`\`ppc64
# twostep: map=radix ail=3 ir=1 dr=1
_start:
        .rept   ${all.length}
        addi    r3, r3, 1
        .endr
cell:   .quad   0
\`\`\`
`
  await openFile(bench, 'places.md', lesson)
  await bench.waitFor('lesson', () => bench.lesson(), /Everywhere/)
  const follow = async () => {
    await bench.press('g', 'l')
    await bench.tabTo(/^Show a hint$/)
    await bench.press('Enter')
    await bench.tabTo(/^This is where it leads$/)
    await bench.press('Enter')
  }
  for (const [place, focused] of led) {
    await bench.leaveEditor()
    await follow()
    await bench.waitFor(`what has the focus for ${place}`, () => bench.focused(), focused)
    await bench.leaveEditor()
    await bench.step('o')
  }
  await follow()
  await bench.page.getByRole('dialog', { name: 'Policies' }).waitFor()
}, 180_000)

const own = (text: string) => `---
version: 2
id: own
title: A lesson of mine
policy: transparent
tasks:
  - title: One
    ask: ${JSON.stringify(text)}
    when:
      - { register: r3, equals: '0x1' }
    look: { at: state r3, text: 'r3 in State' }
---
${text}

\`\`\`ppc64
_start: li r3, 1
        b _start
\`\`\`
`

async function openFile(bench: Workbench, name: string, text: string): Promise<void> {
  const asked = bench.page.waitForEvent('filechooser')
  await bench.command('Open a lesson')
  await (await asked).setFiles({ name, mimeType: 'text/markdown', buffer: Buffer.from(text) })
}

describe('a lesson of the user', () => {
  test('is opened from a file, and its answer is saved', async ({ bench }) => {
    await openFile(bench, 'mine.md', own('Step once.'))
    await bench.waitFor('lesson', () => bench.lesson(), /A lesson of mine[\s\S]*Task 1 of 1/)
    await bench.leaveEditor()
    await bench.step('o')
    await bench.waitFor('lesson', () => bench.lesson(), /All tasks are done\./)
    const saved = bench.page.waitForEvent('download')
    await bench.command('Lesson: save my answer')
    const path = await (await saved).path()
    expect(readFileSync(path, 'utf8')).toBe('# A lesson of mine\n\nstep outside\n')
  })

  test('that is wrong is refused with its place, and the lesson before stays', async ({ bench }) => {
    await openFile(bench, 'mine.md', own('x').replace('title: One', 'titel: One'))
    expect(await bench.waitFor('notice', () => bench.notice(), /titel/)).toMatch(
      /mine\.md could not be opened: tasks\[0\]: there is no key "titel"\. Expected title.*nearest: title\. What was loaded stays loaded\./,
    )
    expect(await bench.lesson()).toContain('Lesson 1 of')
  })

  test('that is hostile does nothing', async ({ bench }) => {
    const evil =
      '<script>document.title = "evil"</script> <img src=x onerror="document.title = 1"> [a](javascript:document.title=2) ![p](https://example.org/p.png) <iframe src="https://example.org"></iframe>'
    await openFile(bench, 'mine.md', own(evil))
    await bench.waitFor('lesson', () => bench.lesson(), /A lesson of mine/)
    const lesson = bench.page.getByRole('complementary', { name: 'Lesson' })
    expect(await lesson.locator('script, img, iframe, a[href]:not([href^="https://"][target="_blank"]), [onerror]').count()).toBe(0)
    expect(await bench.page.title()).toContain('Twostep')
  })

  test('of another site is not fetched, and the page says what to do', async ({ bench }) => {
    await bench.page.evaluate(() => {
      location.hash = '#lesson=https://example.org/lesson.md'
    })
    expect(await bench.waitFor('notice', () => bench.notice(), /example/)).toContain('Save the file, then open it here')
    await bench.page.evaluate(() => {
      location.hash = '#lesson=lessons/4-what-is-traced.md'
    })
    await bench.waitFor('lesson', () => bench.lesson(), /The Trace interrupt, and what is not traced/)
  })
})
