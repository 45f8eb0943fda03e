import { describe, expect, test } from 'vitest'
import type { MachineView, TimelineEvent } from '../../emu/worker/protocol.ts'
import { holds, judge, type Machine } from './checks.ts'
import type { Condition, Task } from './model.ts'

interface Given {
  registers?: Record<string, bigint>
  policy?: 'rfc-v2' | 'transparent'
  leaks?: number
  events?: Partial<TimelineEvent>[]
}

/** The parts of a view that conditions read. */
const machine = ({ registers = {}, policy = 'rfc-v2', leaks = 0, events = [] }: Given): Machine => ({
  view: { state: { registers }, controller: { policy, leaks: Array(leaks).fill({}) } } as unknown as MachineView,
  events: events.map(e => ({ kind: 'instruction', by: 'free', label: 'nop', step: null, ...e }) as TimelineEvent),
})
const when = (c: Condition, given: Given) => holds(c, machine(given))

describe('stepped', () => {
  test('by outside', () => {
    expect(when({ stepped: 'outside' }, { events: [{ by: 'outside' }] })).toBe(true)
    expect(when({ stepped: 'outside' }, { events: [{ by: 'machine' }, { by: 'free' }] })).toBe(false)
  })
  test('a phase or an interrupt is no instruction', () => {
    expect(
      when(
        { stepped: 'outside' },
        {
          events: [
            { by: 'outside', kind: 'interrupt' },
            { by: 'outside', kind: 'phase' },
          ],
        },
      ),
    ).toBe(false)
  })
  test('the mnemonic is the whole word', () => {
    expect(when({ stepped: 'outside', mnemonic: 'mfmsr' }, { events: [{ by: 'outside', label: 'mfmsr r5' }] })).toBe(true)
    expect(when({ stepped: 'outside', mnemonic: 'mf' }, { events: [{ by: 'outside', label: 'mfmsr r5' }] })).toBe(false)
    expect(when({ stepped: 'outside', mnemonic: 'mfmsr' }, { events: [{ by: 'free', label: 'mfmsr r5' }, { by: 'outside' }] })).toBe(false)
  })
})

describe('registers', () => {
  // SRR1 after a trace that outside asked for: bits 33 and 53.
  const registers = { SRR1: 0x8000000042803433n }
  test.each<[Condition, boolean]>([
    [{ register: 'SRR1', equals: 0x8000000042803433n }, true],
    [{ register: 'SRR1', equals: 0x8000000002803033n }, false],
    [{ register: 'SRR1', set: [0, 33, 53, 63] }, true],
    [{ register: 'SRR1', set: [33, 34] }, false],
    [{ register: 'SRR1', set: [33], clear: [34, 35, 36] }, true],
    [{ register: 'SRR1', clear: [33] }, false],
    [{ register: 'no such', clear: [0] }, false],
  ])('%o', (condition, expected) => {
    expect(when(condition, { registers })).toBe(expected)
  })
})

test('policy and leaks', () => {
  expect(when({ policy: 'transparent' }, {})).toBe(false)
  expect(when({ policy: 'transparent' }, { policy: 'transparent' })).toBe(true)
  expect(when({ leaks: 0 }, { leaks: 2 })).toBe(false)
  expect(when({ leaks: 0 }, {})).toBe(true)
})

test('all parts of a condition must hold', () => {
  const condition: Condition = { policy: 'rfc-v2', register: 'r5', equals: 1n }
  expect(when(condition, { registers: { r5: 1n } })).toBe(true)
  expect(when(condition, { registers: { r5: 1n }, policy: 'transparent' })).toBe(false)
  expect(when(condition, { registers: { r5: 2n } })).toBe(false)
})

describe('a question', () => {
  const task: Task = {
    title: 't',
    ask: 'a',
    when: [{ stepped: 'outside' }],
    look: { at: 'state', text: 'r5' },
    choices: [
      { text: 'one', holds: { register: 'r5', equals: 1n } },
      { text: 'two', holds: { register: 'r5', equals: 2n } },
    ],
  }
  const stepped = machine({ registers: { r5: 2n }, events: [{ by: 'outside' }] })
  test('is answered by the machine, not by a key', () => {
    expect([0, 1].map(n => judge(task, stepped, n))).toEqual(['wrong', 'passed'])
    expect(judge(task, machine({ registers: { r5: 1n }, events: [{ by: 'outside' }] }), 0)).toBe('passed')
  })
  test('waits for the deed and for an answer', () => {
    expect(judge(task, machine({ registers: { r5: 2n } }), 1)).toBe('not yet')
    expect(judge(task, stepped, null)).toBe('not yet')
  })
})
