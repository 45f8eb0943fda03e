/**
 * Where everything lies in the machine's linear memory. One table of a vCPU's state gives the offsets of the generated code, the
 * typed views of TypeScript, the snapshot's content and the register list of the debugger.
 */
import { sprs } from '../isa/sprs.ts'

export interface StateRegister {
  readonly name: string
  /** Within the vCPU's state page. */
  readonly offset: number
  readonly type: 'i64' | 'i32'
  /** Entries, 8 bytes apart. */
  readonly count: number
  /** Part of what the guest can see (the rest is the core's own bookkeeping). */
  readonly guest: boolean
}

/** Architected registers that are no plain SPR; flags are i32. */
const architected: [name: string, type: 'i64' | 'i32', count: number][] = [
  ['GPR', 'i64', 32],
  ['CRF', 'i32', 8],
  ['NIP', 'i64', 1],
  ['MSR', 'i64', 1],
  ['LR', 'i64', 1],
  ['CTR', 'i64', 1],
  ['CA', 'i32', 1],
  ['OV', 'i32', 1],
  ['SO', 'i32', 1],
  ['CA32', 'i32', 1],
  ['OV32', 'i32', 1],
  ['XERLOW', 'i64', 1],
  ['VSR', 'i64', 128],
  /** Base registers of running clocks: the SPR's value is base + time, for the decrementers base − time. */
  ['TB_BASE', 'i64', 1],
  ['DEC_BASE', 'i64', 1],
  ['HDEC_BASE', 'i64', 1],
  ['VTB_BASE', 'i64', 1],
  ['PURR_BASE', 'i64', 1],
  ['SPURR_BASE', 'i64', 1],
  ['IC_BASE', 'i64', 1],
  /** Boundaries of this vCPU, for IC and the PMCs. */
  ['COMPLETED', 'i64', 1],
  /** Reservation: real address + 1, or 0 for none; its length. */
  ['RESERVE', 'i64', 1],
  ['RESERVE_SIZE', 'i32', 1],
  /** A Trace interrupt is due: 1, its SRR1 bits, SIAR and SDAR. */
  ['TRACE_DUE', 'i32', 1],
  ['TRACE_CAUSE', 'i64', 1],
  ['TRACE_SIAR', 'i64', 1],
  ['TRACE_SDAR', 'i64', 1],
  /** Pending asynchronous interrupts that are not levels of a register: one bit each. */
  ['PENDING', 'i64', 1],
]

/** The core's own: how `run` talks to TypeScript. Not part of the guest's state. */
const internal: [name: string, type: 'i64' | 'i32'][] = [
  ['TIME', 'i64'],
  /** TIME when the budget of the present slice is used up. */
  ['TIME_END', 'i64'],
  ['EXIT', 'i32'],
  ['INTERRUPT', 'i32'],
  ['CAUSE', 'i64'],
  ['EA', 'i64'],
  ['VALUE', 'i64'],
  ['SUCCESS', 'i32'],
  ['LITTLE', 'i32'],
  ['TLB_LOAD', 'i32'],
  ['TLB_STORE', 'i32'],
  ['TLB_FETCH', 'i32'],
]

const clocks = new Set(['TB', 'DEC', 'HDEC', 'VTB', 'PURR', 'SPURR', 'IC', 'XER'])

function build(): StateRegister[] {
  const rows: StateRegister[] = []
  let offset = 0
  const add = (name: string, type: 'i64' | 'i32', count: number, guest: boolean) => {
    if (rows.some(r => r.name === name)) return
    rows.push({ name, offset, type, count, guest })
    offset += 8 * count
  }
  for (const [name, type, count] of architected) add(name, type, count, true)
  for (const spr of sprs) if (!clocks.has(spr.state)) add(spr.state, 'i64', 1, true)
  for (const [name, type] of internal) add(name, type, 1, false)
  return rows
}

export const stateRegisters: readonly StateRegister[] = build()
const byName = new Map(stateRegisters.map(r => [r.name, r]))

export function stateRegister(name: string): StateRegister {
  const r = byName.get(name)
  if (!r) throw new Error(`no register ${name} in the state`)
  return r
}
export const offsetOf = (name: string): number => stateRegister(name).offset
export const hasStateRegister = (name: string): boolean => byName.has(name)

// ───────── linear memory ─────────

export const PAGE = 4096
const align = (n: number, to: number): number => Math.ceil(n / to) * to

export const STATE_BYTES = align(
  stateRegisters.reduce((n, r) => Math.max(n, r.offset + 8 * r.count), 0),
  PAGE,
)

/** Data TLB: 256 entries of 16 bytes { tag: page of the effective address; addend: linear − effective, low 32 bits }. */
export const TLB_ENTRIES = 256
export const TLB_BYTES = TLB_ENTRIES * 16
/** Fetch TLB: 64 entries of 16 bytes { tag; address of the page's slots }. */
export const FETCH_ENTRIES = 64
export const FETCH_BYTES = FETCH_ENTRIES * 16
/** One set for each of DR (IR), PR, HV, and for fetch also LE. */
export const DATA_CONTEXTS = 8
export const FETCH_CONTEXTS = 16
/** Never equals a page's address. */
export const NO_TAG = 1n

/** A predecoded page: 1024 slots { word, routine } and the page-end sentinel. */
export const SLOT_PAGE_BYTES = 1024 * 8 + 8

export interface MemoryLayout {
  readonly vcpus: number
  readonly ramBytes: number
  state(vcpu: number): number
  tlbLoad(vcpu: number, context: number): number
  tlbStore(vcpu: number, context: number): number
  tlbFetch(vcpu: number, context: number): number
  readonly slotPages: number
  slotPage(n: number): number
  readonly ram: number
  /** WebAssembly pages of 64 KiB. */
  readonly pages: number
}

/** Places the vCPUs, the predecoded pages and RAM one after the other. */
export function layoutMemory(vcpus: number, ramBytes: number, slotPages = 1024): MemoryLayout {
  const perVcpu = align(STATE_BYTES + DATA_CONTEXTS * 2 * TLB_BYTES + FETCH_CONTEXTS * FETCH_BYTES, PAGE)
  const first = 65536
  const base = (vcpu: number) => first + vcpu * perVcpu
  const tlb = (vcpu: number) => base(vcpu) + STATE_BYTES
  const slots = base(vcpus)
  const ram = align(slots + slotPages * SLOT_PAGE_BYTES, 65536)
  return {
    vcpus,
    ramBytes,
    state: base,
    tlbLoad: (v, c) => tlb(v) + c * TLB_BYTES,
    tlbStore: (v, c) => tlb(v) + (DATA_CONTEXTS + c) * TLB_BYTES,
    tlbFetch: (v, c) => tlb(v) + DATA_CONTEXTS * 2 * TLB_BYTES + c * FETCH_BYTES,
    slotPages,
    slotPage: n => slots + n * SLOT_PAGE_BYTES,
    ram,
    pages: Math.ceil((ram + ramBytes) / 65536),
  }
}
