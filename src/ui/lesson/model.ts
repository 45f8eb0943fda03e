/** What a lesson file holds: a YAML head between `---` lines, checked against this schema, and a Markdown introduction. */
import { parse } from 'yaml'

/** A condition on the machine, all parts of which must hold. */
export interface Condition {
  /** An instruction was stepped by this actor; `any` also counts the controller's own performance of it. */
  readonly stepped?: 'outside' | 'any'
  readonly mnemonic?: string
  readonly policy?: 'rfc-v2' | 'transparent'
  readonly register?: string
  readonly equals?: bigint
  /** Big-endian bit numbers that are 1, and that are 0, in `register`. */
  readonly set?: readonly number[]
  readonly clear?: readonly number[]
  /** Leaks seen in this recording. */
  readonly leaks?: number
}

/** Places that a hint can lead to. */
export const places = ['outside', 'hypervisor', 'hypervisor stepper', 'state', 'msr', 'timeline', 'dock', 'guest', 'policy'] as const

/** The register that a place names, as "state r5"; null for the others. */
export const registerOf = (place: string): string | null => /^state (\w+)$/.exec(place)?.[1] ?? null

export interface Pointer {
  /** One of `places`, or "state" and a register. */
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

export interface Lesson {
  readonly version: 1
  readonly id: string
  readonly title: string
  readonly program: string
  readonly policy: 'rfc-v2' | 'transparent'
  readonly words: readonly { readonly word: string; readonly means: string }[]
  readonly tasks: readonly Task[]
  /** Markdown. */
  readonly introduction: string
}

export class LessonError extends Error {}

type Reader<T> = (value: unknown, at: string) => T
const wrong = (at: string, expected: string): never => {
  throw new LessonError(`${at}: expected ${expected}`)
}
const text: Reader<string> = (v, at) => (typeof v === 'string' && v !== '' ? v : wrong(at, 'text'))
const oneOf =
  <T extends string | number>(...values: readonly T[]): Reader<T> =>
  (v, at) =>
    values.includes(v as T) ? (v as T) : wrong(at, values.join(', '))
const listOf =
  <T>(item: Reader<T>): Reader<T[]> =>
  (v, at) =>
    Array.isArray(v) && v.length > 0 ? v.map((x, n) => item(x, `${at}[${n}]`)) : wrong(at, 'a list that is not empty')
const bit: Reader<number> = (v, at) =>
  Number.isInteger(v) && (v as number) >= 0 && (v as number) <= 63 ? (v as number) : wrong(at, 'a bit number from 0 to 63')
const hexadecimal: Reader<bigint> = (v, at) =>
  typeof v === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(v) ? BigInt(v) : wrong(at, 'a hexadecimal number in quotes, as "0x400"')
const count: Reader<number> = (v, at) => (Number.isInteger(v) && (v as number) >= 0 ? (v as number) : wrong(at, 'a whole number'))

type Fields<T> = { [K in keyof T]-?: undefined extends T[K] ? readonly ['optional', Reader<Exclude<T[K], undefined>>] : Reader<T[K]> }

/** An object with just these keys. */
const record =
  <T>(fields: Fields<T>): Reader<T> =>
  (v, at) => {
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return wrong(at, 'keys and values')
    const given = v as Record<string, unknown>
    for (const key of Object.keys(given)) if (!(key in fields)) wrong(`${at}.${key}`, `one of ${Object.keys(fields).join(', ')}`)
    const out: Record<string, unknown> = {}
    for (const [key, field] of Object.entries(fields) as [string, Reader<unknown> | readonly ['optional', Reader<unknown>]][]) {
      const optional = typeof field !== 'function'
      if (given[key] === undefined && optional) continue
      out[key] = (optional ? field[1] : field)(given[key], at === '' ? key : `${at}.${key}`)
    }
    return out as T
  }
const optional = <T>(r: Reader<T>) => ['optional', r] as const

const policy = oneOf('rfc-v2', 'transparent')
const condition = record<Condition>({
  stepped: optional(oneOf('outside', 'any')),
  mnemonic: optional(text),
  policy: optional(policy),
  register: optional(text),
  equals: optional(hexadecimal),
  set: optional(listOf(bit)),
  clear: optional(listOf(bit)),
  leaks: optional(count),
})
const place: Reader<string> = (v, at) =>
  typeof v === 'string' && (registerOf(v) !== null || (places as readonly string[]).includes(v))
    ? v
    : wrong(at, `${places.join(', ')}, or "state" and a register`)
const pointer = record<Pointer>({ at: place, text })
const choice = record<Choice>({ text, note: optional(text), holds: condition })
const task = record<Task>({
  title: text,
  text: optional(text),
  ask: text,
  when: listOf(condition),
  look: pointer,
  choices: optional(listOf(choice)),
  hint: optional(pointer),
})
const word = record<{ word: string; means: string }>({ word: text, means: text })
const head = record<Omit<Lesson, 'introduction'>>({
  version: oneOf(1 as const),
  id: text,
  title: text,
  program: text,
  policy,
  words: listOf(word),
  tasks: listOf(task),
})

/** Throws LessonError with the place in the head and what was expected there. */
export function parseLesson(file: string): Lesson {
  const m = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file.replaceAll('\r\n', '\n'))
  if (!m) throw new LessonError('A lesson begins with a head between two lines of ---')
  let raw: unknown
  try {
    raw = parse(m[1]!)
  } catch (e) {
    throw new LessonError(`The head is not YAML: ${(e as Error).message}`)
  }
  return { ...head(raw, ''), introduction: m[2]!.trim() }
}
