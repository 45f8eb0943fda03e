import { describe, expect, test } from 'vitest'
import { FSCR, HFSCR } from './bitfields.ts'
import { monitorAccess, sprByNumber, sprStates, sprs } from './sprs.ts'

test('every number of the reference exists', () => {
  const numbers = [
    1, 3, 8, 9, 17, 18, 19, 22, 26, 27, 28, 29, 48, 61, 136, 152, 153, 157, 176, 180, 181, 186, 187, 188, 189, 190, 256, 259, 268, 269, 272,
    273, 274, 275, 284, 285, 286, 287, 304, 305, 306, 307, 308, 309, 310, 313, 314, 315, 318, 319, 336, 337, 338, 339, 349, 446, 464, 768, 769,
    770, 771, 772, 773, 774, 775, 776, 779, 780, 781, 782, 784, 785, 786, 787, 788, 789, 790, 791, 792, 795, 796, 797, 798, 800, 801, 802, 803,
    804, 805, 806, 815, 816, 823, 848, 849, 855, 896, 898, 1008, 1023,
  ] // biome-ignore format: a list
  for (const n of numbers) expect(sprByNumber(n), `SPR ${n}`).toBeDefined()
})

describe('the table', () => {
  test('is in the order of its numbers, each once', () => {
    for (const [i, s] of sprs.slice(1).entries()) expect(s.number, s.name).toBeGreaterThan(sprs[i]!.number)
  })
  test('lets problem state at a number exactly where the number says so', () => {
    for (const s of sprs) {
      const privileged = (s.number & 0x10) !== 0
      expect([s.read, s.write].includes('problem'), s.name).toBe(!privileged)
    }
  })
  test('never writes what only lower states read', () => {
    const rank = { problem: 0, privileged: 1, hypervisor: 2, none: 3 }
    for (const s of sprs) if (s.read !== 'none') expect(rank[s.write], s.name).toBeGreaterThanOrEqual(rank[s.read])
  })
  test('has the 32-bit registers of the reference', () => {
    for (const n of [18, 48, 136, 152, 256, 771, 776, 787, 792]) expect(sprByNumber(n)!.width, `SPR ${n}`).toBe(32)
    for (const n of [26, 27, 318, 795]) expect(sprByNumber(n)!.width, `SPR ${n}`).toBe(64)
  })
  test('gates by bits that exist, with the cause of the bit', () => {
    for (const s of sprs)
      for (const f of s.facility ?? []) {
        const row = (f.register === 'FSCR' ? FSCR : HFSCR).bits.find(b => b.name === f.bit)
        expect(row && 63 - row.bit, `${s.name} ${f.register}[${f.bit}]`).toBe(f.ic)
      }
  })
  test('has one state register for two numbers of the same register', () => {
    for (const [a, b] of [
      [3, 17],
      [768, 784],
      [771, 787],
      [779, 795],
      [136, 152],
      [259, 275],
      [268, 284],
      [800, 806],
      [823, 855],
      [896, 898],
    ] as const)
      expect(sprByNumber(a)!.state).toBe(sprByNumber(b)!.state)
    expect(new Set(sprStates).size).toBe(sprStates.length)
  })
  test('says of every view of the monitor which group it is of', () => {
    for (const s of sprs) expect(s.group !== undefined, s.name).toBe(s.kind === 'monitorView')
    expect(sprByNumber(775)!.group).toBe('A56')
    expect(monitorAccess.A.write[0]).toBe('illegal')
    expect(sprByNumber(779)!.view).toBe(0x84000080n)
    expect(sprByNumber(769)!.view).toBe(0x4020100804020000n)
  })
})
