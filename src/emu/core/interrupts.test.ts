/** Interrupts at their exact boundary, clocks, reservations, facilities, and what leaves the guest. Power ISA 3.0B, Books II and III. */
import { describe, expect, test } from 'vitest'
import { boot, type Guest, type GuestOptions, lines, story } from '../../../test/support/guest.ts'
import { FSCR, HFSCR, LPCR, MMCR0, MSR } from '../isa/bitfields.ts'
import { pendingBits } from './vcpu.ts'

const { SF, SE, EE, PR, FP, VEC, VSX, HV, RI, ME } = MSR.mask

function told(source: string, count: number, options: GuestOptions, expected: string): void {
  expect(story(() => boot(source, options), count)).toBe(lines(expected))
}
const registers = (guest: Guest, ...names: string[]) => names.map(n => guest.get(n))

describe('decrementer', () => {
  const count = '_start: addi r3,r3,1\n b _start'

  test.each([0n, 1n, 2n, 7n, 50n])('with DEC = %i it is taken when it has become negative', dec => {
    for (const stepped of [false, true]) {
      const guest = boot(count, { msr: SF | EE, set: { DEC_BASE: dec } })
      const limit = Number(dec) + 2
      if (stepped) for (let n = 0; n < limit; n++) guest.vcpu.step()
      else guest.vcpu.run(limit)
      // dec + 1 instructions complete, then the interrupt.
      expect(registers(guest, 'NIP', 'TIME', 'r3')).toEqual([0x900n, dec + 2n, (dec + 2n) / 2n])
    }
  })

  test('it waits while EE is 0, and is a level: taken again as long as DEC is negative', () => {
    told(
      '_start: mtmsrd r3,1\n nop\n b .',
      5,
      { set: { r3: 0x8000n, DEC_BASE: 0n }, at: { '0x900': 'nop; rfid' } },
      '_start mtmsrd\n → 900 decrementer from _start+4 cause 0\n 900 ori\n 904 rfid\n → 900 decrementer from _start+4 cause 0',
    )
  })

  test('mtdec in the handler ends it; reads count down by one a boundary', () => {
    const guest = boot('_start: mfdec r4\n nop\n mfdec r5\n mftb r6\n mtdec r7\n mfdec r8\n b .', {
      set: { DEC_BASE: 100n, TB_BASE: 1000n, r7: 5n },
    })
    guest.vcpu.run(6)
    expect(registers(guest, 'r4', 'r5', 'r6', 'r8')).toEqual([100n, 98n, 1003n, 4n])
  })

  test('DEC has 32 bits, or with LPCR[LD] 56, sign-extended', () => {
    const read = (lpcr: bigint) => {
      const guest = boot('_start: mtdec r3\n mfdec r4\n b .', { lpcr, set: { r3: 0x00ff_ffff_ffff_fffen } })
      guest.vcpu.run(2)
      return guest.get('r4')
    }
    expect(read(0n)).toBe(0xfffffffdn)
    expect(read(LPCR.mask.LD)).toBe(0xfffffffffffffffdn)
  })

  test('a vCPU that is held takes none; freed, it takes it before the next instruction', () => {
    const guest = boot(count, { msr: SF | EE, set: { DEC_BASE: 3n } })
    guest.vcpu.hold = true
    guest.vcpu.run(20)
    expect(registers(guest, 'TIME', 'r3')).toEqual([20n, 10n])
    expect(guest.vcpu.asynchronousDue()).toBe(true)
    guest.vcpu.hold = false
    guest.vcpu.run(1)
    expect(registers(guest, 'NIP', 'SRR0', 'TIME')).toEqual([0x900n, 0x10000n, 21n])
  })

  test('the time base reads the same in one run as in steps', () => {
    const source = '_start: mftb r3\n add r4,r4,r3\n mfspr r5,269\n b _start'
    const [ran, stepped] = [boot(source, { set: { TB_BASE: 0xfffffff0n } }), boot(source, { set: { TB_BASE: 0xfffffff0n } })]
    ran.vcpu.run(40)
    for (let n = 0; n < 40; n++) stepped.vcpu.step()
    expect(registers(ran, 'r3', 'r4', 'r5')).toEqual(registers(stepped, 'r3', 'r4', 'r5'))
    expect(registers(ran, 'r3', 'r5')).toEqual([0xfffffff0n + 36n, 1n])
  })
})

