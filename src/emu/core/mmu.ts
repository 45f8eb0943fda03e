/** Translation of effective addresses: real mode and radix trees. Power ISA 3.0B, Book III, 5.7. */
import { MSR } from '../isa/bitfields.ts'
import type { InterruptId } from '../isa/interrupts.ts'
import { DIRECTORY_ENTRY, PAGE_ENTRY } from '../isa/radix-entries.ts'
import type { EffectiveAddress, GuestReal } from '../isa/units.ts'
import type { State } from './state.ts'

export type Access = 'fetch' | 'load' | 'store'

/** An interrupt that the access raises; for data `status` is DSISR, for a fetch the cause bits of SRR1. */
export interface Fault {
  readonly interrupt: InterruptId
  readonly address: EffectiveAddress
  readonly status: bigint
  /** Of the hypervisor's storage interrupts: what the guest's translation gave. */
  readonly guestReal?: GuestReal
}

export interface Mapping {
  readonly guestReal: GuestReal
  /** The page may be stored to, and its C bit is set. */
  readonly storable: boolean
}

/** Guest storage as the walk sees it. */
export interface WalkStorage {
  readonly ramBytes: number
  /** Big-endian doubleword of guest real storage; null outside RAM. */
  readDoubleword(address: GuestReal): bigint | null
  writeDoubleword(address: GuestReal, value: bigint): void
}

/** What the hypervisor registered for the guest: its process table, if it uses radix. */
export interface Partition {
  processTable: { base: GuestReal; bytes: bigint } | null
}

/** An entry that a walk reads; `value` is null outside RAM. */
export interface WalkStep {
  readonly kind: 'process' | 'tree'
  readonly at: GuestReal
  readonly value: bigint | null
  /** Of the tree: bits of the address that choose the entry, and bits below them that it translates. Of the process: all bits that its tree translates. */
  readonly index: number
  readonly shift: number
}

/** Hears of each entry as the walk reads it. */
export type WalkListener = (step: WalkStep) => void

const status = {
  noTranslation: 0x40000000n,
  noExecute: 0x10000000n,
  protection: 0x08000000n,
  store: 0x02000000n,
  key: 0x00200000n,
  unsupported: 0x00080000n,
  processTable: 0x00020000n,
} as const

const PTE = {
  valid: PAGE_ENTRY.mask.V,
  leaf: PAGE_ENTRY.mask.L,
  rpn: PAGE_ENTRY.mask.RPN,
  R: PAGE_ENTRY.mask.R,
  C: PAGE_ENTRY.mask.C,
  att: PAGE_ENTRY.mask.ATT,
  guarded: 0x20n,
  priv: PAGE_ENTRY.mask.PRIV,
  read: PAGE_ENTRY.mask.READ,
  write: PAGE_ENTRY.mask.WRITE,
  exec: PAGE_ENTRY.mask.EXEC,
} as const
const PDE_NEXT = DIRECTORY_ENTRY.mask.NLB
const REAL_MODE = 0x0fffffffffffffffn

const segment = (access: Access, address: EffectiveAddress): Fault => ({
  interrupt: access === 'fetch' ? 'instructionSegment' : 'dataSegment',
  address,
  status: 0n,
})

const storageFault = (access: Access, address: EffectiveAddress, cause: bigint): Fault => ({
  interrupt: access === 'fetch' ? 'instructionStorage' : 'dataStorage',
  address,
  status: access === 'store' ? cause | status.store : cause,
})

/** Translates for the state's MSR. With `peek` nothing changes: R and C stay, and a page whose R (C) bit is 0 is reported by `bitsDue`. */
export function translate(
  state: State,
  partition: Partition,
  storage: WalkStorage,
  address: EffectiveAddress,
  access: Access,
  peek = false,
  listener?: WalkListener,
): Mapping | Fault {
  const msr = state.get('MSR')
  const on = (msr & (access === 'fetch' ? MSR.mask.IR : MSR.mask.DR)) !== 0n
  const mapping = on ? walk(state, partition, storage, address, access, peek, listener) : { guestReal: address & REAL_MODE, storable: true }
  if ('interrupt' in mapping) return mapping
  if (mapping.guestReal >= BigInt(storage.ramBytes)) {
    const interrupt = access === 'fetch' ? 'hypervisorInstructionStorage' : 'hypervisorDataStorage'
    const cause = access === 'store' ? status.noTranslation | status.store : status.noTranslation
    return { interrupt, address, status: cause, guestReal: mapping.guestReal }
  }
  return mapping
}

/** Bits of an entry's offset in a directory of 2^n entries. */
const inDirectory: readonly bigint[] = Array.from({ length: 32 }, (_, n) => ((1n << BigInt(n)) - 1n) << 3n)

