/** The part of the protocol that is about events: each as the Timeline draws it, and how many of them pass at once. */

import type { Actor } from '../debug/action.ts'
import type { EffectiveAddress, EventIndex, InstructionCount, TimeBase, VcpuId } from '../isa/units.ts'

export type Lane = { kind: 'hypervisor' } | { kind: 'vcpu'; vcpu: VcpuId; mode: 'kernel' | 'user' }

export type BlockKind = 'phase' | 'instruction' | 'interrupt' | 'free' | 'hypercall' | 'edit' | 'stop'

export interface TimelineEvent {
  index: EventIndex
  kind: BlockKind
  lane: Lane
  /** In the hypervisor's lane: for which vCPU it acts. */
  vcpu: VcpuId
  /** Who stepped or did it; `free` for a free run. */
  by: Actor | 'free' | 'you'
  /** What stands in the block: "set SE", "mfmsr r5", "trace". */
  label: string
  /** For the panel header and announcements: "set SE in the MSR of vCPU 0". */
  sentence: string
  instructions: InstructionCount
  timeBase: TimeBase
  /** Elbow arrow from the block before into this one. */
  arrow: 'entry' | 'exit' | 'interrupt' | 'return' | null
  /** Address of the instruction, or the vector taken. */
  address: EffectiveAddress | null
  vector: number | null
  /** Outside step that it belongs to, for the bracket above the lanes. */
  step: { ordinal: number; label: string } | null
  /** Bars below the lanes that begin or end here. */
  bars: BarChange[]
  /** The guest went to the wrong place, or its view differs from a free run from here on. */
  wrong: boolean
}

export type BarChange =
  | { bar: 'breakpoint'; vcpu: VcpuId; on: true; label: string }
  | { bar: 'breakpoint'; vcpu: VcpuId; on: false }
  | { bar: 'SE'; vcpu: VcpuId; on: boolean }

export interface GhostBlock {
  lane: Lane
  kind: BlockKind
  label: string
}

/** Behind event `keep`, what the page holds is replaced by `append`; before event `first` nothing is kept. */
export interface EventsUpdate {
  keep: EventIndex
  first: EventIndex
  append: EventColumns
}

/** Events as columns, an entry each; `TimelineEvents` reads them. Where `keep` is 0 the dictionary begins anew. */
export interface EventColumns {
  /** As in `TimelineEvent`, packed: see `event-columns.ts`. */
  head: Uint32Array
  /** Numbers in the dictionary. */
  label: Uint32Array
  sentence: Uint32Array
  step: Uint32Array
  bars: Uint32Array
  /** 64-bit values: what stands for the marks in the texts, the address, and when it was. */
  value: BigUint64Array
  address: BigUint64Array
  instructions: BigUint64Array
  timeBase: BigUint64Array
  /** What these events name that none before them has. */
  dictionary: { texts: string[]; steps: NonNullable<TimelineEvent['step']>[]; bars: BarChange[][] }
}
