/** What is said to be lost when a worker was replaced. */
import { expect, test } from 'vitest'
import { lost } from './replace.ts'

const came = (instructions: bigint, events: number, state: 'running' | 'paused' = 'paused') => ({
  instructions,
  recording: { events },
  run: { state },
})

test.each([
  ['all is there', came(10n, 3), came(10n, 3), 'Nothing was lost.'],
  ['an event is not', came(10n, 3), came(9n, 2), 'The last 1 event of the recording is lost.'],
  ['many are not', came(10n, 1500), came(0n, 0), 'The last 1\u2009500 events of the recording are lost.'],
  [
    'in a run',
    came(5000n, 3, 'running'),
    came(2999n, 4),
    'Of the run that was going on, the last 2\u2009001 instructions are lost; Run does them again.',
  ],
  ['in a run, one', came(5n, 3, 'running'), came(4n, 4), 'Of the run that was going on, the last instruction is lost; Run does it again.'],
  ['in a run that was just written', came(5n, 3, 'running'), came(5n, 4), 'Nothing was lost; the run that was going on is paused.'],
] as const)('%s', (_, before, after, said) => expect(lost(before, after)).toBe(said))
