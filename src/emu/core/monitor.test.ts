/** Counters, alerts, and what follows them. Power ISA 3.0B, Book III, 9; Book II, 7. */
import { describe, expect, test } from 'vitest'
import { boot, type Guest, linearMap, lines, MiB, story } from '../../../test/support/guest.ts'
import { BESCR, FSCR, HFSCR, MMCR0, MSR } from '../isa/bitfields.ts'

const { SF, EE, PR, IR, DR } = MSR.mask
const { FC, FCS, FCP, PMAE, PMAO, FCECE, PMC1CE, PMCjCE, EBE, FC5_6 } = MMCR0.mask
const NEAR = 0x7ffffffdn
const loop = '_start: addi r3,r3,1\n b _start'

const counted = (set: Record<string, bigint>, instructions = 10, msr = SF): Guest => {
  const guest = boot(loop, { msr, set })
  guest.vcpu.run(instructions)
  return guest
}

describe('counting', () => {
  test('PMC5 and PMC6 count instructions, PMC1 to PMC4 the event that MMCR1 selects', () => {
    const guest = counted({ MMCR0: 0n, MMCR1: 0xf0_00_1e_fan })
    expect([1, 2, 3, 4, 5, 6].map(n => guest.get(`PMC${n}`))).toEqual([10n, 0n, 10n, 10n, 10n, 10n])
  })

  test.each([
    ['FC', FC, SF, 0n],
    ['FCS in privileged state', FCS, SF, 0n],
    ['FCP in privileged state', FCP, SF, 10n],
    ['FC5-6', FC5_6, SF, 0n],
    ['FCM1 with PMM', MMCR0.mask.FCM1, SF | MSR.mask.PMM, 0n],
    ['FCM1 without PMM', MMCR0.mask.FCM1, SF, 10n],
  ])('frozen by %s', (_, mmcr0, msr, count) => {
    expect(counted({ MMCR0: mmcr0 }, 10, msr).get('PMC5')).toBe(count)
  })

  test('a counter has 32 bits', () => {
    expect(counted({ MMCR0: 0n, PMC5: 0xffffffffn }).get('PMC5')).toBe(9n)
  })

  test('an interrupt is no instruction', () => {
    const guest = boot('_start: trap\n b .', { msr: SF, set: { MMCR0: 0n }, at: { '0x700': 'nop\n b .' } })
    guest.vcpu.run(3)
    expect([guest.get('PMC5'), guest.get('NIP')]).toEqual([2n, 0x704n])
  })
})

describe('an alert', () => {
  const alerting =
    (mmcr0: bigint, set: Record<string, bigint> = {}) =>
    () =>
      boot(loop, { msr: SF | EE, set: { MMCR0: mmcr0, PMC5: NEAR, ...set }, at: { '0xf00': 'b .' } })

  test('comes when a counter becomes negative, exactly there, run as stepped: the Performance Monitor interrupt', () => {
    expect(story(alerting(PMAE | PMCjCE), 5)).toBe(
      lines(`
        _start addi
        _start+4 b
        _start addi
        → f00 performanceMonitor from _start+4 cause 0
        f00 b`),
    )
  })

  test('sets PMAO, clears PMAE, and freezes with FCECE', () => {
    const guest = alerting(PMAE | PMCjCE | FCECE)()
    guest.vcpu.run(40)
    expect([guest.get('MMCR0'), guest.get('PMC5')]).toEqual([PMAO | PMCjCE | FCECE | FC, 0x80000000n])
  })

  test.each([
    ['alerts are not enabled', PMCjCE, {}],
    ['this counter may not', PMAE | PMC1CE, {}],
    ['EE is 0', PMAE | PMCjCE, { MSR: SF }],
  ])('brings no interrupt where %s', (_, mmcr0, set) => {
    const guest = alerting(mmcr0, set)()
    guest.vcpu.run(20)
    expect(guest.get('NIP') < 0x11000n && guest.get('NIP') >= 0x10000n).toBe(true)
  })
})

describe('an event-based branch', () => {
  const problem =
    (set: Record<string, bigint> = {}) =>
    () =>
      boot(`${loop}\nhandler: mfspr r4,805\n rfebb\n`, {
        msr: SF | PR | IR | DR | EE,
        ramBytes: 4 * MiB,
        tables: { page: '64K', processes: [[linearMap(4 * MiB)], [{ ...linearMap(4 * MiB), privileged: false }]] },
        set: {
          PIDR: 1n,
          MMCR0: PMAE | PMCjCE | EBE,
          PMC5: NEAR,
          BESCR: BESCR.mask.GE | BESCR.mask.PME,
          EBBHR: 0x10008n,
          FSCR: FSCR.mask.EBB,
          HFSCR: HFSCR.mask.EBB,
          ...set,
        },
      })

  test('goes to EBBHR in problem state with EBBRR and GE, and rfebb comes back', () => {
    expect(story(problem(), 6)).toBe(
      lines(`
        _start addi
        _start+4 b
        _start addi
        → handler event-based branch from _start+4
        handler mfspr
        handler+4 rfebb`),
    )
  })
})
