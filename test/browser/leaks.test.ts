/** The matrix of probes in the page: run by keyboard in a second worker, cancelled, and Enter opens the program that shows a leak. */
import { describe, expect, test } from './workbench.ts'

describe('Leaks', () => {
  test('cells fill in from runs made here; Transparent has no leak; Enter opens the probe under the policy', async ({ bench }) => {
    await bench.dock('Leaks')
    await bench.tabTo(/^Run all checks$/)
    await bench.press('Enter')
    const panel = bench.page.getByRole('tabpanel', { name: 'Leaks' })
    await panel.getByRole('button', { name: 'Run all checks' }).waitFor({ timeout: 60_000 })
    const labels = await panel
      .getByRole('button', { name: /^Channel \d+, / })
      .evaluateAll(cells => cells.map(c => c.getAttribute('aria-label')!))
    expect(labels).toHaveLength(100)
    const of = (policy: string) => labels.filter(l => l.includes(`, ${policy}: `)).map(l => l.split(': ')[1]!.split('.')[0])
    expect(of('Transparent').filter(v => v !== 'pass')).toEqual([])
    expect(of('RFC v2').filter(v => v === 'leak').length).toBeGreaterThan(15)
    expect(labels.filter(l => l.includes('not run yet'))).toEqual([])
    // Row 3, RFC v2: the arrows move, Enter opens.
    await panel.getByRole('button', { name: /^Channel 1, RFC v2/ }).focus()
    await bench.press('ArrowDown', 'ArrowDown')
    expect(await bench.focused()).toMatch(/^Channel 3, RFC v2: leak\. The guest says “channel 3: SRR0 changed under me/)
    await bench.press('Enter')
    await bench.waitFor('status', () => bench.sentence(), /03-save-registers\.s loaded and paused|^Policy: RFC v2/)
    expect(await bench.text('Guest code')).toContain('m_srr0')
  }, 90_000)

  test('can be cancelled, and says how far it is', async ({ bench }) => {
    await bench.dock('Leaks')
    const panel = bench.page.getByRole('tabpanel', { name: 'Leaks' })
    await panel.getByRole('button', { name: 'Run all checks' }).press('Enter')
    await bench.waitFor('progress', () => panel.getByRole('status').innerText(), /^[1-9]\d* of \d+ checks done$/)
    await panel.getByRole('button', { name: 'Cancel' }).press('Enter')
    await panel.getByRole('button', { name: 'Run all checks' }).waitFor()
    expect(await panel.getByRole('status').innerText()).toBe('')
    expect(await bench.notice()).toBe('')
  }, 60_000)
})
