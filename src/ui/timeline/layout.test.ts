import { describe, expect, test } from 'vitest'
import { recordingOf } from '../../../test/support/recording-of.ts'
import { type Fixture, long, midStep, race, start } from '../../../test/ui/fixtures/state-timeline.ts'
import { rowsFor } from './lanes.ts'
import { BIN, type Drawing, hit, layout, nearest, type Scene, type Window } from './layout.ts'
import { type ScaleName, scaleOf } from './scale.ts'
import { Track } from './track.ts'

const fiveEach = (text: string) => text.length * 5

function scene({ view, events }: Fixture, scale: ScaleName = 'events', height = 157): Scene {
  const track = new Track(fiveEach).sync(recordingOf(events))
  return {
    track,
    scale: scaleOf(scale, track),
    rows: rowsFor(view.vcpus, height, lane => track.occupied(lane)),
    shown: view.recording.shown,
    ghosts: view.controller.ghosts,
    ghostLabel: view.controller.step?.label ?? 'what one outside step will do',
    inFlight: view.controller.step?.ordinal ?? null,
  }
}

const all: Window = { zoom: 1, offset: 0, width: 900 }
const laneAt = ['hyp', 'k0', 'u0', 'k1', 'u1']
const n = (x: number) => Math.round(x * 10) / 10

/** The drawing as lines of text, from left to right. */
function log(drawing: Drawing, s: Scene): string {
  const lane = (y: number) => laneAt[s.rows.lanes.findIndex(l => y >= l.top && y < l.top + l.height)] ?? 'bars'
  return [
    ...drawing.brackets.map(b => `bracket ${b.text}`),
    ...[...drawing.blocks].sort((a, b) => a.x - b.x).map(b => `${lane(b.y)} ${b.look} ${n(b.x)}+${n(b.w)} ${b.lines.join('/')}`),
    ...drawing.arrows.map(a => `arrow ${a.path}${a.wrong ? ' wrong' : ''}`),
    ...drawing.bars.map(b => `bar ${b.look} ${n(b.x)}+${n(b.w)} ${b.text}`),
    `${drawing.playhead === null ? 'no playhead' : `playhead ${n(drawing.playhead)}`}${drawing.wrong === null ? '' : `, wrong from ${n(drawing.wrong)}`}`,
  ].join('\n')
}

test('before any event: ghosts of one step under their bracket', () => {
  const s = scene(start())
  expect(log(layout(s, all), s)).toBe(
    `bracket what one outside step will do
hyp ghost 4.5+27 arm
hyp ghost 35.5+42 set SE
hyp ghost 81.5+37 enter
k0 ghost 130.5+52 li r3, 0
k0 ghost 186.5+37 trace
k0 ghost 227.5+42 assist
hyp ghost 281.5+32 exit
hyp ghost 317.5+47 restore
hyp ghost 368.5+42 report
no playhead`,
  )
})

test('the label of a bracket gives way to the playhead, where there is room', () => {
  const s = scene(midStep())
  const offset = scaleOf('events', s.track).left(9) - 4
  const at = (width: number) => {
    const { brackets, playhead } = layout(s, { zoom: 1, offset, width })
    return { label: brackets.at(-1)!.x, playhead: playhead! }
  }
  const wide = at(900)
  expect(wide.label).toBe(wide.playhead + 9)
  const narrow = at(wide.playhead + 60)
  expect(narrow.label).toBeLessThan(narrow.playhead)
})

