/** Snapshots against whole copies of the machine: whatever was written, and in whatever order one goes back and forth. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Core } from '../core/core.ts'
import { PAGE } from '../core/layout.ts'
import { Hypervisor } from '../hypervisor/hypervisor.ts'
import { type Snapshot, SnapshotChain } from './snapshots.ts'

const RAM = 16 * PAGE

function machine() {
  const core = new Core({ vcpus: 2, ramBytes: RAM })
  let devices = { output: '' }
  const hosted = { core, hypercall: () => ({ name: 'H_TEST', sentence: 'nothing', poweredOff: false, waits: false }) }
  const hypervisor = new Hypervisor(hosted, 'transparent')
  const chain = new SnapshotChain(core, hypervisor, {
    saveDevices: () => ({ ...devices }),
    restoreDevices: saved => {
      devices = { ...saved }
    },
  })
  const start = chain.restart()
  /** Everything that a snapshot promises, as plain data. */
  const whole = () => ({
    ram: Array.from({ length: RAM / PAGE }, (_, n) => core.read(n * PAGE, PAGE).join()),
    states: core.vcpus.map(v => v.state.bytes.join()),
    overlays: core.vcpus.map(v => [...v.overlay].sort(([a], [b]) => a - b)),
    devices: { ...devices },
    processTable: core.partition.processTable,
    hypervisor: hypervisor.state,
  })
  return { core, hypervisor, chain, start, whole, print: (text: string) => (devices.output += text) }
}
type Machine = ReturnType<typeof machine>

type Deed =
  | { do: 'write'; at: number; bytes: Uint8Array }
  | { do: 'register'; vcpu: number; value: bigint }
  | { do: 'plant' | 'unplant'; vcpu: number; at: number }
  | { do: 'print'; text: string }
  | { do: 'table'; base: bigint }
  | { do: 'policy'; policy: 'rfc-v2' | 'transparent' }
  | { do: 'take' }
  | { do: 'restore'; which: number }

const vcpu = fc.nat(1)
const wordAddress = fc.nat(RAM / 4 - 1).map(n => 4 * n)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      at: fc.nat(RAM - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: PAGE + 8 }),
    }),
  },
  fc.record({ do: fc.constant('register' as const), vcpu, value: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }) }),
  fc.record({ do: fc.constantFrom('plant' as const, 'unplant' as const), vcpu, at: wordAddress }),
  fc.record({ do: fc.constant('print' as const), text: fc.string({ maxLength: 3 }) }),
  fc.record({ do: fc.constant('table' as const), base: fc.bigInt({ min: 0n, max: 15n }) }),
  fc.record({ do: fc.constant('policy' as const), policy: fc.constantFrom('rfc-v2' as const, 'transparent' as const) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('restore' as const), which: fc.nat(20) }) },
)

function perform(m: Machine, d: Exclude<Deed, { do: 'take' | 'restore' }>): void {
  switch (d.do) {
    case 'write':
      return m.core.write(d.at, d.bytes.subarray(0, RAM - d.at))
    case 'register':
      return m.core.vcpus[d.vcpu]!.state.set('GPR', d.value, 3)
    case 'plant':
      return m.core.vcpus[d.vcpu]!.plant(d.at, 0x00dddd00)
    case 'unplant':
      return m.core.vcpus[d.vcpu]!.unplant(d.at)
    case 'print':
      m.print(d.text)
      return
    case 'table':
      m.core.partition.processTable = { base: d.base * BigInt(PAGE), bytes: 4096n }
      return
    case 'policy':
      return m.hypervisor.setPolicy(d.policy)
  }
}

test('restoring gives back the whole machine, forwards and backwards', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), deeds => {
      const m = machine()
      let kept: { snapshot: Snapshot<{ output: string }>; whole: ReturnType<Machine['whole']> }[] = [
        { snapshot: m.start, whole: m.whole() },
      ]
      for (const d of deeds) {
        if (d.do === 'take') {
          const snapshot = m.chain.take()
          // A snapshot after one that was gone back to takes the place of those that followed.
          kept = [...kept.filter(k => k.snapshot.number < snapshot.number), { snapshot, whole: m.whole() }]
        } else if (d.do === 'restore') {
          const k = kept[d.which % kept.length]!
          m.chain.restore(k.snapshot)
          expect(m.whole()).toEqual(k.whole)
        } else perform(m, d)
      }
      for (const k of [...kept, ...[...kept].reverse()]) {
        m.chain.restore(k.snapshot)
        expect(m.whole()).toEqual(k.whole)
      }
    }),
    { numRuns: 60 },
  )
})

describe('what a snapshot costs', () => {
  test('the first holds the pages that were ever written, the next those written since', () => {
    const m = machine()
    expect(m.start.pages.size).toBe(0)
    m.core.write(3 * PAGE + 5, Uint8Array.of(1))
    m.core.write(5 * PAGE - 1, Uint8Array.of(1, 2))
    expect([...m.chain.take().pages.keys()]).toEqual([3 * PAGE, 4 * PAGE, 5 * PAGE])
    m.core.write(5 * PAGE, Uint8Array.of(3))
    const last = m.chain.take()
    expect([...last.pages.keys()]).toEqual([5 * PAGE])
    expect([...m.chain.pagesBetween(m.start, last)].sort((a, b) => a - b)).toEqual([3 * PAGE, 4 * PAGE, 5 * PAGE])
    expect([...m.chain.restart().pages.keys()].sort((a, b) => a - b)).toEqual([3 * PAGE, 4 * PAGE, 5 * PAGE])
  })

  test('looking back and forth copies nothing', () => {
    const m = machine()
    m.core.write(0, Uint8Array.of(7))
    const later = m.chain.take()
    const { bytes } = m.chain
    for (let n = 0; n < 5; n++) for (const s of [m.start, later]) m.chain.restore(s)
    expect(m.chain.bytes).toBe(bytes)
    expect(m.chain.take().pages.size).toBe(0)
  })
})

test('stores of the guest are noted, by generated code too', () => {
  const m = machine()
  const v = m.core.vcpus[0]!
  // std r3,8(r4) ; b -4
  m.core.write(0, Uint8Array.of(0xf8, 0x64, 0, 8, 0x4b, 0xff, 0xff, 0xfc))
  v.state.set('MSR', 1n << 63n)
  v.state.set('GPR', 0x42n, 3)
  v.state.set('GPR', BigInt(6 * PAGE), 4)
  const before = m.chain.take()
  v.run(1000)
  const after = m.chain.take()
  expect([...after.pages.keys()]).toEqual([6 * PAGE])
  v.state.set('GPR', 0x43n, 3)
  v.run(1000)
  expect([...m.chain.take().pages.keys()]).toEqual([6 * PAGE])
  m.chain.restore(before)
  expect(m.core.readDoubleword(BigInt(6 * PAGE + 8))).toBe(0n)
  m.chain.restore(after)
  expect(m.core.readDoubleword(BigInt(6 * PAGE + 8))).toBe(0x42n)
})
