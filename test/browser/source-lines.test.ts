/** A C program in an ELF: its files as tabs, their texts dropped in, the line that runs, breakpoints on lines. */
import { readFileSync } from 'node:fs'
import { describe, expect, test, type Workbench } from './workbench.ts'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/lines/${name}`, import.meta.url))
const sum = { name: 'sum.elf', bytes: fixture('sum.le.elf') }
const source = { name: 'sum.c', bytes: fixture('sum.c') }
const MAIN = 0x306cn

async function drop(bench: Workbench, ...files: { name: string; bytes: Uint8Array }[]): Promise<void> {
  await bench.page.evaluate(
    given => {
      const dataTransfer = new DataTransfer()
      for (const { name, bytes } of given) dataTransfer.items.add(new File([new Uint8Array(bytes)], name))
      const target = document.querySelector('#guest')!
      for (const type of ['dragenter', 'dragover', 'drop'])
        target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    },
    files.map(({ name, bytes }) => ({ name, bytes: [...bytes] })),
  )
}

const loaded = (bench: Workbench) => bench.waitFor('status', () => bench.sentence(), /^sum\.elf loaded and paused/)
const tabs = (bench: Workbench) => bench.region('Guest code').getByRole('tab').allInnerTexts()
const chosen = (bench: Workbench) => bench.region('Guest code').getByRole('tab', { selected: true }).innerText()
const panel = (bench: Workbench, name: string) => bench.page.getByRole('tabpanel', { name })
/** The line that the mark of the next instruction stands on. */
const line = async (bench: Workbench, name: string) => (await panel(bench, name).locator('.line-numbers.nip-number').allInnerTexts()).join()

/** Puts the cursor of sum.c on a line, by keyboard. */
async function toLine(bench: Workbench, number: number): Promise<void> {
  await bench.page.getByRole('textbox', { name: /^sum\.c, read-only/ }).focus()
  await bench.press('Control+Home')
  for (let n = 1; n < number; n++) await bench.press('ArrowDown')
}

describe('sum.elf', () => {
  test('names its files; one that is not here says where to get it from', async ({ bench }) => {
    await drop(bench, sum)
    await loaded(bench)
    expect(await tabs(bench)).toEqual(['guest.s', 'crt0.s', 'Disassembly'])
    expect(await chosen(bench)).toBe('Disassembly')
    const menu = bench.page.getByRole('combobox', { name: 'Source files' })
    expect(await menu.locator('option').allTextContents()).toEqual(['Source files', 'crt0.s', 'sum.c', 'weigh.h'])
    await menu.selectOption('sum.c')
    expect(await tabs(bench)).toEqual(['guest.s', 'sum.c', 'Disassembly'])
    expect(await panel(bench, 'sum.c').innerText()).toContain('sum.c is not here: sum.elf names its source files')
    const chooser = bench.page.waitForEvent('filechooser')
    await bench.page.getByRole('button', { name: 'Choose sum.c' }).click()
    await (await chooser).setFiles({ name: 'other.c', mimeType: 'text/plain', buffer: Buffer.from('int x;\n') })
    await bench.waitFor(
      'notice',
      () => bench.notice(),
      /^other\.c is no source file of sum\.elf, whose line table names crt0\.s, sum\.c, weigh\.h\. /,
    )
    const again = bench.page.waitForEvent('filechooser')
    await bench.page.getByRole('button', { name: 'Choose sum.c' }).click()
    await (await again).setFiles({ name: 'sum.c', mimeType: 'text/plain', buffer: source.bytes })
    await bench.waitFor('status', () => bench.sentence(), /^sum\.c is shown with sum\.elf\.$/)
    expect(await bench.notice()).toBe('')
    await panel(bench, 'sum.c').getByText('A weighted sum').first().waitFor()
  })

  test('runs to a breakpoint on a line, and shows that line; Disassembly has the lines as headings', async ({ bench }) => {
    await drop(bench, sum)
    await loaded(bench)
    await drop(bench, source)
    await bench.waitFor('tab', () => chosen(bench), /^sum\.c$/)
    const editor = panel(bench, 'sum.c').locator('.monaco-editor')
    await editor.getByText('A weighted sum').waitFor()
    expect(await bench.text('Guest code')).toContain('read-only')
    // A line without code: the next that has some gets the breakpoint.
    await toLine(bench, 16)
    await bench.press('F9')
    await editor.locator('.bp-mark:not(.hint)').waitFor()
    const breakpoints = await bench.dock('Breakpoints')
    expect(breakpoints).toContain('main')
    await bench.leaveEditor()
    await bench.press('Space')
    await expect.poll(() => bench.register('NIP')).toBe(MAIN)
    expect(await chosen(bench)).toBe('sum.c')
    await expect.poll(() => line(bench, 'sum.c')).toBe('17')
    await bench.page.getByRole('tab', { name: 'Disassembly' }).click()
    await expect
      .poll(async () => (await panel(bench, 'Disassembly').innerText()).replace(/\s+/g, ' '))
      .toContain('sum.c:18 long total = sum(values, 5);')
    // Back in the file, F9 on the line takes the breakpoint away.
    await bench.page.getByRole('tab', { name: 'sum.c' }).click()
    await panel(bench, 'sum.c').locator('.bp-mark:not(.hint)').waitFor()
    await toLine(bench, 17)
    await bench.press('F9')
    await expect.poll(() => panel(bench, 'sum.c').locator('.bp-mark:not(.hint)').count()).toBe(0)
  })

  test('the ELF and its source dropped together; a step into another file that is here goes there', async ({ bench }) => {
    await drop(bench, source, sum, { name: 'weigh.h', bytes: fixture('weigh.h') })
    await bench.waitFor('status', () => bench.sentence(), /^weigh\.h is shown with sum\.elf\.$/)
    await bench.page.getByRole('combobox', { name: 'Source files' }).selectOption('sum.c')
    const editor = panel(bench, 'sum.c').locator('.monaco-editor')
    await editor.getByText('weigh(from').waitFor()
    await editor.locator('.line-numbers', { hasText: /^11$/ }).click()
    await editor.locator('.bp-mark:not(.hint)').waitFor()
    await bench.leaveEditor()
    await bench.press('Space')
    await bench.waitFor('tab', () => chosen(bench), /^weigh\.h$/)
    await expect.poll(() => line(bench, 'weigh.h')).toBe('6')
  })
})

test('C without a program that was made from it is refused with what to do, and what is loaded stays', async ({ bench }) => {
  await drop(bench, source)
  await bench.waitFor(
    'notice',
    () => bench.notice(),
    /^sum\.c was not opened: guest\.s has no line table\. Compile with -g, open the ELF, then give its source\.$/,
  )
  expect(await bench.events()).toBe(0)
})
