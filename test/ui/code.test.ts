/** The code and dock panels in Chromium, under the page's content security policy, against a machine made of plain data. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type PanelPage, panelPage } from './panelPage.ts'

let panels: PanelPage
beforeAll(async () => {
  panels = await panelPage('code.html')
}, 60_000)
afterAll(() => panels?.close())
afterEach(() => {
  expect(panels.errors.splice(0)).toEqual([])
})

async function editor(query = ''): Promise<Page> {
  const page = await panels.open(query)
  await page.waitForSelector('.monaco-editor .view-line')
  return page
}
const meta = (page: Page) => page.locator('#guest .meta').textContent()
const show = (page: Page, change: unknown) =>
  page.evaluate(c => (globalThis as never as { twostep: { show(c: unknown): void } }).twostep.show(c), change)
const source = (page: Page) =>
  page.evaluate(
    () =>
      (globalThis as never as { twostep: { store: { getState(): { source: { text: string; dirty: boolean } } } } }).twostep.store.getState()
        .source,
  )
const setSource = (page: Page, s: unknown) =>
  page.evaluate(
    value => (globalThis as never as { twostep: { store: { setState(s: unknown): void } } }).twostep.store.setState({ source: value }),
    s,
  )
/** Puts the cursor at the end of a line of guest.s. */
async function cursorAt(page: Page, text: string) {
  await page.locator('.monaco-editor .view-line', { hasText: text }).first().click()
  await page.keyboard.press('End')
}
const rowTop = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate(e => Math.round(e.getBoundingClientRect().top))

test('the listing stands where the editor will, and the editor shows the same', async () => {
  const page = await panels.open('?hold')
  const place = (selector: string) =>
    page.locator(selector).evaluate(e => {
      const range = document.createRange()
      range.selectNodeContents(e)
      const { left, top } = range.getBoundingClientRect()
      return [Math.round(left), Math.round(top)]
    })
  const before = await place('.source-listing .ln:nth-child(7) .s-mnemonic')
  const nip = await rowTop(page, '.source-listing .ln.nip')
  await page.evaluate(() => (globalThis as never as { twostep: { go(): void } }).twostep.go())
  await page.waitForSelector('.monaco-editor .view-line')
  expect(await place('.monaco-editor .view-line:has-text("mfmsr") span span:nth-child(2)')).toEqual(before)
  await page.waitForSelector('.nip-row')
  expect(await rowTop(page, '.nip-row')).toBe(nip)
  expect(await page.locator('.source-listing').count()).toBe(0)
  await page.close()
})

test('a mistake is marked, explained below its line and listed; the fixed text loads', async () => {
  const page = await editor()
  expect(await meta(page)).toBe('assembled, 10 instructions')
  await cursorAt(page, 'reads MSR')
  await page.keyboard.press('Home')
  await page.keyboard.press('Control+ArrowRight')
  await page.keyboard.type('r')
  await page.waitForSelector('.messages')
  expect(await page.locator('.line-message').textContent()).toBe('No instruction "mfmsrr". Nearest: mfmsr.')
  expect(await page.locator('.messages button').textContent()).toBe('guest.s line 7:no instruction "mfmsrr". Nearest: mfmsr.')
  expect(await page.locator('.messages p').textContent()).toMatch(/last good program/)
  expect(await meta(page)).toBe('1 error')
  await page.keyboard.press('Backspace')
  await page.waitForSelector('.messages', { state: 'detached' })
  expect(await meta(page)).toBe('assembled, 10 instructions')
  await page.keyboard.press('End')
  await page.keyboard.type(' indeed')
  expect(await meta(page)).toBe('edited, not loaded')
  expect((await source(page)).dirty).toBe(true)
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => meta(page)).toBe('assembled, 10 instructions')
  expect(await source(page)).toMatchObject({ dirty: false, text: expect.stringContaining('# reads MSR indeed') })
  await page.close()
})

