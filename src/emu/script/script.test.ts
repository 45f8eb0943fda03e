import { describe, expect, test } from 'vitest'
import { parseScript } from './script.ts'

test('the first comment is the title; a comment above a command says what it shows', () => {
  const script = parseScript('# Title\n# More\n# of it.\n\nprogram race.s\n# Watch\n# this.\nstep outside 3\r\n')
  expect([script.title, script.says]).toEqual(['Title', 'More of it.'])
  expect(script.lines.map(l => [l.line, l.text, l.says])).toEqual([
    [5, 'program race.s', ''],
    [8, 'step outside 3', 'Watch this.'],
  ])
  expect(script.lines[1]!.deed).toEqual({ kind: 'request', command: 'stepOutside', arguments: {}, times: 3 })
})

test('a schedule is turns, then a quantum', () => {
  const { deed } = parseScript('schedule 0:3 1:40 quantum 7').lines[0]!
  expect(deed).toEqual({
    kind: 'request',
    command: 'setSchedule',
    arguments: {
      script: [
        { vcpu: 0, boundaries: 3 },
        { vcpu: 1, boundaries: 40 },
      ],
      quantum: 7,
    },
    times: 1,
  })
})

describe('what is no command is refused with its line, what was expected and how it is written', () => {
  test.each([
    ['\nfly', 'line 2: no command "fly". Known: program, policy,'],
    ['step', 'line 1: step: expected machine, outside, inside or hypervisor, found nothing. It is written: step machine|'],
    ['step outside 0', 'line 1: step: expected how many times, found 0.'],
    ['step outside 1 2', 'line 1: step: expected no more than that, found 2.'],
    ['run 1', 'line 1: run: expected boundaries, found nothing.'],
    ['run one 4', 'line 1: run: expected a vCPU, found one.'],
    ['schedule 0', 'line 1: schedule: expected turns as 1:40 (vCPU 1 for 40 boundaries), or "quantum" and a number, found 0.'],
    ['schedule quantum 0', 'line 1: schedule: expected boundaries of a turn, found 0.'],
    ['locking maybe', 'line 1: locking: expected off, on, step or replay, found maybe.'],
    ['set 0 r5 five', 'line 1: set: expected a number, as 0x400, found five.'],
    ['constructor', 'line 1: no command "constructor".'],
    ['# nothing\n\n', 'line 1: there is no command in it.'],
  ])('%j', (text, said) => {
    expect(() => parseScript(text)).toThrow(said)
  })
})
