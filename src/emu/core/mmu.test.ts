/** Translation of loads, stores and fetches by instructions of a guest. Power ISA 3.0B, Book III, 5.7 and 6.5. */
import { describe, expect, test } from 'vitest'
import { boot, type Guest, type GuestOptions, LINEAR, linearMap, MiB } from '../../../test/support/guest.ts'
import { LPCR, MSR } from '../isa/bitfields.ts'
import type { PageSize } from '../machine/radix.ts'

const { SF, PR, IR, DR, EE } = MSR.mask
const [VALID, LEAF, R, C, PRIV, READ, WRITE, EXEC] = [1n << 63n, 1n << 62n, 0x100n, 0x80n, 8n, 4n, 2n, 1n]
const GUARDED = 0x20n
const TRANSLATED = SF | IR | DR
const STORE = 0x02000000n

/** Code at LINEAR + 0x10000; the page of quadrant 0 at 1 MiB is what the tests change. */
const PAGE_EA = 0x100000n
function mapped(source: string, page: PageSize = '64K', options: GuestOptions = {}) {
  const ramBytes = options.ramBytes ?? 4 * MiB
  const guest = boot(source, {
    msr: TRANSLATED,
    base: LINEAR,
    ramBytes,
    tables: { page, processes: [[linearMap(ramBytes)], [linearMap(ramBytes)]] },
    ...options,
    set: { PIDR: 1n, r5: PAGE_EA, ...options.set },
  })
  return guest
}

/** Addresses of the walk's entries for an effective address of a process: process table entry, then one a level. */
function walk(guest: Guest, ea: bigint, pid: bigint): { at: bigint; word: bigint }[] {
  const entry = guest.core.partition.processTable!.base + pid * 16n
  const found = [{ at: entry, word: guest.core.readDoubleword(entry)! }]
  let [base, bits] = [found[0]!.word & 0x0fffffffffffff00n, found[0]!.word & 0x1fn]
  let shift = 52n
  for (;;) {
    shift -= bits
    const at = base + 8n * ((ea >> shift) & ((1n << bits) - 1n))
    const word = guest.core.readDoubleword(at)!
    found.push({ at, word })
    if (word & LEAF || !(word & VALID)) return found
    ;[base, bits] = [word & 0x0fffffffffffff00n, word & 0x1fn]
  }
}
const leafOf = (guest: Guest, ea = PAGE_EA, pid = 1n) => walk(guest, ea, pid).at(-1)!

function changeLeaf(guest: Guest, change: (word: bigint) => bigint, ea = PAGE_EA): void {
  const { at, word } = leafOf(guest, ea)
  guest.core.writeDoubleword(at, change(word))
  guest.core.flushTranslations(guest.vcpu)
}

/** What the instruction at `_start` took: name of the interrupt, DSISR or cause bits of SRR1, and the address. */
function took(guest: Guest): string {
  const outcome = guest.vcpu.step()
  if (outcome.kind === 'vmExit' && outcome.reason.kind === 'storage') {
    const data = outcome.reason.interrupt === 'hypervisorDataStorage'
    const status = data ? guest.get('HDSISR') : guest.get('HSRR1') & 0x783f0000n
    return `${outcome.reason.interrupt} ${status.toString(16)} ${guest.get('ASDR').toString(16)}`
  }
  if (outcome.kind !== 'interrupt') return outcome.kind
  const { id, wrote, cause } = outcome.interrupt
  const status = id === 'dataStorage' ? wrote.DSISR! : id === 'instructionStorage' ? cause : 0n
  return `${id} ${status.toString(16)} ${(wrote.DAR ?? guest.get('SRR0')).toString(16)}`
}

