/** Lesson 1 taken from beginning to end on the real emulator: each task passes when, and only when, its deed is done. */
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { judge, type Verdict } from '../../emu/lesson/checks.ts'
import { parseLesson } from '../../emu/lesson/parse.ts'
import { Emulator } from '../../emu/worker/emulator.ts'
import type { Command, Commands, FromWorker, MachineView } from '../../emu/worker/protocol.ts'
import { TimelineEvents } from '../../emu/worker/timeline-events.ts'

const file = (path: string) => readFileSync(new URL(`../../../public/${path}`, import.meta.url), 'utf8')
const lesson = parseLesson(file('lessons/1-are-you-being-stepped.md'))
const source = file(`programs/${lesson.program!}`)

/** As the disassembler spells mfspr of SRR1. */
const SRR1_READ = 'mfsrr1'

const nothingElse = { printed: '', memory: new Map(), registers: new Map(), passing: null }

let view: MachineView
let program: MachineView['program'] = null
let events: TimelineEvents
let emulator: Emulator
let refused: string | null

function receive(m: FromWorker): void {
  if (m.type === 'view') {
    program = m.program === undefined ? program : m.program
    view = { ...m.view, program }
    events = events.with(m.events)
  }
  if (m.type === 'response' && !m.success) refused = m.message
}

async function send<C extends Command>(command: C, args: Commands[C]['arguments']): Promise<void> {
  refused = null
  await emulator.handle({ type: 'request', seq: 1, command, arguments: args } as Parameters<Emulator['handle']>[0])
  expect(refused).toBeNull()
}
const stepOutside = () => send('stepOutside', {})

/** Until the instruction of that mnemonic has been stepped over. */
async function stepOver(mnemonic: string): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const next = view.state.next.split(' ')[0]
    await stepOutside()
    if (next === mnemonic) return
  }
  throw new Error(`${mnemonic} was not reached`)
}

const verdict = (task: number, answer: number | null = null): Verdict =>
  judge(lesson.tasks[task]!, { ...nothingElse, view, events }, answer)
const verdicts = (task: number): Verdict[] => lesson.tasks[task]!.choices!.map((_, n) => verdict(task, n))

beforeEach(async () => {
  events = TimelineEvents.none
  emulator = new Emulator(receive, { now: () => performance.now(), later: (_d, then) => void setTimeout(then, 0) })
  await send('loadSource', { name: 'guest.s', source })
  await send('setPolicy', { policy: lesson.policy })
})

test('at the start no task is done, whatever is answered', () => {
  expect(lesson.tasks.map((_, n) => verdict(n, 0))).toEqual(lesson.tasks.map(() => 'not yet'))
})

test('task 1: one outside step; neither a machine step nor a free phase of the controller', async () => {
  await send('stepMachine', {})
  expect(verdict(0)).toBe('not yet')
  await stepOutside()
  expect(verdict(0)).toBe('passed')
})

test('task 1: the step walked phase by phase counts when the instruction has run', async () => {
  await send('stepHypervisor', {})
  expect(verdict(0)).toBe('not yet')
  for (let n = 0; n < 7; n++) await send('stepHypervisor', {})
  expect(verdict(0)).toBe('passed')
})

test('task 2: SE is hidden, and only after the step over mfmsr', async () => {
  await stepOutside()
  expect(verdicts(1)).toEqual(['not yet', 'not yet', 'not yet'])
  await stepOver('mfmsr')
  expect(view.state.registers.r5).toBe(0x8000000002803033n)
  expect(verdicts(1)).toEqual(['wrong', 'passed', 'wrong'])
})

describe('after the read of SRR1', () => {
  const read = () => stepOver(SRR1_READ)

  test('task 3: RFC v2 leaves bits 33 and 53', async () => {
    await stepOver('mfmsr')
    expect(verdicts(2)).toEqual(['not yet', 'not yet', 'not yet'])
    await read()
    expect(verdicts(2)).toEqual(['passed', 'wrong', 'wrong'])
    expect(view.controller.leaks.length).toBeGreaterThan(0)
  })

  test('task 4: Transparent leaves nothing, and RFC v2 does not pass it', async () => {
    await read()
    expect(verdict(3)).toBe('not yet')
    await send('setPolicy', { policy: 'transparent' })
    expect(verdict(3)).toBe('not yet')
    // What was seen was seen under the other policy.
    expect(view.controller.leaks.map(l => l.policy)).not.toContain('transparent')
    await send('reset', {})
    expect(verdict(3)).toBe('not yet')
    await stepOver('mfmsr')
    expect(verdict(3)).toBe('not yet')
    await read()
    expect(view.controller.leaks).toEqual([])
    expect(verdict(3)).toBe('passed')
  })
})

test('the program is as the lesson describes it', () => {
  expect(view.program!.instructions).toBe(10)
  expect(view.state.registers.MSR).toBe(0x8000000002803033n)
  expect(view.program!.entry).toBe(0xc000000000010000n)
})
