/** How large the panels are at first: by the page's width and height, and by the named layout. Sections 2 and 6 of the workbench's design. */

/** Wide: all panes. Middle: the hypervisor's listing is a tab, the lesson a strip. Narrow: the page scrolls. */
export type Width = 'wide' | 'middle' | 'narrow'
export const widthOf = (pixels: number): Width => (pixels > 1200 ? 'wide' : pixels > 900 ? 'middle' : 'narrow')

export type LayoutName = 'lesson' | 'guest' | 'hypervisor' | 'race'

interface Shape {
  /** Beside the code; else a strip above it. */
  lesson: boolean
  /** Percent of the code's width; the hypervisor's listing takes the rest. */
  guest: number
  timeline: number
  dock: number
}

export const shapes: Readonly<Record<LayoutName, Shape>> = {
  lesson: { lesson: true, guest: 54, timeline: 212, dock: 236 },
  guest: { lesson: false, guest: 66, timeline: 190, dock: 190 },
  hypervisor: { lesson: false, guest: 42, timeline: 212, dock: 190 },
  race: { lesson: true, guest: 54, timeline: 296, dock: 238 },
}

export const LESSON = 244
/** As high as its tabs. */
export const FOLDED_DOCK = 30
const LOW_DOCK = 158

export interface Sizes {
  guest: string
  hypervisor: string
  timeline: number
  dock: number
  state: number
}

export function sizesFor(name: LayoutName, page: { width: number; height: number }): Sizes {
  const { guest, timeline, dock } = shapes[name]
  const width = widthOf(page.width)
  const most =
    page.height < 560
      ? FOLDED_DOCK
      : width === 'middle' && name === 'race'
        ? 112
        : page.height < 800 || width === 'middle'
          ? LOW_DOCK
          : dock
  return {
    guest: `${guest}%`,
    hypervisor: `${100 - guest}%`,
    timeline,
    dock: Math.min(dock, most),
    state: page.width >= 1440 ? 420 : width === 'wide' ? 400 : 388,
  }
}
