/** The part of the protocol that speaks of memory. */
import type { EffectiveAddress, GuestReal } from '../isa/units.ts'

export interface MemoryView {
  address: EffectiveAddress
  /** Null where nothing is mapped; then `fault` says why. */
  real: GuestReal | null
  bytes: Uint8Array
  /** Offsets in `bytes` (multiples of 4) where the controller's word lies, with the bytes below. */
  planted: { offset: number; original: Uint8Array }[]
  fault: string | null
  /** The same bytes as they were before the last action; null where none has changed. */
  before: Uint8Array | null
}

/** Which address is meant: effective, in the present context of the vCPU shown; guest real; host real. */
export type Space = 'effective' | 'guest real' | 'host real'

export interface MemorySearch {
  space: Space
  /** At least one. */
  bytes: Uint8Array
  /** A match may begin here. */
  from: bigint
  backwards: boolean
}

export interface TranslationField {
  name: string
  /** "7:51", big-endian. */
  bits: string
  value: string
  meaning: string
}

export interface TranslationStep {
  /** "Level 2, directory". */
  title: string
  says: string
  /** Guest real address of the entry, and what it holds. */
  at: GuestReal | null
  value: bigint | null
  fields: TranslationField[]
}

export interface TranslationView {
  address: EffectiveAddress
  access: 'load' | 'store' | 'fetch'
  /** Which translation applies, and why. */
  context: string
  steps: TranslationStep[]
  /** What the process-scoped translation gave; null where it faults. */
  guestReal: GuestReal | null
  hostReal: bigint | null
  ramBytes: number
  /** Bits of the leaf that the access would set: R, C. */
  sets: string[]
  /** `register` has the cause (DSISR, SRR1, …); null where the interrupt has none. */
  fault: { interrupt: string; register: string | null; status: bigint; bits: TranslationField[]; why: string } | null
}

/** What begins at an effective address, besides symbols and vectors. */
export interface MemoryMark {
  address: EffectiveAddress
  text: string
}
