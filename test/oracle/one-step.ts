/**
 * One step, or a few, from a stated machine: what goes in, what comes out, and the storage that both sides agree on. Cases are
 * plain data, so that they can be recorded.
 */

export interface Case {
  /** Of the table row. */
  readonly instruction: string
  readonly word: number
  readonly nip: bigint
  readonly msr: bigint
  readonly cr: number
  readonly xer: number
  readonly lr: bigint
  readonly ctr: bigint
  /** Registers other than `gprPattern`. */
  readonly gpr: Readonly<Record<number, bigint>>
  /** Special-purpose registers other than `sprPattern`, by name in the state. */
  readonly spr: Readonly<Record<string, bigint>>
  /** Storage besides the instruction's word: operands, further code, table entries. Compared afterwards. */
  readonly storage: readonly Storage[]
  /** More than one for a sequence: the words that follow lie in `storage`. */
  readonly steps: number
  /** The translation tables differ from the usual ones: no translation may be left over. */
  readonly tables: boolean
}

/** Bytes at a real address, as hexadecimal digits. */
export interface Storage {
  readonly at: number
  readonly bytes: string
}

export interface Result {
  readonly nip: bigint
  readonly msr: bigint
  readonly cr: number
  readonly xer: number
  readonly lr: bigint
  readonly ctr: bigint
  readonly gpr: readonly bigint[]
  readonly spr: Readonly<Record<string, bigint>>
  /** Bytes of the case's pieces of storage, in their order. */
  readonly storage: readonly string[]
}

/** Value of a register that a case says nothing of: each another one. */
export const gprPattern = (n: number): bigint => BigInt.asUintN(64, 0x0123456789abcdefn * BigInt(2 * n + 3))

/** Registers that a step may change, or that may influence it: name in the state, name in QEMU's feature description, value unless stated. */
export const trackedSprs: readonly (readonly [state: string, qemu: string, initial: bigint])[] = [
  ['SRR0', 'srr0', 0x1111222233334444n],
  ['SRR1', 'srr1', 0x5555666677778888n],
  ['DAR', 'dar', 0x99990000aaaa1111n],
  ['DSISR', 'dsisr', 0x1234n],
  ['TAR', 'tar', 0x0000000000123458n],
  ['FSCR', 'fscr', 0x1180n],
  // UPRT, HR, LD, GTSE, LPES and the wake-up causes, as pseries has it with a process table registered.
  ['LPCR', 'lpcr', 0x53f408n],
  ['PIDR', 'pid', 1n],
  ['AMR', 'amr', 0n],
  ['IAMR', 'iamr', 0n],
  ['UAMOR', 'uamor', 0n],
  ['DSCR', 'spr_dscr', 0n],
  ['VRSAVE', 'vrsave', 0x87654321n],
  ['SPRG0', 'sprg0', 0x1010101010101010n],
  ['SPRG1', 'sprg1', 0x2020202020202020n],
  ['SPRG2', 'sprg2', 0x3030303030303030n],
  ['SPRG3', 'sprg3', 0x4040404040404040n],
  ['CTRL', 'spr_ctrl', 0n],
  ['TIDR', 'tidr', 0n],
  ['PPR', 'ppr', 0x000c000000000000n],
  ['EBBHR', 'ebbhr', 0n],
  ['EBBRR', 'ebbrr', 0n],
  ['BESCR', 'bescr', 0n],
  // Frozen, or QEMU counts host cycles.
  ['MMCR0', 'mmcr0', 0x80000000n],
  ['MMCR1', 'mmcr1', 0n],
  ['MMCR2', 'mmcr2', 0n],
  ['MMCRA', 'mmcra', 0n],
  ['SIER', 'sier', 0n],
  ['SIAR', 'siar', 0n],
  ['SDAR', 'sdar', 0n],
  ['PMC1', 'pmc1', 0n],
  ['PMC2', 'pmc2', 0n],
  ['PMC3', 'pmc3', 0n],
  ['PMC4', 'pmc4', 0n],
  ['PMC5', 'pmc5', 0n],
  ['PMC6', 'pmc6', 0n],
]

export const RAM_BYTES = 16 << 20
export const CODE = 0x100000
export const CODE_BYTES = 0x10000
export const DATA = 0x200000
export const DATA_BYTES = 0x20000

// ───────── translation: process 1 and the kernel see all RAM at its own address, and again from quadrant 3 on ─────────

export const PROCESS_TABLE = { base: 0xf20000n, bytes: 4096n }
const ROOT = 0xf00000
const LEVEL2 = 0xf10000
const LEVEL3 = 0xf11000
const VALID = 1n << 63n
const LEAF = 1n << 62n
/** R and C set; readable, writable, executable in every state. */
const OPEN_PAGE = 0x180n | 7n
/** 52 bits of effective address: a root of 13 bits, then 9, 9, 9. */
const RTS_52 = (2n << 61n) | (5n << 5n)

/** The tables, as big-endian doublewords by address. */
export function translationTables(): Map<number, bigint> {
  const at = new Map<number, bigint>()
  for (const pid of [0n, 1n]) {
    at.set(Number(PROCESS_TABLE.base + 16n * pid), RTS_52 | BigInt(ROOT) | 13n)
    at.set(Number(PROCESS_TABLE.base + 16n * pid + 8n), 0n)
  }
  at.set(ROOT, VALID | BigInt(LEVEL2) | 9n)
  at.set(LEVEL2, VALID | BigInt(LEVEL3) | 9n)
  for (let n = 0; n < RAM_BYTES >> 21; n++) at.set(LEVEL3 + 8 * n, VALID | LEAF | (BigInt(n) << 21n) | OPEN_PAGE)
  return at
}

/** Where an instruction lies: every effective address of code is its real address, with some upper bits. */
export const realOf = (nip: bigint): number => Number(nip & 0xffffffn)

// ───────── comparison ─────────

export interface Difference {
  /** `r5`, `CR`, `SRR1`, `storage`, … */
  readonly register: string
  readonly ours: string
  readonly theirs: string
}

const hex = (v: bigint | number): string => `0x${v.toString(16)}`

/** Every register as text, by name; storage by its address. */
export function resultFields(c: Case, r: Result): Map<string, string> {
  const fields = new Map<string, string>()
  r.gpr.forEach((v, n) => fields.set(`r${n}`, hex(v)))
  const special = { NIP: r.nip, MSR: r.msr, CR: r.cr, XER: r.xer, LR: r.lr, CTR: r.ctr, ...r.spr }
  for (const [name, v] of Object.entries(special)) fields.set(name, hex(v))
  c.storage.forEach((piece, n) => {
    fields.set(`storage ${hex(piece.at)}`, `0x${r.storage[n]}`)
  })
  return fields
}

export function differences(c: Case, ours: Result, theirs: Result): Difference[] {
  const other = resultFields(c, theirs)
  return [...resultFields(c, ours)].flatMap(([register, v]) => {
    const t = other.get(register)!
    return v === t ? [] : [{ register, ours: v, theirs: t }]
  })
}
