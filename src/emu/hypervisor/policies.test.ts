/** What each policy of the thread does to a guest, on small guests in real mode: `thread.md` says it, these see it. */
import { describe, expect, test } from 'vitest'
import { boot } from '../../../test/support/guest.ts'
import type { Core } from '../core/core.ts'
import { MSR } from '../isa/bitfields.ts'
import type { HypervisorEvent } from './events.ts'
import { Hypervisor } from './hypervisor.ts'
import { policies } from './policy.ts'

const { SF, SE, LE } = MSR.mask
const TRACE = 0x40000000n

function guest(source: string, policy: string, { msr = SF | LE, set = {}, at = {}, vcpus = 1 } = {}) {
  const g = boot(source, { msr, little: true, set, at, vcpus, lpcr: 1n << 25n })
  const machine = { core: g.core, hypercall: () => ({ name: 'H_TEST', sentence: 'H_TEST', poweredOff: false, waits: false }) }
  const hypervisor = new Hypervisor(machine, policy)
  const said: string[] = []
  hypervisor.listener = (e: HypervisorEvent) => said.push(`${e.phase}: ${e.sentence}`)
  const step = (vcpu = 0) => {
    hypervisor.begin(vcpu)
    return hypervisor.finishStep(10_000).stop
  }
  const get = (name: string, vcpu = 0) => {
    const gpr = /^r(\d+)$/.exec(name)
    return g.core.vcpus[vcpu]!.state.get(gpr ? 'GPR' : name, gpr ? Number(gpr[1]) : 0)
  }
  return { ...g, hypervisor, step, get, said }
}

