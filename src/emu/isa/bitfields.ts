/** Bits of the registers: name, big-endian bit number, meaning. Power ISA 3.0B, Books I and III; POWER10 bits say so. */

export interface BitRow<N extends string = string> {
  readonly name: N
  /** Big-endian number of the (first) bit within the register's width. */
  readonly bit: number
  /** Last bit of a field; equals `bit` where it is one bit. */
  readonly last: number
  readonly meaning: string
}

export interface BitField<N extends string = string> {
  readonly name: string
  readonly width: 4 | 32 | 64
  readonly bits: readonly BitRow<N>[]
  /** Mask of each bit or field in the register's value. */
  readonly mask: Readonly<Record<N, bigint>>
  /** Number of the lowest bit, counted from the least significant. */
  readonly shift: Readonly<Record<N, number>>
}

export const bit = <const N extends string>(name: N, n: number, meaning: string): BitRow<N> => ({ name, bit: n, last: n, meaning })
export const field = <const N extends string>(name: N, first: number, last: number, meaning: string): BitRow<N> => ({
  name,
  bit: first,
  last,
  meaning,
})

export function bitField<N extends string>(name: string, width: 4 | 32 | 64, bits: readonly BitRow<N>[]): BitField<N> {
  const mask = {} as Record<N, bigint>
  const shift = {} as Record<N, number>
  for (const row of bits) {
    const lowest = width - 1 - row.last
    shift[row.name] = lowest
    mask[row.name] = ((1n << BigInt(row.last - row.bit + 1)) - 1n) << BigInt(lowest)
  }
  return { name, width, bits, mask, shift }
}

/** The bit or field of a register's value, moved down to bit 0. */
export const getField = <N extends string>(register: BitField<N>, name: N, value: bigint): bigint =>
  (value & register.mask[name]) >> BigInt(register.shift[name])

/** The register's value with the field replaced; bits of `to` that do not fit are dropped. */
export const setField = <N extends string>(register: BitField<N>, name: N, value: bigint, to: bigint): bigint =>
  replaceBits(value, register.mask[name], to << BigInt(register.shift[name]))

const replaceBits = (value: bigint, mask: bigint, to: bigint): bigint => (value & ~mask) | (to & mask)

/** Book III, 3.2.1. */
// biome-ignore format: a table
export const MSR = bitField('MSR', 64, [
  bit(  'SF',   0,     'Sixty-four-bit mode: addresses are not cut to 32 bits.'),
  bit(  'HV',   3,     'Hypervisor state, when PR is 0.'),
  field('TS',  29, 30, 'Transaction state: 0 none, 1 suspended, 2 transactional. Stays 0 here.'),
  bit(  'TM',  31,     'Transactional memory available. Stays 0 here.'),
  bit(  'VEC', 38,     'Vector instructions available; else they take Vector Unavailable.'),
  bit(  'VSX', 40,     'VSX instructions available; else they take VSX Unavailable.'),
  bit(  'S',   41,     'Secure state.'),
  bit(  'EE',  48,     'External, decrementer, doorbell and performance monitor interrupts are enabled.'),
  bit(  'PR',  49,     'Problem state: privileged instructions take a Program interrupt.'),
  bit(  'FP',  50,     'Floating-point instructions available; else they take FP Unavailable.'),
  bit(  'ME',  51,     'Machine check interrupts are enabled; without it a machine check stops the processor.'),
  bit(  'FE0', 52,     'Floating-point exception mode, with FE1: 00 ignored, 11 precise.'),
  bit(  'SE',  53,     'Single-step trace: a Trace interrupt follows each instruction that completes.'),
  bit(  'BE',  54,     'Branch trace: a Trace interrupt follows each branch that completes, taken or not.'),
  bit(  'FE1', 55,     'Floating-point exception mode, with FE0.'),
  bit(  'IR',  58,     'Instruction addresses are translated.'),
  bit(  'DR',  59,     'Data addresses are translated.'),
  bit(  'PMM', 61,     'Performance monitor mark: the monitor may count only marked programs.'),
  bit(  'RI',  62,     'Recoverable interrupt: SRR0 and SRR1 hold nothing that is still needed.'),
  bit(  'LE',  63,     'Little-endian mode, for instructions and data.'),
])

