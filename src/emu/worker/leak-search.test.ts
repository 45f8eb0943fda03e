/** Where a probe leaks: the machine stands behind the step that does, and what was done to come there is recorded. */
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { expected, type Preset, presets, probes } from '../../../test/fixtures/matrix.ts'
import { Page } from '../../../test/support/page.ts'

const source = (name: string) => readFileSync(new URL(`../../../public/programs/probes/${name}.s`, import.meta.url), 'utf8')

let page: Page
beforeEach(() => {
  page = new Page()
})

async function open(name: string, policy: string, setting: 'deliver' | 'hold' = 'deliver'): Promise<string> {
  await page.send('loadSource', { name: `${name}.s`, source: source(name) })
  await page.send('setPolicy', { policy })
  await page.send('setInterrupts', { setting })
  if (page.view.vcpus > 1) await page.send('setSchedule', { script: [], quantum: 1 })
  return (await page.send('goToLeak', {})).text
}

const symbol = (name: string): bigint => page.view.program!.symbols.find(s => s.name === name)!.address
const outsideSteps = (): number => new Set(page.events.flatMap(e => e.step?.ordinal ?? [])).size

test.each([
  // What the step before the guest's look leaves; the step that reads; the try that can no more succeed.
  ['03-save-registers', 'rfc-v2', /^Outside stepped nop\. From here on the guest notices, .* “channel 3: SRR0 changed under me: 0x/, 1],
  ['01-mfmsr', 'kvm-pr', /^Outside stepped mfmsr r22\. From here on .* “channel 1: mfmsr gave 0x8000000002803433 instead of/, 1],
  ['10-reservation', 'rfc-v6', /^Outside stepped lwarx r9,0,r20, and it leaks through channel 10: RESERVE /, 1],
  ['11b-decrementer-srr1', 'kvm-pr', /^Outside stepped addi r24,r24,1\. From here on .* “channel 11: SRR1\[SE\] in the handler/, 19],
  ['05-rfid', 'rfc-v6', /^The controller lost its hold: the step of rfid ended after 2 boundaries instead of 1\.$/, 1],
] as const)('%s under %s', async (name, policy, says, steps) => {
  expect(await open(name, policy)).toMatch(says)
  expect(page.view.status.text).toMatch(says)
  expect(outsideSteps()).toBe(steps)
  expect(page.view.controller.step).toBeNull()
})

describe('a step that is lost stays in flight where it is lost', () => {
  test('02-data-storage under rfc-v2: in the handler, not at the end of the program', async () => {
    expect(await open('02-data-storage', 'rfc-v2')).toMatch(/^In the step of ld r9,0\(r21\) the controller lost its hold: the data storage/)
    expect(page.reg('NIP')).toBe(0xc000000000004300n)
    expect(page.view.actors.hypervisor).toMatchObject({ status: 'error', word: 'Step lost' })
    expect(page.output).toBe('')
  })

  test('12-two-vcpus under rfc-v2: where the other vCPU met the word', async () => {
    expect(await open('12-two-vcpus', 'rfc-v2')).toMatch(/^vCPU 1 met the word of the step of vCPU 0 /)
    expect(page.view.actors.hypervisor.word).toBe('Exit from vCPU 1, expected vCPU 0')
    expect(page.events.at(-1)!.wrong).toBe(true)
  })
})

test('where nothing leaks the guest is stepped to its verdict', async () => {
  expect(await open('03-save-registers', 'transparent')).toBe(
    'The guest has come to its verdict, stepped all the way, and has noticed nothing.',
  )
  expect(page.reg('NIP')).toBe(symbol('verdict'))
  expect(page.view.controller.leaks).toEqual([])
})

test('what was done can be taken back step by step, and sought again', async () => {
  await open('11b-decrementer-srr1', 'kvm-pr')
  const { guest, events } = page
  for (const event of [0, 5, 'live'] as const) await page.send('seek', { event })
  expect(page.guest).toEqual(guest)
  await page.send('stepBack', { actor: 'outside' })
  expect(outsideSteps()).toBe(18)
  await page.send('stepOutside', {})
  expect(page.guest).toEqual(guest)
  expect(page.events).toEqual(events)
  for (let n = 0; n < 19; n++) await page.send('stepBack', { actor: 'outside' })
  expect(page.reg('NIP')).toBe(symbol('probe'))
})

/** The first probe of every channel. */
const firsts = probes.filter((p, n) => p.slice(0, 2) !== probes[n - 1]?.slice(0, 2))

describe.each(['rfc-v2', 'rfc-v6', 'transparent'] satisfies Preset[])('%s', policy => {
  test('every first probe of a channel stops before its verdict where it leaks or is lost, and nowhere else', async () => {
    expect(presets).toContain(policy)
    for (const name of firsts) {
      const text = await open(name, policy)
      const leaks = expected(name, policy, 'deliver') !== 'pass'
      expect([name, text.endsWith('has noticed nothing.')]).toEqual([name, !leaks])
      expect([name, page.reg('NIP') === symbol('verdict')]).toEqual([name, !leaks])
    }
  }, 60_000)
})

describe('refused', () => {
  test('a program that is no probe', async () => {
    await page.send('loadSource', { name: 'a.s', source: '_start: b .\n' })
    await expect(page.send('goToLeak', {})).rejects.toThrow('a: its header has no "# probe: …".')
    expect(page.events).toEqual([])
  })

  test('a probe in which something was done', async () => {
    await page.send('loadSource', { name: '01-mfmsr.s', source: source('01-mfmsr') })
    await page.send('stepOutside', {})
    const { guest } = page
    await expect(page.send('goToLeak', {})).rejects.toThrow('Something was done already. Reset first; nothing was changed.')
    expect(page.guest).toEqual(guest)
  })

  test('cancelled, what was stepped stays', async () => {
    await page.send('loadSource', { name: '10-reservation.s', source: source('10-reservation') })
    await page.send('setPolicy', { policy: 'transparent' })
    const going = page.send('goToLeak', {})
    await page.send('cancel', {})
    await expect(going).rejects.toThrow('Stepping to the leak was cancelled. What was stepped stays.')
    await page.send('stepOutside', {})
    expect(outsideSteps()).toBeGreaterThan(1)
  })
})
