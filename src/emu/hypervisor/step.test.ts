/** Outside steps by each policy, on small guests in real mode. */
import { describe, expect, test } from 'vitest'
import { assemble } from '../asm/assemble.ts'
import { Core } from '../core/core.ts'
import { BESCR, FSCR, HFSCR, MSR } from '../isa/bitfields.ts'
import type { HypervisorEvent } from './events.ts'
import { guestView } from './guest-view.ts'
import { Hypervisor, type PolicyId } from './hypervisor.ts'

const { SF, SE, LE, EE } = MSR.mask

/** A guest at 0x10000 in real mode, little-endian; its Trace vector is 0xd00. */
function boot(source: string, msr = SF | LE, origin = 0x10000n, waits = false) {
  const program = assemble(source, { littleEndian: true, origin })
  expect(program.diagnostics).toEqual([])
  const core = new Core({ vcpus: 1, ramBytes: 16 << 20 })
  for (const s of program.sections) core.write(Number(s.address), s.bytes)
  const vcpu = core.vcpus[0]!
  vcpu.state.set('NIP', program.symbols.get('_start') ?? origin)
  vcpu.state.set('MSR', msr)
  vcpu.state.set('LPCR', 1n << 25n)
  vcpu.state.set('DEC_BASE', 0x7fffffffffffffffn)
  const heard: string[] = []
  const machine = { core, hypercall: () => ({ name: 'H_TEST', sentence: 'H_TEST did nothing', poweredOff: false, waits }) }
  const get = (name: string, at = 0) => vcpu.state.get(name, at)
  const start = (policy: PolicyId) => {
    const hypervisor = new Hypervisor(machine, policy)
    hypervisor.listener = (e: HypervisorEvent) => heard.push(e.phase)
    vcpu.listener = e => heard.push(e.kind === 'instruction' ? e.instruction.name : e.kind === 'interrupt' ? e.id : e.kind)
    const step = () => {
      hypervisor.begin(0)
      return hypervisor.finishStep(1_000_000).stop
    }
    return { hypervisor, step }
  }
  return { core, vcpu, get, heard, start, symbol: (name: string) => program.symbols.get(name)! }
}

