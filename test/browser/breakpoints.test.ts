/** Breakpoints of every kind, by the tab's form and the commands: where they stop, what they say, what a log point writes. */
import { expect, test, type Workbench } from './workbench.ts'

const CALLS = `# twostep: map=radix ir=1 dr=1
_start:
        li      r1, 0x7000
        li      r5, 0
        bl      work
        addi    r5, r5, 1
        std     r5, 0x100(r1)
        sc                      # goes to 0xc00
after:  b       after
work:   addi    r6, r6, 7
        li      r7, 9
        blr
        .section .vectors, "ax"
        .org    0xc000000000000c00
syscall:
        addi    r8, r8, 1
        rfid
`

async function add(bench: Workbench, kind: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const form = bench.page.getByRole('form', { name: 'Add breakpoint' })
  await form.getByRole('combobox', { name: 'Kind', exact: true }).selectOption({ label: kind })
  for (const [label, value] of Object.entries(fields)) {
    const field = form.getByRole('combobox', { name: label, exact: true }).or(form.getByRole('textbox', { name: label, exact: true }))
    if ((await field.evaluate(e => e.tagName)) === 'SELECT') await field.selectOption({ label: value })
    else await field.fill(value)
  }
  await form.getByRole('button', { name: 'Add breakpoint' }).press('Enter')
}

const list = (bench: Workbench) => bench.page.getByRole('region', { name: 'Breakpoints' }).getByRole('row')
const stopped = (bench: Workbench, wanted: RegExp) => bench.waitFor('status', () => bench.sentence(), wanted)

async function run(bench: Workbench): Promise<void> {
  await bench.leaveEditor()
  await bench.command('Machine: run or pause')
}

async function boundaries(bench: Workbench, n: number): Promise<void> {
  await bench.leaveEditor()
  for (let k = 1; k <= n; k++) {
    await bench.command('Machine: step one boundary')
    await expect.poll(() => bench.events()).toBe(k)
  }
}

test('a watch, a vector, a change and a condition stop where they say; a log point writes and goes on', async ({ bench }) => {
  await bench.load(CALLS)
  await bench.dock('Breakpoints')
  await add(bench, 'Watch', { Address: '0x7100', Bytes: '8' })
  await expect.poll(() => list(bench).count()).toBe(2)
  await run(bench)
  await stopped(bench, /^Breakpoint on writes of 0x7100 \(8 bytes\): vCPU 0 wrote 8 bytes at 0x7100/)
  await add(bench, 'Vector catch', { Vector: '0xc00 System Call' })
  await run(bench)
  await stopped(bench, /^Breakpoint on vector 0xc00/)
  await bench.command('Machine: run to the return of this interrupt')
  await stopped(bench, /returned from the interrupt/)
  // From the beginning, with conditions.
  await bench.command('Machine: reset')
  await add(bench, 'Software', { Address: 'work', Condition: 'r5 == 1' })
  await add(bench, 'Software', { Address: 'after', 'Log, not stop': 'r8 is {r8}', Condition: 'r8 < 2' })
  await run(bench)
  await stopped(bench, /^Breakpoint on writes/)
  await run(bench)
  await stopped(bench, /^Breakpoint on vector/)
  await run(bench)
  await bench.page.waitForTimeout(300)
  await bench.command('Machine: run or pause')
  await stopped(bench, /^Paused/)
  const log = bench.page.getByRole('region', { name: 'Log of the breakpoints' })
  expect(await log.innerText()).toMatch(/r8 is 0x1/)
})

test('what cannot be is refused in words, and the rest stays', async ({ bench }) => {
  await bench.dock('Breakpoints')
  await add(bench, 'Software', { Address: 'nowhere' })
  await expect.poll(() => bench.page.getByRole('form', { name: 'Add breakpoint' }).getByRole('alert').innerText()).toMatch(/nowhere/)
  await add(bench, 'Software', { Address: 'quiet', Condition: 'r3 =' })
  await bench.waitFor('notice', () => bench.notice(), /Condition "r3 =": Column/)
  expect(await list(bench).count()).toBe(0)
})

test('over a call, out of it, to the cursor; removed and undone', async ({ bench }) => {
  await bench.load(CALLS)
  await boundaries(bench, 2)
  await bench.command('Machine: step over a call')
  await stopped(bench, /came to/)
  expect(await bench.register('r6')).toBe(7n)
  await bench.command('Machine: reset')
  await boundaries(bench, 3)
  await bench.command('Machine: run out of this function')
  await stopped(bench, /returned to/)
  expect(await bench.register('r7')).toBe(9n)
  await bench.dock('Breakpoints')
  await add(bench, 'VM exit', {})
  await expect.poll(() => list(bench).count()).toBe(2)
  await bench.page.getByRole('button', { name: /^Remove the breakpoint/ }).press('Enter')
  await expect.poll(() => list(bench).count()).toBe(0)
  await bench.page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect.poll(() => list(bench).count()).toBe(2)
})