describe('real mode', () => {
  test('the top four bits of the address are ignored', () => {
    const guest = boot('_start: ld r3,0(r5)\n b .', { set: { r5: 0xf000000000020000n } })
    guest.core.write(0x20000, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7))
    expect(took(guest)).toBe('completed')
    expect(guest.get('r3')).toBe(7n)
  })

  test('behind the end of RAM lies the hypervisor’s interrupt, with the guest real address', () => {
    const at = (instruction: string) => took(boot(`_start: ${instruction}\n b .`, { set: { r5: 0x1fffffn } }))
    expect(at('lbz r3,0(r5)')).toBe('completed')
    expect(at('lbz r3,1(r5)')).toBe('hypervisorDataStorage 40000000 200000')
    expect(at('stb r3,1(r5)')).toBe('hypervisorDataStorage 42000000 200000')
    expect(at('lhz r3,0(r5)')).toBe('hypervisorDataStorage 40000000 200000')
    expect(took(boot('_start: b _start', { base: 0x200000n }))).toBe('hypervisorInstructionStorage 40000000 210000')
  })
})

describe.each<PageSize>(['4K', '64K', '2M', '1G'])('leaves of %s', page => {
  test('loads, stores and fetches get there', () => {
    const guest = mapped('_start: std r3,0(r5)\n ld r4,0(r5)\n lwz r6,4(r5)\n b .', page, {
      ramBytes: 8 * MiB,
      set: { r3: 0x1122334455667788n, r5: 0x3ffff8n },
    })
    guest.vcpu.run(4)
    expect([guest.get('r4'), guest.get('r6')]).toEqual([0x1122334455667788n, 0x55667788n])
    expect(guest.core.readDoubleword(0x3ffff8n)).toBe(0x1122334455667788n)
  })

  test('a load sets R, a store C, a fetch R; once set they are not written again', () => {
    const guest = mapped('_start: ld r3,0(r5)\n std r3,0(r5)\n mtctr r5; bctr', page, { ramBytes: 8 * MiB })
    guest.core.write(0x100000, Uint8Array.of(0x60, 0, 0, 0))
    const bits = () => leafOf(guest).word & (R | C)
    changeLeaf(guest, w => w & ~(R | C))
    guest.vcpu.step()
    expect(bits()).toBe(R)
    guest.vcpu.step()
    expect(bits()).toBe(R | C)
    changeLeaf(guest, w => w & ~(R | C))
    guest.vcpu.run(3)
    expect(bits()).toBe(R)
  })
})

