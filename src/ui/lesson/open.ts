/** Opens a lesson: one that ships, a file of the user's, or an address of this site. Its program is loaded under its policy. */
import { create } from 'zustand'
import { hasJsonHead, type Lesson, LessonError, readLesson } from '../../emu/lesson/model.ts'
import { begun, type Progress, readProgress } from '../../emu/lesson/progress.ts'
import { arrangeForVcpus } from '../shell/arrangement.ts'
import { putSource, sparingEdits } from '../shell/program.ts'
import { recall, remember } from '../shell/remembered.ts'
import { send, useStore } from '../store/store.ts'
import { addressOfLesson } from './address.ts'
import { beginAnswer, endAnswer, goOnWithAnswer, takeUpAnswer, unnoted } from './answer.ts'
import { type LessonEntry, lessons } from './lessons.ts'

interface Open {
  /** Null with a user's program. */
  readonly lesson: Lesson | null
  /** From 1, of those that ship; 0 for others. */
  readonly number: number
  /** The text of its program, as it was loaded. */
  readonly source: string
  /** The whole lesson as it was read, where it does not ship: nothing else brings it back after a reload. */
  readonly text: string | null
}

/** The lesson shown. */
export const useLesson = create<Open>(() => ({ lesson: null, number: 0, source: '', text: null }))

const keyOf = (id: string, ships: boolean): string => `lesson.${ships ? '' : 'own.'}${id}`

/** How far the user came in a lesson that ships; null before it was begun. */
export function kept(id: string): 'done' | 'open' | null {
  try {
    const read = JSON.parse(recall(keyOf(id, true)) ?? 'null') as (Progress & { of: number }) | null
    if (!read || read.done.length === 0) return null
    return read.done.length >= read.of ? 'done' : 'open'
  } catch {
    return null
  }
}

const NOT_KEPT =
  'The browser has no room, or keeps nothing here: what you do in lessons is known until the page is closed. Save my answer, in the lesson, keeps it in a file.'
let told = false

/** A task that was passed in another tab stays passed; beginning anew forgets all. */
useStore.subscribe((now, before) => {
  const { lesson, number } = useLesson.getState()
  if (!lesson || !now.lesson || now.lesson === before.lesson || now.lesson.id !== lesson.id) return
  const key = keyOf(lesson.id, number > 0)
  const isNew = now.lesson.done.length === 0 && Object.keys(now.lesson.answers).length === 0
  const elsewhere = isNew ? [] : readProgress(recall(key), lesson).done
  const done = [...new Set([...elsewhere, ...now.lesson.done])]
  if (remember(key, JSON.stringify({ ...now.lesson, done, of: lesson.tasks.length })) || isNew || told) return
  told = true
  useStore.setState({ problem: { message: NOT_KEPT, action: null, stays: true } })
})

async function fetchText(address: string): Promise<string> {
  const response = await fetch(address)
  if (!response.ok) throw new LessonError(`${address} could not be fetched (${response.status})`)
  return response.text()
}
const own = (path: string): string => `${import.meta.env.BASE_URL}${path}`

const stage = {
  send: async (...[command, args]: Parameters<typeof send>) => {
    const body = await send(command, args)
    if (body === null) throw new LessonError(useStore.getState().problem?.message ?? 'The machine did not answer')
    return body as never
  },
  load: () => Promise.resolve(),
}

/** Sets the machine as the lesson's head says; what it leaves out is as at first, whatever was chosen before. */
async function setMachine({ policy, interrupts = 'hold', locking = 'replay', schedule }: Lesson): Promise<void> {
  const view = useStore.getState().view
  if (view?.controller.policy !== policy) await stage.send('setPolicy', { policy })
  if (view?.interrupts !== interrupts) await stage.send('setInterrupts', { setting: interrupts })
  if (view?.locking !== locking) await stage.send('setSchedulerLocking', { value: locking })
  if (!schedule) return
  const [{ play }, { parseScript }] = await Promise.all([import('../../emu/script/play.ts'), import('../../emu/script/script.ts')])
  await play(parseScript(`schedule ${schedule}`), stage)
}

const sourceOf = async (lesson: Lesson): Promise<string> => lesson.source ?? (await fetchText(own(`programs/${lesson.program}`)))

/** False where the worker refused; it has said why. */
async function loadProgram(lesson: Lesson, source: string): Promise<boolean> {
  const policies = useStore.getState().view?.controller.policies.map(p => p.id)
  if (policies && !policies.includes(lesson.policy))
    throw new LessonError(`there is no policy ${lesson.policy}; there are ${policies.join(', ')}`)
  const loaded = await send('loadSource', { name: 'guest.s', source })
  if (!loaded) return false
  if (!loaded.program) {
    const [first] = loaded.diagnostics
    throw new LessonError(`its program has errors${first ? `; line ${first.line}: ${first.message}` : ''}`)
  }
  await setMachine(lesson)
  return true
}

