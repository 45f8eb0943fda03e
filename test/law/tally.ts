/** How often each channel's event occurred in outside steps: a law that is never tried holds easily. */

import type { InterruptTaken } from '../../src/emu/core/events.ts'
import { operandAddress } from '../../src/emu/core/reference.ts'
import type { Hypervisor } from '../../src/emu/hypervisor/hypervisor.ts'
import { channels } from '../../src/emu/hypervisor/policy.ts'
import { LPCR, MSR } from '../../src/emu/isa/bitfields.ts'
import { extractField } from '../../src/emu/isa/fields.ts'
import { decode } from '../../src/emu/isa/instructions.ts'
import { sprByNumber } from '../../src/emu/isa/sprs.ts'

const byInstruction: Readonly<Record<string, number>> = { mfmsr: 1, rfid: 5, rfscv: 5, mtmsr: 6, mtmsrd: 6, sc: 7, scv: 7 }
const asynchronous = new Set(['decrementer', 'external', 'privilegedDoorbell', 'performanceMonitor'])
const KEPT = new Set(['SRR0', 'SRR1', 'SIAR', 'SDAR'])
/** What happens to the guest's own vectors in a step, and between its phases, besides the channels' events. */
export const ownEvents = {
  otherOrder: 'ILE ≠ LE',
  enteredInOtherOrder: 'a handler in the other byte order',
  bigHandler: 'a handler in big-endian order',
  storeAtTraceVector: 'a store to the word at the trace vector',
  storeAtNextVector: 'a store to a vector that is taken next',
  unmapped: 'the vectors are unmapped',
  remapped: 'the vectors are mapped elsewhere',
  unreferenced: 'R of their entry is cleared',
  changedByAnother: 'their entry changed by another',
  fetchFault: 'a fetch of a vector faults',
  editBetween: 'an edit in the middle of the step',
  turnsBetween: 'turns of another vCPU in the middle of it',
  armedAnew: 'armed anew',
} as const
export type OwnEvent = keyof typeof ownEvents

/** Of an entry of a table. */
const ENTRY = { valid: 1n << 63n, page: 0x01fffffffffff000n, R: 0x100n, exec: 1n } as const
const REAL = 0x0fffffffffffffffn
/** Of scv 1 with AIL 3. */
const SCV_VECTOR = 0x3020n
const CIABR_MATCH = 0x00100000n
const DAWR_MATCH = 0x00400000n

/** Pages with vectors, real or by the linear map. */
const onVectorPage = (address: bigint): boolean =>
  [0n, 0x4000n, 0x5000n, 0x17000n, 0x18000n, 0x19000n].includes(address & 0x0ffffffffffff000n)

export class Tally {
  readonly counts = new Map<number, number>()
  readonly own = new Map<OwnEvent, number>()
  steps = 0
  boundaries = 0
  readonly emulated = new Map<string, number>()
  executed = 0
  private hypervisor: Hypervisor | null = null
  private before: { nip: bigint; lpcr: bigint; vcpu: number; word: number | null; msr: bigint; entry: bigint; stores: boolean } | null =
    null
  /** Real address of the entry that maps the vectors. */
  private entryAt = 0n
  /** Low bits of the word of a vector that was stored to last, until an interrupt. */
  private stored: bigint | null = null

  private add(channel: number): void {
    this.counts.set(channel, (this.counts.get(channel) ?? 0) + 1)
  }

  private note(event: OwnEvent): void {
    this.own.set(event, (this.own.get(event) ?? 0) + 1)
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
    for (const v of hypervisor.machine.core.vcpus)
      v.listener = e => {
        if (e.kind !== 'interrupt' || !this.before) return
        const own = e.vcpu === this.before.vcpu
        if (!own) {
          if (e.id === 'trace') this.add(12)
          return
        }
        if (!e.exits) this.entered(e)
        if (asynchronous.has(e.id)) this.add(11)
        else if (!e.exits && e.id !== 'trace') this.add(2)
        if (e.id === 'emulationAssistance' && hypervisor.state.step?.caught === false) this.add(19)
        if (e.id === 'trace' && (e.savedMsr & CIABR_MATCH) !== 0n) this.add(18)
        if (e.id === 'dataStorage' && ((e.wrote.DSISR ?? 0n) & DAWR_MATCH) !== 0n) this.add(18)
      }
  }

