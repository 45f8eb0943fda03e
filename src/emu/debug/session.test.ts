/** Recordings of real guests: what is recorded, and that going to an event shows the state just after it. */
import { describe, expect, test } from 'vitest'
import { type PolicyId, policies } from '../hypervisor/policy.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { softwareAt } from './breakpoint.ts'
import type { FreeStretch } from './events.ts'
import { readRegisters } from './registers.ts'
import { Session } from './session.ts'

const KERNEL = '# twostep: map=radix ail=3 ir=1 dr=1 ram=16M'
/** Asks the console for characters for ever. */
const POLLING = `${KERNEL}\n_start: li r3,0x54; li r4,0; sc 1; addi r9,r9,1; b _start`
/** Traps for ever; the handler goes on behind the trap. */
const TRAPPING = `${KERNEL}
_start: trap; addi r9,r9,1; b _start
        .section .vectors, "ax"
        .org 0xc000000000004700
        mfsrr0 r3; addi r3,r3,4; mtsrr0 r3; rfid`

function open(source: string, policy: PolicyId = 'transparent') {
  const { image, diagnostics } = imageOfSource('guest.s', source)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const session = new Session(new Pseries(image), policy)
  const registers = () => readRegisters(session.vcpu().state)
  const run = (boundaries: number) => {
    session.begin({ kind: 'run' }, 'machine')
    for (let n = 0; n < boundaries; n += 1000) session.advance(1000)
    session.pause()
  }
  return { session, registers, run, time: () => session.vcpu().state.get('TIME') }
}

describe('a guest that runs for ever', () => {
  test.each([
    ['and calls the hypervisor', POLLING],
    ['and takes interrupts', TRAPPING],
  ])('%s records every event', (_, source) => {
    const { session, run, time } = open(source)
    run(30_000)
    // One, and the stretch before it, each four or seven boundaries.
    expect(session.events.length).toBeGreaterThan(8_000)
    expect(session.events.at(session.events.length)!.instructions).toBe(time())
    // Stretches fill the time between what happened.
    const gaps = [...session.events].filter(e => e.what.kind === 'free').reduce((n, e) => n + (e.what as FreeStretch).boundaries, 0)
    expect(gaps).toBeLessThan(30_000)
  })

  test.each([
    ['calls the hypervisor', POLLING],
    ['takes interrupts', TRAPPING],
    ['runs alone', `${KERNEL}\n_start: addi r9,r9,1; b _start`],
  ])('and %s comes back when the host wants it, and goes on as if nothing had been', (_, source) => {
    const [often, whole] = [open(source), open(source)]
    const total = 600_000
    let slices = 0
    for (const { session } of [often, whole]) session.begin({ kind: 'run' }, 'machine')
    for (let left = total; left > 0; left = total - Number(often.time()), slices++)
      expect(often.session.advance(left, true, () => true)).toBeNull()
    whole.session.advance(total)
    expect(slices).toBeGreaterThan(1)
    for (const { session } of [often, whole]) session.pause()
    expect(often.time()).toBe(BigInt(total))
    expect(often.registers()).toEqual(whole.registers())
    expect(often.session.events.length).toBe(whole.session.events.length)
  })

  test('keeps so many events, from a checkpoint on; those can be shown, and everything taken back', () => {
    const { session, registers, time } = open(TRAPPING)
    const before = registers()
    session.eventsKept = 40_000
    session.begin({ kind: 'run' }, 'machine')
    for (let n = 0; n < 40; n++) session.advance(10_000)
    session.pause()
    const { first, length } = session.events
    expect(first).toBeGreaterThan(20_000)
    expect(length - first + 1).toBeGreaterThanOrEqual(40_000)
    expect(length - first + 1).toBeLessThan(80_000)
    const live = registers()
    for (const n of [first, first + 1, first + 19_999, length - 1]) {
      session.seek(n)
      expect([n, time()]).toEqual([n, session.events.at(n)!.instructions])
    }
    session.seek('live')
    expect(registers()).toEqual(live)
    expect(() => session.seek(first - 2)).toThrow('no longer kept')
    session.back('machine')
    expect(registers()).toEqual(before)
    expect(session.events.length).toBe(0)
  })

  test.each([
    ['hypercalls', POLLING],
    ['interrupts', TRAPPING],
  ])('each of its events can be shown: %s', (_, source) => {
    const { session, registers, run, time } = open(source)
    run(30_000)
    run(1_000)
    const live = registers()
    for (const n of [1, 2, 3, 500, 501, 1999, 2000, 2001, 2002, 2100]) {
      session.seek(n)
      expect([n, time()]).toEqual([n, session.events.at(n)!.instructions])
    }
    session.seek('live')
    expect(registers()).toEqual(live)
  })

  test('a step that is lost in it goes on recording, and can still be taken back', () => {
    const { session, registers } = open(
      `${POLLING.replace('ail=3', 'ail=0')}\n .section .vectors, "ax"\n .org 0xc000000000000d00\n rfid`,
      'rfc-v2',
    )
    const before = registers()
    session.begin({ kind: 'step' }, 'outside')
    for (let n = 0; n < 30; n++) session.advance(1000)
    expect(session.hypervisor.state.step!.lost).not.toBeNull()
    session.pause()
    expect(session.events.length).toBeGreaterThan(10_000)
    session.back('outside')
    expect(registers()).toEqual(before)
    expect([...session.events]).toEqual([])
  })
})

