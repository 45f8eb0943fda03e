/** What "changed since" compares with: each choice against the state that was there, and when a choice is given up. */
import { expect, test } from 'vitest'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { readRegisters } from './registers.ts'
import { Session } from './session.ts'

const GUEST = `# twostep: map=radix ail=3 ir=1 dr=1 ram=16M
_start: lis r8,2
loop:   addi r9,r9,1
        stb r9,0(r8)
        b loop
`

function open(): Session {
  const { image, diagnostics } = imageOfSource('guest.s', GUEST)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  return new Session(new Pseries(image), 'rfc-v2')
}

const CELL_PAGE = 0x20000
const r9 = (s: Session): bigint => readRegisters(s.vcpu().state).r9!
const compared = (s: Session) => {
  const { point, kind } = s.baseline
  return { kind, event: point.event, r9: point.registers(0).r9, cell: point.page(CELL_PAGE)[0] }
}
const boundaries = (s: Session, n: number): void => {
  for (let k = 0; k < n; k++) s.perform({ kind: 'boundary' }, 'machine')
}

test('the last stop of any actor, as it has always been', () => {
  const s = open()
  expect(compared(s)).toEqual({ kind: 'stop', event: 0, r9: 0n, cell: 0 })
  boundaries(s, 3)
  expect(compared(s)).toEqual({ kind: 'stop', event: 2, r9: 1n, cell: 0 })
  s.seek(2)
  expect(compared(s)).toEqual({ kind: 'stop', event: 1, r9: 0n, cell: 0 })
})

test('the start of the outside step, also phase by phase and behind it', () => {
  const s = open()
  expect(() => s.baseline.choose('step')).toThrow(/No outside step begins before the event shown/)
  boundaries(s, 3)
  for (let n = 0; n < 4; n++) s.perform({ kind: 'transition', walk: 'step' }, 'hypervisor')
  s.baseline.choose('step')
  expect(compared(s)).toMatchObject({ kind: 'step', event: 3, r9: 1n, cell: 1 })
  s.perform({ kind: 'step' }, 'outside')
  boundaries(s, 2)
  expect(compared(s)).toMatchObject({ kind: 'step', event: 3 })
  s.perform({ kind: 'step' }, 'outside')
  const before = [...s.events].findIndex(e => e.step?.ordinal === 2)
  expect(compared(s)).toMatchObject({ kind: 'step', event: before })
  // Where no step begins before what is shown it is the last stop; the choice stays.
  s.seek(2)
  expect(compared(s)).toMatchObject({ kind: 'stop', event: 1 })
  s.seek('live')
  expect(compared(s).kind).toBe('step')
})

test('any event, in the middle of an action too: registers and memory as they were there; what is shown stays', () => {
  const s = open()
  s.perform({ kind: 'preempt', boundaries: 30 }, 'machine')
  boundaries(s, 2)
  for (let event = 0; event <= s.events.length; event++) {
    s.seek(event)
    const there = { r9: r9(s), cell: s.core.ram[CELL_PAGE] }
    s.seek('live')
    s.baseline.choose(event)
    expect(s.isLive).toBe(true)
    expect(compared(s)).toEqual({ kind: 'event', event, ...there })
  }
  s.seek(7)
  s.baseline.choose(3)
  expect([s.shown, s.isLive]).toEqual([7, false])
  // It stays while the guest goes on, and is given up when its event is.
  s.seek('live')
  const was = compared(s)
  boundaries(s, 5)
  expect(compared(s)).toEqual(was)
  s.baseline.choose(s.events.length)
  s.back('machine')
  expect(compared(s).kind).toBe('stop')
  expect(() => s.baseline.choose(1000)).toThrow(/There is no event 1000/)
})
