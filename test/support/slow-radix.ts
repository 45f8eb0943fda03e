/**
 * Process-scoped radix translation as Book III, 5.7.10 to 5.7.13 words it: doublewords are strings of 64 numbered bits, fields are
 * slices of them, addresses are concatenations. Shares nothing with the product's walk, and is far too slow for it.
 */

/** Bit n of the book is character n. */
export type Bits = string

export const toBits = (value: bigint, width = 64): Bits => value.toString(2).padStart(width, '0')
export const fromBits = (bits: Bits): bigint => (bits === '' ? 0n : BigInt(`0b${bits}`))
const field = (b: Bits, first: number, last = first): Bits => b.slice(first, last + 1)
const number = (b: Bits): number => Number.parseInt(b, 2)
const zeros = (count: number): Bits => '0'.repeat(count)
const anyOne = (b: Bits): boolean => b.includes('1')
const withBit = (b: Bits, n: number): Bits => `${b.slice(0, n)}1${b.slice(n + 1)}`

export type SlowAccess = 'fetch' | 'load' | 'store'

export interface SlowMachine {
  readonly problemState: boolean
  readonly relocation: boolean
  readonly pid: Bits
  readonly amr: Bits
  readonly iamr: Bits
  /** Null where none is registered. */
  readonly processTable: { readonly base: bigint; readonly bytes: bigint } | null
  readonly ramBytes: number
  /** Null outside RAM. */
  doubleword(real: bigint): Bits | null
}

/** Bits of DSISR, and of SRR1, as 6.5.3 and 6.5.5 number them. */
const NO_TRANSLATION = 33
const NO_EXECUTE = 35
const PROTECTION = 36
const STORE = 38
const KEY = 42
const UNSUPPORTED = 44
const PROCESS_TABLE = 46

/** Each cause that holds, as the bits it sets; the book lets the processor report any of them where there are several. */
export type Causes = readonly (readonly number[])[]

export type SlowOutcome =
  | { readonly kind: 'segment' }
  | { readonly kind: 'storage'; readonly causes: Causes }
  /** No RAM at the guest real address. */
  | { readonly kind: 'hypervisor'; readonly real: bigint; readonly update: Update | null }
  | { readonly kind: 'real'; readonly real: bigint; readonly storable: boolean; readonly update: Update | null }

/** The entry with R, or R and C, set. */
export interface Update {
  readonly at: bigint
  readonly entry: Bits
}

const storage = (access: SlowAccess, ...causes: readonly number[][]): SlowOutcome => ({
  kind: 'storage',
  causes: access === 'store' ? causes.map(c => [...c, STORE]) : causes,
})

const reached = (m: SlowMachine, real: bigint, storable: boolean, update: Update | null): SlowOutcome =>
  real < BigInt(m.ramBytes) ? { kind: 'real', real, storable, update } : { kind: 'hypervisor', real, update }

/** 5.7.3: in real mode EA 0:3 are ignored. */
const realMode = (m: SlowMachine, ea: Bits): SlowOutcome => reached(m, fromBits(zeros(4) + field(ea, 4, 63)), true, null)

export function slowTranslate(m: SlowMachine, address: bigint, access: SlowAccess): SlowOutcome {
  const ea = toBits(address)
  if (!m.relocation) return realMode(m, ea)

  // 5.7.10, effPID: quadrant 0b00 is the process, 0b11 process 0; the two between are for hypervisor state.
  const quadrant = field(ea, 0, 1)
  if (quadrant === '01' || quadrant === '10') return { kind: 'segment' }
  const process = quadrant === '11' ? zeros(32) : m.pid

  // 5.7.6.2: entries of 16 bytes; the first doubleword has the root.
  const offset = fromBits(`${process}0000`)
  if (m.processTable === null || offset >= m.processTable.bytes) return storage(access, [NO_TRANSLATION, PROCESS_TABLE])
  const root = m.doubleword(m.processTable.base + offset)
  if (root === null) return storage(access, [NO_TRANSLATION, PROCESS_TABLE])

  // RTS is bits 1:2 || 56:58, and the tree maps 2^(RTS+31) bytes.
  const treeBits = number(field(root, 1, 2) + field(root, 56, 58)) + 31
  // Bits of the EA between the quadrant and those that the tree maps have to be 0.
  if (anyOne(field(ea, 2, 63 - treeBits))) return { kind: 'segment' }
  return walk(m, ea, access, { base: field(root, 4, 55), size: number(field(root, 59, 63)) }, field(ea, 64 - treeBits, 63))
}

