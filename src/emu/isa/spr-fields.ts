/** Special-purpose registers by what they are for, and the bit fields of each that has some. Power ISA 3.0B, Book III, and the POWER9 manual for HID0. */
import {
  BESCR,
  type BitField,
  type BitRow,
  bit,
  bitField,
  CIABR,
  DAWRX,
  DSISR,
  FSCR,
  field,
  HDSISR,
  HFSCR,
  LPCR,
  MMCR0,
  MMCR1,
  MSR,
  XER,
} from './bitfields.ts'

export interface SprGroup {
  readonly title: string
  /** Registers of the state, as State names them. */
  readonly states: readonly string[]
}

// biome-ignore format: a table
export const sprGroups: readonly SprGroup[] = [
  { title: 'Branch and fixed-point',       states: ['LR', 'CTR', 'TAR', 'XER', 'CFAR', 'VRSAVE', 'DSCR'] },
  { title: 'Interrupts',                   states: ['SRR0', 'SRR1', 'DAR', 'DSISR', 'HSRR0', 'HSRR1', 'HDAR', 'HDSISR', 'HEIR', 'ASDR', 'HMER', 'HMEER'] },
  { title: 'Control',                      states: ['LPCR', 'FSCR', 'HFSCR', 'PCR', 'PSSCR', 'HID0'] },
  { title: 'Translation and protection',   states: ['PIDR', 'LPIDR', 'PTCR', 'HRMOR', 'AMR', 'IAMR', 'UAMOR', 'AMOR'] },
  { title: 'Time',                         states: ['TB', 'VTB', 'DEC', 'HDEC', 'PURR', 'SPURR', 'IC'] },
  { title: 'Debugging',                    states: ['CIABR', 'DAWR0', 'DAWRX0', 'DAWR1', 'DAWRX1'] },
  { title: 'Performance monitor',          states: ['MMCR0', 'MMCR1', 'MMCR2', 'MMCRA', 'PMC1', 'PMC2', 'PMC3', 'PMC4', 'PMC5', 'PMC6', 'SIER', 'SIAR', 'SDAR'] },
  { title: 'Event-based branches',         states: ['BESCR', 'EBBHR', 'EBBRR'] },
  { title: 'Threads',                      states: ['CTRL', 'PPR', 'RPR', 'DPDES', 'TIR', 'TIDR', 'PIR', 'PVR'] },
  { title: 'For software',                 states: ['SPRG0', 'SPRG1', 'SPRG2', 'SPRG3', 'HSPRG0', 'HSPRG1'] },
]

/** 32 keys of two bits each. Book III, 5.7.13. */
const keys = (says: (key: number) => readonly BitRow[]): readonly BitRow[] => Array.from({ length: 32 }, (_, k) => says(k)).flat()

// biome-ignore format: a table
const own: readonly BitField[] = [
  bitField('AMR', 64, keys(k => [
    bit(`W${k}`, 2 * k,     `Stores to pages of key ${k} are forbidden.`),
    bit(`R${k}`, 2 * k + 1, `Loads from pages of key ${k} are forbidden.`),
  ])),
  bitField('IAMR', 64, keys(k => [bit(`X${k}`, 2 * k + 1, `Fetches from pages of key ${k} are forbidden.`)])),
  bitField('CTRL', 64, [bit('RUN', 63, 'Run latch: the thread does useful work.')]),
  bitField('PPR', 64, [field('PRI', 11, 13, 'Priority of the thread: 1 very low, 2 low, 3 medium low, 4 medium, 5 medium high.')]),
  bitField('PVR', 32, [field('Version', 0, 15, 'Kind of processor: 0x4e (78) is POWER9.'), field('Revision', 16, 31, 'Revision of the processor.')]),
  bitField('PTCR', 64, [
    field('PATB',  4, 51, 'Address of the partition table, without its low 12 bits.'),
    field('PATS', 59, 63, 'Size of the partition table: it takes 2 to this power and 12 more bytes.'),
  ]),
  bitField('PSSCR', 64, [
    field('PLS',   0,  3, 'Power-saving level status: how deep it was.'),
    bit(  'SD',   41,     'Status disable: PLS is not told.'),
    bit(  'ESL',  42,     'Enable state loss.'),
    bit(  'EC',   43,     'Exit criterion: 0 leaves power-saving by any interrupt, 1 by those that LPCR[PECE] names.'),
    field('PSLL', 44, 47, 'Power-saving level limit.'),
    field('TR',   54, 55, 'Transition rate.'),
    field('MTL',  56, 59, 'Maximum transition level.'),
    field('RL',   60, 63, 'Requested level.'),
  ]),
  bitField('HID0', 64, [bit('HILE', 4, 'Interrupts to the hypervisor set MSR[LE] to this.')]),
  bitField('DPDES', 64, Array.from({ length: 8 }, (_, t) => bit(`T${t}`, 63 - t, `A privileged doorbell of thread ${t} is pending.`))),
]

/** Registers that hold an MSR. */
const likeMsr = ['SRR1', 'HSRR1']

const shared: Readonly<Record<string, BitField>> = {
  LPCR, FSCR, HFSCR, XER, CIABR, BESCR, MMCR0, MMCR1, DSISR, HDSISR, DAWRX0: DAWRX, DAWRX1: DAWRX,
  ...Object.fromEntries(likeMsr.map(name => [name, MSR])),
  ...Object.fromEntries(own.map(f => [f.name, f])),
} // biome-ignore format: a table

/** Bit fields of a register; null where it is one value. Of SRR1 and HSRR1 those of the MSR: the causes are the interrupt's. */
export const fieldsOfSpr = (state: string): BitField | null => (Object.hasOwn(shared, state) ? shared[state]! : null)
