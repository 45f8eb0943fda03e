import { describe, expect, test } from 'vitest'
import { fieldsOfSpr, sprGroups } from './spr-fields.ts'
import { sprStates, sprs } from './sprs.ts'

const grouped = sprGroups.flatMap(g => g.states)

describe('groups of special-purpose registers', () => {
  test('every register stands in one, once', () => {
    expect([...grouped].sort()).toEqual([...sprStates].sort())
    expect(new Set(grouped).size).toBe(grouped.length)
  })

  test('bit fields fit their registers and do not overlap', () => {
    for (const state of grouped) {
      const fields = fieldsOfSpr(state)
      if (!fields) continue
      const width = sprs.find(s => s.state === state && s.name === state.toLowerCase())?.width ?? 64
      expect(fields.width, state).toBeLessThanOrEqual(Math.max(width, 64))
      let seen = 0n
      for (const { name } of fields.bits) {
        expect(seen & fields.mask[name]!, `${state}.${name}`).toBe(0n)
        seen |= fields.mask[name]!
      }
    }
  })

  test('masks as Linux has them', () => {
    const mask = (state: string, name: string) => fieldsOfSpr(state)!.mask[name]
    expect(mask('PSSCR', 'ESL')).toBe(0x200000n)
    expect(mask('PSSCR', 'PLS')).toBe(0xf000000000000000n)
    expect(mask('HID0', 'HILE')).toBe(0x0800000000000000n)
    expect(mask('PTCR', 'PATS')).toBe(0x1fn)
    expect(mask('PVR', 'Version')).toBe(0xffff0000n)
    expect(mask('AMR', 'W0')).toBe(1n << 63n)
    expect(mask('AMR', 'R0')).toBe(1n << 62n)
    expect(mask('IAMR', 'X0')).toBe(1n << 62n)
    expect(mask('PPR', 'PRI')).toBe(0x001c000000000000n)
    expect(mask('DPDES', 'T0')).toBe(1n)
    expect(fieldsOfSpr('DAR')).toBeNull()
  })
})
