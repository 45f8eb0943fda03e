/** Every acronym has its definition where a panel shows it first: under the pointer, and by keys. */
import { acronymsIn } from '../../src/ui/words/text.ts'
import { definitionOf } from '../../src/ui/words/words.ts'
import { expect, test, type Workbench } from './workbench.ts'

/** A panel's text as it can be seen; editors, terminals and registers' cells define what they hold by themselves. */
const shownIn = (bench: Workbench, panel: string): Promise<string> =>
  bench.page.locator(panel).evaluate(root => {
    const texts: string[] = []
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let n = walker.nextNode(); n; n = walker.nextNode()) {
      const e = n.parentElement!
      const apart = e.closest('.monaco-editor, .xterm, [data-cell], [aria-hidden=true], input, select, textarea, .words-here, .sr')
      const range = document.createRange()
      range.selectNodeContents(n)
      if (!apart && e.checkVisibility({ visibilityProperty: true }) && range.getClientRects().length > 0) texts.push(n.textContent ?? '')
    }
    return texts.join('\n')
  })

/** What the panel's button goes through by keys, each with its tip. */
async function definedIn(bench: Workbench, panel: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const button = bench.page.locator(`${panel} .words-here`)
  await button.focus()
  const said = bench.page.locator(`${panel} .words-said`)
  const place = async () => /^(\S+), (\d+) of (\d+)$/.exec((await said.textContent()) ?? '')
  await expect.poll(async () => (await said.textContent()) ?? '').not.toBe('')
  for (;;) {
    const [, word, n, of] = (await place()) ?? []
    if (!word) return found
    found.set(word, await bench.page.locator('.tip').innerText())
    expect(await button.getAttribute('aria-describedby')).toBe(await bench.page.locator('.tip .tip-in').getAttribute('id'))
    if (n === of) return found
    await bench.press('ArrowRight')
    await expect.poll(async () => (await place())?.[2]).toBe(String(Number(n) + 1))
  }
}

async function allDefined(bench: Workbench, panel: string): Promise<void> {
  const shown = acronymsIn(await shownIn(bench, panel)).filter(a => definitionOf(a))
  const found = await definedIn(bench, panel)
  expect([...found.keys()].sort(), panel).toEqual(shown)
  for (const [word, tip] of found) expect(tip, `${panel} ${word}`).toMatch(/\w+\s+\S.{3,}/s)
}

const bars = ['header.top', 'section.run', 'footer.status']
const panels = ['#guest', '#hypervisor', '#timeline', '#state', '#lesson']
const tabs = ['Exception', 'Breakpoints', 'Memory', 'Console', 'Leaks', 'History', 'SPRs'] as const

test('bars and panels, after a step', async ({ bench }) => {
  await bench.step('o', 'o', 'h', 'h', 'h')
  for (const panel of [...bars, ...panels]) await allDefined(bench, panel)
})

test('each tab of the dock', async ({ bench }) => {
  await bench.step('o', 'o', 'h', 'h', 'h')
  await bench.command('Breakpoint at the cursor line')
  for (const tab of tabs) {
    await bench.dock(tab)
    await allDefined(bench, '#dock')
  }
})

test('the editor of policies', async ({ bench }) => {
  await bench.command('Edit or compare policies')
  await bench.page.getByRole('dialog').getByRole('table').first().waitFor()
  await allDefined(bench, '[role=dialog]')
})

test('a word has a ring and its value now; Esc closes the tip, Enter opens the page of words there', async ({ bench }) => {
  const button = bench.page.locator('#hypervisor .words-here')
  await button.focus()
  const tip = bench.page.locator('.tip')
  await tip.waitFor()
  expect(await bench.page.locator('.word-ring').count()).toBe(1)
  await bench.press('End')
  const words = bench.page.locator('#hypervisor .words-said')
  while (!(await words.textContent())?.startsWith('MSR') && !(await words.textContent())?.startsWith('SE,')) await bench.press('ArrowLeft')
  expect(await tip.innerText()).toMatch(/Now: /)
  await bench.press('Escape')
  await tip.waitFor({ state: 'detached' })
  await bench.press('Enter')
  await bench.page.getByRole('dialog', { name: 'Words' }).waitFor()
  expect(await bench.page.getByRole('searchbox').inputValue()).toMatch(/^(MSR|SE)$/)
})

test('under the pointer: the tip can be hovered, and stays until Esc or leaving', async ({ bench }) => {
  const word = bench.page.locator('#hypervisor .meta')
  const box = (await word.boundingBox())!
  // "step controller, RFC v2": the word stands behind the comma.
  const at = await word.evaluate(e => {
    const range = document.createRange()
    const text = e.firstChild as Text
    range.setStart(text, text.data.indexOf('RFC'))
    range.setEnd(text, text.data.indexOf('RFC') + 3)
    const { left, top, width, height } = range.getBoundingClientRect()
    return { x: left + width / 2, y: top + height / 2 }
  })
  await bench.page.mouse.move(at.x - 2, at.y)
  const tip = bench.page.locator('.tip')
  await tip.waitFor()
  expect(await tip.innerText()).toMatch(/^RFC\s+Request for comments/)
  const over = (await tip.boundingBox())!
  await bench.page.mouse.move(over.x + 5, over.y + 5)
  await bench.page.waitForTimeout(400)
  expect(await tip.isVisible()).toBe(true)
  await bench.press('Escape')
  await tip.waitFor({ state: 'detached' })
  await bench.page.mouse.move(at.x + 2, at.y)
  await tip.waitFor()
  await bench.page.mouse.move(box.x, box.y + 300)
  await tip.waitFor({ state: 'detached' })
})
