/** Words of an interrupt's explanation, for every interrupt: its cause in this case, its status register, why each bit of the MSR changes. */
import type { InterruptTaken } from '../core/events.ts'
import { type BitField, type BitRow, DSISR, FSCR, facilityCause, getField, HDSISR, HFSCR, MSR, SRR1 } from '../isa/bitfields.ts'
import { entersHypervisor, interrupts, savedIn } from '../isa/interrupts.ts'
import type { ExceptionView } from './protocol.ts'

const hex = (v: bigint): string => `0x${v.toString(16)}`

export type CauseBits = ExceptionView['causeBits']

/** Rows of a register of 32 or 64 bits, with the value of each. */
export function causeRows(rows: readonly BitRow[], value: bigint, width: number = 64): CauseBits {
  return rows.map(row => {
    const mask = (1n << BigInt(row.last - row.bit + 1)) - 1n
    const held = (value >> BigInt(width - 1 - row.last)) & mask
    return { bits: row.bit === row.last ? `${row.bit}` : `${row.bit}:${row.last}`, value: held.toString(), meaning: row.meaning }
  })
}

// ───────── why ─────────

/** Registers besides SRR1 that say the cause. */
const statusTables: Readonly<Record<string, BitField>> = { DSISR, HDSISR }

export function statusOf(i: InterruptTaken): ExceptionView['status'] {
  const register = Object.keys(i.wrote).find(name => Object.hasOwn(statusTables, name))
  if (register === undefined) return null
  const table = statusTables[register]!
  return { register, bits: causeRows(table.bits, i.wrote[register]!, table.width) }
}

const facilityNames = new Map(Object.entries(facilityCause).map(([name, ic]) => [BigInt(ic), name]))

const facilityOf = (value: bigint, register: 'FSCR' | 'HFSCR'): string => {
  const ic = register === 'FSCR' ? getField(FSCR, 'IC', value) : getField(HFSCR, 'IC', value)
  return `${register}[IC] is ${ic}: the facility ${facilityNames.get(ic) ?? 'that has this number'}.`
}

const CIABR_MATCHED = SRR1.trace.mask.CIABR

function traceCause({ savedMsr, from }: InterruptTaken): string {
  if ((from.msr & MSR.mask.SE) !== 0n) return 'while SE was 1'
  if ((savedMsr & CIABR_MATCHED) !== 0n) return 'at the address that CIABR watches'
  return (from.msr & MSR.mask.BE) !== 0n ? 'and is a branch, while BE was 1' : 'while SE or BE was 1'
}

/** What the cause bits that are set say, of SRR1 or of the status register. */
function setCauses(i: InterruptTaken): string[] {
  const saved = causeRows(interrupts[i.id].causes, i.savedMsr)
  return [...saved, ...(statusOf(i)?.bits ?? [])].filter(b => b.value !== '0').map(b => b.meaning)
}

/** What an access was to, where the interrupt tells an address. */
function addressOf(i: InterruptTaken): string[] {
  const { DAR, HDAR, ASDR } = i.wrote
  const data = DAR ?? HDAR
  return [
    ...(data === undefined ? [] : [`The address was ${hex(data)}.`]),
    ...(ASDR === undefined ? [] : [`In guest real storage that is ${hex(ASDR)}.`]),
  ]
}

/** In one paragraph why it came, from what it left behind. `completed` is the instruction before a Trace. */
export function causeOf(i: InterruptTaken, completed: string | null): string {
  if (i.id === 'trace' && completed !== null) return `${completed} completed ${traceCause(i)}.`
  const { FSCR: fscr, HFSCR: hfscr, HEIR: heir } = i.wrote
  const causes = setCauses(i)
  const special = [
    ...(fscr === undefined ? [] : [facilityOf(fscr, 'FSCR')]),
    ...(hfscr === undefined ? [] : [facilityOf(hfscr, 'HFSCR')]),
    ...(heir === undefined ? [] : [`The word is 0x${heir.toString(16).padStart(8, '0')}.`]),
  ]
  return [interrupts[i.id].why, ...causes, ...addressOf(i), ...special].join(' ')
}

// ───────── saved ─────────

export const registerTexts: Readonly<Record<string, string>> = {
  DAR: 'data address',
  DSISR: 'cause of the storage interrupt',
  HEIR: 'image of the instruction',
  SIAR: 'address of the traced instruction',
  SDAR: 'operand address of the traced instruction, where it has one',
  HDAR: 'data address',
  HDSISR: 'cause',
  ASDR: 'guest real address',
  FSCR: 'which facility, in IC',
  HFSCR: 'which facility, in IC',
}

// ───────── the MSR ─────────

type Bit = keyof typeof MSR.mask
type Reason = (i: InterruptTaken, applied: boolean, ail: number) => string

const NO_FP = 'no floating-point exceptions in the handler'
const located: Reason = (_i, applied, ail) => (applied ? `AIL is ${ail}` : 'translation off')
const entry = ({ from }: InterruptTaken) => ({ msr: from.msr, lpcr: from.lpcr })

/** Why a bit changes, or stays although people expect a change. */
const reasons: Readonly<Record<Bit, Reason>> = {
  SE: () => 'the handler is not traced',
  BE: () => 'the handler is not traced',
  RI: i => (savedIn(interrupts[i.id], entry(i)) === 'SRR' ? 'SRR0 and SRR1 are in use' : 'kept'),
  EE: () => 'no asynchronous interrupt until the handler allows it',
  PR: () => 'handlers run in privileged state',
  FP: () => 'VEC and VSX too',
  IR: located,
  DR: located,
  LE: i => (entersHypervisor(interrupts[i.id], entry(i)) ? 'from HID0[HILE]' : 'from LPCR[ILE]'),
  SF: () => '64-bit mode',
  HV: () => 'the interrupt goes to the hypervisor',
  VEC: () => 'handlers begin without vector instructions',
  VSX: () => 'handlers begin without VSX instructions',
  FE0: () => NO_FP,
  FE1: () => NO_FP,
  PMM: () => 'the handler is not marked for the monitor',
  ME: () => 'another machine check would stop the processor',
  TS: () => 'handlers run outside a transaction',
  TM: () => 'handlers begin without transactions',
  S: () => 'from the state that the interrupt goes to',
}
const order: readonly Bit[] = [
  'SE',
  'BE',
  'RI',
  'EE',
  'PR',
  'FP',
  'IR',
  'DR',
  'LE',
  'SF',
  'HV',
  'VEC',
  'VSX',
  'FE0',
  'FE1',
  'PMM',
  'ME',
  'TS',
  'TM',
  'S',
]
/** Of these people ask also when they stay. */
const always: ReadonlySet<Bit> = new Set(['IR', 'DR', 'LE'])
/** Told with FP. */
const withFp: ReadonlySet<Bit> = new Set(['VEC', 'VSX'])

export function msrChanges(i: InterruptTaken, applied: boolean, ail: number): ExceptionView['msr']['changes'] {
  const differs = (name: Bit): boolean => ((i.from.msr ^ i.to.msr) & MSR.mask[name]) !== 0n
  return order.flatMap(name => {
    if (!differs(name) && !always.has(name)) return []
    if (withFp.has(name) && differs('FP')) return []
    const [a, b] = [getField(MSR, name, i.from.msr), getField(MSR, name, i.to.msr)]
    return [{ bits: name, text: a === b ? `stays ${a}` : `${a}→${b}`, reason: reasons[name](i, applied, ail) }]
  })
}
