/** Time travel: back to breakpoints and writers, any time of a long run, what a step changed, branches; by keyboard. */
import { expect, test, type Workbench } from './workbench.ts'

const LONG = `# twostep: map=radix ir=1 dr=1
_start:
        li      r7, 0
        lis     r6, 2
        li      r8, 3
        mtctr   r8
once:   addi    r7, r7, 1
        stb     r7, 5(r6)
        bdnz    once
for_ever:
        addi    r9, r9, 1
        b       for_ever
`
const status = (bench: Workbench, wanted: RegExp) => bench.waitFor('status', () => bench.sentence(), wanted)

async function ranLong(bench: Workbench): Promise<void> {
  await bench.load(LONG)
  await bench.press('Space')
  await bench.page.waitForTimeout(700)
  await bench.press('Space')
  await status(bench, /^Paused/)
}

async function asked(bench: Workbench, label: string, text: string): Promise<void> {
  const field = bench.page.getByRole('textbox', { name: label })
  await field.fill(text)
  await field.press('Enter')
}

test('what last wrote a register and a byte, hundreds of millions of instructions ago; back to live', async ({ bench }) => {
  await ranLong(bench)
  await bench.dock('History')
  await asked(bench, 'What last wrote', 'r7')
  await status(bench, /^r7, which is 0x3 there, was last written by "addi r7,r7,1"/)
  expect(await bench.register('r7')).toBe(2n)
  await asked(bench, 'What last wrote', '0x20005')
  await status(bench, /^The byte at 0x20005, which is 0x2 there, was last written by "stb r7,5\(r6\)"/)
  await asked(bench, 'What last wrote', 'nowhere!')
  await expect.poll(() => bench.page.getByRole('form', { name: 'What last wrote' }).getByRole('alert').innerText()).toMatch(/No symbol/)
  // The palette, too, from the live end.
  await bench.leaveEditor()
  await bench.command('Return to live')
  await status(bench, /^Live/)
  await bench.command('What last wrote ctr')
  await status(bench, /CTR, which is 0x0 there, was last written by "bdnz/)
})

test('any time of a long run; on from there, with the other course kept and come back to', async ({ bench }) => {
  await ranLong(bench)
  const end = await bench.register('r9')
  await bench.dock('History')
  await asked(bench, 'Instructions since reset', '1 000 000')
  await status(bench, /boundaries on\.$/)
  const then = await bench.register('r9')
  expect(then).toBeGreaterThan(499_000n)
  expect(then).toBeLessThan(500_001n)
  const ways = bench.page.getByRole('region', { name: 'Go back' })
  await ways.getByRole('button', { name: 'Go on from here' }).press('Enter')
  await status(bench, /kept as a branch/)
  await bench.leaveEditor()
  await bench.command('Machine: step one boundary')
  await bench.page.getByRole('button', { name: 'Go over to branch 1' }).press('Enter')
  await status(bench, /^Went over to branch 1/)
  expect(await bench.register('r9')).toBe(end)
  // And over again, to the course that was left.
  await bench.page.getByRole('button', { name: 'Go over to branch 2' }).press('Enter')
  await status(bench, /^Went over to branch 2/)
  expect(await bench.register('r9')).toBeLessThan(500_002n)
})

test('back to a breakpoint that was set afterwards, by its key; to the beginning where there is none', async ({ bench }) => {
  await ranLong(bench)
  await bench.dock('Breakpoints')
  const form = bench.page.getByRole('form', { name: 'Add breakpoint' })
  await form.getByRole('textbox', { name: 'Address' }).fill('once')
  await form.getByRole('button', { name: 'Add breakpoint' }).press('Enter')
  await bench.leaveEditor()
  for (const left of [2n, 1n, 0n]) {
    await bench.press('Shift+Space')
    await expect.poll(() => bench.register('r7')).toBe(left)
    await status(bench, /^Breakpoint at .*on the way back/)
  }
  await bench.press('Shift+Space')
  await status(bench, /where the recording begins/)
})

test('what an outside step changed, and what an event of it did', async ({ bench }) => {
  await bench.step('o', 'o')
  await bench.dock('History')
  const table = bench.page.getByRole('table', { name: 'What changed' })
  await bench.page.getByText('Its step').click()
  await expect.poll(() => table.innerText()).toMatch(/r4\s+0x0000000000000000\s+0x0000000000000008/)
  expect(await table.innerText()).toMatch(/NIP/)
  await bench.leaveEditor()
  await bench.press('[')
  await expect.poll(() => bench.page.getByRole('region', { name: 'Changes' }).innerText()).toMatch(/Events? /)
})

test('the last turn of an endless loop; live is as it was', async ({ bench }) => {
  await ranLong(bench)
  const nip = await bench.register('NIP')
  await bench.dock('History')
  await asked(bench, 'What last wrote', 'r9')
  await status(bench, /r9, which is/)
  await bench.leaveEditor()
  await bench.command('Return to live')
  await status(bench, /^Live/)
  await expect.poll(() => bench.register('NIP')).toBe(nip)
})
