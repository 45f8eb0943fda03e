/** The user's own keys (WCAG 2.1.4), given in Help by keyboard alone; and rows high enough for large pointers. */
import { chromium } from 'playwright-core'
import { inject } from 'vitest'
import { describe, expect, FLAGS, test, type Workbench } from './workbench.ts'

async function help(bench: Workbench): Promise<void> {
  await bench.command('Keys and words')
  await bench.page.getByRole('dialog', { name: 'Keys and words' }).waitFor()
}
const said = (bench: Workbench) => bench.page.locator('.help-keys [role=status]').innerText()

/** Presses these for a command's new key. */
async function give(bench: Workbench, command: string, ...keys: string[]): Promise<void> {
  await bench.page.getByRole('button', { name: `Change the key of ${command}`, exact: true }).press('Enter')
  await bench.waitFor('Help', () => said(bench), /Press the new key/)
  await bench.press(...keys)
}

async function closed(bench: Workbench): Promise<void> {
  await bench.page.getByRole('dialog', { name: 'Keys and words' }).getByRole('button', { name: 'Close' }).press('Enter')
  await bench.page.getByRole('dialog').waitFor({ state: 'detached' })
  await bench.leaveEditor()
}

test('another letter steps outside; the old one does nothing, the page shows the new, a reload keeps it', async ({ bench }) => {
  await help(bench)
  await give(bench, 'Outside: step', 'x')
  await bench.waitFor('Help', () => said(bench), /^Outside: step: X\.$/)
  await closed(bench)
  const button = bench.page.getByRole('button', { name: 'Outside: step', exact: true })
  expect(await button.getAttribute('aria-keyshortcuts')).toBe('X')
  expect(await button.locator('kbd').getAttribute('data-key')).toBe('X')
  await bench.press('o')
  await bench.step('x')
  expect(await bench.events()).toBe(9)
  await bench.page.waitForTimeout(1500)
  await bench.page.reload()
  await bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)
  await bench.waitFor('events', async () => `${await bench.events()}`, /^9$/)
  await bench.leaveEditor()
  await bench.press('o')
  await bench.step('x')
  expect(await bench.events()).toBe(18)
  await help(bench)
  await bench.page.getByRole('button', { name: 'All keys as at first' }).press('Enter')
  await closed(bench)
  await bench.step('o')
})

test('a key that another command has is taken when it is pressed again; pairs, F-keys, and none at all', async ({ bench }) => {
  await help(bench)
  await give(bench, 'Outside: step', 'h')
  await bench.waitFor('Help', () => said(bench), /^H is the key of Hypervisor: step\. Press it again/)
  await bench.press('h')
  await bench.waitFor('Help', () => said(bench), /^Outside: step: H\.$/)
  expect(await bench.page.getByRole('row', { name: /Hypervisor: step Change/ }).innerText()).toMatch(/none/)
  await give(bench, 'Next event', 'c')
  await bench.waitFor('Help', () => said(bench), /^C begins pairs/)
  await bench.press('n')
  await bench.waitFor('Help', () => said(bench), /^Next event: C then N\.$/)
  await give(bench, 'Inside: step', 'F2')
  await bench.waitFor('Help', () => said(bench), /^Inside: step: F2\.$/)
  await give(bench, 'Next vCPU', 'Delete')
  await bench.waitFor('Help', () => said(bench), /^Next vCPU has no key now\.$/)
  // A command that had none.
  await bench.page.getByLabel('Command without a key').selectOption({ label: 'Hypervisor: walk the run loop, or the step' })
  await bench.page.getByRole('button', { name: 'Give it a key' }).press('Enter')
  await bench.press('w')
  await bench.waitFor('Help', () => said(bench), /^Hypervisor: walk the run loop, or the step: W\.$/)
  await closed(bench)
  await bench.step('h')
  expect(await bench.sentence()).toMatch(/^Outside stepped/)
  await bench.press('w')
  await bench.waitFor('status', () => bench.sentence(), /walks the run loop/)
  await bench.press('[')
  await bench.waitFor('status', () => bench.sentence(), /^Event 8:/)
  await bench.press('c', 'n')
  await bench.waitFor('status', () => bench.sentence(), /^Live/)
})

test('what belongs to the browser, to moving about or to editing is refused; Esc leaves the key as it is', async ({ bench }) => {
  await help(bench)
  for (const key of ['F5', 'F12', 'Control+w', 'Alt+o', 'Enter', 'ArrowDown', 'Home', 'F9']) {
    await give(bench, 'Outside: step', key)
    await bench.waitFor('Help', () => said(bench), /^That key belongs to/)
    await bench.press('Escape')
    await bench.waitFor('Help', () => said(bench), /^Nothing was changed\.$/)
  }
  await closed(bench)
  await bench.step('o')
})

test('in the editor a letter that was given to a command that works everywhere is text', async ({ bench }) => {
  await help(bench)
  await give(bench, 'Repeat the active stepper', 'q')
  await closed(bench)
  await bench.editor.focus()
  await bench.press('Control+Home', 'q')
  expect(await bench.events()).toBe(0)
  await bench.waitFor('guest.s', () => bench.text('Guest code'), /q#/)
})

describe('rows', () => {
  const heights = async ({ page }: Workbench | { page: Workbench['page'] }) =>
    page.evaluate(() => {
      const of = (selector: string) =>
        [...document.querySelectorAll<HTMLElement>(selector)]
          .filter(e => e.checkVisibility())
          .map(e => Math.round(e.getBoundingClientRect().height))
      return {
        registers: of('#state .regs [role=gridcell], #state .gpr [role=gridcell]'),
        bits: of('#msr [role=gridcell]'),
        matrix: of('.leaks tbody tr'),
        code: of('.monaco-editor .view-line'),
      }
    })
  const small = (all: Record<string, number[]>) =>
    Object.entries(all).flatMap(([of, hs]) => (hs.length > 0 && hs.every(h => h >= 24) ? [] : [`${of}: ${hs}`]))

  test('comfortable are 24 px high, in State, code and matrix, and stay so', async ({ bench }) => {
    await bench.dock('Leaks')
    expect(small(await heights(bench)).length).toBeGreaterThan(0)
    await bench.leaveEditor()
    await bench.command('Rows: comfortable')
    await bench.waitFor('rows', async () => small(await heights(bench)).join('; '), /^$/)
    await bench.page.getByRole('tab', { name: 'Disassembly' }).press('Enter')
    const rows = bench.page.getByRole('grid', { name: /^Disassembly/ }).getByRole('row')
    await bench.waitFor('row', async () => `${(await rows.nth(3).boundingBox())?.height}`, /^(24|48)/)
    await bench.page.reload()
    await bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)
    expect(await bench.page.evaluate(() => document.documentElement.dataset.density)).toBe('comfortable')
    await bench.command('Rows: compact')
    await bench.waitFor('rows', () => bench.page.evaluate(() => document.documentElement.dataset.density!), /^compact$/)
  })

  test('are comfortable by themselves where the pointer is coarse', async () => {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
    try {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        hasTouch: true,
        isMobile: true,
        serviceWorkers: 'block',
      })
      const page = await context.newPage()
      await page.goto(inject('address'))
      await page.getByText('Worker ready').waitFor()
      await page.locator('.monaco-editor .view-line').first().waitFor({ state: 'attached' })
      await page.getByRole('tab', { name: 'Leaks' }).tap()
      await page.locator('.leaks tbody tr').first().waitFor()
      expect(small(await heights({ page }))).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
