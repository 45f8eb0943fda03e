/** The session outlives the page: reload, link, file, a second tab; and what is broken loses nothing. */
import { readFileSync } from 'node:fs'
import { describe, expect, test, type Workbench } from './workbench.ts'

const ready = (bench: Workbench) => bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)
const opened = (bench: Workbench) => bench.waitFor('status', () => bench.sentence(), /opened as it was left/)
const SPIN = '_start: addi r3,r3,1\n b _start\n'

/** Longer than work stands still before it is kept. */
const settle = (bench: Workbench) => bench.page.waitForTimeout(1500)

test('a reload finds the program, what was done, the step in flight and the breakpoints', async ({ bench }) => {
  await bench.load(SPIN)
  await bench.choosePolicy('Transparent')
  await bench.step('o', 'o', 'h', 'h')
  const [events, phases, r3] = [await bench.events(), await bench.phases(), await bench.register('r3')]
  await settle(bench)
  await bench.page.reload()
  await ready(bench)
  await opened(bench)
  expect([await bench.events(), await bench.phases(), await bench.register('r3')]).toEqual([events, phases, r3])
  expect(await bench.page.locator('#policy').innerText()).toContain('Transparent')
  await bench.page.locator('#run').focus()
  await bench.step('o')
  expect(await bench.register('r3')).toBe(2n)
})

test('text that was not loaded yet is kept too', async ({ bench }) => {
  await bench.load(SPIN)
  await bench.write('_start: nop # mine\n')
  await settle(bench)
  await bench.page.reload()
  await ready(bench)
  await bench.waitFor('editor', () => bench.page.locator('.monaco-editor .view-lines').first().innerText(), /mine/)
  expect(await bench.text('Guest code')).toContain('edited, not loaded')
})

test('a second tab begins anew, and neither writes over the other', async ({ bench }) => {
  await bench.load(SPIN)
  await bench.step('o')
  await settle(bench)
  const second = await bench.page.context().newPage()
  await second.goto(bench.page.url())
  await second.getByText('Worker ready').waitFor()
  await second.getByText('Are you being stepped?').first().waitFor()
  await second.locator('#run').focus()
  await second.keyboard.press('o')
  await second.getByText(/Recording, \d+ events/).waitFor()
  await second.waitForTimeout(1500)
  await second.close()
  await bench.page.reload()
  await ready(bench)
  await opened(bench)
  expect(await bench.register('r3')).toBe(1n)
})

