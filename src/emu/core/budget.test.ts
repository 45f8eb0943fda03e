/** Exact stops: a run of n + m boundaries is a run of n and one of m; stores into code, pages and stops. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boot, type Guest, type GuestOptions, LINEAR, linearMap, MiB } from '../../../test/support/guest.ts'
import { MSR } from '../isa/bitfields.ts'
import { exits } from './interpreter.ts'
import { stateRegisters } from './layout.ts'
import { fetchFindsReferenced } from './mmu.ts'

const { SF, EE, IR, DR } = MSR.mask
const guestState = (g: Guest) =>
  stateRegisters.filter(r => r.guest).map(r => [r.name, ...Array.from({ length: r.count }, (_, n) => g.vcpu.state.get(r.name, n))])

/** A loop over two pages with calls, a store and a load on the border of two pages, and a decrementer that interrupts. */
const acrossPages = `
_start: addi r3,r3,1
        bl far
        stw r3,0(r5)
        lwz r6,0(r5)
        mftb r7
        cmpwi r3,200
        bne _start
        sc
        b _start
        .org 0x10ff8
far:    addi r4,r4,3
        mullw r8,r4,r3
        mfdec r9
        xor r10,r10,r9
        blr`
const options: GuestOptions = {
  msr: SF | EE,
  set: { r5: 0x21ffen, DEC_BASE: 37n, r30: 23n },
  at: { '0x900': 'mtdec r30; addi r31,r31,1; rfid', '0xc00': 'li r3,0; rfid' },
}

test('run(n) then run(m) is run(n + m), wherever n stops', () => {
  const whole = new Map<number, unknown>()
  const at = (n: number) => {
    if (!whole.has(n)) {
      const guest = boot(acrossPages, options)
      expect(guest.vcpu.run(n).boundaries).toBe(n)
      whole.set(n, guestState(guest))
    }
    return whole.get(n)
  }
  const ends = [1, 2, 5, 100, 1000, 3001]
  const property = fc.property(fc.constantFrom(...ends), fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 12 }), (n, parts) => {
    const guest = boot(acrossPages, options)
    let left = n
    for (const part of parts.filter(p => p < n)) {
      const now = Math.min(part, left)
      if (now === 0) break
      expect(guest.vcpu.run(now)).toEqual({
        boundaries: now,
        outcome: expect.objectContaining({ kind: expect.stringMatching(/completed|interrupt/) }),
      })
      left -= now
    }
    if (left) guest.vcpu.run(left)
    expect(guest.vcpu.state.get('TIME')).toBe(BigInt(n))
    expect(guestState(guest)).toEqual(at(n))
  })
  fc.assert(property, { numRuns: 40, seed: 7 })
})

test('steps are a run: 300 single steps and run(300) give the same state', () => {
  const [stepped, ran] = [boot(acrossPages, options), boot(acrossPages, options)]
  for (let n = 0; n < 300; n++) stepped.vcpu.step()
  ran.vcpu.run(300)
  expect(guestState(stepped)).toEqual(guestState(ran))
})

test('at the end of a page the budget stops before the next page is fetched', () => {
  // The page at 0x11000 is the last of RAM.
  const guest = boot('.org 0x1ff8\n_start: nop\n nop\n', { ramBytes: 1 << 16, origin: 0, set: {} })
  guest.set('NIP', 0xfff8n)
  guest.core.write(0xfff8, Uint8Array.of(0x60, 0, 0, 0, 0x60, 0, 0, 0))
  const first = guest.vcpu.run(2)
  expect(first).toEqual({ boundaries: 2, outcome: { kind: 'completed' } })
  expect(guest.get('NIP')).toBe(0x10000n)
  expect(guest.vcpu.state.number('EXIT')).toBe(exits.budget)
  expect(guest.vcpu.run(1)).toMatchObject({
    boundaries: 0,
    outcome: { kind: 'vmExit', reason: { interrupt: 'hypervisorInstructionStorage', address: 0x10000n } },
  })
})

