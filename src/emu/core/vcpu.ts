/** One virtual processor: runs boundary by boundary or in slices, takes interrupts, decides Trace. */
import { CIABR, DAWRX, facilityCause, getField, MSR } from '../isa/bitfields.ts'
import { facilities, facilityOf } from '../isa/facility.ts'
import type { Instruction } from '../isa/instruction.ts'
import { decode } from '../isa/instructions.ts'
import { type InterruptId, interruptIds } from '../isa/interrupts.ts'
import type { EffectName } from '../isa/semantics.ts'
import type { EffectiveAddress, InstructionWord, RealAddress, VcpuId } from '../isa/units.ts'
import type { Complex, Processor } from './complex.ts'
import type { CoreEvent, ExitReason, InterruptTaken, Outcome } from './events.ts'
import { exits } from './interpreter.ts'
import { enterInterrupt } from './interrupt-entry.ts'
import { type Access, type Fault, type Mapping, translate, type WalkListener } from './mmu.ts'
import {
  alertPending,
  type CounterName,
  count,
  countingNow,
  eventBasedBranchDue,
  eventBasedBranchTarget,
  monitorRests,
  takeEventBasedBranch,
  untilAlert,
} from './monitor.ts'
import { FetchOverlay } from './overlay.ts'
import { executeReference, operandAddress, type Performer, Raised } from './reference.ts'
import { indexOf, State } from './state.ts'
import { Faulted, type Storage } from './storage.ts'

/** V8 swaps in optimised code only when a function is entered anew. */
const SLICE = 100_000
/** Interrupts in a row without a completed instruction: the vectors themselves cannot be fetched. */
const STUCK_AFTER = 3

const TRACE = { trace: 0x40000000n, load: 0x10000000n, store: 0x08000000n, ciabr: 0x00100000n } as const

/** Thrown by effects that leave the guest. */
class Leave {
  constructor(readonly reason: ExitReason) {}
}

/** Pending asynchronous interrupts that are edges, by bit of PENDING. */
export const pendingBits = { external: 1n } as const
/** Message type of a directed privileged doorbell. */
const DOORBELL = 5n

const at = {
  MSR: indexOf('MSR'),
  TIME: indexOf('TIME'),
  TIME_END: indexOf('TIME_END'),
  LITTLE: indexOf('LITTLE'),
  TLB_LOAD: indexOf('TLB_LOAD'),
  TLB_STORE: indexOf('TLB_STORE'),
  TLB_FETCH: indexOf('TLB_FETCH'),
} as const
const bits = { PR: Number(MSR.mask.PR), IR: Number(MSR.mask.IR), DR: Number(MSR.mask.DR), LE: Number(MSR.mask.LE) } as const

export class Vcpu implements Processor {
  readonly state: State
  /** Change through `plant` and `unplant`. */
  readonly overlay = new FetchOverlay()
  /** Of the last access that generated code could not make. */
  fault: Fault | null = null
  /** Asynchronous interrupts wait: a debugger's setting while it steps. */
  hold = false
  /** Gets interrupts, and completed instructions while `listenToInstructions`. */
  listener: ((e: CoreEvent) => void) | null = null
  listenToInstructions = false

  private performer!: Performer
  private entered = 0
  /** COMPLETED where a run ended by its limit: a stop at NIP has not been met there. */
  private endedAt = -1n

  constructor(
    private readonly core: Complex,
    readonly id: VcpuId,
    buffer: ArrayBuffer,
  ) {
    this.state = new State(buffer, core.layout.state(id))
  }

  attach(storage: Storage): void {
    this.performer = {
      load: (ea, size, reversed) => storage.load(ea, size, reversed),
      store: (ea, size, value, reversed) => storage.store(ea, size, value, reversed),
      loadReserve: (ea, size) => storage.loadReserve(ea, size),
      storeConditional: (ea, size, value) => storage.storeConditional(ea, size, value),
      probeStore: (ea, bytes) => storage.probeStore(ea, bytes),
      fault: (interrupt, address, status) => {
        throw new Faulted({ interrupt, address, status })
      },
      effect: (name, args) => this.perform(name, args),
    }
  }

  private perform(name: EffectName, args: readonly bigint[]): void {
    switch (name) {
      case 'attn':
        throw new Leave({ kind: 'attn' })
      case 'tlbie':
      case 'tlbiel':
      case 'translation changed':
        this.core.flushAllTranslations()
        return
      case 'msgsndp':
      case 'msgclrp':
        this.doorbell(args[0]!, name === 'msgsndp')
        return
      case 'synchronize':
      case 'any special-purpose register':
        return
    }
  }