describe('faults of data', () => {
  const load = '_start: ld r3,8(r5)\n b .'
  const store = '_start: std r3,8(r5)\n b .'
  /** DSISR of the load and of the store after the page's entry changed. */
  const both = (change: (word: bigint) => bigint, options: GuestOptions = {}) =>
    [load, store].map(source => {
      const guest = mapped(source, '64K', options)
      changeLeaf(guest, change)
      return took(guest)
    })

  test('no translation', () => {
    expect(both(() => 0n)).toEqual(['dataStorage 40000000 100008', 'dataStorage 42000000 100008'])
  })

  test('protection: read without write, neither, and write without read', () => {
    expect(both(w => w & ~WRITE)).toEqual(['completed', 'dataStorage a000000 100008'])
    expect(both(w => w & ~(READ | WRITE))).toEqual(['dataStorage 8000000 100008', 'dataStorage a000000 100008'])
  })

  test('a privileged page is not for problem state', () => {
    // The code of problem state lies in a page of quadrant 0 without privilege.
    const problem = (source: string, change: (word: bigint) => bigint) => {
      const guest = mapped(source, '64K', { msr: TRANSLATED | PR, base: 0n })
      changeLeaf(guest, w => w & ~PRIV, 0x10000n)
      changeLeaf(guest, change)
      return took(guest)
    }
    expect(problem(load, w => w)).toBe('dataStorage 8000000 100008')
    expect(problem(store, w => w)).toBe('dataStorage a000000 100008')
    expect(problem(load, w => w & ~PRIV)).toBe('completed')
  })

  test('AMR withholds problem-state pages from privileged state, and no others', () => {
    const page = (w: bigint) => w & ~PRIV
    expect(both(page, { set: { AMR: 1n << 62n } })).toEqual(['dataStorage 200000 100008', 'completed'])
    expect(both(page, { set: { AMR: 1n << 63n } })).toEqual(['completed', 'dataStorage 2200000 100008'])
    expect(both(w => w, { set: { AMR: 3n << 62n } })).toEqual(['completed', 'completed'])
    expect(both(page, { set: { AMR: ~(3n << 62n) & ((1n << 64n) - 1n) } })).toEqual(['completed', 'completed'])
  })

  test('mtspr AMR holds for the next access although the page was reached before', () => {
    const guest = mapped('_start: ld r3,0(r5)\n std r3,0(r5)\n mtspr 29,r6\n std r3,0(r5)\n b .', '64K', {
      set: { r6: 1n << 63n, AMOR: 3n << 62n },
    })
    changeLeaf(guest, w => w & ~PRIV)
    guest.vcpu.run(4)
    expect([guest.get('NIP'), guest.get('DSISR')]).toEqual([0x300n, 0x200000n | STORE])
  })

  test('a process of which the table has no entry, and one behind its end', () => {
    const entry = mapped(load)
    entry.set('PIDR', 4096n)
    expect(took(entry)).toBe('dataStorage 40020000 100008')
    const without = mapped(load)
    without.core.partition.processTable = null
    // The fetch comes first.
    expect(took(without)).toBe(`instructionStorage 40020000 ${(LINEAR + 0x10000n).toString(16)}`)
  })

  test('quadrants 1 and 2, and what lies above the tree, are segment interrupts', () => {
    for (const ea of [1n << 62n, 1n << 63n, 1n << 52n, LINEAR | (1n << 52n)]) {
      expect(took(mapped('_start: ld r3,0(r5)\n b .', '64K', { set: { r5: ea } })), ea.toString(16)).toBe(
        `dataSegment 0 ${ea.toString(16)}`,
      )
      const fetch = mapped('_start: mtctr r5; bctr', '64K', { set: { r5: ea } })
      fetch.vcpu.run(2)
      expect(took(fetch)).toBe(`instructionSegment 0 ${ea.toString(16)}`)
    }
  })

  test('trees that the walk does not take: a level too narrow, too wide, and a leaf whose address is not aligned', () => {
    const changed = (level: number, change: (w: bigint) => bigint) => {
      const guest = mapped(load)
      const entry = walk(guest, PAGE_EA, 1n)[level]!
      guest.core.writeDoubleword(entry.at, change(entry.word))
      return took(guest)
    }
    const size = (n: bigint) => (w: bigint) => (w & ~0x1fn) | n
    expect(changed(0, size(4n))).toBe('dataStorage 80000 100008')
    expect(changed(1, size(0n))).toBe('dataStorage 80000 100008')
    expect(changed(1, size(31n))).toBe('dataStorage 80000 100008')
    expect(changed(4, w => w | 0x1000n)).toBe('dataStorage 80000 100008')
    expect(changed(2, w => w & ~VALID)).toBe('dataStorage 40000000 100008')
  })
})

