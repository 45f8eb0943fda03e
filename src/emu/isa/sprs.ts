/** Special-purpose registers: number, who may read and write them, what backs them. Power ISA 3.0B, Book III, 4.4.4 and 9. */
import { facilityCause } from './bitfields.ts'

/** Lowest state in which an access is allowed: problem state, privileged non-hypervisor state, hypervisor state, or none at all. */
export type Access = 'problem' | 'privileged' | 'hypervisor' | 'none'

/**
 * How the number reaches its state register. `plain` copies `width` bits; `masked` writes only the bits that are 1 in `writeMask`'s
 * register, unless in hypervisor state. The others are computed, each by the core's rule of that name.
 */
export type SprKind =
  | 'plain' | 'xer' | 'lr' | 'ctr' | 'tb' | 'tbu' | 'writeTbl' | 'writeTbu' | 'writeTbu40' | 'dec' | 'hdec' | 'vtb' | 'purr' | 'ic'
  | 'masked' | 'ctrl' | 'hmer' | 'ppr32' | 'bescrSet' | 'bescrSetUpper' | 'bescrReset' | 'bescrResetUpper'
  | 'monitorView' // biome-ignore format: one family a line

/** What the core has to look at again after a write. */
export type SprEffect = 'translation' | 'breakpoints' | 'interrupts'

/** A gate: with the bit 0 the access takes Facility Unavailable (FSCR: in problem state; HFSCR: below hypervisor state) with this IC. */
export interface SprFacility {
  readonly register: 'FSCR' | 'HFSCR'
  readonly bit: string
  readonly ic: number
}

export interface Spr {
  /** Lower case, as binutils has it in `mf…` and `mt…` where it has one. */
  readonly name: string
  readonly number: number
  /** Register of the state page that backs it; two numbers may share one. */
  readonly state: string
  /** Bits that exist; those above read 0. */
  readonly width: 32 | 64
  readonly read: Access
  readonly write: Access
  readonly kind: SprKind
  readonly meaning: string
  /** Which of `mf<name>` and `mt<name>` binutils knows. */
  readonly extended: { readonly mf: boolean; readonly mt: boolean }
  readonly facility?: readonly SprFacility[]
  readonly effect?: SprEffect
  /** Of `masked`: the register whose 1 bits may be written outside hypervisor state. */
  readonly writeMask?: 'UAMOR' | 'AMOR'
  /** Of `monitorView`: the row of `monitorAccess` that governs it. */
  readonly group?: keyof typeof monitorAccess
  /** Bits that problem state sees and changes through this number; absent where all. */
  readonly view?: bigint
}

/**
 * What MMCR0[PMCC], 0 to 3, makes of a problem-state number of the performance monitor. Book III, 9.4.4.
 * `unavailable` is Facility Unavailable with IC PM, `illegal` Hypervisor Emulation Assistance.
 * Group A: PMC1-4, MMCR0, MMCR2, MMCRA; `A56`: PMC5 and PMC6; group B: SIER, SIAR, SDAR, MMCR1.
 */
export const monitorAccess = {
  A: { read: ['allowed', 'unavailable', 'allowed', 'allowed'], write: ['illegal', 'unavailable', 'allowed', 'allowed'] },
  A56: { read: ['allowed', 'unavailable', 'allowed', 'unavailable'], write: ['illegal', 'unavailable', 'allowed', 'unavailable'] },
  B: { read: ['allowed', 'unavailable', 'allowed', 'allowed'], write: ['illegal', 'illegal', 'illegal', 'illegal'] },
} as const

const access = { U: 'problem', P: 'privileged', H: 'hypervisor', '-': 'none' } as const
type Letter = keyof typeof access
type Extra = Pick<Spr, 'facility' | 'effect' | 'writeMask' | 'group' | 'view'>

/** `rights` is who may read, then who may write; `mnemonics` names the extended mnemonics: `m` both, `f` from, `t` to, `-` none. */
const spr = (
  number: number,
  name: string,
  state: string,
  width: 32 | 64,
  rights: `${Letter}${Letter}`,
  mnemonics: 'm' | 'f' | 't' | '-',
  kind: SprKind,
  meaning: string,
  extra: Extra = {},
): Spr => ({
  name,
  number,
  state,
  width,
  read: access[rights[0] as Letter],
  write: access[rights[1] as Letter],
  kind,
  meaning,
  extended: { mf: mnemonics === 'm' || mnemonics === 'f', mt: mnemonics === 'm' || mnemonics === 't' },
  ...extra,
})

