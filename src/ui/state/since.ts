/** "changed since event 9" in words, and what can be chosen instead. */
import type { MachineView } from '../../emu/worker/protocol.ts'
import { grouped } from '../run/counts.ts'

interface Compared {
  readonly recording: Pick<MachineView['recording'], 'shown'>
  readonly state: Pick<MachineView['state'], 'baseline'>
}

/** Null where there is nothing to compare: at the beginning, unless an event was chosen. */
export function sinceText({ recording, state: { baseline } }: Compared): string | null {
  const { event, kind } = baseline
  if (kind !== 'event' && event === recording.shown) return null
  if (event > recording.shown) return `compared with event ${grouped(event)}`
  return event === 0 ? 'changed since the start' : `changed since event ${grouped(event)}`
}

export interface SinceChoice {
  readonly id: string
  readonly name: string
  readonly note: string
  readonly chosen: boolean
  /** What is asked for; null for what is chosen already. */
  readonly since: 'stop' | 'step' | number | null
}

export function sinceChoices({ recording: { shown }, state: { baseline } }: Compared): SinceChoice[] {
  const { event, kind } = baseline
  const here = kind === 'event' && event === shown
  return [
    { id: 'stop', name: 'Last stop of any actor', note: kind === 'stop' ? `event ${grouped(event)}` : '', chosen: kind === 'stop', since: 'stop' },
    { id: 'step', name: 'Start of the outside step', note: kind === 'step' ? `event ${grouped(event)}` : '', chosen: kind === 'step', since: 'step' },
    ...(kind === 'event' && !here ? [{ id: 'event', name: `Event ${grouped(event)}`, note: 'chosen', chosen: true, since: null }] : []),
    { id: 'shown', name: 'The event shown', note: `event ${grouped(shown)}`, chosen: here, since: shown },
  ] // biome-ignore format: a table
}
