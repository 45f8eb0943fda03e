import { expect, test } from 'vitest'
import type { BreakpointView } from '../../emu/worker/protocol.ts'
import { addressForLine, ownBreakpoints, toggled } from './breakpointList.ts'

const view = (b: Partial<BreakpointView>): BreakpointView => ({
  kind: 'software',
  address: 0n,
  symbol: null,
  enabled: true,
  setBy: 'you',
  condition: null,
  hits: 0,
  ...b,
})

test('only what the user set in software is sent back', () => {
  expect(ownBreakpoints([view({ address: 4n }), view({ setBy: 'hypervisor' }), view({ setBy: 'guest', kind: 'CIABR' })])).toEqual([
    { address: 4n, enabled: true },
  ])
})

test('toggling adds, and takes away a disabled one too', () => {
  expect(toggled([], 4n)).toEqual([{ address: 4n, enabled: true }])
  expect(toggled([{ address: 4n, enabled: false }], 4n)).toEqual([])
})

test('a line without an instruction takes the next that has one', () => {
  const lines = [
    { line: 4, address: 0x100n },
    { line: 7, address: 0x10cn },
    { line: 7, address: 0x108n },
  ]
  expect(addressForLine(lines, 4)?.address).toBe(0x100n)
  expect(addressForLine(lines, 5)).toEqual({ line: 7, address: 0x108n })
  expect(addressForLine(lines, 8)).toBeNull()
})