/** Process-scoped walk. Book III, 5.7.10. */
function walk(
  state: State,
  partition: Partition,
  storage: WalkStorage,
  address: EffectiveAddress,
  access: Access,
  peek: boolean,
  listener: WalkListener | undefined,
): Mapping | Fault {
  const quadrant = address >> 62n
  // Quadrants 1 and 2 are the hypervisor's.
  if (quadrant === 1n || quadrant === 2n) return segment(access, address)
  const pid = quadrant === 0n ? state.get('PIDR') & 0xffffffffn : 0n
  const table = partition.processTable
  if (!table || pid * 16n >= table.bytes) return storageFault(access, address, status.noTranslation | status.processTable)
  const entry = storage.readDoubleword(table.base + pid * 16n)
  const size = entry === null ? 0n : (((entry >> 61n) & 3n) << 3n) | ((entry >> 5n) & 7n)
  const bits = Number(size) + 31
  listener?.({ kind: 'process', at: table.base + pid * 16n, value: entry, index: 0, shift: bits })
  if (entry === null) return storageFault(access, address, status.noTranslation | status.processTable)

  const low = address & 0x3fffffffffffffffn
  if (low >> BigInt(bits) !== 0n) return segment(access, address)

  let base = entry & PDE_NEXT
  let index = Number(entry & 0x1fn)
  let shift = bits
  for (;;) {
    if (index < 5 || shift - index < 12) return storageFault(access, address, status.unsupported)
    shift -= index
    // The entry's address is a concatenation: of a base that is not aligned to the directory's size the low bits count for nothing.
    const within = inDirectory[index]!
    const at = (base & ~within) | (((low >> BigInt(shift)) << 3n) & within)
    const word = storage.readDoubleword(at)
    listener?.({ kind: 'tree', at, value: word, index, shift })
    if (word === null || (word & PTE.valid) === 0n) return storageFault(access, address, status.noTranslation)
    if ((word & PTE.leaf) !== 0n) return leaf(state, storage, { address, access, peek, low, shift: BigInt(shift), at, pte: word })
    base = word & PDE_NEXT
    index = Number(word & 0x1fn)
    if (index === 0) return storageFault(access, address, status.unsupported)
  }
}

interface Leaf {
  address: EffectiveAddress
  access: Access
  peek: boolean
  low: bigint
  shift: bigint
  at: GuestReal
  pte: bigint
}

/** AMR and IAMR act on problem-state pages used by privileged state, with key 0. Book III, 5.7.13. */
function keyDenies(state: State, access: Access): boolean {
  if (access === 'fetch') return (state.get('IAMR') & (1n << 62n)) !== 0n
  return (state.get('AMR') & (access === 'store' ? 1n << 63n : 1n << 62n)) !== 0n
}

function leaf(state: State, storage: WalkStorage, l: Leaf): Mapping | Fault {
  const { address, access, pte } = l
  const problem = state.msr('PR')
  const pageMask = (1n << l.shift) - 1n
  const rpn = pte & PTE.rpn
  if ((rpn & pageMask) !== 0n && l.shift > 12n) return storageFault(access, address, status.unsupported)
  const privileged = (pte & PTE.priv) !== 0n
  const allows = (m: bigint) => (pte & m) !== 0n
  if (problem && privileged) return storageFault(access, address, status.protection)
  if (access === 'fetch') {
    if (!allows(PTE.exec)) return storageFault(access, address, status.noExecute)
    if ((pte & PTE.att) === PTE.guarded) return storageFault(access, address, status.noExecute)
  } else if (!allows(access === 'store' ? PTE.write : PTE.read | PTE.write)) return storageFault(access, address, status.protection)
  if (!problem && !privileged && keyDenies(state, access)) return storageFault(access, address, status.key)

  const wanted = pte | PTE.R | (access === 'store' ? PTE.C : 0n)
  if (wanted !== pte && !l.peek) storage.writeDoubleword(l.at, wanted)
  return { guestReal: (rpn & ~pageMask) | (l.low & pageMask), storable: allows(PTE.write) && (wanted & PTE.C) !== 0n }
}

/** Whether a fetch at the address would find its page with R already set; null when it would fault. Changes nothing. */
export function fetchFindsReferenced(state: State, partition: Partition, storage: WalkStorage, address: EffectiveAddress): boolean | null {
  let written = false
  const watching: WalkStorage = {
    ramBytes: storage.ramBytes,
    readDoubleword: a => storage.readDoubleword(a),
    writeDoubleword: () => {
      written = true
    },
  }
  const found = translate(state, partition, watching, address, 'fetch')
  return 'interrupt' in found ? null : !written
}