test('breakpoints by F9 and by the gutter; marks stay with their statements while typing', async () => {
  const page = await editor()
  const marks = () => page.locator('.monaco-editor .bp-mark:not(.hint)').count()
  expect(await marks()).toBe(2)
  expect(await page.locator('.monaco-editor .bp-mark.off').count()).toBe(1)
  await cursorAt(page, 'reads MSR')
  await page.keyboard.press('F9')
  await expect.poll(marks).toBe(3)
  await page.keyboard.press('F9')
  await expect.poll(marks).toBe(2)
  await page.keyboard.press('ArrowDown')
  await page.getByRole('tab').first().focus()
  await page.evaluate(() => (globalThis as never as { twostep: { breakpointAtCursor(): void } }).twostep.breakpointAtCursor())
  await expect.poll(marks).toBe(3)
  const top = await rowTop(page, '.bp-mark:not(.off)')
  await page.mouse.click(32, top + 9)
  await expect.poll(marks).toBe(2)

  const nip = await rowTop(page, '.nip-row')
  const tag = await rowTop(page, '.nip-tag')
  await cursorAt(page, '_start:')
  await page.keyboard.press('Enter')
  await page.keyboard.type('# a line more')
  await expect.poll(() => rowTop(page, '.nip-row')).toBe(nip + 18)
  expect(await rowTop(page, '.nip-tag')).toBe(tag + 18)
  await page.close()
})

test('the hover speaks of instructions, registers and MSR bits', async () => {
  const page = await editor()
  const hover = async (text: string, expected: RegExp) => {
    await page.mouse.move(600, 500)
    await expect.poll(() => page.locator('.monaco-hover:visible').count()).toBe(0)
    const { x, y } = await page
      .locator('.monaco-editor .view-line span span', { hasText: text })
      .first()
      .evaluate((span, word) => {
        const node = span.firstChild as Text
        const range = document.createRange()
        range.setStart(node, node.data.indexOf(word))
        const { left, top } = range.getBoundingClientRect()
        return { x: left + 4, y: top + 8 }
      }, text)
    await page.mouse.move(x, y)
    await expect
      .poll(() => page.locator('.monaco-hover:visible').allInnerTexts(), { timeout: 5000 })
      .toEqual([expect.stringMatching(expected)])
  }
  await hover('mfmsr', /mfmsr RT[\s\S]*RT ← MSR[\s\S]*6:10/)
  await hover('r5', /general purpose register 5/)
  await hover('SRR1', /SPR 27/)
  await page.close()
})

test('text that others put there replaces the editor’s', async () => {
  const page = await editor()
  await setSource(page, { name: 'other.s', text: 'nop\n', dirty: false })
  await expect.poll(() => page.locator('.monaco-editor .view-lines').innerText()).toBe('nop')
  expect(await page.getByRole('tab').first().textContent()).toBe('other.s')
  expect((await source(page)).dirty).toBe(false)
  await page.close()
})

test('while the guest runs the text cannot be changed, and Pause to edit pauses', async () => {
  const page = await editor()
  await show(page, { run: { state: 'running', actor: 'machine', reason: null } })
  await expect.poll(() => meta(page)).toBe('running')
  await cursorAt(page, 'reads MSR')
  const before = (await source(page)).text
  await page.keyboard.type('x')
  expect((await source(page)).text).toBe(before)
  await page.getByRole('button', { name: 'Pause to edit' }).click()
  await expect.poll(() => meta(page)).toBe('assembled, 10 instructions')
  await page.close()
})

test('the editor leaves the page’s keys alone, and Ctrl M lets Tab out', async () => {
  const page = await editor()
  await page.evaluate(() => {
    const heard: string[] = []
    Object.assign(globalThis, { heard })
    addEventListener('keydown', e => e.defaultPrevented || heard.push(e.key))
  })
  await cursorAt(page, 'reads MSR')
  for (const key of ['Control+k', 'F8', 'Shift+F8', 'F6', 'F12']) await page.keyboard.press(key)
  expect(await page.evaluate(() => (globalThis as never as { heard: string[] }).heard.filter(k => k.length > 1 || k === 'k'))).toEqual([
    'Control',
    'k',
    'F8',
    'Shift',
    'F8',
    'F6',
    'F12',
  ])
  const inEditor = () => page.evaluate(() => document.activeElement?.closest('.monaco-editor') != null)
  expect(await inEditor()).toBe(true)
  await page.keyboard.press('Control+m')
  await page.keyboard.press('Tab')
  expect(await inEditor()).toBe(false)
  await page.close()
})

