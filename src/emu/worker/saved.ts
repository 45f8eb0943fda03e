/**
 * A session as a document: the program, what was done with it, and what was set. It is what is kept across visits, saved to a file and put
 * into a link; opened, the actions are done again. Versioned: a change of the form bumps the number and adds an upgrader.
 */
import { fromBase64, toBase64 } from '../debug/base64.ts'
import type { BreakpointSpec } from '../debug/breakpoint.ts'
import { breakpointFrom, breakpointJson } from '../debug/breakpoint-file.ts'
import { list, RecordingError, record, text as string } from '../debug/readers.ts'
import { type Deed, deedsFrom, deedsJson, deedsOf } from '../debug/recording.ts'
import type { Session } from '../debug/session.ts'
import { type Policy, policies } from '../hypervisor/policy.ts'
import { policyOf } from '../hypervisor/policy-file.ts'
import { QUANTUM } from '../hypervisor/schedule.ts'
import { type BootImage, imageOfElf, imageOfFlat, imageOfSource } from '../machine/image.ts'
import { layoutFrom, type PageLayout } from './page-layout.ts'
import type { SchedulerLocking, Setting } from './protocol.ts'
import type { GivenText } from './source-view.ts'

export const SAVED_VERSION = 3

/** What a program was made from. */
export type Origin =
  | { readonly kind: 'source'; readonly name: string; readonly text: string }
  | { readonly kind: 'elf'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'flat'; readonly name: string; readonly bytes: Uint8Array; readonly address: number; readonly littleEndian: boolean }

export interface Saved {
  readonly origin: Origin
  readonly image: BootImage
  readonly policy: Policy
  readonly locking: SchedulerLocking
  /** Of the round robin, at the beginning. */
  readonly quantum: number
  readonly interrupts: Setting
  readonly breakpoints: readonly BreakpointSpec[]
  readonly vcpu: number
  /** Event shown; null for the live end. */
  readonly shown: number | null
  readonly deeds: readonly Deed[]
  /** Courses that were left, whole. */
  readonly branches: readonly (readonly Deed[])[]
  /** Of the source files that the program was made from, those that were given. */
  readonly sources: readonly GivenText[]
  /** Null where the document says nothing of it. */
  readonly layout: PageLayout | null
}

const originJson = (o: Origin) =>
  o.kind === 'source'
    ? { kind: o.kind, name: o.name, text: o.text }
    : {
        kind: o.kind,
        name: o.name,
        bytes: toBase64(o.bytes),
        ...(o.kind === 'flat' ? { address: o.address, littleEndian: o.littleEndian } : {}),
      }

export interface Present {
  readonly origin: Origin
  readonly session: Session
  readonly policy: Policy
  readonly interrupts: Setting
  readonly sources: readonly GivenText[]
  readonly layout: PageLayout | null
}

/** The document of a session; an action that goes on ends in it where it is now. */
export function savedText({ origin, session, policy, interrupts, sources, layout }: Present): string {
  const { locking, quantum } = session.begunWith.schedule
  const { id, name, summary, claimsTransparency, choices } = policy
  return JSON.stringify({
    twostep: SAVED_VERSION,
    program: originJson(origin),
    policy: { id, name, summary, claimsTransparency, choices },
    locking,
    ...(quantum === QUANTUM ? {} : { quantum }),
    interrupts,
    breakpoints: session.stops.specs.map(breakpointJson),
    vcpu: session.vcpuShown,
    shown: session.isLive ? null : session.shown,
    actions: deedsJson(deedsOf(session)),
    branches: session.branches.all.map(b => {
      const from = session.branches.forkOf(b)
      return { from, actions: deedsJson(b.deeds.slice(from)) }
    }),
    sources,
    layout,
  })
}

/** From each older version to the one after it. */
const upgraders: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>> = {
  /** Breakpoints had an address alone, and were all software. */
  1: old => ({
    ...old,
    breakpoints: Array.isArray(old.breakpoints)
      ? old.breakpoints.map(b => (isRecord(b) ? { ...b, kind: 'software' } : b))
      : old.breakpoints,
  }),
  /** It did not say how the page's panels stood, and had no texts of source files. */
  2: old => ({ ...old, layout: null, sources: [] }),
}

