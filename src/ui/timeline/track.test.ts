import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { long, midStep, race } from '../../../test/ui/fixtures/state-timeline.ts'
import type { TimelineEvent } from '../../emu/worker/protocol.ts'
import { besideInLane } from './neighbours.ts'
import { commonLength, Track } from './track.ts'

const fiveEach = (text: string) => text.length * 5
const tracked = (events: TimelineEvent[]) => new Track(fiveEach).sync(events)

const summary = (track: Track) => ({
  positions: [...track.left.slice(0, track.length)].map((l, i) => [l, track.right[i]]),
  lanes: [...track.lanes.slice(0, track.length)],
  looks: [...track.looks.slice(0, track.length)],
  steps: track.steps,
  preemptions: track.preemptions,
  interrupts: track.interrupts,
  wrongs: track.wrongs,
  bars: [...track.bars].sort(),
  occupied: [0, 1, 2, 3, 4].map(l => track.occupied(l)),
})

describe('sync', () => {
  test('a cut and what follows it give the same as beginning anew', () => {
    const { events } = long(60)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(events.length), fc.nat(events.length)), { maxLength: 6 }), changes => {
        const track = new Track(fiveEach)
        let held: TimelineEvent[] = []
        for (const [keep, to] of changes) {
          // What replaces the cut future are other objects.
          const again = events.slice(Math.min(keep, held.length), Math.max(keep, to)).map(e => ({ ...e }))
          held = [...held.slice(0, keep), ...again]
          track.sync(held)
        }
        expect(summary(track)).toEqual(summary(tracked(held)))
      }),
      { numRuns: 60 },
    )
  })
  test('grows beyond its first arrays', () => {
    const { events } = long(300)
    const track = new Track(fiveEach)
    for (let n = 500; n <= events.length; n += 500) track.sync(events.slice(0, n))
    track.sync(events)
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
    track.sync(events.slice(0, -1))
    measured = 0
    track.sync(events)
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

test('length of a common beginning', () => {
  const [a, b, c] = [{}, {}, {}]
  expect(commonLength([a, b, c], [a, b])).toBe(2)
  expect(commonLength([a, b], [a, c])).toBe(1)
  expect(commonLength([], [a])).toBe(0)
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
    const track = tracked(events)
    expect(track.preemptions).toEqual([{ vcpu: 0, from: 3, to: null }])
    track.sync([...events, own])
    expect(track.preemptions).toEqual([{ vcpu: 0, from: 3, to: events.length }])
    track.sync(events)
    expect(track.preemptions).toEqual([{ vcpu: 0, from: 3, to: null }])
    track.sync(events.slice(0, 3))
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
