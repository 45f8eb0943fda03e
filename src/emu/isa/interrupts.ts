/** Interrupts: vector, what is saved where, what the new MSR and address are. Power ISA 3.0B, Book III, chapter 6. */
import { type BitRow, getField, type InterruptId, LPCR, MSR, SRR1_CAUSE_MASK, srr1Causes } from './bitfields.ts'
import type { EffectiveAddress } from './units.ts'

export type { InterruptId } from './bitfields.ts'

export type SavedIn = 'SRR' | 'HSRR' | 'LR/CTR'
/** The registers that take the return address and the MSR. */
export const saveRegisters = { SRR: ['SRR0', 'SRR1'], HSRR: ['HSRR0', 'HSRR1'], 'LR/CTR': ['LR', 'CTR'] } as const

export interface Interrupt {
  readonly id: InterruptId
  readonly vector: number
  readonly name: string
  /** Short, for a block of the timeline. */
  readonly label: string
  readonly kind: 'synchronous' | 'asynchronous'
  /** Where return address and MSR go; `savedIn` knows the one exception (External). */
  readonly saves: SavedIn
  /** Always sets HV; `entersHypervisor` knows the conditional ones (External, System Call). */
  readonly toHypervisor: boolean
  /** LPCR[AIL] may move it. */
  readonly ail: boolean
  /** The saved address is that of the instruction that caused it, or of the one that would have come next. */
  readonly returnsTo: 'culprit' | 'next'
  readonly causes: readonly BitRow[]
  /** Of several that are due, the lowest is taken: those of one instruction first, then what waits between instructions. */
  readonly priority: number
  /** When it is taken. */
  readonly why: string
}

const saving = { S: 'SRR', H: 'HSRR', L: 'LR/CTR' } as const
const row = (
  priority: number,
  vector: number,
  name: string,
  label: string,
  saves: keyof typeof saving,
  flags: string,
  returnsTo: 'culprit' | 'next',
  why: string,
) => ({ vector, name, label, saves: saving[saves], flags, returnsTo, priority, why })

