/** A worker that dies or hangs, at rest and in the middle of a run, is replaced; the user is told what was lost, and goes on. */
import { readFileSync } from 'node:fs'
import { expect, test, type Workbench } from './workbench.ts'

const SPIN = '_start: addi r3,r3,1\n b _start\n'
const settle = (bench: Workbench) => bench.page.waitForTimeout(1500)

/** The worker of the machine. */
const machine = ({ page }: Workbench) => page.workers().find(w => /\/entry-/.test(w.url()))!
/** It ends without a word. */
const kill = (bench: Workbench) => machine(bench).evaluate(() => self.close())
/** It works for ever, and answers nothing. */
const hang = (bench: Workbench) => void machine(bench).evaluate(() => { for (;;); }).catch(() => {}) // biome-ignore format: one thing
/** As an error of the emulator would. */
const crash = (bench: Workbench) => machine(bench).evaluate(() => void setTimeout(() => { throw new Error('planted') })) // biome-ignore format: one thing

const replaced = (bench: Workbench, what: RegExp) =>
  bench.waitFor('notice', () => bench.notice(), new RegExp(`The emulator stopped: .*It was replaced\\. ${what.source}`), 40_000)

for (const [how, end] of [['dies', kill], ['hangs', hang]] as const) // biome-ignore format: a table
  test(`at rest it ${how}: nothing is lost`, async ({ bench }) => {
    await bench.load(SPIN)
    await bench.step('o', 'o')
    const [events, r3, phases] = [await bench.events(), await bench.register('r3'), await bench.phases()]
    await settle(bench)
    await end(bench)
    await bench.page.locator('#run').focus()
    await bench.press('o')
    await replaced(bench, /Nothing was lost\./)
    expect([await bench.events(), await bench.register('r3'), await bench.phases()]).toEqual([events, r3, phases])
    await bench.page.locator('#run').focus()
    await bench.step('o')
    // What is typed and not loaded is no work of the worker's.
    await bench.write('_start: nop # mine\n')
    await bench.leaveEditor()
    await end(bench)
    await bench.press('o')
    await replaced(bench, /./)
    expect(await bench.text('Guest code')).toContain('edited, not loaded')
  })

for (const [how, end] of [['dies', kill], ['hangs', hang]] as const) // biome-ignore format: a table
  test(`in the middle of a run it ${how}: what was done before is there, and most of the run`, async ({ bench }) => {
    await bench.load(SPIN)
    await bench.choosePolicy('Transparent')
    await bench.step('o', 'o')
    await bench.press('Space')
    await bench.waitFor('Machine', () => bench.text('Machine'), /Running/)
    await bench.page.waitForTimeout(6000)
    await end(bench)
    await replaced(
      bench,
      /(Of the run that was going on, the last [\d\u2009]+ instructions are lost; Run does them again|Nothing was lost)/,
    )
    await bench.waitFor('Machine', () => bench.text('Machine'), /Paused/)
    // The run was written while it went on.
    const came = await bench.register('r3')
    expect(came).toBeGreaterThan(100_000n)
    expect(await bench.events()).toBeGreaterThan(2)
    await bench.page.locator('#run').focus()
    await bench.press('Space')
    await expect.poll(() => bench.register('r3')).toBeGreaterThan(came)
    await bench.press('Space')
    await bench.waitFor('status', () => bench.sentence(), /^Paused/)
    // And back, before the run, to the steps.
    await bench.command('Machine: step back')
    await bench.command('Machine: step back')
    await expect.poll(() => bench.register('r3')).toBe(1n)
  })

test('an error of its own is said, and it is replaced', async ({ bench }) => {
  await bench.load(SPIN)
  await bench.step('o')
  await settle(bench)
  await crash(bench)
  await replaced(bench, /Nothing was lost\./)
  expect(await bench.notice()).toContain('planted')
  await bench.page.locator('#run').focus()
  await bench.step('o')
})

test('a session that cannot be opened again gives way to the first lesson, and stays kept', async ({ bench }) => {
  await bench.load(SPIN)
  await bench.step('o', 'o')
  const events = await bench.events()
  await settle(bench)
  // What is kept is of a form that only a later page reads.
  const change = (from: string, to: string) =>
    bench.page.evaluate(
      ([a, b]) =>
        new Promise<void>(done => {
          const opening = indexedDB.open('twostep')
          opening.onsuccess = () => {
            const store = opening.result.transaction('sessions', 'readwrite').objectStore('sessions')
            const all = store.getAll()
            all.onsuccess = () => {
              for (const kept of all.result) store.put({ ...kept, session: kept.session.replace(a, b) })
            }
            store.transaction.oncomplete = () => {
              opening.result.close()
              done()
            }
          }
        }),
      [from, to] as const,
    )
  await change('{"twostep":3', '{"twostep":99')
  await bench.page.reload()
  await bench.waitFor('lesson', () => bench.lesson(), /Lesson 1 of/)
  await bench.waitFor('notice', () => bench.notice(), /Your last session was not opened\. It is kept/)
  await bench.page.locator('#run').focus()
  await bench.step('o')
  await settle(bench)
  await change('{"twostep":99', '{"twostep":3')
  await bench.command('Sessions in this browser')
  const dialog = bench.page.getByRole('dialog', { name: 'Sessions in this browser' })
  await dialog.getByRole('button', { name: /^Open guest\.s/ }).press('Enter')
  await bench.waitFor('status', () => bench.sentence(), /opened as it was left/)
  expect(await bench.events()).toBe(events)
  // The one that was left is listed in its place, and can be deleted; this one is open.
  await bench.command('Sessions in this browser')
  await dialog.getByRole('button', { name: /^Delete guest\.s/ }).press('Enter')
  await bench.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).press('Enter')
  await expect.poll(() => dialog.getByRole('row').count()).toBe(2)
})

test('a session that ends the worker does not end the page: it says so, and gives the session as a file', async ({ bench }) => {
  await bench.load(SPIN)
  await bench.step('o', 'o')
  await settle(bench)
  await bench.page.addInitScript(() => {
    const Real = Worker
    window.Worker = class extends Real {
      override postMessage(message: unknown): void {
        super.postMessage(message)
        if ((message as { command?: string }).command === 'openSession') this.dispatchEvent(new ErrorEvent('error', { message: 'planted' }))
      }
    }
  })
  await bench.page.reload()
  await replaced(bench, /What was open could not be opened again\./)
  await bench.waitFor('lesson', () => bench.lesson(), /Lesson 1 of/)
  await bench.page.locator('#run').focus()
  await bench.step('o')
  const download = bench.page.waitForEvent('download')
  await bench.page.getByRole('button', { name: 'Save what was done to a file' }).press('Enter')
  expect(JSON.parse(readFileSync((await (await download).path())!, 'utf8')).program.text.trimEnd()).toBe(SPIN.trimEnd())
  // It stays kept: what is done now does not take its place.
  await settle(bench)
  await bench.command('Sessions in this browser')
  await expect.poll(() => bench.page.getByRole('dialog', { name: 'Sessions in this browser' }).getByRole('row').count()).toBe(3)
})
