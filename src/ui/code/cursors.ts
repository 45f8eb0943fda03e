/** Where the vCPUs stand: the NIP of the one shown, and those of the others. */
import type { MachineView } from '../../emu/worker/protocol.ts'

export interface Cursor {
  readonly tag: string
  /** The vCPU that the page shows is there; else only others. */
  readonly shown: boolean
}

/** By address. */
export function cursorsOf({ state, schedule }: Pick<MachineView, 'state' | 'schedule'>): Map<bigint, Cursor> {
  const shown = state.registers.NIP ?? 0n
  const at = new Map([[shown, [state.vcpu]]])
  for (const { vcpu, nip } of schedule.vcpus) if (vcpu !== state.vcpu) at.set(nip, [...(at.get(nip) ?? []), vcpu])
  return new Map([...at].map(([nip, vcpus]) => [nip, { tag: `vCPU ${vcpus.join(', ')}`, shown: nip === shown }]))
}

/** An address as problem state and real mode have it: without the bits that the kernel's linear mapping has at the top. */
const REAL = (1n << 60n) - 1n

/** The address of a program's line where it stands at `nip`, which problem state has at its real address. */
export const isAt = (address: bigint, nip: bigint): boolean => address === nip || (nip <= REAL && (address & REAL) === nip)
