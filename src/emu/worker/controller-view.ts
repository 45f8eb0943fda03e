/** The hypervisor as the page shows it: phases, listing, what comes next, and the steppers' status. */

import type { Session } from '../debug/session.ts'
import { stepLabel, stepPath } from '../hypervisor/begin.ts'
import { lineOf, listingOf, runLoopListing } from '../hypervisor/listing.ts'
import { type Policy, policies } from '../hypervisor/policy.ts'
import type { Step } from '../hypervisor/step-state.ts'
import type { Pseries } from '../machine/pseries.ts'
import { grouped } from './grouped.ts'
import type { Actor, ActorView, ControllerView, GhostBlock } from './protocol.ts'
import { type SymbolAt, stateView } from './state-view.ts'

const loopPhases = ['enter', 'guest', 'exit', 'handle'] as const

/** Where each phase of a step is drawn, as a prediction. `next` is null where a Trace interrupt of the guest's comes instead of an instruction. */
function ghostsOf(path: readonly string[], from: number, next: string | null, vcpu: number, problem: boolean): GhostBlock[] {
  const lane = { kind: 'vcpu', vcpu, mode: problem ? 'user' : 'kernel' } as const
  return path.slice(from).flatMap((phase): GhostBlock[] => {
    if (phase === 'trace')
      return [
        ...(next === null ? [] : [{ lane, kind: 'instruction', label: next } as const]),
        { lane: { ...lane, mode: 'kernel' }, kind: 'interrupt', label: 'trace' },
      ]
    if (phase === 'assist') return [{ lane: { ...lane, mode: 'kernel' }, kind: 'interrupt', label: 'assist' }]
    return [{ lane: { kind: 'hypervisor' }, kind: 'phase', label: phase }]
  })
}

function phasesOf(step: Step | null, path: readonly string[]): ControllerView['phases'] {
  if (!step) return path.map(name => ({ name, state: 'ahead' as const }))
  const at = step.path.indexOf(step.phase)
  return step.path.map((name, n) => {
    const failed = (step.lost && name === 'trace' && n === at) || (step.metBy !== null && name === 'exit')
    return { name, state: failed ? 'failed' : n < at ? 'done' : n > at ? 'ahead' : 'now' }
  })
}

/** The guest's own Trace interrupt comes before the next instruction. */
const isPending = (session: Session): boolean => session.vcpu().state.get('TRACE_DUE') !== 0n

export function controllerView(session: Session, symbolAt: SymbolAt, own: readonly Policy[]): ControllerView {
  const { hypervisor } = session
  const { step } = hypervisor.state
  const loop = hypervisor.state.loops[session.vcpuShown]!
  const policy = hypervisor.policy
  const path = stepPath(policy.choices)
  const walksLoop = !step && session.walk === 'loop'
  const listing = walksLoop ? runLoopListing() : listingOf(policy)
  const vcpu = session.vcpu()
  const pending = step ? step.start.traceDue : isPending(session)
  const label = pending ? null : (step?.label ?? stateView(session, symbolAt).next)
  const stepped = step ? session.vcpu(step.vcpu) : vcpu
  const from = step ? step.path.indexOf(step.phase) : 0
  const ghosts = walksLoop ? [] : ghostsOf(step?.path ?? path, from, label, stepped.id, stepped.state.msr('PR'))
  const at = loopPhases.indexOf(loop.phase)
  return {
    policy: policy.id,
    policies: [...policies, ...own].map(({ id, name, summary }) => ({ id, name, summary })),
    walk: session.walk,
    phases: walksLoop
      ? loopPhases.map((name, n) => ({ name, state: n < at ? ('done' as const) : n === at ? ('now' as const) : ('ahead' as const) }))
      : phasesOf(step, path),
    listing: listing.map(l => ({ ...l })),
    line: walksLoop ? lineOf(listing, loop.phase) : lineOf(listing, step?.phase ?? null),
    step: step ? { ordinal: step.ordinal, label: `outside step ${step.ordinal}: ${step.label}` } : null,
    guestTracePending: !step && pending,
    ghosts,
    leaks: session.leaks.map(l => ({ ...l })),
  }
}

export const INSIDE_OFF =
  'Inside gives commands to a debugger in the guest that listens at the second serial port, and this program has none. Open monitor.s (Commands, or the program menu), which does.'

const TAKEN = "A Trace interrupt of the guest's own came to the word of the outside step. End or take back that step first."

interface Controls {
  status: ActorView['status']
  word: string
  detail: string[]
}

