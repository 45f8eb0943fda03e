/**
 * Runs one probe under one policy: free to its label `probe`, stepped from outside to its verdict, free to its power-off. What it says on
 * its console is what it found.
 */
import type { Stop } from '../hypervisor/events.ts'
import { Hypervisor } from '../hypervisor/hypervisor.ts'
import { type Policy, type PolicyId, policies } from '../hypervisor/policy.ts'
import { realOf } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { ProbeError, type ProbeProgram } from './probe-program.ts'
import { type Snapshot, SnapshotChain } from './snapshots.ts'

/** `lost`: the guest noticed nothing, but the controller had no hold on it for more than its boundary. */
export type Verdict = 'pass' | 'leak' | 'lost' | 'not run'
/** Whether interrupts wait while stepping. */
export const settings = ['hold', 'deliver'] as const
export type Setting = (typeof settings)[number]

export interface ProbeResult {
  readonly policy: PolicyId
  readonly channel: number
  readonly setting: Setting
  /** Name of the probe. */
  readonly program: string
  readonly verdict: Verdict
  /** What the guest wrote, and what the controller said, in a sentence. */
  readonly why: string
  /** Outside steps that were begun. */
  readonly steps: number
}

/** More than any probe needs to come to its label, or to its end. */
export const FREE_LIMIT = 100_000
/** A stepped guest that needs so many times the boundaries of a free run, and these besides, does not get on. */
export const PATIENCE = { times: 4, boundaries: 1_000 } as const
/** Stops in a row that leave the guest where it is. */
const STANDSTILL = 3

/** A machine that stands at the probe's label, and can be put back there. */
class Guest {
  readonly machine: Pseries
  private readonly chain: SnapshotChain<unknown>
  private readonly start: Snapshot<unknown>
  /** Boundaries from there to power-off when nobody steps. */
  readonly boundaries: number

  /** Throws ProbeError when the probe notices a stepper where there is none. */
  constructor(readonly program: ProbeProgram) {
    this.machine = new Pseries(program.image)
    const free = this.hypervisor(policies[0]!)
    this.chain = new SnapshotChain(this.machine.core, free, this.machine)
    this.runTo('probe', program.start, free)
    this.start = this.chain.restart()
    const from = free.time
    this.runTo('verdict', program.verdict, free)
    const verdict = this.state.get('GPR', 3)
    const last = this.runToEnd(free)
    const { said } = this
    if (last?.reason !== 'powerOff') throw new ProbeError(`${program.name}: run free, it does not power off: ${ended(last)}`)
    if (verdict !== 0n || !quiet(program, said)) throw new ProbeError(`${program.name}: run free, it says “${said}” with r3 = ${verdict}.`)
    this.boundaries = Number(free.time - from)
  }

  hypervisor(policy: Policy): Hypervisor {
    const hypervisor = new Hypervisor(this.machine, policy.id, policy)
    hypervisor.setSchedule({ quantum: 1 })
    hypervisor.holdInterrupts = false
    return hypervisor
  }

  rewind(): void {
    this.chain.restore(this.start)
  }

  private get state() {
    return this.machine.core.vcpus[0]!.state
  }

  get atVerdict(): boolean {
    return this.standsAt(this.program.verdict)
  }

  get said(): string {
    return this.machine.devices.consoleOutput.trim()
  }

  private standsAt(real: bigint): boolean {
    return realOf(this.state.get('NIP')) === real
  }

  private runTo(label: string, real: bigint, free: Hypervisor): void {
    for (let n = 0; !this.standsAt(real); n++) {
      const stop = n === FREE_LIMIT ? null : free.run(0, 1).stop
      if (stop || n === FREE_LIMIT) throw new ProbeError(`${this.program.name}: run free, it does not come to "${label}": ${ended(stop)}`)
    }
  }

  runToEnd(hypervisor: Hypervisor): Stop | null {
    return hypervisor.run(0, FREE_LIMIT).stop
  }
}

const ended = (stop: Stop | null): string => stop?.text ?? 'it was still running'
/** What the guest says where it has noticed nothing. */
export const quiet = (program: ProbeProgram, said: string): boolean => said === `channel ${program.channel}: nothing noticed`

