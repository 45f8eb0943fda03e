/** What a lesson file holds: a YAML head between `---` lines, checked against this schema, a Markdown introduction, perhaps a program. */
import type { SchedulerLocking, Setting } from '../worker/protocol.ts'
import { type Condition, condition, policyName, within } from './conditions.ts'
import { place } from './places.ts'
import { LessonError, listOf, oneOf, optional, type Reader, record, text, whole, wrong } from './schema.ts'
import { upgrade, VERSION } from './upgrade.ts'

export { LessonError } from './schema.ts'

export interface Pointer {
  /** As `places.ts` has them. */
  readonly at: string
  readonly text: string
}

export interface Choice {
  readonly text: string
  readonly note?: string
  /** The choice is right when this holds. */
  readonly holds: Condition
}

export interface Task {
  readonly title: string
  /** Markdown; instead of the introduction. */
  readonly text?: string
  readonly ask: string
  readonly when: readonly Condition[]
  readonly look: Pointer
  readonly choices?: readonly Choice[]
  readonly hint?: Pointer
}

/** How the machine is set when the lesson opens, besides the policy. */
export interface Settings {
  readonly interrupts?: Setting
  readonly locking?: SchedulerLocking
  /** "0:3 1:40 quantum 100", as in a script. */
  readonly schedule?: string
}

export interface Head extends Settings {
  readonly version: number
  readonly id: string
  readonly title: string
  /** A file of `programs/`; without it the program stands in the lesson. */
  readonly program?: string
  readonly policy: string
  readonly words?: readonly { readonly word: string; readonly means: string }[]
  readonly tasks: readonly Task[]
}

export interface Lesson extends Head {
  /** Markdown. */
  readonly introduction: string
  /** The text of the program that stands in the lesson. */
  readonly source: string | null
}

export const pointerFields = { at: place, text }
export const choiceFields = { text, note: optional(text), holds: condition }
const pointer = record<Pointer>(pointerFields)
const choice = record<Choice>(choiceFields)
export const taskFields = {
  title: text,
  text: optional(text),
  ask: text,
  when: listOf(condition),
  look: pointer,
  choices: optional(listOf(choice, 2)),
  hint: optional(pointer),
}
const word = record<{ word: string; means: string }>({ word: text, means: text })
const identifier: Reader<string> = (v, at) =>
  typeof v === 'string' && /^[a-z0-9][a-z0-9-]{0,60}$/.test(v) ? v : wrong(at, v, 'lower-case letters, digits and hyphens')
const programFile: Reader<string> = (v, at) =>
  typeof v === 'string' && /^[\w-]+(\/[\w-]+)?\.s$/.test(v) ? v : wrong(at, v, 'the name of a file of programs/, as lesson-1.s')
const schedule: Reader<string> = (v, at) =>
  typeof v === 'string' && /^(\d:\d{1,9}|quantum \d{1,9})( (\d:\d{1,9}|quantum \d{1,9}))*$/.test(v)
    ? v
    : wrong(at, v, 'turns, as "0:3 1:40" (vCPU 0 for 3 boundaries, then vCPU 1 for 40)')
export const headFields = {
  version: whole('a version', VERSION, VERSION),
  id: identifier,
  title: text,
  program: optional(programFile),
  policy: policyName,
  interrupts: optional(oneOf(['hold', 'deliver'] as const)),
  locking: optional(oneOf(['off', 'on', 'step', 'replay'] as const)),
  schedule: optional(schedule),
  words: optional(listOf(word)),
  tasks: listOf(record<Task>(taskFields)),
}
const head = record<Head>(headFields)

/** More is no lesson that a person wrote. */
const LONGEST = 256 << 10
const FENCE = /^```ppc64[ \t]*\n([\s\S]*?)^```[ \t]*$/gm

/** The shipped lessons are served with their heads as JSON, so that the page needs no reader of YAML to begin. */
export const hasJsonHead = (file: string): boolean => file.startsWith('---\n{')

/** Throws LessonError with the place in the head, what was found and what was expected there. */
export function readLesson(file: string, yaml: (head: string) => unknown): Lesson {
  if (file.length > LONGEST)
    throw new LessonError(`A lesson has at most ${LONGEST >> 10} KiB; this file has ${Math.ceil(file.length / 1024)} KiB`)
  const m = /^\ufeff?---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file.replaceAll('\r\n', '\n'))
  if (!m) throw new LessonError('A lesson begins with a head between two lines of ---')
  let raw: unknown
  try {
    raw = hasJsonHead(file) ? JSON.parse(m[1]!) : yaml(m[1]!)
  } catch (e) {
    throw new LessonError(`The head is not YAML: ${(e as Error).message}`)
  }
  const read = head(upgrade(raw), '')
  const programs = [...m[2]!.matchAll(FENCE)].map(f => f[1]!)
  if (programs.length + (read.program === undefined ? 0 : 1) !== 1)
    throw new LessonError(
      `A lesson has one program: either "program" names a file, or one block between \`\`\`ppc64 and \`\`\` holds it; found ${programs.length} blocks${read.program === undefined ? '' : ' and "program"'}`,
    )
  const introduction = text(m[2]!.replace(FENCE, '').trim(), 'the introduction')
  return { ...read, introduction, source: programs[0] ?? null }
}

/** Conditions of a task, those of its choices and those within others included. */
export const conditionsOf = (task: Task): Condition[] => [...task.when, ...(task.choices ?? []).map(c => c.holds)].flatMap(within)

/** What is read with a task: the introduction with the first, before what the task itself says, and where a task says nothing. Markdown. */
export function textOf({ introduction, tasks }: Pick<Lesson, 'introduction' | 'tasks'>, n: number): string {
  const { text } = tasks[n]!
  if (text === undefined) return introduction
  return n === 0 ? `${introduction}\n\n${text}` : text
}
