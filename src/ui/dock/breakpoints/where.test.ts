import { expect, test } from 'vitest'
import type { BreakpointView } from '../../../emu/worker/protocol.ts'
import { conditionOf, fixed, ordered, whereOf } from './where.ts'

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

test('place and conditions read as a sentence would', () => {
  const spec = {
    kind: 'watch' as const, enabled: true, address: 8n, length: 4, access: 'write' as const, number: null, register: '', vcpu: 1,
    privilege: 'any' as const, condition: 'r3', ignore: 2, log: 'x',
  } // biome-ignore format: short
  const b = { ...at(8n, 'you', 'watch'), spec }
  expect(whereOf(b)).toBe('0x8, writes of 4 bytes')
  expect(conditionOf(b)).toBe('r3; vCPU 1; after 2 hits; logs "x"')
})
