/** What happens in an outside step besides the channels' events, each to be tried often: by its name, and what counts as one. */
import { operandAddress } from '../../src/emu/core/reference.ts'
import type { State } from '../../src/emu/core/state.ts'
import type { Step } from '../../src/emu/hypervisor/step-state.ts'
import { CR, LPCR, MSR } from '../../src/emu/isa/bitfields.ts'
import { extractField } from '../../src/emu/isa/fields.ts'
import type { Instruction } from '../../src/emu/isa/instruction.ts'
import { decode } from '../../src/emu/isa/instructions.ts'

/** A step that is about to be made. */
export interface Before {
  readonly vcpu: number
  readonly vcpus: number
  readonly nip: bigint
  readonly msr: bigint
  readonly lpcr: bigint
  readonly word: number | null
  readonly instruction: Instruction | null
  readonly operand: bigint | null
  readonly stores: boolean
  /** r3, which names a hypercall. */
  readonly r3: bigint
  /** Of a table: what maps the vectors. */
  readonly entry: bigint
  readonly traceDue: boolean
}

export function beforeStep({ start, vcpu }: Step, state: State, vcpus: number, entry: bigint): Before {
  const { word, nip, msr, traceDue } = start
  const instruction = word === null ? null : decode(word)
  const operand = instruction === null || word === null ? null : operandAddress(state, word, instruction)
  const stores = operand !== null && instruction?.trace === 'store'
  return { vcpu, vcpus, nip, msr, lpcr: state.get('LPCR'), word, instruction, operand, stores, r3: state.get('GPR', 3), entry, traceDue }
}

/** It was made: the entry and the vCPU as they are now. */
export interface After {
  readonly state: State
  readonly entry: bigint
}

const REAL = 0x0fffffffffffffffn
/** Pages with vectors, real or by the linear map. */
export const onVectorPage = (address: bigint): boolean =>
  [0n, 0x4000n, 0x5000n, 0x17000n, 0x18000n, 0x19000n].includes(address & 0x0ffffffffffff000n)
/** Of scv 1 with AIL 3. */
export const SCV_VECTOR = 0x3020n
/** Where handlers lie: at their vectors, or apart from them. */
export const inHandler = (nip: bigint, msr: bigint): boolean =>
  (msr & MSR.mask.PR) === 0n && (onVectorPage(nip) || [0x3000n, 0x6000n, 0x7000n].includes(nip & REAL & ~0xfffn))

/** Of an entry of a table. */
const ENTRY = { valid: 1n << 63n, page: 0x01fffffffffff000n, R: 0x100n, exec: 1n } as const
const H_CEDE = 0xe0n
const isHypercall = ({ instruction, word }: Before): boolean =>
  instruction?.base === 'sc' && word !== null && extractField('LEV', word) === 1
const changed = (before: Before, { state }: After, bits: bigint): boolean => ((before.msr ^ state.get('MSR')) & bits) !== 0n
const by = (before: Before, ...bases: string[]): boolean => bases.includes(before.instruction?.base ?? '')
const cleared = (before: Before, after: After, bits: bigint): boolean => (before.entry & bits & ~after.entry) !== 0n
const ail = (lpcr: bigint): bigint => lpcr & LPCR.mask.AIL

interface OwnEvent {
  readonly name: string
  /** Looked for before the step, or behind it; without either, whoever sees it says so. */
  readonly before?: (before: Before) => boolean
  readonly after?: (before: Before, after: After) => boolean
}

const all = {
  oneVcpu: { name: '1 vCPU', before: b => b.vcpus === 1 },
  twoVcpus: { name: '2 vCPUs', before: b => b.vcpus === 2 },
  threeVcpus: { name: '3 vCPUs', before: b => b.vcpus === 3 },
  fourVcpus: { name: '4 vCPUs', before: b => b.vcpus === 4 },
  problem: { name: 'in problem state', before: b => (b.msr & MSR.mask.PR) !== 0n },
  privileged: { name: 'in privileged state', before: b => (b.msr & MSR.mask.PR) === 0n },
  inHandler: { name: 'in a handler', before: b => inHandler(b.nip, b.msr) },
  nested: { name: 'an interrupt in a handler' },
  scv: { name: 'scv', before: b => by(b, 'scv') },
  hypercall: { name: 'a hypercall', before: isHypercall },
  cede: { name: 'H_CEDE', before: b => isHypercall(b) && b.r3 === H_CEDE },
  ownSe: { name: 'SE of the guest’s own', before: b => (b.msr & MSR.mask.SE) !== 0n },
  ownBe: { name: 'BE of the guest’s own, at a branch', before: b => (b.msr & MSR.mask.BE) !== 0n && b.instruction?.trace === 'branch' },
  ciabr: { name: 'CIABR matches' },
  dawr: { name: 'DAWR matches' },
  atomic: {
    name: 'a store conditional is done',
    after: (b, { state }) => /^st.cx\.$/.test(b.instruction?.base ?? '') && (state.get('CRF') & CR.mask.EQ) !== 0n,
  },
  decrementer: { name: 'a decrementer interrupt' },
  privilegedDoorbell: { name: 'a doorbell' },
  performanceMonitor: { name: 'a performance monitor alert' },
  eventBasedBranch: { name: 'an event-based branch' },
  translation: {
    name: 'IR or DR switched',
    after: (b, a) => by(b, 'mtmsr', 'mtmsrd', 'rfid', 'rfscv') && changed(b, a, MSR.mask.IR | MSR.mask.DR),
  },
  byteOrder: { name: 'the byte order switched', after: (b, a) => by(b, 'rfid', 'rfscv') && changed(b, a, MSR.mask.LE) },
  ailByAnother: {
    name: 'AIL changed by another in the middle of the step',
    after: (b, { state }) => !by(b, 'sc') && ail(b.lpcr) !== ail(state.get('LPCR')),
  },
  otherOrder: { name: 'ILE ≠ LE', before: b => ((b.lpcr & LPCR.mask.ILE) !== 0n) !== ((b.msr & MSR.mask.LE) !== 0n) },
  enteredInOtherOrder: { name: 'a handler in the other byte order' },
  bigHandler: { name: 'a handler in big-endian order' },
  metWords: { name: 'an access met the page of the words' },
  storeAtTraceVector: {
    name: 'a store to the word at the trace vector',
    before: b => b.stores && onVectorPage(b.operand!) && (b.operand! & 0xfe0n) === 0xd00n,
  },
  storeAtNextVector: { name: 'a store to a vector that is taken next' },
  unmapped: { name: 'the vectors are unmapped', after: (b, a) => cleared(b, a, ENTRY.valid) || cleared(b, a, ENTRY.exec) },
  remapped: { name: 'the vectors are mapped elsewhere', after: (b, a) => ((b.entry ^ a.entry) & ENTRY.page) !== 0n },
  unreferenced: { name: 'R of their entry is cleared', after: (b, a) => cleared(b, a, ENTRY.R) },
  changedByAnother: { name: 'their entry changed by another', after: (b, a) => b.entry !== a.entry && !b.stores },
  fetchFault: { name: 'a fetch of a vector faults' },
  editBetween: { name: 'an edit in the middle of the step' },
  turnsBetween: { name: 'turns of another vCPU in the middle of it' },
  armedAnew: { name: 'armed anew' },
  continued: { name: 'a continue' },
  breakpoint: { name: 'a breakpoint met' },
} as const satisfies Record<string, OwnEvent>

export type OwnEventId = keyof typeof all
export const ownEvents: Readonly<Record<OwnEventId, OwnEvent>> = all
export const ownEventIds = Object.keys(all) as readonly OwnEventId[]
