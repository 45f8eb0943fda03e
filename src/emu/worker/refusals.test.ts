/** What cannot be: refused with a message that says what to do, and no guest state changed; or done, and said. As the page sends it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { leafAt } from '../../../test/law/programs.ts'
import { Page } from '../../../test/support/page.ts'
import { differences } from '../debug/leaks.ts'
import { LPCR, MSR, setField } from '../isa/bitfields.ts'
import type { Command, Commands } from './protocol.ts'

const LINEAR = 0xc000000000000000n
const VECTOR = 0xc000000000004d00n
/** `_start` is an innocent program; the labels are what a guest may do to its own vectors. r28: the entry that maps them; r21: the vector. */
const SOURCE = `# twostep: map=radix ail=3 ir=1 dr=1 page=4K ram=16M vcpus=2
_start:     li r3,1
            addi r5,r5,1
            mfmsr r6
            add r7,r5,r6
            b _start
moves:      li r3,0x31c; li r4,0; li r5,3; li r6,0; li r7,0; sc 1
            b .
overwrites: lis r20,0x6000; stw r20,0(r21)
            lwz r22,0(r21)
            addi r22,r22,1
            b .
unmaps:     ldbrx r9,0,r28; li r8,0; std r8,0(r28)
            addi r3,r3,1
            stdbrx r9,0,r28
            addi r3,r3,1
            b .
calls:      li r8,0; std r8,0(r28)
            sc
            b .
`

let page: Page
const symbol = (name: string): bigint => page.view.program!.symbols.find(s => s.name === name)!.address
const set = (register: string, value: bigint, vcpu = 0) => page.send('writeRegister', { vcpu, register, value })
const phases = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await page.send('stepHypervisor', {})
}
const state = (vcpu = 0) => page.machine.core.vcpus[vcpu]!.state

/** The request is refused with the message, and neither the guest, nor the recording, nor the step in flight is another than before. */
async function refused<C extends Command>(command: C, args: Commands[C]['arguments'], message: RegExp): Promise<void> {
  const [guest, events, controller] = [page.guest, page.events, page.view.controller]
  await expect(page.send(command, args)).rejects.toThrow(message)
  expect(page.guest).toEqual(guest)
  expect(page.events).toEqual(events)
  expect(page.view.controller).toEqual(controller)
}

beforeEach(async () => {
  page = new Page()
  await page.send('loadSource', { name: 'guest.s', source: SOURCE })
  const entry = leafAt(page.machine.core, 0n, 0x4000n)
  await set('r21', VECTOR)
  await set('r28', LINEAR + entry)
})

describe('a policy file', () => {
  test.each([
    [
      'an unknown choice',
      { name: 'Mine', basedOn: 'transparent', choices: { colour: 'red' } },
      /^There is no choice "colour"\. There are "/,
    ],
    [
      'an unknown option',
      { name: 'Mine', basedOn: 'transparent', choices: { mfmsr: 'guess' } },
      /^"mfmsr" cannot be "guess"\. It is one of "/,
    ],
    ['no JSON', null, /^This is not JSON/],
  ])('%s: all problems are told, the policy stays, also in mid-step', async (_what, file, message) => {
    for (const steps of [0, 2]) {
      await phases(steps)
      const guest = page.guest
      const { policy, problems } = await page.send('ownPolicy', { json: file === null ? '{' : JSON.stringify(file), choose: true })
      expect(policy).toBeNull()
      expect(problems[0]!.text).toMatch(message)
      expect(page.guest).toEqual(guest)
      expect(page.view.controller.policy).toBe('rfc-v2')
      expect(page.view.controller.policies).toHaveLength(5)
    }
  })

  test('a good one is refused in mid-step, and not listed', async () => {
    await phases(2)
    const json = JSON.stringify({ name: 'Mine', basedOn: 'transparent', choices: {} })
    await refused('ownPolicy', { json, choose: true }, /in flight: the policy stays\. Finish the step or take it back first\.$/)
    expect(page.view.controller.policies).toHaveLength(5)
  })

  test('an unknown policy', () => refused('setPolicy', { policy: 'rfc-v9' }, /^There is no policy rfc-v9\. There are /))
})

