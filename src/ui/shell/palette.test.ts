import { expect, test } from 'vitest'
import { recordingOf } from '../../../test/support/recording-of.ts'
import { long } from '../../../test/ui/fixtures/state-timeline.ts'
import { jumps, MOST_ROWS, matching } from './palette.ts'

const rows = ['Outside: step', 'Hypervisor: step', 'Outside: step back', 'Reset layout', 'Machine: reset'].map(label => ({ label }))
const labels = (query: string) => matching(rows, query).map(r => r.label)

test('without a query everything stands in its own order', () => {
  expect(labels('')).toEqual(rows.map(r => r.label))
})

test('all words must be there, in any order', () => {
  expect(labels('step out')).toEqual(['Outside: step', 'Outside: step back'])
  expect(labels('no such')).toEqual([])
})

test('what begins with the query stands first', () => {
  expect(labels('reset')).toEqual(['Reset layout', 'Machine: reset'])
})

test('no more than anyone reads', () => {
  expect(matching(Array(500).fill({ label: 'x' }), 'x')).toHaveLength(MOST_ROWS)
})

const program = { symbols: [{ name: 'probe', address: 0xc000000000010008n }] } as never
const events = recordingOf(
  long(1)
    .events.slice(4, 7)
    .map((e, n) => ({ ...e, index: n + 5 })),
)
const places = (query: string) =>
  jumps(query, { program }, events).map(j => ({
    ...j.place,
    label: j.label,
  }))

test.each([
  ['6', [{ kind: 'event', event: 6, label: 'Go to event 6' }]],
  ['event 7', [{ kind: 'event', event: 7, label: 'Go to event 7' }]],
  ['4', []],
  ['8', []],
  ['probe', [{ kind: 'address', address: 0xc000000000010008n, label: 'Go to probe' }]],
  [
    '0xc000_0000_0000_4d00',
    [
      { kind: 'address', address: 0xc000000000004d00n, label: 'Go to 0xc000_0000_0000_4d00' },
      { kind: 'memory', address: 0xc000000000004d00n, label: 'Go to 0xc000_0000_0000_4d00 in Memory' },
    ],
  ],
  [
    '0x7c0000a6',
    [
      { kind: 'address', address: 0x7c0000a6n, label: 'Go to 0x7c0000a6' },
      { kind: 'memory', address: 0x7c0000a6n, label: 'Go to 0x7c0000a6 in Memory' },
      { kind: 'word', word: 0x7c0000a6, label: 'Decode 0x7c0000a6' },
    ],
  ],
  ['lpcr', [{ kind: 'spr', register: 'LPCR', label: 'Go to LPCR in SPRs' }]],
  ['0x12345678901234567', []],
  [
    'srr1',
    [
      { kind: 'register', register: 'SRR1', label: 'Go to SRR1' },
      { kind: 'spr', register: 'SRR1', label: 'Go to SRR1 in SPRs' },
      { kind: 'wrote', register: 'SRR1', label: 'What last wrote SRR1' },
    ],
  ],
  [
    'R31',
    [
      { kind: 'register', register: 'r31', label: 'Go to r31' },
      { kind: 'wrote', register: 'r31', label: 'What last wrote r31' },
    ],
  ],
  ['nip', [{ kind: 'register', register: 'NIP', label: 'Go to NIP' }]],
  ['instruction 1000', [{ kind: 'time', instructions: 1000n, label: 'Go to instruction 1000' }]],
  ['r32', []],
  ['', []],
])('"%s"', (query, expected) => {
  expect(places(query)).toEqual(expected)
})
