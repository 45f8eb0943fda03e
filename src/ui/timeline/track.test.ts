import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Held, recordingOf } from '../../../test/support/recording-of.ts'
import { long, midStep, race } from '../../../test/ui/fixtures/state-timeline.ts'
import type { TimelineEvent } from '../../emu/worker/protocol.ts'
import { besideInLane } from './neighbours.ts'
import { START, Track } from './track.ts'

const fiveEach = (text: string) => text.length * 5
const tracked = (events: TimelineEvent[]) => new Track(fiveEach).sync(recordingOf(events))

const summary = (track: Track) => {
  const from = track.length ? track.left[0]! - START : 0
  const ticks = track.length ? track.ticks[0]! : 0
  const each = Array.from({ length: track.length }, (_, at) => at)
  return {
    positions: each.map(at => [track.left[at]! - from, track.right[at]! - from]),
    ticks: each.map(at => track.ticks[at]! - ticks),
    lanes: [...track.lanes.slice(0, track.length)],
    looks: [...track.looks.slice(0, track.length)],
    steps: track.steps,
    preemptions: track.preemptions,
    interrupts: track.interrupts,
    wrongs: track.wrongs,
    bars: [...track.bars].filter(([, edges]) => edges.length > 0).sort(),
    occupied: [0, 1, 2, 3, 4].map(l => track.occupied(l)),
  }
}

describe('sync', () => {
  test('a cut and what follows it give the same as beginning anew', () => {
    const { events } = long(60)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(events.length), fc.nat(events.length), fc.boolean()), { maxLength: 8 }), changes => {
        const track = new Track(fiveEach)
        const held = new Held()
        for (const [k, to, looks] of changes) {
          const keep = Math.min(k, held.events.length)
          const recording = held.update(keep, events.slice(keep, Math.max(keep, to)))
          // A frame may be left out.
          if (looks) track.sync(recording)
        }
        expect(summary(track.sync(held.recording))).toEqual(summary(tracked(held.events)))
      }),
      { numRuns: 60 },
    )
  })
  test('where the oldest are dropped, the others keep their order, their steps and their bars', () => {
    const { events } = long(60)
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }), drops => {
        const held = new Held()
        held.update(0, events.slice(0, 300))
        const track = new Track(fiveEach).sync(held.recording)
        let first = 1
        drops.forEach((more, n) => {
          first += more
          const from = 300 + 5 * n
          track.sync(held.update(from, events.slice(from, from + 5), first))
        })
        const anew = tracked(held.events)
        expect(track.events.first).toBe(first)
        for (const part of ['positions', 'ticks', 'lanes', 'looks', 'interrupts', 'wrongs', 'occupied'] as const)
          expect([part, summary(track)[part]]).toEqual([part, summary(anew)[part]])
        expect(track.steps.slice(1)).toEqual(anew.steps.slice(1))
        // What was on before is on from the beginning.
        for (const [key, edges] of anew.bars) expect(track.bars.get(key)!.filter(e => e.at > 0)).toEqual(edges.filter(e => e.at > 0))
      }),
      { numRuns: 40 },
    )
  })
  test('grows beyond its first arrays', () => {
    const { events } = long(300)
    const held = new Held()
    const track = new Track(fiveEach)
    for (let n = 0; n < events.length; n += 500) track.sync(held.update(n, events.slice(n, n + 500)))
    expect(events.length).toBeGreaterThan(2048)
    expect(summary(track)).toEqual(summary(tracked(events)))
  })
  test('looks only at what is new', () => {
    let measured = 0
    const track = new Track(text => {
      measured++
      return text.length
    })
    const { events } = long(100)
    const held = new Held()
    track.sync(held.update(0, events.slice(0, -1)))
    measured = 0
    track.sync(held.update(events.length - 1, events.slice(-1)))
    expect(measured).toBeLessThan(5)
  })
})

test('steps span their events, the one in flight up to the last', () => {
  expect(tracked(midStep().events).steps).toEqual([
    { ordinal: 1, label: 'outside step 1: li r3, 0', from: 0, to: 8 },
    { ordinal: 2, label: 'outside step 2: li r4, 8', from: 9, to: 17 },
    { ordinal: 3, label: 'outside step 3: mfmsr r5', from: 18, to: 19 },
  ])
})

test('SE set by a phase is outside’s, by an instruction inside’s', () => {
  const { bars } = tracked(race().events)
  expect(bars.get('SE:0')).toEqual([{ at: 1, on: true, label: 'SE = 1, set by outside', look: 'outside' }])
  expect(bars.get('SE:1')!.map(e => [e.at, e.on, e.look])).toEqual([
    [4, true, 'inside'],
    [6, false, 'inside'],
  ])
})

test('events are found by number, also when the oldest were dropped', () => {
  const { events } = long(5)
  const track = tracked(events.slice(10))
  expect(track.positionOf(11)).toBe(0)
  expect(track.positionOf(10)).toBe(-1)
  expect(track.positionOf(events.length)).toBe(track.length - 1)
  expect(track.positionOf(events.length + 1)).toBe(-1)
})

describe('up and down', () => {
  const track = tracked(midStep().events)
  test('lead to the nearest event of the next lane', () => {
    expect(besideInLane(track, 2, 1)).toBe(3)
    expect(besideInLane(track, 5, -1)).toBe(6)
    expect(besideInLane(track, 19, 1)).toBe(14)
  })
  test('lead nowhere beyond the last lane', () => {
    expect(besideInLane(track, 0, -1)).toBeNull()
    expect(besideInLane(track, 4, 1)).toBeNull()
  })
  test('skip a lane without events', () => {
    expect(besideInLane(tracked(race().events), 3, 1)).toBe(4)
  })
})

describe('a vCPU that is entered and kept waiting', () => {
  const events = race()
    .events.filter(e => e.label !== 'preempted')
    .map((e, n) => ({ ...e, index: n + 1, arrow: e.label === 'vm enter' ? ('entry' as const) : e.arrow }))
  const own = { ...events[0]!, index: events.length + 1, lane: { kind: 'vcpu', vcpu: 0, mode: 'kernel' } as const, label: 'addi' }

  test('waits from its entry to its own next event, or until now', () => {
    const held = new Held()
    const track = new Track(fiveEach).sync(held.update(0, events))
    expect(track.preemptions).toEqual([{ vcpu: 0, from: 3, to: null }])
    track.sync(held.update(events.length, [own]))
    expect(track.preemptions).toEqual([{ vcpu: 0, from: 3, to: events.length }])
    track.sync(held.update(events.length, []))
    expect(track.preemptions).toEqual([{ vcpu: 0, from: 3, to: null }])
    track.sync(held.update(3, []))
    expect(track.preemptions).toEqual([])
  })

  test('does not wait where its own event is next', () => {
    expect(tracked([...events.slice(0, 3), { ...own, index: 4 }]).preemptions).toEqual([])
  })
})

test('what the guest steps itself has a bracket an instruction', () => {
  const { events } = race()
  const traced = events.filter(e => e.by === 'inside').map(e => ({ ...e, step: null }))
  const twice = [...traced, ...traced].map((e, n) => ({ ...e, index: n + 1 }))
  const spans = tracked(twice).steps.map(s => [s.label, s.from, s.to])
  expect(spans).toEqual([
    ['inside: step, vCPU 1', 0, 0],
    ['inside: step, vCPU 1', 1, 2],
    ['inside: step, vCPU 1', 3, 3],
    ['inside: step, vCPU 1', 4, 5],
  ])
})