  private entered({ id, from, to }: InterruptTaken): void {
    if (((from.msr ^ to.msr) & MSR.mask.LE) !== 0n) this.note('enteredInOtherOrder')
    if ((to.msr & MSR.mask.LE) === 0n) this.note('bigHandler')
    if (id === 'instructionStorage' && (onVectorPage(from.nip) || (from.nip & REAL) === SCV_VECTOR)) this.note('fetchFault')
    if (this.stored !== null && (to.nip & 0xfffn) === this.stored) this.note('storeAtNextVector')
    this.stored = null
  }

  /** What the last machine's controller counted. */
  take(): void {
    const hypervisor = this.hypervisor
    if (!hypervisor) return
    for (const [name, n] of Object.entries(hypervisor.state.emulated)) this.emulated.set(name, (this.emulated.get(name) ?? 0) + n)
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
    const { word, nip, msr } = step.start
    const instruction = word === null ? null : decode(word)
    const lpcr = state.get('LPCR')
    const operand = instruction === null || word === null ? null : operandAddress(state, word, instruction)
    const stores = operand !== null && instruction?.trace === 'store'
    this.before = { nip, msr, word, lpcr, vcpu: step.vcpu, entry: this.entry(hypervisor), stores }
    if (((lpcr & LPCR.mask.ILE) !== 0n) !== ((msr & MSR.mask.LE) !== 0n)) this.note('otherOrder')
    if (stores && onVectorPage(operand)) {
      // The vectors of eight words lie 32 bytes apart, the others 128 or more.
      this.stored = operand & 0xfe0n
      if (this.stored === 0xd00n) this.note('storeAtTraceVector')
    }
    const channel = byInstruction[instruction?.base ?? '']
    if (channel) this.add(channel)
    if (instruction?.base === 'mtspr' && KEPT.has(sprByNumber(extractField('SPR', word!))?.state ?? '')) this.add(4)
    if (state.get('RESERVE') !== 0n) this.add(10)
    if (((msr & MSR.mask.IR) === 0n) !== ((msr & MSR.mask.DR) === 0n)) this.add(13)
    if ((nip & 0xfffn) < 0xff0n && (nip & 0xffn) === 0n && (nip & 0xfffffn) < 0x19000n) this.add(14)
    if ((msr & MSR.mask.LE) === 0n) this.add(15)
    if ((msr & (MSR.mask.SE | MSR.mask.BE)) !== 0n || step.start.traceDue) this.add(17)
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
    this.compareEntry(before, this.entry(hypervisor))
    if (state.get('LPCR') !== before.lpcr) this.add(13)
    const next = before.nip + 4n
    if (state.get('NIP') !== next) this.add(15)
    if (state.get('MSR') !== before.msr) this.add(20)
  }

  private compareEntry({ entry, stores }: { readonly entry: bigint; readonly stores: boolean }, now: bigint): void {
    if (entry === now) return
    const cleared = (bits: bigint): boolean => (entry & bits & ~now) !== 0n
    if (cleared(ENTRY.valid) || cleared(ENTRY.exec)) this.note('unmapped')
    if (((entry ^ now) & ENTRY.page) !== 0n) this.note('remapped')
    if (cleared(ENTRY.R)) this.note('unreferenced')
    if (!stores) this.note('changedByAnother')
  }

  /** Events that occurred less often than `wanted`, by their names. */
  rarerThan(wanted: number): string[] {
    const ofChannels = Object.entries(channels).flatMap(([n, name]) =>
      (this.counts.get(Number(n)) ?? 0) < wanted ? `channel ${n} (${name})` : [],
    )
    const others = Object.entries(ownEvents).flatMap(([event, name]) =>
      (this.own.get(event as OwnEvent) ?? 0) < wanted ? `“${name}”` : [],
    )
    return [...ofChannels, ...others]
  }

  toString(): string {
    const lines = Object.entries(channels).map(
      ([n, name]) => `${n.padStart(4)}  ${name.padEnd(44)}${(this.counts.get(Number(n)) ?? 0).toString().padStart(10)}`,
    )
    const performed = [...this.emulated.values()].reduce((a, b) => a + b, 0)
    const share = (100 * performed) / Math.max(1, performed + this.executed)
    return [
      `${this.steps} outside steps, ${this.boundaries} boundaries of all vCPUs`,
      `performed by the controller: ${share.toFixed(1)} %`,
      `channel  event${''.padEnd(38)}steps`,
      ...lines,
      'to the vectors, and between the phases',
      ...Object.entries(ownEvents).map(
        ([event, name]) => `      ${name.padEnd(44)}${(this.own.get(event as OwnEvent) ?? 0).toString().padStart(10)}`,
      ),
    ].join('\n')
  }
}
