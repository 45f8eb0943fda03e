import { expect, test } from 'vitest'
import { LPCR, MSR, setField } from '../../../emu/isa/bitfields.ts'
import type { MachineView } from '../../../emu/worker/protocol.ts'
import { labelsOf } from './labels.ts'

const LINEAR = 0xc000000000000000n
const known = (msr: bigint) =>
  ({
    program: { symbols: [{ name: 'probe', address: LINEAR + 0x10004n }, { name: 'over', address: LINEAR + 0x1000cn }] },
    state: { registers: { MSR: msr, LPCR: setField(LPCR, 'AIL', 0n, 3n), NIP: LINEAR + 0x10004n, r1: 0n } },
  }) as unknown as Pick<MachineView, 'program' | 'state'> // biome-ignore format: short

test('what begins in a row, by its place; vectors where the next interrupt would go', () => {
  const on = labelsOf(known(MSR.mask.IR | MSR.mask.DR), 'effective', [{ address: LINEAR + 0x8000n, text: 'stack frame 1 up' }])
  expect(on.get(LINEAR + 0x10000n)).toBe('+4: probe · +4: NIP · +12: over')
  expect(on.get(LINEAR + 0x4d00n)).toBe('0xd00 Trace, AIL 3')
  expect(on.get(LINEAR + 0x8000n)).toBe('stack frame 1 up')
  expect(on.get(0xd00n)).toBeUndefined()
  const off = labelsOf(known(0n), 'effective', [])
  expect(off.get(0xd00n)).toBe('0xd00 Trace')
  expect(off.get(LINEAR + 0x4d00n)).toBeUndefined()
})

test('in real storage the vectors alone', () => {
  const real = labelsOf(known(MSR.mask.IR | MSR.mask.DR), 'guest real', [{ address: 0x8000n, text: 'frame' }])
  expect(real.get(0xd00n)).toBe('0xd00 Trace')
  expect(real.get(0x8000n)).toBeUndefined()
  expect([...real.values()].join()).not.toContain('probe')
})
