/**
 * Where a run ends: the user's breakpoints, and the goal of the run. The guest never sees them: software ones are stops of the core, watched
 * pages keep out of the translation caches, the others listen. They end runs; an outside step in flight meets software ones alone.
 */
import type { Core } from '../core/core.ts'
import type { CoreEvent, InstructionCompleted, InterruptTaken } from '../core/events.ts'
import type { Access } from '../core/mmu.ts'
import type { HypervisorEvent, Stop } from '../hypervisor/events.ts'
import { interrupts } from '../isa/interrupts.ts'
import type { EffectiveAddress, InstructionCount, VcpuId } from '../isa/units.ts'
import type { Driving } from './action.ts'
import { atAddress, type BreakpointSpec, type Goal, identity, onAccess, softwareAt } from './breakpoint.ts'
import { type Expression, parseExpression, parseLog, type Scope } from './expression.ts'
import { readRegister } from './registers.ts'
import { problemOf, siteOf } from './stop-check.ts'

export interface LogLine {
  readonly instructions: InstructionCount
  readonly vcpu: VcpuId
  readonly text: string
}

interface Armed {
  readonly spec: BreakpointSpec
  readonly id: string
  readonly condition: Expression | null
  readonly log: ((s: Scope) => string) | null
  /** Of a register's: its value. */
  readonly value: Expression | null
}

/** What a watched access was, until the boundary that it belongs to is over. */
interface Touch {
  readonly armed: Armed
  readonly vcpu: VcpuId
  readonly sentence: string
}

/** Lines of the log that are kept. */
const LOG_LINES = 1_000
const hex = (v: bigint): string => `0x${v.toString(16)}`
const calls = new Set(['b', 'bc', 'bclr', 'bcctr'])
const interruptReturns = new Set(['rfid', 'hrfid', 'rfscv'])

export class Stops {
  /** Hits by identity, since the recording began; another map with each hit, so that it can be kept. */
  hits: ReadonlyMap<string, number> = new Map()
  log: LogLine[] = []
  private armed: readonly Armed[] = []
  private goal: Goal | null = null
  /** A run is being driven, so what is heard may end it. */
  active = false
  /** What is driven has happened before: hits are not counted, and log points rest. */
  private rehearsing = false
  private met: string | null = null
  private reachedGoal: string | null = null
  private touches: Touch[] = []
  private depth = 0
  private readonly lasts = new Map<string, bigint>()

  constructor(
    private readonly core: Core,
    private readonly now: () => InstructionCount,
    /** The vCPU that ran last. */
    private readonly clock: () => VcpuId,
    private readonly symbol: (name: string) => EffectiveAddress | null,
  ) {}

  // ───────── the list ─────────

  get specs(): readonly BreakpointSpec[] {
    return this.armed.map(a => a.spec)
  }

  /** Where it stops before an instruction. */
  get addresses(): EffectiveAddress[] {
    return this.enabled(atAddress).map(a => a.spec.address)
  }

  /** Replaces all. Throws an Error with a sentence where one cannot be, and changes nothing. */
  set(specs: readonly BreakpointSpec[]): void {
    const known = (name: string) => this.symbol(name) !== null
    const seen = new Set<string>()
    const armed = specs.map((spec): Armed => {
      const problem = problemOf(spec, specs, this.core)
      if (problem) throw new Error(problem)
      const id = identity(spec)
      if (seen.has(id)) throw new Error(`There is already a breakpoint ${siteOf(spec)}. Nothing was changed: edit the one there is.`)
      seen.add(id)
      const read = (what: string, text: string, parse: () => unknown): void => {
        try {
          parse()
        } catch (e) {
          throw new Error(`${what} "${text}": ${(e as Error).message}. Nothing was changed.`)
        }
      }
      const { condition, log, register } = spec
      if (condition) read('Condition', condition, () => parseExpression(condition, known))
      if (log) read('Log text', log, () => parseLog(log, known))
      if (spec.kind === 'register') read('Register', register, () => parseExpression(register, null))
      return {
        spec,
        id,
        condition: condition ? parseExpression(condition, known) : null,
        log: log === null ? null : parseLog(log, known),
        value: spec.kind === 'register' ? parseExpression(register, null) : null,
      }
    })
    this.armed = armed
    this.hits = new Map([...this.hits].filter(([id]) => seen.has(id)))
    this.apply()
    this.watch()
  }

