/** A breakpoint that another panel asks for: the tab shows it in its form, or the one that is there already. */
import { create } from 'zustand'
import type { TimelineEvent } from '../../../emu/worker/protocol.ts'
import { useStore } from '../../store/store.ts'
import type { Draft } from './draft.ts'

/** What is known of it; the rest is as in an empty form. */
export type Asked = Partial<Draft> & Pick<Draft, 'kind'>

export const useAsked = create<{ asked: Asked | null }>(() => ({ asked: null }))

export function askBreakpoint(asked: Asked): void {
  useStore.setState({ dockTab: 'breakpoints' })
  useAsked.setState({ asked })
}

const hex = (v: bigint | number): string => `0x${v.toString(16)}`
const crossings: Readonly<Record<string, Asked['kind']>> = { entry: 'entry', exit: 'exit' }

/** What would stop where the event happened; null where nothing does. */
export function askedOfEvent(e: TimelineEvent): Asked | null {
  if (e.kind === 'interrupt' && e.vector !== null) return { kind: 'vector', number: hex(e.vector) }
  if (e.kind === 'instruction' && e.address !== null) return { kind: 'software', address: hex(e.address) }
  if (e.kind === 'hypercall') return { kind: 'hypercall' }
  const kind = e.kind === 'phase' && e.arrow !== null ? crossings[e.arrow] : undefined
  return kind ? { kind } : null
}

/** Of the event shown. */
export function askAtEventShown(): void {
  const { view, events } = useStore.getState()
  const event = view ? events.event(view.recording.shown) : undefined
  const asked = event ? askedOfEvent(event) : null
  if (asked) return askBreakpoint(asked)
  const what = event ? `Event ${event.index}, ${event.label}, is no place where a run could stop.` : 'No event is shown.'
  const message = `${what} Nothing was set. Choose an instruction, an interrupt, a hypercall, a VM entry or a VM exit in the timeline.`
  useStore.setState({ problem: { message, action: null } })
}