describe('a vCPU that does not exist', () => {
  const none = /^There is no vCPU \S+: the machine has vCPUs 0 to 1\./
  test.each<[string, Command, Commands[Command]['arguments']]>([
    [
      'a schedule',
      'setSchedule',
      {
        script: [
          { vcpu: 0, boundaries: 3 },
          { vcpu: 2, boundaries: 1 },
        ],
        quantum: 1,
      },
    ],
    ['turns given to it', 'runVcpu', { vcpu: 7, boundaries: 1 }],
    ['no whole number', 'runVcpu', { vcpu: 0.5, boundaries: 1 }],
    ['selected', 'selectVcpu', { vcpu: -1 }],
    ['its register', 'writeRegister', { vcpu: 2, register: 'r3', value: 0n }],
    ['its line', 'setExternalLine', { vcpu: 2, raised: true }],
  ])('%s', (_what, command, args) => refused(command, args, none))

  test('turns for the vCPU that is being stepped', async () => {
    await phases(3)
    await refused(
      'runVcpu',
      { vcpu: 0, boundaries: 1 },
      /^vCPU 0 is being stepped from outside\. Give the turns to another vCPU, finish the step, or/,
    )
  })

  test('turns that are none', async () => {
    await refused('setSchedule', { script: [{ vcpu: 1, boundaries: 0 }], quantum: 1 }, /^A turn has at least one boundary, not 0\./)
    await refused('setSchedule', { script: [], quantum: 0.5 }, /^A turn has at least one boundary, not 0\.5\./)
    await refused('runVcpu', { vcpu: 1, boundaries: 0 }, /^A turn has at least one boundary, not 0\. Nothing was changed\./)
  })
})

test('a scheduler-locking that does not exist', async () => {
  const value = 'sometimes' as Commands['setSchedulerLocking']['arguments']['value']
  await refused(
    'setSchedulerLocking',
    { value },
    /^There is no scheduler-locking sometimes\. There are off, on, step, replay\. It stays\.$/,
  )
  expect(page.view.locking).toBe('replay')
})

describe('in mid-step', () => {
  test('policy and scheduler-locking stay', async () => {
    await phases(3)
    await refused(
      'setPolicy',
      { policy: 'transparent' },
      /^An outside step is in flight: the policy stays\. Finish the step or take it back first\.$/,
    )
    await refused('setSchedulerLocking', { value: 'on' }, /^An outside step is in flight: scheduler-locking stays\. Finish/)
    expect(page.view.locking).toBe('replay')
    await page.send('stepOutside', {})
    await page.send('setPolicy', { policy: 'transparent' })
    await page.send('setSchedulerLocking', { value: 'on' })
    expect(page.view.controller.policy).toBe('transparent')
  })

  const IN_HAND = ['NIP', 'MSR', 'SRR0', 'SRR1', 'SIAR', 'SDAR', 'CFAR', 'LPCR', 'PIDR', 'IAMR']

  test.each(['rfc-v2', 'rfc-v6', 'transparent'])('%s: registers that the step has in hand cannot be edited, in any phase', async policy => {
    await page.send('setPolicy', { policy })
    for (let n = 1; n < 8; n++) {
      await phases(1)
      for (const register of IN_HAND)
        await refused(
          'writeRegister',
          { vcpu: 0, register, value: 0x1234n },
          new RegExp(
            `^The outside step of vCPU 0 has ${register} in hand.* Finish the step or take it back, then edit ${register}\\. Nothing was changed\\.$`,
          ),
        )
    }
    await page.send('stepOutside', {})
    await set('SRR0', 0x1234n)
    expect(state().get('SRR0')).toBe(0x1234n)
  })

  test.each(['rfc-v2', 'transparent'])('%s: an edit of another register takes effect, and is no leak', async policy => {
    await page.send('setPolicy', { policy })
    await page.send('stepOutside', {})
    const leaks = page.view.controller.leaks.length
    await phases(2)
    await set('r5', 0x40n)
    await page.send('stepOutside', {})
    expect(state().get('GPR', 5)).toBe(0x41n)
    expect(state().get('NIP')).toBe(symbol('_start') + 8n)
    expect(page.view.controller.leaks).toHaveLength(leaks)
  })

  test('Transparent: behind an instruction that the controller performed, an edit does not have it performed again', async () => {
    await page.send('setPolicy', { policy: 'transparent' })
    await page.send('setSchedulerLocking', { value: 'on' })
    for (let n = 0; n < 2; n++) await page.send('stepOutside', {})
    await phases(2)
    await set('r6', 0x40n)
    await page.send('writeMemory', { address: symbol('_start') + 8n, bytes: Uint8Array.of(0, 0, 0, 0x60) })
    await page.send('stepOutside', {})
    expect(state().get('GPR', 6)).toBe(0x40n)
    expect(state().get('NIP')).toBe(symbol('_start') + 12n)
  })

  test('registers of another vCPU can be edited', async () => {
    await phases(3)
    await set('SRR0', 0x1234n, 1)
    expect(state(1).get('SRR0')).toBe(0x1234n)
  })

  test('the word in guest memory, and the instruction that is stepped, cannot be edited', async () => {
    await phases(2)
    const bytes = Uint8Array.of(1, 2, 3, 4)
    const there = /^The controller's word lies at 0xc000000000004d00 .* Finish the step or take it back, then edit\. Nothing was changed\.$/
    await refused('writeMemory', { address: VECTOR - 2n, bytes }, there)
    const stepped =
      /^The outside step of vCPU 0 is about to execute the instruction at 0xc000000000010000\. Finish the step or take it back, then edit/
    await refused('writeMemory', { address: symbol('_start') + 3n, bytes }, stepped)
    await page.send('writeMemory', { address: VECTOR + 4n, bytes })
    await page.send('stepOutside', {})
    expect((await page.send('readMemory', { address: VECTOR, count: 8 })).bytes).toEqual(Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4))
  })

  test('Transparent: memory beneath the word is the guest’s, and stays as edited', async () => {
    await page.send('setPolicy', { policy: 'transparent' })
    await phases(2)
    const bytes = Uint8Array.of(1, 2, 3, 4)
    await page.send('writeMemory', { address: VECTOR, bytes })
    await page.send('stepOutside', {})
    expect(state().get('NIP')).toBe(symbol('_start') + 4n)
    expect((await page.send('readMemory', { address: VECTOR, count: 4 })).bytes).toEqual(bytes)
    expect(page.machine.core.vcpus[0]!.overlay.size).toBe(0)
  })
})

