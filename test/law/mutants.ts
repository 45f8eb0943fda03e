/** Transparent with one thing wrong, each with the probe that must notice. The property of `compare.ts` must notice each too. */
import type { Choices } from '../../src/emu/hypervisor/choices.ts'
import { type Policy, policyNamed } from '../../src/emu/hypervisor/policy.ts'

export interface Mutant {
  readonly what: string
  readonly change: Partial<Choices>
  /** Name of a probe in `public/programs/probes/`. */
  readonly probe: string
}

const transparent = policyNamed('transparent')

export const mutated = ({ change }: Mutant): Policy => ({
  ...transparent,
  id: 'mutant',
  choices: { ...transparent.choices, ...change },
})

export const mutants: readonly Mutant[] = [
  { what: 'mfmsr executed', change: { mfmsr: 'clear SE in RT of the word at SRR0 - 4' }, probe: '01b-mfmsr-own-se' },
  { what: 'mfmsr executed and not mended', change: { mfmsr: 'executed' }, probe: '01-mfmsr' },
  { what: 'mtmsr executed', change: { mtmsr: 'executed' }, probe: '06b-mtmsr-sets-se' },
  { what: 'mtspr executed', change: { mtspr: 'executed' }, probe: '04-mtspr-save-registers' },
  { what: 'rfid executed', change: { rfid: 'executed' }, probe: '05-rfid' },
  { what: 'SE set in SRR1 for an rfid', change: { rfid: 'SE in SRR1' }, probe: '05b-rfid-then-mfsrr1' },
  { what: 'rfscv executed', change: { rfscv: 'executed' }, probe: '05c-rfscv' },
  { what: 'system calls executed', change: { systemCalls: 'executed' }, probe: '07-sc' },
  { what: 'the word in guest memory', change: { wordLivesIn: 'guest memory' }, probe: '09-load-vector' },
  { what: 'SIAR, SDAR and CFAR clobbered', change: { sampledRegisters: 'clobbered' }, probe: '08-siar-sdar' },
  { what: 'the reservation lost', change: { reservation: 'lost' }, probe: '10-reservation' },
  { what: 'SRR0 and SRR1 left', change: { saveRegisters: 'left' }, probe: '03-save-registers' },
  { what: 'the MSR remembered', change: { msrAfter: 'remembered, SE cleared' }, probe: '17-own-steps' },
  { what: 'the MSR without the SE of the guest', change: { msrAfter: 'SRR1 less SE, 33:36, 43:47' }, probe: '17-own-steps' },
  { what: 'a guest that steps itself lost', change: { selfStepping: 'lost' }, probe: '17-own-steps' },
  { what: 'interrupts ride along', change: { interruptsInStep: 'ride along' }, probe: '02-data-storage' },
  { what: 'the address of AIL 3 alone, computed once', change: { vectors: 'trace', traceVector: 'AIL 3, once' }, probe: '13-ail-0' },
  { what: 'the trace vector alone', change: { vectors: 'trace' }, probe: '02-data-storage' },
  { what: 'not armed anew when another vCPU changes AIL', change: { traceVector: 'predicted' }, probe: '13e-ail-by-another' },
  { what: 'the guest’s own breakpoint word reported', change: { ownIllegalWord: 'reported' }, probe: '19-own-breakpoint-word' },
]
