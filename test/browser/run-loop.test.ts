/** The hypervisor's own run loop, stepped by the same control while no outside step is in flight. */
import { describe, expect, test } from './workbench.ts'

/** Says "ok" and a line feed by H_PUT_TERM_CHAR, twice. */
const SPEAKER = `# twostep: map=radix ail=3 ir=1 dr=1
_start: li      r3, 0x58                # H_PUT_TERM_CHAR
        lis     r4, 0x7100
        li      r5, 3
        lis     r6, 0x6f6b              # "ok"
        ori     r6, r6, 0x0a00
        sldi    r6, r6, 32
        li      r7, 0
        sc      1
        b       _start
`

test('sc 1 is seen being handled: enter, guest, exit, handle', async ({ bench }) => {
  await bench.load(SPEAKER)
  await bench.tabTo(/^step$/)
  await bench.press('ArrowRight')
  await bench.waitFor('status', () => bench.sentence(), /walks the run loop/)
  expect(await bench.phases()).toEqual(['enter next', 'guest', 'exit', 'handle'])
  expect(await bench.hypervisorLine()).toBe('2 vm_enter(vcpu) enter')
  expect(await bench.text('Hypervisor code')).toContain('switch (exit.reason)')

  await bench.step('h')
  expect(await bench.sentence()).toMatch(/^VM entry of vCPU 0 at 0xc000000000010000/)
  expect(await bench.hypervisorLine()).toBe('3 guest runs until its next exit guest')
  await bench.step('h')
  expect(await bench.phases()).toEqual(['enter done', 'guest done', 'exit next', 'handle'])
  expect(await bench.register('r3')).toBe(0x58n)
  expect(await bench.register('NIP')).toBe(0xc000000000010020n)
  await bench.step('h')
  expect(await bench.sentence()).toMatch(/^VM exit/)
  expect(await bench.hypervisorLine()).toBe('5 switch (exit.reason) handle')
  expect(await bench.dock('Console')).not.toContain('ok')
  await bench.leaveEditor()
  await bench.step('h')
  expect(await bench.sentence()).toMatch(/^H_PUT_TERM_CHAR wrote 3 characters: "ok\\n"/)
  expect(await bench.register('r3')).toBe(0n)
  await expect.poll(() => bench.printed()).toBe('ok')
  expect(await bench.phases()).toEqual(['enter next', 'guest', 'exit', 'handle'])

  // The next round, then back: what the console says goes back with the machine.
  await bench.step('h', 'h', 'h', 'h')
  await expect.poll(() => bench.printed()).toBe('ok\nok')
  await bench.press('Shift+h')
  await bench.waitFor('status', () => bench.sentence(), /^Took back hypervisor's last step/)
  await expect.poll(() => bench.printed()).toBe('ok')
  expect((await bench.labels()).some(l => l.includes('H_PUT_TERM_CHAR wrote 3 characters'))).toBe(true)
})

describe.each([
  // The system call is no instruction that is traced: SE stays on behind it.
  { policy: 'RFC v2', nip: 0xc000000000010000n, takes: 'takes the next instruction along' },
  { policy: 'Transparent', nip: 0xc000000000010020n, takes: 'ends behind it' },
])('an outside step of $policy over sc 1', ({ policy, nip, takes }) => {
  test(`has it handled, and ${takes}`, async ({ bench }) => {
    await bench.load(SPEAKER)
    await bench.choosePolicy(policy)
    for (let n = 0; n < 8; n++) await bench.step('o')
    expect(await bench.register('r3')).toBe(0n)
    expect(await bench.register('NIP')).toBe(nip)
    await bench.press('4')
    await expect.poll(() => bench.printed()).toBe('ok')
    expect(await bench.labels()).toContainEqual(expect.stringContaining('H_PUT_TERM_CHAR wrote 3 characters'))
  })
})