  // ───────── contexts ─────────

  private get privilege(): number {
    return (this.state.msr('PR') ? 2 : 0) | (this.state.msr('HV') ? 4 : 0)
  }

  get loadTlb(): number {
    return this.core.layout.tlbLoad(this.id, (this.state.msr('DR') ? 1 : 0) | this.privilege)
  }

  get storeTlb(): number {
    return this.core.layout.tlbStore(this.id, (this.state.msr('DR') ? 1 : 0) | this.privilege)
  }

  get fetchTlb(): number {
    const context = (this.state.msr('IR') ? 1 : 0) | this.privilege | (this.state.msr('LE') ? 8 : 0)
    return this.core.layout.tlbFetch(this.id, context)
  }

  /** With `peek` nothing changes; a listener hears of each entry that the walk reads. */
  translate(ea: EffectiveAddress, access: Access, peek = false, listener?: WalkListener): Mapping | Fault {
    return translate(this.state, this.core.partition, this.core, ea, access, peek, listener)
  }

  // ───────── breakpoints of the architecture ─────────

  /** Address that CIABR watches in the present privilege; null when it is off. */
  ciabrAddress(): EffectiveAddress | null {
    const ciabr = this.state.get('CIABR')
    return getField(CIABR, 'PRIV', ciabr) === 0n ? null : ciabr & ~3n
  }

  private ciabrMatches(address: EffectiveAddress, msr: bigint): boolean {
    if (this.ciabrAddress() !== address) return false
    const privilege = msr & MSR.mask.PR ? 1n : msr & MSR.mask.HV ? 3n : 2n
    return getField(CIABR, 'PRIV', this.state.get('CIABR')) === privilege
  }

  private dawr(): { from: bigint; to: bigint } | null {
    const x = this.state.get('DAWRX0')
    if ((x & (DAWRX.mask.DR | DAWRX.mask.DW)) === 0n) return null
    const from = this.state.get('DAWR0') & ~7n
    return { from, to: from + 8n * (getField(DAWRX, 'MRD', x) + 1n) }
  }

  /** The page holds a watched byte: accesses go the exact way. */
  watches(ea: EffectiveAddress, real: RealAddress): boolean {
    if (this.core.watch?.page(ea, real)) return true
    const range = this.dawr()
    return range !== null && (ea & ~0xfffn) < range.to && (ea | 0xfffn) >= range.from
  }

  dawrMatches(ea: EffectiveAddress, size: number, access: Access): boolean {
    const range = this.dawr()
    if (!range || ea >= range.to || ea + BigInt(size) <= range.from) return false
    const x = this.state.get('DAWRX0')
    const is = (bit: keyof typeof DAWRX.mask) => (x & DAWRX.mask[bit]) !== 0n
    const privilege = this.state.msr('PR') ? 'PRO' : this.state.msr('HV') ? 'HYP' : 'PNH'
    return is(access === 'store' ? 'DW' : 'DR') && is(privilege) && (is('WTI') || is('WT') === this.state.msr('DR'))
  }

  reservedReal(): RealAddress | null {
    const r = this.state.get('RESERVE')
    return r === 0n ? null : Number(r - 1n)
  }

  // ───────── the fetch overlay ─────────

  plant(real: RealAddress, word: InstructionWord): void {
    if (!this.overlay.veiled(real)) this.core.flushTranslations(this)
    this.overlay.set(real, word)
    this.core.overlayChanged(this, real)
  }

  /** Directed privileged doorbells: message type 5, to the thread of the core by its number. Book III, 11.2. */
  private doorbell(message: bigint, sent: boolean): void {
    if (((message >> 27n) & 31n) !== DOORBELL) return
    const thread = sent ? message & 0x7fn : this.state.get('TIR')
    if (this.core.vcpus.some(v => v.state.get('TIR') === thread)) this.setDoorbell(thread, sent)
  }

  /** DPDES is one register of the core, with a bit for each thread: here all vCPUs are the threads of one core. */
  private setDoorbell(thread: bigint, pending: boolean): void {
    for (const { state } of this.core.vcpus) {
      const others = state.get('DPDES') & ~(1n << thread)
      state.set('DPDES', pending ? others | (1n << thread) : others)
    }
  }

  unplant(real: RealAddress): void {
    if (this.overlay.delete(real)) this.core.overlayChanged(this, real)
  }

