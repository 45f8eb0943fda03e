/** Going back: to breakpoints, to writers, to any time; and on from there, with the other course kept. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { type BreakpointSpec, softwareAt } from './breakpoint.ts'
import { ByteWritten, MetBreakpoint, RegisterWritten } from './lookouts.ts'
import { seekTime, visit } from './past.ts'
import { deedsOf } from './recording.ts'
import { readRegister, readRegisters } from './registers.ts'
import { Session } from './session.ts'
import { type Hit, type Lookout, searchBack } from './travel.ts'

const AT = 0xc000000000010000n
/** Writes r9 and memory in a loop, r10 each 16th time, calls the hypervisor each 64th, traps each 128th. */
const WORKER = `# twostep: map=radix ail=3 ir=1 dr=1 ram=16M
        .equ LINEAR, 0xc000000000000000
_start: lis     r20, 0x4000
        sldi    r20, r20, 32
        or      r20, r20, r20
        li      r21, 0x4000
        rldimi  r21, r20, 0, 0
        li      r22, 0x4000
        oris    r22, r22, 0x2
        bcl     20, 31, 1f
1:      mflr    r23
        rldicr  r23, r23, 0, 3
        or      r22, r22, r23
loop:   addi    r9, r9, 1
        std     r9, 0(r22)
        andi.   r0, r9, 15
        bne     loop
        addi    r10, r10, 1
        stb     r10, 9(r22)
        andi.   r0, r10, 3
        bne     loop
        li      r3, 0x54
        li      r4, 0
        sc      1
        andi.   r0, r10, 7
        bne     loop
        trap
        b       loop
        .section .vectors, "ax"
        .org    LINEAR + 0x4700
        mfsrr0  r11
        addi    r11, r11, 4
        mtsrr0  r11
        rfid
`

function open(source = WORKER) {
  const { image, diagnostics } = imageOfSource('guest.s', source)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const session = new Session(new Pseries(image), 'transparent')
  const run = (boundaries: number) => {
    session.begin({ kind: 'run' }, 'machine')
    const end = session.hypervisor.boundaries + BigInt(boundaries)
    for (let left = boundaries; left > 0; left = Number(end - session.hypervisor.boundaries)) session.advance(Math.min(left, 997))
    session.pause()
  }
  const find = (lookout: Lookout): Hit | null => {
    const search = searchBack(session, session.moment, lookout)
    for (;;) {
      const { done, value } = search.next()
      if (done) return value
    }
  }
  const state = () => ({ registers: readRegisters(session.vcpu().state), hypervisor: session.hypervisor.state })
  return { session, run, find, state }
}

/** What the user does, in turn: runs, steps of all kinds, an edit. */
const deed = fc.oneof(
  fc.nat(3000).map(n => ({ run: n + 1 })),
  fc.constantFrom('step' as const, 'boundary' as const, 'transition' as const, 'edit' as const).map(kind => ({ kind })),
)

function does({ session, run }: ReturnType<typeof open>, deeds: readonly ({ run: number } | { kind: string })[]): void {
  for (const d of deeds) {
    if ('run' in d) run(d.run)
    else if (d.kind === 'edit') session.edit({ kind: 'register', vcpu: 0, register: 'r9', value: 5n }, 'r9 set')
    else if (d.kind === 'transition') session.perform({ kind: 'transition', walk: 'step' }, 'hypervisor')
    else if (d.kind === 'step') session.perform({ kind: 'step' }, 'outside')
    else session.perform({ kind: 'boundary' }, 'machine')
  }
}

test('any time of a recording shows the state that the straight run had then', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9_000), { minLength: 1, maxLength: 6 }), times => {
      const m = open()
      for (let n = 0; n < 3; n++) m.run(3_000)
      const straight = open()
      const live = m.state()
      for (const t of [...times].sort((a, b) => a - b)) {
        const left = t - Number(straight.session.hypervisor.boundaries)
        if (left > 0) straight.run(left)
        seekTime(m.session, straight.session.now)
        expect(readRegisters(m.session.vcpu().state)).toEqual(readRegisters(straight.session.vcpu().state))
      }
      m.session.seek('live')
      expect(m.state()).toEqual(live)
    }),
    { numRuns: 300 },
  )
})

