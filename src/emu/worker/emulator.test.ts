/** The protocol as the page uses it, on lesson 1's program. */
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { Page } from '../../../test/support/page.ts'
import { MSR } from '../isa/bitfields.ts'

const lesson = readFileSync(new URL('../../../public/programs/lesson-1.s', import.meta.url), 'utf8')

const BOOT_MSR = 0x8000000002803033n
let page: Page
beforeEach(async () => {
  page = new Page()
  await page.send('loadSource', { name: 'guest.s', source: lesson })
})

test('lesson 1 is paused at _start with the MSR of the screens', () => {
  expect(page.view.program?.instructions).toBe(10)
  expect(page.reg('NIP')).toBe(0xc000000000010000n)
  expect(page.reg('MSR')).toBe(BOOT_MSR)
  expect(page.view.state.ail).toEqual({ value: 3, vector: 0xd00n, address: 0xc000000000004d00n, reason: null })
  expect(page.events).toEqual([])
})

test('the sentence says whose action it tells of', async () => {
  expect(page.view.status.actor).toBeNull()
  expect(page.view.actors.outside.detail).toEqual(['next `li r3,0`', 'at _start'])
  await page.send('stepOutside', {})
  expect(page.view.status.actor).toBe('outside')
  await page.send('stepHypervisor', {})
  expect(page.view.status.actor).toBe('hypervisor')
  expect(page.view.actors.outside.detail).toEqual(['`li r4,8`', '0 of 1 done'])
  await page.send('stepBack', { actor: 'hypervisor' })
  expect(page.view.status.actor).toBe('hypervisor')
  await page.send('seek', { event: 3 })
  expect(page.view.status.actor).toBeNull()
})

test('each transition of the hypervisor says what it did, the processor’s too', async () => {
  const said: string[] = []
  for (let n = 0; n < 8; n++) {
    await page.send('stepHypervisor', {})
    said.push(page.view.status.text)
  }
  expect(said.slice(2)).toEqual([
    'VM entry of vCPU 0 at 0xc000000000010000.',
    'Trace interrupt, vector 0xd00, to 0xc000000000004d00.',
    'Hypervisor Emulation Assistance interrupt at 0xc000000000004d00 goes to the hypervisor.',
    'VM exit: the word at 0xc000000000004d00 was met.',
    expect.stringMatching(/^Word removed, /),
    expect.stringMatching(/^Outside stepped li r3,0; the guest stands at /),
  ])
})

describe('RFC v2', () => {
  test('a step leaves the trace in SRR0 and SRR1, and the leak is found by running both', async () => {
    const r = await page.send('stepOutside', {})
    expect(r.reason).toBe('step')
    expect(page.labels).toEqual(['arm', 'set SE', 'enter', 'li r3,0', 'trace', 'assist', 'exit', 'restore', 'report'])
    expect(page.reg('NIP')).toBe(0xc000000000010004n)
    expect(page.reg('SRR0')).toBe(0xc000000000010004n)
    expect(page.reg('SRR1')).toBe(0x8000000042803433n)
    expect(page.reg('MSR')).toBe(BOOT_MSR)
    expect(page.view.controller.leaks.map(l => l.channel)).toContain(3)
  })

  test('r5 after mfmsr hides SE', async () => {
    for (let n = 0; n < 3; n++) await page.send('stepOutside', {})
    expect(page.reg('r5')).toBe(BOOT_MSR)
  })

  test('phases one by one: the two MSR rows differ in SE alone before enter', async () => {
    for (let n = 0; n < 2; n++) await page.send('stepHypervisor', {})
    expect(page.labels).toEqual(['arm', 'set SE'])
    expect(page.reg('MSR')).toBe(BOOT_MSR | MSR.mask.SE)
    expect(page.view.state.guest.MSR).toBe(BOOT_MSR)
    expect(page.view.state.differences).toEqual(['SE differs: 1 in the processor, 0 for the guest. Set by outside.'])
    expect(page.view.actors.hypervisor.word).toBe('Stopped before enter')
    expect(page.view.controller.phases.find(p => p.state === 'now')?.name).toBe('enter')
    const r = await page.send('stepOutside', {})
    expect(r.reason).toBe('step')
    expect(page.labels.at(-1)).toBe('report')
  })

  test('a guest that set SE itself loses it', async () => {
    await page.send('writeRegister', { vcpu: 0, register: 'MSR', value: BOOT_MSR | MSR.mask.SE })
    await page.send('stepOutside', {})
    expect(page.reg('MSR')).toBe(BOOT_MSR)
    expect(page.view.controller.leaks.map(l => l.channel)).toContain(17)
  })
})

