import { expect, test } from 'vitest'
import type { TimelineEvent } from '../../../emu/worker/protocol.ts'
import { askedOfEvent } from './asked.ts'

const event = (kind: TimelineEvent['kind'], more: Partial<TimelineEvent> = {}): TimelineEvent => ({
  index: 1, kind, lane: { kind: 'hypervisor' }, vcpu: 0, by: 'free', label: '', sentence: '', instructions: 0n, timeBase: 0n, arrow: null,
  address: null, vector: null, step: null, bars: [], wrong: false, ...more,
}) // biome-ignore format: short

test.each([
  [event('phase', { label: 'enter', arrow: 'entry' }), { kind: 'entry' }],
  [event('phase', { label: 'exit', arrow: 'exit' }), { kind: 'exit' }],
  [event('interrupt', { vector: 0xd00, address: 0x4d00n }), { kind: 'vector', number: '0xd00' }],
  [event('instruction', { address: 0x100n }), { kind: 'software', address: '0x100' }],
  [event('hypercall', { label: 'handle' }), { kind: 'hypercall' }],
  [event('phase', { label: 'arm' }), null],
  [event('free'), null],
  [event('edit'), null],
])('%o', (e, asked) => expect(askedOfEvent(e)).toEqual(asked))