/** Book III, 2.2. */
// biome-ignore format: a table
export const LPCR = bitField('LPCR', 64, [
  field('VPM',     0,  1, 'Virtualized partition memory: faults of the guest in virtual real mode (0) and with translation on (1) go to the hypervisor.'),
  bit(  'ISL',     2,     'Ignore the page sizes of the segment table: 4 KiB throughout (hash).'),
  bit(  'KBV',     3,     'Key-based virtualization: key faults go to the hypervisor.'),
  field('DPFD',    9, 11, 'Default prefetch depth.'),
  field('PECE_U', 17, 19, 'Power-saving exit causes, upper part.'),
  bit(  'HAIL',   37,     'POWER10: interrupts to the hypervisor go to 0xc000000000004000 with translation on.'),
  bit(  'ILE',    38,     'Interrupts that leave HV = 0 set MSR[LE] to this.'),
  field('AIL',    39, 40, 'Alternate interrupt location: 0 none, 2 adds 0x18000, 3 adds 0xc000000000004000.'),
  bit(  'UPRT',   41,     'Use process table.'),
  bit(  'EVIRT',  42,     'Accesses to undefined SPRs go to the hypervisor instead of doing nothing.'),
  bit(  'HR',     43,     'Host radix: the partition is translated by radix trees.'),
  bit(  'ONL',    45,     'The thread counts as online for PURR and SPURR.'),
  bit(  'LD',     46,     'Large decrementer: DEC is wider than 32 bits.'),
  field('PECE_L', 47, 51, 'Power-saving exit causes: which interrupts wake the thread.'),
  bit(  'MER',    52,     'Mediated external exception request: an External interrupt that the hypervisor injects.'),
  bit(  'GTSE',   53,     'Guest translation shootdown enable: the guest may execute tlbie.'),
  bit(  'TC',     54,     'Translation control (hash).'),
  bit(  'HEIC',   59,     'Hypervisor external interrupt control: no External interrupts in hypervisor state.'),
  bit(  'LPES',   60,     'External interrupts: 0 go to the hypervisor through HSRR0/1, 1 keep HV and use SRR0/1.'),
  bit(  'HVICE',  62,     'Hypervisor Virtualization interrupts are enabled.'),
  bit(  'HDICE',  63,     'Hypervisor Decrementer interrupts are enabled.'),
])

/** Book I, 3.2.2. */
// biome-ignore format: a table
export const XER = bitField('XER', 64, [
  bit(  'SO',     32,     'Summary overflow: set with OV, cleared only by mtxer.'),
  bit(  'OV',     33,     'Overflow of the last instruction with OE = 1.'),
  bit(  'CA',     34,     'Carry out of bit 0 (or 32 in 32-bit mode).'),
  bit(  'OV32',   44,     'Overflow of the low 32 bits.'),
  bit(  'CA32',   45,     'Carry out of the low 32 bits.'),
  field('length', 57, 63, 'Number of bytes of lswx and stswx.'),
])

/** One field of CR, as four bits. Book I, 2.3.1. */
// biome-ignore format: a table
export const CR = bitField('CR', 4, [
  bit('LT',  0, 'Less than, or negative.'),
  bit('GT',  1, 'Greater than, or positive.'),
  bit('EQ',  2, 'Equal, or zero; after a store conditional: the store was done.'),
  bit('SO',  3, 'Copy of XER[SO]; unordered after a floating-point compare.'),
])