  /** Has the core tell of accesses. */
  watch(): void {
    const watched = this.enabled(onAccess)
    this.core.setWatch(
      watched.length
        ? {
            page: ea => watched.some(({ spec: s }) => (s.address & ~0xfffn) <= ea && ea <= ((s.address + BigInt(s.length) - 1n) | 0xfffn)),
            touches: (_vcpu, ea, size) => watched.some(({ spec }) => overlaps(spec, ea, size)),
            touched: (vcpu, ea, size, access) => this.touched(watched, vcpu, ea, size, access),
          }
        : null,
    )
  }

  setSoftware(addresses: Iterable<EffectiveAddress>): void {
    this.set([...new Set(addresses)].map(a => softwareAt(a)))
  }

  private enabled(kinds: ReadonlySet<string>): readonly Armed[] {
    return this.armed.filter(a => a.spec.enabled && kinds.has(a.spec.kind))
  }

  /** Gives the core the addresses at which it stops. */
  apply(): void {
    this.core.stops.clear()
    for (const { spec } of this.enabled(atAddress)) this.core.stops.add(spec.address)
    if (this.goal?.kind === 'address') this.core.stops.add(this.goal.address)
    this.core.flushCode()
  }

  /** Going back takes what was logged since, and the hits: they are again what they were there. */
  forgetAfter(time: InstructionCount, hits: ReadonlyMap<string, number>): void {
    this.log = this.log.filter(l => l.instructions <= time)
    this.hits = new Map(this.armed.flatMap(({ id }) => (hits.has(id) ? [[id, hits.get(id)!] as const] : [])))
  }

  // ───────── a run ─────────

  begin(goal: Goal | null): void {
    const addressed = this.goal?.kind === 'address' || goal?.kind === 'address'
    this.goal = goal
    this.depth = 0
    this.met = null
    this.reachedGoal = null
    this.touches = []
    this.lasts.clear()
    for (const a of this.enabled(new Set(['register'])))
      for (const { id } of this.core.vcpus) this.lasts.set(`${a.id} ${id}`, a.value!(this.scope(id)))
    if (addressed) this.apply()
  }

  end(): void {
    if (this.goal) this.begin(null)
  }

  /** Drives a run with everything that may end it. */
  during<T>(drive: () => T): T {
    const exactly = (this.goal !== null && this.goal.kind !== 'address') || this.enabled(new Set(['register'])).length > 0
    this.active = true
    for (const v of this.core.vcpus) v.listenToInstructions = exactly
    try {
      return drive()
    } finally {
      this.active = false
      for (const v of this.core.vcpus) v.listenToInstructions = false
      this.core.asked = false
    }
  }

  /** Drives what has happened before; answers the breakpoint that is met there, in words. */
  again(drive: () => Driving): { driving: Driving; met: string | null } {
    this.rehearsing = true
    try {
      return this.during(() => {
        const driving = drive()
        const stop = driving.stop?.reason === 'breakpoint' ? driving.stop : null
        for (const t of this.touches) this.meet(t.armed, t.vcpu, t.sentence)
        this.touches = []
        const heard = this.met
        this.met = null
        return { driving, met: heard ?? (stop && !this.core.asked ? this.metAt(this.clock()) : null) }
      })
    } finally {
      this.rehearsing = false
    }
  }

  /** The breakpoint before the vCPU's next instruction, in words. */
  standingAt(vcpu: VcpuId): string | null {
    this.rehearsing = true
    const met = this.metAt(vcpu)
    this.rehearsing = false
    return met
  }