describe('a link', () => {
  test('opens the session at its position, elsewhere', async ({ bench, open }) => {
    await bench.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await bench.load(SPIN)
    await bench.step('o', 'o', 'o')
    await bench.press('[', '[')
    await bench.waitFor('scrubber', () => bench.text('Timeline'), /Event \d+ of \d+/)
    await bench.command('Share: copy a link')
    await bench.waitFor('button', () => bench.page.locator('header').innerText(), /Copied/)
    const link = await bench.page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(/#session=[\w-]+$/)
    const [r3, events] = [await bench.register('r3'), await bench.events()]
    const other = await open()
    await other.page.evaluate(hash => {
      location.hash = hash
    }, new URL(link).hash)
    await opened(other)
    expect([await other.register('r3'), await other.events()]).toEqual([r3, events])
    expect(other.page.url()).not.toContain('#session')
  })

  test('carries how the panels stood; the reader’s own arrangement is there again when they choose one', async ({ bench, open }) => {
    await bench.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await bench.load(SPIN)
    await bench.command('layout: race')
    await bench.waitFor('timeline', async () => `${(await bench.page.locator('#timeline').boundingBox())?.height}`, /^296/)
    await bench.dock('Memory')
    await bench.page.getByRole('tab', { name: 'Disassembly' }).press('Enter')
    const state = (await bench.page.locator('#state').boundingBox())!
    await bench.page.mouse.move(state.x - 1, 500)
    await bench.page.mouse.down()
    await bench.page.mouse.move(state.x - 61, 500, { steps: 4 })
    await bench.page.mouse.up()
    const standing = async ({ page }: Workbench) => {
      const [timeline, registers] = await Promise.all(['#timeline', '#state'].map(at => page.locator(at).boundingBox()))
      const [height, width] = [timeline?.height ?? 0, registers?.width ?? 0]
      const tabs = await page.locator('[role=tab][aria-selected=true]').allInnerTexts()
      return JSON.stringify({ height: Math.round(height), width: Math.round(width), tabs })
    }
    await bench.waitFor('panels', () => standing(bench), /"width":480/)
    const wanted = await standing(bench)
    await bench.leaveEditor()
    await bench.command('Share: copy a link')
    await bench.waitFor('button', () => bench.page.locator('header').innerText(), /Copied/)
    const link = await bench.page.evaluate(() => navigator.clipboard.readText())
    const other = await open()
    const before = await standing(other)
    const kept = () =>
      other.page.evaluate(() =>
        Object.keys(localStorage)
          .filter(key => key.startsWith('twostep.layout'))
          .join(),
      )
    const own = await kept()
    await other.page.evaluate(hash => void (location.hash = hash), new URL(link).hash)
    await opened(other)
    await other.waitFor('panels', () => standing(other), new RegExp(wanted.replace(/[[\]{}()|.]/g, '\\$&')))
    // It holds in this tab, and what the browser remembers of the reader's own is as it was.
    await settle(other)
    await other.page.reload()
    await opened(other)
    await other.waitFor('panels', () => standing(other), new RegExp(wanted.replace(/[[\]{}()|.]/g, '\\$&')))
    expect(await kept()).toBe(own)
    await other.command('layout: lesson')
    await other.waitFor('panels', () => standing(other), new RegExp(/"height":\d+,"width":\d+/.exec(before)![0]))
  })

  test('that was cut off says so, and nothing is lost', async ({ bench }) => {
    const state = await bench.text('State')
    await bench.page.evaluate(() => {
      location.hash = '#session=dZ1Bbo'
    })
    await bench.waitFor('notice', () => bench.notice(), /The session in this link cannot be read: the link may have been cut off/)
    expect(await bench.text('State')).toBe(state)
  })
})

describe('a file', () => {
  const open = async (bench: Workbench, text: string) => {
    const asked = bench.page.waitForEvent('filechooser')
    await bench.command('Session: open a file')
    await (await asked).setFiles([{ name: 'x.twostep.json', mimeType: 'application/json', buffer: Buffer.from(text) }])
  }

  test('has the session, and is opened again', async ({ bench }) => {
    await bench.load(SPIN)
    await bench.step('o', 'o')
    const download = bench.page.waitForEvent('download')
    await bench.command('Session: save to a file')
    const file = await download
    expect(file.suggestedFilename()).toBe('guest.twostep.json')
    const text = readFileSync((await file.path())!, 'utf8')
    const events = await bench.events()
    await bench.command('Machine: reset')
    await bench.waitFor('events', async () => `${await bench.events()}`, /^0$/)
    await open(bench, text)
    // guest.s has what was typed, and is asked for.
    await bench.page.getByRole('alertdialog').getByRole('button', { name: 'Open' }).click()
    await opened(bench)
    expect(await bench.events()).toBe(events)
  })

  test.for([
    ['{"twostep":99}', /It was made by a later Twostep \(form 99; this one reads up to \d+\)/],
    ['[]', /This is no session of Twostep/],
    ['{"twostep":1,"program":{"kind":"source","name":"x.s","text":"fly"}}', /Its program x\.s has errors, the first in line 1/],
  ] as const)('%s is refused, and what was loaded stays', async ([text, said], { bench }) => {
    const state = await bench.text('State')
    await open(bench, text)
    await bench.waitFor('notice', () => bench.notice(), said)
    expect(await bench.text('State')).toBe(state)
  })
})

test('opening what ran for long says how far it is, and can be cancelled', async ({ bench }) => {
  await bench.load(SPIN)
  const download = bench.page.waitForEvent('download')
  await bench.step('o')
  await bench.command('Session: save to a file')
  const session = JSON.parse(readFileSync((await (await download).path())!, 'utf8'))
  session.actions = [
    { do: { kind: 'run' }, actor: 'machine', vcpu: 0, boundaries: 4_000_000_000, transitions: 1, paused: true, policy: session.policy },
  ]
  const asked = bench.page.waitForEvent('filechooser')
  await bench.command('Session: open a file')
  await (await asked).setFiles([{ name: 'long.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(session)) }])
  await bench.page.getByRole('alertdialog').getByRole('button', { name: 'Open' }).click()
  await bench.page.getByRole('progressbar').waitFor()
  const r3 = await bench.register('r3')
  await bench.page.getByRole('button', { name: 'Cancel' }).press('Enter')
  await bench.waitFor('notice', () => bench.notice(), /Opening the session was cancelled\. Nothing was changed\./)
  expect(await bench.register('r3')).toBe(r3)
})

test('in a lesson of the user’s own a reload keeps the lesson, its task and the answer so far', async ({ bench }) => {
  const lesson = readFileSync(new URL('../../docs/lessons.md', import.meta.url), 'utf8').match(/````markdown\n([\s\S]*?)\n````/)![1]!
  const asked = bench.page.waitForEvent('filechooser')
  await bench.command('Open a lesson')
  await (await asked).setFiles({ name: 'count.md', mimeType: 'text/markdown', buffer: Buffer.from(`${lesson}\n`) })
  await bench.waitFor('lesson', () => bench.lesson(), /Count to three/)
  await bench.leaveEditor()
  await bench.step('o', 'o', 'o')
  await settle(bench)
  await bench.page.reload()
  await ready(bench)
  await opened(bench)
  await bench.waitFor('lesson', () => bench.lesson(), /Count to three/)
  await bench.page.locator('#run').focus()
  for (let n = 0; n < 4; n++) await bench.step('o')
  await bench.waitFor('lesson', () => bench.lesson(), /Task 2 of 2/)
  const download = bench.page.waitForEvent('download')
  await bench.command('Lesson: save my answer')
  const answer = readFileSync((await (await download).path())!, 'utf8')
  expect(answer).toContain('step outside 7')
  expect(answer).not.toMatch(/is not written/)
})

test('breakpoints and the policy chosen are there after a reload, where nothing was stepped yet', async ({ bench }) => {
  await bench.choosePolicy('Transparent')
  await bench.page.locator('#run').focus()
  await bench.command('Breakpoint at the cursor line')
  await bench.waitFor('Breakpoints', () => bench.dock('Breakpoints'), /_start/)
  await settle(bench)
  await bench.page.reload()
  await ready(bench)
  await opened(bench)
  expect(await bench.page.locator('#policy').innerText()).toContain('Transparent')
  await bench.waitFor('Breakpoints', () => bench.dock('Breakpoints'), /_start/)
})