describe('what last wrote', () => {
  /** Boundary by boundary: before which one each change came. */
  function changes(deeds: readonly ({ run: number } | { kind: string })[], value: (s: Session) => unknown): bigint | null {
    const m = open()
    let last: bigint | null = null
    let held = value(m.session)
    const look = (before: bigint) => {
      if (value(m.session) !== held) last = before
      held = value(m.session)
    }
    for (const d of deeds) {
      const { hypervisor } = m.session
      if ('run' in d) m.session.begin({ kind: 'run' }, 'machine')
      const end = hypervisor.boundaries + BigInt('run' in d ? d.run : 0)
      do {
        const before = hypervisor.boundaries
        if ('run' in d) m.session.advance(1)
        else does(m, [d])
        look(before)
      } while (hypervisor.boundaries < end)
      m.session.pause()
    }
    return last
  }

  const targets: readonly [string, (s: Session) => Lookout, (s: Session) => unknown][] = [
    ['a register that changes often', s => new RegisterWritten(s, 0, 'r9'), s => s.vcpu().state.get('GPR', 9)],
    ['one that changes seldom', s => new RegisterWritten(s, 0, 'r10'), s => s.vcpu().state.get('GPR', 10)],
    ['a byte of a doubleword', s => new ByteWritten(s, 0x24000), s => s.core.ram[0x24000]],
    ['a byte stored alone', s => new ByteWritten(s, 0x24009), s => s.core.ram[0x24009]],
  ]
  test.each(targets)('%s: the place is that of a walk boundary by boundary', (_, lookout, value) => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 1, maxLength: 6 }), deeds => {
        const m = open()
        does(m, deeds)
        const live = m.state()
        const hit = m.find(lookout(m.session))
        expect(m.state()).toEqual(live)
        const wanted = changes(deeds, value)
        expect(hit?.moment.boundaries ?? null).toBe(wanted)
        if (!hit) return
        // And it can be shown: there the value is another than behind it.
        visit(m.session, hit.moment)
        expect(m.session.hypervisor.boundaries).toBe(wanted)
      }),
      { numRuns: 25 },
    )
  })

  test('SRR0 by an interrupt and by an instruction; a value that stays the same counts; nothing is said of what was never written', () => {
    const m = open()
    m.run(4_000)
    const by = () => {
      const hit = m.find(new RegisterWritten(m.session, 0, 'SRR0'))!
      visit(m.session, hit.moment)
      return hit.text
    }
    const seen = [by(), by(), by(), by()]
    expect(seen).toContain('interrupt')
    expect(seen).toContain('instruction')
    expect(seen[0]).not.toBe(seen[1])
    m.session.seek('live')
    // li r4,0 writes what r4 holds.
    visit(m.session, m.find(new RegisterWritten(m.session, 0, 'r4'))!.moment)
    expect(m.session.vcpu().wordAt(m.session.vcpu().state.get('NIP'))).toBe(0x38800000)
    m.session.seek('live')
    expect(m.find(new RegisterWritten(m.session, 0, 'SPRG2'))).toBeNull()
    // r3 is what the hypercall answers.
    expect(m.find(new RegisterWritten(m.session, 0, 'r3'))!.text).toBe('hypervisor')
  })
})

describe('back to a breakpoint', () => {
  const spec = (b: Partial<BreakpointSpec>): BreakpointSpec => ({ ...softwareAt(0n), ...b })
  test.each<[string, BreakpointSpec]>([
    ['an address', softwareAt(AT + 0x3cn)],
    ['an address with a condition', spec({ address: AT + 0x2cn, condition: 'r9 % 100 == 7' })],
    ['a watch', spec({ kind: 'watch', address: 0xc000000000024009n })],
    ['a vector', spec({ kind: 'vector', number: 0x700 })],
    ['a hypercall', spec({ kind: 'hypercall' })],
    ['a register', spec({ kind: 'register', register: 'r10' })],
  ])('%s: the stops of a run forwards, from the last to the first', (_, breakpoint) => {
    const m = open()
    m.session.stops.set([breakpoint])
    const forwards: [bigint, bigint][] = []
    const here = (): [bigint, bigint] => [m.session.hypervisor.boundaries, readRegister(m.session.vcpu().state, 'NIP')!]
    for (let n = 0; n < 6; n++) {
      m.session.begin({ kind: 'run' }, 'machine')
      for (;;) if (m.session.advance(1_000)) break
      forwards.push(here())
    }
    expect(forwards.length).toBe(6)
    // One long run, too, in which nothing stopped.
    m.session.stops.set([])
    m.run(500)
    m.session.stops.set([breakpoint])
    const backwards: [bigint, bigint][] = []
    for (;;) {
      const hit = m.find(new MetBreakpoint(m.session))
      if (!hit) break
      visit(m.session, hit.moment)
      backwards.unshift(here())
    }
    const known = backwards.filter(([b]) => b <= forwards.at(-1)![0])
    expect(known).toEqual(forwards)
    expect([...m.session.stops.hits.values()]).toEqual([])
  })
})

describe('branches', () => {
  test('gone on from the past, the other course is kept, and come back to', () => {
    const m = open()
    does(m, [{ run: 500 }, { kind: 'step' }, { run: 700 }, { kind: 'edit' }, { run: 300 }])
    const end = m.state()
    const was = [...m.session.events].map(e => JSON.stringify([e.what.kind, `${e.instructions}`]))
    seekTime(m.session, 800n)
    m.session.goOnFromHere()
    expect(m.session.isLive).toBe(true)
    expect(m.session.now).toBe(800n)
    does(m, [{ run: 10 }, { kind: 'edit' }, { run: 200 }])
    const other = m.state()
    const [branch, ...more] = m.session.branches.all
    expect(more).toEqual([])
    for (const _ of m.session.branches.goTo(branch!.id));
    expect(m.state()).toEqual(end)
    expect([...m.session.events].map(e => JSON.stringify([e.what.kind, `${e.instructions}`]))).toEqual(was)
    const back = m.session.branches.all
    expect(back.length).toBe(1)
    for (const _ of m.session.branches.goTo(back[0]!.id));
    expect(m.state()).toEqual(other)
  })

  test('what Back took can be taken up again; the same done again is no branch', () => {
    const m = open()
    does(m, [{ run: 500 }, { kind: 'step' }, { kind: 'step' }])
    const end = m.state()
    m.session.back('outside')
    m.session.back('outside')
    expect(m.session.branches.all.map(b => b.deeds.length)).toEqual([3])
    for (const _ of m.session.branches.goTo(m.session.branches.all[0]!.id));
    expect(m.state()).toEqual(end)
    expect(m.session.branches.all).toEqual([])
    m.session.back('outside')
    does(m, [{ kind: 'step' }])
    expect(m.session.branches.all).toEqual([])
    expect(deedsOf(m.session).length).toBe(3)
  })
})
