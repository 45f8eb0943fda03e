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
/** Of the element that has the focus. */
const focusedField = (bench: Workbench) => bench.page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name ?? '')
const form = (bench: Workbench) => bench.page.getByRole('form', { name: 'Add breakpoint' })
/** What the form that was asked for holds, field by field, where it is not empty. */
const asked = (bench: Workbench) =>
  form(bench).evaluate(f =>
    Object.fromEntries([...new FormData(f as HTMLFormElement)].filter(([name, v]) => v !== '' && name !== 'ignore')),
  )
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
  await bench.page.getByRole('radio', { name: 'Log' }).click()
  const log = bench.page.getByRole('region', { name: 'Log of the breakpoints' })
  expect(await log.innerText()).toMatch(/r8 is 0x1/)
  // A line leads to its time.
  const line = log.getByRole('button').first()
  const time = await line.innerText()
  await line.press('Enter')
  await expect.poll(() => bench.instructions()).toBe(time)
  await bench.page.getByRole('radio', { name: 'List' }).click()
  expect(await list(bench).count()).toBe(5)
})

test('what cannot be is refused in words beside the form, at its field, and the rest stays', async ({ bench }) => {
  await bench.dock('Breakpoints')
  const refused = async (kind: string, fields: Readonly<Record<string, string>>, message: RegExp, field: string) => {
    await add(bench, kind, fields)
    await expect.poll(() => form(bench).getByRole('alert').innerText()).toMatch(message)
    expect(await focusedField(bench)).toBe(field)
    expect(await bench.page.locator('[aria-invalid=true]').getAttribute('name')).toBe(field)
  }
  await refused('Software', { Address: 'nowhere' }, /No symbol or register "nowhere"\. Nothing was changed/, 'address')
  await refused('Software', { Address: 'quiet', Condition: 'r3 =' }, /Condition "r3 =": Column/, 'condition')
  await refused('Software', { Condition: '', 'Log, not stop': '{r3' }, /Log text "\{r3": Column 1: expected "\}"/, 'log')
  await refused('Software', { 'Log, not stop': '', 'Pass over': 'x' }, /Pass over: expected a number of hits/, 'ignore')
  await refused('Watch', { 'Pass over': '0', Address: 'quiet', Bytes: '0' }, /A watch has from 1 byte/, 'length')
  await refused('Hypercall', { Number: 'x' }, /Number: expected digits/, 'number')
  await refused('Register change', { 'Register or field': 'MSR.XX' }, /MSR has no field "XX"/, 'register')
  expect(await bench.notice()).toBe('')
  expect(await list(bench).count()).toBe(0)
})

test('asked for from the line, the event, memory, a register and an exception: the form is filled in, or the one there is edited', async ({
  bench,
}) => {
  await bench.load(CALLS)
  await boundaries(bench, 9)
  // The event shown is an interrupt; then the instruction before it, and what nothing stops at.
  await bench.leaveEditor()
  await bench.press('b')
  await expect.poll(() => focusedField(bench)).toBe('condition')
  expect(await asked(bench)).toMatchObject({ kind: 'vector', number: '0xc00' })
  await bench.press('Enter')
  await expect.poll(() => list(bench).count()).toBe(2)
  await bench.leaveEditor()
  await bench.press('[')
  await stopped(bench, /^Event 8:/)
  await bench.page
    .getByRole('region', { name: 'Timeline' })
    .getByRole('button', { name: /^Breakpoint where/ })
    .press('Enter')
  await expect.poll(() => asked(bench)).toMatchObject({ kind: 'software', address: '0xc000000000010010' })
  // That of the vector is there already: its row is edited.
  await bench.leaveEditor()
  await bench.press(']')
  await stopped(bench, /^Live/)
  await bench.dock('Exception')
  await bench.page.getByRole('button', { name: 'Catch 0xc00' }).press('Enter')
  await bench.page.getByRole('form', { name: 'Save' }).getByRole('textbox', { name: 'Condition' }).fill('r5 == 1')
  await bench.press('Enter')
  await expect.poll(() => list(bench).nth(1).innerText()).toContain('r5 == 1')
  // The line of the cursor.
  await bench.editor.focus()
  await bench.press('Control+Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Shift+F9')
  await expect.poll(() => asked(bench)).toMatchObject({ kind: 'software', address: '0xc000000000010004' })
  // Bytes, and a register.
  await bench.dock('Memory')
  const box = bench.page.getByRole('textbox', { name: 'Effective address' })
  await box.fill('0x7100')
  await box.press('Enter')
  await bench.page.getByRole('grid', { name: /^Memory/ }).focus()
  await bench.press('Shift+F9')
  await expect.poll(() => asked(bench)).toMatchObject({ kind: 'watch', address: '0x7100', length: '8', access: 'write' })
  await bench
    .region('State')
    .getByRole('gridcell', { name: /^r6, 0x/ })
    .press('Enter')
  await bench.page.getByRole('button', { name: 'Stop when it changes…' }).press('Enter')
  await expect.poll(() => asked(bench)).toMatchObject({ kind: 'register', register: 'r6' })
  await bench.press('Enter')
  await expect.poll(() => list(bench).count()).toBe(3)
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
  // By their keys, and by the menu beside Run.
  await bench.command('Machine: reset')
  await stopped(bench, /^Reset/)
  await bench.leaveEditor()
  await bench.step('m', 'm')
  await bench.press('n')
  await stopped(bench, /came to/)
  expect(await bench.register('NIP')).toBe(0xc00000000001000cn)
  await bench.press('Shift+M')
  await stopped(bench, /^Took back/)
  await bench.step('m')
  await bench.press('f')
  await stopped(bench, /returned to/)
  await bench.editor.focus()
  await bench.press('Control+Home', ...Array<string>(7).fill('ArrowDown'), 'Control+F10')
  await stopped(bench, /came to 0xc000000000010014/)
  await bench.leaveEditor()
  await bench.step('m')
  await bench.press('r')
  await stopped(bench, /returned from the interrupt to 0xc000000000010018/)
  await bench.page.getByRole('button', { name: 'More ways to run' }).press('Enter')
  await bench.page.getByRole('menuitem', { name: /^Step one boundary/ }).press('Enter')
  await stopped(bench, /ran one boundary/)
  await bench.dock('Breakpoints')
  await add(bench, 'VM exit', {})
  await expect.poll(() => list(bench).count()).toBe(2)
  await bench.page.getByRole('button', { name: /^Remove the breakpoint/ }).press('Enter')
  await expect.poll(() => list(bench).count()).toBe(0)
  await bench.page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect.poll(() => list(bench).count()).toBe(2)
})
