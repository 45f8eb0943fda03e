/** The law: under *deliver*, the guest views at boundaries of a stepped run are those of a free run, bit for bit. A seeded slice of it. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { compare } from '../../../test/law/compare.ts'
import { programs, storyOf } from '../../../test/law/programs.ts'
import { policyNamed } from '../hypervisor/policy.ts'

const transparent = policyNamed('transparent')
const BOUNDARIES = 120

const SEED = Number(process.env.SEED ?? 20181119)
const RUNS = Number(process.env.RUNS ?? 60)

describe('stepped equals free', () => {
  test('under Transparent', () => {
    fc.assert(
      fc.property(programs, program => {
        const { difference } = compare(program, BOUNDARIES, transparent)
        if (difference) throw new Error(`${difference}\n${storyOf(program)}`)
      }),
      { seed: SEED, numRuns: RUNS },
    )
  }, 120_000)
})
