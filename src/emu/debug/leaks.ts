/** What a step from outside left for the guest to notice: the guest's state against that of the same boundaries run free. */
import type { Core } from '../core/core.ts'
import { PAGE, stateRegisters } from '../core/layout.ts'
import { channels, type PolicyId } from '../hypervisor/policy.ts'
import { decode } from '../isa/instructions.ts'
import type { EventIndex, RealAddress } from '../isa/units.ts'

/** Guest-visible state after a stretch: state pages and the pages written. */
export interface GuestState {
  readonly states: readonly Uint8Array[]
  readonly pages: ReadonlyMap<RealAddress, Uint8Array>
}

export interface Leak {
  /** Under which it was seen; a recording may change policy. */
  readonly policy: PolicyId
  readonly policyName: string
  readonly channel: number
  readonly name: string
  readonly event: EventIndex
  readonly text: string
  /** What differs, by name. */
  readonly registers: readonly string[]
}

/** Registers that the guest cannot read: they differ by nature. */
const hypervisorOwn = new Set(['HSRR0', 'HSRR1', 'HEIR', 'HDAR', 'HDSISR', 'ASDR', 'TRACE_SIAR', 'TRACE_SDAR', 'TRACE_CAUSE'])

const channelOfRegister: Readonly<Record<string, number>> = {
  SRR0: 3,
  SRR1: 3,
  SIAR: 8,
  SDAR: 8,
  CFAR: 8,
  RESERVE: 10,
  RESERVE_SIZE: 10,
  TRACE_DUE: 17,
}
/** What the stepped instruction does tells the channel better than the register. */
const channelOfInstruction: Readonly<Record<string, number>> = { mfmsr: 1, mtspr: 4, rfid: 5, rfscv: 5, mtmsr: 6, mtmsrd: 6, sc: 7, scv: 7 }

const hex = (v: bigint): string => `0x${v.toString(16)}`

export interface Difference {
  register: string
  stepped: bigint
  free: bigint
}

/** Guest-visible registers in which two state pages differ. */
export function differences(stepped: Uint8Array, free: Uint8Array): Difference[] {
  const [a, b] = [stepped, free].map(bytes => new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)) as [
    BigUint64Array,
    BigUint64Array,
  ]
  const out: Difference[] = []
  for (const r of stateRegisters) {
    if (!r.guest || hypervisorOwn.has(r.name)) continue
    for (let n = 0; n < r.count; n++) {
      const at = r.offset / 8 + n
      if (a[at] !== b[at]) out.push({ register: r.count > 1 ? `${r.name}${n}` : r.name, stepped: a[at]!, free: b[at]! })
    }
  }
  return out
}

const shown = (register: string): string => register.replace(/^GPR/, 'r').replace(/^CRF/, 'cr')

/** `boundaries`: how far the guest came in the step; 1 when the step was one. */
export function compareWithFree(
  stepped: GuestState,
  free: GuestState,
  word: number | null,
  boundaries: number,
): Omit<Leak, 'policy' | 'policyName' | 'event'>[] {
  const base = word === null ? undefined : decode(word)?.base
  const byInstruction = base === undefined ? undefined : channelOfInstruction[base]
  const leaks = new Map<number, { texts: string[]; registers: string[] }>()
  const add = (channel: number, text: string, register?: string) => {
    const leak = leaks.get(channel) ?? { texts: [], registers: [] }
    leaks.set(channel, leak)
    leak.texts.push(text)
    if (register) leak.registers.push(register)
  }
  if (boundaries !== 1) add(byInstruction ?? 2, `the step ended after ${boundaries} boundaries instead of one`)
  stepped.states.forEach((bytes, n) => {
    for (const d of differences(bytes, free.states[n]!)) {
      const saves = d.register === 'SRR0' || d.register === 'SRR1'
      const channel = base === 'mtspr' && saves ? 4 : (channelOfRegister[d.register] ?? byInstruction ?? (d.register === 'MSR' ? 17 : 2))
      add(channel, `${shown(d.register)} is ${hex(d.stepped)}, in a free run ${hex(d.free)}`, shown(d.register))
    }
  })
  for (const real of new Set([...stepped.pages.keys(), ...free.pages.keys()])) {
    const [a, b] = [stepped.pages.get(real), free.pages.get(real)]
    if (a && b && a.some((v, n) => v !== b[n]))
      add(9, `memory at real 0x${(real + a.findIndex((v, n) => v !== b[n])).toString(16)} differs from a free run`)
  }
  return [...leaks].map(([channel, { texts, registers }]) => ({
    channel,
    name: channels[channel]!,
    text: texts.join('; '),
    registers,
  }))
}

export function guestStateOf(core: Core, pages: Iterable<RealAddress>): GuestState {
  return { states: core.saveStates(), pages: new Map([...pages].map(real => [real, core.read(real, PAGE)])) }
}