describe('the past', () => {
  /** Steps itself; its trace handler returns at once. */
  const TRACED = `${KERNEL} se=1
_start: li r3,8; mfmsr r5; mfsrr1 r7; addi r9,r9,1; b _start
        .section .vectors, "ax"
        .org 0xc000000000004d00
        rfid`

  test.each([
    ['rfc-v2', TRACED],
    ['transparent', TRACED],
    ['transparent', TRAPPING],
  ] as const)('each event shows the state that it left, whoever stepped: %s', (policy, source) => {
    const { session, registers } = open(source, policy)
    const seen = new Map<number, Record<string, bigint>>([[0, registers()]])
    const see = () => seen.set(session.events.length, registers())
    for (let n = 0; n < 8; n++) {
      session.perform({ kind: 'transition', walk: 'step' }, 'hypervisor')
      see()
    }
    for (let n = 0; n < 3; n++) {
      session.perform({ kind: 'boundary' }, 'machine')
      see()
    }
    session.edit({ kind: 'register', vcpu: 0, register: 'r20', value: 0x1234n }, 'r20 edited')
    see()
    for (let n = 0; n < 4; n++) {
      session.perform({ kind: 'step' }, 'outside')
      see()
    }
    for (const [event, expected] of [...seen].reverse()) {
      session.seek(event)
      expect([event, registers()]).toEqual([event, expected])
      expect(session.isLive).toBe(event === session.events.length)
    }
    session.seek('live')
    expect(registers()).toEqual(seen.get(session.events.length))
  })

  test.each(['rfc-v2', 'transparent'] as const)('within a whole step, as phase by phase: %s', policy => {
    const slow = open(TRACED, policy)
    const seen = new Map<number, Record<string, bigint>>()
    while (slow.session.hypervisor.state.steps < 6) {
      slow.session.perform({ kind: 'transition', walk: 'step' }, 'hypervisor')
      seen.set(slow.session.events.length, slow.registers())
    }
    const quick = open(TRACED, policy)
    for (let n = 0; n < 6; n++) quick.session.perform({ kind: 'step' }, 'outside')
    for (const [event, expected] of seen) {
      quick.session.seek(event)
      expect([event, quick.registers()]).toEqual([event, expected])
    }
  })

  test('refuses what would change it', () => {
    const { session, run } = open(TRAPPING)
    run(1000)
    session.seek(1)
    expect(() => session.begin({ kind: 'run' }, 'machine')).toThrow('This is a past event.')
    expect(() => session.seek(-1)).toThrow('There is no event -1.')
    expect(session.shown).toBe(1)
  })

  test("back undoes the actor's last action and what came after it, of others too", () => {
    const { session, registers } = open(TRAPPING)
    session.perform({ kind: 'step' }, 'outside')
    const [events, before] = [session.events.length, registers()]
    session.perform({ kind: 'boundary' }, 'machine')
    session.perform({ kind: 'step' }, 'outside')
    session.back('machine')
    expect(session.events.length).toBe(events)
    expect(registers()).toEqual(before)
    expect(session.canGoBack('machine')).toBe(false)
    expect(() => session.back('machine')).toThrow('There is no step of machine to take back.')
  })
})

