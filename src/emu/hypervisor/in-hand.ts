/** What an outside step in flight has in hand: an edit of the user's there would be lost, or would lose the step. */
import type { Vcpu } from '../core/vcpu.ts'
import type { RealAddress, VcpuId } from '../isa/units.ts'
import { isAhead, type Step } from './step-state.ts'
import { hex } from './transition.ts'

const WRITTEN = 'the Trace interrupt writes it, and the controller may put it back'
const PLACED = 'it decides where the word lies'
const held: Readonly<Record<string, string>> = {
  NIP: 'the step goes on from there',
  MSR: 'its SE bit is the step’s',
  SRR0: WRITTEN,
  SRR1: WRITTEN,
  SIAR: WRITTEN,
  SDAR: WRITTEN,
  CFAR: WRITTEN,
  LPCR: PLACED,
  PIDR: PLACED,
  IAMR: PLACED,
}

const until = (what: string): string => `Finish the step or take it back, then ${what}. Nothing was changed.`

/** Why the register cannot be edited now, and what to do; null when it can. */
export function registerInHand(step: Step | null, vcpu: VcpuId, name: string): string | null {
  const why = held[name]
  if (step?.vcpu !== vcpu || why === undefined) return null
  return `The outside step of vCPU ${vcpu} has ${name} in hand: ${why}. ${until(`edit ${name}`)}`
}

export interface Bytes {
  readonly real: RealAddress
  readonly count: number
}

/** Why the bytes cannot be edited now, and what to do; null when they can. */
export function memoryInHand(step: Step | null, vcpu: Vcpu, pieces: readonly Bytes[]): string | null {
  if (!step) return null
  const covers = (word: RealAddress): boolean => pieces.some(p => p.real < word + 4 && p.real + p.count > word)
  const word = step.planted.find(p => !p.overlay && covers(p.real))
  if (word) return `The controller's word lies at ${hex(word.at)} in guest memory until the outside step is over. ${until('edit')}`
  const { nip } = step.start
  const stepped = isAhead(step) ? vcpu.translate(nip, 'fetch', true) : null
  if (!stepped || 'interrupt' in stepped || !covers(Number(stepped.guestReal))) return null
  return `The outside step of vCPU ${step.vcpu} is about to execute the instruction at ${hex(nip)}. ${until('edit')}`
}
