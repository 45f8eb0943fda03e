/** First, previous, the recording as one line of ticks with the playhead on it, next, last. */
import { type KeyboardEvent, memo, type PointerEvent, useRef } from 'react'
import type { MachineView } from '../../emu/worker/protocol.ts'
import type { TimelineEvents } from '../../emu/worker/timeline-events.ts'
import { grouped } from '../run/counts.ts'
import { Icon, type IconName } from '../state/Icon.tsx'
import { useStore } from '../store/store.ts'
import { laneName } from './kinds.ts'
import { clampEvent, seek, seekBy } from './seek.ts'
import { type Reach, type Tick, ticks } from './ticks.ts'
import type { Track } from './track.ts'

const span: Record<Reach, string> = { above: '1V7', below: '7V13', through: '3V11', full: '0V14' }

const Ticks = memo(function Ticks({ track }: { track: Track; events: TimelineEvents }) {
  return ticks(track).map((t: Tick) => (
    <path key={`${t.x}${t.reach}`} className={`tick ${t.look} ${t.reach}`} d={`M${t.x.toFixed(3)} ${span[t.reach]}`} />
  ))
})

/** Events that a key moves by, or where it goes. */
const steps: Record<string, number | 'first' | 'live'> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: 'first',
  End: 'live',
}

interface Props {
  track: Track
  recording: MachineView['recording']
  /** What the user points at: the event asked for, or the one shown. */
  value: number
  blocked: string | null
}

export function Scrubber({ track, recording, value, blocked }: Props) {
  const bar = useRef<HTMLDivElement>(null)
  const { events, live, within, branches } = recording
  const least = clampEvent(0, recording)
  const span = Math.max(1, events - least)
  const event = track.events.event(value)

  const seekTo = (e: PointerEvent) => {
    const box = bar.current!.getBoundingClientRect()
    seek(least + Math.round(((e.clientX - box.left) / box.width) * span))
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.altKey || e.metaKey || !(e.key in steps)) return
    e.preventDefault()
    const step = steps[e.key]!
    if (typeof step === 'number') seekBy(step)
    else seek(step === 'first' ? least : 'live')
  }
  const valueText = event
    ? `event ${value}, ${event.label}, ${laneName(event.lane)}`
    : value === 0
      ? 'before the first event'
      : `event ${value}`

  return (
    <div className="scrub">
      <Move
        name="first"
        label="First event"
        blocked={blocked ?? (value <= least ? 'This is the beginning.' : null)}
        act={() => seek(least)}
      />
      <Move
        name="previous"
        label="Previous event"
        blocked={blocked ?? (value <= least ? 'This is the beginning.' : null)}
        act={() => seekBy(-1)}
      />
      <Move name="next" label="Next event" blocked={blocked ?? (value >= events ? 'This is the live end.' : null)} act={() => seekBy(1)} />
      <Move name="last" label="Last event" blocked={blocked ?? (live ? 'This is the live end.' : null)} act={() => seek('live')} />
      <span className="scrub-at">
        {events === 0 ? (
          'No events'
        ) : (
          <>
            Event <b className="mono">{grouped(value)}</b>
            {within > 0 && value === recording.shown && ` + ${grouped(within)}`} of {grouped(events)}
          </>
        )}
      </span>
      <div
        ref={bar}
        className="bar"
        role="slider"
        tabIndex={0}
        aria-label="Time travel"
        aria-valuemin={least}
        aria-valuemax={events}
        aria-valuenow={value}
        aria-valuetext={live ? `${valueText}, live` : valueText}
        aria-disabled={blocked !== null}
        onKeyDown={onKeyDown}
        onPointerDown={e => {
          if (e.button !== 0 || blocked) return
          e.currentTarget.setPointerCapture(e.pointerId)
          seekTo(e)
        }}
        onPointerMove={e => {
          if (e.currentTarget.hasPointerCapture(e.pointerId)) seekTo(e)
        }}
      >
        <svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
          <rect className="line" x={0} y={6} width={100} height={2} />
          <Ticks track={track} events={track.events} />
        </svg>
        <i className="thumb" style={{ left: `${((value - least) / span) * 100}%` }} />
      </div>
      <span className={live ? 'scrub-live' : 'scrub-live past'}>{live ? 'live' : 'past'}</span>
      {branches > 0 && (
        <button
          type="button"
          className="btn quiet"
          data-tip="Courses that were left"
          onClick={() => useStore.setState({ dockTab: 'history' })}
        >
          {branches === 1 ? '1 branch' : `${branches} branches`}
        </button>
      )}
    </div>
  )
}

function Move({ name, label, blocked, act }: { name: IconName; label: string; blocked: string | null; act: () => void }) {
  return (
    <button
      type="button"
      className="btn quiet"
      aria-label={label}
      aria-disabled={blocked !== null}
      data-tip={blocked ? `${label}. ${blocked}` : label}
      onClick={() => blocked === null && act()}
    >
      <Icon name={name} />
    </button>
  )
}
