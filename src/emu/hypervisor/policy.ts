/** Policies of the step controller: data, a choice a row. A phase asks the choice, never the policy's name. */

export interface Choices {
  /** Where the controller expects the Trace interrupt. */
  readonly traceVector: 'AIL 3, once' | 'predicted'
  /** Which vectors get the word. */
  readonly vectors: 'trace' | 'all reachable'
  readonly wordLivesIn: 'guest memory' | 'fetch overlay'
  readonly mfmsr: 'clear SE in RT of the word at SRR0 - 4' | 'emulate'
  readonly msrAfter: 'remembered, SE cleared' | 'SRR1, SE from the guest view'
  readonly saveRegisters: 'left' | 'restored'
  /** SIAR, SDAR, CFAR. */
  readonly sampledRegisters: 'clobbered' | 'restored'
  /** mtspr of SRR0, SRR1, SIAR, SDAR. */
  readonly mtspr: 'overwritten' | 'emulate'
  readonly returns: 'nothing' | 'emulate'
  readonly mtmsr: 'undone' | 'emulate'
  readonly systemCalls: 'run' | 'emulate'
  readonly interruptsInStep: 'ride along' | 'caught at the vector'
  readonly selfStepping: 'lost' | 'full'
  readonly reservation: 'lost' | 'kept'
}

export interface Policy {
  readonly id: 'rfc-v2' | 'transparent'
  readonly name: string
  readonly summary: string
  readonly choices: Choices
}

export const policies: readonly Policy[] = [
  {
    id: 'rfc-v2',
    name: 'RFC v2',
    summary: 'The patch of November 2018: one cached trace vector, the word in guest memory, SE cleared afterwards.',
    choices: {
      traceVector: 'AIL 3, once',
      vectors: 'trace',
      wordLivesIn: 'guest memory',
      mfmsr: 'clear SE in RT of the word at SRR0 - 4',
      msrAfter: 'remembered, SE cleared',
      saveRegisters: 'left',
      sampledRegisters: 'clobbered',
      mtspr: 'overwritten',
      returns: 'nothing',
      mtmsr: 'undone',
      systemCalls: 'run',
      interruptsInStep: 'ride along',
      selfStepping: 'lost',
      reservation: 'lost',
    },
  },
  {
    id: 'transparent',
    name: 'Transparent',
    summary: 'The guest cannot notice: an overlay for the fetch alone, every vector that can be reached, everything put back.',
    choices: {
      traceVector: 'predicted',
      vectors: 'all reachable',
      wordLivesIn: 'fetch overlay',
      mfmsr: 'emulate',
      msrAfter: 'SRR1, SE from the guest view',
      saveRegisters: 'restored',
      sampledRegisters: 'restored',
      mtspr: 'emulate',
      returns: 'emulate',
      mtmsr: 'emulate',
      systemCalls: 'emulate',
      interruptsInStep: 'caught at the vector',
      selfStepping: 'full',
      reservation: 'kept',
    },
  },
]

export type PolicyId = Policy['id']

export function policyNamed(id: PolicyId): Policy {
  return policies.find(p => p.id === id)!
}

/** Names of the ways in which a guest can notice, by number. `docs/channels.md` explains each. */
export const channels: Readonly<Record<number, string>> = {
  1: 'mfmsr',
  2: 'another interrupt in the step',
  3: 'SRR0 and SRR1',
  4: 'mtspr of SRR0, SRR1, SIAR, SDAR',
  5: 'rfid and rfscv',
  6: 'mtmsr and mtmsrd',
  7: 'sc and scv',
  8: 'SIAR, SDAR and CFAR',
  9: 'the planted word',
  10: 'reservations',
  11: 'pending interrupts',
  12: 'another vCPU at the vector',
  13: 'AIL',
  14: 'stepping the first instruction of a handler',
  15: 'the stepped instruction',
  16: 'fetching the vector',
  17: 'the guest steps itself',
  18: 'CIABR and DAWR of the guest',
  19: 'an illegal word of the guest',
  20: 'the register cache',
}