  /** CIABR or DAWR were written by TypeScript. */
  breakpointsChanged(): void {
    this.core.flushCode()
    this.core.flushTranslations(this)
  }

  /** The line of a device: the External interrupt is due as long as it is raised. */
  get externalLine(): boolean {
    return (this.state.get('PENDING') & pendingBits.external) !== 0n
  }

  set externalLine(raised: boolean) {
    const others = this.state.get('PENDING') & ~pendingBits.external
    this.state.set('PENDING', raised ? others | pendingBits.external : others)
  }

  // ───────── running ─────────

  /** The word at NIP as it would be fetched, or the fault. `peek` leaves the page tables as they are. */
  wordAt(ea: EffectiveAddress, peek = true): InstructionWord | Fault {
    const found = this.translate(ea, 'fetch', peek)
    return 'interrupt' in found ? found : this.core.fetchedWord(this, Number(found.guestReal))
  }

  /** One boundary: a completed instruction or an interrupt. An exit to the hypervisor takes no boundary, but for a hypercall. */
  step(): Outcome {
    return this.advance(1, true).outcome
  }

  /** A stop at NIP is passed over by the next run, wherever the last one ended. */
  passStop(): void {
    this.endedAt = -1n
  }

  /** A stop at NIP is met by the next run at once. */
  meetStop(): void {
    this.endedAt = this.state.get('COMPLETED')
  }

  /** At most `limit` boundaries. A stop at NIP itself is passed over, so that a run can go on from a breakpoint, unless a run just came there. */
  run(limit: number): { boundaries: number; outcome: Outcome } {
    return this.advance(limit, false)
  }

  private advance(limit: number, stepping: boolean): { boundaries: number; outcome: Outcome } {
    let boundaries = 0
    let outcome: Outcome = { kind: 'completed' }
    let passStop = this.state.get('COMPLETED') !== this.endedAt
    while (boundaries < limit) {
      const before = this.state.get('TIME')
      outcome = this.segment(Math.min(limit - boundaries, SLICE), passStop, stepping)
      const done = Number(this.state.get('TIME') - before)
      boundaries += done
      if (done > 0) passStop = false
      if (outcome.kind !== 'completed' && outcome.kind !== 'interrupt') break
      if (this.core.asked) break
    }
    this.endedAt = !stepping && boundaries > 0 && outcome.kind !== 'breakpoint' ? this.state.get('COMPLETED') : -1n
    return { boundaries, outcome }
  }

  private tick(boundaries: number): void {
    this.state.set('TIME', this.state.get('TIME') + BigInt(boundaries))
    this.state.set('COMPLETED', this.state.get('COMPLETED') + BigInt(boundaries))
    // Book I, 1.10.3: in 32-bit mode addresses have 32 bits, also the next one after an mtmsrd that turned it on.
    if (!this.state.msr('SF')) this.state.set('NIP', this.state.get('NIP') & 0xffffffffn)
  }

  /** A stretch that needs no decision in between: a due interrupt, one traced instruction, or a slice of generated code. */
  private segment(budget: number, passStop: boolean, stepping: boolean): Outcome {
    const { state } = this
    if (state.get('TRACE_DUE') !== 0n) return this.take('trace', this.traceCause(), state.get('TRACE_SIAR'))
    const due = this.hold ? null : this.dueInterrupt()
    if (due) {
      if (due === 'privilegedDoorbell') this.setDoorbell(state.get('TIR'), false)
      return this.take(due, { bits: 0n }, null)
    }
    if (!this.hold && eventBasedBranchDue(state)) return this.branchOnEvent()
    const traced = state.msr('SE') || state.msr('BE')
    if (stepping || traced || this.listenToInstructions) return this.single(passStop)
    const left = this.boundariesToDecrementer()
    return this.slice(left === null ? budget : Math.min(budget, left), passStop)
  }

  private traceCause() {
    const { state } = this
    state.set('TRACE_DUE', 0n)
    const writes = { SIAR: state.get('TRACE_SIAR'), SDAR: state.get('TRACE_SDAR') }
    return { bits: state.get('TRACE_CAUSE'), writes }
  }