const gate = (register: 'FSCR' | 'HFSCR', bit: keyof typeof facilityCause): SprFacility => ({ register, bit, ic: facilityCause[bit] })
const hv = (name: keyof typeof facilityCause): Extra => ({ facility: [gate('HFSCR', name)] })
const both = (name: keyof typeof facilityCause): Extra => ({ facility: [gate('FSCR', name), gate('HFSCR', name)] })
const monitor = hv('PM')
const groupA: Extra = { ...monitor, group: 'A' }
const groupA56: Extra = { ...monitor, group: 'A56' }
const groupB: Extra = { ...monitor, group: 'B' }
const translation: Extra = { effect: 'translation' }
const byUamor: Extra = { ...translation, writeMask: 'UAMOR' }
const byAmor: Extra = { ...translation, writeMask: 'AMOR' }
const breakpoints: Extra = { effect: 'breakpoints' }
const interrupts: Extra = { effect: 'interrupts' }

/** FC, PMAE and PMAO of MMCR0. */
const MMCR0_VIEW = 0x84000080n
/** FC1P0 to FC6P0 of MMCR2: one in each group of nine bits. */
const MMCR2_VIEW = [1, 10, 19, 28, 37, 46].reduce((m, n) => m | (1n << BigInt(63 - n)), 0n)

