/**
 * How the page's panels stand: the page's own affair, which a session's document carries along. Names of layouts, panels and tabs are the
 * page's; here is only what any such thing must be.
 */
import { RecordingError } from '../debug/readers.ts'

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

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)
const isName = (v: unknown): v is string => typeof v === 'string' && /^[\w:-]{1,100}$/.test(v)
const isShare = (v: unknown): v is number => typeof v === 'number' && v >= 0 && v <= 100

function namedIn<T>(v: unknown, at: string, read: (v: unknown, at: string) => T): Record<string, T> {
  if (!isRecord(v)) throw new RecordingError(`${at}: expected an object.`)
  const entries = Object.entries(v)
  if (entries.length > MOST || !entries.every(([key]) => isName(key))) throw new RecordingError(`${at}: expected names of panels.`)
  return Object.fromEntries(entries.map(([key, of]) => [key, read(of, `${at}.${key}`)]))
}

/** Throws RecordingError. */
export function layoutFrom(v: unknown): PageLayout | null {
  if (v === null || v === undefined) return null
  if (!isRecord(v)) throw new RecordingError('layout: expected an object.')
  const name = (key: string): string => {
    if (!isName(v[key])) throw new RecordingError(`layout.${key}: expected a name.`)
    return v[key]
  }
  const share = (of: unknown, at: string): number => {
    if (!isShare(of)) throw new RecordingError(`${at}: expected a number from 0 to 100.`)
    return of
  }
  return {
    name: name('name'),
    lessonFolded: v.lessonFolded === true,
    code: name('code'),
    dock: name('dock'),
    sizes: namedIn(v.sizes, 'layout.sizes', (of, at) => namedIn(of, at, share)),
  }
}
