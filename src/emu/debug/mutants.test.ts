/** Planted faults: each mutant of Transparent is caught by its probe and by the property. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from '../../../test/law/check.ts'
import { compare } from '../../../test/law/compare.ts'
import { faults, mutants, mutated } from '../../../test/law/mutants.ts'
import { programs } from '../../../test/law/programs.ts'
import { policyNamed } from '../hypervisor/policy.ts'
import { runProbe } from './probe.ts'
import { probeProgram } from './probe-program.ts'

const probes = new URL('../../../public/programs/probes/', import.meta.url)
const probe = (name: string) => probeProgram(name, readFileSync(new URL(`${name}.s`, probes), 'utf8'))
const SEED = Number(process.env.SEED ?? 20181119)

describe.each(mutants)('$what', mutant => {
  test(`${mutant.probe} notices, and passes under Transparent`, () => {
    const program = probe(mutant.probe)
    expect(runProbe(program, policyNamed('transparent'), 'deliver').verdict).toBe('pass')
    expect(['leak', 'lost']).toContain(runProbe(program, mutated(mutant), 'deliver').verdict)
  })

  test('the property notices', () => {
    const policy = mutated(mutant)
    const found = fc.check(
      fc.property(programs, program => compare(program, 120, policy).difference === null),
      { seed: SEED, numRuns: 600, endOnFailure: true },
    )
    expect(found.failed).toBe(true)
  }, 60_000)
})

describe.each(faults)('beneath the policy: $what', fault => {
  const transparent = policyNamed('transparent')
  const wrong = <T>(act: () => T): T => {
    const takeAway = fault.plant()
    try {
      return act()
    } finally {
      takeAway()
    }
  }

  const named = fault.probe
  if (named !== null)
    test(`${named} notices, and passes without it`, () => {
      const program = probe(named)
      expect(runProbe(program, transparent, 'deliver').verdict).toBe('pass')
      expect(['leak', 'lost']).toContain(wrong(() => runProbe(program, transparent, 'deliver').verdict))
    })

  test('the property notices', () => {
    const property = fc.property(programs, program => compare(program, 120, transparent).difference === null)
    const found = wrong(() => fc.check(property, { seed: SEED, numRuns: 600, endOnFailure: true }))
    expect(found.failed).toBe(true)
  }, 60_000)
})

test('a counterexample is shrunk, and told as a program that can be read', () => {
  const left = mutants.find(m => m.what === 'SRR0 and SRR1 left')!
  const said = check(SEED, 200, 120, null, mutated(left))!
  expect(said).toMatch(/^deed 0 \(step 0\), time \d+: vCPU 0: SRR0 is \w+ instead of \w+\n# twostep: map=radix /)
  const [program, turns, deeds] = said.slice(said.indexOf('_start:')).split(/\n(?=#)/)
  expect(program).toMatch(/^_start: addi r3,r3,7\n(addi r3,r3,7\n){2}b _start$/)
  expect([turns, deeds]).toEqual([expect.stringMatching(/^# turns: \d+$/), '# deeds: step 0'])
}, 60_000)
