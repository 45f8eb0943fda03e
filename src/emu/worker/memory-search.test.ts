/** Looking for bytes and for what is mapped, both ways, over the ends of pages and of the space. */
import { describe, expect, test } from 'vitest'
import { Session } from '../debug/session.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { nextMapped, place, search } from './memory-search.ts'
import { stretchAt } from './memory-space.ts'
import type { Space } from './protocol.ts'

const LINEAR = 0xc000000000000000n
const RAM = 0x1000000n
const RADIX = '# twostep: map=radix page=4K ail=3 ir=1 dr=1 ram=16M\n_start: b .\n'
const REAL = '# twostep: ram=16M\n_start: b .\n'

function open(source: string) {
  const { image, diagnostics } = imageOfSource('guest.s', source)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const session = new Session(new Pseries(image), 'rfc-v2')
  const end = <T>(work: Generator<number, T>): T => {
    for (;;) {
      const { done, value } = work.next()
      if (done) return value
    }
  }
  const text = (s: string) => new TextEncoder().encode(s)
  return {
    session,
    put: (real: number, s: string) => session.core.write(real, text(s)),
    find: (s: string, from: bigint, backwards = false, space: Space = 'effective') =>
      end(search(session, { space, bytes: text(s), from, backwards })),
    mapped: (from: bigint, backwards = false) => end(nextMapped(session, 'effective', from, backwards)),
  }
}

test('a place in bytes, the first or the last', () => {
  const bytes = Uint8Array.of(1, 1, 2, 1, 1, 2, 1)
  expect(place(bytes, Uint8Array.of(1, 2), false)).toBe(1)
  expect(place(bytes, Uint8Array.of(1, 2), true)).toBe(4)
  expect(place(bytes, Uint8Array.of(1, 1, 1), false)).toBe(-1)
  expect(place(bytes, Uint8Array.of(1, 1, 1), true)).toBe(-1)
  expect(place(Uint8Array.of(1), Uint8Array.of(1, 2), true)).toBe(-1)
  // At each place of a small alphabet, as a search by hand finds it.
  const slow = (all: Uint8Array, wanted: Uint8Array, backwards: boolean) => {
    const at = Array.from({ length: all.length }, (_, n) => n).filter(
      n => n + wanted.length <= all.length && wanted.every((b, k) => all[n + k] === b),
    )
    return (backwards ? at.at(-1) : at[0]) ?? -1
  }
  for (let n = 0; n < 4096; n++) {
    const all = Uint8Array.from({ length: 12 }, (_, k) => (n >> k) & 1)
    for (const wanted of [[0], [1], [0, 1], [0, 0, 1], [1, 0, 0], [0, 0, 0]].map(w => Uint8Array.from(w)))
      for (const backwards of [false, true])
        if (place(all, wanted, backwards) !== slow(all, wanted, backwards)) expect([n, ...wanted]).toEqual([])
  }
})