describe('RFC v6', () => {
  test('mfmsr does not show SE, SRR0 and SRR1 are put back, SIAR is not', () => {
    const g = guest('_start: mfmsr r5\n b .', 'rfc-v6', { set: { SRR0: 0x1230n, SRR1: 0x4560n, SIAR: 1n } })
    expect(g.step()?.reason).toBe('step')
    expect([g.get('r5'), g.get('MSR'), g.get('SRR0'), g.get('SRR1'), g.get('SIAR')]).toEqual([SF | LE, SF | LE, 0x1230n, 0x4560n, 0x10000n])
  })

  test('mtspr of SRR0 keeps the value written', () => {
    const g = guest('_start: mtsrr0 r3\n b .', 'rfc-v6', { set: { r3: 0x77n, SRR1: 5n } })
    g.step()
    expect([g.get('SRR0'), g.get('SRR1'), g.get('NIP')]).toEqual([0x77n, 5n, 0x10004n])
  })

  test('an mtmsr is not undone, and SE that it sets is lost', () => {
    const g = guest('_start: mtmsrd r3\n b .', 'rfc-v6', { set: { r3: SF | LE | SE | MSR.mask.FP } })
    g.step()
    expect(g.get('MSR')).toBe(SF | LE | MSR.mask.FP)
  })

  const RFID = '_start: rfid\n .org 0x100\n target: li r4,1\n li r4,2\n b .'
  test('behind an rfid one instruction more runs', () => {
    const g = guest(RFID, 'rfc-v6', { set: { SRR0: 0x10100n, SRR1: SF | LE } })
    expect(g.step()?.reason).toBe('step')
    expect([g.get('NIP'), g.get('r4'), g.get('SRR1')]).toEqual([0x10104n, 1n, SF | LE])
  })

  test('an rfid to a breakpoint: nothing is armed, and the breakpoint ends it', () => {
    const g = guest(RFID, 'rfc-v6', { set: { SRR0: 0x10100n, SRR1: SF | LE } })
    g.core.stops.add(0x10100n)
    g.core.flushCode()
    expect(g.step()?.reason).toBe('breakpoint')
    expect([g.get('NIP'), g.hypervisor.state.step]).toEqual([0x10100n, null])
  })

  test('an rfid of a guest that steps itself ends at the guest’s own vector', () => {
    const g = guest(RFID, 'rfc-v6', { set: { SRR0: 0x10100n, SRR1: SF | LE | SE } })
    g.step()
    expect([g.get('NIP'), g.get('SRR0'), g.get('SRR1')]).toEqual([0xd00n, 0x10104n, SF | LE | SE | TRACE])
  })

  test('the first instruction of the trace vector runs twice', () => {
    const g = guest('_start: b .', 'rfc-v6', { at: { 3328: 'addi r3,r3,1\n li r4,1\n li r5,1\n b .' } })
    g.core.vcpus[0]!.state.set('NIP', 0xd00n)
    g.step()
    expect([g.get('NIP'), g.get('r3')]).toEqual([0xd04n, 2n])
  })

  test('a breakpoint in the handler leaves the step pending; stepping over the handler’s rfid ends it', () => {
    const g = guest('_start: trap\n li r4,1\n b .', 'rfc-v6', {
      at: { 1792: 'mfsrr0 r9\n addi r9,r9,4\n mtsrr0 r9\n rfid' },
      set: { SRR0: 3n },
    })
    g.core.stops.add(0x70cn)
    g.core.flushCode()
    expect(g.step()?.reason).toBe('breakpoint')
    expect(g.hypervisor.state.step?.pending).toBe(3 + 1)
    expect(g.step()?.reason).toBe('step')
    expect([g.get('NIP'), g.get('r4')]).toEqual([0x10008n, 1n])
  })

  test('and stepping another instruction from it arms anew', () => {
    const g = guest('_start: trap\n b .', 'rfc-v6', { at: { 1792: 'li r9,1\n li r9,2\n b .' } })
    g.core.stops.add(0x704n)
    g.core.flushCode()
    g.step()
    expect(g.step()?.reason).toBe('step')
    expect([g.get('NIP'), g.get('r9')]).toEqual([0x708n, 2n])
    expect(wordAt(g.core, 0xd00)).toBe(0)
  })

  test('0x00dddd00 of the guest’s own goes to the debugger, and the guest gets no Program interrupt', () => {
    const g = guest('_start: .long 0x00dddd00\n b .', 'rfc-v6')
    expect(g.step()?.reason).toBe('step')
    expect(g.get('NIP')).toBe(0x10000n)
  })

  test('H_SET_MODE in the step: the word goes to the new vector', () => {
    const g = guest('_start: sc 1\n li r4,1\n b .', 'rfc-v6')
    g.core.vcpus[0]!.state.set('MSR', SF | LE)
    expect(g.step()?.reason).toBe('step')
    expect(g.said.join('\n')).toMatch(/VM exit: H_TEST/)
    expect([g.get('NIP'), g.get('r4')]).toEqual([0x10008n, 1n])
  })
})

describe('RFC v2', () => {
  test('the MSR of a handler is written back when something synchronised the registers in it', () => {
    const handler = 'mfsrr0 r9\n mfsrr1 r10\n sc 1\n addi r9,r9,4\n mtsrr0 r9\n mtsrr1 r10\n rfid'
    const on = MSR.mask.FP
    const g = guest('_start: trap\n li r4,1\n b .', 'rfc-v2', { msr: SF | LE | on, at: { 1792: handler } })
    // AIL 3 without translation: its one vector is where the guest never comes.
    g.hypervisor.setPolicy({ ...policies[0]!, choices: { ...policies[0]!.choices, traceVector: 'predicted' } })
    const stop = g.step()
    expect(stop?.reason).toBe('step')
    expect([g.get('NIP'), g.get('MSR')]).toEqual([0x10008n, SF | LE])
  })
})

