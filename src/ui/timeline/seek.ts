/** Moving in time: the one way to it, for the drawing, the scrubber, the list, [ and ], and the Exception tab. */
import { create } from 'zustand'
import type { EventIndex } from '../../emu/isa/units.ts'
import type { MachineView } from '../../emu/worker/protocol.ts'
import type { TimelineEvents } from '../../emu/worker/timeline-events.ts'
import { send, useStore } from '../store/store.ts'
import { latest } from './latest.ts'

/** The event asked for and not yet shown; keys pressed fast add up. */
export const useSeeking = create<{ target: EventIndex | null }>(() => ({ target: null }))

const ask = latest(
  (event: EventIndex | 'live') => send('seek', { event }),
  () => useSeeking.setState({ target: null }),
)

/** Why time cannot be moved in now; null when it can. */
export function seekBlocked(view: MachineView | null): string | null {
  if (!view || view.run.state === 'starting') return 'The program is being loaded.'
  if (view.run.state === 'running') return 'Pause to look back.'
  if (view.recording.events === 0) return 'No events yet.'
  return null
}

/** Nearest event that is still kept; 0 is the state before the first. */
export function clampEvent(event: EventIndex, recording: MachineView['recording']): EventIndex {
  const least = recording.first > 1 ? recording.first : 0
  return Math.max(least, Math.min(event, recording.events))
}

export function seek(event: EventIndex | 'live'): void {
  const { view } = useStore.getState()
  if (!view || seekBlocked(view)) return
  const target = event === 'live' ? view.recording.events : clampEvent(event, view.recording)
  const live = target === view.recording.events
  useSeeking.setState({ target })
  ask(live ? 'live' : target)
}

/** The event that the next step in time starts from. */
export function at(): EventIndex {
  return useSeeking.getState().target ?? useStore.getState().view?.recording.shown ?? 0
}

export const seekBy = (events: number): void => seek(at() + events)

/** Index of the interrupt before or after an event; null when there is none. */
export function interruptBeside(events: TimelineEvents, from: EventIndex, direction: 1 | -1): EventIndex | null {
  for (let i = from - events.first + direction; i >= 0 && i < events.length; i += direction) {
    if (events.kindAt(i) === 'interrupt') return events.first + i
  }
  return null
}

export function seekInterrupt(direction: 1 | -1): void {
  const event = interruptBeside(useStore.getState().events, at(), direction)
  if (event !== null) seek(event)
}