describe('faults of fetches', () => {
  const fetched = (change: (word: bigint) => bigint, options: GuestOptions = {}) => {
    const guest = mapped('_start: mtctr r5; bctr', '64K', options)
    changeLeaf(guest, change)
    guest.vcpu.run(2)
    return took(guest)
  }

  test('no translation, no-execute and guarded', () => {
    expect(fetched(() => 0n)).toBe('instructionStorage 40000000 100000')
    expect(fetched(w => w & ~EXEC)).toBe('instructionStorage 10000000 100000')
    expect(fetched(w => w | GUARDED)).toBe('instructionStorage 10000000 100000')
  })

  test('IAMR withholds problem-state pages from fetches of privileged state', () => {
    expect(fetched(w => w & ~PRIV, { set: { IAMR: 1n << 62n } })).toBe('instructionStorage 200000 100000')
    expect(fetched(w => w, { set: { IAMR: 1n << 62n } })).not.toContain('Storage')
  })

  test('a privileged page is not executed in problem state', () => {
    const guest = mapped('_start: nop\n b .', '64K', { msr: TRANSLATED | PR, base: 0n })
    expect(took(guest)).toBe('instructionStorage 8000000 10000')
  })

  test('DAR and DSISR stay as they were', () => {
    const guest = mapped('_start: mtctr r5; bctr', '64K', { set: { DAR: 1n, DSISR: 2n } })
    changeLeaf(guest, () => 0n)
    guest.vcpu.run(3)
    expect([guest.get('NIP'), guest.get('DAR'), guest.get('DSISR')]).toEqual([0x400n, 1n, 2n])
  })
})

describe('what a fault leaves', () => {
  test('every register as before the instruction, also of the forms with update', () => {
    for (const instruction of ['ldu r3,8(r5)', 'lwaux r3,r5,r6', 'stdu r3,8(r5)', 'stbux r3,r5,r6']) {
      const guest = mapped(`_start: ${instruction}\n b .`, '64K', { set: { r3: 3n, r6: 16n } })
      changeLeaf(guest, () => 0n)
      guest.vcpu.run(1)
      expect([guest.get('NIP'), guest.get('SRR0'), guest.get('r3'), guest.get('r5')]).toEqual([0x300n, LINEAR + 0x10000n, 3n, PAGE_EA])
    }
  })

  test.each([1, 2, 3, 4, 5, 6, 7])('a doubleword of which %i bytes lie on a page that faults is not written at all', behind => {
    const ea = PAGE_EA - 8n + BigInt(behind)
    const guest = mapped('_start: std r3,0(r5)\n b .', '64K', { set: { r3: -1n & ((1n << 64n) - 1n), r5: ea } })
    changeLeaf(guest, w => w & ~WRITE)
    expect(took(guest)).toBe('dataStorage a000000 100000')
    expect(guest.core.read(0xffff0, 32)).toEqual(new Uint8Array(32))
  })

  test('a load over two pages joins the bytes of both, wherever they lie, in both byte orders', () => {
    for (const little of [false, true]) {
      const guest = mapped('_start: ld r3,0(r5)\n stdbrx r3,0,r5\n ld r4,0(r5)\n b .', '64K', { little, set: { r5: PAGE_EA - 3n } })
      changeLeaf(guest, w => (w & ~0xffff0000n) | 0x80000n)
      guest.core.write(0xffffd, Uint8Array.of(1, 2, 3))
      guest.core.write(0x80000, Uint8Array.of(4, 5, 6, 7, 8))
      guest.vcpu.run(3)
      expect(guest.get('r3')).toBe(little ? 0x0807060504030201n : 0x0102030405060708n)
      expect(guest.get('r4')).toBe(little ? 0x0102030405060708n : 0x0807060504030201n)
      expect([...guest.core.read(0xffffd, 3), ...guest.core.read(0x80000, 5)]).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
    }
  })

  test('in 32-bit mode an access over the top of the address space goes on at 0', () => {
    const top = { from: 0xffff0000n, real: 0x20000n, bytes: 0x10000, privileged: true, touched: true }
    const low = { from: 0n, real: 0n, bytes: 0x20000, privileged: true, touched: true }
    const guest = boot('_start: stw r3,0(r5)\n lwz r4,0(r5)\n b .', {
      msr: IR | DR,
      set: { r3: 0x01020304n, r5: 0xfffffffffffffffen },
      tables: { page: '64K', processes: [[low, top]] },
    })
    guest.vcpu.run(2)
    expect([...guest.core.read(0x2fffe, 2), ...guest.core.read(0, 2)]).toEqual([1, 2, 3, 4])
    expect(guest.get('r4')).toBe(0x01020304n)
  })
})

