/** The guest view between the phases of a step: what the guest held before its boundary, or holds behind it, and nothing in between. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boot, programs, storyOf } from '../../../test/law/programs.ts'
import { State } from '../core/state.ts'
import { guestView } from '../hypervisor/guest-view.ts'
import { Hypervisor } from '../hypervisor/hypervisor.ts'
import { policies } from '../hypervisor/policy.ts'
import { differences } from './leaks.ts'

const SEED = Number(process.env.SEED ?? 20181119)
/** The Trace interrupt is a boundary of the core's until *restore* takes it back, and makes the guest's own pending. */
const hidden = new Set(['TIME', 'COMPLETED', 'TRACE_DUE'])
const STEPS = 60

/** The vCPU's state page with the guest view in the place of what differs. */
function viewed(hypervisor: Hypervisor): Uint8Array {
  const vcpu = hypervisor.vcpu(0)
  const bytes = vcpu.state.bytes.slice()
  const state = new State(bytes.buffer as ArrayBuffer, 0)
  for (const [name, value] of Object.entries(guestView(vcpu, hypervisor.state))) state.set(name, value)
  return bytes
}

/** Where it is in the middle of the step. */
interface Between {
  readonly phase: string
  /** The boundary has not come yet. */
  readonly ahead: boolean
  readonly bytes: Uint8Array
}

const differing = (bytes: Uint8Array, other: Uint8Array) => differences(bytes, other).filter(d => !hidden.has(d.register))

/** Calls with each step of the law's programs: the guest before it, behind it, and between its phases. */
function eachStep(policy: string, told: (before: Uint8Array, after: Uint8Array, between: Between[], where: string) => void): void {
  for (const program of fc.sample(programs, { seed: SEED, numRuns: 60 })) {
    const hypervisor = new Hypervisor(boot({ ...program, vcpus: 1 }), policy)
    hypervisor.holdInterrupts = false
    for (let n = 0; n < STEPS; n++) {
      const before = viewed(hypervisor)
      const between: Between[] = []
      hypervisor.begin(0)
      let stop = null
      while (hypervisor.state.step && !stop) {
        stop = hypervisor.stepTransition(200).stop
        const { step } = hypervisor.state
        if (step) between.push({ phase: step.phase, ahead: step.ran === 0 && step.exit === null, bytes: viewed(hypervisor) })
        if (step?.lost) break
      }
      told(before, viewed(hypervisor), between, `step ${n} of\n${storyOf(program)}`)
      if (stop?.reason !== 'step') break
    }
  }
}

test('Transparent: what the guest held before, then what it holds behind, and nothing else', () => {
  let met = 0
  eachStep('transparent', (before, after, between, where) => {
    let over = false
    for (const { phase, bytes } of between) {
      over ||= differing(bytes, before).length > 0
      if (over) expect(differing(bytes, after), `before ${phase} of ${where}`).toEqual([])
      if (over && phase === 'restore') met++
    }
  })
  expect(met).toBeGreaterThan(100)
}, 120_000)

test.each(policies.map(p => p.id))('%s: what the guest held before, until its boundary', policy => {
  let met = 0
  eachStep(policy, (before, _after, between, where) => {
    for (const { phase, ahead, bytes } of between.filter(({ phase }) => phase !== 'report')) {
      if (!ahead) break
      expect(differing(bytes, before), `before ${phase} of ${where}`).toEqual([])
      met++
    }
  })
  expect(met > 100).toBe(policy !== 'tcg')
}, 120_000)
