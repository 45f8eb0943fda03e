/** One machine stepped from outside beside one that runs free, by the same schedule: the first difference, as a sentence. */
import { differences } from '../../src/emu/debug/leaks.ts'
import type { Stop } from '../../src/emu/hypervisor/events.ts'
import { Hypervisor } from '../../src/emu/hypervisor/hypervisor.ts'
import type { Policy } from '../../src/emu/hypervisor/policy.ts'
import type { Pseries } from '../../src/emu/machine/pseries.ts'
import { boot, type Deed, deedInWords, type Program, perform, scheduleOf } from './programs.ts'
import type { Tally } from './tally.ts'

/** Boundaries of a step that are waited for. */
const PATIENCE = 2_000
const PAGE = 4096

function driven(machine: Pseries, policy: Policy, script: ReturnType<typeof scheduleOf>): Hypervisor {
  const hypervisor = new Hypervisor(machine, policy.id, policy)
  hypervisor.holdInterrupts = false
  hypervisor.setSchedule({ script, locking: 'off' })
  return hypervisor
}

/** Pages written by either since the last look that are not the same; what is planted in memory counts. */
function differingPage(a: Pseries, b: Pseries): number | null {
  const pages = new Set([...a.core.takeDirtyPages(), ...b.core.takeDirtyPages()])
  for (const real of pages) {
    const [x, y] = [a, b].map(({ core: { ram } }) => Buffer.from(ram.buffer, ram.byteOffset + real, PAGE)) as [Buffer, Buffer]
    if (!x.equals(y)) return real + x.findIndex((v, n) => v !== y[n])
  }
  return null
}

function withBreakpoint<T>({ core }: Pick<Pseries, 'core'>, at: bigint, act: () => T): T {
  core.stops.add(at)
  core.flushCode()
  try {
    return act()
  } finally {
    core.stops.delete(at)
    core.flushCode()
  }
}

/** The boundaries that the other has run more. */
const catchUp = (free: Hypervisor, stepped: Hypervisor): void => {
  const ahead = Number(stepped.boundaries - free.boundaries)
  if (ahead > 0) free.run(0, ahead)
}

/** Boundaries of its own that the vCPU had in the step: an outside step is one. */
function ownBoundaries({ state: { lastStep } }: Hypervisor): number {
  return (lastStep?.turns ?? []).reduce((sum, { vcpu, boundaries }) => (vcpu === lastStep!.vcpu ? sum + boundaries : sum), 0)
}

/** Another vCPU may come to the breakpoint in the middle of the step, which goes on. Null where it is not over in time. */
function finished(stepped: Hypervisor): Stop | null {
  const until = stepped.boundaries + BigInt(PATIENCE)
  for (;;) {
    const left = Number(until - stepped.boundaries)
    if (left <= 0) return null
    const { stop } = stepped.finishStep(left)
    if (stop?.reason !== 'breakpoint' || !stepped.state.step) return stop
  }
}

interface Between {
  readonly stop: Stop | null
  /** Set where the turns of the other vCPU ended the run: what differs, or null. */
  readonly ended?: string | null
}

/** What is done in the middle of a step is done to the free run at the same boundary. */
function between(
  d: Extract<Deed, { kind: 'between' }>,
  program: Program,
  stepped: Hypervisor,
  free: Hypervisor,
  entry: bigint,
  tally: Tally | null,
): Between {
  const [vcpu, other] = [d.vcpu % program.vcpus, d.other % program.vcpus]
  // To let one run that waited, the schedule has chosen it before the turns of the other: a free run would choose behind them.
  const others = other !== vcpu && !stepped.state.ceded[vcpu]
  for (let n = 0; n < d.phases && stepped.state.step; n++) {
    const { stop } = stepped.stepTransition(PATIENCE)
    if (stop) return { stop }
  }
  if (!stepped.state.step) return { stop: null }
  catchUp(free, stepped)
  const stops = [stepped, free].map(h => {
    perform(d.edit, h.machine as Pseries, vcpu, program)
    h.lookAgain()
    return others ? h.preempt(other, d.boundaries).stop : null
  })
  tally?.between(d.edit !== 'nothing', others)
  const [ours, theirs] = stops.map(s => s?.reason ?? null)
  if (ours !== theirs) return { stop: null, ended: `vCPU ${other}: ${ours ?? 'goes on'}; free: ${theirs ?? 'goes on'}` }
  if (ours && ours !== 'waiting') return { stop: null, ended: null }
  return { stop: withBreakpoint(stepped.machine, entry + 4n * BigInt(d.instruction), () => finished(stepped)) }
}

