/**
 * The messages between an embedded page and the page around it: `docs/embed.md`. Pure: reading a message changes nothing.
 */
import type { Actor } from '../../emu/worker/protocol.ts'

/** Raised when a message changes its meaning. */
export const EMBED_VERSION = 1

export type Id = string | number

/** What the page around may ask for. */
export type Control =
  /** `replace`: also where the user has edits, which are dropped. */
  | { command: 'load'; name: string; source: string; replace: boolean }
  /** `lesson` is the id of one that ships, `text` a whole lesson. */
  | { command: 'lesson'; lesson: string | null; text: string | null; replace: boolean }
  /** A saved session, as a file has it. */
  | { command: 'session'; text: string; replace: boolean }
  | { command: 'policy'; policy: string }
  | { command: 'step' | 'back' | 'run'; actor: Actor }
  | { command: 'pause' | 'reset' }
  /** Null for those that State shows. */
  | { command: 'state'; registers: readonly string[] | null }

export interface EmbeddedState {
  readonly program: string | null
  readonly running: boolean
  readonly policy: string
  readonly vcpu: number
  /** Since reset, of all vCPUs; decimal, since it may be above 2^53. */
  readonly instructions: string
  readonly events: number
  /** The event shown; equals `events` when live. */
  readonly shown: number
  /** The next instruction. */
  readonly next: string
  /** The sentence of the status bar. */
  readonly text: string
  /** Each as 0x and 16 digits. */
  readonly registers: Readonly<Record<string, string>>
  /** Channels through which the guest could notice, as found so far. */
  readonly leaks: readonly number[]
  /** `done`: the tasks that are passed, from 1. */
  readonly lesson: { readonly id: string; readonly tasks: number; readonly done: readonly number[] } | null
}

/** What the embedded page says. `id` is that of the message that is answered. */
export type Said =
  | { event: 'ready'; version: number }
  | { event: 'done'; id: Id | null }
  | { event: 'state'; id: Id | null; state: EmbeddedState }
  | { event: 'stopped'; reason: string; text: string }
  | { event: 'task'; lesson: string; task: number; title: string; of: number }
  /** What happened, and what was kept. */
  | { event: 'error'; id: Id | null; message: string }

export type Reading =
  | { kind: 'control'; id: Id | null; control: Control }
  /** To be answered. */
  | { kind: 'malformed'; id: Id | null; message: string }
  /** No message of ours: other scripts of the page around talk too. */
  | { kind: 'foreign' }

type Fields = Readonly<Record<string, unknown>>
class Malformed extends Error {}

const LONGEST = 4 << 20
const actors: readonly Actor[] = ['machine', 'outside', 'inside', 'hypervisor']

function text(fields: Fields, key: string, most: number): string {
  const value = fields[key]
  if (typeof value !== 'string' || value === '') throw new Malformed(`${key} must be a text`)
  if (value.length > most) throw new Malformed(`${key} has ${value.length} characters, and ${most} at most are taken`)
  return value
}

function flag(fields: Fields, key: string): boolean {
  const value = fields[key] ?? false
  if (typeof value !== 'boolean') throw new Malformed(`${key} must be true or false`)
  return value
}

function actor(fields: Fields): Actor {
  const found = actors.find(a => a === (fields.actor ?? 'machine'))
  if (!found) throw new Malformed(`actor must be one of ${actors.join(', ')}`)
  return found
}

function names(fields: Fields, key: string): readonly string[] | null {
  const value = fields[key]
  if (value === undefined) return null
  if (!Array.isArray(value) || value.length > 1000 || !value.every((n): n is string => typeof n === 'string' && n.length <= 20))
    throw new Malformed(`${key} must be a list of names`)
  return value
}

interface Form {
  readonly keys: readonly string[]
  read(fields: Fields): Control
}

const stepping = (command: 'step' | 'back' | 'run'): Form => ({ keys: ['actor'], read: f => ({ command, actor: actor(f) }) })
const plain = (command: 'pause' | 'reset'): Form => ({ keys: [], read: () => ({ command }) })

const forms: Readonly<Record<Control['command'], Form>> = {
  load: {
    keys: ['name', 'source', 'replace'],
    read: f => ({
      command: 'load',
      name: f.name === undefined ? 'guest.s' : text(f, 'name', 100),
      source: text(f, 'source', LONGEST),
      replace: flag(f, 'replace'),
    }),
  },
  lesson: {
    keys: ['lesson', 'text', 'replace'],
    read: f => {
      if ((f.lesson === undefined) === (f.text === undefined))
        throw new Malformed('give lesson, the id of one that ships, or text, a whole lesson')
      return {
        command: 'lesson',
        lesson: f.lesson === undefined ? null : text(f, 'lesson', 100),
        text: f.text === undefined ? null : text(f, 'text', LONGEST),
        replace: flag(f, 'replace'),
      }
    },
  },
  session: { keys: ['text', 'replace'], read: f => ({ command: 'session', text: text(f, 'text', LONGEST), replace: flag(f, 'replace') }) },
  policy: { keys: ['policy'], read: f => ({ command: 'policy', policy: text(f, 'policy', 100) }) },
  step: stepping('step'),
  back: stepping('back'),
  run: stepping('run'),
  pause: plain('pause'),
  reset: plain('reset'),
  state: { keys: ['registers'], read: f => ({ command: 'state', registers: names(f, 'registers') }) },
}

const idOf = (fields: Fields): Id | null => {
  const id = Object.hasOwn(fields, 'id') ? fields.id : null
  return (typeof id === 'string' && id.length <= 200) || (typeof id === 'number' && Number.isFinite(id)) ? id : null
}

function control(fields: Fields): Control {
  if (fields.twostep !== EMBED_VERSION) throw new Malformed(`this page speaks version ${EMBED_VERSION}, as twostep: ${EMBED_VERSION} says`)
  if (Object.hasOwn(fields, 'id') && idOf(fields) === null) throw new Malformed('id must be a number, or a text of 200 characters at most')
  const { command } = fields
  if (typeof command !== 'string' || !Object.hasOwn(forms, command))
    throw new Malformed(`command must be one of ${Object.keys(forms).join(', ')}`)
  const form = forms[command as Control['command']]
  const known = ['twostep', 'id', 'command', ...form.keys]
  const odd = Object.keys(fields).find(key => !known.includes(key))
  if (odd !== undefined) throw new Malformed(`${command} knows no ${odd.slice(0, 50)}; it takes ${known.slice(1).join(', ')}`)
  return form.read(fields)
}

/** Reads what came from the page around, and throws nothing. */
export function readMessage(data: unknown): Reading {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || !Object.hasOwn(data, 'twostep')) return { kind: 'foreign' }
  // Only what the message itself holds: its prototype says nothing here.
  const fields: Fields = Object.assign(Object.create(null), data)
  const id = idOf(fields)
  try {
    return { kind: 'control', id, control: control(fields) }
  } catch (e) {
    if (!(e instanceof Malformed)) throw e
    return { kind: 'malformed', id, message: `The message was not understood: ${e.message}. Nothing was changed.` }
  }
}
