/** What the user did in the lesson, as a script that `twostep grade` takes. */
import type { Lesson } from '../../emu/lesson/model.ts'
import { joined, lineOf } from '../../emu/script/write.ts'
import type { Command, Commands } from '../../emu/worker/protocol.ts'
import { looks, onSent, useStore } from '../store/store.ts'

let lines: string[] = []
/** What no command of a script does. */
let missing: string[] = []

export function beginAnswer(lesson: Lesson): void {
  lines = []
  missing = []
  title = lesson.title
}
let title = ''

/** What was done in the lesson so far, as it is kept across a reload. */
export interface Answer {
  readonly title: string
  readonly lines: readonly string[]
  readonly missing: readonly string[]
}
export const answerSoFar = (): Answer => ({ title, lines, missing })

/** After the session was taken up again. */
export function goOnWith(answer: Answer): void {
  title = answer.title
  lines = [...answer.lines]
  missing = [...answer.missing]
}

export const answerChosen = (choice: number): void => void lines.push(`choose ${choice + 1}`)

/** Requests that leave the machine as it is, or change only how it is shown. */
const nothingDone: ReadonlySet<Command> = new Set<Command>(['seek', 'setSpeed', 'setHypervisorWalk', 'attachSource'])

export function noteSent<C extends Command>(command: C, args: Commands[C]['arguments']): void {
  if (looks.has(command) || nothingDone.has(command)) return
  const line = lineOf(command, args)
  if (line !== null) return void lines.push(line)
  if (command === 'loadSource') lines.push('program guest.s')
  missing.push(
    command === 'loadSource'
      ? 'guest.s has to lie beside the answer: save it too'
      : `${command} is not written: no command of a script does it`,
  )
}
onSent(noteSent)

export const answerText = (): string => `# ${title}\n${[...new Set(missing)].map(m => `# ${m}\n`).join('')}\n${joined(lines).join('\n')}\n`

/** Gives it to the user as a file. */
export function saveAnswer(): void {
  if (lines.length === 0) {
    useStore.setState({ problem: { message: 'Nothing was done in this lesson yet: there is no answer to save.', action: null } })
    return
  }
  const address = URL.createObjectURL(new Blob([answerText()], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = 'answer.txt'
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 1000)
  if (missing.length > 0)
    useStore.setState({ problem: { message: `The answer was saved. ${[...new Set(missing)].join('. ')}.`, action: null } })
}