describe('Transparent', () => {
  test('an instruction is stepped by trace, assist and exit of the core, and nothing is left', () => {
    const guest = boot('li r3,8\n mtsrr0 r3\n _start: li r4,8\n b .')
    for (const [name, value] of Object.entries({ SRR0: 0x1234n, SRR1: 0x5678n, SIAR: 3n, SDAR: 4n, CFAR: 5n }))
      guest.vcpu.state.set(name, value)
    const { step } = guest.start('transparent')
    expect(step()?.reason).toBe('step')
    expect(guest.heard).toEqual(['arm', 'set SE', 'enter', 'addi', 'trace', 'emulationAssistance', 'exit', 'restore', 'report'])
    expect(guest.get('GPR', 4)).toBe(8n)
    expect(guest.get('MSR')).toBe(SF | LE)
    expect(guest.get('NIP')).toBe(guest.symbol('_start') + 4n)
    expect(['SRR0', 'SRR1', 'SIAR', 'SDAR', 'CFAR'].map(n => guest.get(n))).toEqual([0x1234n, 0x5678n, 3n, 4n, 5n])
    expect(guest.get('TIME')).toBe(1n)
  })

  test('mfmsr hides SE that the guest did not set, and shows SE that it did', () => {
    for (const own of [0n, SE]) {
      const guest = boot('_start: mfmsr r5\n b .', SF | LE | own)
      guest.start('transparent').step()
      expect(guest.get('GPR', 5)).toBe(SF | LE | own)
    }
  })

  test('a guest that steps itself: its own trace is pending, and comes next', () => {
    const guest = boot('_start: li r4,8\n li r5,9\n b .', SF | LE | SE)
    const { step } = guest.start('transparent')
    step()
    expect(guest.get('NIP')).toBe(0x10004n)
    expect(guest.get('MSR')).toBe(SF | LE | SE)
    expect(guest.get('TRACE_DUE')).toBe(1n)
    step()
    expect(guest.get('NIP')).toBe(0xd00n)
    expect(guest.get('SRR0')).toBe(0x10004n)
    expect(guest.get('SRR1')).toBe(SF | LE | SE | 0x40000000n)
    expect(guest.get('SIAR')).toBe(0x10000n)
    expect(guest.get('MSR') & SE).toBe(0n)
  })

  test('an interrupt in the step ends it at the vector, with the SE of the guest in SRR1', () => {
    const guest = boot('_start: trap\n b .')
    guest.start('transparent').step()
    expect(guest.get('NIP')).toBe(0x700n)
    expect(guest.get('SRR1')).toBe(SF | LE | 0x20000n)
    expect(guest.get('SRR0')).toBe(0x10000n)
  })

  test('an illegal word of the guest becomes its Program interrupt', () => {
    const guest = boot('_start: .long 0x00dddd00\n b .')
    guest.start('transparent').step()
    expect(guest.get('NIP')).toBe(0x700n)
    expect(guest.get('SRR1')).toBe(SF | LE | 0x80000n)
  })

  test('the first instruction of a handler, where a word would lie, is performed by the controller', () => {
    const guest = boot('_start: li r4,1\n li r4,2\n', SF | LE, 0xd00n)
    guest.start('transparent').step()
    expect(guest.heard).toEqual(['arm', 'addi', 'emulate', 'report'])
    expect(guest.get('GPR', 4)).toBe(1n)
  })

  describe('an access to the page of its words comes to the hypervisor, which makes it on the real page and ends the step', () => {
    const PATH = ['arm', 'set SE', 'enter', 'hypervisorDataStorage', 'exit']

    test('a load of the vector reads what the guest has there', () => {
      const guest = boot('_start: lwz r5,0(r6)\n b .')
      guest.vcpu.state.set('GPR', 0xd00n, 6)
      guest.core.write(0xd00, Uint8Array.of(1, 2, 3, 4))
      const { hypervisor, step } = guest.start('transparent')
      expect(step()?.reason).toBe('step')
      expect(guest.heard).toEqual([...PATH, 'lwz', 'emulate', 'report'])
      expect(['GPR5', 'NIP', 'MSR', 'TIME', 'HDAR'].map(n => guest.get(n.replace('5', ''), n === 'GPR5' ? 5 : 0))).toEqual([
        0x04030201n,
        0x10004n,
        SF | LE,
        1n,
        0xd00n,
      ])
      expect(hypervisor.state.emulated).toEqual({ lwz: 1 })
      expect([hypervisor.state.executed, guest.vcpu.overlay.size]).toEqual([0, 0])
    })

    test('a store stays, its own SE makes the trace of a guest that steps itself pending', () => {
      const guest = boot('_start: stwu r5,4(r6)\n b .', SF | LE | SE)
      guest.vcpu.state.set('GPR', 0xd00n - 4n, 6)
      guest.vcpu.state.set('GPR', 0x60000000n, 5)
      guest.start('transparent').step()
      expect(guest.heard.slice(0, 5)).toEqual(PATH)
      expect(new DataView(guest.core.read(0xd00, 4).buffer).getUint32(0, true)).toBe(0x60000000)
      expect([guest.get('GPR', 6), guest.get('MSR'), guest.get('TRACE_DUE'), guest.get('TRACE_SDAR')]).toEqual([
        0xd00n,
        SF | LE | SE,
        1n,
        0xd00n,
      ])
    })

    test('phase by phase, with what the guest believes of SE', () => {
      const guest = boot('_start: lwz r5,0xd00(0)\n b .')
      const { hypervisor } = guest.start('transparent')
      hypervisor.begin(0)
      for (let n = 0; n < 4; n++) hypervisor.stepTransition(1)
      const { phase, path } = hypervisor.state.step!
      expect([phase, path]).toEqual(['exit', ['arm', 'set SE', 'enter', 'trace', 'exit', 'emulate', 'report']])
      for (const next of ['emulate', 'report']) {
        expect([guest.get('MSR') & SE, guestView(guest.vcpu, hypervisor.state)]).toEqual([SE, { MSR: SF | LE }])
        hypervisor.stepTransition(1)
        expect(hypervisor.state.step?.phase).toBe(next)
      }
      expect([guest.get('MSR'), guestView(guest.vcpu, hypervisor.state)]).toEqual([SF | LE, {}])
    })

    test('where the policy lets the guest run on, it runs on', () => {
      const guest = boot('_start: trap\n li r4,1\n b .')
      const handler = 'mfsrr0 r9\n addi r9,r9,4\n mtsrr0 r9\n stw r9,0xd10(0)\n lwz r5,0xd10(0)\n rfid'
      guest.core.write(0x700, assemble(handler, { littleEndian: true, origin: 0x700n }).sections[0]!.bytes)
      const { hypervisor, step } = guest.start('transparent')
      const { policy } = hypervisor
      hypervisor.setPolicy({ ...policy, choices: { ...policy.choices, vectors: 'trace', interruptsInStep: 'ride along' } })
      expect(step()?.reason).toBe('step')
      expect(guest.heard.filter(e => e === 'hypervisorDataStorage')).toHaveLength(2)
      expect([guest.get('NIP'), guest.get('GPR', 5), guest.get('GPR', 4)]).toEqual([0x10008n, 0x10004n, 1n])
    })
  })

  test('the word lies at the target of an event-based branch that is due, and the step ends there', () => {
    const guest = boot('_start: li r4,1\n b .\n handler: li r5,1\n b .', SF | LE | MSR.mask.PR | EE)
    const { state } = guest.vcpu
    state.set('FSCR', FSCR.mask.EBB)
    state.set('HFSCR', HFSCR.mask.EBB)
    state.set('BESCR', BESCR.mask.GE | BESCR.mask.PME | BESCR.mask.PMEO)
    state.set('EBBHR', guest.symbol('handler'))
    state.set('SRR1', 7n)
    const { hypervisor, step } = guest.start('transparent')
    hypervisor.holdInterrupts = false
    expect(step()?.reason).toBe('step')
    expect(guest.heard).toEqual(['arm', 'set SE', 'enter', 'eventBasedBranch', 'emulationAssistance', 'exit', 'restore', 'report'])
    expect([guest.get('NIP'), guest.get('GPR', 4), guest.get('MSR'), guest.get('EBBRR'), guest.get('SRR1'), guest.get('TIME')]).toEqual([
      guest.symbol('handler'),
      0n,
      SF | LE | MSR.mask.PR | EE,
      0x10000n,
      7n,
      1n,
    ])
    step()
    expect(guest.get('GPR', 5)).toBe(1n)
  })

  test('a step over a hypercall that waits ends behind it; the next one is the interrupt that ends the waiting', () => {
    const guest = boot('_start: sc 1\n b .', SF | LE | EE, 0x10000n, true)
    guest.vcpu.state.set('DEC_BASE', 100n)
    const { hypervisor, step } = guest.start('transparent')
    hypervisor.holdInterrupts = false
    expect(step()?.reason).toBe('step')
    expect([guest.get('NIP'), guest.get('TIME'), hypervisor.state.ceded]).toEqual([0x10004n, 1n, [true]])
    expect(step()?.reason).toBe('step')
    expect([guest.get('NIP'), guest.get('SRR0'), guest.get('TIME'), hypervisor.state.ceded]).toEqual([0x900n, 0x10004n, 102n, [false]])
  })

  test('only the allowed instructions are emulated', () => {
    const source = '_start: li r3,1\n mfmsr r4\n mtmsrd r4\n mtsrr0 r4\n mfsrr0 r5\n add r6,r5,r4\n sc\n'
    const guest = boot(source)
    const { hypervisor, step } = guest.start('transparent')
    for (let n = 0; n < 7; n++) step()
    expect(guest.get('NIP')).toBe(0xc00n)
    expect(hypervisor.state.emulated).toEqual({ mfmsr: 1, mtmsrd: 1, mtsrr0: 1, sc: 1 })
  })
})

describe('RFC v2', () => {
  // Its one address is that of AIL 3; in real mode the top bits are ignored, and the guest's vector is elsewhere.
  const AIL3 = SF | LE | MSR.mask.IR | MSR.mask.DR

  test('in real mode the trace goes to 0xd00, and the step is lost', () => {
    const guest = boot('_start: li r4,8\n b .\n')
    guest.core.write(0xd00, Uint8Array.of(0, 0, 0, 0x48))
    const { hypervisor, step } = guest.start('rfc-v2')
    expect(step()).toBeNull()
    expect(guest.get('NIP')).toBe(0xd00n)
    expect(hypervisor.state.step?.lost).toContain('no word is')
    expect(AIL3 & EE).toBe(0n)
  })
})