describe('Transparent', () => {
  beforeEach(() => page.send('setPolicy', { policy: 'transparent' }))

  test('ten steps leave nothing that differs from a free run', async () => {
    for (let n = 0; n < 40; n++) await page.send('stepOutside', {})
    expect(page.view.controller.leaks).toEqual([])
    expect(page.reg('SRR1')).toBe(BOOT_MSR)
    expect(page.reg('r3')).toBe(0n)
  })

  test('a guest that set SE itself gets its own trace next', async () => {
    await page.send('writeRegister', { vcpu: 0, register: 'MSR', value: BOOT_MSR | MSR.mask.SE })
    await page.send('stepOutside', {})
    expect(page.reg('MSR')).toBe(BOOT_MSR | MSR.mask.SE)
    expect(page.view.controller.guestTracePending).toBe(true)
    await page.send('stepOutside', {})
    expect(page.reg('NIP')).toBe(0xc000000000004d00n)
    expect(page.reg('SRR1')).toBe(0x8000000042803433n)
    expect(page.view.controller.leaks).toEqual([])
  })
})

describe('time', () => {
  test('back undoes the last step; forward again does the same', async () => {
    await page.send('stepOutside', {})
    const before = { ...page.view.state.registers }
    await page.send('stepOutside', {})
    const after = { ...page.view.state.registers }
    await page.send('stepBack', { actor: 'outside' })
    expect(page.view.state.registers).toEqual(before)
    expect(page.events.length).toBe(9)
    await page.send('stepOutside', {})
    expect(page.view.state.registers).toEqual(after)
  })

  test('a past event shows the state just after it', async () => {
    const seen: bigint[] = []
    for (let n = 0; n < 8; n++) {
      await page.send('stepHypervisor', {})
      seen.push(page.reg('MSR'))
    }
    await page.send('stepOutside', {})
    const live = { ...page.view.state.registers }
    await page.send('seek', { event: 2 })
    expect(page.reg('MSR')).toBe(seen[1])
    expect(page.view.recording).toMatchObject({ shown: 2, live: false })
    await page.send('seek', { event: 4 })
    expect(page.reg('r3')).toBe(0n)
    expect(page.reg('NIP')).toBe(0xc000000000010004n)
    await expect(page.send('stepOutside', {})).rejects.toThrow('past event')
    await page.send('seek', { event: 'live' })
    expect(page.view.state.registers).toEqual(live)
  })

  test('a long run pauses, and goes back whole', async () => {
    await page.send('continue', { actor: 'machine' })
    await new Promise(resolve => setTimeout(resolve, 60))
    await page.send('pause', {})
    expect(page.view.instructions).toBeGreaterThan(10_000n)
    expect(page.events.at(-1)?.kind).toBe('free')
    await page.send('stepBack', { actor: 'machine' })
    expect(page.view.instructions).toBe(0n)
  })

  test('a run at ten a second is slow from its first boundary', async () => {
    await page.send('setSpeed', { speed: '10/s' })
    const ran = page.send('continue', { actor: 'machine' })
    await page.send('pause', {})
    await ran
    expect(page.view.instructions).toBeLessThan(10n)
  })

  test('a breakpoint stops a run before its instruction', async () => {
    await page.send('setInstructionBreakpoints', { breakpoints: [{ address: 0xc000000000010018n, enabled: true }] })
    await page.send('continue', { actor: 'outside' })
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(page.view.run.state).toBe('paused')
    expect(page.reg('NIP')).toBe(0xc000000000010018n)
    expect(page.view.breakpoints[0]?.hits).toBe(1)
  })
})

test('the interrupt of a step is explained', async () => {
  await page.send('stepOutside', {})
  const e = await page.send('exceptionInfo', { event: 5 })
  expect(e?.name).toBe('Trace interrupt')
  expect(e?.saved.map(s => s.register)).toEqual(expect.arrayContaining(['SRR0', 'SRR1', 'SIAR']))
  expect(e?.sum.map(s => s.value)).toEqual([0xd00n, 0xc000000000004000n])
  expect(e?.nip).toBe(0xc000000000004d00n)
})

