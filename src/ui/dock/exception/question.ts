/** When the Exception tab has something new to ask. Pure, so that "no request storms" can be tested. */
import type { MachineView } from '../../../emu/worker/protocol.ts'

export interface Question {
  event: number
  /** Another key means that the answer may be another. */
  key: string
}

/** What to ask for this view; null when there is nothing to ask (no view, no events, or the machine runs and the answer would be stale). */
export function questionFor(view: MachineView | null): Question | null {
  if (!view || view.run.state === 'starting' || view.run.state === 'running') return null
  const { shown, events, live } = view.recording
  if (shown === 0) return null
  // Going back and stepping again may put another event at the same number: instructions and time base tell them apart.
  return { event: shown, key: [view.generation, shown, events, live, view.instructions, view.timeBase, view.controller.policy].join(' ') }
}

/** Whether the last answer still says something while no new one can be had. */
export const keepsAnswer = (view: MachineView | null): boolean => view?.run.state === 'running'
