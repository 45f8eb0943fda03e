/** Timeline: header with the sentence of the event shown, lanes with the picture, scrubber. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { MachineView } from '../../emu/worker/protocol.ts'
import type { TimelineEvents } from '../../emu/worker/timeline-events.ts'
import { askedOfEvent } from '../dock/breakpoints/asked.ts'
import { grouped } from '../run/counts.ts'
import { runCommand } from '../shell/commands.ts'
import { Icon } from '../state/Icon.tsx'
import { Segmented } from '../state/Segmented.tsx'
import { useTips } from '../state/Tips.tsx'
import { useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { type Camera, startCamera, watched } from './camera.ts'
import { EventList } from './EventList.tsx'
import { ZOOM, zoomed } from './follow.ts'
import { rowsFor } from './lanes.ts'
import { ghostSpan, layout, type Scene } from './layout.ts'
import { Picture } from './Picture.tsx'
import { Scrubber } from './Scrubber.tsx'
import { scaleOf } from './scale.ts'
import { seek, seekBlocked, seekBy, useSeeking } from './seek.ts'
import { usePointer } from './usePointer.ts'
import { useSize } from './useSize.ts'
import { useTrack } from './useTrack.ts'
import './timeline.css'

const SCALES = [
  { value: 'events', label: 'Events', tip: 'Each event is as wide as its label' },
  { value: 'timeBase', label: 'Time base', tip: 'Linear in the time base' },
] as const

export function TimelinePanel() {
  const view = useStore(s => s.view)
  const events = useStore(s => s.events)
  const { tips, tip } = useTips(describe)
  const [camera, setCamera] = useState<Camera>(startCamera)
  const zoom = (factor: number) => setCamera(c => ({ ...c, ...zoomed(c.offset, c.zoom, factor, c.anchor, c.scale) }))
  const said = view ? sentence(view, events) : 'Starting.'
  const onKeyDown = (e: KeyboardEvent) => {
    tips.onKeyDown(e)
    // The list and the slider have keys of their own.
    if (e.target === e.currentTarget && !e.ctrlKey && !e.altKey && !e.metaKey && !e.shiftKey) keys.get(e.key)?.()
  }
  return (
    <section className="panel tlp" aria-label="Timeline" id="timeline" tabIndex={-1} {...tips} onKeyDown={onKeyDown}>
      <div className="ph">
        <h2>Timeline</h2>
        <span className="meta tl-sentence" data-tip={said}>
          {said}
        </span>
        <span className="sp" />
        <WordsButton />
        {view && view.recording.first > 1 && <Dropped recording={view.recording} />}
        <StopHere view={view} events={events} />
        <Segmented label="Scale" options={SCALES} value={camera.scale} choose={scale => setCamera(c => ({ ...c, scale }))} />
        <button
          type="button"
          className="btn quiet icon"
          aria-label="Zoom out"
          data-tip="Zoom out (Ctrl wheel)"
          onClick={() => zoom(1 / ZOOM.step)}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          className="btn quiet icon"
          aria-label="Zoom in"
          data-tip="Zoom in (Ctrl wheel)"
          onClick={() => zoom(ZOOM.step)}
        >
          <Icon name="plus" />
        </button>
      </div>
      <Lanes view={view} events={events} camera={camera} setCamera={setCamera} />
      {tip}
    </section>
  )
}

/** Asks for a breakpoint where the event shown happened. */
function StopHere({ view, events }: { view: MachineView | null; events: TimelineEvents }) {
  const event = view ? events.event(view.recording.shown) : undefined
  const running = view?.run.state === 'running'
  const off = running ? 'Pause first.' : event && askedOfEvent(event) ? null : 'A run could not stop at what is shown.'
  return (
    <button
      type="button"
      className="btn quiet icon"
      aria-label="Breakpoint where the event shown happened"
      aria-disabled={off !== null}
      data-tip={off ?? 'Breakpoint where the event shown happened…'}
      onClick={() => runCommand('breakpoint.event')}
    >
      <Icon name="disc" />
    </button>
  )
}

/** The recording had more events than are kept. */
function Dropped({ recording: { events, first } }: { recording: MachineView['recording'] }) {
  const kept = grouped(events - first + 1)
  const tip = `Recording holds ${kept} events. The oldest are dropped. Earlier times are shown by instruction count, in History. How many are kept is a choice: Recording, in Commands.`
  return (
    <span className="meta tl-dropped" data-tip={tip}>
      Last {kept} kept
    </span>
  )
}

