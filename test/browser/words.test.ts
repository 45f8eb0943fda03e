/** The words page and the teachers' page, by command, from Help, from the menu of lessons and by address. */
import { expect, test } from './workbench.ts'

test('words are looked up, and by the keyboard alone', async ({ bench }) => {
  await bench.press('?')
  await bench.page.getByRole('dialog', { name: 'Keys and words' }).getByRole('button', { name: 'All words and acronyms' }).press('Enter')
  const words = bench.page.getByRole('dialog', { name: 'Words' })
  await words.waitFor()
  await expect.poll(() => bench.focused()).toBe('Word, acronym, register or bit')
  await bench.page.keyboard.type('srr1')
  expect(await words.getByRole('term').first().innerText()).toBe('SRR1')
  expect(await words.getByRole('definition').first().innerText()).toContain('cause of the interrupt')
  expect(await words.getByRole('status').innerText()).toMatch(/^\d+ words?$/)
  await bench.press('Control+a')
  await bench.page.keyboard.type('no such thing')
  expect(await words.innerText()).toContain('Nothing is called so')
  await bench.press('Escape', 'Escape')
  await words.waitFor({ state: 'detached' })
})

test('an address opens them', async ({ open }) => {
  const bench = await open({ at: '#words=SE' })
  const words = bench.page.getByRole('dialog', { name: 'Words' })
  expect(await words.getByRole('term').first().innerText()).toBe('MSR[SE], bit 53')
  expect(bench.page.url()).not.toContain('#words')
})

test('the teachers’ page has lessons, embedding and grading, with their tables', async ({ bench }) => {
  await bench.page.getByRole('button', { name: /^Lesson 1/ }).press('Enter')
  await bench.page.getByRole('menuitem', { name: 'For teachers' }).click()
  const page = bench.page.getByRole('dialog', { name: 'For teachers' })
  for (const name of ['Lessons, for teachers', 'Grading', 'Twostep within another page', 'What the page around asks'])
    await page.getByRole('heading', { name, exact: true }).waitFor()
  expect(await page.getByRole('table').count()).toBeGreaterThan(5)
  expect(await page.innerText()).not.toContain('|---')
})