test('in 32-bit mode the instruction after 0xfffffffc is at 0', () => {
  const top = { from: 0xffff0000n, real: 0x10000n, bytes: 0x10000, privileged: true, touched: true }
  const low = { from: 0n, real: 0n, bytes: 0x10000, privileged: true, touched: true }
  const make = () =>
    boot('.org 0x1fff8\n li r3,1\n li r4,2\n', {
      origin: 0x1fff8,
      msr: IR,
      tables: { page: '64K', processes: [[low, top]] },
      at: { '0x0': 'li r5,3; nop; b 0x4' },
    })
  const [ran, stepped] = [make(), make()]
  for (const g of [ran, stepped]) g.set('NIP', 0xfffffff8n)
  ran.vcpu.run(4)
  for (let n = 0; n < 4; n++) stepped.vcpu.step()
  expect([ran.get('r3'), ran.get('r4'), ran.get('r5'), ran.get('NIP')]).toEqual([1n, 2n, 3n, 8n])
  expect(guestState(stepped)).toEqual(guestState(ran))
})

test('mtmsrd that turns 32-bit mode on: the next instruction is at the low 32 bits of the address', () => {
  const tables = { page: '64K', processes: [[linearMap()]] } as const
  const make = () => boot('_start: mtmsrd r3\n mfmsr r4\n b .', { msr: SF | IR, base: LINEAR, tables, set: { r3: IR } })
  const [ran, stepped] = [make(), make()]
  ran.vcpu.run(2)
  stepped.vcpu.step()
  expect(stepped.get('NIP')).toBe(0x10004n)
  stepped.vcpu.step()
  expect([ran.get('NIP'), ran.get('r4')]).toEqual([0x10008n, IR])
  expect(guestState(stepped)).toEqual(guestState(ran))
})

describe('stores into code', () => {
  test('a word stored ahead, then icbi and isync, is executed', () => {
    const guest = boot(
      '_start: lwz r3,new@l(r5)\n stw r3,there@l(r5)\n dcbst 0,r6; sync; icbi 0,r6; isync\nthere: li r4,1\n b .\nnew: li r4,2\n',
      {
        set: { r5: 0x10000n, r6: 0x10018n },
      },
    )
    guest.vcpu.run(7)
    expect(guest.get('r4')).toBe(2n)
  })

  test('a loop that changes its own next instruction executes the new word each time round', () => {
    // addi r4,r4,N with N rising: the immediate is the low half of the word.
    const guest = boot('_start: lwz r3,there-_start(r5)\n addi r3,r3,1\n stw r3,there-_start(r5)\nthere: addi r4,r4,0\n b _start', {
      set: { r5: 0x10000n },
    })
    guest.vcpu.run(5 * 10)
    expect(guest.get('r4')).toBe(55n)
  })

  test('a page of code that is written through another mapping, and by another vCPU, is decoded anew', () => {
    const page = (from: bigint, real: bigint) => ({ from, real, bytes: 0x10000, privileged: true, touched: true })
    const guest = boot('_start: addi r4,r4,1\n addi r7,r7,1\n b _start\nother: stw r3,0(r5)\n b .', {
      msr: SF | IR | DR,
      vcpus: 2,
      base: LINEAR,
      set: { r5: LINEAR + 0x80000n, r3: 0x38840064n },
      tables: { page: '64K', processes: [[page(0n, 0n), page(0x10000n, 0x10000n), page(0x80000n, 0x10000n)]] },
    })
    const [one, two] = guest.core.vcpus as [typeof guest.vcpu, typeof guest.vcpu]
    one.run(3)
    expect(guest.get('r4')).toBe(1n)
    two.state.set('NIP', guest.symbol('other'))
    two.state.set('GPR', 0x38840064n, 3)
    two.state.set('GPR', LINEAR + 0x80000n, 5)
    two.run(1)
    one.run(3)
    expect(guest.get('r4')).toBe(101n)
  })

  test('both byte orders of one page are kept right', () => {
    const guest = boot('_start: addi r4,r4,1\n b _start', {})
    guest.vcpu.run(2)
    guest.set('MSR', SF | MSR.mask.LE)
    guest.set('NIP', 0x10000n)
    guest.core.write(0x10000, Uint8Array.of(0x05, 0, 0x84, 0x38))
    guest.vcpu.run(1)
    expect(guest.get('r4')).toBe(6n)
  })
  test('a stop stays where it was set when the guest stores over its instruction', () => {
    const guest = boot('_start: lwz r3,there-_start(r5)\n stw r3,there-_start(r5)\nthere: addi r4,r4,1\n b _start', {
      set: { r5: 0x10000n },
    })
    guest.core.stops.add(guest.symbol('there'))
    guest.core.flushCode()
    for (const n of [0n, 1n, 2n]) {
      expect(guest.vcpu.run(100).outcome).toEqual({ kind: 'breakpoint', at: guest.symbol('there') })
      expect(guest.get('r4')).toBe(n)
    }
  })
})

