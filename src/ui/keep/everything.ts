/**
 * All that this browser keeps, as one document: sessions, policies, progress in lessons, settings. For another browser, and for a rainy day.
 * Versioned, as what is in it is in its own way. Pure: what is read is checked, and nothing is written here.
 */
import { idOf } from '../policy/draft.ts'
import { readShelf } from '../policy/shelf.ts'
import type { Work } from './slots.ts'

export const EVERYTHING_VERSION = 1

export interface Everything {
  /** By the keys of `shell/remembered.ts`. */
  readonly remembered: Readonly<Record<string, string>>
  readonly sessions: readonly Work[]
}

/** What is wrong with a document: a sentence without its end. */
export class NotEverything extends Error {}

export const everythingText = ({ remembered, sessions }: Everything): string =>
  `${JSON.stringify({ twostepEverything: EVERYTHING_VERSION, remembered, sessions })}\n`

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)

/** From each older version to the one after it. */
const upgraders: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>> = {}

/** Policies are joined with those that there are; progress in lessons too; an answer that there is stays; the rest takes the place of what there is. */
const POLICIES = 'policies'
const PROGRESS = /^lesson\.[\w.-]{1,200}$/
/** What was done in a lesson, for grading. */
const ANSWER = /^answer\.lesson\.[\w.-]{1,200}$/
const SETTING = /^(theme|density|events-kept|letters|keys|advice|policies\.unreadable|layout\.[\w:.-]{1,200})$/
/** No setting or policy is longer. */
const LONGEST = 4 << 20

const isText = (v: unknown): v is string => typeof v === 'string'

function work(v: unknown, n: number): Work {
  const wrong = (): never => {
    throw new NotEverything(`session ${n + 1} in it cannot be read`)
  }
  if (!isRecord(v) || !isText(v.session) || typeof v.at !== 'number') return wrong()
  const { at, session, edited = null, lesson = null, ownLesson = null } = v
  const isEdited = edited === null || (isRecord(edited) && isText(edited.name) && isText(edited.text))
  const isLesson = lesson === null || (isRecord(lesson) && isText(lesson.id))
  if (!isEdited || !isLesson || !(ownLesson === null || isText(ownLesson))) return wrong()
  return { at, session, edited, lesson, ownLesson } as Work
}

/** Throws NotEverything. */
export function readEverything(text: string): Everything {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (e) {
    throw new NotEverything(`it is not JSON: ${(e as Error).message}`)
  }
  const version = isRecord(read) ? read.twostepEverything : undefined
  if (!isRecord(read) || typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw new NotEverything('it does not say which version of the form it has')
  if (version > EVERYTHING_VERSION)
    throw new NotEverything(`it was made by a later Twostep (form ${version}; this one reads up to ${EVERYTHING_VERSION})`)
  let now = read
  for (let v = version; v < EVERYTHING_VERSION; v++) now = upgraders[v]!(now)
  const { remembered, sessions } = now
  if (!isRecord(remembered) || !Array.isArray(sessions)) throw new NotEverything('it has no settings or no list of sessions')
  const known = Object.entries(remembered).filter(
    (entry): entry is [string, string] =>
      (entry[0] === POLICIES || [PROGRESS, ANSWER, SETTING].some(form => form.test(entry[0]))) &&
      isText(entry[1]) &&
      entry[1].length <= LONGEST,
  )
  return { remembered: Object.fromEntries(known), sessions: sessions.map(work) }
}

// ───────── what becomes of it beside what there is ─────────

function joinedPolicies(here: string | null, come: string): string {
  const own = readShelf(here ?? '[]').own
  const taken = new Map(own.map(d => [idOf(d.name), JSON.stringify(d.choices)]))
  const more = readShelf(come).own.flatMap(d => {
    const there = taken.get(idOf(d.name))
    if (there === JSON.stringify(d.choices)) return []
    let name = d.name
    for (let n = 2; taken.has(idOf(name)); n++) name = `${d.name} ${n}`
    taken.set(idOf(name), JSON.stringify(d.choices))
    return [{ ...d, name }]
  })
  return JSON.stringify([...own, ...more])
}

interface Stored {
  readonly done?: unknown
  readonly answers?: unknown
}
function progressIn(text: string | null): Stored {
  try {
    const read: unknown = JSON.parse(text ?? 'null')
    return isRecord(read) ? read : {}
  } catch {
    return {}
  }
}

/** What was passed here or there is passed. */
function joinedProgress(here: string | null, come: string): string {
  const [a, b] = [progressIn(here), progressIn(come)]
  const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : [])
  const answers = { ...(isRecord(b.answers) ? b.answers : {}), ...(isRecord(a.answers) ? a.answers : {}) }
  return JSON.stringify({ ...b, ...a, done: [...new Set([...list(a.done), ...list(b.done)])], answers })
}

/** What a key holds afterwards. */
export function joined(key: string, here: string | null, come: string): string {
  if (key === POLICIES) return joinedPolicies(here, come)
  if (ANSWER.test(key)) return here ?? come
  return PROGRESS.test(key) ? joinedProgress(here, come) : come
}

const sameWork = (a: Work, b: Work): boolean => a.session === b.session && JSON.stringify(a.edited) === JSON.stringify(b.edited)

/** Sessions that are not here yet. */
export const newSessions = (here: readonly Work[], come: readonly Work[]): Work[] =>
  come.filter((w, n) => ![...here, ...come.slice(0, n)].some(other => sameWork(other, w)))

/** "3 sessions, 2 policies, progress in 4 lessons and the settings". */
export function inWords({ remembered, sessions }: Everything): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
  const lessons = Object.keys(remembered).filter(key => PROGRESS.test(key)).length
  const policies = readShelf(remembered[POLICIES] ?? '[]').own.length
  return `${count(sessions.length, 'session')}, ${count(policies, 'policy').replace('policys', 'policies')}, progress in ${count(lessons, 'lesson')} and the settings`
}
