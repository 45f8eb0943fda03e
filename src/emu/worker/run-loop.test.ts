/** Slices of a run: how long, how often, and when they end. Host time is a number here. */
import { describe, expect, test } from 'vitest'
import type { Stop } from '../hypervisor/events.ts'
import { RunLoop } from './run-loop.ts'

const DONE: Stop = { reason: 'breakpoint', text: '' }

/** A session that takes `cost` host milliseconds a million boundaries, and ends after `length` boundaries. */
function rig({ cost = 10, length = Number.POSITIVE_INFINITY } = {}) {
  let now = 0
  const slices: number[] = []
  const delays: number[] = []
  const told: (Stop | null)[] = []
  let queue: (() => void)[] = []
  const session = {
    running: true,
    advance(allowance: number, _far: boolean, over: () => boolean) {
      slices.push(allowance)
      const until = now + (cost * allowance) / 1e6
      while (now < until && !over()) now += Math.min(1, until - now)
      const ends = slices.reduce((a, b) => a + b, 0) >= length
      if (ends) session.running = false
      return ends ? DONE : null
    },
  }
  const clock = {
    now: () => now,
    later(delay: number, then: () => void) {
      delays.push(delay)
      queue.push(then)
    },
  }
  let present: typeof session | null = session
  const loop = new RunLoop(
    () => present,
    clock,
    stop => told.push(stop),
  )
  /** Lets as many turns of the event loop pass. */
  const turns = (n: number) => {
    for (let i = 0; i < n; i++) {
      const due = queue
      queue = []
      for (const then of due) then()
    }
  }
  const setCost = (milliseconds: number) => void (cost = milliseconds)
  return { loop, session, slices, delays, told, turns, setCost, time: () => now, replace: (s: typeof session | null) => (present = s) }
}

describe('as fast as it goes', () => {
  test('slices grow until one takes about a frame, and stay there', () => {
    const r = rig({ cost: 10 })
    r.loop.go()
    r.turns(20)
    const settled = r.slices.slice(10)
    expect(new Set(settled).size).toBe(1)
    const milliseconds = (settled[0]! * 10) / 1e6
    expect(milliseconds).toBeGreaterThan(5)
    expect(milliseconds).toBeLessThanOrEqual(12)
    expect(r.delays.every(d => d === 0)).toBe(true)
  })

  test('slices shrink when the machine is slow, so that messages are heard', () => {
    const r = rig({ cost: 10_000 })
    r.loop.go()
    r.turns(20)
    expect((r.slices.at(-1)! * 10_000) / 1e6).toBeLessThanOrEqual(12)
  })
})

test('where the guest gets slow all at once, the slice is ended and messages are heard', () => {
  const r = rig({ cost: 2 })
  r.loop.go()
  r.turns(20)
  r.setCost(100_000)
  const from = r.time()
  r.turns(1)
  expect(r.time() - from).toBeLessThan(30)
})

describe('a few a second', () => {
  test.each([
    ['1/s', 1000],
    ['10/s', 100],
  ] as const)('%s is one boundary, then %d ms', (speed, delay) => {
    const r = rig()
    r.loop.speed = speed
    r.loop.go()
    r.turns(3)
    expect(r.slices).toEqual([1, 1, 1])
    expect(r.delays).toEqual([0, delay, delay, delay])
  })

  test('a new speed holds from the next slice on', () => {
    const r = rig()
    r.loop.speed = '1/s'
    r.loop.go()
    r.turns(1)
    r.loop.speed = 'max'
    r.turns(1)
    expect(r.slices[0]).toBe(1)
    expect(r.slices[1]).toBeGreaterThan(1000)
  })
})

test('in real time a slice holds no more than a frame of the time base', () => {
  const r = rig({ cost: 0.001 })
  r.loop.speed = 'realtime'
  r.loop.go()
  r.turns(30)
  expect(Math.max(...r.slices)).toBe(6_144_000)
})

describe('the end', () => {
  test('each slice is told, the last with its stop, and nothing is driven after it', () => {
    const r = rig({ length: 250_000 })
    r.loop.go()
    r.turns(10)
    expect(r.told.at(-1)).toBe(DONE)
    expect(r.told.slice(0, -1).every(s => s === null)).toBe(true)
    expect(r.told.length).toBe(r.slices.length)
    expect(r.slices.length).toBeLessThan(5)
  })

  test('a session that was paused, or replaced, is not driven', () => {
    const r = rig()
    r.loop.go()
    r.session.running = false
    r.turns(2)
    r.session.running = true
    r.loop.go()
    r.replace(null)
    r.turns(2)
    expect(r.slices).toEqual([])
  })

  test('asked twice it runs once, and again after it ended', () => {
    const r = rig({ length: 1 })
    r.loop.go()
    r.loop.go()
    r.turns(3)
    expect(r.slices.length).toBe(1)
    r.session.running = true
    r.loop.go()
    r.turns(1)
    expect(r.slices.length).toBe(2)
  })
})
