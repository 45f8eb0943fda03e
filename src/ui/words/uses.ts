/** Where a panel shows words that are defined: acronyms in the text that can be seen. */
import { acronym } from './text.ts'
import { isDefined } from './value.tsx'

/** A word, where it stands. */
export interface Use {
  readonly word: string
  readonly range: Range
}

/** Editors and terminals have ways of their own; a register's cell defines itself, and what is for readers of screens alone is not seen. */
const APART = '.monaco-editor, .xterm, [data-cell], .sr, [aria-hidden=true], .words-here, .tip, input, textarea, select'

function* usesOf(node: Text): Generator<Use> {
  for (const { 0: word, index } of node.data.matchAll(acronym)) {
    if (!isDefined(word)) continue
    const range = document.createRange()
    range.setStart(node, index)
    range.setEnd(node, index + word.length)
    yield { word, range }
  }
}

const seen = (range: Range): boolean => range.getClientRects().length > 0

/** Each word once, where the panel shows it first. */
export function usesIn(panel: Element): Use[] {
  const found = new Map<string, Use>()
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT)
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    const parent = n.parentElement
    if (!parent || parent.closest(APART) || !parent.checkVisibility({ visibilityProperty: true })) continue
    for (const use of usesOf(n as Text)) if (!found.has(use.word) && seen(use.range)) found.set(use.word, use)
  }
  return [...found.values()]
}

const within = ({ left, right, top, bottom }: DOMRect, x: number, y: number): boolean => left <= x && x <= right && top <= y && y <= bottom

/** The word under a point of the window; null where there is none, or where something else tells about itself. */
export function findAt(x: number, y: number): Use | null {
  const element = document.elementFromPoint(x, y)
  if (!element || element.closest(`${APART}, [data-tip]`)) return null
  for (const node of element.childNodes)
    if (node instanceof Text) for (const use of usesOf(node)) if (within(use.range.getBoundingClientRect(), x, y)) return use
  return null
}
