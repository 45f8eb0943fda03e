/** Random numbers from a seed and a stream's name: each stream is the same whatever others there are. */

/** sfc32. */
export class Random {
  private a: number
  private b: number
  private c: number
  private d = 1

  constructor(seed: number, stream: string) {
    let h = seed | 0
    for (let i = 0; i < stream.length; i++) h = Math.imul(h ^ stream.charCodeAt(i), 0x9e3779b1)
    this.a = h
    this.b = seed | 0
    this.c = 0x5eed
    for (let i = 0; i < 12; i++) this.word()
  }

  word(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = ((this.c << 21) | (this.c >>> 11)) + t
    return t >>> 0
  }

  below(n: number): number {
    return this.word() % n
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  doubleword(): bigint {
    return (BigInt(this.word()) << 32n) | BigInt(this.word())
  }
}

const EDGES = [
  0n, 1n, 2n, -1n, -2n, 1n << 63n, (1n << 63n) - 1n, 0x7fffffffn, 0x80000000n, -0x80000000n, 0xffffffffn, 0x100000000n, -0x100000000n, 0xffn, 0x8000n,
] // biome-ignore format: a list

/** A register value: an edge, a run of ones, a power of two, a small, a 32-bit or a 64-bit number. */
export function edgeValue(r: Random): bigint {
  const kind = r.below(8)
  if (kind < 3) return BigInt.asUintN(64, r.pick(EDGES))
  if (kind === 3) return BigInt.asUintN(64, ((1n << BigInt(r.below(64))) - 1n) << BigInt(r.below(64)))
  if (kind === 4) return BigInt.asUintN(64, (1n << BigInt(r.below(64))) + BigInt(r.below(3) - 1))
  if (kind === 5) return BigInt.asUintN(64, BigInt(r.below(512) - 256))
  if (kind === 6) return BigInt.asUintN(64, BigInt(r.word() | 0))
  return r.doubleword()
}