test('asynchronous interrupts by priority: external, decrementer, doorbell, performance monitor', () => {
  const { external } = pendingBits
  const at = (pending: bigint, dec: bigint, DPDES = 1n) => {
    const set = { PENDING: pending, DEC_BASE: dec, DPDES, MMCR0: MMCR0.mask.PMAO }
    const guest = boot('_start: nop\n b .', { msr: SF | EE, lpcr: LPCR.mask.LPES, set })
    guest.vcpu.run(1)
    return guest.get('NIP')
  }
  const negative = -1n & ((1n << 64n) - 1n)
  expect([at(external, negative), at(0n, negative), at(0n, 100n), at(0n, 100n, 0n)]).toEqual([0x500n, 0x900n, 0xa00n, 0xf00n])
})

test('a doorbell is an edge: once taken it is gone; the external line stays', () => {
  const guest = boot('_start: nop\n b .', { msr: SF | EE, set: { DPDES: 1n }, at: { '0xa00': 'rfid' } })
  guest.vcpu.run(3)
  expect(registers(guest, 'NIP', 'DPDES')).toEqual([0x10004n, 0n])
})

describe('msgsndp', () => {
  const { PR: problem } = MSR.mask
  const sending = (set: Record<string, bigint>, msr = SF) =>
    boot('_start: msgsndp r3\n msgclrp r4\n b .', { msr, set: { HFSCR: HFSCR.mask.MSGP, ...set } })

  test('rings a doorbell of type 5 at the thread that it names, which msgclrp takes back', () => {
    const guest = sending({ r3: 5n << 27n, r4: 5n << 27n })
    guest.vcpu.run(1)
    expect(guest.get('DPDES')).toBe(1n)
    guest.vcpu.run(1)
    expect(guest.get('DPDES')).toBe(0n)
  })

  test('of another type, or to a thread that there is not, does nothing', () => {
    for (const r3 of [4n << 27n, (5n << 27n) | 1n]) {
      const guest = sending({ r3 })
      guest.vcpu.run(1)
      expect(registers(guest, 'DPDES', 'NIP')).toEqual([0n, 0x10004n])
    }
  })

  test('is privileged, and a facility of HFSCR', () => {
    const guest = sending({ r3: 5n << 27n }, SF | problem | EE | MSR.mask.IR | MSR.mask.DR)
    expect(guest.vcpu.step().kind).toBe('interrupt')
    const withheld = sending({ r3: 5n << 27n, HFSCR: 0n })
    expect(withheld.vcpu.step().kind).toBe('vmExit')
  })

  test('to another vCPU', () => {
    const guest = boot('_start: msgsndp r3\n b .', { vcpus: 2, msr: SF, set: { HFSCR: HFSCR.mask.MSGP, r3: (5n << 27n) | 1n } })
    const other = guest.core.vcpus[1]!
    other.state.set('TIR', 1n)
    other.state.set('MSR', SF | EE)
    other.state.set('NIP', 0x10004n)
    guest.vcpu.run(1)
    expect(other.step().kind).toBe('interrupt')
    expect([other.state.get('NIP'), guest.get('DPDES'), other.state.get('DPDES')]).toEqual([0xa00n, 0n, 0n])
  })
})