const states = (): Uint8Array[] => page.machine.core.saveStates()

/** The guest is as after the turns in a machine where nobody steps, bit for bit, registers and memory. */
async function expectAsFree(start: Uint8Array[], turns: readonly (readonly [vcpu: number, boundaries: number])[]): Promise<void> {
  const free = new Page()
  await free.send('loadSource', { name: 'guest.s', source: SOURCE })
  free.machine.core.restoreStates(start)
  for (const [vcpu, boundaries] of turns) await free.send('runVcpu', { vcpu, boundaries })
  const others = free.machine.core.saveStates()
  expect(states().flatMap((bytes, vcpu) => differences(bytes, others[vcpu]!))).toEqual([])
  expect(page.guest.memory).toBe(free.guest.memory)
  expect(page.machine.core.vcpus.every(v => v.overlay.size === 0)).toBe(true)
}

describe('AIL changed in mid-step by H_SET_MODE of another vCPU', () => {
  test.each([1, 2, 3])('Transparent, after %i phases: armed anew, and the guest is as in a free run', async count => {
    await page.send('setPolicy', { policy: 'transparent' })
    await page.send('setSchedulerLocking', { value: 'on' })
    await set('NIP', symbol('moves'), 1)
    const start = states()
    await phases(count)
    await page.send('runVcpu', { vcpu: 1, boundaries: 6 })
    expect(state().get('LPCR') & LPCR.mask.AIL).toBe(0n)
    expect(page.events.at(-1)!.sentence).toBe('what arming had looked at has changed: armed anew')
    await page.send('stepOutside', {})
    expect(page.view.controller.step).toBeNull()
    expect(page.view.controller.leaks).toEqual([])
    const live = page.guest
    for (const event of [2, count + 1, 'live'] as const) await page.send('seek', { event })
    expect(page.guest).toEqual(live)
    await expectAsFree(start, [
      [1, 6],
      [0, 1],
    ])
  })

  test('by Machine: Step of the other vCPU', async () => {
    await page.send('setPolicy', { policy: 'transparent' })
    await page.send('setSchedulerLocking', { value: 'on' })
    await set('NIP', symbol('moves'), 1)
    const start = states()
    await phases(2)
    await page.send('selectVcpu', { vcpu: 1 })
    for (let n = 0; n < 6; n++) await page.send('stepMachine', {})
    await page.send('stepOutside', {})
    await expectAsFree(start, [
      [1, 6],
      [0, 1],
    ])
  })

  test('RFC v2 loses the guest and says so; Reset brings it back', async () => {
    const guest = page.guest
    await set('NIP', symbol('moves'), 1)
    await phases(3)
    await page.send('runVcpu', { vcpu: 1, boundaries: 6 })
    const { reason, text } = await page.send('stepOutside', {})
    expect(reason).toBe('stuck')
    expect(text).toMatch(/The outside step is still in flight: take it back before you edit\.$/)
    await page.send('stepBack', { actor: 'outside' })
    expect(page.view.controller.phases.find(p => p.state === 'now')?.name).toBe('trace')
    await page.send('reset', {})
    expect({ ...page.guest, registers: '' }).toEqual({ ...guest, registers: '' })
    expect(page.view.controller.step).toBeNull()
  })
})