  /** The asynchronous interrupt that would be taken now, by priority. Book III, 6.8. */
  private dueInterrupt(): InterruptId | null {
    const { state } = this
    if (!state.msr('EE')) return null
    if (this.externalLine) return 'external'
    if (state.get('DEC_BASE') !== NEVER && BigInt.asIntN(64, state.get('DEC_BASE') - state.get('TIME')) < 0n) return 'decrementer'
    if ((state.get('DPDES') >> state.get('TIR')) & 1n) return 'privilegedDoorbell'
    return alertPending(state) ? 'performanceMonitor' : null
  }

  /** An asynchronous interrupt or an event-based branch would be taken before the next instruction. */
  asynchronousDue(): boolean {
    return this.dueInterrupt() !== null || this.eventBasedBranchDue()
  }

  eventBasedBranchDue(): boolean {
    return eventBasedBranchDue(this.state)
  }

  /** Where an event-based branch would go. */
  eventBasedBranchTarget(): EffectiveAddress {
    return eventBasedBranchTarget(this.state)
  }

  private branchOnEvent(): Outcome {
    const { state } = this
    const from = state.get('NIP')
    takeEventBasedBranch(state)
    this.tick(1)
    this.listener?.({ kind: 'eventBasedBranch', vcpu: this.id, from, to: state.get('NIP') })
    return { kind: 'completed' }
  }

  /** Instructions completed, with the counters that counted while they ran. */
  private complete(instructions: number, counting: readonly CounterName[] | null): void {
    this.tick(instructions)
    if (counting && instructions > 0) count(this.state, counting, instructions)
  }

  /** The counters that count now; null where the monitor rests. */
  private counting(): readonly CounterName[] | null {
    return monitorRests(this.state) ? null : countingNow(this.state)
  }

  /** Time at which the decrementer will interrupt; null when it is off or EE is 0. */
  decrementerExpiry(): bigint | null {
    const base = this.state.get('DEC_BASE')
    return base === NEVER || !this.state.msr('EE') ? null : base + 1n
  }

  private boundariesToDecrementer(): number | null {
    if (!this.state.msr('EE') || this.hold) return null
    const left = BigInt.asIntN(64, this.state.get('DEC_BASE') - this.state.get('TIME')) + 1n
    return left < 1n ? 1 : left > 1_000_000n ? null : Number(left)
  }

  /** Generated code for at most `budget` instructions. */
  private slice(budget: number, passStop: boolean): Outcome {
    const { state } = this
    if (passStop && this.stopsAt(state.get('NIP'))) return this.single(true)
    const counting = this.counting()
    const limit = counting ? Math.min(budget, untilAlert(state, counting) ?? budget) : budget
    this.enterContext(limit)
    const left = this.core.execute(this, limit)
    if (left < limit) this.entered = 0
    this.complete(limit - left, counting)
    switch (state.number('EXIT')) {
      case exits.budget:
      case exits.synchronize:
        return { kind: 'completed' }
      case exits.interrupt:
        return this.interruptOfExit()
      case exits.fetchFault:
        return this.fault ? this.takeFault(this.fault) : { kind: 'breakpoint', at: state.get('NIP') }
      case exits.stop:
        if (this.core.stopsBefore(this, state.get('NIP'))) return { kind: 'breakpoint', at: state.get('NIP') }
        return this.single(true)
      default:
        return this.single(true)
    }
  }

  private stopsAt(nip: EffectiveAddress): boolean {
    return this.core.stopsBefore(this, nip) || this.ciabrAddress() === nip
  }

  private enterContext(budget: number): void {
    const { words } = this.state
    const msr = words[at.MSR]!
    // The low bits at once: PR, IR, DR and LE.
    const low = Number(msr & 0xffffn)
    const privilege = (low & bits.PR ? 2 : 0) | ((msr & MSR.mask.HV) !== 0n ? 4 : 0)
    const data = privilege | (low & bits.DR ? 1 : 0)
    const little = low & bits.LE ? 8 : 0
    const { layout } = this.core
    words[at.TLB_LOAD] = BigInt(layout.tlbLoad(this.id, data))
    words[at.TLB_STORE] = BigInt(layout.tlbStore(this.id, data))
    words[at.TLB_FETCH] = BigInt(layout.tlbFetch(this.id, privilege | (low & bits.IR ? 1 : 0) | little))
    words[at.LITTLE] = little ? 1n : 0n
    words[at.TIME_END] = words[at.TIME]! + BigInt(budget)
  }