describe('KVM PR', () => {
  test('mfmsr shows SE, and SE is cleared afterwards', () => {
    const g = guest('_start: mfmsr r5\n b .', 'kvm-pr', { set: { SRR0: 0x1230n } })
    expect(g.step()?.reason).toBe('step')
    expect([g.get('r5'), g.get('MSR'), g.get('NIP'), g.get('SRR0')]).toEqual([SF | LE | SE, SF | LE, 0x10004n, 0x1230n])
  })
  test('an interrupt given to the guest saves SE', () => {
    const g = guest('_start: trap\n b .', 'kvm-pr')
    g.step()
    expect([g.get('NIP'), g.get('SRR1') & SE]).toEqual([0x700n, SE])
  })
  test('the SE of the guest is lost', () => {
    const g = guest('_start: li r4,1\n b .', 'kvm-pr', { msr: SF | LE | SE })
    g.step()
    expect([g.get('MSR'), g.get('NIP'), g.get('TRACE_DUE')]).toEqual([SF | LE, 0x10004n, 0n])
  })
})

describe('TCG', () => {
  test('mfmsr shows what the guest set, and its own trace follows', () => {
    for (const own of [0n, SE]) {
      const g = guest('_start: mfmsr r5\n b .', 'tcg', { msr: SF | LE | own })
      g.step()
      expect([g.get('r5'), g.get('NIP'), g.get('TRACE_DUE')]).toEqual([SF | LE | own, 0x10004n, own ? 1n : 0n])
    }
  })
  test('an rfid loses the reservation', () => {
    const g = guest('_start: lwarx r5,0,r6\n rfid\n b .', 'tcg', { set: { r6: 0x8000n, SRR0: 0x10008n, SRR1: SF | LE } })
    g.step()
    expect(g.get('RESERVE')).not.toBe(0n)
    g.step()
    expect([g.get('NIP'), g.get('RESERVE')]).toEqual([0x10008n, 0n])
  })
})

const wordAt = (core: Core, real: number): number => new DataView(core.read(real, 4).buffer).getUint32(0, true)

/** vCPU 0 is stepped from outside; vCPU 1, whose MSR[SE] the guest has set, comes to the same vector. */
describe('the race', () => {
  function race(policy: string) {
    const g = guest('_start: addi r3,r3,1\n addi r3,r3,1\n b .', policy, { vcpus: 2, at: { 3328: 'li r7,1\n b .' } })
    if (policy === 'rfc-v2') {
      // Its one address is that of AIL 3; what races is the word, so the vector that this guest has is given to it.
      g.hypervisor.setPolicy({ ...policies[0]!, choices: { ...policies[0]!.choices, traceVector: 'predicted' } })
    }
    const { state } = g.core.vcpus[1]!
    state.set('NIP', 0x10000n)
    state.set('MSR', SF | LE | SE)
    state.set('LPCR', 1n << 25n)
    return g
  }
  const untilEntered = (g: ReturnType<typeof race>) => {
    g.hypervisor.begin(0)
    while (g.hypervisor.state.step?.phase !== 'trace') g.hypervisor.stepTransition(1)
  }

  test('RFC v2: vCPU 1 is taken for the end of the step, and loses its trace', () => {
    const g = race('rfc-v2')
    untilEntered(g)
    const { stop } = g.hypervisor.preempt(1, 3)
    expect(stop?.text).toMatch(/^vCPU 1 met the word of the step of vCPU 0 at 0xd00, and was taken for its end/)
    expect([g.get('NIP', 1), g.get('MSR', 1)]).toEqual([0x10004n, SF | LE])
    expect(wordAt(g.core, 0xd00)).not.toBe(0x00dddd00)
    // vCPU 0 comes to a vector without a word, and goes on in the guest's handler.
    g.hypervisor.setSchedule({ quantum: 2 })
    expect(g.hypervisor.finishStep(50).stop).toBeNull()
    expect([g.get('r7'), g.hypervisor.state.step?.lost]).toEqual([1n, expect.stringMatching(/Trace interrupt/)])
  })

  test('RFC v6: a stop of vCPU 1 the first time; sent back once it was stepped itself', () => {
    const first = race('rfc-v6')
    untilEntered(first)
    expect(first.hypervisor.preempt(1, 3).stop?.text).toMatch(/although nobody steps it/)
    const later = race('rfc-v6')
    later.core.vcpus[1]!.state.set('MSR', SF | LE)
    later.step(1)
    later.core.vcpus[1]!.state.set('MSR', SF | LE | SE)
    untilEntered(later)
    later.hypervisor.preempt(1, 3)
    expect(later.get('NIP', 1)).toBe(0xd00n)
    expect(later.hypervisor.finishStep(50).stop?.reason).toBe('step')
    expect(later.hypervisor.preempt(1, 1).stop).toBeNull()
    expect(later.get('r7', 1)).toBe(1n)
  })

  test('Transparent: vCPU 1 goes to its handler, vCPU 0 ends its step', () => {
    const g = race('transparent')
    untilEntered(g)
    expect(g.hypervisor.preempt(1, 3).stop).toBeNull()
    expect([g.get('r7', 1), g.get('r3', 0)]).toEqual([1n, 0n])
    expect(g.hypervisor.finishStep(50).stop?.reason).toBe('step')
    expect([g.get('r3', 0), g.get('NIP', 0), g.get('MSR', 0)]).toEqual([1n, 0x10004n, SF | LE])
  })

  test('scheduler-locking step: nobody else runs in the step', () => {
    const g = race('rfc-v2')
    g.hypervisor.setSchedule({ locking: 'step' })
    for (let n = 0; n < 2; n++) expect(g.step()?.reason).toBe('step')
    expect(g.get('COMPLETED', 1)).toBe(0n)
    g.hypervisor.setSchedule({ locking: 'off' })
    for (let n = 0; n < 2; n++) g.step()
    expect(g.get('COMPLETED', 1)).toBeGreaterThan(0n)
  })
})