/** Flags: `s` synchronous, `a` asynchronous, `h` to the hypervisor, `A` moved by AIL. Priorities from 100 on: Book III, 6.9; order of QEMU's POWER9. */
// biome-ignore format: a table
const table = {
  //                             priority vector  name                               label            regs flags
  instructionSegment:            row(  1,   0x480, 'Instruction Segment',             'ISEG',          'S', 'sA',  'culprit', 'The fetch address has no segment, or lies outside the range of its quadrant.'),
  instructionStorage:            row(  2,   0x400, 'Instruction Storage',             'ISI',           'S', 'sA',  'culprit', 'The instruction could not be fetched: no translation, or the page forbids it.'),
  hypervisorInstructionStorage:  row(  3,   0xe20, 'Hypervisor Instruction Storage',  'HISI',          'H', 'shA', 'culprit', "The hypervisor's table has no translation for the guest real address of the fetch, or forbids it."),
  emulationAssistance:           row(  4,   0xe40, 'Hypervisor Emulation Assistance', 'assist',        'H', 'shA', 'culprit', 'The word is no instruction of this processor; HEIR holds it.'),
  program:                       row(  5,   0x700, 'Program',                         'program',       'S', 'sA',  'culprit', 'A trap whose condition held, a privileged instruction in problem state, or an enabled floating-point exception.'),
  hypervisorFacilityUnavailable: row(  6,   0xf80, 'Hypervisor Facility Unavailable', 'HV facility',   'H', 'shA', 'culprit', 'The instruction needs a facility that HFSCR withholds.'),
  facilityUnavailable:           row(  7,   0xf60, 'Facility Unavailable',            'facility',      'S', 'sA',  'culprit', 'The instruction needs a facility that FSCR or the MSR withholds.'),
  fpUnavailable:                 row(  8,   0x800, 'Floating-Point Unavailable',      'FP',            'S', 'sA',  'culprit', 'A floating-point instruction with MSR[FP] = 0.'),
  vectorUnavailable:             row(  9,   0xf20, 'Vector Unavailable',              'VEC',           'S', 'sA',  'culprit', 'A vector instruction with MSR[VEC] = 0.'),
  vsxUnavailable:                row( 10,   0xf40, 'VSX Unavailable',                 'VSX',           'S', 'sA',  'culprit', 'A VSX instruction with MSR[VSX] = 0.'),
  dataSegment:                   row( 11,   0x380, 'Data Segment',                    'DSEG',          'S', 'sA',  'culprit', 'The data address has no segment, or lies outside the range of its quadrant.'),
  dataStorage:                   row( 12,   0x300, 'Data Storage',                    'DSI',           'S', 'sA',  'culprit', "A data access without translation or against its page's protection, or one that DAWR watches."),
  hypervisorDataStorage:         row( 13,   0xe00, 'Hypervisor Data Storage',         'HDSI',          'H', 'shA', 'culprit', "The hypervisor's table has no translation for the guest real address of the access, or forbids it."),
  alignment:                     row( 14,   0x600, 'Alignment',                       'align',         'S', 'sA',  'culprit', 'The operand is not aligned as the instruction needs it.'),
  systemCall:                    row( 15,   0xc00, 'System Call',                     'sc',            'S', 'sA',  'next',    'sc was executed; sc 1 calls the hypervisor.'),
  systemCallVectored:            row( 16, 0x17000, 'System Call Vectored',            'scv',           'L', 'sA',  'next',    'scv was executed.'),
  trace:                         row( 17,   0xd00, 'Trace',                           'trace',         'S', 'sA',  'next',    'An instruction completed with MSR[SE] = 1, a branch with MSR[BE] = 1, or one that CIABR matches.'),
  systemReset:                   row(100,   0x100, 'System Reset',                    'reset',         'S', 'ah',  'next',    'A reset was signalled, or the thread woke from power-saving mode.'),
  machineCheck:                  row(101,   0x200, 'Machine Check',                   'machine check', 'S', 'ah',  'culprit', 'The hardware found an error with MSR[ME] = 1.'),
  hypervisorMaintenance:         row(102,   0xe60, 'Hypervisor Maintenance',          'HMI',           'H', 'ah',  'next',    'A bit of HMER that HMEER enables is 1.'),
  hypervisorDecrementer:         row(103,   0x980, 'Hypervisor Decrementer',          'HDEC',          'H', 'ahA', 'next',    'HDEC became negative with LPCR[HDICE] = 1, and EE = 1 or HV = 0.'),
  hypervisorVirtualization:      row(104,   0xea0, 'Hypervisor Virtualization',       'HV external',   'H', 'ahA', 'next',    'The interrupt controller signalled the hypervisor with LPCR[HVICE] = 1, and EE = 1 or HV = 0.'),
  external:                      row(105,   0x500, 'External',                        'external',      'S', 'aA',  'next',    'The interrupt controller holds its line, and EE = 1.'),
  decrementer:                   row(106,   0x900, 'Decrementer',                     'DEC',           'S', 'aA',  'next',    'DEC is negative, and EE = 1.'),
  privilegedDoorbell:            row(107,   0xa00, 'Directed Privileged Doorbell',    'doorbell',      'S', 'aA',  'next',    'Another thread executed msgsndp, and EE = 1.'),
  hypervisorDoorbell:            row(108,   0xe80, 'Directed Hypervisor Doorbell',    'HV doorbell',   'H', 'ahA', 'next',    'Another thread executed msgsnd, and EE = 1.'),
  performanceMonitor:            row(109,   0xf00, 'Performance Monitor',             'PMU',           'S', 'aA',  'next',    'A performance monitor alert occurred, and EE = 1.'),
} as const satisfies Record<InterruptId, ReturnType<typeof row>>

/** In the order of priority. */
export const interruptIds: readonly InterruptId[] = Object.keys(table) as InterruptId[]

