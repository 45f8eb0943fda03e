/** Every register of the debugger is read as it was written, as far as it is implemented, and alone. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { STATE_BYTES, stateRegisters } from '../core/layout.ts'
import { State } from '../core/state.ts'
import { sprs } from '../isa/sprs.ts'
import { MSR_IMPLEMENTED } from '../isa/system.ts'
import { readRegisters, registerNames, writeRegister } from './registers.ts'

const ALL = (1n << 64n) - 1n
const narrow = new Map<string, bigint>([
  ['MSR', MSR_IMPLEMENTED],
  // SO, OV, CA, OV32, CA32 and the low 18 bits.
  ['XER', 0xe00c0000n | 0x3ffffn],
  ['CR', 0xffffffffn],
  ['DEC', 0xffffffffn],
  ['HDEC', 0xffffffffn],
])
const widths = new Map(sprs.map(s => [s.state, sprs.filter(o => o.state === s.state).some(o => o.width === 64) ? 64 : 32]))
const implemented = (name: string): bigint => narrow.get(name) ?? (widths.get(name) === 32 ? 0xffffffffn : ALL)

/** A state in which no register is 0 and clocks have run. */
function someState(): State {
  const state = new State(new ArrayBuffer(STATE_BYTES), 0)
  for (const r of stateRegisters)
    for (let n = 0; n < r.count; n++) state.set(r.name, r.type === 'i32' ? 1n : 0x0123456789abcdefn ^ BigInt(r.offset + n), n)
  state.set('TIME', 1_000_003n)
  state.set('COMPLETED', 999_999n)
  return state
}

test('all registers are there: those of the thread and every SPR', () => {
  const expected = ['NIP', 'MSR', 'CR', 'XER', 'LR', 'CTR', ...Array.from({ length: 32 }, (_, n) => `r${n}`), ...sprs.map(s => s.state)]
  expect([...registerNames].sort()).toEqual([...new Set(expected)].sort())
})

describe.each(registerNames)('%s', name => {
  test('is read as written, and no other register changes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.bigInt({ min: 0n, max: ALL }), fc.constantFrom(0n, 1n, ALL, 1n << 63n, 1n << 31n, 0x7fffffffn)), value => {
        const state = someState()
        const before = readRegisters(state)
        writeRegister(state, name, value)
        expect(readRegisters(state)).toEqual({ ...before, [name]: value & implemented(name) })
      }),
      { numRuns: 20 },
    )
  })
})

test('clocks run on from what was written, the decrementers down', () => {
  const state = someState()
  for (const name of ['TB', 'VTB', 'PURR', 'SPURR', 'IC', 'DEC', 'HDEC']) writeRegister(state, name, 100n)
  state.set('TIME', state.get('TIME') + 7n)
  state.set('COMPLETED', state.get('COMPLETED') + 5n)
  expect(readRegisters(state)).toMatchObject({ TB: 107n, VTB: 107n, PURR: 107n, SPURR: 107n, IC: 105n, DEC: 93n, HDEC: 93n })
})

describe('what is refused changes nothing', () => {
  test.each([
    ['r32', 0n, 'There is no register r32.'],
    ['msr', 0n, 'There is no register msr.'],
    ['r3', 1n << 64n, 'r3 has 64 bits; 0x10000000000000000 does not fit.'],
    ['r3', -1n, 'r3 has 64 bits'],
  ])('%s', (name, value, message) => {
    const state = someState()
    const before = state.bytes.join()
    expect(() => writeRegister(state, name, value)).toThrow(message)
    expect(() => writeRegister(state, name, value)).toThrow('Nothing was changed.')
    expect(state.bytes.join()).toBe(before)
  })
})
