/** A worker that died or hangs is replaced, and the session taken up as it was kept last; the user is told what was lost. */
import type { MachineView } from '../../emu/worker/protocol.ts'
import { place } from '../embed/place.ts'
import { lessons } from '../lesson/lessons.ts'
import { bringLesson } from '../lesson/open.ts'
import { shelve } from '../policy/shelf.ts'
import { grouped } from '../run/counts.ts'
import { loadAgain } from '../shell/program.ts'
import { reconnect, useStore } from '../store/store.ts'
import { download } from './download.ts'
import { lastKept, leaveSlot, takeUp } from './kept.ts'

type Came = Pick<MachineView, 'instructions'> & {
  readonly recording: Pick<MachineView['recording'], 'events'>
  readonly run: Pick<MachineView['run'], 'state'>
}

/** What was done between two views and is not in the second. Pure. */
export function lost(before: Came, after: Came): string {
  const instructions = before.instructions - after.instructions
  const events = before.recording.events - after.recording.events
  if (before.run.state !== 'running') {
    if (events <= 0) return 'Nothing was lost.'
    return `The last ${grouped(events)} event${events === 1 ? '' : 's'} of the recording ${events === 1 ? 'is' : 'are'} lost.`
  }
  if (instructions <= 0n) return 'Nothing was lost; the run that was going on is paused.'
  return instructions === 1n
    ? 'Of the run that was going on, the last instruction is lost; Run does it again.'
    : `Of the run that was going on, the last ${grouped(instructions)} instructions are lost; Run does them again.`
}

interface Way {
  readonly go: () => Promise<boolean>
  /** What became of the work. */
  readonly says: () => string
  readonly action: { label: string; run: () => void } | null
}

let replacing = false
export const isReplacing = (): boolean => replacing

async function firstLesson(): Promise<boolean> {
  if (place.embedded) return false
  try {
    await bringLesson({ id: lessons[0]!.id })
    return true
  } catch {
    return false
  }
}

/** Tried one after the other: a session that ends every worker must not end the page. */
function ways(): Way[] {
  const { view } = useStore.getState()
  const kept = lastKept()
  const save = kept && { label: 'Save what was done to a file', run: () => download('session.twostep.json', kept.session) }
  const again: Way = {
    go: async () => kept !== null && takeUp(kept),
    says: () => (view ? lost(view, useStore.getState().view!) : ''),
    action: null,
  }
  const anew: Way = {
    go: () => loadAgain(view?.controller.policy),
    says: () => 'What was done could not be done again: the program stands at its beginning.',
    action: save,
  }
  const other: Way = { go: firstLesson, says: () => 'What was open could not be opened again.', action: save }
  // Where there was no view yet, what was to be taken up is what ended it.
  return view ? [again, anew, other] : [other]
}

/** With the text of the editor as it was. */
async function replace(why: string): Promise<void> {
  if (replacing) return
  replacing = true
  const { source } = useStore.getState()
  for (const [n, { go, says, action }] of ways().entries()) {
    reconnect()
    await shelve()
    if (n === 1) await leaveSlot()
    if (!(await go()) || useStore.getState().dead !== null) continue
    if (source.dirty) useStore.setState({ source })
    const message = `The emulator stopped: ${why.replace(/[.]?$/, '.')} It was replaced. ${says()}`
    useStore.setState({ problem: { message, action, stays: true } })
    break
  }
  replacing = false
}

/** Called once. */
export function replaceTheDead(): void {
  useStore.subscribe((now, before) => {
    if (now.dead !== null && before.dead === null) void replace(now.dead)
  })
}
