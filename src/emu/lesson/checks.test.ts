import { describe, expect, test } from 'vitest'
import { type Given, machine } from '../../../test/support/lesson-machine.ts'
import type { TimelineEvent } from '../worker/protocol.ts'
import { holds, judge } from './checks.ts'
import type { Condition } from './conditions.ts'
import type { Task } from './model.ts'

const when = (c: Condition, given: Given) => holds(c, machine(given))

describe('events seen', () => {
  const step = { ordinal: 1, label: 'outside step 1' }
  test.each<[Condition, Partial<TimelineEvent>[], boolean]>([
    [{ seen: { instruction: 'any', by: 'outside' } }, [{ by: 'outside' }], true],
    [{ seen: { instruction: 'any', by: 'outside' } }, [{ by: 'machine' }, { by: 'free' }], false],
    [{ seen: { instruction: 'any', by: 'outside' } }, [{ by: 'outside', kind: 'interrupt' }], false],
    [{ seen: { instruction: 'mfmsr' } }, [{ label: 'mfmsr r5' }], true],
    [{ seen: { instruction: 'mf' } }, [{ label: 'mfmsr r5' }], false],
    [{ seen: { instruction: 'mfmsr', by: 'outside' } }, [{ label: 'mfmsr r5' }, { by: 'outside' }], false],
    [{ seen: { instruction: 'mfmsr', step: true } }, [{ label: 'mfmsr r5', by: 'hypervisor', step }], true],
    [{ seen: { instruction: 'mfmsr', step: false } }, [{ label: 'mfmsr r5', step }], false],
    [{ seen: { interrupt: 'trace' } }, [{ kind: 'interrupt', label: 'trace' }], true],
    [{ seen: { interrupt: 'DSI' } }, [{ kind: 'interrupt', label: 'trace' }], false],
    [{ seen: { interrupt: 'any', vcpu: 1 } }, [{ kind: 'interrupt', label: 'trace' }], false],
    [{ seen: { phase: 'set SE' } }, [{ kind: 'phase', label: 'set SE' }], true],
    [{ seen: { phase: 'set SE' } }, [{ kind: 'instruction', label: 'set SE' }], false],
    [{ seen: { wrong: true } }, [{ wrong: false }], false],
    [{ seen: { mode: 'user' } }, [{}], false],
    [{ seen: { at: 'probe' } }, [{ address: 0x10n }], true],
    [{ seen: { at: 'probe' } }, [{ address: 0x14n }, {}], false],
    [{ seen: { at: 'probe' } }, [{ address: 0xc000000000000010n }], true],
    [{ seen: { at: 'none' } }, [{ address: 0x10n }], false],
    [{ seen: { instruction: 'nop', times: 2 } }, [{}], false],
    [{ seen: { instruction: 'nop', times: 2 } }, [{}, { by: 'outside' }], true],
    [{ order: [{ instruction: 'nop' }, { interrupt: 'any' }] }, [{}, {}, { kind: 'interrupt' }], true],
    [{ order: [{ instruction: 'nop' }, { interrupt: 'any' }] }, [{ kind: 'interrupt' }, {}], false],
  ])('%o in %o: %s', (condition, events, expected) => {
    expect(when(condition, { events })).toBe(expected)
  })
})

test('what lies beyond the view', () => {
  const given: Given = {
    others: [[1, { r3: 7n }]],
    memory: [['probe', [0x34, 0x12, 0, 0, 9, 0, 0, 0]]],
    passing: [1, 3],
    registers: { r3: 1n, r4: 1n },
  }
  const each: [Condition, boolean][] = [
    [{ register: 'r3', vcpu: 1, equals: 7n }, true],
    [{ register: 'r3', vcpu: 0, equals: 7n }, false],
    [{ register: 'r3', vcpu: 2, equals: 7n }, false],
    [{ register: 'r3', same: 'r4' }, true],
    [{ register: 'r3', same: 'r5' }, false],
    [{ memory: 'probe', size: 2, equals: 0x1234n }, true],
    [{ memory: 'probe', equals: 0x900001234n }, true],
    [{ memory: 'probe', size: 1, equals: 0x12n }, false],
    [{ memory: 'nothing', equals: 0n }, false],
    [{ passes: [3, 1] }, true],
    [{ passes: [3, 2] }, false],
    [{ printed: 'ell' }, true],
    [{ printed: 'bye' }, false],
  ]
  expect(each.map(([c]) => when(c, given))).toEqual(each.map(([, expected]) => expected))
  expect(when({ passes: [1] }, {})).toBe(false)
})

test('what the machine is set to, and where it is', () => {
  const registers = { NIP: 0x10n }
  const each: [Condition, boolean][] = [
    [{ stands: 'probe' }, true],
    [{ stands: 'elsewhere' }, false],
    [{ tracePending: true }, true],
    [{ tracePending: false }, false],
    [{ stopped: 'step' }, true],
    [{ stopped: 'powerOff' }, false],
    [{ locking: 'step' }, false],
    [{ interrupts: 'hold' }, true],
    [{ any: [{ stopped: 'powerOff' }, { stands: 'probe' }] }, true],
    [{ any: [{ stopped: 'powerOff' }] }, false],
    [{ all: [{ stopped: 'powerOff' }, { stands: 'probe' }] }, false],
    [{ not: { stopped: 'powerOff' } }, true],
    [{ not: { stands: 'probe' } }, false],
  ]
  expect(each.map(([c]) => when(c, { registers, pending: true }))).toEqual(each.map(([, expected]) => expected))
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
  expect(when({ leaks: 0 }, { leaks: [1, 3] })).toBe(false)
  expect(when({ leaks: 0 }, {})).toBe(true)
  expect(when({ leak: 3 }, { leaks: [1, 3] })).toBe(true)
  expect(when({ leak: 2 }, { leaks: [1, 3] })).toBe(false)
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
    when: [{ seen: { instruction: 'any', by: 'outside' } }],
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
