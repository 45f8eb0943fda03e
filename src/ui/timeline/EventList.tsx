/**
 * The events as a list, behind the drawing: the same in words, for keyboard and screen reader. Only a window around the selection is in
 * the document; `aria-setsize` and `aria-posinset` tell the rest.
 */
import type { KeyboardEvent } from 'react'
import type { TimelineEvent } from '../../emu/worker/protocol.ts'
import { laneName, lookOf } from './kinds.ts'
import { besideInLane } from './neighbours.ts'
import { at, seek, seekBy, seekInterrupt } from './seek.ts'
import type { Track } from './track.ts'

const AROUND = 12

const kindWord: Partial<Record<ReturnType<typeof lookOf>, string>> = { int: 'interrupt', bad: 'wrong', edit: 'edited by you', stop: 'stop' }

export function optionText(event: TimelineEvent): string {
  const kind = kindWord[lookOf(event)]
  return `${event.index}: ${event.sentence}, ${laneName(event.lane)}${kind ? `, ${kind}` : ''}`
}

const changeLane = (direction: 1 | -1) => (track: Track) => {
  const to = besideInLane(track, track.positionOf(at()), direction)
  if (to !== null) seek(track.events.first + to)
}

const keys = new Map<string, (track: Track) => void>([
  ['ArrowRight', () => seekBy(1)],
  ['ArrowLeft', () => seekBy(-1)],
  ['ArrowDown', changeLane(1)],
  ['ArrowUp', changeLane(-1)],
  ['PageDown', () => seekInterrupt(1)],
  ['PageUp', () => seekInterrupt(-1)],
  ['Home', track => seek(track.length ? track.events.first : 0)],
  ['End', () => seek('live')],
])

export function EventList({ track, shown }: { track: Track; shown: number }) {
  const selected = track.positionOf(shown)
  const from = Math.max(0, selected - AROUND)
  const to = Math.min(track.length, Math.max(0, selected) + AROUND + 1)
  const window = Array.from({ length: Math.max(0, to - from) }, (_, i) => track.events.at(from + i)!)
  const current = selected < 0 ? undefined : `tl-event-${shown}`

  const onKeyDown = (e: KeyboardEvent) => {
    const act = e.ctrlKey || e.altKey || e.metaKey || e.shiftKey ? undefined : keys.get(e.key)
    if (!act) return
    e.preventDefault()
    act(track)
  }

  return (
    <div
      className="tl-list"
      role="listbox"
      aria-label="Events. Left and right move in time, up and down change lane"
      aria-activedescendant={current}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {window.map((event, i) => (
        // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the listbox, which names the active option
        <div
          key={event.index}
          id={`tl-event-${event.index}`}
          role="option"
          aria-selected={event.index === shown}
          aria-posinset={from + i + 1}
          aria-setsize={track.length}
        >
          {optionText(event)}
        </div>
      ))}
    </div>
  )
}
