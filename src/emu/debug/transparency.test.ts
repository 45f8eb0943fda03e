/** The law: under *deliver*, the guest views at boundaries of a stepped run are those of a free run, bit for bit. A seeded slice of it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare } from '../../../test/law/compare.ts'
import { programs, storyOf } from '../../../test/law/programs.ts'
import { type Choices, type Policy, policyNamed } from '../hypervisor/policy.ts'

const transparent = policyNamed('transparent')
const BOUNDARIES = 120

const mutant = (change: Partial<Choices>): Policy => ({ ...transparent, choices: { ...transparent.choices, ...change } })
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

  test.each([
    ['mfmsr executed', { mfmsr: 'clear SE in RT of the word at SRR0 - 4' }],
    ['mtmsr executed', { mtmsr: 'executed' }],
    ['mtspr executed', { mtspr: 'executed' }],
    ['rfid executed', { rfid: 'executed' }],
    ['the word in guest memory', { wordLivesIn: 'guest memory' }],
    ['CFAR clobbered', { sampledRegisters: 'clobbered' }],
    ['the reservation lost', { reservation: 'lost' }],
    ['SRR0 and SRR1 left', { saveRegisters: 'left' }],
    ['the MSR remembered', { msrAfter: 'remembered, SE cleared' }],
    ['a guest that steps itself', { selfStepping: 'lost' }],
    ['system calls executed', { systemCalls: 'executed' }],
    ['interrupts ride along', { interruptsInStep: 'ride along' }],
    ['the address of AIL 3 alone, computed once', { vectors: 'trace', traceVector: 'AIL 3, once' }],
    ['the trace vector alone', { vectors: 'trace' }],
  ] satisfies [string, Partial<Choices>][])(
    'a planted fault is caught: %s',
    (_name, change) => {
      const policy = mutant(change)
      const found = fc.check(
        fc.property(programs, program => compare(program, BOUNDARIES, policy).difference === null),
        { seed: SEED, numRuns: Math.max(RUNS, 60), endOnFailure: true },
      )
      expect(found.failed).toBe(true)
    },
    120_000,
  )
})