export interface Run {
  /** Null when the law held. */
  readonly difference: string | null
  readonly boundaries: number
}

/** Does the program's deeds until so many boundaries of the machine have passed, or it stops. */
export function compare(program: Program, boundaries: number, policy: Policy, tally: Tally | null = null): Run {
  const [freeMachine, steppedMachine] = [boot(program), boot(program)]
  const script = scheduleOf(program, 2 * boundaries + 10 * PATIENCE)
  const [free, stepped] = [freeMachine, steppedMachine].map(m => driven(m, policy, script)) as [Hypervisor, Hypervisor]
  for (const m of [freeMachine, steppedMachine]) m.core.takeDirtyPages()
  const entry = steppedMachine.core.vcpus[0]!.state.get('NIP')
  tally?.attach(stepped)
  const run = (difference: string | null): Run => ({ difference, boundaries: Number(stepped.boundaries) })
  for (let n = 0; stepped.boundaries < BigInt(boundaries); n++) {
    const deed = program.deeds[n % program.deeds.length]!
    const before = stepped.boundaries
    let stop: Stop | null = null
    const at = `deed ${n} (${deedInWords(program, deed)}), time ${stepped.time}`
    if (deed.kind !== 'step' && deed.kind !== 'between') tally?.note('continued')
    if (deed.kind === 'run') stop = stepped.run(0, deed.boundaries).stop
    else if (deed.kind === 'break')
      stop = withBreakpoint(steppedMachine, entry + 4n * BigInt(deed.instruction), () => stepped.run(0, deed.boundaries).stop)
    else {
      stepped.begin(deed.vcpu % program.vcpus)
      tally?.step(stepped)
      if (deed.kind === 'step') stop = stepped.finishStep(PATIENCE).stop
      else {
        const done = between(deed, program, stepped, free, entry, tally)
        if (done.ended !== undefined) return run(done.ended && `${at}: ${done.ended}`)
        stop = done.stop
      }
      tally?.stepped(stepped)
    }
    if (deed.kind === 'break' && stop?.reason === 'breakpoint') tally?.note('breakpoint')
    const goes = stop === null || stop.reason === 'step' || stop.reason === 'breakpoint'
    const steps = deed.kind === 'step' || deed.kind === 'between'
    if (steps && stop === null) {
      const { lost, vcpu } = stepped.state.step!
      // One that waits while others run may wait long; nothing is compared in the middle of its step.
      if (lost === null && (stepped.state.ceded[vcpu] || stepped.boundaries - before > BigInt(PATIENCE))) return run(null)
      return run(`${at}: the step did not end: ${lost ?? stepped.state.step!.phase}`)
    }
    // What stops it is no boundary: the free run has to come to it too.
    const ahead = Number(stepped.boundaries - free.boundaries) + (goes ? 0 : 1)
    const freeStop = ahead > 0 ? free.run(0, ahead).stop : null
    if (!goes !== (freeStop !== null)) return run(`${at}: ${stop?.text ?? 'it goes on'}; free: ${freeStop?.text ?? 'it goes on'}`)
    if (!goes) return run(null)
    if (steps && stop?.reason === 'step' && ownBoundaries(stepped) !== 1)
      return run(`${at}: the step took ${ownBoundaries(stepped)} boundaries`)
    if (stepped.time !== free.time) return run(`${at}: a free run is at time ${free.time}`)
    stepped.synchroniseTime()
    free.synchroniseTime()
    for (const { id, state } of steppedMachine.core.vcpus) {
      const [d] = differences(state.bytes, freeMachine.core.vcpus[id]!.state.bytes)
      if (d) return run(`${at}: vCPU ${id}: ${d.register} is ${d.stepped.toString(16)} instead of ${d.free.toString(16)}`)
    }
    const page = differingPage(steppedMachine, freeMachine)
    if (page !== null) return run(`${at}: memory at 0x${page.toString(16)} differs`)
  }
  if (steppedMachine.devices.consoleOutput !== freeMachine.devices.consoleOutput) return run('the console differs')
  return run(null)
}
