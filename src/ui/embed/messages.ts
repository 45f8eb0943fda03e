/**
 * What an embedding page may send by `postMessage`, and what it is told. Version 1. Values of registers are `0x…` texts, so that every
 * page can read them. `docs/embed.md` is its reference.
 */
import type { Actor } from '../../emu/worker/protocol.ts'

export const EMBED_VERSION = 1

const actors = ['machine', 'outside', 'inside', 'hypervisor'] as const satisfies readonly Actor[]

/** What can be asked. `id` comes back in the answer. */
export type Control = { readonly id: string | number | null } & (
  | { readonly do: 'load'; readonly name: string; readonly source: string }
  | { readonly do: 'session'; readonly text: string }
  | { readonly do: 'lesson'; readonly lesson: string }
  | { readonly do: 'policy'; readonly policy: string }
  | { readonly do: 'step' | 'back' | 'run'; readonly actor: Actor }
  | { readonly do: 'pause' | 'reset' | 'state' }
)

export interface StateMessage {
  readonly vcpu: number
  readonly instructions: string
  readonly running: boolean
  readonly events: number
  readonly shown: number
  readonly policy: string
  readonly leaks: number
  readonly registers: Readonly<Record<string, string>>
}

export type Told =
  | { readonly event: 'ready' }
  | { readonly event: 'answer'; readonly id: Control['id']; readonly ok: boolean; readonly problem?: string; readonly state?: StateMessage }
  | { readonly event: 'stopped'; readonly text: string; readonly state: StateMessage }
  | { readonly event: 'task'; readonly lesson: string; readonly done: number; readonly of: number }
  | { readonly event: 'problem'; readonly text: string }

type Fields = Readonly<Record<string, unknown>>
const isText = (v: unknown, most: number): v is string => typeof v === 'string' && v.length > 0 && v.length <= most
/** Longer programs and sessions are files. */
const LONGEST = 4 << 20

type Reader = (m: Fields) => object | string
const actor: Reader = m => (actors.includes(m.actor as Actor) ? { actor: m.actor } : `"actor" is one of ${actors.join(', ')}`)
const nothing: Reader = () => ({})
const readers: { readonly [K in Control['do']]: Reader } = {
  load: m =>
    isText(m.source, LONGEST)
      ? { name: isText(m.name, 200) ? m.name : 'guest.s', source: m.source }
      : '"source" is the text of a program, up to 4 MiB',
  session: m => (isText(m.text, LONGEST) ? { text: m.text } : '"text" is a saved session, up to 4 MiB'),
  lesson: m => (isText(m.lesson, 100) ? { lesson: m.lesson } : '"lesson" is the id of a lesson'),
  policy: m => (isText(m.policy, 100) ? { policy: m.policy } : '"policy" is the id of a policy'),
  step: actor,
  back: actor,
  run: actor,
  pause: nothing,
  reset: nothing,
  state: nothing,
}

/** Null for what is no message of ours; else the control, or what is wrong with it. */
export function readControl(data: unknown): Control | { readonly id: Control['id']; readonly problem: string } | null {
  if (typeof data !== 'object' || data === null || !('twostep' in data)) return null
  const m = data as Fields
  const id = typeof m.id === 'string' || typeof m.id === 'number' ? m.id : null
  if (m.twostep !== EMBED_VERSION) return { id, problem: `This page speaks version ${EMBED_VERSION}: "twostep" is ${EMBED_VERSION}` }
  const what = m.do
  if (typeof what !== 'string' || !Object.hasOwn(readers, what)) return { id, problem: `"do" is one of ${Object.keys(readers).join(', ')}` }
  const read = readers[what as Control['do']](m)
  return typeof read === 'string' ? { id, problem: read } : ({ id, do: what, ...read } as Control)
}

/** The origin that `?embed=` names; null where the page is not embedded so, or the value is no origin. */
export function embedderOf(search: string): string | null {
  const named = new URLSearchParams(search).get('embed')
  if (named === null) return null
  try {
    const { origin, protocol } = new URL(named)
    return protocol === 'https:' || protocol === 'http:' ? origin : null
  } catch {
    return null
  }
}
