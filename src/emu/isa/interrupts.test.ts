import { describe, expect, test } from 'vitest'
import { LPCR, MSR, setField } from './bitfields.ts'
import {
  alternateLocation,
  entersHypervisor,
  interruptIds,
  interruptInWords,
  interrupts,
  newMsr,
  savedIn,
  savedMsr,
  vectorAddress,
} from './interrupts.ts'

const on = MSR.mask.IR | MSR.mask.DR
const guest = MSR.mask.SF | MSR.mask.EE | MSR.mask.ME | MSR.mask.RI | MSR.mask.SE | MSR.mask.PR | on
const ail = (n: bigint, more = 0n) => setField(LPCR, 'AIL', more, n)
const { trace, systemReset, machineCheck, hypervisorMaintenance, systemCall, systemCallVectored, external, emulationAssistance } =
  interrupts
const all = Object.values(interrupts)

test('every row of the reference, once', () => {
  const vectors = [
    0x100, 0x200, 0x300, 0x380, 0x400, 0x480, 0x500, 0x600, 0x700, 0x800, 0x900, 0x980, 0xa00, 0xc00, 0xd00, 0xe00, 0xe20, 0xe40, 0xe60,
    0xe80, 0xea0, 0xf00, 0xf20, 0xf40, 0xf60, 0xf80, 0x17000,
  ] // biome-ignore format: a list
  expect(all.map(i => i.vector).sort((a, b) => a - b)).toEqual(vectors)
  for (const [id, i] of Object.entries(interrupts)) {
    expect(i.id).toBe(id)
    expect(i.why).toMatch(/^[A-Zs].*\.$/)
  }
  expect(new Set(all.map(i => i.priority)).size).toBe(all.length)
})

test('those that save in HSRR go to the hypervisor', () => {
  expect(
    all
      .filter(i => i.saves === 'HSRR')
      .map(i => i.vector)
      .sort((a, b) => a - b),
  ).toEqual([0x980, 0xe00, 0xe20, 0xe40, 0xe60, 0xe80, 0xea0, 0xf80])
  for (const i of all) if (i.saves === 'HSRR') expect(i.toHypervisor, i.name).toBe(true)
})

test('Trace is the last of the synchronous and before the asynchronous', () => {
  for (const i of all) if (i !== trace) expect(i.priority > trace.priority, i.name).toBe(i.kind === 'asynchronous')
})

describe('the address of an interrupt', () => {
  const traceAt = (lpcr: bigint, msr = guest) => vectorAddress(trace, { msr, lpcr }).address
  test('AIL 0, 2 and 3', () => {
    expect(traceAt(ail(0n))).toBe(0xd00n)
    expect(traceAt(ail(1n))).toBe(0xd00n)
    expect(traceAt(ail(2n))).toBe(0x18d00n)
    expect(traceAt(ail(3n))).toBe(0xc000000000004d00n)
  })
  test('IR and DR must both be on', () => {
    for (const msr of [guest & ~MSR.mask.IR, guest & ~MSR.mask.DR, guest & ~on]) expect(traceAt(ail(3n), msr)).toBe(0xd00n)
    expect(alternateLocation(trace, { msr: guest & ~MSR.mask.DR, lpcr: ail(3n) }).reason).toBe(
      'AIL is 3, but DR is off, so it does not apply.',
    )
  })
  test('never for reset, machine check and hypervisor maintenance', () => {
    for (const i of [systemReset, machineCheck, hypervisorMaintenance])
      expect(vectorAddress(i, { msr: guest, lpcr: ail(3n) })).toMatchObject({ applied: false, address: BigInt(i.vector), added: 0n })
  })
  test('from the guest to the hypervisor, only where the hypervisor is radix', () => {
    expect(vectorAddress(emulationAssistance, { msr: guest, lpcr: ail(3n) }).address).toBe(0xe40n)
    expect(vectorAddress(emulationAssistance, { msr: guest, lpcr: ail(3n, LPCR.mask.HR) }).address).toBe(0xc000000000004e40n)
    const hypervisor = guest | MSR.mask.HV
    expect(vectorAddress(emulationAssistance, { msr: hypervisor, lpcr: ail(3n) }).address).toBe(0xc000000000004e40n)
  })
  test('scv has its own', () => {
    const at = (n: bigint) => vectorAddress(systemCallVectored, { msr: guest, lpcr: ail(n), lev: 5 })
    expect(at(0n)).toMatchObject({ address: 0x170a0n, applied: false })
    expect(at(2n)).toMatchObject({ address: 0x170a0n, applied: true })
    expect(at(3n)).toMatchObject({ address: 0xc0000000000030a0n, applied: true })
  })
  test('is the sum of its two parts', () => {
    for (const i of all)
      for (const n of [0n, 1n, 2n, 3n]) {
        const v = vectorAddress(i, { msr: guest, lpcr: ail(n, LPCR.mask.HR), lev: 3 })
        expect(v.base + v.added).toBe(v.address)
      }
  })
  test('POWER10: HAIL for the hypervisor, AIL 2 reserved', () => {
    const isa = '3.1'
    const hail = LPCR.mask.HAIL
    expect(vectorAddress(trace, { msr: guest, lpcr: ail(2n), isa }).address).toBe(0xd00n)
    expect(vectorAddress(trace, { msr: guest, lpcr: ail(3n), isa }).address).toBe(0xc000000000004d00n)
    expect(vectorAddress(emulationAssistance, { msr: guest & ~on, lpcr: hail, isa }).address).toBe(0xc000000000004e40n)
    expect(vectorAddress(emulationAssistance, { msr: (guest & ~on) | MSR.mask.HV, lpcr: hail, isa }).address).toBe(0xe40n)
    expect(vectorAddress(emulationAssistance, { msr: guest, lpcr: ail(3n), isa }).address).toBe(0xe40n)
  })
})

