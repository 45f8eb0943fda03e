/** The scenarios that ship, played to their end: what became of the race under each policy, and what a wrong script says. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Headless } from '../src/cli/headless.ts'
import { main } from '../src/cli/main.ts'
import { stageOf } from '../src/cli/play.ts'
import { play } from '../src/emu/script/play.ts'
import { parseScript } from '../src/emu/script/script.ts'
import { TestIo } from './test-io.ts'

const folder = new URL('../public/scenarios/', import.meta.url)
const names = readdirSync(folder).filter(f => f.endsWith('.txt'))

async function played(name: string) {
  const path = new URL(name, folder).pathname
  const machine = new Headless()
  const said: string[] = []
  await play(parseScript(readFileSync(path, 'utf8')), stageOf(machine, path, new TestIo()), () => said.push(machine.view.status.text))
  const traces: bigint[] = []
  for (const vcpu of [0, 1]) {
    await machine.send('selectVcpu', { vcpu })
    traces.push(machine.view.state.registers.SPRG1!)
  }
  return { machine, said, traces }
}

/** Trace interrupts that the handlers of vCPU 0 and 1 got; what the machine said to the last commands; whether something went wrong. */
const expected: Readonly<Record<string, { traces: [bigint, bigint]; says: RegExp; wrong: boolean }>> = {
  'race-rfc-v2.txt': { traces: [1n, 0n], says: /vCPU 1 met the word of the step of vCPU 0 .* taken for its end/, wrong: true },
  'race-locking-step.txt': { traces: [0n, 3n], says: /^Outside stepped addi r3,r3,1; .*vCPU 1 ran 40 boundaries/ms, wrong: false },
  'race-rfc-v6-first.txt': { traces: [0n, 0n], says: /vCPU 1 met the word .* although nobody steps it/, wrong: true },
  'race-rfc-v6-later.txt': { traces: [0n, 1n], says: /Outside stepped addi r3,r3,1; .*vCPU 1 ran 6 boundaries/s, wrong: false },
  'race-transparent.txt': { traces: [0n, 3n], says: /Outside stepped addi r3,r3,1; the guest stands/, wrong: false },
}

test('each scenario has its expectation', () => {
  expect(names).toEqual(Object.keys(expected).sort())
})

describe.each(names)('%s', name => {
  test('ends as the design says, and so does a second time', async () => {
    const first = await played(name)
    const { traces, says, wrong } = expected[name]!
    expect(first.traces).toEqual(traces)
    expect(first.said.slice(-3).join('\n')).toMatch(says)
    expect([...first.machine.events].some(e => e.wrong)).toBe(wrong)
    const second = await played(name)
    expect([...second.machine.events]).toEqual([...first.machine.events])
  })

  test('every past event comes again as it was recorded', async () => {
    const { machine } = await played(name)
    const events = [...machine.events]
    for (let event = events.length; event >= 0; event--) await machine.send('seek', { event })
    await machine.send('seek', { event: 'live' })
    expect([...machine.events]).toEqual(events)
  })
})

test('under RFC v2 the lanes tell the race in its order', async () => {
  const { machine } = await played('race-rfc-v2.txt')
  const lanes = [...machine.events].map(e => `${e.lane.kind === 'hypervisor' ? 'hypervisor' : `${e.lane.vcpu} ${e.lane.mode}`}: ${e.label}`)
  const armed = lanes.indexOf('hypervisor: arm', lanes.lastIndexOf('0 kernel: bne 0xc000000000010014'))
  expect(lanes.slice(armed, armed + 4)).toEqual(['hypervisor: arm', 'hypervisor: set SE', 'hypervisor: enter', 'hypervisor: enter'])
  // Wrong from where vCPU 1 meets the word.
  const met = [...machine.events].findIndex(e => e.wrong)
  expect(lanes.slice(met - 3, met + 3)).toEqual([
    '1 kernel: rfid',
    '1 user: addi r3,r3,1',
    '1 kernel: trace',
    '1 kernel: assist',
    'hypervisor: exit',
    'hypervisor: restore',
  ])
  expect(machine.events.at(met - 2)!.by).toBe('inside')
})

describe('a script that cannot be played', () => {
  const twostep = async (text: string) => {
    const race = readFileSync(new URL('../public/programs/race.s', import.meta.url), 'utf8')
    const io = new TestIo({ 'x.txt': text, 'race.s': race })
    const status = await main(['play', 'x.txt'], io)
    return { status, errors: io.errors.join('\n'), out: io.text }
  }

  test.each([
    ['program race.s\nvcpu 5', 'x.txt, line 2: vcpu 5: There is no vCPU 5: the machine has vCPUs 0 to 1. Nothing was changed.'],
    ['program race.s\nschedule 3:1', 'x.txt, line 2: schedule 3:1: There is no vCPU 3: the machine has vCPUs 0 to 1. The schedule stays.'],
    ['program race.s\nrun 2 4', 'x.txt, line 2: run 2 4: There is no vCPU 2: the machine has vCPUs 0 to 1. Nothing was changed.'],
    ['program none.s', 'x.txt, line 1: program none.s: none.s is neither beside the script nor in ../programs.'],
    ['step outside', 'x.txt, line 1: step outside: Nothing is loaded yet. Load a program first.'],
    ['program race.s\nfly', 'x.txt, line 2: no command "fly".'],
    ['program race.s\npolicy none', 'x.txt, line 2: policy none: '],
    ['program race.s\nstep hypervisor\nlocking on', 'line 3: locking on: An outside step is in flight: scheduler-locking stays.'],
    ['program race.s\nstep hypervisor\ninterrupts deliver', 'line 3: interrupts deliver: An outside step is in flight: the setting stays.'],
    ['program race.s\nstep hypervisor\npolicy tcg', 'line 3: policy tcg: An outside step is in flight: the policy stays.'],
  ])('%j', async (text, said) => {
    const { status, errors } = await twostep(text)
    expect([status, errors]).toEqual([1, expect.stringContaining(said)])
  })
})

describe('a line without an end is paused after so many instructions', () => {
  const spin =
    '# twostep: map=radix ail=3 ir=1 dr=1 ram=16M\n_start: mfmsr r3\n mtsrr1 r3\n bl 1f\n1: mflr r4\n addi r4,r4,loop-1b\n mtsrr0 r4\n rfid\nloop: b loop\n'
  test.each([
    ['continue machine', 2],
    // RFC v2 arms SE in the MSR, which rfid replaces.
    ['policy rfc-v2\nstep outside 7', 3],
  ])('%j', async (lines, line) => {
    const io = new TestIo({ 'x.txt': `program spin.s\n${lines}\nstep machine`, 'spin.s': spin })
    expect(await main(['play', 'x.txt', '--max-instructions', '10000'], io)).toBe(1)
    const { length } = lines.split('\n')
    expect(io.errors.join('\n')).toBe(
      `twostep: x.txt, line ${line}: ${lines.split('\n')[length - 1]}: the guest still ran after 10000 instructions, and was paused.`,
    )
  })
})

test('twostep play prints each command with what the machine said, or all of it as JSON', async () => {
  const path = new URL('race-rfc-v6-first.txt', folder).pathname
  const io = new TestIo()
  expect(await main(['play', path], io)).toBe(0)
  expect(io.text).toContain('policy rfc-v6\n    Policy: RFC v6.')
  expect(io.text).toMatch(/vCPU 1: ready, at trace_vector\n$/)
  const json = new TestIo()
  expect(await main(['play', path, '--json'], json)).toBe(0)
  expect(JSON.parse(json.text).vcpus.map((v: { state: string }) => v.state)).toEqual(['stepped', 'ready'])
})
