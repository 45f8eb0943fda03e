/**
 * Which vCPU is next, and for how many boundaries: plain data. vCPUs interleave sequentially, so a schedule is a sequence of vCPU
 * numbers, one a boundary; it is written as turns.
 */
import type { VcpuId } from '../isa/units.ts'

export interface Turn {
  readonly vcpu: VcpuId
  readonly boundaries: number
}

/** GDB's: which vCPUs run while one is stepped or continued. */
export const lockings = ['off', 'on', 'step', 'replay'] as const
export type SchedulerLocking = (typeof lockings)[number]

export interface Schedule {
  /** Turns that come first, in this order; then round robin. */
  readonly script: readonly Turn[]
  /** How many of these have begun. */
  readonly gone: number
  /** Boundaries of a turn of the round robin in a run. While one vCPU is stepped its turns, and those of the others, have one. */
  readonly quantum: number
  readonly locking: SchedulerLocking
  /** Whose turn it is. */
  readonly vcpu: VcpuId
  /** Boundaries left of the turn; null where it is of the round robin and has not begun. */
  readonly left: number | null
}

export type ScheduleChange = Partial<Pick<Schedule, 'script' | 'quantum' | 'locking'>>

export const QUANTUM = 10_000
/** Turns of up to so many boundaries that others have in the middle of a step are told boundary by boundary. */
export const CLOSELY = 500
export const roundRobin: Schedule = { script: [], gone: 0, quantum: QUANTUM, locking: 'off', vcpu: 0, left: null }

/** The schedule with its turn begun: of the script, or of the round robin with the length given. */
export function begun(s: Schedule, length: number): Schedule & { left: number } {
  if (s.left !== null && s.left > 0) return s as Schedule & { left: number }
  const first = s.script[s.gone]
  if (first && first.boundaries > 0) return { ...s, gone: s.gone + 1, vcpu: first.vcpu, left: first.boundaries }
  return { ...s, left: length }
}

/** Boundaries of the present turn were used up. */
export function used(s: Schedule & { left: number }, boundaries: number, vcpus: number): Schedule {
  const left = s.left - boundaries
  return left > 0 ? { ...s, left } : over(s, vcpus)
}

/** The turn is over, or given up by a vCPU that waits. */
export const over = (s: Schedule, vcpus: number): Schedule => ({
  ...s,
  left: null,
  vcpu: s.script[s.gone]?.vcpu ?? (s.vcpu + 1) % vcpus,
})
