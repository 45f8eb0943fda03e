/** The law: under *deliver*, the guest views at boundaries of a stepped run are those of a free run, bit for bit. A seeded slice of it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from '../../../test/law/check.ts'
import { boot, programs, scheduleOf } from '../../../test/law/programs.ts'
import { fetchFindsReferenced } from '../core/mmu.ts'
import { Hypervisor } from '../hypervisor/hypervisor.ts'
import { MSR } from '../isa/bitfields.ts'
import { extractField } from '../isa/fields.ts'
import { decode } from '../isa/instructions.ts'
import { interrupts } from '../isa/interrupts.ts'
import { sprByNumber } from '../isa/sprs.ts'

const BOUNDARIES = 120

const SEED = Number(process.env.SEED ?? 20181119)
const RUNS = Number(process.env.RUNS ?? 60)

describe('stepped equals free', () => {
  test('under Transparent', () => {
    expect(check(SEED, RUNS, BOUNDARIES)).toBeNull()
  }, 120_000)
})

/** Performed on the guest view wherever they are; then the registers of mtspr for which that holds, and those that move the vectors. */
const ALWAYS = new Set(['mfmsr', 'mtmsr', 'mtmsrd', 'rfid', 'rfscv', 'sc', 'scv'])
const WRITTEN = new Set(['SRR0', 'SRR1', 'SIAR', 'SDAR'])
const TRANSLATION = new Set(['PIDR', 'AMR', 'IAMR'])
const VECTORS = new Set(Object.values(interrupts).map(i => BigInt(i.vector)))

describe('the controller performs an instruction itself', () => {
  /** Why it may, by what stands in the specification; null where it may not. */
  function allowed({ machine: { core }, state: { step } }: Hypervisor, because: string): string | null {
    const { start, vcpu: id } = step!
    const vcpu = core.vcpus[id]!
    const instruction = start.word === null ? null : decode(start.word)
    const written = instruction?.base === 'mtspr' ? (sprByNumber(extractField('SPR', start.word!))?.state ?? '') : ''
    if (ALWAYS.has(instruction?.base ?? '') || WRITTEN.has(written)) return 'by its name'
    const vector = because.match(/a fetch at 0x(\w+) would/)
    if (vector) {
      // A handler is fetched with IR on exactly where AIL put its vector beyond the first page.
      const at = BigInt(`0x${vector[1]}`)
      const msr = vcpu.state.get('MSR')
      vcpu.state.set('MSR', at < 0x1000n ? msr & ~MSR.mask.IR : (msr | MSR.mask.IR) & ~MSR.mask.PR)
      const found = [fetchFindsReferenced(vcpu.state, core.partition, core, at)]
      vcpu.state.set('MSR', msr)
      return found.includes(true) ? null : 'a vector cannot be fetched'
    }
    if (because.includes('a planted word would hide it')) {
      const branch = vcpu.eventBasedBranchDue() && start.nip === vcpu.eventBasedBranchTarget()
      return branch || VECTORS.has(start.nip & 0xfffn) ? 'at a vector' : null
    }
    if (!because.includes('behind it the vector may be mapped elsewhere')) return null
    return TRANSLATION.has(written) || instruction?.trace === 'store' ? 'it moves the vectors' : null
  }

  test('for the reasons that there are alone, and meets its own words only by the core’s own exit', () => {
    const reasons = new Set<string>()
    for (const program of fc.sample(programs, { seed: SEED, numRuns: RUNS })) {
      const machine = boot(program)
      const hypervisor = new Hypervisor(machine, 'transparent')
      hypervisor.holdInterrupts = false
      hypervisor.setSchedule({ script: scheduleOf(program, 10_000), locking: 'off' })
      let exited = false
      for (const vcpu of machine.core.vcpus) vcpu.listener = e => (exited ||= e.kind === 'interrupt' && e.id === 'hypervisorDataStorage')
      hypervisor.listener = e => {
        if (e.phase === 'arm' && e.sentence.startsWith('the controller will perform')) {
          const why = allowed(hypervisor, e.sentence)
          expect(why, e.sentence).not.toBeNull()
          reasons.add(why!)
        }
        if (e.phase !== 'emulate' || !hypervisor.state.step!.path.includes('trace')) return
        expect(exited, e.sentence).toBe(true)
        reasons.add('it met the words')
      }
      for (let n = 0; n < 120; n++) {
        exited = false
        hypervisor.begin(n % program.vcpus)
        const { stop } = hypervisor.finishStep(2_000)
        if (stop?.reason !== 'step') break
      }
    }
    expect([...reasons].sort()).toEqual([
      'a vector cannot be fetched',
      'at a vector',
      'by its name',
      'it met the words',
      'it moves the vectors',
    ])
  }, 120_000)
})