test('Disassembly follows NIP, goes where asked, and is worked by keys', async () => {
  const page = await editor()
  await page.getByRole('tab', { name: 'Disassembly' }).click()
  const nip = page.locator('.da-row[aria-current="step"]')
  await nip.waitFor()
  expect(await nip.innerText()).toMatch(/c000000000010008/)
  await page.getByRole('grid', { name: /Disassembly/ }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('.da-row.active [aria-label="breakpoint"]').count()).toBe(1)

  await page.getByLabel('Go to address').fill('trace_vectr')
  await page.keyboard.press('Enter')
  expect(await page.locator('.address-problem').innerText()).toBe('No symbol or register "trace_vectr". Nearest: trace_vector.')
  await page.getByLabel('Go to address').fill('trace_vector')
  await page.keyboard.press('Enter')
  await expect
    .poll(() => page.locator('.da-row.active').innerText())
    .toMatch(/trace_vector:\s*0xd00, AIL 3[\s\S]*00 dd dd 00[\s\S]*0x00dddd00[\s\S]*mtsprg 2, r13/)

  await page.getByRole('button', { name: 'Follow NIP' }).click()
  await expect.poll(() => nip.isVisible()).toBe(true)
  await page.close()
})

test('scrolling through the disassembly has no end but the address space’s', async () => {
  const page = await editor()
  await page.getByRole('tab', { name: 'Disassembly' }).click()
  await page.locator('.da-row[aria-current="step"]').waitFor()
  const first = () =>
    page.locator('.da-rows').evaluate(grid => {
      const top = grid.getBoundingClientRect().top
      const row = [...grid.querySelectorAll('.da-row')].find(r => r.getBoundingClientRect().bottom > top + 1)
      return row?.querySelector('.a')?.textContent ?? ''
    })
  for (let i = 0; i < 3; i++) {
    const before = BigInt(`0x${await first()}`)
    await page.locator('.da-rows').evaluate(grid => grid.scrollBy(0, 18 * 7500))
    // Once the rows around the new place have come.
    await expect.poll(async () => Math.abs(Number(BigInt(`0x${await first()}`) - before) / 4 - 7500)).toBeLessThan(200)
  }
  await page.close()
})

const TEXT = 0xc000000000010000n
const elfProgram = (names: readonly string[], attached: string | null) => ({
  name: 'sum.elf',
  kind: 'elf',
  instructions: 10,
  littleEndian: true,
  entry: TEXT,
  symbols: [],
  lines: [],
  files: names.map(name => ({ path: `/src/${name}`, name, attached: name === attached })),
})
const ownBreakpoints = (page: Page) =>
  page.evaluate(() =>
    (
      globalThis as never as {
        twostep: { store: { getState(): { view: { breakpoints: { setBy: string; address: bigint }[] } } } }
      }
    ).twostep.store
      .getState()
      .view.breakpoints.filter(b => b.setBy === 'you')
      .map(b => b.address),
  )

test('a source file of an ELF: its tab, what is not here, the line of NIP, breakpoints in each function that a line is in', async () => {
  const page = await editor()
  const tab = (name: string) => page.getByRole('tab', { name, exact: true })
  await show(page, { program: elfProgram(['sum.c'], null), source: { file: 0, line: 3, column: 5 }, breakpoints: [] })
  await tab('sum.c').click()
  expect(await page.locator('.source-missing').innerText()).toContain('sum.c is not here: sum.elf names its source files')
  expect(await page.locator('.source-missing .path').textContent()).toBe('/src/sum.c')
  expect(await page.getByRole('button', { name: 'Choose sum.c' }).count()).toBe(1)
  await show(page, { program: elfProgram(['sum.c'], 'sum.c') })
  const panel = page.getByRole('tabpanel', { name: 'sum.c' })
  await panel.locator('.monaco-editor .view-line', { hasText: 'so far' }).waitFor()
  await expect.poll(() => panel.locator('.nip-number').innerText()).toBe('3')
  expect(await panel.locator('.code-number').allInnerTexts()).toEqual(['2', '3'])
  await panel.locator('.line-numbers', { hasText: '3' }).click()
  await expect.poll(() => ownBreakpoints(page)).toEqual([TEXT + 8n, TEXT + 0x18n])
  await expect.poll(() => panel.locator('.bp-mark:not(.hint)').count()).toBe(1)
  await page.getByRole('textbox', { name: /^sum\.c, read-only/ }).focus()
  await page.keyboard.press('F9')
  await expect.poll(() => ownBreakpoints(page)).toEqual([])
  await page.keyboard.type('x')
  expect(await panel.locator('.view-lines').innerText()).not.toContain('x')
  await tab('Disassembly').click()
  await expect.poll(() => page.locator('.ln.da.from').allInnerTexts()).toEqual(['sum.c:3 long total = 0; /* so far */'])
  await page.close()
})