/** Book I, 4.2.2. */
// biome-ignore format: a table
export const FPSCR = bitField('FPSCR', 64, [
  field('DRN',    29, 31, 'Decimal rounding mode.'),
  bit(  'FX',     32,     'Some exception bit was set since this was cleared.'),
  bit(  'FEX',    33,     'Some enabled exception is set.'),
  bit(  'VX',     34,     'Some invalid-operation bit is set.'),
  bit(  'OX',     35,     'Overflow.'),
  bit(  'UX',     36,     'Underflow.'),
  bit(  'ZX',     37,     'Division by zero.'),
  bit(  'XX',     38,     'Inexact.'),
  bit(  'VXSNAN', 39,     'Invalid: signalling NaN.'),
  bit(  'VXISI',  40,     'Invalid: infinity minus infinity.'),
  bit(  'VXIDI',  41,     'Invalid: infinity divided by infinity.'),
  bit(  'VXZDZ',  42,     'Invalid: zero divided by zero.'),
  bit(  'VXIMZ',  43,     'Invalid: infinity times zero.'),
  bit(  'VXVC',   44,     'Invalid compare.'),
  bit(  'FR',     45,     'The last result was rounded up in magnitude.'),
  bit(  'FI',     46,     'The last result was inexact.'),
  bit(  'C',      47,     'Result class descriptor.'),
  bit(  'FL',     48,     'Less than, or negative.'),
  bit(  'FG',     49,     'Greater than, or positive.'),
  bit(  'FE',     50,     'Equal, or zero.'),
  bit(  'FU',     51,     'Unordered, or NaN.'),
  bit(  'VXSOFT', 53,     'Invalid: asked for by software.'),
  bit(  'VXSQRT', 54,     'Invalid square root.'),
  bit(  'VXCVI',  55,     'Invalid conversion to integer.'),
  bit(  'VE',     56,     'Invalid operations are enabled to interrupt.'),
  bit(  'OE',     57,     'Overflow is enabled to interrupt.'),
  bit(  'UE',     58,     'Underflow is enabled to interrupt.'),
  bit(  'ZE',     59,     'Division by zero is enabled to interrupt.'),
  bit(  'XE',     60,     'Inexact is enabled to interrupt.'),
  bit(  'NI',     61,     'Non-IEEE mode.'),
  field('RN',     62, 63, 'Rounding: 0 nearest even, 1 to zero, 2 up, 3 down.'),
])

/** The 32-bit image. Book III, 6.5.3. */
// biome-ignore format: a table
const storageFault = [
  bit('noTranslation',    1, 'No translation was found for the address.'),
  bit('protection',       4, 'The page does not permit the access.'),
  bit('guarded',          5, 'The access is not allowed to cache-inhibited or guarded storage.'),
  bit('store',            6, 'The access was a store.'),
  bit('dawr',             9, 'A watched address was matched (DAWR).'),
  bit('key',             10, 'A virtual page class key forbids the access.'),
  bit('configuration',   12, 'The MMU configuration is not supported.'),
  bit('referenceChange', 13, 'A reference or change bit of the page table has to be set.'),
  bit('processTable',    14, 'The fault came in reading the process table.'),
  bit('functionCode',    29, 'The function code of an atomic memory operation is none.'),
] as const
export const DSISR = bitField('DSISR', 32, storageFault)
export const HDSISR = bitField('HDSISR', 32, storageFault)

/** Facilities offered to problem state. Book III, 6.2.10. The bit's number from the right is its interrupt cause (IC). */
// biome-ignore format: a table
export const FSCR = bitField('FSCR', 64, [
  field('IC',      0,  7, 'Which facility the last Facility Unavailable interrupt was about.'),
  bit(  'PREFIX', 50,     'POWER10: prefixed instructions.'),
  bit(  'SCV',    51,     'System Call Vectored.'),
  bit(  'TAR',    55,     'The branch target register TAR and bctar.'),
  bit(  'EBB',    56,     'Event-based branches.'),
  bit(  'DSCR',   61,     'DSCR through its problem-state number 3.'),
])

/** Facilities offered below hypervisor state. Book III, 6.2.11. The bit's number from the right is its interrupt cause (IC). */
// biome-ignore format: a table
export const HFSCR = bitField('HFSCR', 64, [
  field('IC',      0,  7, 'Which facility the last Hypervisor Facility Unavailable interrupt was about.'),
  bit(  'PREFIX', 50,     'POWER10: prefixed instructions.'),
  bit(  'MSGP',   53,     'Privileged doorbells: msgsndp, msgclrp, TIR and DPDES.'),
  bit(  'TAR',    55,     'The branch target register TAR and bctar.'),
  bit(  'EBB',    56,     'Event-based branches.'),
  bit(  'TM',     58,     'Transactional memory.'),
  bit(  'BHRB',   59,     'Branch history rolling buffer.'),
  bit(  'PM',     60,     'Performance monitor registers.'),
  bit(  'DSCR',   61,     'DSCR.'),
  bit(  'VECVSX', 62,     'Vector and VSX instructions.'),
  bit(  'FP',     63,     'Floating-point instructions.'),
])

