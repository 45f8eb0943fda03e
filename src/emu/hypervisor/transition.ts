/** A phase of an outside step: a function from the step and its vCPU to the step afterwards. */
import type { Vcpu } from '../core/vcpu.ts'
import type { EffectiveAddress } from '../isa/units.ts'
import type { Choices } from './choices.ts'
import type { HypervisorEvent, Stop } from './events.ts'
import type { Hosted } from './hosted.ts'
import { type Step, type StepPhase, stepWith } from './step-state.ts'

export interface Context {
  readonly machine: Hosted
  readonly vcpu: Vcpu
  readonly choices: Choices
  readonly emit: (event: HypervisorEvent) => void
  /** The vCPU gave up its turns until an interrupt (H_CEDE). */
  readonly cede: (vcpu: Vcpu) => void
}

export interface Transition {
  /** Null once it is reported. */
  readonly step: Step | null
  readonly stop: Stop | null
  /** The guest ran for its whole allowance, and the phase goes on. */
  readonly unfinished: boolean
}

export interface Phase {
  readonly name: StepPhase
  /** What it does, for hovers and the listing. */
  readonly says: string
  next(step: Step, context: Context, allowance: number): Transition
}

export const to = (step: Step, phase: StepPhase, changes: Partial<Step> = {}): Transition => ({
  step: stepWith(step, phase, changes),
  stop: null,
  unfinished: false,
})

export const hex = (v: bigint): string => `0x${v.toString(16)}`

/** 0xc000000000004d00 → 0xc…4d00. */
export function shortAddress(a: EffectiveAddress): string {
  const s = a.toString(16)
  return s.length > 8 ? `0x${s[0]}…${s.slice(-4)}` : `0x${s}`
}

export const listed = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join()
