/** What cannot be changed in the middle of an outside step, by the page's own controls: said in the page, and nothing is lost. */
import { describe, expect, test, type Workbench } from './workbench.ts'

async function editRegister(bench: Workbench, name: string, value: string): Promise<void> {
  await bench
    .region('State')
    .getByRole('gridcell', { name: new RegExp(`^${name}, 0x`) })
    .press('Enter')
  await bench.page.getByRole('dialog').waitFor()
  await bench.press('Control+a')
  await bench.page.keyboard.type(value)
  await bench.press('Enter')
}

describe('in the middle of an outside step', () => {
  const changes: readonly [what: string, change: (bench: Workbench) => Promise<void>, says: RegExp][] = [
    [
      'policy',
      b => b.command('Policy: Transparent'),
      /^An outside step is in flight: the policy stays\. Finish the step or take it back first\./,
    ],
    [
      'scheduler-locking',
      async b => b.page.getByRole('radiogroup', { name: 'Scheduler-locking' }).getByRole('radio', { name: 'step' }).press('Enter'),
      /^An outside step is in flight: scheduler-locking stays\. Finish the step or take it back first\./,
    ],
    [
      'AIL',
      async b => b.page.getByRole('radiogroup', { name: 'LPCR[AIL]' }).getByRole('radio', { name: '0' }).press('Enter'),
      /^The outside step of vCPU 0 has LPCR in hand: .* Finish the step or take it back, then edit LPCR\. Nothing was changed\./,
    ],
    [
      'NIP',
      b => editRegister(b, 'NIP', '0x10000'),
      /^The outside step of vCPU 0 has NIP in hand: .* Finish the step or take it back, then edit NIP\. Nothing was changed\./,
    ],
  ]

  test.for(changes)('%s stays, and it is said what to do; the step ends as if nothing had been asked', async ([, change, says], {
    bench,
  }) => {
    await bench.step('h', 'h', 'h')
    const state = await bench.text('State')
    await change(bench)
    await bench.waitFor('notice', () => bench.notice(), says)
    await bench.press('Escape')
    expect(await bench.text('State')).toBe(state)
    expect(await bench.text('Hypervisor')).toContain('Stopped before trace')
    expect([await bench.page.locator('#policy').innerText(), await bench.events()]).toEqual([expect.stringContaining('RFC v2'), 3])
    await bench.leaveEditor()
    await bench.press('o')
    await bench.waitFor('status', () => bench.sentence(), /^Outside stepped li r3,0; the guest stands at 0xc000000000010004\.$/)
  })
})

test('NIP edited with a trace of the guest pending: the trace is dropped, and the page says so', async ({ bench }) => {
  await bench.load('# twostep: map=radix ail=3 ir=1 dr=1 se=1 ram=16M\n_start: li r3,1\n li r4,2\n b _start\n')
  await bench.choosePolicy('Transparent')
  await bench.leaveEditor()
  await bench.step('o')
  expect(await bench.text('Inside')).toContain('Guest trace pending')
  expect(await bench.text('Outside')).toContain('next guest trace')
  await editRegister(bench, 'NIP', '0xc000000000010000')
  await bench.waitFor('status', () => bench.sentence(), /^NIP set to 0xc000000000010000\. The guest's pending trace was dropped\.$/)
  expect(await bench.text('Inside')).not.toContain('Guest trace pending')
  expect(await bench.text('Outside')).toContain('next li r3,1')
  // Back brings it back, and the next step delivers it.
  await bench.leaveEditor()
  await bench.press('Shift+o')
  await bench.step('o')
  expect(await bench.text('Inside')).toContain('Guest trace pending')
  await bench.step('o')
  await bench.waitFor('status', () => bench.sentence(), /^Outside delivered the guest trace; the guest stands at 0xc000000000004d00\.$/)
})