  /** One instruction, with its event and the decision on Trace. */
  private single(passStop: boolean): Outcome {
    const { state, core } = this
    const nip = state.get('NIP')
    if (!passStop && core.stopsBefore(this, nip)) return { kind: 'breakpoint', at: nip }
    const word = this.wordAt(nip, false)
    if (typeof word !== 'number') return this.takeFault(word)
    const instruction = decode(word)
    if (!instruction) return this.undecoded(word)
    const msr = state.get('MSR')
    const due = this.traceDue(instruction, nip, msr)
    const operand = due ? operandAddress(state, word, instruction) : null
    const stopped = this.executeOne(nip, word, instruction)
    if (stopped) return stopped
    if (due) this.setTraceDue(due, nip, operand)
    this.tellCompleted(nip, word, instruction, msr)
    return { kind: 'completed' }
  }

  /** Executes the instruction; returns what ended it when it did not complete. */
  private executeOne(nip: EffectiveAddress, word: InstructionWord, instruction: Instruction): Outcome | null {
    const { state } = this
    const counting = this.counting()
    if (!instruction.rare && !this.stopsAt(nip)) {
      this.enterContext(1)
      const left = this.core.execute(this, 1)
      if (left === 0) {
        this.entered = 0
        this.complete(1, counting)
        return null
      }
      const exit = state.number('EXIT')
      if (exit === exits.interrupt) return this.interruptOfExit()
      if (exit === exits.fetchFault) return this.takeFault(this.fault!)
    }
    try {
      executeReference(state, word, instruction, this.performer)
      this.entered = 0
      this.complete(1, this.counting() && (counting ?? []))
      return null
    } catch (e) {
      if (e instanceof Raised) return this.takeRaised(e.interrupt, e.cause, word)
      if (e instanceof Faulted) return this.takeFault(e.fault)
      if (e instanceof Leave) return { kind: 'vmExit', reason: e.reason }
      throw e
    }
  }

  /** SRR1 bits of the Trace that follows the instruction; 0n for none. Book III, 6.5.15. */
  private traceDue(instruction: Instruction, nip: EffectiveAddress, msr: bigint): bigint {
    const kind = instruction.trace
    if (kind === 'never') return 0n
    const byMsr = (msr & MSR.mask.SE) !== 0n || ((msr & MSR.mask.BE) !== 0n && kind === 'branch')
    const byAddress = this.ciabrMatches(nip, msr)
    if (!byMsr && !byAddress) return 0n
    return TRACE.trace | (kind === 'load' ? TRACE.load : kind === 'store' ? TRACE.store : 0n) | (byAddress ? TRACE.ciabr : 0n)
  }

  private setTraceDue(cause: bigint, siar: EffectiveAddress, operand: EffectiveAddress | null): void {
    const { state } = this
    state.set('TRACE_DUE', 1n)
    state.set('TRACE_CAUSE', cause)
    state.set('TRACE_SIAR', siar)
    state.set('TRACE_SDAR', operand ?? state.get('SDAR'))
  }

  /**
   * Performs the instruction at NIP on the hypervisor's behalf, with all its checks and the same decision on Trace, although another word
   * lies there for the fetch.
   */
  emulate(word: InstructionWord): Outcome {
    const { state } = this
    const nip = state.get('NIP')
    const counting = this.counting()
    // The fetch that a free run makes here sets R of the instruction's page.
    const fetched = this.translate(nip, 'fetch')
    if ('interrupt' in fetched) return this.takeFault(fetched)
    const instruction = decode(word)
    if (!instruction) return this.undecoded(word)
    const msr = state.get('MSR')
    const due = this.traceDue(instruction, nip, msr)
    const operand = due ? operandAddress(state, word, instruction) : null
    this.overlay.lifted = true
    try {
      executeReference(state, word, instruction, this.performer)
    } catch (e) {
      if (e instanceof Raised) return this.takeRaised(e.interrupt, e.cause, word)
      if (e instanceof Faulted) return this.takeFault(e.fault)
      if (e instanceof Leave) return { kind: 'vmExit', reason: e.reason }
      throw e
    } finally {
      this.overlay.lifted = false
    }
    this.entered = 0
    this.complete(1, this.counting() && (counting ?? []))
    if (due) this.setTraceDue(due, nip, operand)
    this.tellCompleted(nip, word, instruction, msr)
    return { kind: 'completed' }
  }

  private tellCompleted(address: EffectiveAddress, word: InstructionWord, instruction: Instruction, before: bigint): void {
    if (!this.listenToInstructions) return
    const { state } = this
    const problemState = (before & MSR.mask.PR) !== 0n
    const se = state.msr('SE')
    const changed = se !== ((before & MSR.mask.SE) !== 0n)
    const traced = state.get('TRACE_DUE') !== 0n
    this.listener?.({ kind: 'instruction', vcpu: this.id, address, word, instruction, problemState, se: changed ? se : null, traced })
  }

