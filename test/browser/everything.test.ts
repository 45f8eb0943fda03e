/** All that a browser keeps, to a file and into another browser; and files that are none. */
import { readFileSync } from 'node:fs'
import { describe, expect, test, type Workbench } from './workbench.ts'

const SPIN = '_start: addi r3,r3,1\n b _start\n'
const settle = (bench: Workbench) => bench.page.waitForTimeout(1500)

async function exported(bench: Workbench): Promise<string> {
  const download = bench.page.waitForEvent('download')
  await bench.command('Everything: export')
  const file = await download
  expect(file.suggestedFilename()).toBe('twostep-everything.json')
  return readFileSync((await file.path())!, 'utf8')
}

async function given(bench: Workbench, text: string): Promise<void> {
  const asked = bench.page.waitForEvent('filechooser')
  await bench.command('Everything: import')
  await (await asked).setFiles([{ name: 'all.json', mimeType: 'application/json', buffer: Buffer.from(text) }])
}

async function imported(bench: Workbench, text: string): Promise<string> {
  await given(bench, text)
  const question = bench.page.getByRole('alertdialog')
  const said = await question.innerText()
  await bench.waitFor('focus', () => bench.focused(), /^Cancel$/)
  const again = bench.page.waitForEvent('load')
  await bench.press('Shift+Tab', 'Enter')
  await again
  await bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)
  await bench.page.locator('.monaco-editor .view-line').first().waitFor({ state: 'attached' })
  await bench.leaveEditor()
  return said
}

/** A policy of the user's, as the editor saves it. */
const savePolicy = async (bench: Workbench, name: string) => {
  await bench.command('Edit or compare policies')
  const dialog = bench.page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog.getByRole('button', { name: /^Save/ }).first().press('Enter')
  await bench.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await bench.leaveEditor()
}

const policies = async (bench: Workbench): Promise<string[]> =>
  bench.page.evaluate(() => (JSON.parse(localStorage.getItem('twostep.policies') ?? '[]') as { name: string }[]).map(p => p.name))

test('sessions with breakpoints, policies, progress and settings come to another browser, beside what is there', async ({
  bench,
  open,
}) => {
  // Progress in lesson 1: its first task.
  await bench.step('o')
  await bench.waitFor('lesson', () => bench.lesson(), /Task 2 of/)
  await savePolicy(bench, 'Mine of the first')
  await bench.command('Theme:')
  await bench.command('Rows: comfortable')
  await bench.load(SPIN)
  await bench.choosePolicy('Transparent')
  await bench.step('o', 'o', 'o')
  await bench.command('Breakpoint at the cursor line')
  await bench.waitFor('Breakpoints', () => bench.dock('Breakpoints'), /\d/)
  await bench.leaveEditor()
  const text = await exported(bench)
  const [events, breakpoints] = [await bench.events(), await bench.dock('Breakpoints')]

  const other = await open()
  await savePolicy(other, 'Mine of the second')
  await other.load('_start: li r7, 7\n b .\n')
  await other.step('o')
  await settle(other)
  expect(await imported(other, text)).toMatch(/all\.json has 1 session, \d polic(y|ies), progress in 1 lesson and the settings/)
  // The session here is open again, the policies of both are there, the settings are those of the file.
  await other.waitFor('r7', async () => `${await other.register('r7')}`, /^7$/)
  expect(await policies(other)).toEqual(expect.arrayContaining(['Mine of the second', 'Mine of the first']))
  expect(await other.page.evaluate(() => [document.documentElement.dataset.theme, document.documentElement.dataset.density])).toEqual([
    'dark',
    'comfortable',
  ])
  await other.page.getByRole('button', { name: /^(Lesson|Program)/ }).press('Enter')
  expect(await other.page.getByRole('menuitem', { name: /Are you being stepped/ }).innerText()).toContain('open')
  await other.press('Escape')
  await other.command('Sessions in this browser')
  await other.page.getByRole('button', { name: /^Open guest\.s/ }).press('Enter')
  await expect.poll(() => other.register('r3')).toBe(2n)
  expect(await other.events()).toBe(events)
  expect(await other.page.locator('#policy').innerText()).toContain('Transparent')
  expect(await other.dock('Breakpoints')).toBe(breakpoints)
  // Once more adds nothing.
  await other.leaveEditor()
  await imported(other, text)
  expect((await policies(other)).length).toBe(new Set(await policies(other)).size)
})

describe('a file that is none is refused, and nothing is changed', () => {
  test.for([
    ['of a later form', '{"twostepEverything":99,"remembered":{},"sessions":[]}', /it was made by a later Twostep \(form 99/],
    ['without sessions', '{"twostepEverything":1,"remembered":{}}', /it has no settings or no list of sessions/],
    ['with a session that is none', '{"twostepEverything":1,"remembered":{},"sessions":[{"at":1}]}', /session 1 in it cannot be read/],
    ['cut off', '{"twostepEverything":1,"remem', /it is not JSON/],
  ] as const)('%s', async ([, text, said], { bench }) => {
    await bench.step('o')
    await settle(bench)
    const before = await bench.page.evaluate(() => JSON.stringify({ ...localStorage }))
    await given(bench, text)
    await bench.waitFor('notice', () => bench.notice(), said)
    expect(await bench.notice()).toContain('Nothing was changed.')
    expect(await bench.page.evaluate(() => JSON.stringify({ ...localStorage }))).toBe(before)
    expect(await bench.events()).toBe(9)
  })

  test('what it brings under other names, or of another shape, is left out', async ({ bench }) => {
    const text = JSON.stringify({
      twostepEverything: 1,
      remembered: {
        theme: 'light',
        evil: '<script>1</script>',
        'lesson.__proto__': '{"polluted":1}',
        policies: '[{"name":1}]',
        keys: '{"run":"Alt F4"}',
      },
      sessions: [],
    })
    await imported(bench, text)
    expect(
      await bench.page.evaluate(() => [localStorage.getItem('twostep.evil'), 'polluted' in {}, localStorage.getItem('twostep.policies')]),
    ).toEqual([null, false, '[]'])
    await bench.step('o')
  })
})
