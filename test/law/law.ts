/**
 * The law over ten million outside steps, each a boundary (BOUNDARIES), from SEED on: under Transparent, against free runs. Prints how often each
 * channel's event occurred; ends with 1 at a difference, which it shrinks and prints as a program, or where an event was too rare.
 */
import fc from 'fast-check'
import { channels, policyNamed } from '../../src/emu/hypervisor/policy.ts'
import { compare } from './compare.ts'
import { programs, storyOf } from './programs.ts'
import { ownEvents, Tally } from './tally.ts'

const BOUNDARIES = Number(process.env.BOUNDARIES ?? 10_000_000)
const FIRST = Number(process.env.SEED ?? Date.now() % 1_000_000_000)
const A_CASE = 1_500
const BATCH = 100
/** Of each channel's event, in a run of the whole length. */
const WANTED = 1_000

const transparent = policyNamed('transparent')
const tally = new Tally()
const from = Date.now()
console.log(`seed ${FIRST}, ${BOUNDARIES} outside steps`)
for (let seed = FIRST; tally.steps < BOUNDARIES; seed++) {
  const found = fc.check(
    fc.property(programs, program => {
      const { difference } = compare(program, A_CASE, transparent, tally)
      return difference === null
    }),
    { seed, numRuns: BATCH },
  )
  if (found.failed) {
    const [program] = found.counterexample!
    console.log(`seed ${seed}: the law does not hold: ${compare(program, A_CASE, transparent).difference}\n${storyOf(program)}`)
    console.log('      Tests  1 failed (1)')
    process.exit(1)
  }
  if ((seed - FIRST) % 20 === 19) console.log(`${Math.round((Date.now() - from) / 1000)} s: ${tally.steps} steps`)
}
tally.take()
console.log(tally.toString())
const rare = tally.rarerThan(Math.min(WANTED, (WANTED * tally.steps) / 10_000_000))
for (const name of rare) console.log(`${name} was tried too rarely`)
const events = Object.keys(channels).length + Object.keys(ownEvents).length
console.log(`      Tests  ${rare.length > 0 ? `${rare.length} failed | ` : ''}${events - rare.length} passed (${events})`)
process.exit(rare.length > 0 ? 1 : 0)
