/**
 * How the page's panels stand: the page's own affair, which a session's document carries along. Names of layouts, panels and tabs are the
 * page's; here is only what any such thing must be.
 */
import { flag, type Reader, record, wrong } from '../debug/readers.ts'

export interface PageLayout {
  /** The named layout from which it began. */
  readonly name: string
  readonly lessonFolded: boolean
  /** The tabs shown. */
  readonly code: string
  readonly dock: string
  /** By group of panels, as "centre:code:lanes:tabs": percent of each. Those that the user left as they were are not in it. */
  readonly sizes: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** More groups and panels than any page has. */
const MOST = 20

const isName = (v: unknown): v is string => typeof v === 'string' && /^[\w:-]{1,100}$/.test(v)

function named<T>(v: unknown, at: string, read: Reader<T>): Record<string, T> {
  const entries = Object.entries(record(v, at))
  if (entries.length > MOST || !entries.every(([key]) => isName(key))) return wrong(at, 'names of panels')
  return Object.fromEntries(entries.map(([key, of]) => [key, read(of, `${at}.${key}`)]))
}

const name: Reader<string> = (v, at) => (isName(v) ? v : wrong(at, 'a name'))
const share: Reader<number> = (v, at) => (typeof v === 'number' && v >= 0 && v <= 100 ? v : wrong(at, 'a number from 0 to 100'))

/** Throws RecordingError. */
export function layoutFrom(v: unknown): PageLayout | null {
  if (v === null || v === undefined) return null
  const layout = record(v, 'layout')
  return {
    name: name(layout.name, 'layout.name'),
    lessonFolded: flag(layout.lessonFolded, 'layout.lessonFolded'),
    code: name(layout.code, 'layout.code'),
    dock: name(layout.dock, 'layout.dock'),
    sizes: named(layout.sizes, 'layout.sizes', (of, at) => named(of, at, share)),
  }
}
