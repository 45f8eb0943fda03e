/**
 * What was done, as plain data: the machine is deterministic, so the actions done again from the program's start make the same recording.
 * Memory bytes are base64, 64-bit values are `0x…`.
 */
import type { Policy } from '../hypervisor/policy.ts'
import { policyOf } from '../hypervisor/policy-file.ts'
import type { SchedulerLocking, Turn } from '../hypervisor/schedule.ts'
import type { EffectiveAddress, VcpuId } from '../isa/units.ts'
import type { Actor, Doing } from './action.ts'
import { toBase64 } from './base64.ts'
import type { Edit } from './edits.ts'
import { bytes, count, flag, hex, list, oneOf, type Reader, RecordingError, record, text, value, wrong } from './readers.ts'
import type { Recorded } from './recorded.ts'

export interface Deed {
  readonly doing: Doing
  readonly actor: Actor | 'you'
  readonly vcpu: VcpuId
  readonly hold: boolean
  /** Breakpoints that a step in flight meets. */
  readonly stops: readonly EffectiveAddress[]
  /** Of all vCPUs, as the action had when it ended; then it is paused, if it was. */
  readonly boundaries: number
  readonly transitions: number
  readonly paused: boolean
  /** The policy that holds from here on. */
  readonly policy: Policy
}

/** The actions of a session; one that goes on is as if it were paused now. */
export const deedsOf = (session: Recorded): Deed[] =>
  session.history.flatMap(({ doing, actor, vcpu, hold, stops, ended, checkpoints }) => {
    const ending = ended ?? session.soFar
    return ending ? [{ doing, actor, vcpu, hold, stops, ...ending, policy: checkpoints[0]!.snapshot.hypervisor.policy }] : []
  })

/** Boundaries between two looks at whether to go on. */
const SLICE = 200_000

/** Boundaries that an action may be ahead of where it ends: a controller's own Trace is taken back. */
const SLACK = 1_000

/** Does them again; yields how many boundaries are done. Throws RecordingError where the machine does something else than was recorded. */
export function* doAgain(session: Recorded, deeds: readonly Deed[]): Generator<number, void> {
  let total = 0
  for (const [n, deed] of deeds.entries()) {
    const { hypervisor } = session
    if (hypervisor.state.policy !== deed.policy && !hypervisor.state.step) hypervisor.setPolicy(deed.policy)
    hypervisor.holdInterrupts = deed.hold
    // What ended a run was the debugger's, and is told by its boundaries; a step's breakpoints are part of what became of it.
    const met = (deed.doing.kind === 'run' || deed.doing.kind === 'inside') && !hypervisor.state.step
    session.setStops(met ? [] : deed.stops)
    session.begin(deed.doing, deed.actor, deed.vcpu)
    const from = { boundaries: hypervisor.boundaries, transitions: hypervisor.state.transitions }
    for (;;) {
      const left = deed.boundaries - Number(hypervisor.boundaries - from.boundaries)
      const more = deed.transitions - (hypervisor.state.transitions - from.transitions)
      if (deed.paused && left === 0 && more === 0) {
        session.pause()
        break
      }
      if (left < -SLACK || more < 0) throw new RecordingError(`Action ${n + 1} of ${deeds.length} did not end where it had ended.`)
      const allowance = Math.max(1, deed.paused ? left : left + SLACK)
      const stop = session.advance(Math.min(allowance, SLICE), !deed.paused)
      if (stop) break
      yield total + deed.boundaries - Math.max(0, left)
    }
    total += deed.boundaries
    if (session.history.at(-1)?.ended?.boundaries !== deed.boundaries)
      throw new RecordingError(`Action ${n + 1} of ${deeds.length} ended after another number of boundaries than it had.`)
  }
}

// ───────── as JSON ─────────

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

const editJson: { readonly [K in Edit['kind']]: (edit: Extract<Edit, { kind: K }>) => Json } = {
  register: ({ kind, vcpu, register, value }) => ({ kind, vcpu, register, value: hex(value) }),
  memory: ({ kind, pieces }) => ({ kind, pieces: pieces.map(({ real, bytes }) => ({ real, bytes: toBase64(bytes) })) }),
  externalLine: ({ kind, vcpu, raised }) => ({ kind, vcpu, raised }),
  schedule: ({ kind, change: { script, quantum, locking } }) => ({
    kind,
    script: script?.map(({ vcpu, boundaries }) => ({ vcpu, boundaries })),
    quantum,
    locking,
  }),
  input: ({ kind, text, port }) => ({ kind, text, port }),
}

export function doingJson(doing: Doing): Json {
  if (doing.kind === 'edit') return { ...doing, edit: (editJson[doing.edit.kind] as (edit: Edit) => Json)(doing.edit) }
  return doing.kind === 'run' ? { kind: 'run' } : { ...doing }
}

const policyJson = ({ id, name, summary, claimsTransparency, choices }: Policy): Json => ({
  id,
  name,
  summary,
  claimsTransparency,
  choices,
})

/** Actions with what changed since the one before. */
export function deedsJson(deeds: readonly Deed[]): Json {
  let policy: Policy | null = null
  return deeds.map(d => {
    const changed = d.policy !== policy
    policy = d.policy
    return {
      do: doingJson(d.doing),
      actor: d.actor,
      vcpu: d.vcpu,
      boundaries: d.boundaries,
      transitions: d.transitions,
      paused: d.paused || undefined,
      deliver: d.hold ? undefined : true,
      stops: d.stops.length ? d.stops.map(hex) : undefined,
      policy: changed ? policyJson(d.policy) : undefined,
    }
  })
}

