/** How often each channel's event occurred in outside steps, and what else there is to try: a law that is never tried holds easily. */
import type { CoreEvent, InterruptTaken } from '../../src/emu/core/events.ts'
import type { Hypervisor } from '../../src/emu/hypervisor/hypervisor.ts'
import { channels } from '../../src/emu/hypervisor/policy.ts'
import { MSR } from '../../src/emu/isa/bitfields.ts'
import { extractField } from '../../src/emu/isa/fields.ts'
import { sprByNumber } from '../../src/emu/isa/sprs.ts'
import { type Before, beforeStep, inHandler, type OwnEventId, onVectorPage, ownEventIds, ownEvents, SCV_VECTOR } from './own-events.ts'

const byInstruction: Readonly<Record<string, number>> = { mfmsr: 1, rfid: 5, rfscv: 5, mtmsr: 6, mtmsrd: 6, sc: 7, scv: 7 }
const asynchronous = new Set(['decrementer', 'external', 'privilegedDoorbell', 'performanceMonitor'])
const KEPT = new Set(['SRR0', 'SRR1', 'SIAR', 'SDAR'])
const CIABR_MATCH = 0x00100000n
const DAWR_MATCH = 0x00400000n
const REAL = 0x0fffffffffffffffn

/** What was counted, as a worker sends it. */
export interface Counted {
  readonly channels: Readonly<Record<string, number>>
  readonly own: Readonly<Record<string, number>>
  readonly emulated: Readonly<Record<string, number>>
  readonly steps: number
  readonly boundaries: number
  readonly executed: number
}

type Counts = Map<string | number, number>
const add = (to: Counts, name: string | number, n = 1): void => void to.set(name, (to.get(name) ?? 0) + n)
const addAll = (to: Counts, from: Readonly<Record<string, number>>): void => {
  for (const [name, n] of Object.entries(from)) add(to, name, n)
}

export class Tally {
  private readonly channels: Counts = new Map()
  private readonly own: Counts = new Map()
  private readonly emulated: Counts = new Map()
  steps = 0
  private boundaries = 0
  private executed = 0
  private hypervisor: Hypervisor | null = null
  private before: Before | null = null
  /** Real address of the entry that maps the vectors. */
  private entryAt = 0n
  /** Low bits of the word of a vector that was stored to last, until an interrupt. */
  private stored: bigint | null = null

  note(event: OwnEventId): void {
    add(this.own, event)
  }

  private add(channel: number): void {
    add(this.channels, String(channel))
  }

  private entry(hypervisor: Hypervisor): bigint {
    const { ram } = hypervisor.machine.core
    return new DataView(ram.buffer, ram.byteOffset + Number(this.entryAt), 8).getBigUint64(0)
  }

  /** Listens to the machine's interrupts, and to why the controller performs what it performs. */
  attach(hypervisor: Hypervisor): void {
    this.take()
    this.hypervisor = hypervisor
    this.entryAt = hypervisor.vcpu(0).state.get('GPR', 28) & REAL
    this.stored = null
    hypervisor.listener = e => {
      if (e.sentence.endsWith('armed anew')) this.note('armedAnew')
      if (e.phase === 'arm' && e.sentence.includes('a trace in the page table')) this.add(16)
    }
    for (const v of hypervisor.machine.core.vcpus) v.listener = e => this.hear(e, hypervisor)
  }

  private hear(e: CoreEvent, hypervisor: Hypervisor): void {
    const { before } = this
    if (!before) return
    if (e.kind === 'eventBasedBranch' && e.vcpu === before.vcpu) this.note('eventBasedBranch')
    if (e.kind !== 'interrupt') return
    if (e.vcpu !== before.vcpu) {
      if (e.id === 'trace') this.add(12)
      return
    }
    if (e.id === 'hypervisorDataStorage') this.note('metWords')
    if (e.id === 'emulationAssistance' && hypervisor.state.step?.caught === false) this.add(19)
    if (e.exits) return
    this.entered(e)
    if (asynchronous.has(e.id)) this.add(11)
    else if (e.id !== 'trace') this.add(2)
    if (e.id === 'decrementer' || e.id === 'privilegedDoorbell' || e.id === 'performanceMonitor') this.note(e.id)
    const ciabr = e.id === 'trace' && (e.savedMsr & CIABR_MATCH) !== 0n
    const dawr = e.id === 'dataStorage' && ((e.wrote.DSISR ?? 0n) & DAWR_MATCH) !== 0n
    if (ciabr || dawr) this.add(18)
    if (ciabr) this.note('ciabr')
    if (dawr) this.note('dawr')
  }

  private entered({ id, from, to }: InterruptTaken): void {
    if (((from.msr ^ to.msr) & MSR.mask.LE) !== 0n) this.note('enteredInOtherOrder')
    if ((to.msr & MSR.mask.LE) === 0n) this.note('bigHandler')
    const atVector = onVectorPage(from.nip) || (from.nip & REAL) === SCV_VECTOR
    if (id === 'instructionStorage' && atVector) this.note('fetchFault')
    else if (id !== 'trace' && inHandler(from.nip, from.msr)) this.note('nested')
    if (this.stored !== null && (to.nip & 0xfffn) === this.stored) this.note('storeAtNextVector')
    this.stored = null
  }

