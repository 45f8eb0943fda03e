/** Places that a hint can lead to: a part of the page, or one thing in it. */
import { LessonError, oneOf, type Reader } from './schema.ts'

export const places = [
  'machine',
  'outside',
  'inside',
  'hypervisor stepper',
  'hypervisor',
  'guest',
  'state',
  'msr',
  'timeline',
  'exception',
  'breakpoints',
  'memory',
  'console',
  'leaks',
  'vcpus',
  'history',
  'sprs',
  'policy',
  'policy editor',
  'locking',
  'lesson',
] as const

/** What a name behind the place is: a register, a bit of the MSR, a symbol of the program. */
export const particulars = { state: 'a register', msr: 'a bit', memory: 'a symbol' } as const
export type ParticularKind = keyof typeof particulars

export interface Particular {
  readonly kind: ParticularKind
  readonly name: string
}

/** Of "state r5", "msr RI" or "memory counter"; null for a part of the page. */
export function particularOf(place: string): Particular | null {
  const [, kind, name] = /^(state|msr|memory) (\S+)$/.exec(place) ?? []
  return kind === undefined ? null : { kind: kind as ParticularKind, name: name! }
}

const forms = [...places, ...Object.entries(particulars).map(([kind, what]) => `${kind} and ${what}`)]

export const place: Reader<string> = (v, at) => {
  if (typeof v === 'string' && v.length > 200) throw new LessonError(`${at}: a place has at most 200 characters`)
  return typeof v === 'string' && particularOf(v) ? v : oneOf(forms)(v, at)
}
