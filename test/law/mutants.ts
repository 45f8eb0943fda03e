/** Transparent with one thing wrong, each with the probe that must notice. The property of `compare.ts` must notice each too. */
import type { Processor } from '../../src/emu/core/complex.ts'
import { Core } from '../../src/emu/core/core.ts'
import { Vcpu } from '../../src/emu/core/vcpu.ts'
import type { Choices } from '../../src/emu/hypervisor/choices.ts'
import { Hypervisor } from '../../src/emu/hypervisor/hypervisor.ts'
import { type Policy, policyNamed } from '../../src/emu/hypervisor/policy.ts'
import { LPCR } from '../../src/emu/isa/bitfields.ts'

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
  { what: 'SE cleared in every mfmsr', change: { mfmsr: 'clear SE in RT of the saved word' }, probe: '01b-mfmsr-own-se' },
  { what: 'mtmsr executed', change: { mtmsr: 'executed' }, probe: '06b-mtmsr-sets-se' },
  { what: 'mtspr executed', change: { mtspr: 'executed' }, probe: '04-mtspr-save-registers' },
  { what: 'mtspr of SRR0 and SRR1 alone put right', change: { mtspr: 'value of RS put back' }, probe: '04b-mtspr-sampled' },
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
  { what: 'the MSR of the handler', change: { msrAfter: 'SE cleared' }, probe: '01-mfmsr' },
  { what: 'a guest that steps itself recognised at rfid alone', change: { selfStepping: 'recognised at rfid' }, probe: '17-own-steps' },
  { what: 'a guest that steps itself lost', change: { selfStepping: 'lost' }, probe: '17-own-steps' },
  { what: 'interrupts ride along', change: { interruptsInStep: 'ride along' }, probe: '02-data-storage' },
  { what: 'the address of AIL 3 alone, computed once', change: { vectors: 'trace', traceVector: 'AIL 3, once' }, probe: '13-ail-0' },
  { what: 'the trace vector alone', change: { vectors: 'trace' }, probe: '02-data-storage' },
  { what: 'the word behind the trace vector', change: { vectors: 'trace, + 4 at the vector' }, probe: '14-first-instruction' },
  { what: 'not armed anew when another vCPU changes AIL', change: { traceVector: 'predicted' }, probe: '13e-ail-by-another' },
  { what: 'the guest’s own breakpoint word reported', change: { ownIllegalWord: 'reported' }, probe: '19-own-breakpoint-word' },
]

/** Something wrong beneath the policy: in what Transparent is made of. */
export interface Fault {
  readonly what: string
  /** Plants it in every machine; the answer takes it away. */
  plant(): () => void
  /** Null where it takes a debugger to come upon it: no guest can by itself. */
  readonly probe: string | null
}

/** Another method in place of one, which it gets. */
function instead<T extends object, K extends keyof T>(of: T, name: K, make: (right: T[K]) => T[K]): () => void {
  const right = of[name]
  of[name] = make(right)
  return () => {
    of[name] = right
  }
}

/** The word that lay beneath a planted one the first time. */
const beneath = new WeakMap<Processor, Map<number, number>>()
function beneathAtFirst(core: Core, vcpu: Processor, real: number): number {
  let words = beneath.get(vcpu)
  if (!words) beneath.set(vcpu, (words = new Map()))
  const word = words.get(real) ?? new DataView(core.ram.buffer, core.ram.byteOffset + real, 4).getUint32(0, vcpu.state.msr('LE'))
  words.set(real, word)
  return word
}

export const faults: readonly Fault[] = [
  {
    what: 'what a word hides is not read again when it is taken away',
    plant: () =>
      instead(Core.prototype, 'overlayChanged', right => {
        return function (this: Core, vcpu, real) {
          const word = beneathAtFirst(this, vcpu, real)
          if (!vcpu.overlay.has(real)) vcpu.overlay.set(real, word)
          right.call(this, vcpu, real)
        }
      }),
    probe: '09c-new-handler',
  },
  {
    what: 'the words go where they went before the tables changed',
    plant: () =>
      instead(Core.prototype, 'flushAllTranslations', right => {
        return function (this: Core) {
          const before = this.translationsChanged
          right.call(this)
          this.translationsChanged = before
        }
      }),
    probe: '16c-remapped',
  },
  {
    what: 'what may move the vectors is executed',
    plant: () => instead(Core.prototype, 'holdsTable', () => () => false),
    probe: '16c-remapped',
  },
  {
    what: 'the word at a vector read in the byte order of the handlers',
    plant: () =>
      instead(Core.prototype, 'fetchedWord', () => {
        return function (this: Core, vcpu, real) {
          const little = (vcpu.state.get('LPCR') & LPCR.mask.ILE) !== 0n
          return vcpu.overlay.get(real) ?? new DataView(this.ram.buffer, this.ram.byteOffset + real, 4).getUint32(0, little)
        }
      }),
    probe: '15c-interrupts-big-endian',
  },
  {
    what: 'the words lie over the page for every vCPU',
    plant: () => {
      const anyones = (core: Core, real: number) => core.vcpus.map(v => v.overlay.get(real)).find(word => word !== undefined)
      const takeAway = [
        instead(Core.prototype, 'fetchedWord', right => {
          return function (this: Core, vcpu, real) {
            return anyones(this, real) ?? right.call(this, vcpu, real)
          }
        }),
        instead(Core.prototype, 'overlayChanged', right => {
          return function (this: Core, _vcpu, real) {
            for (const each of this.vcpus) right.call(this, each, real)
          }
        }),
      ]
      return () => takeAway.forEach(take => void take())
    },
    probe: '12-two-vcpus',
  },
  {
    what: 'an interrupt that is due does not come before the instruction that is performed',
    plant: () => instead(Vcpu.prototype, 'asynchronousDue', () => () => false),
    probe: '11c-doorbell',
  },
  {
    what: 'no Trace interrupt follows an instruction that is performed',
    plant: () =>
      instead(Vcpu.prototype, 'emulate', right => {
        return function (this: Vcpu, word) {
          const outcome = right.call(this, word)
          this.state.set('TRACE_DUE', 0n)
          return outcome
        }
      }),
    probe: '17m-traced',
  },
  {
    what: 'CIABR is not looked at while SE is on',
    plant: () =>
      instead(Vcpu.prototype, 'ciabrAddress', right => {
        return function (this: Vcpu) {
          return this.state.msr('SE') ? null : right.call(this)
        }
      }),
    probe: '18-ciabr',
  },
  {
    what: 'an edit, and the turns of another vCPU, in the middle of a step are not looked at',
    plant: () => instead(Hypervisor.prototype, 'lookAgain', () => () => {}),
    probe: null,
  },
]