/** Interrupt causes (FSCR[IC], HFSCR[IC]). */
// biome-ignore format: a table
export const facilityCause = {
  FP: 0, VECVSX: 1, DSCR: 2, PM: 3, BHRB: 4, TM: 5, EBB: 7, TAR: 8, MSGP: 10, SCV: 12, PREFIX: 13,
} as const

/** Extension of the data address watchpoint. Book III, 8.4. */
// biome-ignore format: a table
export const DAWRX = bitField('DAWRX', 64, [
  field('MRD',    48, 53, 'Length of the watched range in doublewords, less one.'),
  bit(  'HRAMMC', 56,     'Hypervisor real mode: compare ignoring the top bit.'),
  bit(  'DW',     57,     'Stores match.'),
  bit(  'DR',     58,     'Loads match.'),
  bit(  'WT',     59,     'Match where MSR[DR] equals this bit, unless WTI.'),
  bit(  'WTI',    60,     'Match whatever MSR[DR] is.'),
  bit(  'HYP',    61,     'Match in hypervisor state.'),
  bit(  'PNH',    62,     'Match in privileged non-hypervisor state.'),
  bit(  'PRO',    63,     'Match in problem state.'),
])

/** Completed instruction address breakpoint. Book III, 8.3. */
// biome-ignore format: a table
export const CIABR = bitField('CIABR', 64, [
  field('CIEA',  0, 61, 'Address of the instruction, without its two low bits.'),
  field('PRIV', 62, 63, 'Where it matches: 0 nowhere, 1 problem state, 2 privileged non-hypervisor state, 3 hypervisor state.'),
])

/** Monitor mode control 0. Book III, 9.4.4. */
// biome-ignore format: a table
export const MMCR0 = bitField('MMCR0', 64, [
  bit(  'FC',     32, 'Freeze the counters.'),
  bit(  'FCS',    33, 'Freeze them in privileged state.'),
  bit(  'FCP',    34, 'Freeze them in problem state.'),
  bit(  'FCM1',   35, 'Freeze them while MSR[PMM] is 1.'),
  bit(  'FCM0',   36, 'Freeze them while MSR[PMM] is 0.'),
  bit(  'PMAE',   37, 'Alerts are enabled; an alert clears it.'),
  bit(  'FCECE',  38, 'An alert freezes the counters.'),
  field('TBSEL',  39, 40, 'Bit of the time base whose change is an event.'),
  bit(  'TBEE',   41, 'Changes of that bit may alert.'),
  bit(  'BHRBA',  42, 'Problem state may read the branch history.'),
  bit(  'EBE',    43, 'Alerts are event-based branches, not interrupts.'),
  field('PMCC',   44, 45, 'What problem state may do with the monitor.'),
  bit(  'PMC1CE', 48, 'A negative PMC1 may alert.'),
  bit(  'PMCjCE', 49, 'A negative PMC2 to PMC6 may alert.'),
  bit(  'PMAO',   56, 'An alert has occurred.'),
  bit(  'FC1_4',  58, 'Freeze PMC1 to PMC4.'),
  bit(  'FC5_6',  59, 'Freeze PMC5 and PMC6.'),
  bit(  'FCHV',   63, 'Freeze the counters in hypervisor state.'),
])

/** Monitor mode control 1: the events. Book III, 9.4.5. */
// biome-ignore format: a table
export const MMCR1 = bitField('MMCR1', 64, [
  field('PMC1SEL', 32, 39, 'Event that PMC1 counts.'),
  field('PMC2SEL', 40, 47, 'Event that PMC2 counts.'),
  field('PMC3SEL', 48, 55, 'Event that PMC3 counts.'),
  field('PMC4SEL', 56, 63, 'Event that PMC4 counts.'),
])

