/** The matrix of probes in the page: run by keyboard in a second worker, cancelled, and Enter goes to the step that leaks. */
import { describe, expect, test, type Workbench } from './workbench.ts'

const panelOf = (bench: Workbench) => bench.page.getByRole('tabpanel', { name: 'Leaks' })

async function runAll(bench: Workbench): Promise<void> {
  await bench.dock('Leaks')
  await panelOf(bench).getByRole('button', { name: 'Run all checks' }).press('Enter')
  await panelOf(bench).getByRole('button', { name: 'Run all checks' }).waitFor({ timeout: 60_000 })
}

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
    await bench.waitFor('status', () => bench.sentence(), /^Outside stepped nop\. From here on the guest notices, .*SRR0 changed under me/)
    expect(await bench.text('Guest code')).toContain('m_srr0')
    // It stands behind the step: the row names its event, and interrupts are delivered as they were in the cell.
    expect(await panel.getByRole('row', { name: /^3 SRR0 and SRR1/ }).innerText()).toMatch(/seen in this recording, event 10/)
    expect(await bench.register('SRR1')).toBe(0x8000000042803433n)
    await bench.waitFor('Outside', () => bench.text('Outside'), /next mfsrr0 r22/)
    expect(await bench.page.getByRole('radio', { name: 'deliver', exact: true }).getAttribute('aria-checked')).toBe('true')
    // Taken back, and stepped again.
    await bench.leaveEditor()
    await bench.press('Shift+o')
    await bench.waitFor('Outside', () => bench.text('Outside'), /next nop/)
    expect(await bench.leaks()).toBe(0)
    await bench.step('o')
    expect(await bench.leaks()).toBe(2)
  }, 90_000)

  test('a cell of two vCPUs opens with any that may run; a step that is lost is shown where it is lost; each probe opens by itself', async ({
    bench,
  }) => {
    await runAll(bench)
    const panel = panelOf(bench)
    const open = (cell: RegExp) => panel.getByRole('button', { name: cell }).press('Enter')
    await open(/^Channel 12, RFC v2/)
    await bench.waitFor('Hypervisor', () => bench.text('Hypervisor'), /Exit from vCPU 1, expected vCPU 0/)
    expect(await bench.text('Inside')).toMatch(/Blocked[\s\S]*vCPU 1 handler\s+did not run/)
    expect(await bench.page.getByRole('radio', { name: 'off', exact: true }).getAttribute('aria-checked')).toBe('true')
    await open(/^Channel 2, RFC v6/)
    await bench.waitFor('status', () => bench.sentence(), /^In the step of ld r9,0\(r21\) the controller lost its hold: the data storage/)
    expect(await bench.text('Hypervisor')).toContain('Step lost')
    expect(await bench.register('NIP')).toBe(0xc000000000004300n)
    await panel.getByRole('button', { name: 'A trap instruction' }).press('Enter')
    await bench.waitFor('status', () => bench.sentence(), /^In the step of trap the controller lost its hold/)
    await open(/^Channel 3, Transparent/)
    await bench.waitFor('status', () => bench.sentence(), /^The guest has come to its verdict, .* has noticed nothing\.$/)
    expect(await bench.leaks()).toBe(0)
    expect(await bench.notice()).toBe('')
  }, 90_000)

  test('a cross of the listing leads to the row of its channel; what is not checked stands beside the line', async ({ bench }) => {
    const listing = bench.region('Hypervisor code')
    expect(await listing.getByRole('listitem').filter({ hasText: 'if exit.nip == addr:' }).innerText()).toContain(
      'which vCPU is not checked',
    )
    await listing.getByRole('button', { name: 'Line 10 leaks, channel 12' }).press('Enter')
    await bench.waitFor('focus', () => bench.focused(), /^Channel 12, RFC v2: not run yet/)
    await listing.getByRole('button', { name: 'Line 2 leaks, channel 13' }).press('Enter')
    await bench.waitFor('focus', () => bench.focused(), /^Channel 13, RFC v2: not run yet/)
    await bench.choosePolicy('Transparent')
    expect(await listing.innerText()).not.toContain('is not checked')
  })

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
