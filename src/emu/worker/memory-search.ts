/** Looking for bytes in a space, from an address on or downwards, once around; and for what is mapped. Yields how many bytes it has gone through. */
import type { Session } from '../debug/session.ts'
import { endOf, type Stretch, stretches } from './memory-space.ts'
import type { MemorySearch, Space } from './protocol.ts'

/** Bytes between two looks at the clock. */
const SLICE = 1 << 16
/** Stretches between two looks at the clock, where little is mapped. */
const STRETCHES = 256

/** First (last, backwards) place of the pattern, or −1. Memory is mostly zeros: a byte that is none is looked for. */
export function place(bytes: Uint8Array, pattern: Uint8Array, backwards: boolean): number {
  const most = bytes.length - pattern.length
  if (most < 0) return -1
  const anchor = Math.max(
    0,
    pattern.findIndex(b => b !== 0),
  )
  const wanted = pattern[anchor]!
  const from = (at: number): number => {
    if (at < 0 || at > most) return -1
    const found = backwards ? bytes.lastIndexOf(wanted, at + anchor) : bytes.indexOf(wanted, at + anchor)
    return found < anchor || found - anchor > most ? -1 : found - anchor
  }
  for (let at = from(backwards ? most : 0); at >= 0; at = from(backwards ? at - 1 : at + 1)) {
    if (pattern.every((b, n) => bytes[at + n] === b)) return at
  }
  return -1
}

interface Run {
  /** Bytes at the edge of what was seen last, at most one less than the pattern has: a match may begin there. */
  carry: Uint8Array
  /** Address behind (backwards: of the first of) what was seen last. */
  edge: bigint
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const out = new Uint8Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}

/** Goes through one stretch from `from` on, or from `from` downwards; the address of a match, or null. */
function* inStretch(
  ram: Uint8Array,
  s: Stretch,
  from: bigint,
  pattern: Uint8Array,
  backwards: boolean,
  run: Run,
): Generator<number, bigint | null> {
  const start = s.real!
  const keep = pattern.length - 1
  const [low, high] = backwards ? [s.from, from + 1n < s.to ? from + 1n : s.to] : [from > s.from ? from : s.from, s.to]
  if (run.edge !== (backwards ? high : low)) run.carry = new Uint8Array(0)
  for (let done = 0n; done < high - low; done += BigInt(SLICE)) {
    const count = high - low - done < BigInt(SLICE) ? high - low - done : BigInt(SLICE)
    const at = backwards ? high - done - count : low + done
    const real = start + Number(at - s.from)
    const bytes = ram.subarray(real, real + Number(count))
    const all = backwards ? joined(bytes, run.carry) : joined(run.carry, bytes)
    const found = place(all, pattern, backwards)
    if (found >= 0) return (backwards ? at : at - BigInt(run.carry.length)) + BigInt(found)
    run.carry = backwards ? all.slice(0, keep) : all.slice(Math.max(0, all.length - keep))
    run.edge = backwards ? at : at + count
    yield Number(count)
  }
  return null
}

function* oneWay(session: Session, args: MemorySearch, from: bigint, done: number): Generator<number, bigint | null> {
  const { space, bytes, backwards } = args
  const run: Run = { carry: new Uint8Array(0), edge: -1n }
  let through = done
  let seen = 0
  for (const s of stretches(session, space, from, backwards)) {
    if (s.real === null) {
      if (++seen % STRETCHES === 0) yield through
      continue
    }
    const inside = inStretch(session.core.ram, s, from, bytes, backwards, run)
    for (;;) {
      const { done: ended, value } = inside.next()
      if (!ended) {
        through += value
        yield through
        continue
      }
      if (value !== null) return value
      break
    }
  }
  return null
}

/**
 * The match nearest to `from` (with it), going on behind the other end of the space where there is none; null where the bytes are
 * nowhere. Backwards it is the last one that begins at or before `from`.
 */
export function* search(session: Session, args: MemorySearch): Generator<number, { address: bigint | null; wrapped: boolean }> {
  const { from, backwards, bytes, space } = args
  const end = endOf(session, space)
  // A match that begins at `from` has its last byte farther on.
  const last = from + BigInt(bytes.length - 1)
  const first = yield* oneWay(session, args, backwards ? (last < end ? last : end - 1n) : from, 0)
  if (first !== null) return { address: first, wrapped: false }
  const around = yield* oneWay(session, args, backwards ? end - 1n : 0n, 0)
  return { address: around, wrapped: around !== null }
}

/** The nearest mapped address beyond the stretch that holds `from`, or beyond what is not mapped there; null where there is none. */
export function* nextMapped(
  session: Session,
  space: Space,
  from: bigint,
  backwards: boolean,
  access: 'load' | 'fetch' = 'load',
): Generator<number, bigint | null> {
  let hole = false
  let seen = 0
  for (const s of stretches(session, space, from, backwards, access)) {
    if (s.real === null) hole = true
    else if (hole) return backwards ? s.to - 1n : s.from
    if (++seen % STRETCHES === 0) yield seen
  }
  return null
}