export const interrupts = Object.fromEntries(
  interruptIds.map(id => {
    const { flags, ...rest } = table[id]
    return [
      id,
      {
        id,
        ...rest,
        kind: flags.includes('s') ? 'synchronous' : 'asynchronous',
        toHypervisor: flags.includes('h'),
        ail: flags.includes('A'),
        causes: srr1Causes[id],
      } satisfies Interrupt,
    ]
  }),
) as unknown as Readonly<Record<InterruptId, Interrupt>>

/** In a sentence: "data storage interrupt (0x300)". */
export const interruptInWords = (id: InterruptId): string =>
  `${table[id].name.replace(/\b[A-Z](?=[a-z])/g, c => c.toLowerCase())} interrupt (0x${table[id].vector.toString(16)})`

/** Which book the processor follows: 3.0B is POWER9, 3.1 is POWER10. */
export type Isa = '3.0B' | '3.1'

/** The state in which an interrupt finds the thread. */
export interface Entry {
  /** MSR at the time, after the instruction where it completed. */
  readonly msr: bigint
  readonly lpcr: bigint
  /** HID0[HILE]: byte order of the hypervisor's interrupts. Little-endian where left out. */
  readonly hile?: boolean
  /** LEV of sc or scv. */
  readonly lev?: number
  readonly isa?: Isa
}

const is = <N extends string>(register: { readonly mask: Readonly<Record<N, bigint>> }, name: N, value: bigint): boolean =>
  (value & register.mask[name]) !== 0n

/** Whether the interrupt leaves HV = 1. */
export function entersHypervisor(interrupt: Interrupt, { msr, lpcr, lev = 0 }: Entry): boolean {
  if (interrupt.toHypervisor || is(MSR, 'HV', msr)) return true
  // Bits of LEV besides the last are reserved (Book III, 3.3.1).
  if (interrupt.id === 'systemCall') return (lev & 1) === 1
  return interrupt.id === 'external' && !is(LPCR, 'LPES', lpcr)
}

/** The registers that take the return address and the MSR. */
export const savedIn = (interrupt: Interrupt, { lpcr }: Pick<Entry, 'lpcr'>): SavedIn =>
  interrupt.id === 'external' && !is(LPCR, 'LPES', lpcr) ? 'HSRR' : interrupt.saves

/** What SRR1 or HSRR1 gets: the MSR with the cause bits replaced by `causes`. `scv` saves the MSR whole, in CTR. */
export const savedMsr = (interrupt: Interrupt, msr: bigint, causes = 0n): bigint =>
  interrupt.saves === 'LR/CTR' ? msr : (msr & ~SRR1_CAUSE_MASK) | causes

export interface AilVerdict {
  /** IR and DR are on after the interrupt, and the address is the alternate one. */
  readonly applied: boolean
  /** One sentence: why it applies or not. */
  readonly reason: string
  /** The value of AIL in force: 0, 2 or 3. */
  readonly ail: 0 | 2 | 3
}

