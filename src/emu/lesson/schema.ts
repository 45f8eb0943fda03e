/** Readers of values from a file: each gives the value its type, or says at which place what was expected. */
import { nearest } from '../isa/nearest.ts'

/** Its message names the place, what was found there, and what was expected. */
export class LessonError extends Error {}

export type Reader<T> = (value: unknown, at: string) => T

const LONGEST_SHOWN = 60
const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
}

export const wrong = (at: string, value: unknown, expected: string): never => {
  throw new LessonError(`${at || 'the head'}: expected ${expected}, found ${shown(value)}`)
}

const hint = (word: unknown, names: readonly string[]): string => {
  const near = typeof word === 'string' ? nearest(word, names) : null
  return near === null ? '' : `; nearest: ${near}`
}

/** More is no paragraph, and Markdown of any length takes any time. */
const LONGEST_TEXT = 8000
export const text: Reader<string> = (v, at) => {
  if (typeof v !== 'string' || v.trim() === '') return wrong(at, v, 'text')
  return v.length <= LONGEST_TEXT ? v : wrong(at, `${v.length} characters`, `text of at most ${LONGEST_TEXT} characters`)
}

export const oneOf =
  <T extends string>(values: readonly T[]): Reader<T> =>
  (v, at) =>
    values.includes(v as T) ? (v as T) : wrong(at, v, `one of ${values.join(', ')}${hint(v, values)}`)

export const listOf =
  <T>(item: Reader<T>, least = 1): Reader<T[]> =>
  (v, at) =>
    Array.isArray(v) && v.length >= least
      ? v.map((x, n) => item(x, `${at}[${n}]`))
      : wrong(at, v, least === 1 ? 'a list that is not empty' : `a list of at least ${least}`)

export const whole =
  (what: string, least: number, most: number): Reader<number> =>
  (v, at) =>
    Number.isInteger(v) && (v as number) >= least && (v as number) <= most
      ? (v as number)
      : wrong(at, v, `${what} from ${least} to ${most}`)

export const flag: Reader<boolean> = (v, at) => (typeof v === 'boolean' ? v : wrong(at, v, 'true or false'))

export const bit = whole('a bit number', 0, 63)

/** Quoted, since YAML would round a number of 64 bits. */
export const hexadecimal: Reader<bigint> = (v, at) =>
  typeof v === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(v) ? BigInt(v) : wrong(at, v, 'a hexadecimal number in quotes, as "0x400"')

type Fields<T> = { [K in keyof T]-?: undefined extends T[K] ? readonly ['optional', Reader<Exclude<T[K], undefined>>] : Reader<T[K]> }

export const optional = <T>(r: Reader<T>) => ['optional', r] as const

/** An object with just these keys. */
export const record =
  <T>(fields: Fields<T>): Reader<T> =>
  (v, at) => {
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return wrong(at, v, 'keys and values')
    const given = v as Record<string, unknown>
    const known = Object.keys(fields)
    for (const key of Object.keys(given))
      if (!Object.hasOwn(fields, key))
        throw new LessonError(`${at || 'the head'}: there is no key "${key}". Expected ${known.join(', ')}${hint(key, known)}`)
    const out: Record<string, unknown> = {}
    for (const [key, field] of Object.entries(fields) as [string, Reader<unknown> | readonly ['optional', Reader<unknown>]][]) {
      const may = typeof field !== 'function'
      if (given[key] === undefined && may) continue
      out[key] = (may ? field[1] : field)(given[key], at === '' ? key : `${at}.${key}`)
    }
    return out as T
  }
