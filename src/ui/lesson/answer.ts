/** What the user did in the lesson, as a script that `twostep grade` takes. It is kept with the progress, so that a reload and another visit go on with it. */
import type { Lesson } from '../../emu/lesson/model.ts'
import { added, lineOf } from '../../emu/script/write.ts'
import type { Command, Commands, StepResult } from '../../emu/worker/protocol.ts'
import { download } from '../keep/download.ts'
import { recall, remember } from '../shell/remembered.ts'
import { looks, onSent, useStore } from '../store/store.ts'

interface Answer {
  readonly title: string
  readonly key: string
  readonly lines: readonly string[]
  /** What no command of a script does. */
  readonly missing: readonly string[]
}

let answer: Answer | null = null
/** The page itself sets the machine up: nothing that the user did. */
let settingUp = false
/** A program that was loaded: it belongs to the answer once something is done with it, for it may also take the lesson's place. */
let loaded: { line: string | null; says: string } | null = null
/** Whether the last line is a run that goes on, and may be paused. */
let runs = false

const keyOf = (key: string): string => `answer.${key}`

function put(next: Answer): void {
  answer = next
  remember(keyOf(next.key), JSON.stringify({ lines: next.lines, missing: next.missing }))
}

const texts = (v: unknown): string[] => (Array.isArray(v) ? v.filter(x => typeof x === 'string') : [])

function kept(key: string): Pick<Answer, 'lines' | 'missing'> {
  try {
    const read = JSON.parse(recall(keyOf(key)) ?? '{}') as Partial<Answer>
    return { lines: texts(read.lines), missing: texts(read.missing) }
  } catch {
    return { lines: [], missing: [] }
  }
}

function forgetWhatIsOpen(): void {
  loaded = null
  runs = false
}

/** `key` names the progress in the lesson. */
export function beginAnswer({ title }: Pick<Lesson, 'title'>, key: string): void {
  forgetWhatIsOpen()
  put({ title, key, lines: [], missing: [] })
}

/** The machine is as it was left. */
export function takeUpAnswer({ title }: Pick<Lesson, 'title'>, key: string): void {
  forgetWhatIsOpen()
  answer = { title, key, ...kept(key) }
}

/** The lesson was opened once more: the machine is at its beginning again, set as the lesson says. */
export function goOnWithAnswer(lesson: Lesson, key: string): void {
  const { policy, interrupts = 'hold', locking = 'replay', schedule } = lesson
  const { lines, missing } = kept(key)
  const anew = [
    'reset',
    `policy ${policy}`,
    `interrupts ${interrupts}`,
    `locking ${locking}`,
    ...(schedule ? [`schedule ${schedule}`] : []),
  ]
  forgetWhatIsOpen()
  put({ title: lesson.title, key, lines: lines.length > 0 ? [...lines, ...anew] : [], missing })
}

/** Another program took the lesson's place. */
export function endAnswer(): void {
  answer = null
  forgetWhatIsOpen()
}

/** Nothing that is sent meanwhile is the user's doing. */
export async function unnoted<T>(work: () => Promise<T>): Promise<T> {
  settingUp = true
  try {
    return await work()
  } finally {
    settingUp = false
  }
}

function miss(says: string): void {
  if (answer && !answer.missing.includes(says)) put({ ...answer, missing: [...answer.missing, says] })
}

function add(line: string): void {
  if (!answer) return
  const before = loaded
  loaded = null
  put({ ...answer, lines: added(before?.line ? [...answer.lines, before.line] : answer.lines, line) })
  if (before) miss(before.says)
}
export const answerChosen = (choice: number): void => add(`choose ${choice + 1}`)

/** Requests that leave the machine as it is, or as it was. */
const nothingDone: ReadonlySet<Command> = new Set<Command>([
  'setSpeed',
  'attachSource',
  'forgetBranch',
  'forgetPolicy',
  'openSession',
  'cancel',
])

/** Of runs that answer when they end: the user had paused it. */
const paused = (body: unknown): boolean => (body as StepResult | null)?.reason === 'pause'
const now = (): bigint => useStore.getState().view?.instructions ?? 0n

/** The run that goes on ends here; the same line goes on behind it where `then` is set. */
function endRun(then: string | null): void {
  const last = answer?.lines.at(-1)
  if (!answer || last === undefined || !runs) return
  put({ ...answer, lines: [...answer.lines.slice(0, -1), `${last} until ${now()}`, ...(then === null ? [] : [then, last])] })
  runs = then !== null
}

export function noteSent<C extends Command>(command: C, args: Commands[C]['arguments'], body: Commands[C]['body']): void {
  if (!answer || settingUp || looks.has(command) || nothingDone.has(command)) return
  const line = lineOf(command, args)
  const running = useStore.getState().view?.run.state === 'running'
  if (command === 'pause') return useStore.getState().view?.run.reason === 'pause' ? endRun(null) : undefined
  // What is typed while the guest runs parts the run.
  if (command === 'consoleInput' && running) return endRun(line)
  runs = command === 'continue' && running
  if (line !== null) add(paused(body) ? `${line} until ${now()}` : line)
  else if (command === 'loadSource') loaded = { line: 'program guest.s', says: 'guest.s has to lie beside the answer: save it too' }
  else if (command === 'loadImage') loaded = { line: null, says: 'Another program than guest.s was loaded: no command of a script does it' }
  else miss(`${command} is not written: no command of a script does it`)
}
onSent(noteSent)

export const answerText = (): string =>
  answer ? `# ${answer.title}\n${answer.missing.map(m => `# ${m}\n`).join('')}\n${answer.lines.join('\n')}\n` : ''

/** Gives it to the user as a file. */
export function saveAnswer(): void {
  if (!answer || answer.lines.length === 0) {
    useStore.setState({ problem: { message: 'Nothing was done in this lesson yet: there is no answer to save.', action: null } })
    return
  }
  download('answer.txt', answerText())
  if (answer.missing.length > 0)
    useStore.setState({ problem: { message: `The answer was saved. ${answer.missing.join('. ')}.`, action: null } })
}
