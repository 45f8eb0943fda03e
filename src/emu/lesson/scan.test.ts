/** Looking again and again finds what one look finds. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Held, recordingOf } from '../../../test/support/recording-of.ts'
import { long } from '../../../test/ui/fixtures/state-timeline.ts'
import type { TimelineEvent } from '../worker/protocol.ts'
import { scanned } from './scan.ts'

const interrupts = (found: number, e: TimelineEvent): number => found + Number(e.kind === 'interrupt')
const { events } = long(40)

test('whatever was added or taken back between the looks', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(events.length), fc.nat(events.length), fc.boolean()), { maxLength: 8 }), changes => {
      const held = new Held()
      const what = {}
      for (const [k, to, looks] of changes) {
        const keep = Math.min(k, held.events.length)
        held.update(keep, events.slice(keep, Math.max(keep, to)))
        if (looks) expect(scanned(what, held.recording, interrupts)).toBe(held.events.filter(e => e.kind === 'interrupt').length)
      }
      expect(scanned(what, held.recording, interrupts)).toBe(scanned({}, recordingOf(held.events), interrupts))
    }),
  )
})

test('what was dropped has been seen', () => {
  const held = new Held()
  const what = {}
  const half = Math.floor(events.length / 2)
  held.update(0, events.slice(0, half))
  scanned(what, held.recording, interrupts)
  held.update(half, events.slice(half), half - 10)
  expect(scanned(what, held.recording, interrupts)).toBe(events.filter(e => e.kind === 'interrupt').length)
})

test('each event is looked at once', () => {
  const held = new Held()
  const what = {}
  let looks = 0
  const count = (found: number): number => {
    looks++
    return found
  }
  for (let n = 0; n < 100; n++) scanned(what, held.update(n, events.slice(n, n + 1)), count)
  expect(looks).toBe(100)
})