test('of many source files those that fit have a tab, and a menu has all', async () => {
  const page = await editor()
  const names = ['a.c', 'b.c', 'c.c', 'd.c', 'e.c']
  await show(page, { program: elfProgram(names, null), source: { file: 3, line: 1, column: 1 } })
  const tabs = () => page.locator('#guest').getByRole('tab').allInnerTexts()
  const menu = page.getByRole('combobox', { name: 'Source files' })
  await expect.poll(tabs).toEqual(['guest.s', 'd.c', 'Disassembly'])
  await menu.selectOption({ label: 'e.c' })
  await expect.poll(tabs).toEqual(['guest.s', 'e.c', 'Disassembly'])
  expect(await menu.inputValue()).toBe('4')
  expect(await page.locator('.source-missing').innerText()).toContain('e.c is not here')
  await page.locator('#guest').evaluate(e => {
    e.style.width = '640px'
  })
  await expect.poll(tabs).toEqual(['guest.s', 'a.c', 'd.c', 'e.c', 'Disassembly'])
  await show(page, { program: elfProgram(['a.c'], null), source: null })
  await expect.poll(tabs).toEqual(['guest.s', 'a.c', 'Disassembly'])
  expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Disassembly')
  expect(await menu.count()).toBe(0)
  await page.close()
})

test('the hypervisor’s listing shows its pc, its phases and what leaks', async () => {
  const page = await editor()
  const listing = page.getByRole('region', { name: 'Listing of the hypervisor' })
  expect(await listing.locator('[aria-current="step"]').innerText()).toMatch(/6[\s\S]*vm_enter\(vcpu\)[\s\S]*enter/)
  const leak = listing.getByRole('button', { name: 'Line 2 leaks, channel 3' })
  await listing.focus()
  await page.keyboard.press('Tab')
  expect(await leak.evaluate(e => e === document.activeElement)).toBe(true)
  expect(await page.getByRole('tooltip').innerText()).toMatch(/AIL is read once/)
  await page.close()
})

test('on a narrow page the listing is a tab', async () => {
  const page = await panels.open('', { width: 1024, height: 560 })
  await page.getByRole('tab', { name: 'Hypervisor' }).click()
  expect(await page.locator('#guest [aria-current="step"]').innerText()).toMatch(/vm_enter/)
  await page.setViewportSize({ width: 1300, height: 560 })
  await expect.poll(() => page.getByRole('tab', { name: 'Hypervisor' }).count()).toBe(0)
  expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('guest.s')
  await page.close()
})

test('Breakpoints: the own can be switched, removed and added; others’ can not', async () => {
  const page = await editor('?dock=breakpoints')
  const row = (text: string) => page.getByRole('row').filter({ hasText: text })
  const theirs = row('trace_vector').getByRole('checkbox')
  await theirs.focus()
  await page.keyboard.press('Space')
  expect(await theirs.isChecked()).toBe(true)
  await row('0xc000000000010014').getByRole('checkbox').click()
  await expect.poll(() => row('0xc000000000010014').getByRole('checkbox').isChecked()).toBe(false)
  await row('0xc000000000010014')
    .getByRole('button', { name: /Remove/ })
    .click()
  await expect.poll(() => row('0xc000000000010014').count()).toBe(0)
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill('probe+4')
  await page.keyboard.press('Enter')
  await expect.poll(() => row('0xc00000000001000c').count()).toBe(1)
  await show(page, { breakpoints: [] })
  await page.getByText('No breakpoints').waitFor()
  await page.close()
})

