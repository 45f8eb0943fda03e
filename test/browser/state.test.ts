/** State: editing by popover and by switch, in the past too, taken back; and what "changed since" compares with. By keyboard. */
import { expect, test, type Workbench } from './workbench.ts'

const cell = (bench: Workbench, name: string) => bench.region('State').getByRole('gridcell', { name: new RegExp(`^${name}, `) })
const said = (bench: Workbench, wanted: RegExp) => bench.waitFor('status', () => bench.sentence(), wanted)
const label = (bench: Workbench, name: string) => cell(bench, name).first().getAttribute('aria-label')

async function edit(bench: Workbench, register: string, value: string): Promise<void> {
  await cell(bench, register).press('Enter')
  const field = bench.page.getByRole('textbox', { name: `New value of ${register}` })
  await field.fill(value)
  await field.press('Enter')
}

async function compareWith(bench: Workbench, choice: RegExp): Promise<void> {
  await bench
    .region('State')
    .getByRole('button', { name: /Choose what it compares with$/ })
    .press('Enter')
  await bench.page.getByRole('menuitemradio', { name: choice }).press('Enter')
}
const since = (bench: Workbench) =>
  bench
    .region('State')
    .getByRole('button', { name: /Choose what it compares with$/ })
    .innerText()

test('a value is validated as it is typed, set, and taken back; so is a bit', async ({ bench }) => {
  await bench.step('m')
  await cell(bench, 'r4').press('Enter')
  const field = bench.page.getByRole('textbox', { name: 'New value of r4' })
  await field.fill('12g4')
  const dialog = bench.page.getByRole('dialog', { name: 'Edit r4, vCPU 0' })
  expect(await dialog.getByRole('status').innerText()).toContain('Use hexadecimal digits only. The 3rd is “g”.')
  await field.press('Enter')
  expect(await bench.events()).toBe(1)
  await field.fill('1 0000 0000 0000 0000')
  expect(await dialog.getByRole('status').innerText()).toContain('The register has 64 bits: at most 16 digits. These are 17.')
  await field.fill('0x12_34')
  await field.press('Enter')
  await said(bench, /^r4 set to 0x1234\.$/)
  await cell(bench, 'FP, bit 50').first().press(' ')
  await said(bench, /^MSR set to/)
  expect(await label(bench, 'FP, bit 50')).toMatch(/physical 0/)
  expect(await bench.events()).toBe(3)
  // The last first.
  await cell(bench, 'r4').press('Control+z')
  await expect.poll(() => label(bench, 'FP, bit 50')).toMatch(/physical 1/)
  await bench.press('Control+z')
  await expect.poll(() => bench.register('r4')).toBe(0n)
  expect(await bench.events()).toBe(5)
  await bench.press('Control+z')
  await bench.waitFor('notice', () => bench.notice(), /^Nothing was edited since/)
  // What the guest did since is not undone with it.
  await edit(bench, 'r4', '55')
  await said(bench, /^r4 set to 0x55/)
  await bench.leaveEditor()
  await bench.step('m')
  await bench.command('Take your last edit of the machine back')
  await bench.waitFor('notice', () => bench.notice(), /^The guest has gone on since r4 was edited, in event 6\. Nothing was taken back/)
})

test('an edit of the past begins a branch, and the course that was left can be gone over to', async ({ bench }) => {
  await bench.step('m', 'm', 'm', 'm')
  await bench.press('[', '[')
  await said(bench, /^Event 2/)
  await cell(bench, 'r9').press('Enter')
  const dialog = bench.page.getByRole('dialog', { name: 'Edit r9, vCPU 0' })
  expect(await dialog.innerText()).toContain('Begins a branch: what came after event 2 is kept')
  const field = dialog.getByRole('textbox')
  await field.fill('77')
  await field.press('Enter')
  await said(bench, /^r9 set to 0x77\. Live from event 2 on: what came after it is kept as a branch\.$/)
  expect(await bench.events()).toBe(3)
  expect(await bench.labels()).toHaveLength(3)
  await bench.dock('History')
  await bench.page
    .getByRole('button', { name: /^Go over/ })
    .first()
    .press('Enter')
  await said(bench, /^Went over to branch/)
  expect(await bench.events()).toBe(4)
  expect((await bench.labels()).join()).not.toContain('edit')
  expect(await bench.register('r9')).toBe(0n)
})

test('changed since: the last stop, the start of the step, the event shown', async ({ bench }) => {
  await bench.step('m', 'm')
  expect(await since(bench)).toBe('changed since event 1')
  await compareWith(bench, /^Start of the outside step/)
  await bench.waitFor('notice', () => bench.notice(), /^No outside step begins before the event shown/)
  await bench.leaveEditor()
  await bench.step('h', 'h', 'h', 'h', 'h')
  const behind = await since(bench)
  expect(behind).not.toBe('changed since event 2')
  await compareWith(bench, /^Start of the outside step/)
  await expect.poll(() => since(bench)).toBe('changed since event 2')
  await bench.leaveEditor()
  await bench.step('o')
  expect(await since(bench)).toBe('changed since event 2')
  // The instruction of the step wrote r5.
  expect(await label(bench, 'r5')).toMatch(/changed$/)
  await compareWith(bench, /^The event shown/)
  const now = await bench.events()
  await expect.poll(() => since(bench)).toBe(`changed since event ${now}`)
  expect(await label(bench, 'r5')).not.toMatch(/changed$/)
  await bench.leaveEditor()
  await bench.press('[')
  await expect.poll(() => since(bench)).toBe(`compared with event ${now}`)
  await bench.command('State: compare with the last stop')
  await expect.poll(() => since(bench)).toMatch(/^changed since event/)
})
