/** The guest's own debugger in the page: driven by Inside, spoken to at the second serial port, and gone back over. */
import { expect, test, type Workbench } from './workbench.ts'

const monitor = (bench: Workbench) => bench.page.getByRole('log', { name: /output/i })
const console = (bench: Workbench) => bench.page.getByRole('tabpanel', { name: 'Console' })

test('steps its program, answers commands, goes back over its own steps', async ({ bench }) => {
  await bench.command('monitor.s')
  await bench.waitFor('status', () => bench.sentence(), /^monitor\.s loaded and paused/)
  await bench.choosePolicy('Transparent')
  expect(await bench.text('Inside')).toContain('not reached yet')
  await bench.leaveEditor()
  await bench.press('i')
  await bench.waitFor('Inside', () => bench.text('Inside'), /Waits for a command/)
  await bench.dock('Console')
  await console(bench).getByRole('radio', { name: 'Monitor' }).press('Enter')
  await bench.waitFor('monitor', () => monitor(bench).innerText(), /^trap at c000000000010008\s*$/)
  await bench.leaveEditor()
  await bench.press('i')
  await bench.waitFor('monitor', () => monitor(bench).innerText(), /step at c000000000010010\s*$/)
  // A command of the user's waits until the guest runs.
  const line = console(bench).getByRole('textbox', { name: /Send to the guest/ })
  await line.fill('r')
  await line.press('Enter')
  await bench.waitFor(
    'status',
    () => bench.sentence(),
    /^2 bytes typed at the second serial port by you\. The guest reads them when it runs\.$/,
  )
  await bench.leaveEditor()
  await bench.press('Space')
  await bench.waitFor('monitor', () => monitor(bench).innerText(), /c000000000010010\s+8000000042803433\s*$/)
  await bench.press('Space')
  await bench.waitFor('status', () => bench.sentence(), /^Paused/)
  // Outside steps the monitor in between; Inside goes back over its own step, and over what came after it.
  await bench.step('o', 'o')
  expect(await bench.leaks()).toBe(0)
  await bench.press('i')
  await bench.waitFor('monitor', () => monitor(bench).innerText(), /step at c000000000010014\s*$/)
  await bench.press('Shift+i')
  await bench.waitFor('status', () => bench.sentence(), /^Took back inside's last step/)
  await bench.waitFor('monitor', () => monitor(bench).innerText(), /c000000000010010\s+8000000042803433\s*$/)
  await bench.press('i')
  await bench.waitFor('monitor', () => monitor(bench).innerText(), /step at c000000000010014\s*$/)
})
