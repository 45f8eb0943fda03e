/**
 * How the panels stand: which layout they started from, what is folded, which tabs are shown, what was dragged. The browser remembers it. The
 * layout of a link or a file holds in the tab that opened it, until a named layout is chosen: the user's own is not overwritten.
 */
import { create } from 'zustand'
import type { PageLayout } from '../../emu/worker/protocol.ts'
import { type CodeTab, dockTabs, useStore } from '../store/store.ts'
import { browser, type Memory, tab } from './remembered.ts'
import { type LayoutName, shapes } from './sizes.ts'

/** What is remembered below this is dropped by a new layout. */
const LAYOUT = 'layout.'
const FOLDED = `${LAYOUT}lesson-folded`
const NAME = `${LAYOUT}name`
/** Remembered by a tab whose layout came with a session. */
const CARRIED = `${LAYOUT}carried`
/** The panels' library writes what was dragged under this. */
const SIZES = `${LAYOUT}react-resizable-panels:`

const memory = (): Memory => (tab.recall(CARRIED) === null ? browser : tab)

/** For the panels' library. */
export const sizesMemory = {
  getItem: (key: string) => memory().recall(LAYOUT + key),
  setItem: (key: string, value: string) => memory().remember(LAYOUT + key, value),
}

interface Arrangement {
  name: LayoutName
  /** Counts; a new number builds the layout anew. */
  resets: number
  /** On a wide page: the lesson is a strip. */
  lessonFolded: boolean
  /** On a narrow page: the whole lesson lies over the left side. */
  lessonOpen: boolean
}

const layoutNamed = (name: string | null): LayoutName => (name !== null && Object.hasOwn(shapes, name) ? (name as LayoutName) : 'lesson')

export const useArrangement = create<Arrangement>(() => ({
  name: layoutNamed(memory().recall(NAME)),
  resets: 0,
  lessonFolded: memory().recall(FOLDED) === 'yes',
  lessonOpen: false,
}))

export function foldLesson(folded: boolean): void {
  memory().remember(FOLDED, folded ? 'yes' : 'no')
  useArrangement.setState({ lessonFolded: folded })
}

export const openLessonSheet = (open: boolean): void => useArrangement.setState({ lessonOpen: open })

/** Room for the lanes of several vCPUs, unless the user has arranged the panels. */
export function arrangeForVcpus(): void {
  if (useArrangement.getState().name === 'lesson' && memory().keys(SIZES).length === 0) arrange('race')
}

/** The panels as that layout has them, whatever was dragged before. */
export function arrange(name: LayoutName): void {
  for (const of of [tab, browser]) of.forget(LAYOUT)
  browser.remember(NAME, name)
  foldLesson(!shapes[name].lesson)
  useArrangement.setState(s => ({ name, resets: s.resets + 1 }))
}

// ───────── carried by a session ─────────

const draggedIn = (text: string | null): Record<string, number> | null => {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

/** As the panels stand now. */
export function presentLayout(): PageLayout {
  const { name, lessonFolded } = useArrangement.getState()
  const { codeTab, dockTab } = useStore.getState()
  const from = memory()
  const sizes = from.keys(SIZES).flatMap(key => {
    const dragged = draggedIn(from.recall(key))
    return dragged ? [[key.slice(SIZES.length), dragged] as const] : []
  })
  return { name, lessonFolded, code: codeTab, dock: dockTab, sizes: Object.fromEntries(sizes) }
}

const isCodeTab = (name: string): name is CodeTab => {
  const files = useStore.getState().view?.program?.files.length ?? 0
  return ['source', 'disassembly', 'hypervisor'].includes(name) || Array.from({ length: files }, (_, n) => `file:${n}`).includes(name)
}

/** Those that this page has. */
export function showTabs({ code, dock }: PageLayout): void {
  const dockTab = dockTabs.find(t => t === dock)
  useStore.setState({ ...(dockTab ? { dockTab } : {}), ...(isCodeTab(code) ? { codeTab: code } : {}) })
}

const standing = ({ name, lessonFolded, sizes }: PageLayout): string =>
  JSON.stringify([name, lessonFolded, Object.entries(sizes).sort(([a], [b]) => (a < b ? -1 : 1))])

/** The panels as they stood where the session came from. */
export function arrangeAs(layout: PageLayout): void {
  showTabs(layout)
  if (standing(layout) === standing(presentLayout())) return
  const name = layoutNamed(layout.name)
  tab.forget(LAYOUT)
  tab.remember(CARRIED, 'yes')
  tab.remember(NAME, name)
  for (const [group, dragged] of Object.entries(layout.sizes)) tab.remember(SIZES + group, JSON.stringify(dragged))
  foldLesson(layout.lessonFolded)
  useArrangement.setState(s => ({ name, resets: s.resets + 1 }))
}