  /** What the last machine's controller counted. */
  private take(): void {
    const hypervisor = this.hypervisor
    if (!hypervisor) return
    addAll(this.emulated, hypervisor.state.emulated)
    this.executed += hypervisor.state.executed
    this.boundaries += Number(hypervisor.boundaries)
    this.hypervisor = null
  }

  /** A step is about to be made. */
  step(hypervisor: Hypervisor): void {
    const { step } = hypervisor.state
    if (!step) return
    this.steps++
    const { state } = hypervisor.vcpu(step.vcpu)
    const before = beforeStep(step, state, hypervisor.machine.core.vcpus.length, this.entry(hypervisor))
    this.before = before
    for (const id of ownEventIds) if (ownEvents[id].before?.(before)) this.note(id)
    const { word, nip, msr, instruction, operand, stores, traceDue } = before
    // The vectors of eight words lie 32 bytes apart, the others 128 or more.
    if (stores && onVectorPage(operand!)) this.stored = operand! & 0xfe0n
    const channel = byInstruction[instruction?.base ?? '']
    if (channel) this.add(channel)
    if (instruction?.base === 'mtspr' && KEPT.has(sprByNumber(extractField('SPR', word!))?.state ?? '')) this.add(4)
    if (state.get('RESERVE') !== 0n) this.add(10)
    if (((msr & MSR.mask.IR) === 0n) !== ((msr & MSR.mask.DR) === 0n)) this.add(13)
    if ((nip & 0xfffn) < 0xff0n && (nip & 0xffn) === 0n && (nip & 0xfffffn) < 0x19000n) this.add(14)
    if ((msr & MSR.mask.LE) === 0n) this.add(15)
    if ((msr & (MSR.mask.SE | MSR.mask.BE)) !== 0n || traceDue) this.add(17)
    if (operand !== null && onVectorPage(operand)) this.add(9)
  }

  /** Something came between its phases. */
  between(edit: boolean, turns: boolean): void {
    if (edit) this.note('editBetween')
    if (turns) this.note('turnsBetween')
  }

  /** It was made. */
  stepped(hypervisor: Hypervisor): void {
    const { before } = this
    if (!before) return
    this.before = null
    const { state } = hypervisor.vcpu(before.vcpu)
    this.add(3)
    this.add(8)
    const after = { state, entry: this.entry(hypervisor) }
    for (const id of ownEventIds) if (ownEvents[id].after?.(before, after)) this.note(id)
    if (state.get('LPCR') !== before.lpcr) this.add(13)
    const next = before.nip + 4n
    if (state.get('NIP') !== next) this.add(15)
    if (state.get('MSR') !== before.msr) this.add(20)
  }

  /** What was counted since the last call. */
  counted(): Counted {
    this.take()
    const of = (counts: Counts) => Object.fromEntries(counts)
    const { steps, boundaries, executed } = this
    const counted = { channels: of(this.channels), own: of(this.own), emulated: of(this.emulated), steps, boundaries, executed }
    for (const counts of [this.channels, this.own, this.emulated]) counts.clear()
    this.steps = this.boundaries = this.executed = 0
    return counted
  }

  /** What another tally counted is counted here too. */
  count(c: Counted): void {
    addAll(this.channels, c.channels)
    addAll(this.own, c.own)
    addAll(this.emulated, c.emulated)
    this.steps += c.steps
    this.boundaries += c.boundaries
    this.executed += c.executed
  }

  /** Events that occurred less often than `wanted`, by their names. */
  rarerThan(wanted: number): string[] {
    const rare = (counts: Counts, key: string) => (counts.get(key) ?? 0) < wanted
    return [
      ...Object.entries(channels).flatMap(([n, name]) => (rare(this.channels, n) ? `channel ${n} (${name})` : [])),
      ...ownEventIds.flatMap(id => (rare(this.own, id) ? `“${ownEvents[id].name}”` : [])),
    ]
  }

  toString(): string {
    const line = (head: string, name: string, n = 0) => `${head.padStart(4)}  ${name.padEnd(52)}${n.toString().padStart(10)}`
    const performed = [...this.emulated.values()].reduce((a, b) => a + b, 0)
    const share = (100 * performed) / Math.max(1, performed + this.executed)
    return [
      `${this.steps} outside steps, ${this.boundaries} boundaries of all vCPUs`,
      `performed by the controller: ${share.toFixed(1)} %`,
      `channel  event${' '.repeat(46)}steps`,
      ...Object.entries(channels).map(([n, name]) => line(n, name, this.channels.get(n))),
      'and besides',
      ...ownEventIds.map(id => line('', ownEvents[id].name, this.own.get(id))),
    ].join('\n')
  }
}