test('a run goes on from a stop; a stop on the first instruction of the run is passed over once', () => {
  const guest = boot('_start: addi r3,r3,1\nloop: addi r4,r4,1\n b loop', {})
  guest.core.stops.add(guest.symbol('_start')).add(guest.symbol('loop'))
  guest.core.flushCode()
  expect(guest.vcpu.run(100)).toEqual({ boundaries: 1, outcome: { kind: 'breakpoint', at: guest.symbol('loop') } })
  expect(guest.vcpu.run(100)).toEqual({ boundaries: 2, outcome: { kind: 'breakpoint', at: guest.symbol('loop') } })
  expect(guest.vcpu.run(1)).toEqual({ boundaries: 1, outcome: { kind: 'completed' } })
  expect([guest.get('r3'), guest.get('r4')]).toEqual([1n, 2n])
})

test('more pages of code than there are slots for: all are executed, some again', () => {
  const guest = boot('nop', { ramBytes: 8 * MiB, origin: 0x100 })
  const pages = guest.core.layout.slotPages + 40
  // Each page: addi r3,r3,1; b to the same place of the next page.
  for (let n = 0; n < pages; n++) guest.core.write(0x1000 * (n + 1), Uint8Array.of(0x38, 0x63, 0, 1, 0x48, 0, 0x0f, 0xfc))
  guest.set('NIP', 0x1000n)
  for (const round of [1n, 2n]) {
    guest.set('NIP', 0x1000n)
    guest.vcpu.run(2 * pages)
    expect(guest.get('r3')).toBe(round * BigInt(pages))
  }
})

/** A debugger's stop is no fetch: R of the page stays as it was until the instruction runs. */
describe('a stop leaves R of its page as it is', () => {
  const REFERENCED = 0x100n
  /** Pages of 4 KiB, mapped to themselves; `there` lies at 0x11000, whose R is 0 when the run comes to it. */
  const page = (from: bigint, bytes: number, touched: boolean) => ({ from, real: from, bytes, privileged: true, touched })
  const processes = [[page(0x10000n, 0x1000, true), page(0x11000n, 0x1000, false), page(0x12000n, 0x100000, true)]]

  test.each([
    ['where it begins', ' .org 0x11000\n _start: there: nop\n b .', 0],
    ['on another page', '_start: nop\n b there\n .org 0x11000\n there: nop\n b .', 2],
    ['at the end of a page', ' .org 0x10ffc\n _start: nop\n there: nop\n b .', 1],
  ])('%s', (_where, source, boundaries) => {
    const guest = boot(source, { msr: SF | IR, tables: { page: '4K', processes }, ramBytes: 4 * MiB })
    const { core, vcpu } = guest
    const referenced = () => fetchFindsReferenced(vcpu.state, core.partition, core, guest.symbol('there'))
    core.stops.add(guest.symbol('there'))
    if (boundaries > 0) expect(vcpu.run(10)).toEqual({ boundaries, outcome: { kind: 'breakpoint', at: guest.symbol('there') } })
    expect([guest.get('NIP'), referenced()]).toEqual([0x11000n, false])
    vcpu.run(1)
    expect([guest.get('NIP'), referenced()]).toEqual([0x11004n, true])
  })

  test('behind a store that clears it', () => {
    const own = [[page(0x10000n, 0x100000, true)]]
    const guest = boot('_start: stb r9,6(r28)\n there: nop\n b .', {
      msr: SF | IR,
      tables: { page: '4K', processes: own },
      ramBytes: 4 * MiB,
    })
    const entry = () => guest.core.readDoubleword(guest.get('r28'))! & REFERENCED
    const at = [...Array(guest.core.ramBytes / 8).keys()].find(n => guest.core.readDoubleword(BigInt(8 * n))! >> 8n === 0xc0000000000101n)!
    guest.set('r28', BigInt(8 * at))
    guest.core.stops.add(guest.symbol('there'))
    expect(guest.vcpu.run(10).outcome.kind).toBe('breakpoint')
    expect(entry()).toBe(0n)
    guest.vcpu.run(1)
    expect(entry()).toBe(REFERENCED)
  })
})
