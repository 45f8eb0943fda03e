/** Every acronym has its definition where a panel shows it first. */
import { acronymsIn } from '../../src/ui/words/text.ts'
import { definitionOf } from '../../src/ui/words/words.ts'
import { expect, test, type Workbench } from './workbench.ts'

/** Visible text of each panel, piece by piece in its order; `defined` where hovering or focusing tells more. */
async function pieces(bench: Workbench): Promise<Record<string, { text: string; defined: boolean; by: string }[]>> {
  return bench.page.evaluate(() => {
    const out: Record<string, { text: string; defined: boolean; by: string }[]> = {}
    const panels = document.querySelectorAll<HTMLElement>('.panel, header.top, footer.status, section.run, [role=dialog]')
    for (const panel of panels) {
      const name = panel.getAttribute('aria-label') ?? panel.className
      const list: { text: string; defined: boolean; by: string }[] = []
      const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT)
      for (let n = walker.nextNode(); n; n = walker.nextNode()) {
        const e = n.parentElement!
        if (!e.checkVisibility({ visibilityProperty: true }) || e.closest('.sr-only, .monaco-editor, pre, code')) continue
        const text = n.textContent ?? ''
        if (!/[A-Z]{2}/.test(text)) continue
        list.push({
          text,
          defined: e.closest('[data-tip], [data-cell]') !== null,
          by: `${e.tagName.toLowerCase()}.${e.className} < ${e.parentElement!.className}`,
        })
      }
      out[name] = [...(out[name] ?? []), ...list]
    }
    return out
  })
}

async function lacking(bench: Workbench): Promise<string[]> {
  const found: string[] = []
  for (const [panel, list] of Object.entries(await pieces(bench))) {
    const seen = new Set<string>()
    for (const { text, defined, by } of list)
      for (const a of acronymsIn(text)) {
        if (seen.has(a) || !definitionOf(a)) continue
        seen.add(a)
        if (!defined) found.push(`${panel}: ${a} in "${text.slice(0, 60)}" ${by}`)
      }
  }
  return found
}
const tabs = ['Exception', 'Breakpoints', 'Memory', 'Console', 'Leaks', 'History', 'SPRs'] as const
for (const tab of tabs)
  test(tab, async ({ open }) => {
    const bench = await open()
    await bench.step('o', 'o', 'h', 'h', 'h')
    if (tab === 'Breakpoints') await bench.command('Breakpoint at the cursor line')
    await bench.dock(tab)
    expect(await lacking(bench)).toEqual([])
  })