describe('the new MSR', () => {
  test('Trace clears EE, PR, SE and RI, keeps ME, and takes LE from ILE', () => {
    expect(newMsr(trace, { msr: guest, lpcr: 0n })).toBe(MSR.mask.SF | MSR.mask.ME)
    expect(newMsr(trace, { msr: guest, lpcr: LPCR.mask.ILE })).toBe(MSR.mask.SF | MSR.mask.ME | MSR.mask.LE)
  })
  test('IR and DR stay on exactly when AIL applies', () => {
    expect(newMsr(trace, { msr: guest, lpcr: ail(3n) }) & on).toBe(on)
    expect(newMsr(trace, { msr: guest & ~MSR.mask.IR, lpcr: ail(3n) }) & on).toBe(0n)
  })
  test('the hypervisor gets HV, the kept RI, and HILE', () => {
    const expected = MSR.mask.SF | MSR.mask.HV | MSR.mask.ME | MSR.mask.RI
    expect(newMsr(emulationAssistance, { msr: guest, lpcr: LPCR.mask.ILE, hile: false })).toBe(expected)
    expect(newMsr(emulationAssistance, { msr: guest, lpcr: 0n, hile: true })).toBe(expected | MSR.mask.LE)
  })
  test('scv keeps EE and RI', () => {
    expect(newMsr(systemCallVectored, { msr: guest, lpcr: 0n })).toBe(MSR.mask.SF | MSR.mask.EE | MSR.mask.ME | MSR.mask.RI)
  })
  test('a machine check clears ME', () => {
    expect(newMsr(machineCheck, { msr: guest, lpcr: 0n, hile: false })).toBe(MSR.mask.SF | MSR.mask.HV)
  })
})

test('sc 1 enters the hypervisor, sc 0 keeps HV, reserved bits of LEV do not count', () => {
  for (const [lev, hv] of [
    [0, false],
    [1, true],
    [2, false],
    [3, true],
  ] as const)
    expect(entersHypervisor(systemCall, { msr: guest, lpcr: 0n, lev }), `LEV ${lev}`).toBe(hv)
  expect(entersHypervisor(systemCall, { msr: guest | MSR.mask.HV, lpcr: 0n, lev: 0 })).toBe(true)
})

test("External is the guest's or the hypervisor's by LPES", () => {
  expect(savedIn(external, { lpcr: LPCR.mask.LPES })).toBe('SRR')
  expect(entersHypervisor(external, { msr: guest, lpcr: LPCR.mask.LPES })).toBe(false)
  expect(savedIn(external, { lpcr: 0n })).toBe('HSRR')
  expect(newMsr(external, { msr: guest, lpcr: 0n, hile: false })).toBe(MSR.mask.SF | MSR.mask.HV | MSR.mask.ME | MSR.mask.RI)
})

test('the saved MSR has its cause bits replaced, but for scv', () => {
  expect(savedMsr(trace, 0xffff_ffff_ffff_ffffn, 0x40000000n)).toBe(0xffff_ffff_c7c0_ffffn)
  expect(savedMsr(systemCallVectored, 0x783f0000n)).toBe(0x783f0000n)
})

test('interrupts in a sentence', () => {
  expect(interruptIds.map(interruptInWords)).toEqual(
    expect.arrayContaining([
      'data storage interrupt (0x300)',
      'hypervisor emulation assistance interrupt (0xe40)',
      'floating-point unavailable interrupt (0x800)',
      'VSX unavailable interrupt (0xf40)',
    ]),
  )
})
