import { expect, test } from 'vitest'
import type { BreakpointView } from '../../../emu/worker/protocol.ts'
import { fixed, ordered } from './where.ts'

const at = (address: bigint, setBy: BreakpointView['setBy'], kind: BreakpointView['kind'] = 'software'): BreakpointView => ({
  kind,
  address,
  symbol: null,
  enabled: true,
  setBy,
  condition: null,
  hits: 0,
})

test('only the user’s own software breakpoints can be changed', () => {
  expect(fixed(at(0n, 'you'))).toBeNull()
  expect(fixed(at(0n, 'hypervisor'))).toMatch(/step controller/)
  expect(fixed(at(0n, 'guest', 'DAWR'))).toMatch(/DAWR/)
})

test('the user’s own come first, by address', () => {
  const all = [at(4n, 'hypervisor'), at(0xc000_0000_0000_0000n, 'you'), at(8n, 'you')]
  expect(ordered(all).map(b => b.address)).toEqual([8n, 0xc000_0000_0000_0000n, 4n])
})