  /** The stop as the user gets it; null where the run goes on after all. `clock` is the vCPU that ran last. */
  judge(stop: Stop, clock: VcpuId): Stop | null {
    if (stop.reason !== 'breakpoint') return stop
    const asked = this.core.asked
    this.core.asked = false
    const touches = this.touches
    this.touches = []
    for (const t of touches) this.meet(t.armed, t.vcpu, t.sentence)
    const [met, reached] = [this.met, this.reachedGoal]
    this.met = null
    this.reachedGoal = null
    if (met) return { reason: 'breakpoint', text: met }
    if (reached) return { reason: 'step', text: reached }
    return asked ? null : this.judgeAddress(stop, clock)
  }

  private judgeAddress(stop: Stop, clock: VcpuId): Stop | null {
    const { state } = this.core.vcpus[clock]!
    const nip = state.get('NIP')
    const goal = this.goal?.kind === 'address' && this.goal.address === nip ? this.goal : null
    if (!this.core.stops.has(nip)) return stop
    const met = this.metAt(clock)
    if (met) return { reason: 'breakpoint', text: met }
    if (goal && (goal.vcpu === null || goal.vcpu === clock) && (goal.stack === null || readRegister(state, 'r1')! >= goal.stack))
      return { reason: 'step', text: `vCPU ${clock} came to ${hex(nip)}` }
    return null
  }

  private metAt(vcpu: VcpuId): string | null {
    const { state } = this.core.vcpus[vcpu]!
    const nip = state.get('NIP')
    for (const a of this.enabled(atAddress)) {
      if (a.spec.address !== nip) continue
      if (a.spec.kind === 'CIABR' && this.core.vcpus.some(v => v.ciabrAddress() !== null)) continue
      if (privilegeFits(a.spec, state.msr('PR'))) this.meet(a, vcpu, `${siteOf(a.spec)} of vCPU ${vcpu}`)
    }
    const { met } = this
    this.met = null
    return met
  }

  /** Counts the hit where its condition holds; logs, or has the run end. */
  private meet(a: Armed, vcpu: VcpuId, sentence: string): void {
    if (a.spec.vcpu !== null && a.spec.vcpu !== vcpu) return
    if (this.rehearsing && a.log) return
    const scope = this.scope(vcpu)
    let note = ''
    if (a.condition) {
      try {
        if (a.condition(scope) === 0n) return
      } catch (e) {
        // A condition that cannot be told is shown rather than passed over.
        note = `; its condition could not be told: ${(e as Error).message}`
      }
    }
    if (this.rehearsing) {
      this.met = `Breakpoint ${sentence}${note}`
      return
    }
    const hits = (this.hits.get(a.id) ?? 0) + 1
    this.hits = new Map(this.hits).set(a.id, hits)
    if (hits <= a.spec.ignore) return
    if (a.log) {
      this.log.push({ instructions: this.now(), vcpu, text: a.log(scope) })
      if (this.log.length > LOG_LINES) this.log.splice(0, this.log.length - LOG_LINES)
      return
    }
    this.met ??= `Breakpoint ${sentence}, hit ${hits}${note}`
  }

  // ───────── what is heard ─────────

  private touched(watched: readonly Armed[], vcpu: VcpuId, ea: EffectiveAddress, size: number, access: Access): void {
    if (!this.active || access === 'fetch') return
    const nip = this.core.vcpus[vcpu]!.state.get('NIP')
    for (const a of watched) {
      const wanted = a.spec.access === 'access' || a.spec.access === (access === 'store' ? 'write' : 'read')
      if (!wanted || !overlaps(a.spec, ea, size) || this.touches.some(t => t.armed === a)) continue
      if (a.spec.kind === 'DAWR' && this.core.vcpus.some(v => v.state.get('DAWRX0') !== 0n)) continue
      const did = access === 'store' ? 'wrote' : 'read'
      this.touches.push({
        armed: a,
        vcpu,
        sentence: `${siteOf(a.spec)}: vCPU ${vcpu} ${did} ${size} byte${size === 1 ? '' : 's'} at ${hex(ea)} by the instruction at ${hex(nip)}`,
      })
      this.core.asked = true
    }
  }

