/** A machine as conditions see it, for tests. */

import type { Machine } from '../../src/emu/lesson/checks.ts'
import type { MachineView, TimelineEvent } from '../../src/emu/worker/protocol.ts'
import { recordingOf } from './recording-of.ts'

export interface Given {
  registers?: Record<string, bigint>
  policy?: string
  leaks?: number[]
  events?: Partial<TimelineEvent>[]
  others?: [number, Record<string, bigint>][]
  memory?: [string, number[]][]
  passing?: number[]
  pending?: boolean
}

/** The parts of a view that conditions read. */
export const machine = (given: Given): Machine => ({
  view: {
    state: { vcpu: 0, registers: given.registers ?? {} },
    controller: {
      policy: given.policy ?? 'rfc-v2',
      policies: [
        { id: 'rfc-v2', name: 'RFC v2' },
        { id: 'transparent', name: 'Transparent' },
      ],
      step: null,
      leaks: (given.leaks ?? []).map(channel => ({ channel })),
      guestTracePending: given.pending ?? false,
    },
    program: { littleEndian: true, symbols: [{ name: 'probe', address: 0x10n }] },
    run: { reason: 'step' },
    locking: 'replay',
    interrupts: 'hold',
  } as unknown as MachineView,
  events: recordingOf(
    (given.events ?? []).map(
      (e, n) =>
        ({
          index: n + 1,
          sentence: '',
          arrow: null,
          vector: null,
          bars: [],
          wrong: false,
          instructions: 0n,
          timeBase: 0n,
          kind: 'instruction',
          by: 'free',
          label: 'nop',
          step: null,
          vcpu: 0,
          lane: { kind: 'vcpu', mode: 'kernel' },
          address: null,
          ...e,
        }) as TimelineEvent,
    ),
  ),
  printed: 'hello\n',
  memory: new Map((given.memory ?? []).map(([name, bytes]) => [name, Uint8Array.from(bytes)])),
  registers: new Map(given.others ?? []),
  passing: given.passing ? new Set(given.passing) : null,
})