test('in a step: blocks by actor, elbows, bars up to now, ghosts of the rest', () => {
  const s = scene(midStep())
  const window = { ...all, offset: scaleOf('events', s.track).left(9) - 4 }
  expect(log(layout(s, window), s)).toBe(
    `bracket outside step 2: li r4, 8
bracket outside step 3: mfmsr r5
hyp hyp 4.5+27 arm
hyp hyp 35.5+42 set SE
hyp hyp 81.5+37 enter
k0 outside 130.5+52 li r4, 8
k0 int 186.5+37 trace
k0 int 227.5+42 assist
hyp hyp 281.5+32 exit
hyp hyp 317.5+47 restore
hyp hyp 368.5+42 report
hyp hyp 419.5+27 arm
hyp hyp 450.5+42 set SE
hyp ghost 496.5+37 enter
k0 ghost 545.5+52 mfmsr r5
k0 ghost 601.5+37 trace
k0 ghost 642.5+42 assist
hyp ghost 696.5+32 exit
hyp ghost 732.5+47 restore
hyp ghost 783.5+42 report
arrow M119 36.5H123V69.5H128
arrow M270 69.5H274V36.5H279
bar breakpoint 17.5+323 0x00dddd00 at 0xc…4d00
bar breakpoint 432.5+59.5 0x00dddd0…
bar outside 56+148.5 SE = 1, set by outside
bar outside 471+21 
playhead 494.5`,
  )
})

test('the race reads from left to right as the thread tells it', () => {
  const s = scene(race(), 'events', 242)
  const blocks = layout(s, { ...all, width: 1200 }).blocks.filter(b => b.look !== 'ghost')
  expect(blocks.sort((a, b) => a.x - b.x).map(b => b.lines.join(' '))).toEqual([
    'set breakpoint at 0xd00',
    'msr_se = 1',
    'vm enter',
    'preempted',
    'msr_se = 1',
    'exec next instruction',
    'trace interrupt',
    'jump to 0xd00',
    'emulation assist interrupt',
    'vm exit',
  ])
  const drawing = layout(s, { ...all, width: 1200 })
  const [wrongBlock] = drawing.blocks.filter(b => b.look === 'bad')
  const before = drawing.blocks.find(b => b.to === wrongBlock!.from)!
  expect(drawing.wrong).toBeGreaterThan(before.x + before.w)
  expect(drawing.wrong).toBeLessThan(wrongBlock!.x)
  expect(drawing.arrows.at(-1)!.wrong).toBe(true)
  // The breakpoint lies in memory while vCPU 1 jumps to it: the race is the overlap.
  const bar = drawing.bars.find(b => b.look === 'breakpoint')!
  const jump = drawing.blocks.find(b => b.lines.join(' ') === 'jump to 0xd00')!
  expect(bar.x).toBeLessThan(jump.x)
  expect(bar.x + bar.w).toBeGreaterThan(jump.x + jump.w)
})

describe('the shown event', () => {
  test('has the ring and the playhead at its right edge', () => {
    const f = midStep()
    const s = { ...scene(f), shown: 4 }
    const drawing = layout(s, all)
    const block = drawing.blocks.find(b => b.from === 3)!
    expect(drawing.playhead).toBe(block.x + block.w + 2)
    expect(drawing.ring).toEqual({ x: block.x - 2.5, y: block.y - 2.5, w: block.w + 5, h: block.h + 5 })
  })
  test('before the first event there is no ring', () => {
    expect(layout({ ...scene(midStep()), shown: 0 }, all).ring).toBeNull()
  })
})

