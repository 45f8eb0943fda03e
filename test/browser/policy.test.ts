/** The policy editor: opened by keyboard and by link, edited, refused, saved. */
import { describe, expect, test, type Workbench } from './workbench.ts'

const dialog = (bench: Workbench) => bench.page.getByRole('dialog', { name: 'Policies' })

describe('by keyboard', () => {
  test('a contradiction is said at its row; a change without one is saved, chosen and in the palette', async ({ bench }) => {
    await bench.command('edit or compare policies')
    await dialog(bench).waitFor()
    await dialog(bench).getByLabel('Begin with').selectOption('transparent')
    await dialog(bench).getByLabel('Compare with').selectOption('transparent')
    expect(await dialog(bench).innerText()).toMatch(/\b0 of \d+ choices differ/)
    await dialog(bench).getByLabel('Where the word lives').selectOption('guest memory')
    await bench.waitFor('row', () => dialog(bench).innerText(), /do not go together: another vCPU meets the word/)
    await dialog(bench).getByLabel('Where the word lives').selectOption('fetch overlay')
    await dialog(bench).getByLabel('Reservation').selectOption('lost')
    await bench.waitFor('row', () => dialog(bench).innerText(), /\b1 of \d+ choices differ/)
    await bench.tabTo(/^Save and use$/)
    await bench.press('Enter')
    await bench.waitFor('said', () => dialog(bench).getByRole('status').innerText(), /“My Transparent” is saved in this browser and chosen/)
    await bench.press('Escape')
    await dialog(bench).waitFor({ state: 'detached' })
    expect(await bench.page.locator('#policy').innerText()).toContain('My Transparent')
  })

  test('a broken link says so, and nothing is lost', async ({ bench }) => {
    await bench.page.evaluate(() => { location.hash = '#policy=%%%' })
    await bench.waitFor('notice', () => bench.page.locator('body').innerText(), /The policy in this link cannot be read/)
    expect(await dialog(bench).count()).toBe(0)
  })
}) // biome-ignore format: short