describe('a guest that changes its own vectors', () => {
  test.each([
    ['overwrites', 4],
    ['unmaps', 6],
  ])('Transparent: %s them, and is as in a free run', async (label, boundaries) => {
    await page.send('setPolicy', { policy: 'transparent' })
    await page.send('setSchedulerLocking', { value: 'on' })
    await set('NIP', symbol(label))
    const start = states()
    for (let n = 0; n < boundaries; n++) await page.send('stepOutside', {})
    expect(page.view.controller.leaks).toEqual([])
    expect(state().get('NIP')).toBe(symbol(label) + 4n * BigInt(boundaries))
    await expectAsFree(start, [[0, boundaries]])
  })

  test('Transparent says why it performs an instruction itself while they are unmapped', async () => {
    await page.send('setPolicy', { policy: 'transparent' })
    await set('NIP', symbol('unmaps'))
    for (let n = 0; n < 4; n++) await page.send('stepOutside', {})
    const sentences = page.events.map(e => e.sentence).join('\n')
    expect(sentences).toContain('behind it the vector may be mapped elsewhere, or not at all')
    expect(sentences).toMatch(/a fetch at 0xc000000000004\w00 would leave a trace in the page table/)
  })

  test('RFC v2: the store takes the place of the word, the guest runs into its own vectors, and Back brings it back', async () => {
    await page.send('setSchedulerLocking', { value: 'on' })
    await set('NIP', symbol('overwrites'))
    await page.send('stepOutside', {})
    const guest = page.guest
    expect((await page.send('stepOutside', {})).reason).toBe('stuck')
    expect(page.view.status.text).toMatch(
      /^The guest cannot go on: the word 0x0 at 0xc000000000004d04 is no instruction, .*; go back, edit NIP, or reset\. The outside step is still in flight: take it back before you edit\.$/,
    )
    await refused('writeRegister', { vcpu: 0, register: 'NIP', value: symbol('_start') }, /^The outside step of vCPU 0 has NIP in hand/)
    await page.send('stepBack', { actor: 'outside' })
    expect(page.guest).toEqual(guest)
  })

  test.each([
    'rfc-v2',
    'rfc-v6',
    'transparent',
  ])('%s: an interrupt to vectors that are not mapped stops the guest with what to do', async policy => {
    await page.send('setPolicy', { policy })
    await page.send('setSchedulerLocking', { value: 'on' })
    await set('NIP', symbol('calls'))
    const guest = page.guest
    let [reason, steps] = ['step', 0]
    for (; reason === 'step' && steps < 8; steps++) reason = (await page.send('stepOutside', {})).reason
    expect(reason).toBe('stuck')
    expect(page.view.status.text).toMatch(/fetching there raises it again\. vCPU 0 is stopped; map the vectors, or go back\./)
    for (; steps > 0; steps--) await page.send('stepBack', { actor: 'outside' })
    expect(page.guest).toEqual(guest)
  })
})

describe('an edit with a trace of the guest pending', () => {
  const pending = async (): Promise<void> => {
    await page.send('setPolicy', { policy: 'transparent' })
    await set('MSR', state().get('MSR') | MSR.mask.SE)
    await page.send('stepOutside', {})
    expect(page.view.controller.guestTracePending).toBe(true)
  }

  test('NIP: the trace is dropped, and the page says so', async () => {
    await pending()
    await set('NIP', symbol('_start'))
    expect(page.view.status.text).toBe(`NIP set to 0x${symbol('_start').toString(16)}. The guest's pending trace was dropped.`)
    expect(page.events.at(-1)!.sentence).toContain("The guest's pending trace was dropped.")
    expect(page.view.controller.guestTracePending).toBe(false)
    await set('MSR', state().get('MSR') & ~MSR.mask.SE)
    await page.send('stepOutside', {})
    expect(state().get('NIP')).toBe(symbol('_start') + 4n)
  })

  test('LPCR: the trace goes where the new AIL says', async () => {
    await pending()
    await set('LPCR', setField(LPCR, 'AIL', state().get('LPCR'), 0n))
    expect(page.view.controller.guestTracePending).toBe(true)
    await page.send('stepOutside', {})
    expect(state().get('NIP')).toBe(0xd00n)
    expect(state().get('SRR0')).toBe(symbol('_start') + 4n)
    expect(page.view.controller.leaks).toEqual([])
  })

  test('a value that does not fit, and a register that is none', async () => {
    await pending()
    await refused('writeRegister', { vcpu: 0, register: 'NIP', value: 1n << 64n }, /^NIP has 64 bits; .* Nothing was changed\.$/)
    await refused('writeRegister', { vcpu: 0, register: 'NPI', value: 0n }, /^There is no register NPI\. Nothing was changed\.$/)
    expect(page.view.controller.guestTracePending).toBe(true)
  })
})