function upgraded(document: Record<string, unknown>): Record<string, unknown> {
  const { twostep } = document
  if (typeof twostep !== 'number' || !Number.isInteger(twostep) || twostep < 1)
    throw new RecordingError('This is no session of Twostep: it does not say which version of the form it has.')
  if (twostep > SAVED_VERSION)
    throw new RecordingError(
      `It was made by a later Twostep (form ${twostep}; this one reads up to ${SAVED_VERSION}). Reload the page, or use the later one.`,
    )
  let now = document
  for (let v = twostep; v < SAVED_VERSION; v++) now = upgraders[v]!(now)
  return now
}

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)
const fail = (at: string, expected: string): never => {
  throw new RecordingError(`${at}: expected ${expected}.`)
}
function member<T>(v: unknown, known: readonly T[], at: string): T {
  return known.includes(v as T) ? (v as T) : fail(at, `one of ${known.join(', ')}`)
}
const whole = (v: unknown, at: string): number =>
  Number.isSafeInteger(v) && (v as number) >= 0 ? (v as number) : fail(at, 'a whole number')

function originOf(v: unknown): Origin {
  if (!isRecord(v)) return fail('program', 'an object')
  const kind = member(v.kind, ['source', 'elf', 'flat'] as const, 'program.kind')
  const name = typeof v.name === 'string' && v.name !== '' ? v.name.slice(0, 200) : fail('program.name', 'a text')
  if (kind === 'source') return { kind, name, text: typeof v.text === 'string' ? v.text : fail('program.text', 'a text') }
  const bytes = (typeof v.bytes === 'string' ? fromBase64(v.bytes) : null) ?? fail('program.bytes', 'bytes in base64')
  if (kind === 'elf') return { kind, name, bytes }
  return { kind, name, bytes, address: whole(v.address, 'program.address'), littleEndian: v.littleEndian === true }
}

/** Throws LoadError; where the source has errors, RecordingError. */
export function imageOf(o: Origin): BootImage {
  if (o.kind === 'elf') return imageOfElf(o.name, o.bytes)
  if (o.kind === 'flat') return imageOfFlat(o.name, o.bytes, o)
  const { image, diagnostics } = imageOfSource(o.name, o.text)
  if (image) return image
  const first = diagnostics.find(d => d.severity === 'error')!
  throw new RecordingError(`Its program ${o.name} has errors, the first in line ${first.line}: ${first.message}.`)
}

function policyIn(v: unknown): Policy {
  const { policy, problems } = policyOf(v)
  if (!policy) return fail('policy', `a policy: ${problems[0]!.text.replace(/\.$/, '')}`)
  return policies.find(p => p.id === policy.id) ?? policy
}

/** Throws RecordingError or LoadError with what is wrong; nothing is changed. */
export function readSaved(text: string): Saved {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (e) {
    throw new RecordingError(`This is no session of Twostep: ${(e as Error).message}.`)
  }
  if (!isRecord(read)) throw new RecordingError('This is no session of Twostep: it is no object.')
  const d = upgraded(read)
  const origin = originOf(d.program)
  const image = imageOf(origin)
  const { vcpus } = image.directives
  const breakpoints = (Array.isArray(d.breakpoints) ? d.breakpoints : fail('breakpoints', 'a list')).map((b, n) =>
    breakpointFrom(b, `breakpoints[${n}]`),
  )
  const vcpu = whole(d.vcpu, 'vcpu')
  const deeds = deedsFrom(d.actions, vcpus)
  const branches = (d.branches === undefined ? [] : Array.isArray(d.branches) ? d.branches : fail('branches', 'a list')).map((b, n) => {
    const at = `branches[${n}]`
    const { from, actions } = isRecord(b) ? b : fail(at, 'an object')
    const fork = whole(from, `${at}.from`)
    if (fork > deeds.length) return fail(`${at}.from`, `at most ${deeds.length}, as many as there are actions`)
    return [...deeds.slice(0, fork), ...deedsFrom(actions, vcpus, `${at}.actions`)]
  })
  return {
    origin,
    image,
    policy: policyIn(d.policy),
    locking: member<SchedulerLocking>(d.locking, ['off', 'on', 'step', 'replay'], 'locking'),
    quantum: d.quantum === undefined ? QUANTUM : Math.max(1, whole(d.quantum, 'quantum')),
    interrupts: member<Setting>(d.interrupts, ['hold', 'deliver'], 'interrupts'),
    breakpoints,
    vcpu: vcpu < vcpus ? vcpu : fail('vcpu', `0 to ${vcpus - 1}`),
    shown: d.shown === null || d.shown === undefined ? null : whole(d.shown, 'shown'),
    deeds,
    branches,
    sources: list(d.sources, 'sources').map((s, n) => {
      const given = record(s, `sources[${n}]`)
      return { name: string(given.name, `sources[${n}].name`), text: string(given.text, `sources[${n}].text`) }
    }),
    layout: layoutFrom(d.layout),
  }
}
