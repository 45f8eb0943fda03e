/** What is known of a register by its name, from the ISA's tables; and what is said of one on hover. */
import { type BitRow, CR, LPCR, MSR, XER } from '../../emu/isa/bitfields.ts'
import { type Interrupt, interrupts } from '../../emu/isa/interrupts.ts'
import { sprs } from '../../emu/isa/sprs.ts'
import type { TimelineEvents } from '../../emu/worker/timeline-events.ts'

/** Those of no SPR number. */
const own: Record<string, { bits: number; meaning: string }> = {
  NIP: { bits: 64, meaning: 'Next instruction pointer: the address of the instruction that runs next.' },
  MSR: { bits: 64, meaning: 'Machine state register: the mode and enable bits of one processor.' },
  CR: { bits: 32, meaning: 'Condition register: eight fields of LT, GT, EQ and SO.' },
}

/** Some registers have several numbers, with a part of the bits: the one of the register's own name counts. */
const bySpr = new Map(
  [...sprs].sort((a, b) => Number(a.name === a.state.toLowerCase()) - Number(b.name === b.state.toLowerCase())).map(s => [s.state, s]),
)

export const bitsOf = (register: string): number => own[register]?.bits ?? bySpr.get(register)?.width ?? 64

export const meaningOf = (register: string): string | null =>
  own[register]?.meaning ?? bySpr.get(register)?.meaning ?? (/^r\d+$/.test(register) ? 'General-purpose register.' : null)

/** One bit of a 64-bit register, by its big-endian number. */
export const bitOf = (value: bigint, bit: number): 0 | 1 => (((value >> BigInt(63 - bit)) & 1n) === 1n ? 1 : 0)
export const bitMask = (bit: number): bigint => 1n << BigInt(63 - bit)

const single = (row: BitRow): boolean => row.bit === row.last
export const msrBits = MSR.bits.filter(single)
export const xerBits = XER.bits.filter(single)
export const crBits = CR.bits

/** Bit of a CR field's condition, as a mask of the 32-bit CR. */
export const crMask = (field: number, bit: number): bigint => 1n << BigInt(31 - (field * 4 + bit))

/** SRR1 bits that hold a cause, in their two groups. */
export const causeBits = [
  [33, 34, 35, 36],
  [42, 43, 44, 45, 46, 47],
] as const

export const AIL = { mask: LPCR.mask.AIL, shift: BigInt(LPCR.shift.AIL) }
export const withAil = (lpcr: bigint, ail: number): bigint => (lpcr & ~AIL.mask) | (BigInt(ail) << AIL.shift)

/** A name from the tables in words: noTranslation → "no translation". */
export const inWords = (name: string): string => (/^[A-Z]/.test(name) ? name : name.replace(/[A-Z]/g, c => ` ${c.toLowerCase()}`))

/** Interrupts that save in SRR1, by vector: what its cause bits mean then. */
const causesByVector = new Map(Object.values(interrupts).map(i => [i.vector, i]))

/** How far back the interrupt that SRR1 tells of is looked for. */
const REACH = 4096

/** The interrupt that SRR1 tells of: the last one on the vCPU that saved there, of the events up to the one shown. */
export function srr1Interrupt(events: TimelineEvents, shown: number, vcpu: number): Interrupt | null {
  const last = Math.min(shown - events.first, events.length - 1)
  for (let i = last; i >= Math.max(0, last - REACH); i--) {
    const event = events.kindAt(i) === 'interrupt' ? events.at(i) : undefined
    if (!event || event.vector === null || event.lane.kind !== 'vcpu' || event.lane.vcpu !== vcpu) continue
    const interrupt = causesByVector.get(event.vector)
    if (interrupt?.saves === 'SRR') return interrupt
  }
  return null
}