describe('the schedule', () => {
  test('a turn for a vCPU that there is not is refused, and changes nothing', () => {
    const g = guest('_start: b .', 'transparent', { vcpus: 2 })
    const before = g.hypervisor.state
    expect(() => g.hypervisor.setSchedule({ script: [{ vcpu: 2, boundaries: 1 }] })).toThrow(
      'There is no vCPU 2: the machine has vCPUs 0 to 1.',
    )
    expect(() => g.hypervisor.setSchedule({ script: [{ vcpu: 1, boundaries: 0 }] })).toThrow('at least one boundary')
    expect(g.hypervisor.state).toBe(before)
  })

  test('turns of the script come first, then round robin by the quantum', () => {
    const g = guest('_start: addi r3,r3,1\n b _start', 'transparent', { vcpus: 3 })
    for (const v of g.core.vcpus) {
      v.state.set('NIP', 0x10000n)
      v.state.set('MSR', SF | LE)
    }
    g.hypervisor.setSchedule({
      script: [
        { vcpu: 2, boundaries: 5 },
        { vcpu: 1, boundaries: 2 },
      ],
      quantum: 4,
    })
    const counts = () => g.core.vcpus.map(v => Number(v.state.get('COMPLETED')))
    g.hypervisor.run(0, 7)
    expect(counts()).toEqual([0, 2, 5])
    g.hypervisor.run(0, 4)
    expect(counts()).toEqual([0, 2, 9])
    g.hypervisor.run(0, 8)
    expect(counts()).toEqual([4, 6, 9])
    expect(g.hypervisor.time).toBe(19n)
  })
})

describe('a breakpoint at the next instruction', () => {
  test.each(['rfc-v6', 'transparent', 'kvm-pr', 'tcg'])('%s: the step ends there, and is not pending', policy => {
    const g = guest('_start: li r3,1\n li r4,1\n b .', policy)
    g.core.stops.add(0x10004n)
    g.core.flushCode()
    expect(g.step()?.reason).toBe('step')
    expect(g.hypervisor.state.step).toBeNull()
    expect([g.get('r3'), g.get('r4')]).toEqual([1n, 0n])
  })
})
