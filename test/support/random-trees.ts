/** Random radix trees: a path of levels for one address, entries around it, and things that are wrong with them. */
import type { Random } from '../oracle/random.ts'

export interface Tree {
  readonly ramBytes: number
  readonly processTable: { readonly base: bigint; readonly bytes: bigint } | null
  readonly pid: bigint
  readonly amr: bigint
  readonly iamr: bigint
  /** Doublewords by real address; any other in RAM is 0. */
  readonly words: ReadonlyMap<bigint, bigint>
  /** What the tree is about, and addresses near it. */
  readonly addresses: readonly bigint[]
}

const VALID = 1n << 63n
const LEAF = 1n << 62n
const RAM = 1n << 24n
const ones = (n: bigint): bigint => (1n << n) - 1n

/** Index bits of each level. The everyday ones first. */
const shapes = [
  [13, 9, 9, 9],
  [13, 9, 9, 5],
  [13, 9, 9],
  [13, 9],
]

function shapeOf(r: Random): readonly number[] {
  if (r.chance(60)) return r.pick(shapes)
  return Array.from({ length: 1 + r.below(5) }, () => 5 + r.below(r.chance(90) ? 9 : 27))
}

/** Bits of a leaf apart from its address: mostly allowed, R and C as they come. */
function authority(r: Random): bigint {
  let bits = 7n
  if (r.chance(50)) bits |= 8n
  if (r.chance(30)) bits = BigInt(r.below(16))
  bits |= BigInt(r.below(4)) << 7n
  if (r.chance(25)) bits |= BigInt(r.below(4)) << 4n
  return bits
}

/** Reserved and software bits of a leaf: 2:6, 52:54, 57. */
const LEAF_FREE = (0x1fn << 57n) | 0xe00n | 0x40n
/** Of a directory entry: 2:3, 56:58. */
const DIRECTORY_FREE = (3n << 60n) | 0xe0n

export function randomTree(r: Random): Tree {
  const words = new Map<bigint, bigint>()
  const shape = shapeOf(r)
  const used = shape.reduce((n, bits) => n + bits, 0)
  // Mostly as large as the shape and a page of 4 KiB or more.
  const treeBits = r.chance(75) ? Math.min(62, Math.max(31, r.pick([52, 52, used + 12, used + 16, used + 21]))) : 31 + r.below(32)
  const quadrant = r.chance(8) ? BigInt(1 + r.below(2)) : r.pick([0n, 3n])
  let low = r.doubleword() & ones(BigInt(treeBits))
  if (r.chance(10)) low |= 1n << BigInt(treeBits + r.below(Math.max(1, 62 - treeBits)))
  const ea = (quadrant << 62n) | (low & ones(62n))
  // Also numbers of which a part alone would be in the table.
  const pid = BigInt(r.chance(85) ? r.below(64) : r.chance(50) ? r.below(64) + 2 ** (6 + r.below(26)) : r.word())

  const table = RAM - 0x10000n
  const processTable = r.chance(2) ? null : { base: r.chance(98) ? table : RAM - 16n, bytes: r.pick([16n, 512n, 1024n, 4096n]) }
  const aligned = (bits: number): bigint => {
    const size = 8n << BigInt(bits)
    if (r.chance(2) || size > RAM / 2n) return (r.doubleword() & ones(40n)) * 256n
    const base = (BigInt(r.word()) % (RAM / 2n)) & ~(size - 1n)
    return r.chance(95) ? base : base | (BigInt(r.below(64)) << 8n)
  }
  const sizeField = (bits: number): bigint => BigInt(r.chance(96) ? bits : r.below(32)) & 31n

  const radixTreeSize = BigInt(treeBits - 31)
  let base = aligned(shape[0]!)
  const process = quadrant === 3n ? 0n : pid
  const root = ((radixTreeSize >> 3n) << 61n) | ((radixTreeSize & 7n) << 5n) | base | sizeField(shape[0]!)
  if (processTable) words.set(processTable.base + 16n * process, r.chance(20) ? root | (1n << 63n) | (1n << 60n) : root)

  let shift = treeBits
  const paths: bigint[] = []
  shape.forEach((bits, level) => {
    shift -= bits
    if (shift < 0) return
    const index = (low >> BigInt(shift)) & ones(BigInt(bits))
    const size = 8n << BigInt(bits)
    // Where a directory is not aligned, its address counts without the bits that the index takes.
    const at = (base & ~(size - 1n)) | (index * 8n)
    const next = shape[level + 1]
    const last = next === undefined || r.chance(8)
    let entry: bigint
    if (last) {
      const page = ones(BigInt(shift))
      const frame = (BigInt(r.word()) % RAM) & ~0xfffn
      const real = r.chance(93) ? frame & ~page : r.chance(50) ? frame : r.doubleword() & 0x01fffffffffff000n
      entry = VALID | LEAF | real | authority(r)
      if (r.chance(30)) entry |= r.doubleword() & LEAF_FREE
    } else {
      base = aligned(next)
      entry = VALID | base | sizeField(next)
      if (r.chance(30)) entry |= r.doubleword() & DIRECTORY_FREE
    }
    if (r.chance(3)) entry &= ~VALID
    if (r.chance(1)) entry ^= 1n << BigInt(r.below(64))
    if (r.chance(1)) entry = r.doubleword()
    words.set(at, entry)
    // A neighbour, so that a wrong index finds something else.
    if (r.chance(50)) words.set(at ^ 8n, r.chance(50) ? r.doubleword() | VALID | LEAF : entry ^ 0x1000n)
    paths.push(BigInt(shift))
  })
  const flipped = ea ^ (1n << BigInt(r.below(64)))
  const near = paths.length ? ea ^ (1n << r.pick(paths)) : flipped
  const key = (): bigint => (r.chance(60) ? 0n : (BigInt(r.below(4)) << 62n) | (r.chance(50) ? r.doubleword() & ones(62n) : 0n))
  return { ramBytes: Number(RAM), processTable, pid, amr: key(), iamr: key(), words, addresses: [ea, r.chance(50) ? flipped : near] }
}