  // ───────── interrupts ─────────

  private undecoded(word: InstructionWord): Outcome {
    const needed = facilityOf(word)
    if (!needed) return this.takeRaised('emulationAssistance', 0n, word)
    const gate = facilities[needed.facility]
    if (this.state.msr(gate.msr)) return { kind: 'vmExit', reason: { kind: 'unsupported', name: needed.name, word } }
    const ic = gate.interrupt === 'facilityUnavailable' ? BigInt(facilityCause[gate.hypervisor]) : 0n
    return this.take(gate.interrupt, { bits: ic }, this.state.get('NIP'))
  }

  private interruptOfExit(): Outcome {
    const id = interruptIds[this.state.number('INTERRUPT')]!
    if (this.fault?.interrupt === id) return this.takeFault(this.fault)
    const word = this.wordAt(this.state.get('NIP'))
    return this.takeRaised(id, this.state.get('CAUSE'), typeof word === 'number' ? word : 0)
  }

  private takeRaised(id: InterruptId, bits: bigint, word: InstructionWord): Outcome {
    const writes = id === 'emulationAssistance' ? { writes: { HEIR: BigInt(word) } } : {}
    return this.take(id, { bits, ...writes }, this.state.get('NIP'), word)
  }

  private takeFault(fault: Fault): Outcome {
    this.fault = null
    const { interrupt: id, address, status } = fault
    const nip = this.state.get('NIP')
    const data = { DAR: address, DSISR: status }
    const hypervisor = { ASDR: fault.guestReal ?? 0n }
    const rows: Partial<Record<InterruptId, { bits: bigint; writes?: Record<string, bigint> }>> = {
      dataStorage: { bits: 0n, writes: data },
      dataSegment: { bits: 0n, writes: { DAR: address } },
      alignment: { bits: 0n, writes: { DAR: address } },
      hypervisorDataStorage: { bits: 0n, writes: { HDAR: address, HDSISR: status, ...hypervisor } },
      hypervisorInstructionStorage: { bits: status, writes: hypervisor },
    }
    return this.take(id, rows[id] ?? { bits: status }, nip, 0, fault)
  }

  private take(
    id: InterruptId,
    cause: { bits: bigint; writes?: Record<string, bigint> },
    culprit: EffectiveAddress | null,
    word: InstructionWord = 0,
    fault: Fault | null = null,
  ): Outcome {
    this.fault = null
    const taken = enterInterrupt(this.state, this.id, id, cause, culprit, true)
    if (!taken.exits || id === 'systemCall') this.tick(1)
    this.listener?.(taken)
    if (taken.exits) {
      if (id === 'systemCall') this.entered = 0
      return { kind: 'vmExit', reason: this.exitReason(taken, cause.bits, word, fault) }
    }
    const fetchFailed = id === 'instructionStorage' || id === 'instructionSegment'
    this.entered = fetchFailed ? this.entered + 1 : 0
    return this.entered >= STUCK_AFTER ? { kind: 'stuck', interrupt: taken } : { kind: 'interrupt', interrupt: taken }
  }

  /** Delivers an interrupt that the hypervisor injects: at NIP, before its instruction. */
  inject(id: InterruptId, bits: bigint): InterruptTaken {
    const outcome = this.take(id, { bits }, this.state.get('NIP'))
    if (outcome.kind !== 'interrupt' && outcome.kind !== 'stuck') throw new Error(`${id} does not go to the guest`)
    return outcome.interrupt
  }

  private exitReason(taken: InterruptTaken, bits: bigint, word: InstructionWord, fault: Fault | null): ExitReason {
    switch (taken.id) {
      case 'systemCall':
        return { kind: 'hypercall' }
      case 'emulationAssistance':
        return { kind: 'emulationAssistance', word }
      case 'hypervisorFacilityUnavailable':
        return { kind: 'hypervisorFacility', ic: Number(bits) }
      default:
        return { kind: 'storage', interrupt: taken.id, address: fault?.address ?? taken.from.nip, guestReal: fault?.guestReal ?? 0n }
    }
  }
}

/** DEC_BASE of a decrementer that nobody has set: the largest positive value of 56 bits, so that reads are positive. */
export const NEVER = (1n << 55n) - 1n
