/** Takes an interrupt: saves, sets MSR and NIP, or leaves the guest for the hypervisor. Power ISA 3.0B, Book III, 6.4. */
import { FSCR, HFSCR, LPCR, setField } from '../isa/bitfields.ts'
import {
  entersHypervisor,
  type InterruptId,
  interrupts,
  newMsr,
  savedIn,
  savedMsr,
  saveRegisters,
  vectorAddress,
} from '../isa/interrupts.ts'
import type { InterruptTaken } from './events.ts'
import type { State } from './state.ts'

export interface Cause {
  /** Bits for SRR1 (HSRR1); LEV for the system calls; IC for the facility interrupts. */
  readonly bits: bigint
  /** Registers that it writes besides the save registers. */
  readonly writes?: Readonly<Record<string, bigint>>
}

const bySystemCall = new Set<InterruptId>(['systemCall', 'systemCallVectored'])

function facilityWrites(state: State, id: InterruptId, ic: bigint): Record<string, bigint> {
  if (id === 'facilityUnavailable') return { FSCR: setField(FSCR, 'IC', state.get('FSCR'), ic) }
  if (id === 'hypervisorFacilityUnavailable') return { HFSCR: setField(HFSCR, 'IC', state.get('HFSCR'), ic) }
  return {}
}

/**
 * Enters the interrupt from the state between two instructions, or at the culprit. With `hosted`, an interrupt to the hypervisor only
 * saves: NIP and MSR stay the guest's, as the hypervisor keeps them for it.
 */
export function enterInterrupt(
  state: State,
  vcpu: number,
  id: InterruptId,
  cause: Cause,
  culprit: bigint | null,
  hosted: boolean,
): InterruptTaken {
  const interrupt = interrupts[id]
  const from = { nip: state.get('NIP'), msr: state.get('MSR'), lpcr: state.get('LPCR') }
  const lev = bySystemCall.has(id) ? Number(cause.bits) : 0
  const isFacility = id === 'facilityUnavailable' || id === 'hypervisorFacilityUnavailable'
  const bits = bySystemCall.has(id) || isFacility ? 0n : cause.bits
  const entry = { msr: from.msr, lpcr: from.lpcr, lev, hile: false }
  const returnAddress = bySystemCall.has(id) ? from.nip + 4n : from.nip
  const saved = savedMsr(interrupt, from.msr, bits)
  const [addressRegister, msrRegister] = saveRegisters[savedIn(interrupt, entry)]
  state.set(addressRegister, returnAddress)
  state.set(msrRegister, saved)
  const wrote = { ...cause.writes, ...facilityWrites(state, id, cause.bits) }
  for (const [name, value] of Object.entries(wrote)) state.set(name, value)
  const exits = hosted && entersHypervisor(interrupt, entry)
  const to = { nip: vectorAddress(interrupt, entry).address, msr: newMsr(interrupt, entry) }
  state.set('NIP', exits ? returnAddress : to.nip)
  if (!exits) state.set('MSR', to.msr)
  return { kind: 'interrupt', vcpu, id, from, culprit, returnAddress, savedMsr: saved, cause: bits, to, wrote, exits }
}

/** LPCR[AIL] as a number. */
export const ailOf = (lpcr: bigint): number => Number((lpcr & LPCR.mask.AIL) >> BigInt(LPCR.shift.AIL))
