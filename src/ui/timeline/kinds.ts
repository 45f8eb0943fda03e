/** How an event looks: one table for the blocks, the scrubber's ticks and the aggregated counts. */
import { laneNumber } from '../../emu/worker/event-columns.ts'
import type { GhostBlock, Lane, TimelineEvent } from '../../emu/worker/protocol.ts'

/** Looks of a block, most telling first: when several share a pixel, the first wins. */
export const LOOKS = ['bad', 'int', 'edit', 'stop', 'hyp', 'outside', 'inside', 'free'] as const
export type Look = (typeof LOOKS)[number]

const byActor: Record<TimelineEvent['by'], Look> = {
  outside: 'outside',
  inside: 'inside',
  hypervisor: 'hyp',
  machine: 'free',
  free: 'free',
  you: 'edit',
}
const byKind: Record<TimelineEvent['kind'], Look | null> = {
  phase: 'hyp',
  hypercall: 'hyp',
  interrupt: 'int',
  edit: 'edit',
  stop: 'stop',
  free: 'free',
  instruction: null,
}

export function lookOf(event: Pick<TimelineEvent, 'kind' | 'by' | 'wrong'>): Look {
  if (event.wrong) return 'bad'
  return byKind[event.kind] ?? byActor[event.by]
}

/** In words, for readers of the list and the slider. */
export const laneName = (lane: Lane): string => (lane.kind === 'hypervisor' ? 'hypervisor' : `vCPU ${lane.vcpu} ${lane.mode}`)

export const ghostLane = (ghost: GhostBlock): number => laneNumber(ghost.lane)
