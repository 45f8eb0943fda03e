/**
 * Each row of the comparison switched alone, from each preset: what contradicts is refused with a reason that names the row; what does not
 * makes steps that end, and another guest or another recording than the preset.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Choice, choiceNames, choiceRows, contradictionsOf } from '../hypervisor/choices.ts'
import { Hypervisor } from '../hypervisor/hypervisor.ts'
import { listingOf } from '../hypervisor/listing.ts'
import { type Policy, policies } from '../hypervisor/policy.ts'
import { realOf } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { runProbe } from './probe.ts'
import { type ProbeProgram, probeProgram } from './probe-program.ts'

const folder = new URL('../../../public/programs/probes/', import.meta.url)
const programs = new Map<string, ProbeProgram>()
function probe(name: string): ProbeProgram {
  let found = programs.get(name)
  if (!found) programs.set(name, (found = probeProgram(name, readFileSync(new URL(`${name}.s`, folder), 'utf8'))))
  return found
}

/** Probes in which a row shows. */
const shows: Readonly<Record<Choice, readonly string[]>> = {
  capability: [],
  traceVector: ['13-ail-0', '13e-ail-by-another'],
  vectors: ['14-first-instruction', '02-data-storage'],
  wordLivesIn: ['09-load-vector'],
  registerCache: ['20-register-cache', '01-mfmsr'],
  mfmsr: ['01-mfmsr', '01b-mfmsr-own-se', '15-branch-target'],
  msrAfter: ['06-mtmsr', '17-own-steps'],
  saveRegisters: ['03-save-registers'],
  mtspr: ['04-mtspr-save-registers', '04b-mtspr-sampled'],
  sampledRegisters: ['08-siar-sdar', '08b-cfar'],
  rfid: ['05-rfid', '05b-rfid-then-mfsrr1'],
  rfscv: ['05c-rfscv'],
  mtmsr: ['06-mtmsr'],
  systemCalls: ['07-sc'],
  interruptsInStep: ['02-data-storage'],
  selfStepping: ['17-own-steps', '17e-rfid-sets-se'],
  otherVcpu: ['12-two-vcpus'],
  ownIllegalWord: ['19-own-breakpoint-word'],
  reservation: ['10-reservation', '10b-reservation-interrupt'],
}

/** Switches that no step of these shows, and why. */
const silent: readonly { readonly why: string; is(preset: Policy, choice: Choice, to: string): boolean }[] = [
  { why: 'it says how the debugger learns who steps', is: (_preset, choice) => choice === 'capability' },
  {
    why: 'the cache is asked for the MSR alone, and the preset takes it from SRR1',
    is: ({ choices }, choice) => choice === 'registerCache' && choices.msrAfter !== 'remembered, SE cleared',
  },
  {
    why: 'it takes a breakpoint in the middle of a step: policies.test.ts has one',
    is: ({ choices }, choice, to) =>
      choice === 'interruptsInStep' && [choices.interruptsInStep, to].every(each => each.startsWith('ride along')),
  },
]

/** States of the vCPUs after each of the steps from the probe's label on. */
function recordingOf(program: ProbeProgram, policy: Policy): string {
  const machine = new Pseries(program.image)
  const { vcpus } = machine.core
  const hypervisor = new Hypervisor(machine, policy.id, policy)
  hypervisor.setSchedule({ quantum: 1 })
  hypervisor.holdInterrupts = false
  while (realOf(vcpus[0]!.state.get('NIP')) !== program.start) hypervisor.run(0, 1)
  const states: string[] = []
  for (let n = 0; n < 30; n++) {
    hypervisor.begin(0)
    hypervisor.finishStep(200)
    states.push(
      machine.core
        .saveStates()
        .map(s => Buffer.from(s).toString('base64'))
        .join(),
    )
  }
  return states.join()
}

const recorded = new Map<string, string>()
function recording(name: string, policy: Policy): string {
  const key = `${name} ${policy.id}`
  let found = recorded.get(key)
  if (found === undefined) recorded.set(key, (found = recordingOf(probe(name), policy)))
  return found
}

const switches = policies.flatMap(preset =>
  choiceNames.flatMap(choice =>
    Object.keys(choiceRows[choice].options)
      .filter(to => to !== preset.choices[choice])
      .map(to => ({ preset, choice, to })),
  ),
)
const after = ({ preset, choice, to }: (typeof switches)[number]): Policy => ({
  ...preset,
  id: `${preset.id}, ${choice}: ${to}`,
  choices: { ...preset.choices, [choice]: to },
})
const refused = (s: (typeof switches)[number]): boolean => contradictionsOf(after(s).choices).length > 0

test('what is refused says why, at the row that was switched; what is not has a listing', () => {
  for (const s of switches) {
    if (!refused(s)) expect(listingOf(after(s)).filter(l => l.phase === 'report')).toHaveLength(1)
    for (const { rows, says } of contradictionsOf(after(s).choices)) {
      expect(rows, `${after(s).id}: ${says}`).toContain(s.choice)
      expect(says.length).toBeGreaterThan(20)
    }
  }
})

describe.each(policies.map(p => [p.name, p] as const))('%s', (_name, preset) => {
  test.each(switches.filter(s => s.preset === preset && !refused(s)).map(s => [s.choice, s.to, s] as const))('%s: %s', (choice, to, s) => {
    const policy = after(s)
    for (const name of shows[choice]) expect(runProbe(probe(name), policy, 'deliver').steps).toBeGreaterThan(0)
    const differs = shows[choice].some(name => recording(name, policy) !== recording(name, preset))
    expect(differs).toBe(!silent.some(({ is }) => is(preset, choice, to)))
  })
})
