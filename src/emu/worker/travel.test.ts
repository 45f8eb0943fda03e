/** Time travel as the page asks for it: what it says, what it refuses, and that a session keeps its branches. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { Headless } from '../../cli/headless.ts'
import { softwareAt } from '../debug/breakpoint.ts'

const SOURCE = `# twostep: map=radix ail=3 ir=1 dr=1 ram=16M
_start: li      r7, 1
        addi    r7, r7, 1
        lis     r6, 2
        stb     r7, 3(r6)
        li      r3, 0x54
        li      r4, 0
        sc      1
        trap
wait:   b       wait
        .section .vectors, "ax"
        .org    0xc000000000004700
        mfsrr0  r11
        addi    r11, r11, 4
        mtsrr0  r11
        rfid
`

async function ran(boundaries = 20_000): Promise<Headless> {
  const machine = new Headless()
  await machine.send('loadSource', { name: 'guest.s', source: SOURCE })
  await machine.send('runVcpu', { vcpu: 0, boundaries })
  return machine
}

const said = (m: Headless) => m.view.status.text

test('what last wrote: each writer is named, and the place is shown', async () => {
  const m = await ran()
  expect(await m.send('lastWrite', { vcpu: 0, register: 'r7' })).toEqual({ found: true })
  expect(said(m)).toBe(
    'r7, which is 0x2 there, was last written by "addi r7,r7,1" at 0xc000000000010004 on vCPU 0, which is next. Before it, it is 0x1.',
  )
  expect(m.view.recording).toMatchObject({ live: false, within: 1 })
  await m.send('lastWrite', { vcpu: 0, register: 'r7' })
  expect(said(m)).toMatch(/"li r7,1" at 0xc000000000010000/)
  expect(await m.send('lastWrite', { vcpu: 0, register: 'r7' })).toEqual({ found: false })
  expect(said(m)).toBe('r7 was not written since the recording began: it is 0x0.')
  await m.send('seek', { event: 'live' })
  await m.send('lastWrite', { vcpu: 0, register: 'r3' })
  expect(said(m)).toMatch(/by the hypervisor: H_GET_TERM_CHAR.*It is next/)
  await m.send('seek', { event: 'live' })
  await m.send('lastWrite', { vcpu: 0, register: 'SRR1' })
  expect(said(m)).toMatch(/by an interrupt: .*Program.*It is next/)
  await m.send('seek', { event: 'live' })
  // The bytes of the kernel's linear map.
  await m.send('lastWrite', { address: 0xc000000000020003n })
  expect(said(m)).toMatch(/^The byte at 0xc000000000020003, which is 0x2 there, was last written by "stb r7,3\(r6\)"/)
})

test('an edit of the user’s is one too', async () => {
  const m = await ran()
  await m.send('writeRegister', { vcpu: 0, register: 'r7', value: 77n })
  await m.send('runVcpu', { vcpu: 0, boundaries: 3 })
  await m.send('lastWrite', { vcpu: 0, register: 'r7' })
  expect(said(m)).toMatch(/^r7, which is 0x4d there, was last written by you: r7 set to 0x4d/)
})

test('refusals name what is wrong, and nothing moves', async () => {
  const m = await ran()
  await expect(m.send('lastWrite', { vcpu: 0, register: 'NIP' })).rejects.toThrow('written at every boundary')
  await expect(m.send('lastWrite', { vcpu: 0, register: 'r77' })).rejects.toThrow('no register r77')
  await expect(m.send('lastWrite', { vcpu: 5, register: 'r7' })).rejects.toThrow('vCPU 5 has no register')
  await expect(m.send('lastWrite', { address: 0x7fff_0000_0000n })).rejects.toThrow('Nothing was searched')
  await expect(m.send('changes', { from: 3, to: 99_999 })).rejects.toThrow('no stretch')
  expect(m.view.recording.live).toBe(true)
})

test('what a stretch changed: registers and memory, with what they were', async () => {
  const m = await ran(4)
  const { registers, memory, more } = await m.send('changes', { from: 0, to: m.events.length })
  expect(registers).toContainEqual({ vcpu: 0, register: 'r7', before: 0n, after: 2n })
  expect(registers.map(r => r.register)).not.toContain('TB')
  expect(memory).toEqual([{ real: 0x20003, before: new Uint8Array([0]), after: new Uint8Array([2]) }])
  expect(more).toBe(0)
  expect(m.view.recording.live).toBe(true)
})

test('back to a breakpoint that is set afterwards, and to the beginning without one', async () => {
  const m = await ran()
  const address = 0xc000000000010008n
  await m.send('setBreakpoints', { breakpoints: [softwareAt(address)] })
  expect(await m.send('reverseContinue', {})).toMatchObject({ reason: 'breakpoint' })
  expect(m.view.state.registers.NIP).toBe(address)
  expect(await m.send('reverseContinue', {})).toMatchObject({ reason: 'entry' })
  expect(said(m)).toMatch(/where the recording begins/)
  expect(m.view.recording.shown).toBe(0)
})

test('gone on from the past: the other course is a branch, which a saved session has too', async () => {
  const m = await ran()
  const end = m.view.state.registers
  await m.send('seekTime', { instructions: 3n })
  expect(said(m)).toMatch(/^Event 1: VM entry of vCPU 0.*, and 3 boundaries on/)
  await m.send('goOnFromHere', {})
  expect(said(m)).toMatch(/kept as a branch/)
  await m.send('writeRegister', { vcpu: 0, register: 'r6', value: 0x30000n })
  await m.send('runVcpu', { vcpu: 0, boundaries: 5 })
  const branches = await m.send('branches', {})
  expect(branches).toMatchObject([{ actions: 1, boundaries: 20_000, forksAt: 0 }])
  const { text } = await m.send('saveSession', {})
  const other = new Headless()
  await other.send('openSession', { text })
  expect(await other.send('branches', {})).toMatchObject([{ actions: 1, boundaries: 20_000 }])
  for (const machine of [m, other]) {
    const [branch] = await machine.send('branches', {})
    await machine.send('goToBranch', { branch: branch!.id })
    expect(machine.view.state.registers).toEqual(end)
    // And the course that was left is kept in turn.
    expect(await machine.send('branches', {})).toMatchObject([{ actions: 3 }])
  }
  await expect(m.send('goToBranch', { branch: 99 })).rejects.toThrow('no branch 99')
})

test('a long search says how far it is, and is cancelled where it stood', async () => {
  const m = await ran()
  await m.send('continue', { actor: 'machine' })
  await new Promise(done => setTimeout(done, 400))
  await m.send('pause', {})
  const before = m.view.state
  const searching = m.send('lastWrite', { vcpu: 0, register: 'SPRG3' })
  // A look that comes in the middle waits, and sees the machine where it stands.
  const looking = m.send('vcpuRegisters', { vcpu: 0 })
  await m.send('cancel', {})
  await expect(searching).rejects.toThrow('was cancelled')
  expect((await looking).registers).toEqual(before.registers)
  expect(m.view.recording.live).toBe(true)
})

const steps = async (m: Headless, n: number): Promise<void> => {
  for (let k = 0; k < n; k++) await m.send('stepMachine', {})
}
const sentences = (m: Headless) => [...m.events].map(e => e.sentence)

test('an edit of the past begins a branch, and what is listed is what happened on it; the other course can be gone over to', async () => {
  const m = new Headless()
  await m.send('loadSource', { name: 'guest.s', source: SOURCE })
  await steps(m, 4)
  const first = sentences(m)
  await m.send('seek', { event: 2 })
  await m.send('writeRegister', { vcpu: 0, register: 'r7', value: 9n })
  expect(said(m)).toBe('r7 set to 0x9. Live from event 2 on: what came after it is kept as a branch.')
  expect(m.view.recording).toMatchObject({ live: true, branches: 1, events: 3 })
  expect(sentences(m)).toEqual([...first.slice(0, 2), 'r7 set to 0x9, edited by you.'])
  await steps(m, 3)
  const second = sentences(m)
  const [branch] = await m.send('branches', {})
  await m.send('goToBranch', { branch: branch!.id })
  expect(sentences(m)).toEqual(first)
  const [other] = await m.send('branches', {})
  await m.send('goToBranch', { branch: other!.id })
  expect(sentences(m)).toEqual(second)
  // Memory too; and what cannot be begins no branch.
  await m.send('seek', { event: 1 })
  await expect(m.send('writeRegister', { vcpu: 0, register: 'none', value: 9n })).rejects.toThrow(/no register none/)
  expect(m.view.recording.live).toBe(false)
  await m.send('writeMemory', { address: 0xc000000000020000n, bytes: Uint8Array.of(1) })
  expect(said(m)).toMatch(/^Memory at 0xc000000000020000 changed\. Live from event 1 on/)
})

test('what State compares with is said and shown', async () => {
  const m = new Headless()
  await m.send('loadSource', { name: 'guest.s', source: SOURCE })
  await steps(m, 4)
  await m.send('compareWith', { since: 1 })
  expect(said(m)).toBe('State compares with event 1.')
  expect(m.view.state.baseline).toMatchObject({ event: 1, kind: 'event' })
  expect(m.view.state.baseline.registers.r7).toBe(1n)
  await expect(m.send('compareWith', { since: 'step' })).rejects.toThrow(/No outside step/)
  await m.send('stepOutside', {})
  await m.send('compareWith', { since: 'step' })
  expect(said(m)).toBe('State compares with the start of the outside step, event 4.')
  expect(m.view.state.baseline).toMatchObject({ event: 4, kind: 'step' })
})

test('what a stretch changed is read piece by piece, and given up for whatever comes next', async () => {
  const m = await ran(4)
  const { recording } = m.view
  // Every look at the clock finds that a frame is over.
  let now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 20))
  onTestFinished(() => void vi.restoreAllMocks())
  const reading = m.send('changes', { from: 0, to: m.events.length })
  const meanwhile = m.send('readMemory', { address: 0x20003n, count: 1, space: 'guest real' })
  const step = m.send('stepMachine', {})
  await expect(reading).rejects.toThrow('Reading what changed was cancelled. Nothing was changed.')
  await step
  expect((await meanwhile).bytes).toEqual(new Uint8Array([2]))
  expect(m.view.recording.events).toBeGreaterThan(recording.events)
})
