import { expect, test } from 'vitest'
import { FOLDED_DOCK, type LayoutName, LESSON, shapes, sizesFor, widthOf } from './sizes.ts'

const names = Object.keys(shapes) as LayoutName[]
const MINIMUM = { guest: [320, 120], timeline: 150, state: 388, dock: 110 } as const

test.each([
  [1920, 'wide'],
  [1440, 'wide'],
  [1201, 'wide'],
  [1200, 'middle'],
  [1024, 'middle'],
  [901, 'middle'],
  [900, 'narrow'],
  [768, 'narrow'],
  [320, 'narrow'],
])('%i pixels are %s', (pixels, width) => {
  expect(widthOf(pixels)).toBe(width)
})

test('the sizes of the pictures', () => {
  expect(sizesFor('lesson', { width: 1440, height: 900 })).toEqual({
    guest: '54%',
    hypervisor: '46%',
    timeline: 212,
    dock: 236,
    state: 420,
  })
  expect(sizesFor('lesson', { width: 1280, height: 800 })).toMatchObject({ timeline: 212, dock: 236, state: 400 })
  expect(sizesFor('lesson', { width: 1024, height: 768 })).toMatchObject({ timeline: 212, dock: 158, state: 388 })
  expect(sizesFor('race', { width: 1440, height: 900 })).toMatchObject({ timeline: 296, dock: 238 })
  expect(sizesFor('race', { width: 1024, height: 768 })).toMatchObject({ timeline: 296, dock: 112 })
})

test.each(names)('layout %s leaves every panel its minimum at 1440 × 900', name => {
  const { guest, timeline, dock, state } = sizesFor(name, { width: 1440, height: 900 })
  const code = 1440 - state - (shapes[name].lesson ? LESSON : 0)
  const strip = shapes[name].lesson ? 0 : 34
  expect((code * Number.parseInt(guest, 10)) / 100).toBeGreaterThanOrEqual(MINIMUM.guest[0])
  expect(900 - 42 - 78 - 24 - strip - timeline - dock).toBeGreaterThanOrEqual(MINIMUM.guest[1])
  expect(timeline).toBeGreaterThanOrEqual(MINIMUM.timeline)
  expect(dock).toBeGreaterThanOrEqual(MINIMUM.dock)
  expect(state).toBeGreaterThanOrEqual(MINIMUM.state)
})

test.each(names)('layout %s folds the dock to its tabs on a page below 560', name => {
  expect(sizesFor(name, { width: 1440, height: 559 }).dock).toBe(FOLDED_DOCK)
  expect(sizesFor(name, { width: 1440, height: 560 }).dock).toBeGreaterThan(FOLDED_DOCK)
})
