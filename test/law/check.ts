/** The property: a batch of generated programs from a seed; a counterexample is shrunk and told as a program. */
import fc from 'fast-check'
import { type Policy, policyNamed } from '../../src/emu/hypervisor/policy.ts'
import { compare } from './compare.ts'
import { programs, storyOf } from './programs.ts'
import type { Tally } from './tally.ts'

/** Null where the law holds for as many programs, each for as many boundaries. */
export function check(
  seed: number,
  count: number,
  boundaries: number,
  tally: Tally | null = null,
  policy: Policy = policyNamed('transparent'),
): string | null {
  const differs = (program: Parameters<typeof storyOf>[0], told: Tally | null) => compare(program, boundaries, policy, told).difference
  const found = fc.check(
    fc.property(programs, program => differs(program, tally) === null),
    { seed, numRuns: count },
  )
  if (!found.failed) return null
  const [program] = found.counterexample!
  return `${differs(program, null)}\n${storyOf(program)}`
}