describe('alignment', () => {
  test('reservations ask for it, other accesses do not', () => {
    const at = (instruction: string) => took(boot(`_start: ${instruction}\n b .`, { set: { r5: 0x20001n } }))
    for (const i of ['lharx r3,0,r5', 'lwarx r3,0,r5', 'ldarx r3,0,r5', 'sthcx. r3,0,r5', 'stwcx. r3,0,r5', 'stdcx. r3,0,r5'])
      expect(at(i), i).toBe('alignment 0 20001')
    for (const i of ['lbarx r3,0,r5', 'stbcx. r3,0,r5', 'ld r3,0(r5)', 'std r3,0(r5)', 'lwbrx r3,0,r5']) expect(at(i), i).toBe('completed')
  })
})

describe('DAWR', () => {
  const watch = (options: { x: bigint; at?: bigint; msr?: bigint }, source: string) =>
    took(
      boot(`_start: ${source}\n b .`, {
        msr: SF | (options.msr ?? 0n),
        set: { r5: 0x20000n, DAWR0: options.at ?? 0x20008n, DAWRX0: options.x },
      }),
    )
  const [PNH, WTI, LOADS, STORES] = [2n, 8n, 0x20n, 0x40n]

  test('a match is a DSI before completion: DSISR says so, memory and registers stay', () => {
    const guest = boot('_start: stdu r3,8(r5)\n b .', { set: { r3: 5n, r5: 0x20000n, DAWR0: 0x20008n, DAWRX0: PNH | WTI | STORES } })
    expect(took(guest)).toBe('dataStorage 2400000 20008')
    expect([guest.get('r5'), guest.get('SRR0'), guest.core.readDoubleword(0x20008n)]).toEqual([0x20000n, 0x10000n, 0n])
    expect(watch({ x: PNH | WTI | LOADS }, 'lbz r3,15(r5)')).toBe('dataStorage 400000 2000f')
  })

  test('loads and stores by their bits, length by MRD, each access that overlaps', () => {
    expect(watch({ x: PNH | WTI | LOADS }, 'std r3,8(r5)')).toBe('completed')
    expect(watch({ x: PNH | WTI | STORES }, 'ld r3,8(r5)')).toBe('completed')
    expect(watch({ x: PNH | WTI | LOADS }, 'ld r3,0(r5)')).toBe('completed')
    expect(watch({ x: PNH | WTI | LOADS }, 'ld r3,4(r5)')).toBe('dataStorage 400000 20004')
    expect(watch({ x: PNH | WTI | LOADS }, 'ld r3,16(r5)')).toBe('completed')
    expect(watch({ x: PNH | WTI | LOADS | (1n << 10n) }, 'ld r3,16(r5)')).toBe('dataStorage 400000 20010')
  })

  test('by privilege and by translation', () => {
    expect(watch({ x: 1n | WTI | LOADS }, 'ld r3,8(r5)')).toBe('completed')
    expect(watch({ x: 1n | WTI | LOADS, msr: PR }, 'ld r3,8(r5)')).toBe('dataStorage 400000 20008')
    expect(watch({ x: PNH | LOADS }, 'ld r3,8(r5)')).toBe('dataStorage 400000 20008')
    expect(watch({ x: PNH | 0x10n | LOADS }, 'ld r3,8(r5)')).toBe('completed')
  })

  test('set while the page is reached already, it holds from then on; the rest of the page is as fast and right as before', () => {
    const guest = boot('_start: std r3,8(r5)\n std r3,16(r5)\n b _start', { set: { r5: 0x20000n } })
    guest.vcpu.run(30)
    guest.set('DAWR0', 0x20010n)
    guest.set('DAWRX0', PNH | WTI | STORES)
    guest.vcpu.breakpointsChanged()
    expect(guest.vcpu.run(1).outcome.kind).toBe('completed')
    expect(took(guest)).toBe('dataStorage 2400000 20010')
  })
})