interface Directory {
  /** NLB, or RPDB: bits 4:55 of an address. */
  readonly base: Bits
  /** NLS, or RPDS: the directory has 2 to the power of that many entries. */
  readonly size: number
}

/** `rest` are the bits of the EA that are not translated yet. */
function walk(m: SlowMachine, ea: Bits, access: SlowAccess, directory: Directory, rest: Bits): SlowOutcome {
  // At least 32 entries, and no page is smaller than 4 KiB.
  if (directory.size < 5 || rest.length - directory.size < 12) return storage(access, [UNSUPPORTED])
  const index = rest.slice(0, directory.size)
  const behind = rest.slice(directory.size)
  // The directory is aligned to its size, so that the address of the entry is a concatenation.
  const whole = zeros(4) + directory.base + zeros(8)
  const at = fromBits(whole.slice(0, 64 - directory.size - 3) + index + zeros(3))
  const entry = m.doubleword(at)
  if (entry === null || field(entry, 0) === '0') return storage(access, [NO_TRANSLATION])
  if (field(entry, 1) === '0') return walk(m, ea, access, { base: field(entry, 4, 55), size: number(field(entry, 59, 63)) }, behind)
  return page(m, access, { at, entry, offset: behind })
}

interface Page {
  readonly at: bigint
  readonly entry: Bits
  /** The bits of the EA within the page. */
  readonly offset: Bits
}

function page(m: SlowMachine, access: SlowAccess, { at, entry, offset }: Page): SlowOutcome {
  const causes = denials(m, access, entry)
  // RPN, bits 7:51: those that lie within the page are 0.
  const frame = zeros(7) + field(entry, 7, 51) + zeros(12)
  if (anyOne(frame.slice(64 - offset.length))) causes.push([UNSUPPORTED])
  if (causes.length > 0) return storage(access, ...causes)

  // 5.7.12: R for each access, C for a store.
  const referenced = withBit(entry, 55)
  const updated = access === 'store' ? withBit(referenced, 56) : referenced
  const real = fromBits(frame.slice(0, 64 - offset.length) + offset)
  const storable = field(entry, 62) === '1' && field(updated, 56) === '1'
  return reached(m, real, storable, updated === entry ? null : { at, entry: updated })
}

/** 5.7.13: encoded access authority 60:63, ATT 58:59, and the keys. */
function denials(m: SlowMachine, access: SlowAccess, entry: Bits): number[][] {
  const causes: number[][] = []
  const privileged = field(entry, 60) === '1'
  if (m.problemState && privileged) causes.push([PROTECTION])
  if (access === 'load' && !anyOne(field(entry, 61, 62))) causes.push([PROTECTION])
  if (access === 'store' && field(entry, 62) === '0') causes.push([PROTECTION])
  if (access === 'fetch' && field(entry, 63) === '0') causes.push([NO_EXECUTE])
  // Non-idempotent I/O is guarded.
  if (access === 'fetch' && field(entry, 58, 59) === '10') causes.push([NO_EXECUTE])
  // Key 0 is of pages that problem state may use, and acts on privileged state: AMR 0 stores, AMR 1 loads, IAMR 1 fetches.
  if (!m.problemState && !privileged) {
    const denied = access === 'fetch' ? field(m.iamr, 1) : field(m.amr, access === 'store' ? 0 : 1)
    if (denied === '1') causes.push([KEY])
  }
  return causes
}

/** The bits in a word of 64, as SRR1 has them and DSISR in its 32. */
export const statusOf = (bits: readonly number[]): bigint => bits.reduce((v, n) => v | (1n << BigInt(63 - n)), 0n)
