/** Panels and their widths: resizable, remembered by the browser, and arranged for the page's width. */
import { type ReactNode, useSyncExternalStore } from 'react'
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels'
import { create } from 'zustand'
import { GuestPanel } from '../code/GuestPanel.tsx'
import { HypervisorPanel } from '../code/HypervisorPanel.tsx'
import { Dock } from '../dock/Dock.tsx'
import { LessonPanel } from '../lesson/LessonPanel.tsx'
import { LessonStrip } from '../lesson/LessonStrip.tsx'
import { StatePanel } from '../state/StatePanel.tsx'
import { TimelinePanel } from '../timeline/TimelinePanel.tsx'

export type Width = 'wide' | 'middle' | 'narrow'

/** Section 6 of the workbench's design. */
export const widthOf = (pixels: number): Width => (pixels > 1200 ? 'wide' : pixels > 900 ? 'middle' : 'narrow')

const subscribe = (changed: () => void) => {
  addEventListener('resize', changed)
  return () => removeEventListener('resize', changed)
}
export const useWidth = (): Width => useSyncExternalStore(subscribe, () => widthOf(innerWidth))

/** Changes when the layout is to be as it was at first. */
const useLayoutReset = create<{ count: number }>(() => ({ count: 0 }))
const PREFIX = 'twostep.layout.'

const storage = {
  getItem(key: string): string | null {
    try {
      return localStorage.getItem(PREFIX + key)
    } catch {
      return null
    }
  },
  setItem(key: string, value: string): void {
    try {
      localStorage.setItem(PREFIX + key, value)
    } catch {
      // The layout is then not remembered.
    }
  },
}

export function resetLayout(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
  } catch {
    // Nothing was stored.
  }
  useLayoutReset.setState(s => ({ count: s.count + 1 }))
}

interface Part {
  id: string
  /** Pixels, or a share; the one without takes what the others leave. */
  size?: number | string
  min: number
  content: ReactNode
  /** Keeps its pixels when the window changes. */
  fixed?: boolean
}

function Split({ id, vertical = false, parts }: { id: string; vertical?: boolean; parts: readonly Part[] }) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id, storage, panelIds: parts.map(p => p.id) })
  return (
    <Group
      orientation={vertical ? 'vertical' : 'horizontal'}
      id={id}
      {...(defaultLayout ? { defaultLayout } : {})}
      onLayoutChanged={onLayoutChanged}
    >
      {parts.flatMap((p, n) => [
        n > 0 && <Separator key={`${p.id}-edge`} className="edge" aria-label={`Resize ${parts[n - 1]!.id} and ${p.id}`} />,
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

const guest: Part = { id: 'guest', size: '54%', min: 320, content: <GuestPanel /> }
const hypervisor: Part = { id: 'hypervisor', size: '46%', min: 240, content: <HypervisorPanel /> }
const state = (size: number): Part => ({ id: 'state', size, min: 388, content: <StatePanel />, fixed: true })
const timeline: Part = { id: 'timeline', size: 236, min: 150, content: <TimelinePanel />, fixed: true }
const dock = (size: number): Part => ({ id: 'dock', size, min: 32, content: <Dock />, fixed: true })
const rest = (id: string, min: number, content: ReactNode): Part => ({ id, min, content })

function Wide() {
  const editors = <Split id="editors" parts={[guest, hypervisor]} />
  const centre = <Split id="centre" vertical parts={[rest('editors', 120, editors), timeline, dock(236)]} />
  const lesson: Part = { id: 'lesson', size: 244, min: 200, content: <LessonPanel />, fixed: true }
  return <Split id="wide" parts={[lesson, rest('centre', 400, centre), state(innerWidth >= 1440 ? 420 : 400)]} />
}

function Middle() {
  const left = <Split id="middle-left" vertical parts={[rest('guest', 120, <GuestPanel />), dock(158)]} />
  const lower = <Split id="middle-lower" parts={[rest('middle-left', 320, left), state(388)]} />
  return (
    <>
      <LessonStrip />
      <div className="fill">
        <Split id="middle" vertical parts={[timeline, rest('middle-lower', 200, lower)]} />
      </div>
    </>
  )
}

/** Below 900 pixels the page scrolls. */
function Narrow() {
  return (
    <>
      <LessonStrip />
      <div className="stack">
        <div style={{ height: 236 }}><TimelinePanel /></div>
        <div style={{ height: 320 }}><GuestPanel /></div>
        <div style={{ height: 300 }}><Dock /></div>
        <StatePanel />
      </div>
    </>
  ) // biome-ignore format: short
}

export function Layout({ width }: { width: Width }) {
  const resets = useLayoutReset(s => s.count)
  const Arrangement = { wide: Wide, middle: Middle, narrow: Narrow }[width]
  return (
    <main className="panels" id="main" tabIndex={-1}>
      <Arrangement key={`${width}-${resets}`} />
    </main>
  )
}