test('errors keep the last good program', async () => {
  const r = await page.send('loadSource', { name: 'guest.s', source: '_start: mfmsrr r5\n' })
  expect(r.diagnostics[0]?.message).toContain('mfmsr')
  expect(page.view.program?.instructions).toBe(10)
  await expect(page.send('loadImage', { name: 'x', bytes: Uint8Array.of(1, 2, 3) })).rejects.toThrow('not an ELF')
})

test('what is typed reaches the guest, comes again in a replay, and is taken back', async () => {
  const echo = `# twostep: map=radix ail=3 ir=1 dr=1
_start: li r3,0x54; li r4,0; sc 1; cmpdi r4,0; beq _start
        mr r12,r4; mr r6,r5; mr r7,r6; li r3,0x58; mr r5,r12; li r4,0; sc 1; b _start
`
  await page.send('loadSource', { name: 'echo.s', source: echo })
  await page.send('continue', { actor: 'machine' })
  await new Promise(resolve => setTimeout(resolve, 20))
  await page.send('consoleInput', { text: 'grüß', port: 'console' })
  await new Promise(resolve => setTimeout(resolve, 40))
  await page.send('pause', {})
  expect(page.output).toBe('grüß')
  const typed = page.events.findIndex(e => e.label === 'edit') + 1
  const wrote = page.events.find(e => e.sentence.includes('H_PUT_TERM_CHAR wrote'))!
  const live = { ...page.view.state.registers }
  await page.send('seek', { event: typed })
  expect(page.output).toBe('')
  await page.send('seek', { event: wrote.index })
  expect(page.output).toBe('grüß')
  await page.send('seek', { event: 'live' })
  expect(page.view.state.registers).toEqual(live)
})

describe('an ELF with a line table', () => {
  const fixture = (name: string) => readFileSync(new URL(`../../../test/fixtures/lines/${name}`, import.meta.url))
  const sum = new Uint8Array(fixture('sum.le.elf'))

  test('names its source files, takes their texts, stops at a line', async () => {
    const { program } = await page.send('loadImage', { name: 'sum.elf', bytes: sum })
    expect(program!.files.map(f => f.name)).toEqual(['crt0.s', 'sum.c', 'weigh.h'])
    expect(page.view.source).toMatchObject({ file: 0, line: 7 })
    expect(await page.send('attachSource', { name: 'sum.c', text: fixture('sum.c').toString() })).toEqual({ files: [1] })
    expect(page.view.program!.files.map(f => f.attached)).toEqual([false, true, false])
    expect(page.view.status.text).toBe('sum.c is shown with sum.elf.')
    const { lines, text } = await page.send('source', { file: 1 })
    expect(text).toMatch(/^\/\* A weighted sum/)
    const breakpoints = lines.filter(l => l.line === 17).map(({ address }) => ({ address, enabled: true }))
    await page.send('setInstructionBreakpoints', { breakpoints })
    await page.send('continue', { actor: 'machine' })
    await expect.poll(() => page.view.run.state).toBe('paused')
    expect(page.view.run.reason).toBe('breakpoint')
    expect(page.view.source).toMatchObject({ file: 1, line: 17 })
    const { rows } = await page.send('disassemble', { address: 0x307cn, count: 1 })
    expect(rows[0]!.source).toEqual({ file: 1, line: 18, name: 'sum.c', text: '    long total = sum(values, 5);' })
  })

  test('refuses other texts, and the program stays', async () => {
    await page.send('loadImage', { name: 'sum.elf', bytes: sum })
    await expect(page.send('attachSource', { name: 'other.c', text: '' })).rejects.toThrow(/^other\.c is no source file of sum\.elf/)
    expect(page.view.program!.name).toBe('sum.elf')
  })

  test('a table that is wrong is said to be left out', async () => {
    const wrong = sum.slice()
    const at = Buffer.from(wrong).indexOf(Buffer.from([5, 0, 8, 0]))
    wrong[at] = 9
    await page.send('loadImage', { name: 'sum.elf', bytes: wrong })
    expect(page.view.status.text).toMatch(
      /^sum\.elf loaded and paused at its entry point\. Source lines are missing: \.debug_line at byte 0x4: version 9; versions 2 to 5 are read\.$/,
    )
  })
})