describe('reservations', () => {
  const pair = '_start: lwarx r3,0,r5\n addi r3,r3,1\n stwcx. r3,0,r5\n b .'
  const success = (guest: Guest) => guest.vcpu.state.get('CRF') === 2n

  test('stwcx. stores while the reservation is held, once', () => {
    const guest = boot(`${pair.slice(0, -4)}\n mfcr r4\n stwcx. r3,0,r5\n b .`, { set: { r5: 0x20000n } })
    guest.vcpu.run(5)
    expect(registers(guest, 'r4')).toEqual([0x20000000n])
    expect(success(guest)).toBe(false)
    expect(guest.core.read(0x20000, 4)).toEqual(Uint8Array.of(0, 0, 0, 1))
  })

  test('it survives an interrupt and rfid', () => {
    const guest = boot('_start: lwarx r3,0,r5\n sc\n stwcx. r3,0,r5\n b .', {
      set: { r5: 0x20000n, r3: 9n },
      at: { '0xc00': 'li r3,7; rfid' },
    })
    guest.vcpu.run(5)
    expect(success(guest)).toBe(true)
    expect(guest.core.read(0x20000, 4)).toEqual(Uint8Array.of(0, 0, 0, 7))
  })

  test('stwcx. to another address, or of another size, fails and ends it', () => {
    for (const other of ['stwcx. r3,0,r6', 'stdcx. r3,0,r5', 'stbcx. r3,0,r5']) {
      const guest = boot(`_start: lwarx r3,0,r5\n ${other}\n mfcr r4\n stwcx. r3,0,r5\n b .`, {
        set: { r5: 0x20000n, r6: 0x20008n, r3: 1n },
      })
      guest.vcpu.run(4)
      expect(guest.get('r4') & 0x20000000n, other).toBe(0n)
      expect(success(guest), other).toBe(false)
    }
  })

  test('a store of its own vCPU does not end it; CR0[SO] is XER[SO]', () => {
    const guest = boot('_start: lwarx r3,0,r5\n std r3,0(r5)\n stwcx. r3,0,r5\n b .', { set: { r5: 0x20000n, SO: 1n } })
    guest.vcpu.run(3)
    expect(guest.vcpu.state.get('CRF')).toBe(3n)
  })

  test.each([
    ['stb r3,0(r5)', false],
    ['stb r3,127(r5)', false],
    ['std r3,-8(r5)', true],
    ['stb r3,128(r5)', true],
    ['dcbz 0,r5', false],
    ['stwcx. r3,0,r5', true],
  ] as const)('by another vCPU: %s', (store, kept) => {
    const guest = boot(`${pair}\nother: ${store}\n b .`, { vcpus: 2, set: { r5: 0x20000n } })
    const [one, two] = guest.core.vcpus as [typeof guest.vcpu, typeof guest.vcpu]
    two.state.set('NIP', guest.symbol('other'))
    two.state.set('GPR', 0x20000n, 5)
    // The other has stored there before, so that its translation is known.
    two.run(1)
    two.state.set('NIP', guest.symbol('other'))
    one.run(2)
    two.run(1)
    one.run(1)
    expect(one.state.get('CRF') === 2n).toBe(kept)
  })

  test('a store over the end of one granule into the next ends the reservation there', () => {
    const guest = boot(`${pair}\nother: std r3,-4(r5)\n b .`, { vcpus: 2, set: { r5: 0x20080n } })
    const [one, two] = guest.core.vcpus as [typeof guest.vcpu, typeof guest.vcpu]
    two.state.set('NIP', guest.symbol('other'))
    two.state.set('GPR', 0x20080n, 5)
    one.run(2)
    two.run(1)
    one.run(1)
    expect(one.state.get('CRF')).toBe(0n)
  })
})

