/** The whole of what the page shows, but for the events and the program. */
import type { Session } from '../debug/session.ts'
import type { Policy } from '../hypervisor/policy.ts'
import type { EffectiveAddress } from '../isa/units.ts'
import type { Pseries } from '../machine/pseries.ts'
import { breakpointViews } from './breakpoint-view.ts'
import { actorViews, controllerView } from './controller-view.ts'
import type { Actor, MachineView, StopReason } from './protocol.ts'
import { scheduleView } from './schedule-view.ts'
import type { SourceFiles } from './source-view.ts'
import { stateView } from './state-view.ts'
import { recordingView } from './travel.ts'

/** What the session does not know. */
interface Shown extends Pick<MachineView, 'generation' | 'speed' | 'locking' | 'interrupts' | 'status'> {
  readonly runningActor: Actor | null
  readonly lastReason: StopReason
}

interface Names {
  readonly symbolAt: (address: EffectiveAddress) => string | null
  readonly sources: SourceFiles
  /** Policies of the user's. */
  readonly own: readonly Policy[]
}

/** Lines of the log that a view carries. */
const LOG_SHOWN = 200

export function machineView(
  session: Session,
  machine: Pseries,
  shown: Shown,
  { symbolAt, sources, own }: Names,
): Omit<MachineView, 'program'> {
  const { runningActor, lastReason, ...said } = shown
  const state = stateView(session, symbolAt)
  return {
    ...said,
    run: { state: runningActor ? 'running' : 'paused', actor: runningActor, reason: runningActor ? null : lastReason },
    instructions: session.now,
    timeBase: state.registers.TB!,
    schedule: scheduleView(session, symbolAt),
    vcpus: session.core.vcpus.length,
    actors: actorViews(session, machine, runningActor, true, state.next, state.hints.NIP ?? null),
    active: session.active,
    controller: controllerView(session, symbolAt, own),
    recording: recordingView(session),
    state,
    source: sources.at(session.vcpu().state.get('NIP')),
    breakpoints: breakpointViews(session, symbolAt),
    advice: session.advisor.all,
    log: session.stops.log.slice(-LOG_SHOWN),
  }
}