/** Why nothing can be stepped now, or null. */
function blockedBecause(session: Session): string | null {
  if (session.running) return 'The machine is running. Pause it first.'
  if (!session.isLive) return 'This is a past event. Return to live first (End in the timeline).'
  return null
}

/** The guest's own debugger gets nothing of what it asked for, and why; null where it does. */
function insideBlocked(session: Session): Controls | null {
  const { step, sentBack } = session.hypervisor.state
  if (step?.metBy != null) return { status: 'blocked', word: 'Blocked', detail: [`vCPU ${step.metBy} handler`, 'did not run'] }
  const waits = sentBack.indexOf(true)
  return waits < 0 ? null : { status: 'blocked', word: 'Blocked', detail: [`vCPU ${waits} was`, 'sent back to the word'] }
}

/** `next` is the instruction at NIP, `where` its symbol. */
export function actorViews(
  session: Session,
  machine: Pick<Pseries, 'hasDebugger' | 'devices'>,
  running: Actor | null,
  loaded: boolean,
  next: string,
  where: string | null,
): Record<Actor, ActorView> {
  const blocked = loaded ? blockedBecause(session) : 'Nothing is loaded yet.'
  const { step } = session.hypervisor.state
  const loop = session.hypervisor.state.loops[session.vcpuShown]!
  const stop = session.lastStop
  const view = (actor: Actor, c: Controls): ActorView => ({
    ...c,
    step: blocked,
    continue: running ? null : blocked,
    back: session.running ? 'The machine is running. Pause it first.' : session.canGoBack(actor) ? null : 'Nothing to take back.',
  })
  const runningNow = (actor: Actor): Controls | null =>
    running === actor ? { status: 'running', word: 'Running', detail: [`${grouped(session.vcpu().state.get('TIME'))} instructions`] } : null
  const stopped = (actor: Actor): boolean => stop !== null && session.active === actor
  const met = step?.metBy ?? null
  const pending = isPending(session)
  const comes = `next ${pending ? stepLabel(session.vcpu()) : `\`${next}\``}`
  const lostWord = step?.lost ?? (met === null ? null : `vCPU ${met} met the word of the step of vCPU ${step!.vcpu}`)
  const preempted = step && session.hypervisor.state.clock !== step.vcpu && step.ran === 0 && step.phase === 'trace'
  const outside: Controls =
    runningNow('outside') ??
    (step
      ? {
          status: 'stepping',
          word: 'Stepping',
          detail: [
            step.start.traceDue ? step.label : `\`${step.label}\``,
            step.lost ? 'step lost' : preempted ? 'preempted, 0 of 1' : '0 of 1 done',
          ],
        }
      : stopped('outside')
        ? { status: 'stopped', word: 'Stopped', detail: [comes, session.hypervisor.policy.name] }
        : { status: 'idle', word: 'Idle', detail: [comes, ...(where === null ? [] : [`at ${where}`])] })
  const before = step ? step.phase : loop.phase
  const hypervisor: Controls =
    runningNow('hypervisor') ??
    (step
      ? {
          status: lostWord ? 'error' : 'stopped',
          word: met !== null ? `Exit from vCPU ${met}, expected vCPU ${step.vcpu}` : lostWord ? 'Step lost' : `Stopped before ${before}`,
          detail: lostWord ? [lostWord] : [],
        }
      : session.walk === 'loop' && loop.phase !== 'enter'
        ? { status: 'stopped', word: `Stopped before ${before}`, detail: [] }
        : { status: 'idle', word: 'Idle', detail: [] })
  const se = session.vcpu().state.msr('SE') && !step
  const waits = machine.devices.debugWaits
  const guestSe = `guest SE = ${step ? (step.start.msr >> 10n) & 1n : se ? 1 : 0}`
  const inside: Controls = runningNow('inside') ??
    insideBlocked(session) ?? {
      status: pending || waits ? 'stopped' : 'idle',
      word: pending ? 'Guest trace pending' : waits ? 'Waits for a command' : 'Idle',
      detail: [
        guestSe,
        machine.hasDebugger
          ? waits
            ? '`s` steps its program'
            : machine.devices.debugOutput
              ? 'at a command'
              : 'not reached yet'
          : 'no monitor',
      ],
    }
  return {
    machine: view('machine', runningNow('machine') ?? { status: 'stopped', word: 'Paused', detail: [] }),
    outside: view('outside', outside),
    hypervisor: view('hypervisor', hypervisor),
    inside: machine.hasDebugger
      ? { ...view('inside', inside), ...(inside.status === 'blocked' ? { step: TAKEN, continue: TAKEN } : {}) }
      : { ...inside, step: INSIDE_OFF, continue: INSIDE_OFF, back: INSIDE_OFF },
  }
}
