/** The instruction reference: opened by keyboard and by address, searched, walked through, left. */
import { describe, expect, test, type Workbench } from './workbench.ts'

const dialog = (bench: Workbench) => bench.page.getByRole('dialog', { name: 'Instruction reference' })
const title = (bench: Workbench) => dialog(bench).locator('#ref-title').innerText()
const field = (bench: Workbench) => dialog(bench).getByRole('combobox')
const fragment = (bench: Workbench) => bench.page.evaluate(() => location.hash)

async function openByCommand(bench: Workbench): Promise<void> {
  await bench.command('instruction reference')
  await dialog(bench).waitFor()
  await bench.waitFor('focus', () => bench.focused(), /^Mnemonic, or a word/)
}

describe('by keyboard', () => {
  test('Ctrl K opens it, what is typed finds, arrows move, Escape closes, Back opens it again', async ({ bench }) => {
    await openByCommand(bench)
    await bench.page.keyboard.type('rldicr')
    await bench.waitFor('title', () => title(bench), /^rldicr RA, RS, sh, me$/)
    await bench.press('ArrowDown')
    await bench.waitFor('title', () => title(bench), /^rldicr\. /)
    expect(await fragment(bench)).toBe('#isa/rldicr.')
    expect(await dialog(bench).getByRole('option', { selected: true }).innerText()).toContain('rldicr.')
    await bench.press('ArrowUp')
    expect(await dialog(bench).innerText()).toMatch(/Executed\.[\s\S]*Extended mnemonics of it[\s\S]*sldi/)
    await bench.press('Escape')
    await dialog(bench).waitFor({ state: 'detached' })
    expect(await fragment(bench)).toBe('')
    await bench.page.goBack()
    await bench.waitFor('title', () => title(bench), /^rldicr /)
  })

  test('a link leads to the related mnemonic, and Back leads back', async ({ bench }) => {
    await openByCommand(bench)
    await bench.page.keyboard.type('addi')
    await bench.waitFor('title', () => title(bench), /^addi /)
    await bench.tabTo(/^li$/)
    await bench.press('Enter')
    await bench.waitFor('title', () => title(bench), /^li /)
    expect(await dialog(bench).innerText()).toContain('Extended mnemonic of addi with RA = 0.')
    await bench.page.goBack()
    await bench.waitFor('title', () => title(bench), /^addi /)
  })

  test('the list is whole: its end is reached, and only what is seen is drawn', async ({ bench }) => {
    await openByCommand(bench)
    expect(await dialog(bench).getByRole('status').innerText()).toMatch(/^\d{4} mnemonics$/)
    await bench.press('ArrowDown', 'ArrowDown', 'PageDown')
    expect(await title(bench)).toMatch(/^b/)
    const drawn = await dialog(bench).getByRole('option').count()
    expect(drawn).toBeGreaterThan(10)
    expect(drawn).toBeLessThan(80)
  })

  test('what stops the machine says so; a name that is none has its nearest; a word is told with its values', async ({ bench }) => {
    await openByCommand(bench)
    await bench.page.keyboard.type('xvadddp')
    await bench.waitFor('page', () => dialog(bench).innerText(), /the machine stops before it and says its name/)
    await field(bench).fill('mfmsrr')
    await bench.waitFor('page', () => dialog(bench).innerText(), /No mnemonic contains “mfmsrr”\.\s*Nearest:\s*mfmsr/)
    await field(bench).fill('0x38600001')
    await bench.waitFor('page', () => dialog(bench).innerText(), /r3 ← 1/)
    await field(bench).fill('0x00000000')
    await bench.waitFor('page', () => dialog(bench).innerText(), /0x00000000 is no instruction of POWER9/)
  })

  test('E in Disassembly explains the row', async ({ bench }) => {
    await bench.page.getByRole('tab', { name: 'Disassembly' }).click()
    const grid = bench.page.getByRole('grid', { name: /^Disassembly/ })
    await grid.focus()
    await bench.waitFor('rows', () => grid.innerText(), /mfmsr/)
    await bench.press('e')
    await bench.waitFor('title', () => title(bench), /^li /)
    await bench.press('Escape')
    await dialog(bench).waitFor({ state: 'detached' })
    await bench.waitFor('focus', () => bench.focused(), /^Disassembly/)
  })
})

test('an address with a mnemonic opens it', async ({ bench }) => {
  await bench.page.evaluate(() => history.replaceState(null, '', '#isa/mtmsrd'))
  await bench.page.reload()
  await bench.waitFor('title', () => title(bench), /^mtmsrd /)
  await bench.press('Escape')
  await bench.waitFor('status bar', () => bench.sentence(), /loaded and paused/)
})

for (const [width, height, theme] of [
  [1440, 900, 'dark'],
  [1440, 900, 'light'],
  [1024, 768, 'dark'],
  [360, 225, 'light'],
] as const) {
  test(`${width} × ${height}, ${theme}: nothing wider than the page, all of it can be reached`, async ({ open }) => {
    const bench = await open({ width, height, theme })
    await openByCommand(bench)
    await bench.page.keyboard.type('sldi')
    await bench.waitFor('title', () => title(bench), /^sldi /)
    expect(await bench.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    const box = await dialog(bench).evaluate(e => ({ wide: e.scrollWidth - e.clientWidth, right: e.getBoundingClientRect().right }))
    expect(box.wide).toBe(0)
    expect(box.right).toBeLessThanOrEqual(width)
    const last = dialog(bench).locator('.ref-part').last()
    await last.scrollIntoViewIfNeeded()
    expect(await last.evaluate(e => e.getBoundingClientRect().bottom <= innerHeight + 1)).toBe(true)
    if (process.env.SHOTS) await bench.page.screenshot({ path: `/tmp/ref-${width}-${theme}.png` })
  })
}
