/** Panels and their widths: resizable, remembered by the browser, and arranged for the page's width. */
import { type ReactNode, useSyncExternalStore } from 'react'
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels'
import { GuestPanel } from '../code/GuestPanel.tsx'
import { HypervisorPanel } from '../code/HypervisorPanel.tsx'
import { Dock } from '../dock/Dock.tsx'
import { LessonPanel } from '../lesson/LessonPanel.tsx'
import { LessonSheet, LessonStrip } from '../lesson/LessonStrip.tsx'
import { StatePanel } from '../state/StatePanel.tsx'
import { TimelinePanel } from '../timeline/TimelinePanel.tsx'
import { foldLesson, LAYOUT, openLessonSheet, useArrangement } from './arrangement.ts'
import { Guard } from './Guard.tsx'
import { recall, remember } from './remembered.ts'

export type Width = 'wide' | 'middle' | 'narrow'

/** Section 6 of the workbench's design. */
export const widthOf = (pixels: number): Width => (pixels > 1200 ? 'wide' : pixels > 900 ? 'middle' : 'narrow')

const subscribe = (changed: () => void) => {
  addEventListener('resize', changed)
  return () => removeEventListener('resize', changed)
}
export const useWidth = (): Width => useSyncExternalStore(subscribe, () => widthOf(innerWidth))

const storage = { getItem: (key: string) => recall(LAYOUT + key), setItem: (key: string, value: string) => remember(LAYOUT + key, value) }

interface Part {
  id: string
  /** In the label of its edge. */
  name: string
  /** Pixels, or a share; the one without takes what the others leave. */
  size?: number | string
  min: number
  content: ReactNode
  /** Keeps its pixels when the window changes. */
  fixed?: boolean
}

function Split({ id, vertical = false, parts }: { id: string; vertical?: boolean; parts: readonly Part[] }) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id,
    storage,
    panelIds: parts.map(p => p.id),
    onlySaveAfterUserInteractions: true,
  })
  return (
    <Group
      orientation={vertical ? 'vertical' : 'horizontal'}
      id={id}
      {...(defaultLayout ? { defaultLayout } : {})}
      onLayoutChanged={onLayoutChanged}
    >
      {parts.flatMap((p, n) => [
        n > 0 && <Separator key={`${p.id}-edge`} className="edge" aria-label={`Resize ${parts[n - 1]!.name} and ${p.name}`} />,
        <Panel
          key={p.id}
          id={p.id}
          {...(p.size === undefined ? {} : { defaultSize: p.size })}
          minSize={p.min}
          groupResizeBehavior={p.fixed ? 'preserve-pixel-size' : 'preserve-relative-size'}
        >
          {p.content}
        </Panel>,
      ])}
    </Group>
  )
}

const panel = (name: string, content: ReactNode) => <Guard name={name}>{content}</Guard>
const guestPanel = panel('Guest code', <GuestPanel />)
const timelinePanel = panel('Timeline', <TimelinePanel />)
const dockPanel = panel('Dock', <Dock />)
const statePanel = panel('State', <StatePanel />)

const guest: Part = { id: 'guest-code', name: 'guest code', size: '54%', min: 320, content: guestPanel }
const hypervisor: Part = {
  id: 'hypervisor-code',
  name: 'hypervisor code',
  size: '46%',
  min: 240,
  content: panel('Hypervisor code', <HypervisorPanel />),
}
const state = (size: number): Part => ({ id: 'registers', name: 'State', size, min: 388, content: statePanel, fixed: true })
const timeline: Part = { id: 'lanes', name: 'timeline', size: 212, min: 150, content: timelinePanel, fixed: true }
const dock = (size: number): Part => ({ id: 'tabs', name: 'dock', size, min: 30, content: dockPanel, fixed: true })
const rest = (id: string, name: string, min: number, content: ReactNode): Part => ({ id, name, min, content })

/** The dock's height at first: below 560 it is folded to its tabs. */
const dockHeight = (): number => (innerHeight < 560 ? 30 : innerHeight < 800 ? 158 : 236)

function Wide() {
  const folded = useArrangement(a => a.lessonFolded)
  const editors = <Split id="editors" parts={[guest, hypervisor]} />
  const centre = <Split id="centre" vertical parts={[rest('code', 'code', 120, editors), timeline, dock(dockHeight())]} />
  const right = state(innerWidth >= 1440 ? 420 : 400)
  if (folded) {
    return (
      <>
        <LessonStrip open={() => foldLesson(false)} />
        <div className="fill">
          <Split id="wide-folded" parts={[rest('middle', 'code and timeline', 400, centre), right]} />
        </div>
      </>
    )
  }
  const lesson: Part = {
    id: 'task',
    name: 'lesson',
    size: 244,
    min: 200,
    content: panel('Lesson', <LessonPanel fold={() => foldLesson(true)} />),
    fixed: true,
  }
  return <Split id="wide" parts={[lesson, rest('middle', 'code and timeline', 400, centre), right]} />
}

function Middle() {
  const left = <Split id="middle-left" vertical parts={[rest('code', 'guest code', 120, guestPanel), dock(Math.min(dockHeight(), 158))]} />
  const lower = <Split id="middle-lower" parts={[rest('left', 'code', 320, left), state(388)]} />
  return (
    <>
      <LessonStrip open={() => openLessonSheet(true)} />
      <div className="fill">
        <Split id="middle" vertical parts={[timeline, rest('lower', 'code', 200, lower)]} />
      </div>
    </>
  )
}

/** Below 900 pixels the page scrolls. */
function Narrow() {
  return (
    <>
      <LessonStrip open={() => openLessonSheet(true)} />
      <div className="stack">
        <div className="stack-timeline">{timelinePanel}</div>
        <div className="stack-code">{guestPanel}</div>
        <div className="stack-dock">{dockPanel}</div>
        {statePanel}
      </div>
    </>
  )
}

export function Layout({ width }: { width: Width }) {
  const resets = useArrangement(a => a.resets)
  const Arrangement = { wide: Wide, middle: Middle, narrow: Narrow }[width]
  return (
    <main className="panels" id="main" tabIndex={-1}>
      <Arrangement key={`${width}-${resets}`} />
      {width !== 'wide' && <LessonSheet />}
    </main>
  )
}