// ───────── read again ─────────

const turn: Reader<Turn> = (v, at) => {
  const t = record(v, at)
  return { vcpu: count(t.vcpu, `${at}.vcpu`), boundaries: count(t.boundaries, `${at}.boundaries`) }
}

const edits: { readonly [K in Edit['kind']]: (e: Record<string, unknown>, at: string) => Extract<Edit, { kind: K }> } = {
  register: (e, at) => ({
    kind: 'register',
    vcpu: count(e.vcpu, `${at}.vcpu`),
    register: text(e.register, `${at}.register`),
    value: value(e.value, `${at}.value`),
  }),
  memory: (e, at) => ({
    kind: 'memory',
    pieces: list(e.pieces, `${at}.pieces`).map((p, n) => {
      const piece = record(p, `${at}.pieces[${n}]`)
      return { real: count(piece.real, `${at}.pieces[${n}].real`), bytes: bytes(piece.bytes, `${at}.pieces[${n}].bytes`) }
    }),
  }),
  externalLine: (e, at) => ({ kind: 'externalLine', vcpu: count(e.vcpu, `${at}.vcpu`), raised: flag(e.raised, `${at}.raised`) }),
  schedule: (e, at) => ({
    kind: 'schedule',
    change: {
      ...(e.script === undefined ? {} : { script: list(e.script, `${at}.script`).map((t, n) => turn(t, `${at}.script[${n}]`)) }),
      ...(e.quantum === undefined ? {} : { quantum: count(e.quantum, `${at}.quantum`) }),
      ...(e.locking === undefined ? {} : { locking: oneOf<SchedulerLocking>('off', 'on', 'step', 'replay')(e.locking, `${at}.locking`) }),
    },
  }),
  input: (e, at) => ({ kind: 'input', text: text(e.text, `${at}.text`), port: oneOf('console', 'debug')(e.port, `${at}.port`) }),
}

const doings: { readonly [K in Doing['kind']]: (d: Record<string, unknown>, at: string) => Extract<Doing, { kind: K }> } = {
  step: () => ({ kind: 'step' }),
  transition: (d, at) => ({ kind: 'transition', walk: oneOf('step', 'loop')(d.walk, `${at}.walk`) }),
  run: () => ({ kind: 'run' }),
  boundary: () => ({ kind: 'boundary' }),
  inside: (d, at) => ({ kind: 'inside', command: text(d.command, `${at}.command`) }),
  preempt: (d, at) => ({ kind: 'preempt', boundaries: count(d.boundaries, `${at}.boundaries`) }),
  edit: (d, at) => {
    const e = record(d.edit, `${at}.edit`)
    const kind = oneOf(...(Object.keys(edits) as Edit['kind'][]))(e.kind, `${at}.edit.kind`)
    return { kind: 'edit', sentence: text(d.sentence, `${at}.sentence`).slice(0, LONGEST_SENTENCE), edit: edits[kind](e, `${at}.edit`) }
  },
}
const LONGEST_SENTENCE = 400

function policyFrom(v: unknown, at: string): Policy {
  const { policy, problems } = policyOf(v)
  return policy ?? wrong(at, `a policy: ${problems[0]!.text.replace(/\.$/, '')}`)
}

/** Throws RecordingError. `vcpus` is how many the program has; the first action must say its policy. */
export function deedsFrom(v: unknown, vcpus: number, place = 'actions'): Deed[] {
  let policy: Policy | null = null
  const vcpu: Reader<VcpuId> = (n, at) => {
    const id = count(n, at)
    return id >= 0 && id < vcpus ? id : wrong(at, vcpus === 1 ? 'vCPU 0, the only one' : `a vCPU from 0 to ${vcpus - 1}`)
  }
  return list(v, place).map((item, n) => {
    const at = `${place}[${n}]`
    const a = record(item, at)
    const d = record(a.do, `${at}.do`)
    const kind = oneOf(...(Object.keys(doings) as Doing['kind'][]))(d.kind, `${at}.do.kind`)
    const doing = doings[kind](d, `${at}.do`)
    if (doing.kind === 'edit' && 'vcpu' in doing.edit) vcpu(doing.edit.vcpu, `${at}.do.edit.vcpu`)
    if (a.policy !== undefined) policy = policyFrom(a.policy, `${at}.policy`)
    return {
      doing,
      actor: oneOf('machine', 'outside', 'inside', 'hypervisor', 'you')(a.actor, `${at}.actor`),
      vcpu: vcpu(a.vcpu, `${at}.vcpu`),
      boundaries: count(a.boundaries, `${at}.boundaries`),
      transitions: count(a.transitions, `${at}.transitions`),
      paused: flag(a.paused, `${at}.paused`),
      hold: !flag(a.deliver, `${at}.deliver`),
      stops: a.stops === undefined ? [] : list(a.stops, `${at}.stops`).map((s, i) => value(s, `${at}.stops[${i}]`)),
      policy: policy ?? wrong(`${at}.policy`, 'the policy of the first action'),
    }
  })
}
