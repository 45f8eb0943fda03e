/** Two vCPUs and four steppers, as the page sends it: whose turn it is after Reset, what each stepper goes back over, and what is said of the race. */
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { Page } from '../../../test/support/page.ts'
import type { Actor } from './protocol.ts'

const RACE = readFileSync(new URL('../../../public/programs/race.s', import.meta.url), 'utf8')
const TURNS = [
  { vcpu: 0, boundaries: 3 },
  { vcpu: 1, boundaries: 40 },
]

let page: Page
beforeEach(async () => {
  page = new Page()
  await page.send('loadSource', { name: 'race.s', source: RACE })
  await page.send('setSchedulerLocking', { value: 'off' })
})
const hypervisor = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await page.send('stepHypervisor', {})
}
const outside = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await page.send('stepOutside', {})
}

describe('Reset', () => {
  test('keeps the turns with which the program began, policy and locking as they are now', async () => {
    await page.send('setSchedule', { script: TURNS, quantum: 7 })
    await outside(3)
    await page.send('setSchedule', { script: [{ vcpu: 0, boundaries: 9 }], quantum: 5 })
    await page.send('setSchedulerLocking', { value: 'step' })
    await page.send('reset', {})
    expect(page.view.schedule).toMatchObject({ script: TURNS, quantum: 5 })
    expect(page.view.locking).toBe('step')
    expect(page.view.status.text).toMatch(/^Reset: paused before the first instruction\./)
    // They are part of the recording, and stay through another one.
    expect(page.events.map(e => e.sentence)).toEqual([expect.stringMatching(/^schedule set by you: vCPU 0 for 3, then vCPU 1 for 40/)])
    const { text } = await page.send('saveSession', {})
    await outside(1)
    await page.send('reset', {})
    expect(page.view.schedule.script).toEqual(TURNS)
    await page.send('openSession', { text })
    expect(page.view.schedule.script).toEqual(TURNS)
    await page.send('reset', {})
    expect(page.view.schedule.script).toEqual(TURNS)
  })

  test('brings back no turns where the program began without', async () => {
    await outside(1)
    await page.send('setSchedule', { script: TURNS, quantum: 7 })
    await page.send('reset', {})
    expect(page.view.schedule.script).toEqual([])
    expect(page.events).toEqual([])
  })
})

describe('Back', () => {
  type Deed = readonly [actor: Actor, vcpu: number, send: () => Promise<unknown>]
  const deeds: readonly Deed[] = [
    ['outside', 0, () => page.send('stepOutside', {})],
    ['machine', 0, () => page.send('stepMachine', {})],
    ['outside', 1, () => page.send('stepOutside', {})],
    ['hypervisor', 0, () => page.send('stepHypervisor', {})],
    ['hypervisor', 0, () => page.send('stepHypervisor', {})],
    // vCPU 1, in the middle of the step of vCPU 0.
    ['machine', 1, () => page.send('runVcpu', { vcpu: 1, boundaries: 3 })],
    ['outside', 0, () => page.send('stepOutside', {})],
    ['outside', 1, () => page.send('stepOutside', {})],
  ]

  test.each(['rfc-v2', 'rfc-v6', 'transparent'])('%s: each stepper over its own last step, whichever vCPU it was of', async policy => {
    await page.send('setPolicy', { policy })
    await page.send('setSchedule', { script: [], quantum: 1 })
    const before: { actor: Actor; guest: typeof page.guest; events: number; phases: unknown }[] = []
    for (const [actor, vcpu, send] of deeds) {
      await page.send('selectVcpu', { vcpu })
      before.push({ actor, guest: page.guest, events: page.events.length, phases: page.view.schedule })
      await send()
    }
    for (const was of before.reverse()) {
      expect(page.view.actors[was.actor].back).toBeNull()
      await page.send('stepBack', { actor: was.actor })
      expect(page.guest).toEqual(was.guest)
      expect(page.events).toHaveLength(was.events)
      expect(page.view.schedule).toEqual(was.phases)
    }
    for (const actor of ['outside', 'machine', 'hypervisor'] as const) expect(page.view.actors[actor].back).toBe('Nothing to take back.')
  })

  test('takes what came after it along, also what other steppers did', async () => {
    await outside(1)
    const { guest } = page
    await page.send('stepOutside', {})
    await page.send('runVcpu', { vcpu: 1, boundaries: 2 })
    await page.send('stepBack', { actor: 'outside' })
    expect(page.guest).toEqual(guest)
    expect(page.view.actors.machine.back).toBe('Nothing to take back.')
  })
})