describe('two vCPUs', () => {
  const TWO = `${KERNEL} vcpus=2\n_start: addi r3,r3,1; b _start`

  test('while a step of one is in flight, a boundary asked of the other is that one’s, and the step waits', () => {
    const { session } = open(TWO)
    const walk = { kind: 'transition', walk: 'step' } as const
    for (let n = 0; n < 20 && session.hypervisor.state.step?.phase !== 'trace'; n++) session.perform(walk, 'hypervisor', 1)
    const counted = () => session.core.vcpus.map(v => v.state.get('COMPLETED'))
    const [other, stepped] = counted()
    session.perform({ kind: 'boundary' }, 'machine', 0)
    expect(counted()).toEqual([other! + 1n, stepped!])
    expect(session.hypervisor.state.step?.phase).toBe('trace')
  })

  test('the run loop of the other vCPU, walked after a step, is not compared with that step', () => {
    const { session } = open(TWO, 'rfc-v2')
    session.perform({ kind: 'step' }, 'outside', 0)
    const leaks = [...session.leaks]
    session.leaks = []
    session.perform({ kind: 'transition', walk: 'loop' }, 'hypervisor', 1)
    expect(leaks.length).toBeGreaterThan(0)
    expect(session.leaks).toEqual([])
  })
})

describe('RFC v6: a step that a breakpoint left pending', () => {
  const HANDLER = 0xc000000000004704n
  const pending = () => {
    const opened = open(TRAPPING, 'rfc-v6')
    const { session } = opened
    session.stops.set([softwareAt(HANDLER)])
    session.begin({ kind: 'step' }, 'outside')
    expect(session.advance(1000)).toMatchObject({ reason: 'breakpoint' })
    expect([session.hypervisor.state.step?.pending, opened.registers().NIP]).toEqual([2, HANDLER])
    return opened
  }

  test('after continue, the exit at the vector is taken for its end', () => {
    const { session, registers } = pending()
    session.begin({ kind: 'run' }, 'machine')
    expect(session.advance(1000)).toMatchObject({ reason: 'step' })
    expect(session.hypervisor.state.step).toBeNull()
    // One instruction behind the trap, SE gone.
    expect([registers().NIP! & 0xffffn, registers().r9, registers().MSR! & 0x400n]).toEqual([8n, 1n, 0n])
    expect(session.hypervisor.machine.core.read(0x4d00, 4)).toEqual(new Uint8Array(4))
  })
})

/** In problem state the vectors are not the guest's to read or to execute; the controller plants there all the same. */
describe.each(policies.map(p => p.id))('%s: a guest in problem state', policy => {
  const USER = `${KERNEL}
_start: bcl 20,31,1f
1:      mflr r4; addi r4,r4,user-1b; clrldi r4,r4,4; mtsrr0 r4
        mfmsr r5; ori r5,r5,0x4000; mtsrr1 r5; rfid
user:   li r6,1; li r6,2; b .
        .section .v, "ax"
        .org 0xc000000000004d00
        b .`

  test('is stepped by one instruction', () => {
    const { session, registers } = open(USER, policy)
    const { hypervisor } = session
    hypervisor.run(0, 9)
    const { NIP } = registers()
    session.begin({ kind: 'step' }, 'outside')
    expect(session.advance(200)).toMatchObject({ reason: 'step' })
    expect([registers().NIP, registers().r6, registers().MSR! & 0x4400n]).toEqual([NIP! + 4n, 1n, 0x4000n])
  })
})