describe('only the window is drawn', () => {
  const f = long(5000)
  const s = scene(f)
  test('the parts are those of the window', () => {
    const offset = s.scale.left(20_000)
    const drawing = layout({ ...s, ghosts: [] }, { ...all, offset })
    expect(drawing.blocks.length).toBeLessThan(40)
    expect(drawing.blocks.every(b => b.x + b.w >= 0 && b.x <= all.width)).toBe(true)
    expect(drawing.blocks[0]!.from).toBeGreaterThanOrEqual(19_990)
    expect(drawing.bars.length).toBeGreaterThan(2)
    expect(drawing.brackets.length).toBeLessThan(10)
  })
  test.each([1, 1 / 4, 1 / 16, 1 / 64, 1 / 256, 1 / 1024])('at zoom %f no more parts than pixels', zoom => {
    const drawing = layout(s, { zoom, offset: (s.scale.end * zoom) / 3, width: 700 })
    expect(drawing.blocks.length).toBeLessThan(700)
    expect(drawing.arrows.length + drawing.brackets.length + drawing.bars.length).toBeLessThan(700)
  })
  test('200 events in 40 pixels become counts, and the counts are right', () => {
    const zoom = 1 / 512
    const width = Math.ceil(s.scale.end * zoom)
    const drawing = layout({ ...s, ghosts: [] }, { zoom, offset: 0, width: width + BIN })
    const counted = drawing.blocks.reduce((sum, b) => sum + Number(b.lines.join('').replace(/\D/g, '')), 0)
    expect(counted).toBe(f.events.length)
    expect(drawing.blocks.some(b => b.look === 'int')).toBe(true)
  })
  test('narrow neighbours join, and every event is in some block', () => {
    const zoom = 1 / 32
    const drawing = layout({ ...s, ghosts: [] }, { zoom, offset: 0, width: 2000 })
    const covered = new Set(drawing.blocks.flatMap(b => [b.from, b.to - 1]))
    expect(covered.has(0)).toBe(true)
    const last = Math.max(...drawing.blocks.map(b => b.to))
    expect(last).toBeGreaterThan(1000)
    expect(drawing.blocks.length).toBeLessThan(last / 2)
  })
})

describe('time base', () => {
  const s = scene(long(20), 'timeBase')
  test('distance is time', () => {
    const ticks = s.track.ticks
    const x = (at: number) => s.scale.left(at)
    expect((x(30) - x(10)) / (ticks[30]! - ticks[10]!)).toBeCloseTo((x(9) - x(3)) / (ticks[9]! - ticks[3]!))
  })
  test('the axis has round numbers, no closer than can be read', () => {
    const drawing = layout(s, { ...all, zoom: 2 })
    expect(drawing.axis.map(t => t.label)).toEqual(['0x0a04', '0x0a08', '0x0a0c', '0x0a10', '0x0a14', '0x0a18', '0x0a1c'])
    for (const [i, tick] of drawing.axis.entries()) if (i) expect(tick.x - drawing.axis[i - 1]!.x).toBeGreaterThanOrEqual(96)
    expect(layout(scene(midStep()), all).axis).toEqual([])
  })
  test('labels hide where they do not fit', () => {
    const drawing = layout({ ...s, ghosts: [] }, { ...all, zoom: 1 / 8 })
    expect(drawing.blocks.every(b => b.lines.every(line => fiveEach(line) <= b.w))).toBe(true)
  })
  test('events of one tick join', () => {
    const f = midStep()
    const events = f.events.map(e => ({ ...e, timeBase: e.lane.kind === 'hypervisor' ? 0n : 100n }))
    const at = scene({ ...f, events: events.slice(0, 3) }, 'timeBase')
    const drawing = layout({ ...at, ghosts: [] }, all)
    expect(drawing.blocks.map(b => [b.from, b.to])).toEqual([[0, 3]])
  })
})

describe('pointing', () => {
  const s = scene(midStep())
  const drawing = layout(s, all)
  test('at a block finds its event; ghosts and gaps are nothing', () => {
    const block = drawing.blocks.find(b => b.from === 3)!
    expect(hit(drawing, block.x + 5, block.y + 5)).toEqual({ from: 3, to: 4 })
    expect(hit(drawing, block.x + 5, block.y - 10)).toBeNull()
    const ghost = layout(s, { ...all, offset: 400 }).blocks.find(b => b.look === 'ghost')!
    expect(hit(layout(s, { ...all, offset: 400 }), ghost.x + 5, ghost.y + 5)).toBeNull()
  })
  test('the handle goes to the event left of it', () => {
    const block = drawing.blocks.find(b => b.from === 3)!
    expect(nearest(s, all, block.x + block.w - 2)).toBe(3)
    expect(nearest(s, all, block.x + 2)).toBe(2)
    expect(nearest(s, all, 0)).toBe(-1)
    expect(nearest(s, all, 1e6)).toBe(s.track.length - 1)
  })
})