describe('the race', () => {
  const missing = () => page.view.controller.listing.flatMap(l => (l.missing ? [[l.text, l.missing, l.leak?.channel]] : []))

  test('RFC v2: the listing says which check is missing; the assist of vCPU 1 is where it goes wrong; its debugger gets nothing', async () => {
    await page.send('setSchedule', { script: TURNS, quantum: 10 })
    await outside(3)
    await hypervisor(4)
    expect(missing()).toEqual([['if exit.nip == addr:', 'which vCPU is not checked', 12]])
    expect(page.events.filter(e => e.wrong).map(e => `${e.vcpu} ${e.label}`)).toEqual(['1 assist', '1 exit', '1 restore'])
    expect(page.view.actors.inside).toMatchObject({ status: 'blocked', detail: ['vCPU 1 handler', 'did not run'] })
    // What the policy leaves is said of interrupts of its own step alone.
    expect(await page.send('exceptionInfo', { event: page.events.length })).toMatchObject({ vcpu: 1, leak: null })
    expect(await page.send('exceptionInfo', { event: 9 })).toMatchObject({ vcpu: 0, leak: expect.stringMatching(/^RFC v2 leaves SRR0/) })
  })

  test('RFC v6: sent back, it is no wrong turn, and its debugger is blocked as long as the word is there', async () => {
    await page.send('setPolicy', { policy: 'rfc-v6' })
    await page.send('selectVcpu', { vcpu: 1 })
    await page.send('setSchedule', { script: [{ vcpu: 1, boundaries: 40 }], quantum: 10 })
    await outside(1)
    await page.send('selectVcpu', { vcpu: 0 })
    await page.send('setSchedule', { script: TURNS, quantum: 10 })
    await outside(3)
    await hypervisor(3)
    await page.send('runVcpu', { vcpu: 1, boundaries: 40 })
    expect(page.view.schedule.vcpus[1]!.state).toBe('sent back')
    expect(page.view.actors.inside).toMatchObject({ status: 'blocked', detail: ['vCPU 1 was', 'sent back to the word'] })
    await page.send('stepOutside', {})
    expect(page.view.actors.inside.status).toBe('idle')
    expect(page.events.filter(e => e.wrong)).toEqual([])
    expect(missing()).toEqual([['if exit.nip == addr:', 'only known if stepped before', 12]])
  })

  test('Transparent: nothing is missing', async () => {
    await page.send('setPolicy', { policy: 'transparent' })
    expect(missing()).toEqual([])
  })
})

describe('a trace of the guest that is pending', () => {
  const SELF = '# twostep: map=radix ail=3 ir=1 dr=1 se=1 ram=16M\n_start: li r3,1\n li r4,2\n b _start\n'

  test('is what the next step delivers, and is called so in the stepper, the ghosts, the bracket and the report', async () => {
    await page.send('loadSource', { name: 'self.s', source: SELF })
    await page.send('setPolicy', { policy: 'transparent' })
    await page.send('stepOutside', {})
    expect(page.view.actors.outside.detail[0]).toBe('next guest trace')
    expect(page.view.actors.inside.word).toBe('Guest trace pending')
    expect(page.view.controller.ghosts.map(g => g.label)).toEqual([
      'arm',
      'set SE',
      'enter',
      'trace',
      'assist',
      'exit',
      'restore',
      'report',
    ])
    await hypervisor(1)
    expect(page.view.actors.outside.detail[0]).toBe('guest trace')
    expect(page.view.controller.step!.label).toBe('outside step 2: guest trace')
    await page.send('stepOutside', {})
    expect(page.view.status.text).toBe('Outside delivered the guest trace; the guest stands at 0xc000000000004d00.')
    expect(page.view.actors.outside.detail[0]).not.toContain('trace')
  })
})

