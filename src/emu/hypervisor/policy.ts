/** Policies of the step controller: data, a choice a row. */
import type { Choices } from './choices.ts'

export { channels } from './channels.ts'
export type { Choices } from './choices.ts'

export type PolicyId = string

export interface Policy {
  readonly id: PolicyId
  readonly name: string
  readonly summary: string
  /** It says that a guest cannot notice a step under it. */
  readonly claimsTransparency: boolean
  readonly choices: Choices
}

export const policies: readonly Policy[] = [
  {
    id: 'rfc-v2',
    name: 'RFC v2',
    summary: 'The patch of November 2018: one cached trace vector, the word in guest memory, SE cleared afterwards.',
    claimsTransparency: false,
    choices: {
      capability: 'assumed',
      traceVector: 'AIL 3, once',
      vectors: 'trace',
      wordLivesIn: 'guest memory',
      registerCache: 'used before synchronising',
      mfmsr: 'clear SE in RT of the word at SRR0 - 4',
      msrAfter: 'remembered, SE cleared',
      saveRegisters: 'left',
      mtspr: 'executed',
      sampledRegisters: 'clobbered',
      rfid: 'executed',
      rfscv: 'executed',
      mtmsr: 'executed',
      systemCalls: 'executed',
      interruptsInStep: 'ride along',
      selfStepping: 'lost',
      otherVcpu: 'taken for the step',
      ownIllegalWord: 'given to the guest',
      reservation: 'lost',
    },
  },
  {
    id: 'rfc-v6',
    name: 'RFC v6',
    summary: 'The patch of January 2020: the vector predicted from AIL, IR and DR; SRR0 and SRR1 put back; SE set in SRR1 for rfid.',
    claimsTransparency: false,
    choices: {
      capability: 'checked',
      traceVector: 'predicted',
      vectors: 'trace, + 4 at the vector',
      wordLivesIn: 'guest memory',
      registerCache: 'synchronised first',
      mfmsr: 'clear SE in RT of the saved word',
      msrAfter: 'SRR1 less SE, 33:36, 43:47',
      saveRegisters: 'restored',
      mtspr: 'value of RS put back',
      sampledRegisters: 'clobbered',
      rfid: 'SE in SRR1',
      rfscv: 'executed',
      mtmsr: 'executed',
      systemCalls: 'executed',
      interruptsInStep: 'ride along, pending at a breakpoint',
      selfStepping: 'recognised at rfid',
      otherVcpu: 'sent back if stepped before',
      ownIllegalWord: 'reported',
      reservation: 'lost',
    },
  },
  {
    id: 'transparent',
    name: 'Transparent',
    summary: 'The guest cannot notice: an overlay for the fetch alone, every vector that can be reached, everything put back.',
    claimsTransparency: true,
    choices: {
      capability: 'reported',
      traceVector: 'predicted, re-armed',
      vectors: 'all reachable',
      wordLivesIn: 'fetch overlay',
      registerCache: 'synchronised first',
      mfmsr: 'emulate',
      msrAfter: 'SRR1, SE from the guest view',
      saveRegisters: 'restored',
      mtspr: 'emulate',
      sampledRegisters: 'restored',
      rfid: 'emulate',
      rfscv: 'emulate',
      mtmsr: 'emulate',
      systemCalls: 'emulate',
      interruptsInStep: 'caught at the vector',
      selfStepping: 'full',
      otherVcpu: 'cannot meet it',
      ownIllegalWord: 'given to the guest',
      reservation: 'kept',
    },
  },
  {
    id: 'kvm-pr',
    name: 'KVM PR',
    summary: 'KVM steps by itself: SE in the guest’s MSR before each entry, cleared after each run; every interrupt comes to KVM.',
    claimsTransparency: false,
    choices: {
      capability: 'reported',
      traceVector: 'every interrupt exits',
      vectors: 'none',
      wordLivesIn: 'nowhere',
      registerCache: 'in KVM',
      mfmsr: 'executed',
      msrAfter: 'SE cleared',
      saveRegisters: 'as executed',
      mtspr: 'executed',
      sampledRegisters: 'as executed',
      rfid: 'executed',
      rfscv: 'executed',
      mtmsr: 'executed',
      systemCalls: 'executed',
      interruptsInStep: 'reflected',
      selfStepping: 'lost',
      otherVcpu: 'cannot meet it',
      ownIllegalWord: 'given to the guest',
      reservation: 'lost',
    },
  },
  {
    id: 'tcg',
    name: 'TCG',
    summary: 'QEMU’s translator stops after one instruction; MSR[SE] is not involved.',
    claimsTransparency: false,
    choices: {
      capability: 'not needed',
      traceVector: 'none',
      vectors: 'none',
      wordLivesIn: 'nowhere',
      registerCache: 'none',
      mfmsr: 'executed',
      msrAfter: 'as executed',
      saveRegisters: 'as executed',
      mtspr: 'executed',
      sampledRegisters: 'as executed',
      rfid: 'executed',
      rfscv: 'executed',
      mtmsr: 'executed',
      systemCalls: 'executed',
      interruptsInStep: 'as executed',
      selfStepping: 'as executed',
      otherVcpu: 'cannot meet it',
      ownIllegalWord: 'given to the guest',
      reservation: 'lost at interrupts and rfid',
    },
  },
]

/** Throws an Error with a sentence that lists them. */
export function policyNamed(id: PolicyId): Policy {
  const found = policies.find(p => p.id === id)
  if (!found) throw new Error(`There is no policy ${id}. There are ${policies.map(p => p.id).join(', ')}.`)
  return found
}
