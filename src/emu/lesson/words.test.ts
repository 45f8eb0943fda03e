import { expect, test } from 'vitest'
import { machine } from '../../../test/support/lesson-machine.ts'
import { type Condition, conditionFields, interruptLabels, patternFields } from './conditions.ts'
import type { Task } from './model.ts'
import { missing, whyNot, wordsOf } from './words.ts'

const rows: readonly (readonly [Condition, string])[] = [
  [{ register: 'r5', equals: 1n }, 'r5 is 0x1'],
  [{ register: 'SRR1', vcpu: 1, set: [33, 53], clear: [62] }, 'bits 33 and 53 of SRR1 of vCPU 1 are 1, bit 62 of SRR1 of vCPU 1 is 0'],
  [{ register: 'SRR0', same: 'r8' }, 'SRR0 is what r8 is'],
  [{ memory: 'counter', equals: 1n }, '`counter` holds 0x1'],
  [{ policy: 'transparent' }, 'the policy is Transparent'],
  [{ policy: 'own' }, 'a policy of your own is chosen'],
  [{ policy: 'own-mine' }, 'the policy is own-mine'],
  [{ not: { policy: 'transparent' } }, 'the policy is another than Transparent'],
  [{ locking: 'step' }, 'scheduler-locking is step'],
  [{ interrupts: 'deliver' }, 'interrupts while stepping: deliver'],
  [{ leaks: 0 }, 'no leak was seen since Reset'],
  [{ leaks: 2 }, '2 leaks were seen'],
  [{ leak: 4 }, 'a leak through channel 4 was seen'],
  [{ not: { leak: 4 } }, 'no leak through channel 4 was seen'],
  [{ passes: [3, 4, 15] }, 'channels 4 and 15 pass under the present policy, with interrupts delivered'],
  [{ passes: [4] }, 'channel 4 passes under the present policy, with interrupts delivered'],
  [{ seen: { instruction: 'any', by: 'outside', times: 3 } }, 'an instruction by a step from outside 3 times'],
  [{ seen: { instruction: 'addi', at: 'count', mode: 'user', vcpu: 1 } }, '`addi` at `count` on vCPU 1 in problem state'],
  [{ seen: { interrupt: 'trace' } }, 'the interrupt `trace`'],
  [{ seen: { interrupt: 'any', step: false } }, 'an interrupt in no outside step'],
  [{ seen: { phase: 'enter' } }, 'the phase `enter`'],
  [{ seen: { kind: 'edit', by: 'you' } }, 'an edit by you'],
  [{ not: { seen: { wrong: true } } }, 'none of this since Reset: an event where something went wrong'],
  [{ order: [{ phase: 'enter' }, { interrupt: 'trace' }] }, 'the phase `enter`, then the interrupt `trace`'],
  [{ printed: 'hi' }, 'the guest wrote “hi”'],
  [{ stands: 'go' }, 'the guest stands at `go`'],
  [{ not: { stands: 'go' } }, 'the guest has left `go`'],
  [{ tracePending: false }, 'the guest’s own Trace interrupt is not due'],
  [{ stopped: 'attn' }, 'the machine stopped at `attn`'],
  [{ any: [{ stands: 'a' }, { stands: 'b' }] }, 'the guest stands at `a` or the guest stands at `b`'],
  [{ all: [{ stands: 'a' }, { leaks: 0 }] }, 'the guest stands at `a` and no leak was seen since Reset'],
  [{ not: { register: 'r5', equals: 1n } }, 'not so: r5 is 0x1'],
  [{ policy: 'transparent', stands: 'go' }, 'the policy is Transparent and the guest stands at `go`'],
]

test.each(rows.map(([c, words]) => [words, c] as const))('%s', (words, c) => {
  expect(wordsOf(c, machine({ passing: [3] }))).toBe(words)
})

test('every part of a condition and of an event has its words', () => {
  const asked = (c: Condition): string[] => [
    ...Object.keys(c),
    ...[...(c.any ?? []), ...(c.all ?? []), ...(c.not ? [c.not] : [])].flatMap(asked),
  ]
  const keys = new Set(rows.flatMap(([c]) => asked(c)))
  const patterns = new Set(rows.flatMap(([c]) => [c.seen ?? {}, c.not?.seen ?? {}, ...(c.order ?? [])]).flatMap(p => Object.keys(p)))
  expect(Object.keys(conditionFields).filter(k => k !== 'size' && !keys.has(k))).toEqual([])
  expect(Object.keys(patternFields).filter(k => !patterns.has(k))).toEqual([])
  expect(interruptLabels).toContain('trace')
})

const task: Task = {
  title: 't',
  ask: 'a',
  when: [{ register: 'r5', equals: 1n }, { all: [{ policy: 'rfc-v2' }, { stands: 'probe' }] }],
  look: { at: 'state', text: 'r5' },
}

test('what is missing is what does not hold, one by one', () => {
  expect(missing(task, machine({}))).toEqual(['r5 is 0x1', 'the guest stands at `probe`'])
  expect(missing(task, machine({ registers: { r5: 1n, NIP: 0x10n } }))).toEqual([])
})

test('why a task is not passed names what is missing, and where to look', () => {
  expect(whyNot(task, machine({}), null)).toBe('still missing: r5 is 0x1; the guest stands at `probe`. Look at r5.')
  const done = machine({ registers: { r5: 1n, NIP: 0x10n } })
  expect(whyNot(task, done, null)).toBe('')
  const question = {
    ...task,
    choices: [
      { text: 'one', holds: { policy: 'tcg' } },
      { text: 'two', holds: { policy: 'rfc-v2' } },
    ],
  }
  expect([null, 0, 1].map(n => whyNot(question, done, n))).toEqual([
    'no choice was made.',
    'choice 1 is not what the machine shows. Look at r5.',
    '',
  ])
})