/** In the order of their numbers. */
// biome-ignore format: a table
export const sprs: readonly Spr[] = [
  spr(   1, 'xer',     'XER',    64, 'UU', 'm', 'xer',         'Fixed-point exceptions: SO, OV, CA, OV32, CA32, string length.'),
  spr(   3, 'udscr',   'DSCR',   64, 'UU', 'm', 'plain',       'DSCR, by its problem-state number.', both('DSCR')),
  spr(   8, 'lr',      'LR',     64, 'UU', 'm', 'lr',          'Link register: return address.'),
  spr(   9, 'ctr',     'CTR',    64, 'UU', 'm', 'ctr',         'Count register: loop count or branch target.'),
  spr(  13, 'uamr',    'AMR',    64, 'UU', 'm', 'masked',      'AMR, by its problem-state number; UAMOR says which bits may change.', byUamor),
  spr(  17, 'dscr',    'DSCR',   64, 'PP', 'm', 'plain',       'Data stream control: how far to prefetch.', hv('DSCR')),
  spr(  18, 'dsisr',   'DSISR',  32, 'PP', 'm', 'plain',       'Cause of the last Data Storage interrupt.'),
  spr(  19, 'dar',     'DAR',    64, 'PP', 'm', 'plain',       'Data address of the last storage or alignment interrupt.'),
  spr(  22, 'dec',     'DEC',    64, 'PP', 'm', 'dec',         'Decrementer: counts down with the time base; interrupts while negative.', interrupts),
  spr(  26, 'srr0',    'SRR0',   64, 'PP', 'm', 'plain',       'Save/restore 0: address to which rfid returns.'),
  spr(  27, 'srr1',    'SRR1',   64, 'PP', 'm', 'plain',       'Save/restore 1: MSR that rfid restores, and the cause of the interrupt.'),
  spr(  28, 'cfar',    'CFAR',   64, 'PP', 'm', 'plain',       'Come-from address: the last branch that was taken.'),
  spr(  29, 'amr',     'AMR',    64, 'PP', 'm', 'masked',      'Authority mask: what each page class key permits.', byAmor),
  spr(  48, 'pidr',    'PIDR',   32, 'PP', '-', 'plain',       'Process identifier: selects the process table entry of quadrant 0.', translation),
  spr(  61, 'iamr',    'IAMR',   64, 'PP', '-', 'masked',      'Instruction authority mask: which page class keys forbid fetching.', byAmor),
  spr( 136, 'ctrl',    'CTRL',   32, 'U-', 'f', 'ctrl',        'Run latch, to read.'),
  spr( 144, 'tidr',    'TIDR',   64, 'PP', '-', 'plain',       'Thread identifier, for wait and notify.'),
  spr( 152, 'ctrl',    'CTRL',   32, '-P', 't', 'ctrl',        'Run latch, to write.'),
  spr( 153, 'fscr',    'FSCR',   64, 'PP', '-', 'plain',       'Facilities that problem state may use.'),
  spr( 157, 'uamor',   'UAMOR',  64, 'PP', 'm', 'masked',      'Bits of AMR that problem state may change.', { writeMask: 'AMOR' }),
  spr( 176, 'dpdes',   'DPDES',  64, 'PH', '-', 'plain',       'Pending privileged doorbells.', { ...interrupts, ...hv('MSGP') }),
  spr( 180, 'dawr0',   'DAWR0',  64, 'HH', '-', 'plain',       'Watched data address, a doubleword.', breakpoints),
  spr( 181, 'dawr1',   'DAWR1',  64, 'HH', '-', 'plain',       'POWER10: second watched data address.', breakpoints),
  spr( 186, 'rpr',     'RPR',    64, 'HH', '-', 'plain',       'Relative priorities of the threads.'),
  spr( 187, 'ciabr',   'CIABR',  64, 'HH', '-', 'plain',       'Completed instruction address breakpoint.', breakpoints),
  spr( 188, 'dawrx0',  'DAWRX0', 64, 'HH', '-', 'plain',       'Where and when DAWR0 matches.', breakpoints),
  spr( 189, 'dawrx1',  'DAWRX1', 64, 'HH', '-', 'plain',       'POWER10: where and when DAWR1 matches.', breakpoints),
  spr( 190, 'hfscr',   'HFSCR',  64, 'HH', '-', 'plain',       'Facilities that the guest may use.'),
  spr( 256, 'vrsave',  'VRSAVE', 32, 'UU', 'm', 'plain',       'Vector registers in use, by software convention.'),
  spr( 259, 'usprg3',  'SPRG3',  64, 'U-', '-', 'plain',       'SPRG3, to read in problem state.'),
  spr( 268, 'tb',      'TB',     64, 'U-', 'f', 'tb',          'Time base.'),
  spr( 269, 'tbu',     'TB',     32, 'U-', 'f', 'tbu',         'Time base, upper half.'),
  spr( 272, 'sprg0',   'SPRG0',  64, 'PP', '-', 'plain',       'For the operating system.'),
  spr( 273, 'sprg1',   'SPRG1',  64, 'PP', '-', 'plain',       'For the operating system.'),
  spr( 274, 'sprg2',   'SPRG2',  64, 'PP', '-', 'plain',       'For the operating system.'),
  spr( 275, 'sprg3',   'SPRG3',  64, 'PP', '-', 'plain',       'For the operating system; problem state may read it as 259.'),
  spr( 284, 'tbl',     'TB',     32, '-H', 't', 'writeTbl',    'Time base, lower half, to write.', interrupts),
  spr( 285, 'tbu',     'TB',     32, '-H', 't', 'writeTbu',    'Time base, upper half, to write.', interrupts),
  spr( 286, 'tbu40',   'TB',     64, '-H', '-', 'writeTbu40',  'Time base, upper 40 bits, to write.', interrupts),
  spr( 287, 'pvr',     'PVR',    32, 'P-', 'f', 'plain',       'Processor version: POWER9 is 0x004e1200.'),
  spr( 304, 'hsprg0',  'HSPRG0', 64, 'HH', '-', 'plain',       'For the hypervisor.'),
  spr( 305, 'hsprg1',  'HSPRG1', 64, 'HH', '-', 'plain',       'For the hypervisor.'),
  spr( 306, 'hdsisr',  'HDSISR', 32, 'HH', '-', 'plain',       'Cause of the last Hypervisor Data Storage interrupt.'),
  spr( 307, 'hdar',    'HDAR',   64, 'HH', '-', 'plain',       'Data address of the last Hypervisor Data Storage interrupt.'),
  spr( 308, 'spurr',   'SPURR',  64, 'PH', '-', 'purr',        'Scaled use of the processor by this thread.'),
  spr( 309, 'purr',    'PURR',   64, 'PH', '-', 'purr',        'Use of the processor by this thread.'),
  spr( 310, 'hdec',    'HDEC',   64, 'HH', '-', 'hdec',        'Hypervisor decrementer.', interrupts),
  spr( 313, 'hrmor',   'HRMOR',  64, 'HH', '-', 'plain',       'Offset of hypervisor real mode.', translation),
  spr( 314, 'hsrr0',   'HSRR0',  64, 'HH', '-', 'plain',       'Hypervisor save/restore 0: address to which hrfid returns.'),
  spr( 315, 'hsrr1',   'HSRR1',  64, 'HH', '-', 'plain',       'Hypervisor save/restore 1: MSR that hrfid restores, and the cause.'),
  spr( 318, 'lpcr',    'LPCR',   64, 'HH', '-', 'plain',       'Logical partitioning control: AIL, ILE, translation, interrupts.', translation),
  spr( 319, 'lpidr',   'LPIDR',  32, 'HH', '-', 'plain',       'Logical partition identifier: selects the partition table entry.', translation),
  spr( 336, 'hmer',    'HMER',   64, 'HH', 'm', 'hmer',        'Hypervisor maintenance exceptions; a write clears the bits that are 0 in it.', interrupts),
  spr( 337, 'hmeer',   'HMEER',  64, 'HH', 'm', 'plain',       'Which bits of HMER interrupt.', interrupts),
  spr( 338, 'pcr',     'PCR',    64, 'HH', '-', 'plain',       'Processor compatibility: versions of the architecture to withhold.'),
  spr( 339, 'heir',    'HEIR',   32, 'HH', '-', 'plain',       'Image of the instruction of the last Hypervisor Emulation Assistance interrupt.'),
  spr( 349, 'amor',    'AMOR',   64, 'HH', 'm', 'plain',       'Bits of AMR, IAMR and UAMOR that the guest may change.'),
  spr( 446, 'tir',     'TIR',    64, 'P-', '-', 'plain',       'Thread number within its core.', hv('MSGP')),
  spr( 464, 'ptcr',    'PTCR',   64, 'HH', '-', 'plain',       'Address and size of the partition table.', translation),
  spr( 768, 'usier',   'SIER',   64, 'U-', '-', 'monitorView', 'SIER, by its problem-state number.', groupB),
  spr( 769, 'ummcr2',  'MMCR2',  64, 'UU', 'm', 'monitorView', 'MMCR2, by its problem-state number.', { ...groupA, view: MMCR2_VIEW }),
  spr( 770, 'ummcra',  'MMCRA',  64, 'UU', 'm', 'monitorView', 'MMCRA, by its problem-state number.', groupA),
  spr( 771, 'upmc1',   'PMC1',   32, 'UU', 'm', 'monitorView', 'PMC1, by its problem-state number.', groupA),
  spr( 772, 'upmc2',   'PMC2',   32, 'UU', 'm', 'monitorView', 'PMC2, by its problem-state number.', groupA),
  spr( 773, 'upmc3',   'PMC3',   32, 'UU', 'm', 'monitorView', 'PMC3, by its problem-state number.', groupA),
  spr( 774, 'upmc4',   'PMC4',   32, 'UU', 'm', 'monitorView', 'PMC4, by its problem-state number.', groupA),
  spr( 775, 'upmc5',   'PMC5',   32, 'UU', 'm', 'monitorView', 'PMC5, by its problem-state number.', groupA56),
  spr( 776, 'upmc6',   'PMC6',   32, 'UU', 'm', 'monitorView', 'PMC6, by its problem-state number.', groupA56),
  spr( 779, 'ummcr0',  'MMCR0',  64, 'UU', 'm', 'monitorView', 'MMCR0, by its problem-state number.', { ...groupA, view: MMCR0_VIEW }),
  spr( 780, 'usiar',   'SIAR',   64, 'U-', 'f', 'monitorView', 'SIAR, by its problem-state number.', groupB),
  spr( 781, 'usdar',   'SDAR',   64, 'U-', 'f', 'monitorView', 'SDAR, by its problem-state number.', groupB),
  spr( 782, 'ummcr1',  'MMCR1',  64, 'U-', 'f', 'monitorView', 'MMCR1, by its problem-state number.', groupB),
  spr( 784, 'sier',    'SIER',   64, 'PP', '-', 'plain',       'Sampled instruction event.', monitor),
  spr( 785, 'mmcr2',   'MMCR2',  64, 'PP', '-', 'plain',       'Monitor mode control 2: when each counter is frozen.', monitor),
  spr( 786, 'mmcra',   'MMCRA',  64, 'PP', 't', 'plain',       'Monitor mode control A: sampling.', monitor),
  spr( 787, 'pmc1',    'PMC1',   32, 'PP', 't', 'plain',       'Performance monitor counter 1.', monitor),
  spr( 788, 'pmc2',    'PMC2',   32, 'PP', 't', 'plain',       'Performance monitor counter 2.', monitor),
  spr( 789, 'pmc3',    'PMC3',   32, 'PP', 't', 'plain',       'Performance monitor counter 3.', monitor),
  spr( 790, 'pmc4',    'PMC4',   32, 'PP', 't', 'plain',       'Performance monitor counter 4.', monitor),
  spr( 791, 'pmc5',    'PMC5',   32, 'PP', 't', 'plain',       'Performance monitor counter 5.', monitor),
  spr( 792, 'pmc6',    'PMC6',   32, 'PP', 't', 'plain',       'Performance monitor counter 6.', monitor),
  spr( 795, 'mmcr0',   'MMCR0',  64, 'PP', 't', 'plain',       'Monitor mode control 0: freezing, interrupts, problem-state access.', monitor),
  spr( 796, 'siar',    'SIAR',   64, 'PP', '-', 'plain',       'Sampled instruction address; after a Trace, the traced instruction.', monitor),
  spr( 797, 'sdar',    'SDAR',   64, 'PP', '-', 'plain',       'Sampled data address; after a Trace, the operand of the traced instruction.', monitor),
  spr( 798, 'mmcr1',   'MMCR1',  64, 'PP', 't', 'plain',       'Monitor mode control 1: which events are counted.', monitor),
  spr( 800, 'bescrs',  'BESCR',  64, 'UU', 'm', 'bescrSet',    'BESCR: a write sets the bits that are 1 in it.', both('EBB')),
  spr( 801, 'bescrsu', 'BESCR',  32, 'UU', 'm', 'bescrSetUpper', 'BESCR, upper half: a write sets the bits that are 1 in it.', both('EBB')),
  spr( 802, 'bescrr',  'BESCR',  64, 'UU', 'm', 'bescrReset',  'BESCR: a write clears the bits that are 1 in it.', both('EBB')),
  spr( 803, 'bescrru', 'BESCR',  32, 'UU', 'm', 'bescrResetUpper', 'BESCR, upper half: a write clears the bits that are 1 in it.', both('EBB')),
  spr( 804, 'ebbhr',   'EBBHR',  64, 'UU', 'm', 'plain',       'Event-based branch handler: where the branch goes.', both('EBB')),
  spr( 805, 'ebbrr',   'EBBRR',  64, 'UU', 'm', 'plain',       'Event-based branch return: where rfebb goes.', both('EBB')),
  spr( 806, 'bescr',   'BESCR',  64, 'UU', 'm', 'plain',       'Event-based branch status and control.', both('EBB')),
  spr( 815, 'tar',     'TAR',    64, 'UU', 'm', 'plain',       'Branch target of bctar.', both('TAR')),
  spr( 816, 'asdr',    'ASDR',   64, 'HH', '-', 'plain',       'Guest real address of the last hypervisor storage interrupt.'),
  spr( 823, 'upsscr',  'PSSCR',  64, 'PP', '-', 'plain',       'PSSCR, by the number of privileged non-hypervisor state.'),
  spr( 848, 'ic',      'IC',     64, 'PH', 'm', 'ic',          'Count of completed instructions.'),
  spr( 849, 'vtb',     'VTB',    64, 'PH', 'm', 'vtb',         'Virtual time base: runs while the partition does.'),
  spr( 855, 'psscr',   'PSSCR',  64, 'HH', '-', 'plain',       'Processor stop status and control: what stop does.'),
  spr( 896, 'ppr',     'PPR',    64, 'UU', 'm', 'plain',       'Priority of the thread in bits 11:13.'),
  spr( 898, 'ppr32',   'PPR',    32, 'UU', 'm', 'ppr32',       'Upper half of PPR.'),
  spr(1008, 'hid0',    'HID0',   64, 'HH', '-', 'plain',       "Hardware implementation: HILE, the byte order of the hypervisor's interrupts.", translation),
  spr(1023, 'pir',     'PIR',    32, 'P-', '-', 'plain',       'Processor identifier: number of the thread.'),
]

const byNumber = new Map(sprs.map(s => [s.number, s]))

/** The register of that number; undefined where the ISA defines none. Its name may be shared by a number to read and one to write. */
export const sprByNumber = (number: number): Spr | undefined => byNumber.get(number)

/** Every state register that some number reaches, once each. */
export const sprStates: readonly string[] = [...new Set(sprs.map(s => s.state))]

/** Numbers that no register has. Book III, 4.4.4 (mtspr, mfspr). */
export const undefinedSprs = {
  /** Illegal in every state. Book I, 3.3.17. */
  alwaysIllegal: { read: [0, 4, 5, 6], write: [0] },
  /** TFHAR, TFIAR, TEXASR, TEXASRU: a facility that MSR[TM] withholds, which stays 0 here. */
  transactional: [128, 129, 130, 131],
  /** Do nothing in every state. Book I, 3.3.17. */
  reservedNoOps: [808, 809, 810, 811],
  /** This bit of the number says privileged. */
  privilegedBit: 0x10,
} as const