  /** Hears all that happens, before it is recorded. */
  heard(what: CoreEvent | HypervisorEvent): void {
    if (!this.active) return
    if (what.kind === 'interrupt') this.interrupted(what)
    else if (what.kind === 'phase') this.crossed(what)
    else if (what.kind === 'instruction') this.completed(what)
    if (what.kind === 'interrupt' || what.kind === 'instruction') this.changes(what.vcpu)
    if (this.met || this.reachedGoal) this.core.asked = true
  }

  private interrupted(what: InterruptTaken): void {
    if (what.exits && what.id === 'systemCall') return this.hypercall(what.vcpu)
    if (!what.exits && this.goal && this.goal.kind === 'interrupt return' && this.goal.vcpu === what.vcpu) this.depth++
    const { vector, name } = interrupts[what.id]
    const where = what.exits ? ', which the hypervisor handles next' : ''
    for (const a of this.enabled(new Set(['vector'])))
      if ((a.spec.number === null || a.spec.number === vector) && privilegeFits(a.spec, (what.from.msr & 0x4000n) !== 0n))
        this.meet(a, what.vcpu, `${siteOf(a.spec)}: vCPU ${what.vcpu} took ${name} at ${hex(what.from.nip)}${where}`)
  }

  private hypercall(vcpu: VcpuId): void {
    const number = readRegister(this.core.vcpus[vcpu]!.state, 'r3')!
    for (const a of this.enabled(new Set(['hypercall'])))
      if (a.spec.number === null || BigInt(a.spec.number) === number)
        this.meet(a, vcpu, `${siteOf(a.spec)}: vCPU ${vcpu} made hypercall ${hex(number)}, which has been handled`)
  }

  private crossed(what: HypervisorEvent): void {
    if (!what.crossing) return
    for (const a of this.enabled(new Set([what.crossing]))) this.meet(a, what.vcpu, `${siteOf(a.spec)}: ${what.sentence}`)
  }

  /** Counts how deep the run is below where the goal began. */
  private completed(what: InstructionCompleted): void {
    const { goal } = this
    if (!goal || goal.kind === 'address' || goal.vcpu !== what.vcpu) return
    const { base } = what.instruction
    const nip = this.core.vcpus[what.vcpu]!.state.get('NIP')
    if (goal.kind === 'interrupt return') {
      if (!interruptReturns.has(base)) return
      if (this.depth-- === 0) this.reachedGoal = `vCPU ${what.vcpu} returned from the interrupt to ${hex(nip)}`
      return
    }
    // Not taken, or the idiom that reads the address of the next instruction.
    if (!calls.has(base) || nip === what.address + 4n) return
    if ((what.word & 1) === 1) this.depth++
    else if (base === 'bclr' && this.depth-- === 0) this.reachedGoal = `vCPU ${what.vcpu} returned to ${hex(nip)}`
  }

  private changes(vcpu: VcpuId): void {
    for (const a of this.enabled(new Set(['register']))) {
      const key = `${a.id} ${vcpu}`
      const [before, value] = [this.lasts.get(key)!, a.value!(this.scope(vcpu))]
      if (value === before) continue
      this.lasts.set(key, value)
      this.meet(a, vcpu, `${siteOf(a.spec)}: ${hex(before)} became ${hex(value)} on vCPU ${vcpu}`)
    }
  }

  private scope(id: VcpuId): Scope {
    const v = this.core.vcpus[id]!
    return {
      vcpu: id,
      register: name => readRegister(v.state, name) ?? 0n,
      symbol: this.symbol,
      read: (address, size) => {
        let value = 0n
        for (let n = 0; n < size; n++) {
          const found = v.translate(BigInt.asUintN(64, address + BigInt(n)), 'load', true)
          if ('interrupt' in found) return null
          const byte = BigInt(this.core.ram[Number(found.guestReal)] ?? 0)
          value = v.state.msr('LE') ? value | (byte << BigInt(8 * n)) : (value << 8n) | byte
        }
        return value
      },
    }
  }
}

const overlaps = (s: BreakpointSpec, ea: EffectiveAddress, size: number): boolean =>
  ea < s.address + BigInt(s.length) && ea + BigInt(size) > s.address
const privilegeFits = (s: BreakpointSpec, problemState: boolean): boolean =>
  s.privilege === 'any' || (s.privilege === 'problem') === problemState