describe('facilities', () => {
  const fadd = '_start: .long 0xfc22182a\n b .'
  const vaddubm = '_start: .long 0x10221800\n b .'
  const xxlor = '_start: .long 0xf0221c97\n b .'

  test.each([
    ['FP', fadd, 0x800n],
    ['VEC', vaddubm, 0xf20n],
    ['VSX', xxlor, 0xf40n],
  ])('%s unavailable', (_, source, vector) => {
    const guest = boot(source, { msr: SF | RI })
    guest.vcpu.run(1)
    expect(registers(guest, 'NIP', 'SRR0', 'SRR1')).toEqual([vector, 0x10000n, SF | RI])
  })

  test('available, the instruction stops with its name, and nothing is changed', () => {
    const guest = boot(fadd, { msr: SF | FP | VEC | VSX })
    const { outcome, boundaries } = guest.vcpu.run(10)
    expect({ outcome, boundaries }).toEqual({
      boundaries: 0,
      outcome: { kind: 'vmExit', reason: { kind: 'unsupported', name: 'fadd', word: 0xfc22182a } },
    })
    expect(registers(guest, 'NIP', 'TIME')).toEqual([0x10000n, 0n])
  })

  test('a transactional instruction takes Facility Unavailable, with IC 5', () => {
    const guest = boot('_start: .long 0x7c00051d\n b .')
    guest.vcpu.run(1)
    expect([guest.get('NIP'), guest.get('FSCR') >> 56n]).toEqual([0xf60n, 5n])
  })

  test('mfspr DSCR and TAR in problem state need FSCR, below hypervisor state HFSCR', () => {
    const facility = (source: string, set: Record<string, bigint>, msr = PR) => {
      const guest = boot(`_start: ${source}\n b .`, { msr: SF | msr, set })
      const { outcome } = guest.vcpu.run(1)
      if (outcome.kind === 'vmExit') return outcome.reason
      return [guest.get('NIP'), guest.get('FSCR') >> 56n]
    }
    expect(facility('mfspr r3,3', { FSCR: 0n })).toEqual([0xf60n, 2n])
    expect(facility('mfspr r3,3', { FSCR: FSCR.mask.DSCR })).toEqual([0x10004n, 0n])
    expect(facility('mtspr 815,r3', { FSCR: 0n })).toEqual([0xf60n, 8n])
    expect(facility('mtspr 815,r3', { FSCR: 0n }, 0n)).toEqual([0x10004n, 0n])
    expect(facility('mfspr r3,17', { HFSCR: 0n }, 0n)).toEqual({ kind: 'hypervisorFacility', ic: 2 })
    expect(facility('mfspr r3,17', { HFSCR: HFSCR.mask.DSCR }, 0n)).toEqual([0x10004n, 0n])
  })
})

describe('what leaves the guest', () => {
  test('an illegal word is Hypervisor Emulation Assistance: HEIR has it, HSRR0 the address; NIP and MSR stay', () => {
    const guest = boot('_start: nop\n .long 0x00dddd00\n b .', { msr: SF | RI })
    expect(guest.vcpu.run(10)).toEqual({
      boundaries: 1,
      outcome: { kind: 'vmExit', reason: { kind: 'emulationAssistance', word: 0xdddd00 } },
    })
    expect(registers(guest, 'NIP', 'MSR', 'HEIR', 'HSRR0', 'HSRR1', 'TIME')).toEqual([0x10004n, SF | RI, 0xdddd00n, 0x10004n, SF | RI, 1n])
    expect(registers(guest, 'SRR0', 'SRR1')).toEqual([0n, 0n])
  })

  test('sc 1 is a hypercall of one boundary, from problem state too; sc 0 stays', () => {
    for (const msr of [0n, PR]) {
      const guest = boot('_start: sc 1\n sc 0\n b .', { msr: SF | msr })
      expect(guest.vcpu.run(10)).toEqual({ boundaries: 1, outcome: { kind: 'vmExit', reason: { kind: 'hypercall' } } })
      expect(registers(guest, 'NIP', 'SRR0', 'TIME')).toEqual([0x10004n, 0x10004n, 1n])
      guest.vcpu.run(1)
      expect(registers(guest, 'NIP', 'SRR0')).toEqual([0xc00n, 0x10008n])
    }
  })

  test('attn stops and completes nothing', () => {
    const guest = boot('_start: attn\n b .')
    expect(guest.vcpu.run(10)).toEqual({ boundaries: 0, outcome: { kind: 'vmExit', reason: { kind: 'attn' } } })
    expect(guest.get('NIP')).toBe(0x10000n)
  })

  test('a vector that cannot be fetched: the run ends instead of going round for ever', () => {
    const guest = boot('_start: b .', { msr: SF | MSR.mask.IR | MSR.mask.DR, lpcr: 3n << BigInt(LPCR.shift.AIL) })
    const { outcome, boundaries } = guest.vcpu.run(1_000_000)
    expect(outcome.kind).toBe('stuck')
    expect(boundaries).toBeLessThan(10)
  })
})

