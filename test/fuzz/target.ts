/** What is fuzzed: inputs that follow from random numbers alone, and a check that throws where something is wrong. */
import type { Random } from '../oracle/random.ts'

export interface Target<Input = unknown> {
  readonly name: string
  make(r: Random): Input
  check(input: Input): void
  /** The input as a file: how its name ends, and its bytes. */
  file(input: Input): { readonly extension: string; readonly bytes: Uint8Array }
}

/** A target whose inputs only it reads. */
export const target = <Input>(t: Target<Input>): Target => t as Target

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}

const EDGES = [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x3f, 0x40, 0x7f, 0x80, 0xfe, 0xff]

/** Bytes that differ from the given in a few places, may end early, and may have a stretch twice or elsewhere. */
export function mutateBytes(r: Random, original: Uint8Array, hot: number): Uint8Array {
  let bytes = original.slice()
  // Half of the changes hit the first bytes, where headers are.
  const place = () => (r.chance(50) ? r.below(Math.min(hot, bytes.length)) : r.below(bytes.length))
  for (let n = 1 + r.below(r.chance(80) ? 4 : 40); n > 0 && bytes.length > 0; n--) {
    const at = place()
    switch (r.below(6)) {
      case 0:
        bytes[at] = r.pick(EDGES)
        break
      case 1:
        bytes[at]! ^= 1 << r.below(8)
        break
      case 2: {
        // A field of 2, 4 or 8 bytes becomes all ones, a small or a large number.
        const width = r.pick([2, 4, 8])
        const value = r.pick([0n, 1n, (1n << BigInt(8 * width)) - 1n, 1n << BigInt(8 * width - 1), BigInt(bytes.length), r.doubleword()])
        for (let i = 0; i < width && at + i < bytes.length; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn)
        break
      }
      case 3: {
        const from = r.below(bytes.length)
        bytes.copyWithin(at, from, from + 1 + r.below(64))
        break
      }
      case 4:
        bytes[at] = r.below(256)
        break
      default:
        if (r.chance(20)) bytes = bytes.slice(0, at)
    }
  }
  return bytes
}