describe('the external interrupt line', () => {
  const EE = BOOT_MSR | MSR.mask.EE

  test('raised by the user it interrupts the guest as soon as EE is 1, is an event, and is taken back', async () => {
    await page.send('setExternalLine', { vcpu: 0, raised: true })
    expect(page.view.state.externalLine).toBe(true)
    expect(page.events.at(-1)!.sentence).toContain('external interrupt line of vCPU 0 raised by you')
    const start = page.reg('NIP')
    await page.send('stepMachine', {})
    expect(page.reg('NIP')).toBe(start + 4n)
    await page.send('writeRegister', { vcpu: 0, register: 'MSR', value: EE })
    await page.send('stepMachine', {})
    expect([page.reg('NIP') & 0xfffn, page.reg('SRR0')]).toEqual([0x500n, start + 4n])
    await page.send('setExternalLine', { vcpu: 0, raised: false })
    await page.send('seek', { event: 1 })
    expect(page.view.state.externalLine).toBe(true)
    await page.send('seek', { event: 'live' })
    expect(page.view.state.externalLine).toBe(false)
    await page.send('reset', {})
    expect(page.view.state.externalLine).toBe(false)
  })

  test('of a vCPU that there is not is refused', async () => {
    await expect(page.send('setExternalLine', { vcpu: 3, raised: true })).rejects.toThrow(
      'There is no vCPU 3: the machine has vCPU 0 alone. Nothing was changed.',
    )
  })
})

describe('several vCPUs', () => {
  const TWO = '# twostep: map=radix ail=3 ir=1 dr=1 vcpus=2 ram=16M\n_start: addi r3,r3,1\nb _start\n'
  const load = async (page: Page, source = TWO) => page.send('loadSource', { name: 'two.s', source })

  test('a turn of the user’s choice runs that vCPU, and goes back; one that is not there is refused', async () => {
    await load(page)
    await page.send('runVcpu', { vcpu: 1, boundaries: 3 })
    expect(page.view.schedule.vcpus.map(v => v.completed)).toEqual([0n, 3n])
    await expect(page.send('runVcpu', { vcpu: 2, boundaries: 1 })).rejects.toThrow('There is no vCPU 2: the machine has vCPUs 0 to 1.')
    await expect(page.send('runVcpu', { vcpu: 1, boundaries: 0 })).rejects.toThrow('at least one boundary')
    await page.send('stepBack', { actor: 'machine' })
    expect(page.view.schedule.vcpus.map(v => v.completed)).toEqual([0n, 0n])
  })

  test('the schedule and the locking are recorded, and refused in the middle of a step', async () => {
    await load(page)
    await page.send('setSchedule', { script: [{ vcpu: 1, boundaries: 4 }], quantum: 2 })
    expect(page.view.status.text).toBe('Schedule set by you: vCPU 1 for 4, then round robin by 2.')
    await page.send('setSchedulerLocking', { value: 'off' })
    await page.send('stepOutside', {})
    expect(page.view.schedule.vcpus.map(v => v.completed)).toEqual([1n, 4n])
    await page.send('stepHypervisor', {})
    await expect(page.send('setSchedulerLocking', { value: 'on' })).rejects.toThrow(
      'An outside step is in flight: scheduler-locking stays.',
    )
    expect(page.view.locking).toBe('off')
  })
})

describe('a policy of the user’s', () => {
  test('is read, listed and chosen; one with problems changes nothing', async () => {
    await page.send('loadSource', { name: 'a.s', source: '_start: b .\n' })
    const json = JSON.stringify({ name: 'Mine', basedOn: 'transparent', choices: { mfmsr: 'executed' } })
    expect(await page.send('ownPolicy', { json, choose: true })).toEqual({ policy: 'own-mine', problems: [] })
    expect(page.view.controller.policy).toBe('own-mine')
    expect(page.view.controller.policies.map(p => p.id)).toEqual(['rfc-v2', 'rfc-v6', 'transparent', 'kvm-pr', 'tcg', 'own-mine'])
    const bad = await page.send('ownPolicy', { json: '{"name":"x","choices":{"a":1}}', choose: true })
    expect(bad).toMatchObject({ policy: null })
    expect(page.view.controller.policy).toBe('own-mine')
    const { policies } = (await page.send('policyTable', {})) as { policies: { id: string; own: boolean; listing: unknown[] }[] }
    expect(policies.at(-1)).toMatchObject({ id: 'own-mine', own: true })
    await expect(page.send('setPolicy', { policy: 'nobody' })).rejects.toThrow('There is no policy nobody.')
  })
})
