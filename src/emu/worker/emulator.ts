/** The emulator behind the protocol: one loaded program, its session, and what each request does. Free of worker APIs, so that tests drive it too. */

import { settings } from '../debug/probe.ts'
import { doAgain } from '../debug/recording.ts'
import { EVENTS_KEPT, Session } from '../debug/session.ts'
import type { Stop } from '../hypervisor/events.ts'
import { type Policy, policyNamed } from '../hypervisor/policy.ts'
import { readPolicy } from '../hypervisor/policy-file.ts'
import { LoadError } from '../machine/elf.ts'
import { type BootImage, imageOfElf, imageOfFlat, imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { breakpointHandlers } from './breakpoint-handlers.ts'
import { goalOf } from './breakpoint-view.ts'
import { INSIDE_OFF } from './controller-view.ts'
import { EventSender } from './event-sender.ts'
import { exceptionOf } from './exception-view.ts'
import { grouped } from './grouped.ts'
import { Job } from './job.ts'
import { comeToLeak } from './leak-search.ts'
import { machineView } from './machine-view.ts'
import { type MachineAccess, memoryHandlers } from './memory-handlers.ts'
import { disassemblyRows } from './memory-view.ts'
import { OutputPort } from './output.ts'
import { OwnPolicies } from './own-policies.ts'
import { policyTable, tryPolicy } from './policy-view.ts'
import { programView } from './program-view.ts'
import type {
  Actor,
  Command,
  Commands,
  Empty,
  FromWorker,
  LoadResult,
  MachineView,
  OpenedSession,
  PortName,
  ProgramView,
  Request,
  SchedulerLocking,
  Setting,
  StepResult,
  StopReason,
  Until,
} from './protocol.ts'
import { registerHandlers } from './register-handlers.ts'
import { type Clock, RunLoop } from './run-loop.ts'
import { type Origin, readSaved, savedText } from './saved.ts'
import { SourceFiles } from './source-view.ts'
import { sentenceOf } from './timeline-view.ts'
import { type Travelling, travelHandlers } from './travel.ts'
import { giveTurns, refuseTurn, turnsAtFirst } from './turns.ts'
import { sentence, typedInWords } from './words.ts'

const NOTHING: Empty = {}
/** A refusal: nothing changed, and the message says what to do. */
class Refusal extends Error {}

/** At most one view in so many milliseconds while running. */
const VIEW_EVERY = 50

type Handlers = { [C in Command]: (args: Commands[C]['arguments']) => Commands[C]['body'] | Promise<Commands[C]['body']> }

/** Requests that read the machine as it is. */
const looks: ReadonlySet<Command> = new Set([
  'readMemory',
  'memoryMarks',
  'translateAddress',
  'decodeWord',
  'disassemble',
  'vcpuRegisters',
  'exceptionInfo',
  'saveSession',
  'changes',
  'branches',
])

/** Fewer events than this are no recording to speak of. */
const LEAST_KEPT = 1_000
export class Emulator {
  private machine: Pseries | null = null
  private session: Session | null = null
  private sources = new SourceFiles(null)
  private generation = 0
  private policy = policyNamed('rfc-v2')
  private readonly ownPolicies = new OwnPolicies()
  private locking: SchedulerLocking = 'replay'
  private interrupts: Setting = 'hold'
  private runningActor: Actor | null = null
  /** When the present run is paused by itself; null where only the user does. */
  private pauseAt: bigint | null = null
  private lastReason: StopReason = 'entry'
  private status: MachineView['status'] = { text: 'Starting.', politeness: 'polite', actor: null }
  private eventsKept = EVENTS_KEPT
  private readonly events = new EventSender()
  private sentGeneration = 0
  /** The program's view is another one than the page has. */
  private programChanged = false
  private readonly output = { console: new OutputPort('console'), debug: new OutputPort('debug') }
  private origin: Origin | null = null
  private readonly job: Job
  private lastViewAt = 0
  /** Answers that wait for the end of the present action. */
  private waiting: ((r: StepResult) => void)[] = []
  private readonly loop: RunLoop

  constructor(
    private readonly post: (message: FromWorker) => void,
    private readonly clock: Clock,
  ) {
    this.job = new Job(clock, progress => this.post({ type: 'progress', progress }))
    this.loop = new RunLoop(
      () => this.session,
      clock,
      stop => this.sliced(stop),
      () => this.left,
    )
  }

  async handle(request: Request): Promise<void> {
    const { seq, command } = request
    // A search drives the machine through the past: looks wait until it is back, and one that is a look itself gives way to the rest.
    if (looks.has(command)) while (this.job.busy) await this.job.over
    else if (this.job.givesWay) await this.job.cancel()
    try {
      const handler = this.handlers[command] as (args: unknown) => unknown
      const body = (await handler(request.arguments)) as Commands[Command]['body']
      this.post({ type: 'response', seq, success: true, body })
    } catch (e) {
      const known = e instanceof Refusal || e instanceof LoadError || e instanceof RangeError || e instanceof Error
      this.post({ type: 'response', seq, success: false, message: known ? (e as Error).message : String(e) })
    }
  }

  // ───────── loading ─────────

  private load(image: BootImage, origin: Origin, sentence: string): void {
    const machine = new Pseries(image)
    const session = new Session(machine, this.policy.id, this.policy, this.locking)
    session.hypervisor.holdInterrupts = this.interrupts === 'hold'
    this.lastReason = 'entry'
    this.replace(machine, session, origin, sentence)
  }

  /** Another machine takes the place of the one that was. */
  private replace(machine: Pseries, session: Session, origin: Origin, sentence: string, sources = new SourceFiles(machine.image)): void {
    this.machine = machine
    this.origin = origin
    this.sources = sources
    this.session = session
    session.eventsKept = this.eventsKept
    this.generation++
    this.runningActor = null
    this.say(sentence)
    this.sendView()
  }

  private loadSource(args: Commands['loadSource']['arguments']): LoadResult {
    this.requirePaused()
    const { image, diagnostics } = imageOfSource(args.name, args.source)
    if (!image) {
      const errors = diagnostics.filter(d => d.severity === 'error').length
      const kept = this.machine ? ' The last good program stays loaded.' : ''
      this.say(`${args.name} has ${errors} error${errors === 1 ? '' : 's'}.${kept}`, 'assertive')
      this.sendView()
      return { diagnostics, program: null }
    }
    const origin: Origin = { kind: 'source', name: args.name, text: args.source }
    this.load(image, origin, `${args.name} loaded and paused before its first instruction.`)
    return { diagnostics, program: this.programView() }
  }

  private loadImage(args: Commands['loadImage']['arguments']): LoadResult {
    this.requirePaused()
    const image = args.flat ? imageOfFlat(args.name, args.bytes, args.flat) : imageOfElf(args.name, args.bytes)
    const problem = image.sourceLines?.problem
    const left = problem ? ` Source lines are missing: ${problem}.` : ''
    const { name, bytes, flat } = args
    const origin: Origin = flat ? { kind: 'flat', name, bytes, ...flat } : { kind: 'elf', name, bytes }
    this.load(image, origin, `${name} loaded and paused at its entry point.${left}`)
    return { diagnostics: [], program: this.programView() }
  }

  /** Looking at a text changes nothing in the machine, so it may run. */
  private attachSource({ name, text }: Commands['attachSource']['arguments']): Commands['attachSource']['body'] {
    const { files, note } = this.sources.attach(name, text)
    this.say(`${name} is shown with ${this.machine!.image.name}.${note ? ` ${note}` : ''}`)
    this.programChanged = true
    this.sendView()
    return { files }
  }

  // ───────── checks ─────────

  private requireSession(): Session {
    if (!this.session) throw new Refusal('Nothing is loaded yet. Load a program first.')
    return this.session
  }

  private requirePaused(): void {
    if (this.job.busy) throw new Refusal('Something else is going on. Wait for it or cancel it; nothing was changed.')
    if (this.session?.running) throw new Refusal('The machine is running. Pause it first; nothing was changed.')
  }

  private requireLive(): Session {
    const session = this.requireSession()
    this.requirePaused()
    if (!session.isLive) throw new Refusal('This is a past event. Return to live first; nothing was changed.')
    return session
  }

  private get travelling(): Travelling {
    const paused = () => {
      this.requirePaused()
      return this.requireSession()
    }
    const show = (text: string) => {
      this.say(text)
      this.lastReason = 'goto'
      this.sendView(true)
    }
    return { job: () => this.job, paused, show }
  }

  private requireVcpu(vcpu: number): void {
    const { length } = this.requireSession().core.vcpus
    const there = length === 1 ? 'vCPU 0 alone' : `vCPUs 0 to ${length - 1}`
    if (!Number.isInteger(vcpu) || vcpu < 0 || vcpu >= length)
      throw new Refusal(`There is no vCPU ${vcpu}: the machine has ${there}. Nothing was changed.`)
  }

  private saveSession({ layout = null }: Commands['saveSession']['arguments']): Commands['saveSession']['body'] {
    const session = this.requireSession()
    const origin = this.origin!
    const { policy, interrupts } = this
    return {
      name: origin.name,
      text: savedText({ origin, session, policy, interrupts, sources: [...this.sources.given.values()], layout }),
    }
  }

  /** On a machine of its own, which takes the place of the present one when all is done. */
  private async openSession({ text }: Commands['openSession']['arguments']): Promise<OpenedSession> {
    this.requirePaused()
    const saved = readSaved(text)
    const { origin, deeds } = saved
    const machine = new Pseries(saved.image)
    const first = deeds[0]?.policy ?? saved.policy
    const session = new Session(machine, first.id, first, saved.locking, saved.quantum)
    session.eventsKept = this.eventsKept
    const boundaries = deeds.reduce((n, d) => n + Math.max(1, d.boundaries), 0)
    await this.job.run('Opening the session', boundaries, doAgain(session, deeds))
    const { hypervisor } = session
    if (!hypervisor.state.step) hypervisor.setPolicy(saved.policy)
    hypervisor.holdInterrupts = saved.interrupts === 'hold'
    session.vcpuShown = saved.vcpu
    if (saved.shown !== null && saved.shown <= session.events.length) session.seek(saved.shown)
    this.policy = hypervisor.policy
    this.locking = hypervisor.state.schedule.locking
    this.interrupts = saved.interrupts
    session.stops.set(saved.breakpoints)
    session.branches.put(saved.branches)
    this.lastReason = 'goto'
    const own = this.ownPolicies.keep(this.policy)
    const n = session.events.length
    const sentence = `${origin.name} opened as it was left: ${grouped(n)} event${n === 1 ? '' : 's'}.`
    this.replace(machine, session, origin, sentence, SourceFiles.again(machine.image, saved.sources))
    return {
      program: this.programView()!,
      source: origin.kind === 'source' ? { name: origin.name, text: origin.text } : null,
      image: origin.kind === 'source' ? null : { name: origin.name, bytes: origin.bytes },
      ownPolicy: own,
      layout: saved.layout,
    }
  }

  /** For the handlers in files of their own. */
  private readonly machineAccess: MachineAccess = {
    session: () => this.requireSession(),
    paused: () => this.travelling.paused(),
    requireVcpu: vcpu => this.requireVcpu(vcpu),
    symbolAt: address => this.symbolAt(address),
    changed: sentence => {
      if (sentence !== null) this.say(sentence)
      this.sendView()
    },
    work: (what, total, work) => {
      this.requirePaused()
      return this.job.run(what, total, work)
    },
  }

  private choosePolicy(policy: Policy): void {
    const { hypervisor } = this.requireLive()
    hypervisor.setPolicy(policy)
    this.policy = policy
    this.say(`Policy: ${policy.name}.`)
    this.sendView()
  }

  // ───────── running ─────────

  /** Boundaries that the present run may still make. */
  private get left(): number {
    return this.pauseAt === null ? Number.POSITIVE_INFINITY : Number(this.pauseAt - this.requireSession().now)
  }

  /** Begins an action; the answer comes when it ends. */
  private act(actor: Actor, doing: Parameters<Session['begin']>[0], { until, vcpu }: Until & { vcpu?: number } = {}): Promise<StepResult> {
    const session = this.requireLive()
    if (until !== undefined && until < session.now)
      throw new Refusal(`${grouped(until)} instructions are past: ${grouped(session.now)} were done since Reset. Nothing was changed.`)
    this.pauseAt = until ?? null
    session.begin(doing, actor, vcpu)
    const quick = this.left > 0 ? session.advance(Math.min(this.loop.quickly(doing.kind === 'run'), this.left)) : null
    if (quick) {
      this.ended(quick)
      return Promise.resolve(this.result(quick))
    }
    this.runningActor = actor
    if (this.left <= 0) {
      const answer = new Promise<StepResult>(resolve => this.waiting.push(resolve))
      this.pause()
      return answer
    }
    const lost = this.lostSentence()
    if (lost) this.say(`${lost} The guest runs.`, 'assertive')
    else this.say(doing.kind === 'step' ? 'The outside step has not reported yet; the guest runs.' : 'The guest runs.')
    this.post({ type: 'continued', actor })
    return new Promise(resolve => {
      this.waiting.push(resolve)
      this.sendView()
      this.loop.go()
    })
  }

  /** Why the outside step in flight will not report by itself. */
  private lostSentence(): string {
    const lost = this.session?.hypervisor.state.step?.lost
    return lost ? `The outside step is lost: ${lost}.` : ''
  }

  private result(stop: Stop): StepResult {
    return { reason: this.lastReason, text: stop.text || this.status.text }
  }

  private sliced(stop: Stop | null): void {
    if (stop) return this.ended(stop)
    if (this.left <= 0) return void this.pause()
    if (this.clock.now() - this.lastViewAt >= VIEW_EVERY) this.sendView()
  }

  private ended(stop: Stop, reason: StopReason = stop.reason): void {
    const session = this.session!
    const actor = this.runningActor ?? session.active
    this.runningActor = null
    this.pauseAt = null
    this.lastReason = reason
    const last = session.events.at(session.events.length)
    const tells = last && ('sentence' in last.what || actor === 'hypervisor')
    const said = stop.text || (tells ? `${sentenceOf(last)}.` : 'Paused.')
    this.say(sentence(said), reason === 'stuck' || reason === 'unsupported' ? 'assertive' : 'polite', actor)
    this.sendView()
    this.post({ type: 'stopped', reason, text: this.status.text })
    const waiting = this.waiting
    this.waiting = []
    for (const resolve of waiting) resolve(this.result(stop))
  }

  private pause(): Empty {
    const session = this.requireSession()
    if (!session.running) return NOTHING
    session.pause()
    const { state } = session.vcpu()
    const text =
      `Paused at 0x${state.get('NIP').toString(16)} after ${grouped(state.get('TIME'))} instructions. ${this.lostSentence()}`.trimEnd()
    this.ended({ reason: 'breakpoint', text }, 'pause')
    return NOTHING
  }

  private runTo(args: Commands['runTo']['arguments']): Promise<StepResult> {
    const goal = goalOf(this.requireLive(), args)
    return this.act('machine', goal ? { kind: 'run', until: goal } : { kind: 'boundary' }, args)
  }

  /** Input is an action of the recording; a run is parted at the boundary where it came, so that a replay gets it there again. */
  private typed(session: Session, text: string, port: PortName): void {
    if (!session.isLive) throw new Refusal('This is a past event. Return to live first; nothing was typed.')
    const actor = this.runningActor
    if (session.running) session.pause()
    const { did, waits } = typedInWords(text, port)
    session.edit({ kind: 'input', text, port }, did)
    if (actor) session.begin({ kind: 'run' }, actor)
    else this.machineAccess.changed(waits)
  }

  private inside(command: string, until: Until): Promise<StepResult> {
    if (!this.machine?.hasDebugger) throw new Refusal(INSIDE_OFF)
    return this.act('inside', { kind: 'inside', command }, until)
  }

  private readonly handlers: Handlers = {
    ...travelHandlers(this.travelling),
    loadSource: args => this.loadSource(args),
    loadImage: args => this.loadImage(args),
    attachSource: args => this.attachSource(args),
    source: ({ file }) => this.sources.view(file),
    assemble: ({ name, source }) => {
      const { diagnostics, instructions } = imageOfSource(name, source)
      return { diagnostics, instructions }
    },
    reset: () => {
      this.requirePaused()
      const session = this.requireSession()
      const turns = turnsAtFirst(session)
      session.reset()
      this.events.forget()
      // Like policy and locking, the turns with which the program begins are the user's choice.
      if (turns) giveTurns(session, turns, session.hypervisor.state.schedule.quantum)
      this.lastReason = 'entry'
      this.say('Reset: paused before the first instruction. The recording begins anew.')
      this.sendView(true)
      return NOTHING
    },
    continue: ({ actor, ...until }) => {
      void (actor === 'inside' ? this.inside('c', until) : this.act(actor, { kind: 'run' }, until))
      return NOTHING
    },
    pause: () => this.pause(),
    stepMachine: until => this.act('machine', { kind: 'boundary' }, until),
    stepOutside: until => this.act('outside', { kind: 'step' }, until),
    stepInside: until => this.inside('s', until),
    stepHypervisor: until => this.act('hypervisor', { kind: 'transition', walk: this.requireSession().walk }, until),
    stepBack: ({ actor }) => {
      const session = this.requireSession()
      this.requirePaused()
      session.back(actor)
      this.say(
        `Took back ${actor === 'machine' ? 'the machine' : actor}'s last step. ${session.events.length} events are left.`,
        'polite',
        actor,
      )
      this.lastReason = 'goto'
      this.sendView(true)
      return { reason: 'goto', text: this.status.text }
    },
    setPolicy: ({ policy }) => {
      this.choosePolicy(this.ownPolicies.named(policy))
      return NOTHING
    },
    ownPolicy: ({ json, choose }) => {
      const { policy, problems } = readPolicy(json)
      if (!policy) return { policy: null, problems: [...problems] }
      if (choose) this.choosePolicy(policy)
      if (this.ownPolicies.keep(policy)) this.sendView()
      return { policy: policy.id, problems: [] }
    },
    forgetPolicy: ({ policy }) => {
      this.machineAccess.changed(`${this.ownPolicies.forget(policy, this.policy.id).name} is no longer among the policies.`)
      return NOTHING
    },
    policyTable: () => policyTable(this.ownPolicies.all),
    tryPolicy: ({ json }) => tryPolicy(json),
    setHypervisorWalk: ({ walk }) => {
      const session = this.requireSession()
      session.walk = walk
      this.say(walk === 'loop' ? 'Hypervisor: Step walks the run loop.' : 'Hypervisor: Step walks the phases of an outside step.')
      this.sendView()
      return NOTHING
    },
    selectVcpu: ({ vcpu }) => {
      const session = this.requireSession()
      this.requirePaused()
      this.requireVcpu(vcpu)
      session.vcpuShown = vcpu
      this.machineAccess.changed(`vCPU ${vcpu}: State, Disassembly and the steppers act on it.`)
      return NOTHING
    },
    setSchedulerLocking: ({ value }) => {
      if (this.session)
        this.requireLive().edit({ kind: 'schedule', change: { locking: value } }, `scheduler-locking set to ${value} by you`)
      this.locking = value
      this.say(`Scheduler-locking: ${value}.`)
      this.sendView()
      return NOTHING
    },
    setSchedule: ({ script, quantum }) => {
      this.machineAccess.changed(sentence(giveTurns(this.requireLive(), script, quantum)))
      return NOTHING
    },
    setInterrupts: ({ setting }) => {
      if (!settings.includes(setting)) throw new Refusal(`Interrupts can be ${settings.join(' or ')}, not ${setting}. Nothing was changed.`)
      if (this.session) {
        const { hypervisor } = this.requireLive()
        if (hypervisor.state.step)
          throw new Refusal('An outside step is in flight: the setting stays. Finish the step or take it back first.')
        hypervisor.holdInterrupts = setting === 'hold'
      }
      this.interrupts = setting
      this.say(setting === 'hold' ? 'Interrupts wait while stepping.' : 'Interrupts come while stepping, as in a free run.')
      this.sendView()
      return NOTHING
    },
    goToLeak: async () => {
      const said = () => this.machine!.devices.consoleOutput
      const text = await comeToLeak({ session: this.requireLive(), origin: this.origin!, said, work: this.machineAccess.work })
      this.ended({ reason: 'step', text })
      return this.result({ reason: 'step', text })
    },
    runVcpu: ({ vcpu, boundaries }) => {
      this.requireVcpu(vcpu)
      refuseTurn(this.requireSession(), vcpu, boundaries)
      return this.act('machine', { kind: 'preempt', boundaries }, { vcpu })
    },
    setSpeed: ({ speed }) => {
      this.loop.speed = speed
      this.sendView()
      return NOTHING
    },
    setEventsKept: ({ events }) => {
      if (!Number.isInteger(events) || events < LEAST_KEPT)
        throw new Refusal(`At least ${grouped(LEAST_KEPT)} events are kept, not ${events}. Nothing was changed.`)
      this.eventsKept = events
      if (this.session) this.session.eventsKept = events
      this.say(`At least ${grouped(events)} events are kept.`)
      this.sendView()
      return NOTHING
    },
    runTo: args => this.runTo(args),
    ...breakpointHandlers(this.machineAccess),
    ...registerHandlers(this.machineAccess),
    ...memoryHandlers(this.machineAccess),
    disassemble: ({ address, count }) => ({
      rows: disassemblyRows(this.requireSession(), address, Math.min(count, 4096), this.programView(), this.symbolAt, this.sources),
    }),
    exceptionInfo: ({ event }) => exceptionOf(this.requireSession(), event),
    saveSession: args => this.saveSession(args),
    openSession: args => this.openSession(args),
    cancel: () => {
      void this.job.cancel()
      return NOTHING
    },
    consoleInput: ({ text, port }) => {
      this.typed(this.requireSession(), text, port)
      return NOTHING
    },
  }

  // ───────── views ─────────

  private say(text: string, politeness: 'polite' | 'assertive' = 'polite', actor: Actor | null = null): void {
    this.status = { text, politeness, actor }
  }

  private readonly symbolAt = (address: bigint): string | null => this.machine?.symbolAt(address) ?? null

  private programView(): ProgramView | null {
    return this.machine && programView(this.machine.image, this.sources.files())
  }

  private view(session: Session): Omit<MachineView, 'program'> {
    const { generation, runningActor, lastReason, locking, interrupts, status, symbolAt } = this
    const { speed } = this.loop
    const shown = { generation, runningActor, lastReason, speed, locking, interrupts, status }
    return machineView(session, this.machine!, shown, { symbolAt, sources: this.sources, own: this.ownPolicies.all })
  }

  /** `rewound`: what the guest wrote since may be gone. */
  private sendView(rewound = false): void {
    const session = this.session
    if (!session) return
    this.lastViewAt = this.clock.now()
    const anew = this.sentGeneration !== this.generation
    this.sentGeneration = this.generation
    const program = anew || this.programChanged
    this.programChanged = false
    const events = this.events.update(session.events, anew)
    this.post({ type: 'view', view: this.view(session), events, ...(program ? { program: this.programView() } : {}) })
    this.sendOutput(anew || rewound)
  }

  private sendOutput(anew: boolean): void {
    const { devices } = this.machine!
    for (const message of [this.output.console.update(devices.consoleOutput, anew), this.output.debug.update(devices.debugOutput, anew)])
      if (message) this.post(message)
  }
}
