/** A session as a document: opened, it is what it was; what is none is refused, and nothing is changed. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Headless } from '../../cli/headless.ts'
import { type BreakpointSpec, softwareAt } from '../debug/breakpoint.ts'
import { SAVED_VERSION } from './saved.ts'

const program = (name: string) => readFileSync(new URL(`../../../public/programs/${name}`, import.meta.url), 'utf8')

async function workedOn(): Promise<Headless> {
  const machine = new Headless()
  await machine.send('loadSource', { name: 'race.s', source: program('race.s') })
  await machine.send('setPolicy', { policy: 'transparent' })
  await machine.send('setSchedulerLocking', { value: 'off' })
  await machine.send('setInstructionBreakpoints', { breakpoints: [{ address: 0xc000000000004d00n, enabled: true }] })
  await machine.send('setSchedule', { script: [{ vcpu: 1, boundaries: 9 }], quantum: 7 })
  for (let n = 0; n < 3; n++) await machine.send('stepOutside', {})
  await machine.send('runVcpu', { vcpu: 1, boundaries: 11 })
  await machine.send('continue', { actor: 'machine' })
  await machine.atRest()
  await machine.send('stepHypervisor', {})
  await machine.send('selectVcpu', { vcpu: 1 })
  return machine
}

const what = ({ view, events }: Headless) => ({
  events: [...events],
  state: view.state,
  controller: view.controller,
  schedule: view.schedule,
  recording: view.recording,
  breakpoints: view.breakpoints.map(b => ({ ...b, hits: 0 })),
  settings: [view.locking, view.interrupts, view.vcpus],
})

test('opened elsewhere it is what it was: events, state, step in flight, breakpoints, settings', async () => {
  const first = await workedOn()
  const { name, text } = await first.send('saveSession', {})
  expect(name).toBe('race.s')
  const second = new Headless()
  const opened = await second.send('openSession', { text })
  expect(opened.source).toEqual({ name: 'race.s', text: program('race.s') })
  expect(what(second)).toEqual(what(first))
  // And it goes on as the first does.
  for (const machine of [first, second]) {
    await machine.send('stepOutside', {})
    await machine.send('stepBack', { actor: 'hypervisor' })
  }
  expect(what(second)).toEqual(what(first))
})

test('the position is kept, an ELF too, and a policy of the user’s', async () => {
  const first = new Headless()
  const bytes = new Uint8Array(readFileSync(new URL('../../../test/programs/built/nothing.le.elf', import.meta.url)))
  await first.send('loadImage', { name: 'nothing.elf', bytes })
  await first.send('ownPolicy', {
    json: JSON.stringify({ name: 'Mine', basedOn: 'transparent', choices: { mfmsr: 'executed' } }),
    choose: true,
  })
  for (let n = 0; n < 4; n++) await first.send('stepOutside', {})
  await first.send('seek', { event: 5 })
  const { text } = await first.send('saveSession', {})
  const second = new Headless()
  const opened = await second.send('openSession', { text })
  expect(opened.image).toEqual({ name: 'nothing.elf', bytes })
  expect(opened.ownPolicy).toBe('own-mine')
  expect(second.view.recording).toEqual({
    events: first.events.length,
    shown: 5,
    live: false,
    within: 0,
    branches: 0,
    first: 1,
    kept: 1_000_000,
  })
  expect(what(second)).toEqual(what(first))
})

test('breakpoints of every kind are kept, and a run that a condition or a goal ended is done again', async () => {
  const at = 0xc000000000000000n
  const first = new Headless()
  await first.send('loadSource', { name: 'race.s', source: program('race.s') })
  const kinds: Partial<BreakpointSpec>[] = [
    { kind: 'CIABR', address: at + 0x4d00n, enabled: false },
    { kind: 'DAWR', address: at + 0x8000n, length: 16, access: 'access' },
    { kind: 'watch', address: at + 0x9000n, length: 8192, access: 'read', ignore: 3 },
    { kind: 'vector', number: 0xd00, privilege: 'problem' },
    { kind: 'vector', number: null, enabled: false },
    { kind: 'register', register: 'MSR.SE', vcpu: 1, enabled: false },
    { kind: 'hypercall', number: 4, log: 'r4 is {r4}' },
    { kind: 'entry', enabled: false },
    { kind: 'exit', condition: 'TB > 1000000' },
  ]
  const breakpoints = kinds.map(b => ({ ...softwareAt(0n), ...b }))
  const counted = { ...softwareAt(first.view.state.registers.NIP! + 16n), ignore: 5 }
  await first.send('setBreakpoints', { breakpoints: [...breakpoints, counted] })
  await first.send('continue', { actor: 'machine' })
  await first.atRest()
  await first.send('runTo', { to: 'over' })
  await first.send('runTo', { to: 'address', address: counted.address })
  expect(first.view.state.registers.NIP).toBe(counted.address)
  const { text } = await first.send('saveSession', {})
  const second = new Headless()
  await second.send('openSession', { text })
  expect(what(second)).toEqual(what(first))
  expect(second.view.breakpoints.flatMap(b => b.spec ?? [])).toEqual([...breakpoints, counted])
})

const layout = {
  name: 'race',
  lessonFolded: true,
  code: 'disassembly',
  dock: 'memory',
  sizes: { 'page:middle:registers': { middle: 62.5, registers: 37.5 } },
}

test('how the page’s panels stood is carried along', async () => {
  const { text } = await (await workedOn()).send('saveSession', { layout })
  expect((await new Headless().send('openSession', { text })).layout).toEqual(layout)
  const { text: without } = await (await workedOn()).send('saveSession', {})
  expect((await new Headless().send('openSession', { text: without })).layout).toBeNull()
})

test('the texts of source files that were given come with it', async () => {
  const fixture = (name: string) => readFileSync(new URL(`../../../test/fixtures/lines/${name}`, import.meta.url))
  const first = new Headless()
  await first.send('loadImage', { name: 'sum.elf', bytes: new Uint8Array(fixture('sum.le.elf')) })
  await first.send('attachSource', { name: 'sum.c', text: fixture('sum.c').toString() })
  const { text } = await first.send('saveSession', {})
  const second = new Headless()
  await second.send('openSession', { text })
  expect(second.view.program!.files).toEqual(first.view.program!.files)
  expect((await second.send('source', { file: 1 })).text).toBe(fixture('sum.c').toString())
  // One that is of another program is passed over.
  const other = JSON.stringify({ ...JSON.parse(text), sources: [{ name: 'other.c', text: 'x' }] })
  await second.send('openSession', { text: other })
  expect(second.view.program!.files.map(f => f.attached)).toEqual([false, false, false])
})

test('of a run that goes on, what it has done is in the document', async () => {
  const spin = new Headless()
  await spin.send('loadSource', { name: 'spin.s', source: '_start: addi r3,r3,1\n b _start\n' })
  await spin.send('setPolicy', { policy: 'transparent' })
  await spin.send('stepOutside', {})
  const ran = spin.send('continue', { actor: 'machine' })
  await new Promise(resolve => setTimeout(resolve, 100))
  const { text } = await spin.send('saveSession', {})
  expect(spin.view.run.state).toBe('running')
  await spin.send('pause', {})
  await ran
  const second = new Headless()
  await second.send('openSession', { text })
  const { instructions, run, state } = second.view
  expect(run.state).toBe('paused')
  expect(instructions).toBeGreaterThan(1000n)
  expect(instructions).toBeLessThanOrEqual(spin.view.instructions)
  expect(state.registers.r3).toBe((instructions + 1n) / 2n)
})

const refused = async (change: (d: Record<string, unknown>) => unknown, said: string) => {
  const machine = await workedOn()
  const { text } = await machine.send('saveSession', {})
  const before = what(machine)
  const changed = change(JSON.parse(text))
  await expect(machine.send('openSession', { text: typeof changed === 'string' ? changed : JSON.stringify(changed) })).rejects.toThrow(said)
  expect(what(machine)).toEqual(before)
}

describe('what is none is refused with the place, and what was loaded stays', () => {
  const without = (key: string) => (d: Record<string, unknown>) => Object.fromEntries(Object.entries(d).filter(([k]) => k !== key))
  test.each<[string, (d: Record<string, unknown>) => unknown, string]>([
    ['no JSON', () => 'x', 'This is no session of Twostep: '],
    ['no object', () => [], 'This is no session of Twostep: it is no object.'],
    ['no version', without('twostep'), 'it does not say which version'],
    ['a later version', d => ({ ...d, twostep: SAVED_VERSION + 1 }), 'It was made by a later Twostep'],
    ['no program', without('program'), 'program: expected an object.'],
    [
      'a program with errors',
      d => ({ ...d, program: { kind: 'source', name: 'x.s', text: 'fly' } }),
      'Its program x.s has errors, the first in line 1: ',
    ],
    ['a broken ELF', d => ({ ...d, program: { kind: 'elf', name: 'x', bytes: 'AAAA' } }), 'Nothing was loaded'],
    ['no policy', without('policy'), 'policy: expected a policy'],
    ['a vCPU too many', d => ({ ...d, vcpu: 2 }), 'vcpu: expected 0 to 1.'],
    ['a strange locking', d => ({ ...d, locking: 'maybe' }), 'locking: expected one of off, on, step, replay.'],
    ['no actions', without('actions'), 'actions: expected a list.'],
    ['a layout that is none', d => ({ ...d, layout: 'wide' }), 'layout: expected an object.'],
    [
      'a panel larger than the page',
      d => ({ ...d, layout: { ...layout, sizes: { a: { b: 101 } } } }),
      'layout.sizes.a.b: expected a number from 0 to 100.',
    ],
    ['a tab with a script for a name', d => ({ ...d, layout: { ...layout, dock: '<script>' } }), 'layout.dock: expected a name.'],
    ['source texts without names', d => ({ ...d, sources: [{ text: 'x' }] }), 'sources[0].name: expected a text.'],
    ['actions of another program', d => ({ ...d, program: { kind: 'source', name: 'x.s', text: '# twostep: vcpus=2\n b .' } }), 'Action '],
  ])('%s', async (_, change, said) => refused(change, said))
})

test('long work says how far it is; cancelled, nothing is changed', async () => {
  const spin = new Headless()
  await spin.send('loadSource', { name: 'spin.s', source: '_start: addi r3,r3,1\n b _start\n' })
  await spin.send('continue', { actor: 'machine' })
  await new Promise(resolve => setTimeout(resolve, 300))
  await spin.send('pause', {})
  const { text } = await spin.send('saveSession', {})
  const machine = await workedOn()
  const before = what(machine)
  const opening = machine.send('openSession', { text })
  await expect(machine.send('reset', {})).rejects.toThrow('Something else is going on. Wait for it or cancel it')
  await machine.send('cancel', {})
  await expect(opening).rejects.toThrow('Opening the session was cancelled. Nothing was changed.')
  expect(what(machine)).toEqual(before)
  const done = await new Headless().send('openSession', { text })
  expect(done.program.name).toBe('spin.s')
})

/** A document of each version that was ever written, and how many events it has. */
const fixtures = new URL('../../../test/fixtures/sessions/', import.meta.url)
test.each(readdirSync(fixtures))('%s is still opened', async file => {
  const machine = new Headless()
  const text = readFileSync(new URL(file, fixtures), 'utf8')
  const { breakpoints, branches = [], program } = JSON.parse(text)
  const opened = await machine.send('openSession', { text })
  expect(machine.events.length).toBe(Number(/-(\d+)-events/.exec(file)![1]))
  expect(opened.source?.text).toBe(program.text)
  expect(machine.view.breakpoints.filter(b => b.setBy === 'you').length).toBe(breakpoints.length)
  expect(machine.view.recording.branches).toBe(branches.length)
})

test('each older version has its document here', () => {
  const versions = readdirSync(fixtures).map(file => JSON.parse(readFileSync(new URL(file, fixtures), 'utf8')).twostep)
  expect([...new Set(versions)].sort()).toEqual(Array.from({ length: SAVED_VERSION - 1 }, (_, n) => n + 1))
})
