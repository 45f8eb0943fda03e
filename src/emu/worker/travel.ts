/** Requests that go through the past: back to a breakpoint, to what last wrote, to a time; what a stretch changed; branches. */
import { disassemble } from '../asm/disassemble.ts'
import { changesBetween } from '../debug/changes.ts'
import { ByteWritten, MetBreakpoint, RegisterWritten, type WrittenBy } from '../debug/lookouts.ts'
import { seekingTime, visiting } from '../debug/past.ts'
import { readRegister } from '../debug/registers.ts'
import type { Session } from '../debug/session.ts'
import { type Lookout, searchBack } from '../debug/travel.ts'
import type { VcpuId } from '../isa/units.ts'
import { grouped } from './grouped.ts'
import type { Job } from './job.ts'
import { realPieces } from './memory-view.ts'
import type { BranchView, Command, Commands, Empty, RecordingView, StepResult } from './protocol.ts'
import { sentenceOf } from './timeline-view.ts'

export interface Travelling {
  job(): Job
  /** Throws a refusal where nothing is loaded or something else is going on. */
  paused(): Session
  /** Says it, and sends a view in which what the page holds may be gone. */
  show(text: string): void
}

const travelCommands = [
  'seek',
  'seekTime',
  'reverseContinue',
  'lastWrite',
  'changes',
  'goOnFromHere',
  'branches',
  'goToBranch',
  'forgetBranch',
] as const satisfies readonly Command[]
type TravelCommand = (typeof travelCommands)[number]
type TravelHandlers = {
  readonly [C in TravelCommand]: (args: Commands[C]['arguments']) => Commands[C]['body'] | Promise<Commands[C]['body']>
}

const NOTHING: Empty = {}
const hex = (v: bigint | number): string => `0x${v.toString(16)}`

/** Where the session stands, in a sentence. */
export function standing(session: Session): string {
  if (session.isLive) return 'Live.'
  const shown = session.events.at(session.shown)
  const behind = session.within
  const on = behind > 0 ? `, and ${grouped(behind)} ${behind === 1 ? 'boundary' : 'boundaries'} on` : ''
  return shown
    ? `Event ${shown.index}: ${sentenceOf(shown)}${on}.`
    : behind > 0
      ? `Before the first event${on}.`
      : 'Before the first event.'
}

/** Goes to a place: at once where it is near, else with a word about how far it is. */
const go = (t: Travelling, way: Generator<number, void>): Promise<void> => t.job().run('Going to that place', 1000, way)

async function search(t: Travelling, session: Session, what: string, lookout: Lookout) {
  const from = session.moment
  const start = session.beginning.hypervisor
  const total = Math.max(1, Number(from.boundaries) - Number(start.skipped))
  return t.job().run(what, total, searchBack(session, from, lookout))
}

/** Who wrote, told at the place where the write is next. */
function writer(session: Session, vcpu: VcpuId, by: WrittenBy): string {
  const next = session.events.at(session.shown + 1)
  const { state } = session.vcpu(vcpu)
  const nip = state.get('NIP')
  const action = session.history[session.moment.action]
  if (action?.doing.kind === 'edit') return `by you: ${action.doing.sentence}`
  if (by === 'interrupt' && next?.what.kind === 'interrupt') return `by an interrupt: ${sentenceOf(next)}. It is next`
  if (by === 'hypervisor') return `by the hypervisor${next ? `: ${sentenceOf(next)}` : ''}. It is next`
  if (by === 'interrupt') return `by an interrupt at ${hex(nip)}, which is next`
  const word = session.vcpu(vcpu).wordAt(nip)
  const text = typeof word === 'number' ? disassemble(word, nip).text.replace(/\s+/g, ' ') : null
  return `by ${text === null ? 'the instruction' : `"${text}"`} at ${hex(nip)} on vCPU ${vcpu}, which is next`
}

type Target = Commands['lastWrite']['arguments']

/** Registers that every boundary writes. */
const restless: ReadonlySet<string> = new Set(['NIP'])