/** `number`: of one that ships; else 0, and its file. */
async function show(lesson: Lesson, number: number, file: string | null): Promise<void> {
  const source = await sourceOf(lesson)
  // Those that ship were judged when they were written.
  const judge = number > 0 ? null : (await import('../../emu/lesson/validate.ts')).problemsOf
  if (!(await unnoted(() => loadProgram(lesson, source)))) return
  putSource('guest.s', source)
  const key = keyOf(lesson.id, number > 0)
  const progress = readProgress(recall(key), lesson)
  useLesson.setState({ lesson, number, source, text: file })
  useStore.setState({ lesson: progress })
  if (progress.done.length > 0) goOnWithAnswer(lesson, key)
  else beginAnswer(lesson, key)
  const { view, events, ports } = useStore.getState()
  if (!view) return
  if (view.vcpus > 1) arrangeForVcpus()
  const machine = { view, events, printed: ports.console, memory: new Map(), registers: new Map(), passing: null }
  const problems = judge?.(lesson, machine) ?? []
  if (problems.length > 0)
    useStore.setState({ problem: { message: `The lesson is open, but something in it is wrong: ${problems.join(' ')}`, action: null } })
}

const failed = (what: string, e: unknown, again: (() => void) | null): void => {
  const message = `${what} could not be opened: ${(e as Error).message.replace(/\.$/, '')}. What was loaded stays loaded.`
  useStore.setState({ problem: { message, action: again && { label: 'Try again', run: again } } })
}

/** The reader of YAML is fetched when a lesson needs it. */
const lessonOf = async (file: string): Promise<Lesson> =>
  readLesson(file, hasJsonHead(file) ? () => null : (await import('../../emu/lesson/parse.ts')).readYaml)

/** Asks first where edits would be lost. */
export async function openLesson(id: string): Promise<void> {
  const entry = lessons.find(l => l.id === id)
  if (!entry) return
  await new Promise<unknown>(done => sparingEdits(`Lesson ${entry.number} drops them.`, 'Open the lesson', () => done(load(entry))))
}

async function load(entry: LessonEntry): Promise<void> {
  try {
    await show(await lessonOf(await fetchText(own(entry.file))), entry.number, null)
  } catch (e) {
    failed(`Lesson ${entry.number}`, e, () => openLesson(entry.id))
  }
}

/** A lesson for the page around an embedded one, which asks no questions. Rejects with what is wrong; then nothing was changed. */
export async function bringLesson(wanted: { id: string } | { text: string }): Promise<void> {
  if ('text' in wanted) return show(await lessonOf(wanted.text), 0, wanted.text)
  const entry = lessons.find(l => l.id === wanted.id)
  if (!entry) throw new LessonError(`there is no lesson ${wanted.id}; there are ${lessons.map(l => l.id).join(', ')}`)
  return show(await lessonOf(await fetchText(own(entry.file))), entry.number, null)
}

/**
 * The lesson beside a session that was taken up: the machine is in it already. `text` is that of one that does not ship. What was passed by
 * then counts, where the browser did not keep it too.
 */
export async function showBeside(then: { readonly id: string }, text: string | null): Promise<void> {
  const { id } = then
  const entry = lessons.find(l => text === null && l.id === id)
  if (!entry && text === null) return
  try {
    const lesson = await lessonOf(text ?? (await fetchText(own(entry!.file))))
    const source = await sourceOf(lesson)
    const key = keyOf(lesson.id, entry !== undefined)
    useLesson.setState({ lesson, number: entry?.number ?? 0, source, text })
    useStore.setState({ lesson: readProgress(recall(key) ?? JSON.stringify(then), lesson) })
    takeUpAnswer(lesson, key)
  } catch (e) {
    failed(entry ? `Lesson ${entry.number}` : `The lesson ${id}`, e, entry ? () => openLesson(id) : null)
  }
}

/** A lesson that was only looked at. False where there is none any more. */
export async function openAgain(id: string, file: string | null): Promise<boolean> {
  if (file === null && !lessons.some(l => l.id === id)) return false
  if (file === null) void openLesson(id)
  else await openOther('The lesson', async () => file)
  return true
}

/** A lesson that does not ship; its text comes when it is read. */
async function openOther(name: string, text: () => Promise<string>): Promise<void> {
  const open = async () => {
    try {
      await bringLesson({ text: await text() })
    } catch (e) {
      failed(name, e, null)
    }
  }
  await new Promise<unknown>(done => sparingEdits(`${name} drops them.`, 'Open the lesson', () => done(open())))
}

export const isLesson = (name: string): boolean => /\.(md|markdown)$/i.test(name)

export const openLessonFile = (file: File): void => void openOther(file.name, () => file.text())

/** A lesson that the page's address names: `#lesson=` and its id, or an address of this site. The promise ends when it was tried. */
export function openLinkedLesson(): Promise<void> | null {
  const linked = addressOfLesson(location.hash, location.href)
  if (linked === null) return null
  history.replaceState(null, '', location.pathname + location.search)
  if ('problem' in linked) {
    useStore.setState({ problem: { message: linked.problem, action: null } })
    return Promise.resolve()
  }
  const { address } = linked
  return lessons.some(l => l.id === address) ? openLesson(address) : openOther(address, () => fetchText(address))
}

/** The lesson from its beginning: no task is done, and the machine is as it was at first. */
export function beginAnew(): void {
  const { lesson, number, source } = useLesson.getState()
  if (!lesson) return
  sparingEdits('Beginning anew drops them.', 'Begin anew', async () => {
    try {
      if (!(await unnoted(() => loadProgram(lesson, source)))) return
      putSource('guest.s', source)
      useStore.setState({ lesson: begun(lesson.id) })
      beginAnswer(lesson, keyOf(lesson.id, number > 0))
    } catch (e) {
      failed(lesson.title, e, null)
    }
  })
}

/** The user's own program takes the lesson's place. */
export function leaveLesson(): void {
  useLesson.setState({ lesson: null, number: 0, source: '', text: null })
  useStore.setState({ lesson: null })
  endAnswer()
}