test('what is typed while the guest is paused is said to wait', async () => {
  await page.send('consoleInput', { text: 'r\n', port: 'debug' })
  expect(page.view.status.text).toBe('2 bytes typed at the second serial port by you. The guest reads them when it runs.')
})

describe('what vCPUs do to each other, by turns that the user gives', () => {
  const at = (vcpu: number) => page.view.schedule.vcpus[vcpu]!
  const run = (vcpu: number, boundaries: number) => page.send('runVcpu', { vcpu, boundaries })

  test('msgsndp wakes a vCPU that waits in H_CEDE, with a doorbell; stepped from outside, too', async () => {
    const source = `# twostep: map=radix ail=3 ir=1 dr=1 vcpus=2 ram=16M
_start: mfspr r9,1023; cmpdi r9,0; bne waits
        lis r3,0x2800; ori r3,r3,1      # directed privileged doorbell, to thread 1
        msgsndp r3
        b .
waits:  li r3,0xe0; sc 1                # H_CEDE
        b .
        .section .v, "ax"
        .org 0xc000000000004a00
bell:   b bell
`
    const load = async (): Promise<void> => {
      await page.send('loadSource', { name: 'bell.s', source })
      await page.send('setSchedulerLocking', { value: 'on' })
      await run(1, 5)
    }
    await load()
    expect(at(1).state).toBe('waiting')
    expect((await run(1, 1)).text).toMatch(/^vCPU 1 waits for an interrupt, and none has come for it/)
    await run(0, 6)
    await run(1, 1)
    expect(at(1)).toMatchObject({ state: 'ready', symbol: 'bell' })
    // The step of vCPU 1 waits for the doorbell too, and ends at its vector.
    await load()
    await page.send('setPolicy', { policy: 'transparent' })
    await page.send('setInterrupts', { setting: 'deliver' })
    await run(0, 6)
    await page.send('selectVcpu', { vcpu: 1 })
    await page.send('stepOutside', {})
    expect(at(1)).toMatchObject({ state: 'ready', symbol: 'bell' })
    expect(page.view.controller.leaks).toEqual([])
  })

  test.each([
    ['stored', 3, false],
    ['looked at', 2, true],
  ])('a reservation that another has %s in a turn between lwarx and stwcx.', async (_what, boundaries, kept) => {
    const source = `# twostep: map=radix ail=3 ir=1 dr=1 vcpus=2 ram=16M
_start: bcl 20,31,1f
1:      mflr r8; addi r8,r8,cell-1b
        lwarx r3,0,r8
        stwcx. r8,0,r8
        b .
other:  lwz r3,0(r8); addi r3,r3,1; stw r3,0(r8)
        b .
        .balign 128
cell:   .long 0
`
    await page.send('loadSource', { name: 'cell.s', source })
    await page.send('setSchedulerLocking', { value: 'on' })
    await page.send('setPolicy', { policy: 'transparent' })
    const symbol = (name: string): bigint => page.view.program!.symbols.find(s => s.name === name)!.address
    await page.send('writeRegister', { vcpu: 1, register: 'r8', value: symbol('cell') })
    await page.send('writeRegister', { vcpu: 1, register: 'NIP', value: symbol('other') })
    await outside(4)
    await run(1, boundaries)
    await outside(1)
    expect((page.reg('CR') >> 29n) & 1n).toBe(kept ? 1n : 0n)
    expect(page.view.controller.leaks).toEqual([])
  })
})