test('tlbie of the guest: a changed entry holds for the next access', () => {
  const guest = mapped('_start: ld r3,0(r5)\n stdx r6,0,r7\n ptesync\n tlbie r8,r9,0,1,1\n ld r4,0(r5)\n b .', '64K', {
    lpcr: LPCR.mask.GTSE | LPCR.mask.HR,
    msr: TRANSLATED | EE,
  })
  const { at, word } = leafOf(guest)
  guest.set('r7', LINEAR + at)
  guest.set('r6', (word & ~0xffff0000n) | 0x80000n)
  guest.core.write(0x80000, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9))
  guest.vcpu.run(5)
  expect([guest.get('r3'), guest.get('r4')]).toEqual([0n, 9n])
})

describe('a store to the tables holds from the next instruction on, run as stepped, without a tlbie', () => {
  const both = (source: string, count: number, look: (guest: Guest) => unknown, prepare: (guest: Guest) => void) => {
    const seen = [true, false].map(stepped => {
      const guest = mapped(source, '4K')
      prepare(guest)
      if (stepped) for (let n = 0; n < count; n++) guest.vcpu.step()
      else guest.vcpu.run(count)
      return look(guest)
    })
    expect(seen[0]).toEqual(seen[1])
    return seen[0]
  }
  const elsewhere = (guest: Guest) => {
    const { at, word } = leafOf(guest)
    guest.set('r7', LINEAR + at)
    guest.set('r6', (word & ~0xffff0000n) | 0x80000n)
    guest.core.write(0x80000, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9))
  }
  const values = (guest: Guest) => [guest.get('r3'), guest.get('r4')]

  test('a page that was read', () => {
    expect(both('_start: ld r3,0(r5)\n std r6,0(r7)\n ld r4,0(r5)\n b .', 3, values, elsewhere)).toEqual([0n, 9n])
  })

  test('by a conditional store', () => {
    const source = '_start: ld r3,0(r5)\n ldarx r8,0,r7\n stdcx. r6,0,r7\n ld r4,0(r5)\n b .'
    expect(both(source, 4, values, elsewhere)).toEqual([0n, 9n])
  })

  test('by storage over a table’s end', () => {
    const source =
      '_start: ld r3,0(r5)\n addi r8,r7,-4\n lwz r9,-4(r7)\n sldi r9,r9,32\n srdi r10,r6,32\n or r9,r9,r10\n std r9,0(r8)\n stw r6,4(r7)\n ld r4,0(r5)\n b .'
    expect(both(source, 9, values, elsewhere)).toEqual([0n, 9n])
  })

  test('the page of the code itself', () => {
    const at = (guest: Guest) => [guest.get('NIP') & 0xffffn, guest.get('r3')]
    const noExecute = (guest: Guest) => {
      const { at, word } = leafOf(guest, 0x10000n, 0n)
      guest.set('r7', LINEAR + at)
      guest.set('r6', word & ~EXEC)
    }
    expect(both('_start: li r3,1\n std r6,0(r7)\n li r3,2\n b .', 3, at, noExecute)).toEqual([0x400n, 1n])
  })
})

test('a walk that sets C ends the reservation that a guest holds on the entry: its stdcx. does not undo it', () => {
  const outcome = (dropped: bigint) => {
    const guest = mapped('_start: ldarx r3,0,r6\n std r7,0(r5)\n stdcx. r3,0,r6\n b .')
    changeLeaf(guest, w => w & ~dropped)
    guest.set('r6', LINEAR + leafOf(guest).at)
    guest.vcpu.run(3)
    return { condition: guest.vcpu.state.get('CRF'), changed: (leafOf(guest).word & C) !== 0n }
  }
  expect(outcome(0n)).toEqual({ condition: 2n, changed: true })
  expect(outcome(C)).toEqual({ condition: 0n, changed: true })
})
