/** A recording of very many events: all are there, any can be shown, the oldest go when there are more than the user wants. */
import { expect, test, type Workbench } from './workbench.ts'

/** Four boundaries and two events a turn; r9 counts the turns. */
const EVENTFUL = '_start: li r3, 0x54\n        li r4, 0\n        sc 1\n        addi r9, r9, 1\n        b _start\n'

async function recorded(bench: Workbench, least: number): Promise<number> {
  await bench.press('Space')
  await expect.poll(() => bench.events(), { timeout: 60_000 }).toBeGreaterThan(least)
  await bench.press('Space')
  await bench.waitFor('status', () => bench.sentence(), /^Paused at/)
  return bench.events()
}

const slider = (bench: Workbench) => bench.page.getByRole('slider', { name: 'Time travel' })
const first = async (bench: Workbench) => Number(await slider(bench).getAttribute('aria-valuemin'))

test('tens of thousands of events, sought by key and by number, drawn as counts', async ({ bench }) => {
  await bench.load(EVENTFUL)
  const events = await recorded(bench, 30_000)
  await bench.command('event 20001')
  await bench.waitFor('status', () => bench.sentence(), /^Event 20001: /)
  const turns = await bench.register('r9')
  await slider(bench).focus()
  await bench.press('End')
  await bench.waitFor('slider', async () => (await slider(bench).getAttribute('aria-valuenow')) ?? '', new RegExp(`^${events}$`))
  expect(await bench.register('r9')).toBeGreaterThan(turns)
  await bench.press('Home')
  await bench.waitFor('status', () => bench.sentence(), /^Before the first event/)
  expect(await bench.register('r9')).toBe(0n)
  const zoomOut = bench.page.getByRole('button', { name: 'Zoom out' })
  for (let n = 0; n < 16; n++) await zoomOut.click()
  // A cell says how many.
  await expect.poll(() => bench.page.locator('.tl-svg text').allTextContents()).toContainEqual(expect.stringMatching(/^\d[\d\u2009]*$/))
})

test('when there are more than are kept, the oldest are dropped, and the page says so', async ({ bench }) => {
  await bench.command('Recording: keep 100')
  await bench.waitFor('status', () => bench.sentence(), /^At least 100\u2009000 events are kept/)
  await bench.load(EVENTFUL)
  const events = await recorded(bench, 220_000)
  const least = await first(bench)
  expect(least).toBeGreaterThan(1)
  expect(events - least + 1).toBeGreaterThanOrEqual(100_000)
  expect(await bench.text('Timeline')).toMatch(/Last [12]\d\d\u2009\d{3} kept/)
  await slider(bench).focus()
  await bench.press('Home')
  await bench.waitFor('status', () => bench.sentence(), new RegExp(`^Event ${least}: `))
  const turns = await bench.register('r9')
  // Earlier times can be shown all the same.
  await bench.leaveEditor()
  await bench.command('instruction 1000')
  await bench.waitFor('r9', async () => `${await bench.register('r9')}`, /^(?:199|200)$/)
  expect(turns).toBeGreaterThan(200n)
  // The next visit keeps as many.
  await bench.page.reload()
  await bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)
  await bench.leaveEditor()
  await bench.command('Recording: keep 100')
  await bench.waitFor('notice', () => bench.notice(), /So many are kept/)
})