describe('problem state', () => {
  test.each([
    'mfmsr r3',
    'mtmsrd r3',
    'rfid',
    'mfspr r3,26',
    'mtspr 27,r3',
    'tlbie r3,r4,0,1,1',
    'mtdec r3',
  ])('%s is privileged', instruction => {
    told(`_start: ${instruction}\n b .`, 1, { msr: SF | PR | EE }, '→ 700 program from _start cause 40000')
  })

  test('hrfid below hypervisor state is privileged; a hypervisor’s register reads as if nothing happened', () => {
    told('_start: hrfid\n b .', 1, {}, '→ 700 program from _start cause 40000')
    const guest = boot('_start: mfspr r3,318\n mtspr 318,r3\n b .', { set: { r3: 5n } })
    guest.vcpu.run(2)
    expect(registers(guest, 'r3', 'LPCR', 'NIP')).toEqual([5n, 0n, 0x10008n])
  })

  test('with LPCR[EVIRT] it goes to the hypervisor instead', () => {
    const guest = boot('_start: mfspr r3,318\n b .', { lpcr: LPCR.mask.EVIRT })
    expect(guest.vcpu.run(1).outcome).toMatchObject({ kind: 'vmExit', reason: { kind: 'emulationAssistance' } })
  })
})

describe('returns', () => {
  test('rfid: HV and ME cannot be gained, PR=1 forces EE, IR and DR, the low bits of SRR0 are dropped', () => {
    const guest = boot('_start: rfid', { set: { SRR0: 0x20003n, SRR1: SF | HV | ME | PR | 0x783f0000n } })
    guest.vcpu.run(1)
    const { IR, DR } = MSR.mask
    expect(registers(guest, 'NIP', 'MSR')).toEqual([0x20000n, SF | PR | EE | IR | DR])
  })

  test('rfid to 32-bit mode cuts the address', () => {
    const guest = boot('_start: rfid', { set: { SRR0: 0x1_0000_0020n, SRR1: 0n } })
    guest.vcpu.run(1)
    expect(registers(guest, 'NIP', 'MSR')).toEqual([0x20n, 0n])
  })

  test('rfscv returns by LR and CTR', () => {
    const guest = boot('_start: rfscv', { set: { LR: 0x30000n, CTR: SF | EE | RI } })
    guest.vcpu.run(1)
    expect(registers(guest, 'NIP', 'MSR')).toEqual([0x30000n, SF | EE | RI])
  })

  test('an interrupt keeps HV and ME, and takes LE from LPCR[ILE]', () => {
    const guest = boot('_start: trap', { msr: SF | ME | EE | RI | SE | FP, lpcr: LPCR.mask.ILE })
    guest.vcpu.run(1)
    expect(registers(guest, 'NIP', 'MSR', 'SRR1')).toEqual([0x700n, SF | ME | MSR.mask.LE, SF | ME | EE | RI | SE | FP | 0x20000n])
  })
})

test('saved states come back: registers, clock and reservation; the run after it is the same again', () => {
  const guest = boot('_start: lwarx r3,0,r5\n addi r3,r3,1\n stwcx. r3,0,r5\n mftb r6\n mfdec r7\n b _start', {
    msr: SF | EE,
    set: { r5: 0x20000n, DEC_BASE: 40n },
    at: { '0x900': 'lis r8,1; mtdec r8; rfid' },
  })
  guest.vcpu.run(20)
  const [states, ram] = [guest.core.saveStates(), guest.core.read(0, guest.core.ramBytes)]
  guest.vcpu.run(51)
  const after = guest.core.saveStates()
  guest.core.write(0, ram)
  guest.core.restoreStates(states)
  expect(guest.get('TIME')).toBe(20n)
  guest.vcpu.run(30)
  guest.vcpu.run(21)
  const names = ['NIP', 'MSR', 'TIME', 'COMPLETED', 'DEC_BASE', 'SRR0', 'RESERVE', 'r3', 'r6', 'r7', 'r8']
  const now = registers(guest, ...names)
  guest.core.restoreStates(after)
  expect(now).toEqual(registers(guest, ...names))
})