/** The last one: a machine is large, and whoever runs many runs one probe under all policies before the next. */
let ready: Guest | null = null
function guestOf(program: ProbeProgram): Guest {
  if (ready?.program === program) ready.rewind()
  else {
    ready = null
    ready = new Guest(program)
    ready.rewind()
  }
  return ready
}

/** What became of the stepped part. */
interface Stepped {
  readonly steps: number
  /** How the controller lost its hold, the first time. */
  readonly lost: string | null
  /** Why the guest does not get on. */
  readonly destroyed: string | null
}

/** A stop that nobody asked for, in the middle of the step. */
const brokenOff = (stop: Stop | null): string | null => (stop?.reason === 'breakpoint' ? stop.text : null)

/** How the step that ended so was no step of one boundary; null where it was one. */
export function notOneBoundary({ state: { lastStep } }: Hypervisor, stop: Stop | null, label: string): string | null {
  if (stop?.reason !== 'step' || !lastStep) return null
  const own = lastStep.turns.reduce((n, t) => (t.vcpu === lastStep.vcpu ? n + t.boundaries : n), 0)
  return own === 1 ? null : `the step of ${label} ended after ${own} boundaries instead of 1`
}

function stepped(guest: Guest, hypervisor: Hypervisor): Stepped {
  const limit = guest.boundaries * PATIENCE.times + PATIENCE.boundaries
  const from = hypervisor.time
  let [steps, standing] = [0, 0]
  let lost: string | null = null
  const over = (destroyed: string | null): Stepped => ({ steps, lost, destroyed })
  while (!guest.atVerdict || hypervisor.state.step) {
    const left = limit - Number(hypervisor.time - from)
    if (left <= 0 || steps > limit)
      return over(`the guest did not come to its verdict in ${limit} boundaries, many times those of a free run`)
    const before = hypervisor.time
    if (!hypervisor.state.step) steps++
    hypervisor.begin(0)
    const { label } = hypervisor.state.step!
    const { stop } = hypervisor.finishStep(left)
    lost ??= hypervisor.state.step?.lost ?? brokenOff(stop) ?? notOneBoundary(hypervisor, stop, label)
    if (stop?.reason === 'powerOff') return over(null)
    if (stop?.reason === 'stuck' || stop?.reason === 'waiting' || stop?.reason === 'attn' || stop?.reason === 'unsupported')
      return over(stop.text)
    standing = hypervisor.time === before ? standing + 1 : 0
    if (standing === STANDSTILL) return over(`the guest does not get on: ${stop?.text ?? `the step of ${label} does not end`}`)
  }
  return over(null)
}

const sentence = (text: string): string => text.trim().replace(/\.?$/, '.')

function judged(guest: Guest, { lost, destroyed }: Stepped): { verdict: Verdict; why: string } {
  const { said, program } = guest
  const lostSays = lost === null ? '' : ` The controller lost its hold: ${sentence(lost)}`
  if (said !== '' && !quiet(program, said)) return { verdict: 'leak', why: `The guest says “${said}”.${lostSays}` }
  if (destroyed !== null) return { verdict: 'leak', why: `${sentence(destroyed.replace(/^./, c => c.toUpperCase()))}${lostSays}` }
  if (lost !== null) return { verdict: 'lost', why: lostSays.trim() }
  return { verdict: 'pass', why: `The guest says “${said}”.` }
}

/** Throws ProbeError when the probe itself is wrong. */
export function runProbe(program: ProbeProgram, policy: Policy, setting: Setting): ProbeResult {
  const result = { policy: policy.id, channel: program.channel, setting, program: program.name }
  const guest = guestOf(program)
  const hypervisor = guest.hypervisor(policy)
  hypervisor.holdInterrupts = setting === 'hold'
  const outcome = stepped(guest, hypervisor)
  // At the verdict, what is left is to tell it.
  const last = outcome.destroyed === null && guest.atVerdict ? guest.runToEnd(hypervisor) : null
  const destroyed = last && last.reason !== 'powerOff' ? ended(last) : outcome.destroyed
  return { ...result, ...judged(guest, { ...outcome, destroyed }), steps: outcome.steps }
}
