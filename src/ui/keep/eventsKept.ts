/** How many events a recording keeps at least: the user's choice, which the browser remembers. */
import { recall, remember } from '../shell/remembered.ts'
import { onNotification, send } from '../store/store.ts'

const KEY = 'events-kept'
export const choices = [100_000, 1_000_000, 4_000_000] as const

export function keepEvents(events: number): void {
  remember(KEY, `${events}`)
  void send('setEventsKept', { events })
}

/** Each new worker is told. */
export function tellEventsKept(): void {
  const chosen = Number(recall(KEY) ?? 0)
  if (!choices.some(c => c === chosen)) return
  onNotification(n => n.type === 'initialized' && void send('setEventsKept', { events: Number(recall(KEY)) }))
}