describe('search', () => {
  test('real storage: on, back, and once around', () => {
    const { put, find } = open(REAL)
    put(0x20000, 'needle')
    put(0x90000, 'needle')
    for (const space of ['guest real', 'host real'] as const) {
      expect(find('needle', 0n, false, space)).toEqual({ address: 0x20000n, wrapped: false })
      expect(find('needle', 0x20000n, false, space)).toEqual({ address: 0x20000n, wrapped: false })
      expect(find('needle', 0x20001n, false, space)).toEqual({ address: 0x90000n, wrapped: false })
      expect(find('needle', 0x90001n, false, space)).toEqual({ address: 0x20000n, wrapped: true })
      expect(find('needle', 0x90000n, true, space)).toEqual({ address: 0x90000n, wrapped: false })
      expect(find('needle', 0x8ffffn, true, space)).toEqual({ address: 0x20000n, wrapped: false })
      expect(find('needle', 0x1ffffn, true, space)).toEqual({ address: 0x90000n, wrapped: true })
      expect(find('nowhere', 0n, false, space)).toEqual({ address: null, wrapped: false })
    }
  })

  test('a match over the end of a slice, at every place', () => {
    for (let n = 1; n < 6; n++) {
      const { put, find } = open(REAL)
      put(0x30000 - n, 'needle')
      expect(find('needle', 0n, false, 'guest real').address).toBe(BigInt(0x30000 - n))
      expect(find('needle', RAM - 1n, true, 'guest real').address).toBe(BigInt(0x30000 - n))
    }
  })

  test('effective: as the pages lie, not as their storage does', () => {
    const { session, put, find } = open(RADIX)
    // The page at 0x3000 of the kernel's mapping is moved to 0x7000.
    const { core } = session
    const entry = 0xc000000000003000n | 0x18fn
    for (let at = 0n; at < RAM; at += 8n) if (core.readDoubleword(at) === entry) core.writeDoubleword(at, entry + 0x4000n)
    core.flushTranslations(core.vcpus[0]!)
    put(0x2ffd, 'nee')
    put(0x7000, 'dle')
    expect(find('needle', LINEAR)).toEqual({ address: LINEAR + 0x2ffdn, wrapped: false })
    expect(find('needle', LINEAR + RAM - 1n, true)).toEqual({ address: LINEAR + 0x2ffdn, wrapped: false })
    expect(find('needle', 0n, false, 'guest real').address).toBeNull()
    put(0x2ffd, 'xxx')
    put(0x3000, 'yyy')
    expect(find('xxxyyy', LINEAR).address).not.toBe(LINEAR + 0x2ffdn)
  })

  test('in real mode RAM is there again for each value of the high four bits', () => {
    const { put, find } = open(REAL)
    put(0x20000, 'needle')
    expect(find('needle', LINEAR).address).toBe(LINEAR + 0x20000n)
    expect(find('needle', 0n).address).toBe(0x20000n)
  })
})

describe('what is mapped', () => {
  test('each stretch ends where its entry does', () => {
    const { session } = open(RADIX)
    expect(stretchAt(session, 'effective', LINEAR + 0x1234n)).toEqual({
      from: LINEAR + 0x1000n,
      to: LINEAR + 0x2000n,
      real: 0x1000,
      why: '',
    })
    expect(stretchAt(session, 'effective', LINEAR + RAM)).toMatchObject({ real: null, why: 'no entry' })
    expect(stretchAt(session, 'effective', 1n << 62n)).toEqual({ from: 1n << 62n, to: 2n << 62n, real: null, why: 'outside the quadrant' })
    // 52 bits of a quadrant are the tree's.
    expect(stretchAt(session, 'effective', 1n << 60n)).toEqual({ from: 1n << 52n, to: 1n << 62n, real: null, why: 'outside the quadrant' })
    expect(stretchAt(session, 'guest real', RAM)).toEqual({ from: RAM, to: 1n << 64n, real: null, why: 'beyond RAM' })
  })

  test('a page over the end of RAM is mapped as far as RAM goes', () => {
    const { session } = open('# twostep: map=radix page=1G ir=1 dr=1 ram=64M\n_start: b .\n')
    const ram = BigInt(session.core.ramBytes)
    const inside = stretchAt(session, 'effective', LINEAR)
    expect(inside).toMatchObject({ from: LINEAR, to: LINEAR + ram, real: 0 })
    expect(stretchAt(session, 'effective', LINEAR + ram)).toMatchObject({ from: LINEAR + ram, real: null, why: 'beyond RAM' })
  })

  test('the next mapped address lies behind the hole, either way', () => {
    const { mapped } = open(RADIX)
    expect(mapped(LINEAR + RAM)).toBeNull()
    expect(mapped(RAM + 0x5000_0000n)).toBe(LINEAR)
    expect(mapped(LINEAR + 0x2_0000_0000n, true)).toBe(LINEAR + RAM - 1n)
    expect(mapped(LINEAR, true)).toBe(RAM - 1n)
  })
})
