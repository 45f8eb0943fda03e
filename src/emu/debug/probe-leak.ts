/**
 * Where a probe leaks: it is stepped from outside, and after each step it is tried what the guest would say if it ran free from there. The
 * step behind which it has something to say is the one that leaked, whatever was put into registers before.
 */
import { realOf } from '../machine/image.ts'
import { FREE_LIMIT, notOneBoundary, PATIENCE, quiet } from './probe.ts'
import type { ProbeProgram } from './probe-program.ts'
import type { Session } from './session.ts'

export interface Probed {
  readonly session: Session
  readonly program: ProbeProgram
  /** What the guest has written on its console. */
  said(): string
}

/** The vCPU that probes are stepped on. */
const STEPPED = 0

/** Free to the label `probe`, as an action that ends there. Throws an Error where the guest does not come to it. */
export function comeToProbe({ session, program }: Probed): void {
  const { state } = session.vcpu(STEPPED)
  const there = () => realOf(state.get('NIP')) === program.start
  if (there()) return
  session.begin({ kind: 'run' }, 'machine', STEPPED)
  for (let n = 0; !there(); n++) {
    const stop = n < FREE_LIMIT ? session.advance(1) : session.pause()
    if (stop) throw new Error(`Run free, ${program.name} does not come to its label "probe": ${stop.text || 'it still runs'}`)
  }
  session.pause()
}

/** What the guest says when it runs free from here to its end, and after how many boundaries that is. */
function runFree({ session, said }: Probed): { said: string; boundaries: number } {
  const { hypervisor } = session
  const { holdInterrupts } = hypervisor
  return session.rehearse(() => {
    const from = hypervisor.boundaries
    hypervisor.holdInterrupts = false
    const { stop } = hypervisor.run(STEPPED, FREE_LIMIT)
    hypervisor.holdInterrupts = holdInterrupts
    const ended = stop?.reason === 'powerOff' ? '' : (stop?.text ?? 'it still runs')
    return { said: `${said().trim()} ${ended}`.trim(), boundaries: Number(hypervisor.boundaries - from) }
  })
}

/** Boundaries from here to the guest's end when nobody steps: as many steps as there can be. */
export const stepsAtMost = (probed: Probed): number => runFree(probed).boundaries

/** One step from outside, as an action; why it leaks, or null. A step that is lost stays in flight, as it is when it is lost. */
function leakOfStep(probed: Probed, patience: number): string | null {
  const { session, program } = probed
  const { hypervisor } = session
  const [from, seen] = [session.now, session.leaks.length]
  session.begin({ kind: 'step' }, 'outside', STEPPED)
  let stop = session.advance(1, false)
  const { label } = hypervisor.state.step ?? { label: 'nothing' }
  while (!stop && hypervisor.state.step?.lost == null && session.now - from < patience) stop = session.advance(1, false)
  const step = hypervisor.state.step
  if (!stop) {
    session.pause()
    return `In the step of ${label} the controller lost its hold: ${step?.lost ?? 'the step does not end'}`
  }
  if (stop.reason !== 'step') return stop.text
  const other = notOneBoundary(hypervisor, stop, label)
  if (other) return `The controller lost its hold: ${other}`
  const found = session.leaks.slice(seen).find(l => l.channel === program.channel)
  const { said } = runFree(probed)
  if (!quiet(program, said)) return `Outside stepped ${label}. From here on the guest notices, also run free: it would say “${said}”`
  return found ? `Outside stepped ${label}, and it leaks through channel ${found.channel}: ${found.text}` : null
}

/**
 * Steps on to the step that leaks; answers why, or null when the guest comes to its verdict and nothing has leaked. Yields how
 * many steps were made.
 */
export function* stepToLeak(probed: Probed, atMost: number): Generator<number, string | null> {
  const { session, program } = probed
  const { state } = session.vcpu(STEPPED)
  const patience = atMost * PATIENCE.times + PATIENCE.boundaries
  for (let n = 0; realOf(state.get('NIP')) !== program.verdict && n < patience; n++) {
    yield n
    const leak = leakOfStep(probed, patience)
    if (leak !== null) return leak
  }
  return null
}