/** Branch event status and control. Book II, 7.1. */
// biome-ignore format: a table
export const BESCR = bitField('BESCR', 64, [
  bit('GE',    0, 'Event-based branches are enabled; one clears it.'),
  bit('EE',   30, 'External events are enabled.'),
  bit('PME',  31, 'Events of the performance monitor are enabled.'),
  bit('EEO',  62, 'An external event has occurred.'),
  bit('PMEO', 63, 'An event of the performance monitor has occurred.'),
])

/** Bits of SRR1 and HSRR1 that hold the cause; the others are those of the MSR. */
export const SRR1_CAUSE_MASK = 0x783f0000n

// biome-ignore format: a table
const fetchFault = [
  bit('noTranslation',   33, 'No translation was found for the address.'),
  bit('noExecute',       35, 'The page is no-execute or guarded.'),
  bit('protection',      36, 'The page does not permit the fetch.'),
  bit('key',             42, 'A virtual page class key forbids the fetch.'),
  bit('configuration',   44, 'The MMU configuration is not supported.'),
  bit('referenceChange', 45, 'The reference bit of the page table has to be set.'),
  bit('processTable',    46, 'The fault came in reading the process table.'),
] as const

/** Cause bits of SRR1 (HSRR1 for the hypervisor's) by interrupt, for those that have some. Book III, 6.5. */
// biome-ignore format: a table
export const SRR1 = {
  systemReset: bitField('SRR1', 64, [
    field('wake',  42, 45, 'What ended power-saving mode; 0 where the thread was running.'),
    field('power', 46, 47, 'How much state power-saving mode kept: 0 not power-saving, 1 all, 2 or 3 some lost.'),
  ]),
  machineCheck: bitField('SRR1', 64, [
    bit('loadStore', 42, 'POWER9: the error was in a load or store, and DSISR says which; else it was in a fetch.'),
  ]),
  instructionStorage: bitField('SRR1', 64, fetchFault),
  hypervisorInstructionStorage: bitField('HSRR1', 64, fetchFault),
  external: bitField('SRR1', 64, [bit('mediated', 42, 'The hypervisor asked for it with LPCR[MER].')]),
  program: bitField('SRR1', 64, [
    bit('enabledFp',  43, 'An enabled floating-point exception.'),
    bit('illegal',    44, 'An illegal instruction, reflected by the hypervisor.'),
    bit('privileged', 45, 'A privileged instruction in problem state.'),
    bit('trap',       46, 'A trap instruction whose condition held.'),
    bit('imprecise',  47, 'SRR0 is not the address of the instruction that caused it.'),
  ]),
  trace: bitField('SRR1', 64, [
    bit('traced',   33, 'An instruction completed: set by every Trace interrupt.'),
    bit('prefixed', 34, 'POWER10: the instruction was prefixed.'),
    bit('load',     35, 'The instruction was a load, or acts as one: icbi, dcbt, dcbst, dcbf.'),
    bit('store',    36, 'The instruction was a store, or acts as one: dcbz, dcbtst.'),
    bit('CIABR',    43, 'The address matched CIABR.'),
  ]),
} as const

/** Cause rows of every interrupt; its keys are the interrupts' names in code. */
export const srr1Causes = {
  systemReset: SRR1.systemReset.bits,
  machineCheck: SRR1.machineCheck.bits,
  dataStorage: [],
  dataSegment: [],
  instructionStorage: SRR1.instructionStorage.bits,
  instructionSegment: [],
  external: SRR1.external.bits,
  alignment: [],
  program: SRR1.program.bits,
  fpUnavailable: [],
  decrementer: [],
  hypervisorDecrementer: [],
  privilegedDoorbell: [],
  systemCall: [],
  trace: SRR1.trace.bits,
  hypervisorDataStorage: [],
  hypervisorInstructionStorage: SRR1.hypervisorInstructionStorage.bits,
  emulationAssistance: [],
  hypervisorMaintenance: [],
  hypervisorDoorbell: [],
  hypervisorVirtualization: [],
  performanceMonitor: [],
  vectorUnavailable: [],
  vsxUnavailable: [],
  facilityUnavailable: [],
  hypervisorFacilityUnavailable: [],
  systemCallVectored: [],
} as const satisfies Record<string, readonly BitRow[]>

export type InterruptId = keyof typeof srr1Causes
