/** Console as a terminal: what the guest draws, what is typed in it, and how the machine's going back shows. */
import axe from 'axe-core'
import { expect, test } from './workbench.ts'

/** Gives back what is typed, in red. */
const ECHO = `
        .globl _start
_start: li      r3, 84          # H_GET_TERM_CHAR
        li      r4, 0
        sc      1
        cmpdi   r4, 0
        beq     _start
        mr      r8, r4
        mr      r9, r5
        mr      r10, r6
        lis     r6, 0x1b5b      # "\\x1b[31m"
        ori     r6, r6, 0x3331
        sldi    r6, r6, 32
        oris    r6, r6, 0x6d00
        li      r5, 5
        li      r4, 0
        li      r3, 88          # H_PUT_TERM_CHAR
        li      r7, 0
        sc      1
        mr      r5, r8
        mr      r6, r9
        mr      r7, r10
        li      r4, 0
        li      r3, 88
        sc      1
        b       _start
`

test('keys go to the guest, the page keeps its own, and Escape and Tab leave', async ({ bench }) => {
  await bench.load(ECHO)
  await bench.press('4')
  const terminal = bench.page.getByRole('textbox', { name: /^Terminal/ })
  await bench.page.getByRole('button', { name: 'Run', exact: false }).first().waitFor()
  await bench.leaveEditor()
  await bench.press('Space')
  await terminal.focus()
  await bench.page.keyboard.type('hi o')
  await expect.poll(() => bench.printed(), { timeout: 20_000 }).toBe('hi o')
  const rows = bench.page.locator('.xterm-rows')
  await expect.poll(() => rows.innerText()).toContain('hi o')
  // Drawn in the page's red, and not with the escape sequence.
  const red = await rows
    .locator('span')
    .filter({ hasText: 'h' })
    .first()
    .evaluate(e => getComputedStyle(e).color)
  const plain = await rows.evaluate(e => getComputedStyle(e).color)
  expect(red).not.toBe(plain)
  await bench.press('Control+k')
  await bench.page.getByRole('dialog', { name: 'Commands' }).waitFor()
  await bench.press('Escape')
  await terminal.focus()
  await bench.press('Escape', 'Tab')
  expect(await bench.focused()).not.toMatch(/^Terminal/)
  await bench.leaveEditor()
  await bench.press('Space')
  await bench.waitFor('status', () => bench.sentence(), /^Paused/)
  expect(await bench.printed()).toBe('hi o')
  expect(await bench.text('Timeline')).toMatch(/typed|edit/)
  for (const colorScheme of ['dark', 'light'] as const) {
    await bench.page.emulateMedia({ colorScheme })
    await bench.frames(100)
    await bench.page.evaluate(axe.source)
    const found = await bench.page.evaluate(async () =>
      (await (window as unknown as { axe: typeof axe }).axe.run('#dock')).violations.map(v => v.id),
    )
    expect(found).toEqual([])
    if (process.env.LOOK) await bench.page.screenshot({ path: `${process.env.LOOK}-${colorScheme}.png` })
  }
})
