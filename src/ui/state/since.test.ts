import { expect, test } from 'vitest'
import type { MachineView } from '../../emu/worker/protocol.ts'
import { sinceChoices, sinceText } from './since.ts'

const view = (shown: number, event: number, kind: MachineView['state']['baseline']['kind']) => ({
  recording: { shown },
  state: { baseline: { event, kind, registers: {} } },
})

test('in words', () => {
  expect(sinceText(view(0, 0, 'stop'))).toBeNull()
  expect(sinceText(view(20, 0, 'stop'))).toBe('changed since the start')
  expect(sinceText(view(20, 9, 'step'))).toBe('changed since event 9')
  expect(sinceText(view(9, 9, 'event'))).toBe('changed since event 9')
  expect(sinceText(view(5, 9, 'event'))).toBe('compared with event 9')
})

test('the choices: one is chosen, and an event that was chosen is among them', () => {
  const chosen = (...args: Parameters<typeof view>) => sinceChoices(view(...args)).flatMap(c => (c.chosen ? [`${c.name} ${c.note}`] : []))
  expect(chosen(20, 18, 'stop')).toEqual(['Last stop of any actor event 18'])
  expect(chosen(20, 9, 'step')).toEqual(['Start of the outside step event 9'])
  expect(chosen(20, 7, 'event')).toEqual(['Event 7 chosen'])
  expect(chosen(7, 7, 'event')).toEqual(['The event shown event 7'])
  expect(sinceChoices(view(12, 7, 'event')).map(c => c.since)).toEqual(['stop', 'step', null, 12])
})
