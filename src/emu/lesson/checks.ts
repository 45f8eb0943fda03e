/** Whether a task is done: predicates on the machine's view and its recorded events, never on clicks. */
import type { MachineView, TimelineEvent } from '../worker/protocol.ts'
import type { TimelineEvents } from '../worker/timeline-events.ts'
import { type Condition, isOwnPolicy, OWN_POLICY, type Pattern } from './conditions.ts'
import type { Task } from './model.ts'
import { scanned } from './scan.ts'

export interface Machine {
  readonly view: MachineView
  readonly events: TimelineEvents
  /** What the guest wrote. */
  readonly printed: string
  /** By symbol; what could not be read is not there. */
  readonly memory: ReadonlyMap<string, Uint8Array>
  /** By vCPU; those that a condition names. */
  readonly registers: ReadonlyMap<number, Readonly<Record<string, bigint>>>
  /** Channels whose probes noticed nothing under the present policy; null while that is not known. */
  readonly passing: ReadonlySet<number> | null
}

const bitOf = (value: bigint, bit: number): bigint => (value >> BigInt(63 - bit)) & 1n

/** The linear mapping differs from the real address in the four highest bits: code of the kernel is reached by either. */
const real = (address: bigint): bigint => BigInt.asUintN(60, address)
const symbolAt = (view: MachineView, address: bigint | null, symbol: string): boolean =>
  address !== null && (view.program?.symbols ?? []).some(s => s.name === symbol && real(s.address) === real(address))

type Match = (p: never, e: TimelineEvent, view: MachineView) => boolean
const labelled = (wanted: string, e: TimelineEvent): boolean => wanted === 'any' || e.label === wanted

const matches: {
  readonly [K in keyof Required<Pattern>]: (wanted: NonNullable<Pattern[K]>, e: TimelineEvent, view: MachineView) => boolean
} = {
  instruction: (wanted, e) => e.kind === 'instruction' && (wanted === 'any' || e.label.split(' ')[0] === wanted),
  interrupt: (wanted, e) => e.kind === 'interrupt' && labelled(wanted, e),
  phase: (wanted, e) => e.kind === 'phase' && labelled(wanted, e),
  kind: (wanted, e) => e.kind === wanted,
  by: (wanted, e) => e.by === wanted,
  vcpu: (wanted, e) => e.vcpu === wanted,
  mode: (wanted, e) => e.lane.kind === 'vcpu' && e.lane.mode === wanted,
  step: (wanted, e) => (e.step !== null) === wanted,
  wrong: (wanted, e) => e.wrong === wanted,
  at: (wanted, e, view) => symbolAt(view, e.address, wanted),
  times: () => true,
}

const matching =
  (p: Pattern, view: MachineView) =>
  (e: TimelineEvent): boolean =>
    Object.entries(p).every(([key, wanted]) => (matches[key as keyof Pattern] as Match)(wanted as never, e, view))

function happened(p: Pattern, { view, events }: Machine): boolean {
  const is = matching(p, view)
  return scanned(p, events, (times, e) => times + Number(is(e))) >= (p.times ?? 1)
}

/** One after the other; other events may come between. */
function inOrder(patterns: readonly Pattern[], { view, events }: Machine): boolean {
  const are = patterns.map(p => matching(p, view))
  return scanned(patterns, events, (at, e) => at + Number(at < are.length && are[at]!(e))) === are.length
}

function registerHolds(c: Condition, m: Machine): boolean {
  const registers = c.vcpu === undefined || c.vcpu === m.view.state.vcpu ? m.view.state.registers : m.registers.get(c.vcpu)
  const value = registers?.[c.register!]
  if (value === undefined) return false
  if (c.equals !== undefined && value !== c.equals) return false
  if (c.same !== undefined && value !== registers?.[c.same]) return false
  return (c.set ?? []).every(b => bitOf(value, b) === 1n) && (c.clear ?? []).every(b => bitOf(value, b) === 0n)
}

function memoryHolds(c: Condition, m: Machine): boolean {
  const bytes = m.memory.get(c.memory!)?.slice(0, c.size ?? 8)
  if (!bytes || bytes.length < (c.size ?? 8)) return false
  const inOrderOfWeight = m.view.program?.littleEndian ? bytes.toReversed() : bytes
  return inOrderOfWeight.reduce((v, b) => (v << 8n) | BigInt(b), 0n) === c.equals
}

/** By part of a condition; the others say more of one of these. */
const parts: { readonly [K in keyof Condition]: (c: Condition, m: Machine) => boolean } = {
  register: registerHolds,
  memory: memoryHolds,
  policy: (c, { view: { controller } }) => (c.policy === OWN_POLICY ? isOwnPolicy(controller.policy) : controller.policy === c.policy),
  locking: (c, { view }) => view.locking === c.locking,
  interrupts: (c, { view }) => view.interrupts === c.interrupts,
  leaks: (c, { view }) => view.controller.leaks.length === c.leaks,
  leak: (c, { view }) => view.controller.leaks.some(l => l.channel === c.leak),
  passes: (c, { passing }) => passing !== null && c.passes!.every(n => passing.has(n)),
  seen: (c, m) => happened(c.seen!, m),
  order: (c, m) => inOrder(c.order!, m),
  printed: (c, m) => m.printed.includes(c.printed!),
  stands: (c, { view }) => symbolAt(view, view.state.registers.NIP ?? null, c.stands!),
  tracePending: (c, { view }) => view.controller.guestTracePending === c.tracePending,
  stopped: (c, { view }) => view.run.reason === c.stopped,
  any: (c, m) => c.any!.some(x => holds(x, m)),
  all: (c, m) => c.all!.every(x => holds(x, m)),
  not: (c, m) => !holds(c.not!, m),
}

export function holds(c: Condition, m: Machine): boolean {
  return (Object.keys(c) as (keyof Condition)[]).every(key => parts[key]?.(c, m) ?? true)
}

export type Verdict = 'passed' | 'not yet' | 'wrong'

/** `answer`: index of the choice taken, where the task asks. */
export function judge(task: Task, machine: Machine, answer: number | null): Verdict {
  if (!task.when.every(c => holds(c, machine))) return 'not yet'
  if (!task.choices) return 'passed'
  if (answer === null) return 'not yet'
  return holds(task.choices[answer]!.holds, machine) ? 'passed' : 'wrong'
}