/** While the panel itself has the focus. */
const keys = new Map<string, () => void>([
  ['ArrowRight', () => seekBy(1)],
  ['ArrowLeft', () => seekBy(-1)],
  ['Home', () => seek(useStore.getState().events.at(0)?.index ?? 0)],
  ['End', () => seek('live')],
])

/** For a tip: what the block's events were, else the text as it stands. */
function describe(tip: string): string {
  const [kind, from, to] = tip.split(' ')
  if (kind !== 'block') return tip
  const { events } = useStore.getState()
  const first = events.at(Number(from))
  if (!first) return ''
  const count = Number(to) - Number(from)
  return count === 1 ? `Event ${first.index}: ${first.sentence}` : `Events ${first.index} to ${first.index + count - 1}`
}

/** What the event shown was; without events, what the dashes mean. */
export function sentence(view: MachineView, events: TimelineEvents): string {
  const { recording, controller } = view
  if (recording.events === 0) {
    return controller.ghosts.length ? 'No events yet. The dashed outline shows what one outside step will do.' : 'No events yet.'
  }
  const shown = events.event(recording.shown)
  const { within } = recording
  const on = within > 0 ? `, and ${grouped(within)} ${within === 1 ? 'boundary' : 'boundaries'} on` : ''
  const none = recording.first > 1 ? 'the events that are kept' : 'the first event'
  return shown ? `Event ${shown.index}: ${shown.sentence}${on}` : `Before ${none}${on}.`
}

interface LanesProps {
  view: MachineView | null
  events: TimelineEvents
  camera: Camera
  setCamera: (change: (c: Camera) => Camera) => void
}

function Lanes({ view, events, camera, setCamera }: LanesProps) {
  const frame = useRef<HTMLDivElement>(null)
  const outer = useRef<HTMLDivElement>(null)
  // The width is the picture's; the height that of the panel, because the picture may be higher and scroll.
  const { width } = useSize(frame)
  const { height } = useSize(outer)
  const track = useTrack(events)
  const target = useSeeking(s => s.target)
  const blocked = seekBlocked(view)
  const vcpus = view?.vcpus ?? 1

  const rows = rowsFor(vcpus, height, lane => track.occupied(lane), camera.scale === 'timeBase')

  const scene: Scene = {
    track,
    scale: scaleOf(camera.scale, track),
    rows,
    shown: view?.recording.shown ?? 0,
    ghosts: view?.recording.live ? view.controller.ghosts : [],
    ghostLabel: view?.controller.step?.label ?? 'what one outside step will do',
    inFlight: view?.controller.step?.ordinal ?? null,
  }
  const seen = watched(camera, scene, view, width, ghostSpan(scene, camera.zoom).end)
  useEffect(() => {
    if (seen !== camera) setCamera(() => seen)
  })
  const drawing = layout(scene, { zoom: seen.zoom, offset: seen.offset, width })
  const pointer = usePointer(frame, scene, drawing, seen, setCamera, blocked)

  return (
    <>
      <div className="tl" ref={outer}>
        <div className="tl-l" style={{ height: rows.height }}>
          {rows.lanes.map(lane => (
            <div
              key={lane.lane}
              className={`${lane.lane === 0 ? 'h' : ''}${lane.folded ? ' folded' : ''}`}
              style={{ top: lane.top, height: lane.height }}
            >
              <b>{lane.title}</b>
              <small>{lane.subtitle}</small>
            </div>
          ))}
          {rows.axis !== null && (
            <div className="st" style={{ top: rows.axis, height: 12 }} data-tip="Time base: ticks since the machine began">
              TB
            </div>
          )}
          {rows.bars.map(bar => (
            <div key={bar.label} className="st" style={{ top: bar.top, height: 14 }}>
              {bar.label}
            </div>
          ))}
        </div>
        <div className="tl-s" ref={frame} {...pointer}>
          <EventList track={track} shown={view?.recording.shown ?? 0} />
          {width > 0 && <Picture drawing={drawing} rows={rows} height={Math.max(rows.height, height)} />}
        </div>
      </div>
      {view && <Scrubber track={track} recording={view.recording} value={target ?? view.recording.shown} blocked={blocked} />}
    </>
  )
}