function lookoutFor(session: Session, target: Target): { lookout: Lookout; name: string; vcpu: VcpuId; value: () => string } {
  if ('register' in target) {
    const { register, vcpu } = target
    const state = session.core.vcpus[vcpu]?.state
    if (!state || readRegister(state, register) === undefined)
      throw new Error(`vCPU ${vcpu} has no register ${register}. Nothing was changed.`)
    if (restless.has(register)) throw new Error(`${register} is written at every boundary. Step back instead.`)
    return { lookout: new RegisterWritten(session, vcpu, register), name: register, vcpu, value: () => hex(readRegister(state, register)!) }
  }
  const { pieces, fault } = realPieces(session, target.address, 1)
  if (fault !== null) throw new Error(`${fault}. Nothing was searched.`)
  const { real } = pieces[0]!
  const value = () => hex(session.core.ram[real]!)
  return { lookout: new ByteWritten(session, real), name: `The byte at ${hex(target.address)}`, vcpu: session.vcpuShown, value }
}

async function lastWrite(t: Travelling, target: Target): Promise<Commands['lastWrite']['body']> {
  const session = t.paused()
  const { lookout, name, vcpu, value } = lookoutFor(session, target)
  const now = value()
  const hit = await search(t, session, `Searching what last wrote ${name.startsWith('The') ? `t${name.slice(1)}` : name}`, lookout)
  if (!hit) {
    t.show(`${name} was not written since the recording began: it is ${now}.`)
    return { found: false }
  }
  await go(t, visiting(session, hit.moment))
  // Another vCPU may have written the byte: its instruction is next.
  const who = 'register' in target ? vcpu : session.hypervisor.state.clock
  t.show(`${name}, which is ${now} there, was last written ${writer(session, who, hit.text as WrittenBy)}. Before it, it is ${value()}.`)
  return { found: true }
}

async function reverseContinue(t: Travelling): Promise<StepResult> {
  const session = t.paused()
  const hit = await search(t, session, 'Running back to a breakpoint', new MetBreakpoint(session))
  await go(t, hit ? visiting(session, hit.moment) : session.seeking(0))
  const text = hit ? `${hit.text}, on the way back.` : 'No breakpoint on the way back: this is where the recording begins.'
  t.show(text)
  return { reason: hit ? 'breakpoint' : 'entry', text }
}

function branchViews(session: Session): BranchView[] {
  return session.branches.all.map(b => {
    const fork = session.branches.forkOf(b)
    const at = session.history[fork]
    const time = at ? at.checkpoints[0]! : null
    return {
      id: b.id,
      actions: b.deeds.length - fork,
      forksAt: time ? time.event : session.events.length,
      last: b.deeds.at(-1)!.actor,
      boundaries: b.deeds.slice(fork).reduce((n, d) => n + d.boundaries, 0),
    }
  })
}

export const recordingView = (session: Session): RecordingView => ({
  events: session.events.length,
  shown: session.shown,
  live: session.isLive,
  within: session.within,
  branches: session.branches.all.length,
  first: session.events.first,
  kept: session.eventsKept,
})

export const travelHandlers = (t: Travelling): TravelHandlers => ({
  seek: async ({ event }) => {
    const session = t.paused()
    await go(t, session.seeking(event))
    t.show(standing(session))
    return NOTHING
  },
  seekTime: async ({ instructions }) => {
    const session = t.paused()
    await go(t, seekingTime(session, instructions))
    t.show(standing(session))
    return NOTHING
  },
  reverseContinue: () => reverseContinue(t),
  lastWrite: target => lastWrite(t, target),
  changes: ({ from, to }) => {
    const session = t.paused()
    const last = session.events.length
    if (![from, to].every(n => Number.isInteger(n) && n >= 0 && n <= last) || from > to)
      throw new Error(`There is no stretch from event ${from} to ${to}: the recording has ${last}.`)
    return t.job().run('Reading what changed', 3000, changesBetween(session, from, to), true)
  },
  goOnFromHere: () => {
    const session = t.paused()
    const wasLive = session.isLive
    session.goOnFromHere()
    t.show(wasLive ? 'This is the live end already.' : 'Live from here. What came after is kept as a branch.')
    return NOTHING
  },
  branches: () => branchViews(t.paused()),
  goToBranch: async ({ branch }) => {
    const session = t.paused()
    const work = session.branches.workOf(branch)
    try {
      await t.job().run('Going over to the branch', work, session.branches.goTo(branch))
    } catch (e) {
      t.show(`${(e as Error).message} The machine stands where it came to; both courses are kept.`)
      throw e
    }
    t.show(`Went over to branch ${branch}. The course that was left is kept as a branch.`)
    return NOTHING
  },
  forgetBranch: ({ branch }) => {
    t.paused().branches.forget(branch)
    t.show(`Branch ${branch} is gone.`)
    return NOTHING
  },
})
