/** What a breakpoint is: where or on what it stops, and under which conditions. None of them is visible to the guest. */
import type { EffectiveAddress, VcpuId } from '../isa/units.ts'

export const breakpointKinds = ['software', 'CIABR', 'DAWR', 'watch', 'vector', 'register', 'hypercall', 'entry', 'exit'] as const
/**
 * software: before the instruction at an address. CIABR, DAWR: as a debugger has them on the processor, so there is one of each, and none
 * while the guest uses the register; what is compared is the debugger's own. watch: behind an access to bytes, as many as wanted. vector:
 * an interrupt that the guest takes. register: behind a boundary that changed a register or field. hypercall, entry, exit: crossings.
 */
export type BreakpointKind = (typeof breakpointKinds)[number]

export interface BreakpointSpec {
  readonly kind: BreakpointKind
  readonly enabled: boolean
  /** Of software, CIABR, DAWR and watch; 0 for others. */
  readonly address: EffectiveAddress
  /** Bytes, of DAWR and watch. */
  readonly length: number
  readonly access: 'read' | 'write' | 'access'
  /** Offset of the vector, or the number of the hypercall; null for any. */
  readonly number: number | null
  /** A register or field, as `MSR.SE`. */
  readonly register: string
  readonly vcpu: VcpuId | null
  /** From which an interrupt comes, or in which an instruction is met. */
  readonly privilege: 'any' | 'privileged' | 'problem'
  readonly condition: string | null
  /** Hits to pass over before it stops. */
  readonly ignore: number
  /** Written instead of stopping, with `{expression}` places. */
  readonly log: string | null
}

export const atAddress: ReadonlySet<BreakpointKind> = new Set(['software', 'CIABR'])
export const onAccess: ReadonlySet<BreakpointKind> = new Set(['DAWR', 'watch'])

/** What makes two of them the same one: kind and place. */
export const identity = (b: BreakpointSpec): string =>
  [
    b.kind,
    b.address,
    onAccess.has(b.kind) ? `${b.length} ${b.access}` : '',
    b.number ?? '',
    b.register.toLowerCase(),
    b.kind === 'vector' ? b.privilege : '',
    b.vcpu ?? '',
  ].join(' ')

/** A software breakpoint at the address without conditions. */
export const softwareAt = (address: EffectiveAddress, enabled = true): BreakpointSpec => ({
  kind: 'software',
  enabled,
  address,
  length: 1,
  access: 'write',
  number: null,
  register: '',
  vcpu: null,
  privilege: 'any',
  condition: null,
  ignore: 0,
  log: null,
})

/** Where a run is to end besides the breakpoints. */
export type Goal =
  /** Before the instruction; of this vCPU alone, and with r1 not below what it was, where those are given. */
  | { readonly kind: 'address'; readonly address: EffectiveAddress; readonly vcpu: VcpuId | null; readonly stack: bigint | null }
  /** Behind the `blr` that leaves the present function, by counting calls and returns. */
  | { readonly kind: 'return'; readonly vcpu: VcpuId }
  /** Behind the rfid, hrfid or rfscv that leaves the present interrupt. */
  | { readonly kind: 'interrupt return'; readonly vcpu: VcpuId }
