/** Lanes, camera, ticks, words: what stands around the layout. */
import { describe, expect, test } from 'vitest'
import { recordingOf } from '../../../test/support/recording-of.ts'
import { long, midStep, race, start } from '../../../test/ui/fixtures/state-timeline.ts'
import { TimelineEvents } from '../../emu/worker/timeline-events.ts'
import { optionText } from './EventList.tsx'
import { follow, panned, zoomed } from './follow.ts'
import { BRACKETS, rowsFor } from './lanes.ts'
import { fitted, labelLines, measureBy } from './measure.ts'
import { clampEvent, interruptBeside, seekBlocked } from './seek.ts'
import { mark, outline } from './shapes.ts'
import { sentence } from './TimelinePanel.tsx'
import { ticks } from './ticks.ts'
import { Track } from './track.ts'

const fiveEach = (text: string) => text.length * 5
const always = () => true

describe('rows', () => {
  const names = (rows: ReturnType<typeof rowsFor>) => rows.lanes.map(l => `${l.title} ${l.subtitle}${l.folded ? ' folded' : ''}`)
  test('one vCPU fits the design’s 157 pixels', () => {
    const rows = rowsFor(1, 157, always)
    expect(names(rows)).toEqual(['Hypervisor step controller', 'vCPU 0 kernel', 'vCPU 0 user'])
    expect(rows.lanes.map(l => l.top)).toEqual([BRACKETS, 53, 86])
    expect(rows.height).toBeLessThanOrEqual(157)
  })
  test('a vCPU without events takes one folded lane', () => {
    expect(names(rowsFor(2, 242, lane => lane < 3))).toEqual([
      'Hypervisor step controller',
      'vCPU 0 kernel',
      'vCPU 0 user',
      'vCPU 1 no events folded',
    ])
  })
  test('idle user lanes fold with more than two vCPUs', () => {
    expect(names(rowsFor(3, 300, lane => lane % 2 === 1)).filter(name => name.endsWith('folded'))).toHaveLength(3)
  })
})

describe('camera', () => {
  const extent = { width: 700, playhead: 3000, end: 3400, live: true }
  test('live: the end is in view', () => expect(follow(0, extent)).toBe(2700))
  test('live: the playhead stays in view when the ghosts are wide', () => {
    const offset = follow(0, { ...extent, end: 4400 })
    expect(extent.playhead - offset).toBe(280)
  })
  test('what fits is not moved', () => expect(follow(50, { ...extent, playhead: 300, end: 600 })).toBe(0))
  test('in the past the picture stands still while the playhead is in view', () => {
    expect(follow(2500, { ...extent, playhead: 2700, live: false })).toBe(2500)
    const offset = follow(2500, { ...extent, playhead: 100, live: false })
    expect(offset).toBe(0)
    expect(follow(0, { ...extent, playhead: 2000, live: false })).toBe(2000 - 420)
  })
  test('zoom keeps what is under the pointer', () => {
    const { zoom, offset } = zoomed(1000, 1, 2, 300, 'events')
    expect((offset + 300) / zoom).toBe(1300)
    expect(zoomed(0, 8, 2, 0, 'events').zoom).toBe(8)
    expect(zoomed(0, 8, 2, 0, 'timeBase').zoom).toBe(16)
  })
  test('panning stops at both ends', () => {
    expect(panned(10, -50, extent)).toBe(0)
    expect(panned(3000, 5000, extent)).toBe(3400 - 350)
  })
})

describe('ticks', () => {
  test('position tells the actor', () => {
    const found = ticks(new Track(fiveEach).sync(recordingOf(race().events)))
    expect(found.map(t => t.reach)).toEqual(['above', 'above', 'above', 'below', 'below', 'below', 'through', 'below', 'full', 'full'])
    expect(found[0]!.x).toBe(5)
  })
  test('are bounded for long recordings, and keep what matters', () => {
    const found = ticks(new Track(fiveEach).sync(recordingOf(long(3000).events)))
    expect(found.length).toBeLessThan(1000)
    expect(new Set(found.map(t => t.reach))).toEqual(new Set(['through', 'above', 'below']))
  })
})

describe('labels', () => {
  test('long ones stand in two lines of about the same width', () => {
    expect(labelLines('set SE', fiveEach)).toEqual(['set SE'])
    expect(labelLines('set breakpoint at 0xd00', fiveEach)).toEqual(['set breakpoint', 'at 0xd00'])
    expect(labelLines('0x00dddd00dddd00dddd00', fiveEach)).toEqual(['0x00dddd00dddd00dddd00'])
  })
  test('what does not fit is cut, then left out', () => {
    expect(fitted('mfmsr r5', 100, fiveEach)).toBe('mfmsr r5')
    expect(fitted('mfmsr r5', 30, fiveEach)).toBe('mfmsr…')
    expect(fitted('mfmsr r5', 8, fiveEach)).toBe('')
  })
  test('each character is measured once', () => {
    const asked: string[] = []
    const measure = measureBy(c => {
      asked.push(c)
      return 1
    })
    expect(measure('abab') + measure('ba')).toBe(6)
    expect(asked).toEqual(['a', 'b'])
  })
})

describe('shapes', () => {
  const block = { from: 0, to: 1, x: 0, y: 0, w: 40, h: 22, lines: [] }
  test('differ by kind without colour', () => {
    const drawn = (['outside', 'inside', 'int', 'stop', 'bad'] as const).map(
      look => `${outline({ ...block, look })} ${mark({ ...block, look })}`,
    )
    expect(new Set(drawn).size).toBe(drawn.length)
  })
  test('have no mark where there is no room', () => expect(mark({ ...block, w: 8, look: 'outside' })).toBeNull())
})

describe('moving in time', () => {
  const { view, events } = midStep()
  test('stays within what is kept', () => {
    expect(clampEvent(-3, view.recording)).toBe(0)
    expect(clampEvent(99, view.recording)).toBe(20)
    expect(clampEvent(1, { ...view.recording, first: 7 })).toBe(7)
  })
  test('interrupts before and after', () => {
    const held = recordingOf(events)
    expect(interruptBeside(held, 0, 1)).toBe(5)
    expect(interruptBeside(held, 5, 1)).toBe(6)
    expect(interruptBeside(held, 5, -1)).toBeNull()
    expect(interruptBeside(held, 20, -1)).toBe(15)
    expect(interruptBeside(held, 15, 1)).toBeNull()
    expect(interruptBeside(TimelineEvents.none, 0, 1)).toBeNull()
  })
  test('says why not', () => {
    expect(seekBlocked(view)).toBeNull()
    expect(seekBlocked({ ...view, run: { ...view.run, state: 'running' } })).toBe('Pause to look back.')
    expect(seekBlocked(start().view)).toBe('No events yet.')
  })
})

describe('words', () => {
  test('the header says what the event shown was', () => {
    const { view, events } = midStep()
    expect(sentence(view, recordingOf(events))).toBe('Event 20: set SE in the MSR of vCPU 0')
    expect(sentence({ ...view, recording: { ...view.recording, shown: 0, live: false } }, recordingOf(events))).toBe(
      'Before the first event.',
    )
    expect(sentence(start().view, TimelineEvents.none)).toBe('No events yet. The dashed outline shows what one outside step will do.')
  })
  test('an option of the list says all that its block shows', () => {
    expect(optionText(race().events[8]!)).toBe('9: emulation assist interrupt, vCPU 1 kernel, wrong')
    expect(optionText(midStep().events[4]!)).toBe('5: trace, vCPU 0 kernel, interrupt')
  })
})
