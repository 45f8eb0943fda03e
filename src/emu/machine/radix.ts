/** Builds radix page tables. Power ISA 3.0B, Book III, 5.7.6 and 5.7.10. */
import type { GuestReal } from '../isa/units.ts'

export type PageSize = '4K' | '64K' | '2M' | '1G'

/** Index bits of each level, from the root: 52 bits of effective address. */
const levels: Readonly<Record<PageSize, readonly number[]>> = { '4K': [13, 9, 9, 9], '64K': [13, 9, 9, 5], '2M': [13, 9, 9], '1G': [13, 9] }
const pageShift: Readonly<Record<PageSize, number>> = { '4K': 12, '64K': 16, '2M': 21, '1G': 30 }

const VALID = 1n << 63n
const LEAF = 1n << 62n
const [R, C, PRIV, READ, WRITE, EXEC] = [0x100n, 0x80n, 8n, 4n, 2n, 1n]
/** Radix tree size 52: 31 + 21. */
const TREE_SIZE = 21n

export interface Mapping {
  /** Within its quadrant. */
  readonly from: bigint
  readonly real: GuestReal
  readonly bytes: number
  readonly privileged: boolean
  /** R and C set already. */
  readonly touched: boolean
}

/** Takes tables from the top of RAM downwards. */
class Tables {
  constructor(
    private top: number,
    private readonly write: (real: number, value: bigint) => void,
    private readonly read: (real: number) => bigint,
  ) {}

  take(bytes: number): number {
    this.top -= bytes
    this.top -= this.top % bytes
    return this.top
  }

  get lowest(): number {
    return this.top
  }

  private child(table: number, index: number, bits: number): number {
    const at = table + 8 * index
    const entry = this.read(at)
    if (entry !== 0n) return Number(entry & 0x0fffffffffffff00n)
    const next = this.take(8 << bits)
    this.write(at, VALID | BigInt(next) | BigInt(bits))
    return next
  }

  map(root: number, page: PageSize, m: Mapping): void {
    const bits = levels[page]
    const shift = pageShift[page]
    const access = READ | WRITE | EXEC | (m.privileged ? PRIV : 0n) | (m.touched ? R | C : 0n)
    const size = 1n << BigInt(shift)
    for (let done = 0n; done < BigInt(m.bytes); done += size) {
      const ea = m.from + done
      let table = root
      let below = 52
      bits.forEach((width, level) => {
        below -= width
        const index = Number((ea >> BigInt(below)) & ((1n << BigInt(width)) - 1n))
        const next = bits[level + 1]
        if (next === undefined) this.write(table + 8 * index, VALID | LEAF | (m.real + done) | access)
        else table = this.child(table, index, next)
      })
    }
  }
}

export interface ReadyTables {
  readonly processTable: { base: GuestReal; bytes: bigint }
  /** Lowest real address that the tables use. */
  readonly lowest: number
}

const PROCESS_TABLE = 4096

/**
 * A process table whose entry n has the n-th list of mappings, at the top of RAM. `write` and `read` take big-endian doublewords.
 */
export function buildTables(
  ramBytes: number,
  page: PageSize,
  processes: readonly (readonly Mapping[])[],
  write: (real: number, value: bigint) => void,
  read: (real: number) => bigint,
): ReadyTables {
  const tables = new Tables(ramBytes, write, read)
  const base = tables.take(PROCESS_TABLE)
  processes.forEach((mappings, pid) => {
    const rootBits = levels[page][0]!
    const root = tables.take(8 << rootBits)
    for (const m of mappings) tables.map(root, page, m)
    const size = ((TREE_SIZE >> 3n) << 61n) | ((TREE_SIZE & 7n) << 5n)
    write(base + 16 * pid, size | BigInt(root) | BigInt(rootBits))
  })
  return { processTable: { base: BigInt(base), bytes: BigInt(PROCESS_TABLE) }, lowest: tables.lowest }
}
