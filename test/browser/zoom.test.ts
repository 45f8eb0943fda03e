/** 400 % zoom (320 × 256 of 1280 × 1024) and the widths between: the page reflows, nothing is cut off or lies over another. */
import { expect, type Look, test, type Workbench } from './workbench.ts'

/** What is cut off by an edge that cannot be scrolled to, and cells that lie over each other. */
const cutOff = (bench: Workbench): Promise<string[]> =>
  bench.page.evaluate(() => {
    const found: string[] = []
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth > width)
      found.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} of ${width}`)
    const nameOf = (e: HTMLElement) => `${e.tagName} ${(e.getAttribute('aria-label') ?? e.innerText).slice(0, 40)}`
    const shown = [
      ...document.querySelectorAll<HTMLElement>(
        'button, input, select, a, h1, h2, h3, p, dd, dt, label, [role=tab], [role=radio], [role=gridcell], .pill',
      ),
    ].filter(
      e =>
        e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 0 && !e.closest('.sr, .skip, .monaco-editor'),
    )
    for (const e of shown) {
      const box = e.getBoundingClientRect()
      for (let p = e.parentElement, right = width; p; p = p.parentElement) {
        const { overflowX } = getComputedStyle(p)
        if (/auto|scroll/.test(overflowX)) break
        if (/hidden|clip/.test(overflowX)) right = Math.min(right, p.getBoundingClientRect().right)
        if (p === document.body && (box.right > right + 1 || box.left < -1))
          found.push(`${nameOf(e)} ends at ${Math.round(box.right)} of ${Math.round(right)}`)
      }
    }
    const cells = shown.filter(e => e.closest('.state') && e.matches('[role=gridcell]')).map(e => ({ e, box: e.getBoundingClientRect() }))
    cells.forEach(({ e, box }, n) => {
      const over = cells.slice(n + 1).find(({ e: other, box: b }) => {
        const across = Math.min(box.right, b.right) - Math.max(box.left, b.left)
        const down = Math.min(box.bottom, b.bottom) - Math.max(box.top, b.top)
        return across > 2 && down > 2 && !e.contains(other) && !other.contains(e)
      })
      if (over) found.push(`${nameOf(e)} and ${nameOf(over.e)} lie over each other`)
    })
    return found
  })

const looks: readonly Partial<Look>[] = [
  { width: 320, height: 256 },
  { width: 480, height: 400 },
  { width: 640, height: 512 },
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
  { width: 1280, height: 720 },
]

for (const look of looks)
  test(`${look.width} × ${look.height}: nothing is cut off`, async ({ open }) => {
    const bench = await open(look)
    await bench.step('o', 'o', 'h', 'h')
    expect(await cutOff(bench)).toEqual([])
  })

test('at 400 % every control is reached by the keyboard and comes into view', async ({ open }) => {
  const bench = await open({ width: 320, height: 256 })
  await bench.leaveEditor()
  const hidden: string[] = []
  for (let n = 0; n < 40; n++) {
    await bench.press('Tab')
    const out = await bench.page.evaluate(() => {
      const e = document.activeElement as HTMLElement
      if (e === document.body || e.closest('.monaco-editor')) return null
      const box = e.getBoundingClientRect()
      const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
      return seen ? null : `${e.tagName} ${e.getAttribute('aria-label') ?? e.innerText.slice(0, 40)}`
    })
    if (out) hidden.push(out)
  }
  expect(hidden).toEqual([])
})

test('with reduced motion nothing moves by itself', async ({ bench }) => {
  await bench.load('_start: addi r3,r3,1\n b _start\n')
  await bench.press('Space')
  await bench.waitFor('machine', () => bench.text('Machine'), /Pause/)
  const moving = await bench.page.evaluate(() => document.getAnimations().filter(a => a.playState === 'running').length)
  await bench.press('Space')
  expect(moving).toBe(0)
})

test('with forced colours what is chosen, focused or current is told by an outline or a mark', async ({ bench }) => {
  await bench.page.emulateMedia({ forcedColors: 'active' })
  await bench.step('o', 'o', 'h', 'h')
  const plain = await bench.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[role=tab][aria-selected=true], [role=radio][aria-checked=true], li[aria-current=step]')]
      .filter(e => e.checkVisibility())
      .filter(e => {
        const s = getComputedStyle(e)
        return s.outlineStyle === 'none' && s.borderStyle === 'none' && s.textDecorationLine === 'none'
      })
      .map(e => e.getAttribute('aria-label') ?? e.innerText),
  )
  expect(plain).toEqual([])
})
