/** Keeps the session in the browser as the user works, and takes it up again. */
import { openAgain, showBeside, useLesson } from '../lesson/open.ts'
import { type Store, useStore } from '../store/store.ts'
import { openSession, sessionText } from './session.ts'
import { type Kept, newSlot, put, takeSlot } from './slots.ts'

/** Work stands still for so long before it is written. */
const PAUSE_MS = 800
const FULL =
  'The browser has no room for the session, or keeps nothing here: closing the page would lose it. Save it to a file (Ctrl K, Session: save to a file).'

const OTHERS =
  'Your last session is open in another tab, so that this one begins anew. Each tab keeps a session of its own; policies and the progress in lessons are those of both.'

let slot: string | null = null
let last: Kept | null = null
let refused = false

/** What is written again when it changes. */
const mark = ({ view, source, lesson }: Store): string =>
  view
    ? [
        view.generation,
        view.recording.events,
        view.recording.shown,
        view.recording.branches,
        view.controller.policy,
        view.locking,
        view.interrupts,
        view.state.vcpu,
        view.breakpoints
          .filter(b => b.setBy === 'you')
          .map(b => JSON.stringify(b.spec, (_, v) => (typeof v === 'bigint' ? `${v}` : v)))
          .join(),
        source.dirty ? source.text : '',
        JSON.stringify(lesson),
      ].join('|')
    : ''

async function write(): Promise<void> {
  const { view, source, lesson } = useStore.getState()
  if (slot === null || !view || view.run.state === 'running' || useStore.getState().progress) return
  const session = await sessionText()
  if (!session) return
  const edited = source.dirty ? { name: source.name, text: source.text } : null
  last = { slot, at: Date.now(), session: session.text, edited, lesson, lessonFile: useLesson.getState().file }
  try {
    await put(last)
    if (refused && useStore.getState().problem?.message === FULL) useStore.setState({ problem: null })
    refused = false
  } catch {
    if (!refused) useStore.setState({ problem: { message: FULL, action: null, stays: true } })
    refused = true
  }
}

/** What the user did last is written at once: before a reload that the page itself asks for. */
export const keepNow = write

function watch(): void {
  let seen = ''
  let timer = 0
  useStore.subscribe(state => {
    const now = mark(state)
    if (now === seen || now === '' || state.view?.run.state === 'running') return
    seen = now
    clearTimeout(timer)
    timer = setTimeout(() => void write(), PAUSE_MS) as unknown as number
  })
}

/** A lesson that was only looked at begins anew. */
const untouched = ({ session, edited, lesson }: Kept): boolean =>
  edited === null && lesson !== null && (JSON.parse(session) as { actions: readonly unknown[] }).actions.length === 0

async function takeUp(kept: Kept): Promise<boolean> {
  const { lesson, lessonFile = null } = kept
  if (untouched(kept)) return openAgain((lesson as { id: string }).id, lessonFile)
  if (!(await openSession(kept.session))) return false
  if (lesson !== null) await showBeside((lesson as { id: string }).id, lessonFile)
  if (kept.edited) useStore.setState({ source: { ...kept.edited, dirty: true } })
  return true
}

/** True when the session that this tab, or a tab that is gone, left is open again. From now on the session is kept. */
export async function resume(): Promise<boolean> {
  const taken = await takeSlot()
  slot = taken?.slot ?? null
  const kept = taken?.kept ?? null
  const open = kept !== null && (await takeUp(kept))
  if (taken?.othersOpen) useStore.setState({ problem: { message: OTHERS, action: null, stays: true } })
  watch()
  return open
}

/** Only kept, not taken up: the address brings another session along. */
export async function keepAnew(): Promise<void> {
  slot = (await newSlot())?.slot ?? null
  watch()
}

/** After the worker was replaced: the session as it was written last. */
export const takeUpLast = async (): Promise<boolean> => last !== null && takeUp(last)