test('Memory: translated, with the controller’s word and what it hides; a byte is typed over', async () => {
  const page = await editor('?dock=memory')
  await page.getByLabel('Effective address').fill('trace_vector')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('.mem-row .planted').count()).toBe(4)
  expect(await page.locator('.memp .ph').innerText()).toMatch(/IR DR on, quadrant 3[\s\S]*real 0x4d00[\s\S]*trace_vector/)
  expect(await page.locator('.mem-row .original').innerText()).toMatch(/^a6 43 b2 7d/)
  await page.getByRole('grid', { name: /Memory/ }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.type('5aF0')
  const row = page.locator('.mem-row', { hasText: 'c000000000004d10' })
  await expect.poll(() => row.innerText()).toMatch(/5a\s*f0/)
  await page.keyboard.type('1')
  await page.keyboard.press('Escape')
  expect(await page.locator('.mem-row input').count()).toBe(0)

  await page.getByLabel('Effective address').fill('0x8')
  await page.keyboard.press('Enter')
  await page.getByText('Not mapped: 0x8 (DR on, no entry)').waitFor()
  await page.close()
})

test('Console: the terminal follows its end unless read back, keys and lines go to the port', async () => {
  const page = await editor('?dock=console')
  await page.getByText('The guest prints here.').waitFor()
  const put = (text: string) =>
    page.evaluate(
      value =>
        (globalThis as never as { twostep: { store: { setState(f: unknown): void } } }).twostep.store.setState({
          ports: { console: value, debug: '' },
        }),
      text,
    )
  const lines = (n: number) => Array.from({ length: n }, (_, i) => `line \x1b[31m${i}\x1b[0m.\r\n`).join('')
  const screen = page.locator('.xterm-rows')
  const shows = (line: string) => expect.poll(() => screen.innerText()).toContain(line)
  await put(lines(100))
  await shows('line 99.')
  expect(await page.getByRole('log', { name: 'Guest output' }).innerText()).toContain('line 99.')
  const terminal = page.getByRole('textbox', { name: /^Terminal/ })
  await terminal.focus()
  for (let n = 0; n < 60; n++) await page.keyboard.press('Shift+PageUp')
  await shows('line 0.')
  await put(lines(200))
  await shows('line 0.')
  const asked = () => page.evaluate(() => (globalThis as never as { twostep: { asked: { text?: string }[] } }).twostep.asked.at(-1))
  await page.keyboard.press('x')
  await expect.poll(asked).toEqual({ text: 'x', port: 'console' })
  await shows('line 199.')
  await page.keyboard.press('Enter')
  await expect.poll(asked).toEqual({ text: '\n', port: 'console' })
  // The machine went back; then the guest asks for the cursor's place, which nobody types.
  await put('line 0\r\n\x1b[6n\x1b[cend')
  await shows('end')
  await expect.poll(() => screen.innerText()).not.toContain('line 199.')
  expect(await asked()).toEqual({ text: '\n', port: 'console' })
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  expect(await terminal.evaluate(e => e === document.activeElement)).toBe(false)
  expect(await asked()).toEqual({ text: '\n', port: 'console' })
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByText('Cleared.').waitFor()
  await put('line 0\r\n\x1b[6n\x1b[cend, then more')
  await shows(', then more')
  expect(await screen.innerText()).not.toContain('line 0')
  await page.getByRole('button', { name: 'Show all' }).click()
  await shows('line 0')
  await page.getByRole('searchbox', { name: /^Find/ }).fill('THEN')
  await page.keyboard.press('Enter')
  await page.getByText('1 of 1').waitFor()
  await page.getByLabel("Send to the guest's serial port").fill('help')
  await page.keyboard.press('Enter')
  await expect
    .poll(() => page.evaluate(() => (globalThis as never as { twostep: { asked: { text?: string }[] } }).twostep.asked.at(-1)))
    .toEqual({ text: 'help\n', port: 'console' })
  await page.close()
})
