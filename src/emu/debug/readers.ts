/** Reads what was saved as JSON, part by part: each reader answers the value or throws RecordingError with where and what was expected. */
import { fromBase64 } from './base64.ts'

/** What is wrong with a saved recording, and where. */
export class RecordingError extends Error {}

export const hex = (v: bigint): string => `0x${v.toString(16)}`

export type Reader<T> = (value: unknown, at: string) => T
export const wrong = (at: string, expected: string): never => {
  throw new RecordingError(`${at}: expected ${expected}.`)
}
export const record: Reader<Record<string, unknown>> = (v, at) =>
  typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Record<string, unknown>) : wrong(at, 'an object')
export const list: Reader<readonly unknown[]> = (v, at) => (Array.isArray(v) ? v : wrong(at, 'a list'))
export const count: Reader<number> = (v, at) =>
  typeof v === 'number' && Number.isSafeInteger(v) && v >= -1 ? v : wrong(at, 'a whole number')
export const flag: Reader<boolean> = (v, at) => (v === undefined || typeof v === 'boolean' ? v === true : wrong(at, 'true or false'))
export const text: Reader<string> = (v, at) => (typeof v === 'string' ? v : wrong(at, 'a text'))
export const value: Reader<bigint> = (v, at) =>
  typeof v === 'string' && /^0x[0-9a-f]{1,16}$/.test(v) ? BigInt(v) : wrong(at, 'a hexadecimal value of up to 64 bits, as "0x400"')
export const oneOf =
  <T extends string>(...known: readonly T[]): Reader<T> =>
  (v, at) =>
    known.includes(v as T) ? (v as T) : wrong(at, `one of ${known.join(', ')}`)
export const bytes: Reader<Uint8Array> = (v, at) => {
  const read = typeof v === 'string' ? fromBase64(v) : null
  return read ?? wrong(at, 'bytes in base64')
}
