/** Advice while a guest runs: where it stands, that it leads to its event, and that it can be switched off for good. */
import { expect, test } from './workbench.ts'

const TRAPS = `# twostep: map=radix ail=3 ir=1 dr=1
_start: trap
        b       _start
        .section .vectors, "ax"
        .org    0xc000000000004700
        trap                            # SRR0 and SRR1 are not saved yet
`

test('advice is told at its event, can be switched off, and on again', async ({ bench }) => {
  const trap = async () => {
    await bench.load(TRAPS)
    await bench.choosePolicy('Transparent')
    await bench.step('o', 'o', 'o')
  }
  await trap()
  const advice = bench.page.getByRole('region', { name: 'Advice' })
  await bench.waitFor('advice', () => advice.innerText(), /Advice at event \d+: SRR overwritten/)
  await advice.getByRole('button', { name: /^event \d+: SRR overwritten$/ }).press('Enter')
  await bench.waitFor('advice', () => advice.innerText(), /Program interrupt at 0xc000000000004700 came while MSR\[RI\] was 0/)
  await advice.getByRole('button', { name: 'No advice' }).press('Enter')
  await advice.waitFor({ state: 'detached' })
  await bench.page.reload()
  await bench.waitFor('status bar', () => bench.page.getByRole('contentinfo').innerText(), /Worker ready/)
  await trap()
  expect(await bench.dock('Exception')).toContain('Program')
  expect(await advice.count()).toBe(0)
  await bench.command('Advice: on or off')
  await advice.waitFor()
})
