/** Keeps the session in the browser as the user works, and takes it up again. */
import { place } from '../embed/place.ts'
import { bringLesson, showBeside, useLesson } from '../lesson/open.ts'
import { type Store, useStore } from '../store/store.ts'
import { openSession, sessionText } from './session.ts'
import { adopt, type Kept, newSlot, put, takeSlot, type Work } from './slots.ts'

/** Work stands still for so long before it is written. */
const PAUSE_MS = 800
/** A run is written so often while it goes on. */
const RUNNING_MS = 4000
const FULL =
  'The browser has no room for the session, or keeps nothing here: closing the page would lose it. Save it to a file (Commands, Session: save to a file).'

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
        view.run.state,
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
        view.program?.files.filter(f => f.attached).length,
        source.dirty ? source.text : '',
        JSON.stringify(lesson),
      ].join('|')
    : ''

/** The present session, with what belongs to it in the page; null where nothing is loaded. */
export async function present(): Promise<Work | null> {
  const session = await sessionText()
  if (!session) return null
  const { source, lesson } = useStore.getState()
  return {
    at: Date.now(),
    session: session.text,
    edited: source.dirty ? { name: source.name, text: source.text } : null,
    lesson,
    ownLesson: lesson && useLesson.getState().text,
  }
}

const isKeeping = (): boolean => slot !== null || place.embedded

async function write(kept: Kept): Promise<void> {
  try {
    if (!isKeeping()) throw new Error('no slot')
    if (slot !== null) await put(kept)
    if (refused && useStore.getState().problem?.message === FULL) useStore.setState({ problem: null })
    refused = false
  } catch {
    if (!refused) useStore.setState({ problem: { message: FULL, action: null, stays: true } })
    refused = true
  }
}

/** Written at once, whether it stood still or not. Embedded, it is kept in the page alone, for a worker that dies. */
export async function keepNow(): Promise<void> {
  const { view, progress, dead } = useStore.getState()
  if (!view || progress || dead !== null) return
  const now = await present()
  if (!now) return
  last = { slot: slot ?? '', ...now }
  await write(last)
}

function watch(): void {
  let seen = ''
  let timer = 0
  let writtenAt = 0
  const write = () => {
    clearTimeout(timer)
    writtenAt = performance.now()
    void keepNow()
  }
  useStore.subscribe(state => {
    if (state.view?.run.state === 'running') {
      // Views come while it runs: no timer is needed.
      if (performance.now() - writtenAt > RUNNING_MS) write()
      return
    }
    const now = mark(state)
    if (now === seen || now === '') return
    seen = now
    clearTimeout(timer)
    timer = setTimeout(write, PAUSE_MS) as unknown as number
  })
  // A page that is put aside may be ended without another word.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && write())
}

interface Settings {
  readonly policy: { readonly id: string }
  readonly locking: string
  readonly interrupts: string
}
interface Done {
  readonly actions: readonly unknown[]
  readonly branches?: readonly unknown[]
  readonly breakpoints: readonly unknown[]
}

/** A lesson that was only looked at begins anew, as it is now. False where more than that was done, or it cannot be opened. */
async function lookedAt({ session, edited, lesson, ownLesson }: Kept): Promise<boolean> {
  const { actions, branches = [], breakpoints, policy, locking, interrupts } = JSON.parse(session) as Done & Settings
  if (edited || !lesson || actions.length + branches.length + breakpoints.length > 0) return false
  try {
    await bringLesson(ownLesson ? { text: ownLesson } : { id: lesson.id })
  } catch {
    return false
  }
  const { view } = useStore.getState()
  return view?.controller.policy === policy.id && view.locking === locking && view.interrupts === interrupts
}

/** False where it cannot be opened; the worker has said why. */
export async function takeUp(kept: Kept): Promise<boolean> {
  const { lesson, ownLesson = null, edited } = kept
  if (await lookedAt(kept)) return true
  if (!(await openSession(kept.session, true))) return false
  if (lesson !== null) await showBeside(lesson, ownLesson)
  if (edited) useStore.setState({ source: { ...edited, dirty: true } })
  return true
}

const NOT_OPENED = 'Your last session was not opened. It is kept: Sessions in this browser, among the commands, has it.'

/** True when the session that this tab, or a tab that is gone, left is open again. From now on the session is kept. */
export async function resume(): Promise<boolean> {
  const taken = await takeSlot()
  slot = taken?.slot ?? null
  last = taken?.kept ?? null
  const open = last !== null && (await takeUp(last))
  const tell = (message: string) => useStore.setState({ problem: { message, action: null, stays: true } })
  if (taken?.othersOpen) tell(OTHERS)
  if (last !== null && !open) {
    await leaveSlot()
    tell(NOT_OPENED)
  }
  watch()
  return open
}

/** What is in the slot stays there; from now on the session is kept in another. */
export async function leaveSlot(): Promise<void> {
  if (!place.embedded) slot = (await newSlot())?.slot ?? null
  last = null
}

/** Embedded: the user's own work is neither opened nor overwritten. */
export const keepInThePage = (): void => watch()

/** Only kept, not taken up: the address brings another session along. */
export async function keepAnew(): Promise<void> {
  await leaveSlot()
  watch()
}

/** A session that no tab holds takes the place of this tab's, which stays kept. False where another tab holds it, or it cannot be opened. */
export async function goOnIn(kept: Kept): Promise<boolean> {
  await keepNow()
  const before = slot
  if (!(await adopt(kept.slot))) return false
  if (!(await takeUp(kept))) {
    if (before !== null) await adopt(before)
    return false
  }
  slot = kept.slot
  last = kept
  return true
}

export const presentSlot = (): string | null => slot

/** The session as it was written last. */
export const lastKept = (): Kept | null => last
