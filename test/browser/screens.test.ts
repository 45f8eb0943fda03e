/** The page as a newcomer sees it, and halfway through an outside step, at three widths in both themes; and the measures of its panels. */
import { differs } from './pictures.ts'
import { describe, expect, type Look, test, type Workbench } from './workbench.ts'

const looks: Pick<Look, 'width' | 'height' | 'theme'>[] = [
  [1440, 900],
  [1024, 768],
  [768, 1024],
].flatMap(([width, height]) => (['dark', 'light'] as const).map(theme => ({ width: width!, height: height!, theme })))

/** The editor's scrollbars fade some time after they were shown. */
const FADING = '.monaco-scrollable-element > .scrollbar { visibility: hidden !important }'

/** Once letters, editor and panels stand still. */
async function picture(bench: Workbench): Promise<Buffer> {
  await bench.page.evaluate(() => document.fonts.ready)
  let last: Buffer = Buffer.alloc(0)
  for (let n = 0; n < 20; n++) {
    const now = await bench.page.screenshot({ animations: 'disabled', caret: 'hide', style: FADING })
    if (now.equals(last)) return now
    last = now
    await bench.frames(150)
  }
  throw new Error('The page does not come to rest.')
}

describe.each(looks)('$width × $height, $theme', look => {
  const name = (screen: string) => `${screen}-${look.width}-${look.theme}`

  test('at the start, and with SE hidden', async ({ open }) => {
    const bench = await open(look)
    expect(differs(name('start'), await picture(bench))).toBeNull()
    await bench.step('o', 'o', 'h', 'h')
    expect(await bench.boxed()).toEqual({ drawn: ['SE'], said: ['SE'] })
    expect(differs(name('workbench'), await picture(bench))).toBeNull()
    if (look.width > 900) return
    // There the page scrolls, and State stands below the dock.
    await bench.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    expect(differs(name('state'), await picture(bench))).toBeNull()
  })

  test('the race, where it goes wrong', async ({ open }) => {
    if (look.width < 900) return
    const bench = await open(look)
    await bench.command('Scenario: The race, under RFC v2')
    const scenario = bench.page.getByRole('complementary', { name: 'Scenario' })
    const next = scenario.locator(look.width > 1200 ? 'button.prime' : '.btn').first()
    for (const command of ['step outside 3', 'step hypervisor 3', 'step hypervisor']) {
      await bench.waitFor(
        'next command',
        () => (look.width > 1200 ? scenario.locator('[aria-current=step] > div > code') : next).innerText(),
        new RegExp(`^${command}$`),
      )
      await next.press('Enter')
    }
    await bench.waitFor('status', () => bench.sentence(), /^vCPU 1 met the word/)
    await bench.press('Escape')
    await bench.page.locator('#run').focus()
    await bench.press('v')
    await bench.waitFor('status', () => bench.sentence(), /^vCPU 1: State/)
    expect(differs(name('race'), await picture(bench))).toBeNull()
  })
})

interface Box {
  x: number
  y: number
  width: number
  height: number
}
const box = async (bench: Workbench, selector: string): Promise<Box> => (await bench.page.locator(selector).boundingBox())!

test('at 1440 × 900 State shows NIP to r31 without scrolling, and the panels have their sizes', async ({ bench }) => {
  await bench.step('o', 'o', 'h', 'h')
  const body = bench.page.locator('#state .pb')
  expect(await body.evaluate(e => e.scrollHeight - e.clientHeight)).toBeLessThanOrEqual(0)
  const [state, last] = [await box(bench, '#state'), await bench.region('State').getByRole('gridcell', { name: /^r31,/ }).boundingBox()]
  expect(last!.y + last!.height).toBeLessThanOrEqual(state.y + state.height)
  expect(state.width).toBeCloseTo(420, -1)
  expect((await box(bench, '#lesson')).width).toBeCloseTo(244, -1)
  expect((await box(bench, '#dock')).height).toBeCloseTo(236, -1)
  const { height } = await box(bench, '#timeline')
  expect(height).toBeGreaterThanOrEqual(205)
  expect(height).toBeLessThanOrEqual(240)
  expect((await box(bench, 'header')).height).toBeCloseTo(42, 0)
  expect((await box(bench, '#run')).height).toBeCloseTo(78, 0)
  expect((await box(bench, 'footer')).height).toBeCloseTo(24, 0)
})

test.for([
  { width: 1440, height: 900 },
  { width: 1280, height: 800 },
  { width: 1024, height: 768 },
  { width: 768, height: 1024 },
])('at $width × $height nothing scrolls sideways and no control is cut off', async (look, { open }) => {
  const bench = await open(look)
  await bench.step('o', 'o', 'h', 'h')
  expect(await bench.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  const cut = await bench.page.locator('header button, #run button, #run .pill, #run .track li').evaluateAll(es =>
    es
      .filter(e => {
        const { left, right, width: w } = e.getBoundingClientRect()
        return w > 0 && (left < 0 || right > innerWidth + 0.5 || e.scrollWidth > e.clientWidth + 1)
      })
      .map(e => e.textContent),
  )
  expect(cut).toEqual([])
})

test.for([
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
])('at $width × $height a notice stands between the panels and the status bar, and covers neither', async (look, { open }) => {
  const bench = await open(look)
  await bench.press('i')
  await bench.waitFor('notice', () => bench.notice(), /debugger in the guest/)
  const [notice, dock, footer] = [await box(bench, '.notice'), await box(bench, '#dock'), await box(bench, 'footer')]
  expect(notice.width).toBeCloseTo(look.width, 0)
  expect(dock.y + dock.height).toBeLessThanOrEqual(notice.y)
  expect(notice.y + notice.height).toBeLessThanOrEqual(footer.y)
  expect(footer.y + footer.height).toBeLessThanOrEqual(look.height)
})