/** Whether the alternate interrupt location applies. Book III, 2.2 (LPCR[AIL]) and 6.4.3. */
export function alternateLocation(interrupt: Interrupt, entry: Entry): AilVerdict {
  const no = (reason: string): AilVerdict => ({ applied: false, reason, ail: 0 })
  if (!interrupt.ail) return no(`AIL never applies to ${interrupt.name}.`)
  const { msr, lpcr, isa = '3.0B' } = entry
  const ir = is(MSR, 'IR', msr)
  const dr = is(MSR, 'DR', msr)
  const translated = ir && dr
  const off = ir ? 'DR is off' : dr ? 'IR is off' : 'IR and DR are off'
  const fromHypervisor = is(MSR, 'HV', msr)
  const toHypervisor = entersHypervisor(interrupt, entry)
  if (isa === '3.1' && toHypervisor) {
    if (!is(LPCR, 'HAIL', lpcr)) return no('HAIL is 0.')
    if (fromHypervisor && !translated) return no(`HAIL is 1, but ${off}, so it does not apply.`)
    return {
      applied: true,
      reason: `HAIL is 1${fromHypervisor ? ', and IR and DR are on' : ', and the interrupt comes from the guest'}.`,
      ail: 3,
    }
  }
  const ail = Number(getField(LPCR, 'AIL', lpcr))
  if (ail === 0) return no('AIL is 0.')
  if (ail === 1 || (ail === 2 && isa === '3.1')) return no(`AIL ${ail} is reserved and counts as 0.`)
  if (!translated) return no(`AIL is ${ail}, but ${off}, so it does not apply.`)
  if (toHypervisor && !fromHypervisor && !is(LPCR, 'HR', lpcr))
    return no(`AIL is ${ail}, but the interrupt goes from the guest to a hypervisor without radix translation, so it does not apply.`)
  return { applied: true, reason: `AIL is ${ail}, and IR and DR are on.`, ail: ail as 2 | 3 }
}

export interface VectorAddress extends AilVerdict {
  readonly address: EffectiveAddress
  /** The two numbers of which the address is the sum: the vector (of scv with its LEV), and what AIL adds. */
  readonly base: bigint
  readonly added: bigint
}

const AIL_OFFSET = { 0: 0n, 2: 0x18000n, 3: 0xc000000000004000n } as const
/** scv has addresses of its own: those of AIL 2 are those of AIL 0. */
const SCV_AIL_3 = 0xc000000000003000n

/** The last answer for each interrupt: one after the other it is asked for the same again and again. */
const lastAnswers = new Map<InterruptId, { readonly key: readonly unknown[]; readonly answer: VectorAddress }>()
const DECIDING = MSR.mask.HV | MSR.mask.IR | MSR.mask.DR

/** Where the interrupt goes. */
export function vectorAddress(interrupt: Interrupt, entry: Entry): VectorAddress {
  const last = lastAnswers.get(interrupt.id)
  const key = [entry.msr & DECIDING, entry.lpcr, entry.lev ?? 0, entry.isa ?? '3.0B']
  if (last?.key.every((part, n) => part === key[n])) return last.answer
  const answer = newVectorAddress(interrupt, entry)
  lastAnswers.set(interrupt.id, { key, answer })
  return answer
}

function newVectorAddress(interrupt: Interrupt, entry: Entry): VectorAddress {
  const verdict = alternateLocation(interrupt, entry)
  let base = BigInt(interrupt.vector)
  let added: bigint = AIL_OFFSET[verdict.ail]
  if (interrupt.id === 'systemCallVectored') {
    const level = 32n * BigInt(entry.lev ?? 0)
    base = verdict.ail === 3 ? level : base + level
    added = verdict.ail === 3 ? SCV_AIL_3 : 0n
  }
  return { ...verdict, address: base + added, base, added }
}

const keptBits = (interrupt: Interrupt, entry: Entry): bigint => {
  let kept = MSR.mask.HV
  if (interrupt.id !== 'machineCheck') kept |= MSR.mask.ME
  if (savedIn(interrupt, entry) !== 'SRR') kept |= MSR.mask.RI
  if (interrupt.id === 'systemCallVectored') kept |= MSR.mask.EE
  return kept
}

/** The MSR with which the handler begins. Book III, 6.4.3. */
export function newMsr(interrupt: Interrupt, entry: Entry): bigint {
  const hypervisor = entersHypervisor(interrupt, entry)
  let msr = (entry.msr & keptBits(interrupt, entry)) | MSR.mask.SF
  if (hypervisor) msr |= MSR.mask.HV
  if (hypervisor ? (entry.hile ?? true) : is(LPCR, 'ILE', entry.lpcr)) msr |= MSR.mask.LE
  if (vectorAddress(interrupt, entry).applied) msr |= MSR.mask.IR | MSR.mask.DR
  return msr
}
