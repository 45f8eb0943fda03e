/** Interrupts of real recordings, explained. */
import { describe, expect, test } from 'vitest'
import { Session } from '../debug/session.ts'
import type { PolicyId } from '../hypervisor/policy.ts'
import { MSR } from '../isa/bitfields.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { exceptionView } from './exception-view.ts'

const LINEAR = 0xc000000000000000n

/** A kernel with AIL 3, unless the header says otherwise. */
function open(source: string, policy: PolicyId = 'transparent', header = 'map=radix ail=3 ir=1 dr=1') {
  const { image, diagnostics } = imageOfSource('guest.s', `# twostep: ${header} ram=16M\n${source}`)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const session = new Session(new Pseries(image), policy)
  const at = () => exceptionView(session.events, session.events.length)
  const outside = (n = 1) => {
    for (let i = 0; i < n; i++) session.perform({ kind: 'step' }, 'outside')
    return at()!
  }
  const machine = (n = 1) => {
    for (let i = 0; i < n; i++) session.perform({ kind: 'boundary' }, 'machine')
    return at()!
  }
  return { session, at, outside, machine }
}

test('a recording without interrupts has none to explain', () => {
  const guest = open('_start: li r3,1; b .')
  guest.machine()
  expect(guest.at()).toBeNull()
})

test('the Trace interrupt of an outside step', () => {
  const guest = open('_start: li r3,1; b .')
  guest.outside()
  const trace = [...guest.session.events].find(e => e.what.kind === 'interrupt' && e.what.id === 'trace')!
  const e = exceptionView(guest.session.events, trace.index)!
  expect(e).toMatchObject({ name: 'Trace interrupt', vector: 0xd00, ordinal: 1, total: 2, nip: LINEAR + 0x4d00n })
  expect(e.why).toEqual([
    'li r3,1 completed while SE was 1.',
    `Next, event ${trace.index + 1}: emulation assist, because the vector holds 0x00dddd00.`,
  ])
  expect(e.facts).toEqual([
    { name: 'SE set by', value: 'outside' },
    { name: 'taken on', value: 'vCPU 0' },
    { name: 'event', value: `${trace.index}` },
  ])
  expect(e.saved.map(s => [s.register, s.value])).toEqual([
    ['SRR0', LINEAR + 0x10004n],
    ['SRR1', 0x8000000042803433n],
    ['SIAR', LINEAR + 0x10000n],
    ['SDAR', 0n],
  ])
  expect(e.causeBits.map(b => `${b.bits}=${b.value}`)).toEqual(['33=1', '34=0', '35=0', '36=0', '43=0'])
  expect(e.msr.changes.map(c => `${c.bits} ${c.text}`)).toEqual(['SE 1→0', 'RI 1→0', 'FP 1→0', 'IR stays 1', 'DR stays 1', 'LE stays 1'])
})

test('emulation assist keeps NIP and MSR of the guest', () => {
  const guest = open('_start: li r3,1; b .')
  guest.outside()
  const e = guest.at()!
  expect(e.name).toBe('Hypervisor Emulation Assistance interrupt')
  expect(e.saved.map(s => s.register)).toEqual(['HSRR0', 'HSRR1', 'HEIR'])
  expect(e.reason).toContain('the guest keeps NIP and MSR')
})

test('a guest that set SE itself is told so', () => {
  const guest = open('_start: li r3,1; b .', 'transparent', 'map=radix ail=3 ir=1 dr=1 se=1')
  expect(guest.machine(2).facts[0]).toEqual({ name: 'SE set by', value: 'the guest' })
})

describe('the address is that of the interrupt, whatever changed since', () => {
  const setAil = (ail: number) => `li r3,0x31c; li r4,${ail}; li r5,3; li r6,0; li r7,0; sc 1`
  test('AIL changed by H_SET_MODE', () => {
    const guest = open(`_start: trap\n .section .v, "ax"\n .org 0xc000000000004700\n ${setAil(0)}; b .`)
    const before = guest.machine()
    expect(before.sum).toEqual([
      { name: 'vector', value: 0x700n },
      { name: 'AIL 3, add', value: 0xc000000000004000n },
    ])
    guest.machine(6)
    const trap = exceptionView(guest.session.events, before.event)!
    expect(guest.session.vcpu().state.get('LPCR') & (3n << 23n)).toBe(0n)
    expect({ sum: trap.sum, nip: trap.nip, reason: trap.reason }).toEqual({ sum: before.sum, nip: before.nip, reason: before.reason })
  })

  test('AIL does not apply when DR is off', () => {
    const guest = open('_start: trap', 'transparent', 'map=radix ail=3 ir=1 dr=0')
    const e = guest.machine()
    expect(e).toMatchObject({ nip: 0x700n, reason: 'AIL is 3, but DR is off, so it does not apply.' })
    expect(e.sum).toEqual([{ name: 'vector', value: 0x700n }])
    expect(e.msr.changes).toContainEqual({ bits: 'IR', text: '1→0', reason: 'translation off' })
  })
})

test('scv saves in LR and CTR, at an address of its level', () => {
  const guest = open('_start: scv 2; b .')
  guest.session.edit({ kind: 'register', vcpu: 0, register: 'FSCR', value: 1n << 12n }, 'edited')
  const e = guest.machine()
  expect(e.nip).toBe(LINEAR + 0x3040n)
  expect(e.saved.map(s => s.register)).toEqual(['LR', 'CTR'])
  expect(e.msr.from & MSR.mask.RI).toBe(e.msr.to & MSR.mask.RI)
})

test('a Data Storage interrupt says where and why', () => {
  const guest = open('_start: lis r3,0x7f00; ld r4,0(r3); b .')
  guest.session.edit({ kind: 'register', vcpu: 0, register: 'PIDR', value: 500n }, 'edited')
  const e = guest.machine(2)
  expect(e.name).toBe('Data Storage interrupt')
  expect(e.saved.map(s => s.register)).toEqual(['SRR0', 'SRR1', 'DAR', 'DSISR'])
  expect(e.saved[2]!.value).toBe(0x7f000000n)
  expect(e.saved[0]!.text).toBe('the instruction that caused it')
})

test('each interrupt knows its place among those of the recording', () => {
  const guest = open('_start: trap\n .section .v, "ax"\n .org 0xc000000000004700\n mfsrr0 r3; addi r3,r3,0; rfid')
  guest.machine(9)
  const places = [...guest.session.events].map(e => exceptionView(guest.session.events, e.index)).map(e => `${e!.ordinal}/${e!.total}`)
  expect(places).toEqual(['1/3', '1/3', '1/3', '1/3', '2/3', '2/3', '2/3', '2/3', '3/3'])
})
