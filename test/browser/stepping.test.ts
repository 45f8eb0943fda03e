/** Outside steps over mfmsr under both policies, and the same phase by phase: what the processor holds, what the guest would. */
import { expect, test, type Workbench } from './workbench.ts'

const [AS_BOOTED, WITH_SE] = ['8000000002803033', '8000000002803433']
const SE = 0x400n
const TRACED = 0x8000000042803433n
/** As the MSR is in the handler: FP, VEC, VSX, RI and SE off, translation on by AIL 3. */
const IN_HANDLER = '8000000000001031'

interface Seen {
  /** Of the phase track, the one that Step walks next. */
  next: string | undefined
  done: number
  /** Text of the line at which the hypervisor's pc stands. */
  line: string
  physical: string
  guest: string
  boxed: string[]
}

async function look(bench: Workbench): Promise<Seen> {
  const phases = await bench.phases()
  const { drawn, said } = await bench.boxed()
  expect(said).toEqual(drawn)
  return {
    next: phases.find(p => p.endsWith(' next'))?.replace(/ next$/, ''),
    done: phases.filter(p => p.endsWith(' done')).length,
    line: await bench.hypervisorLine(),
    ...(await bench.msr()),
    boxed: drawn,
  }
}

/** Presses H until the step has reported; what is to be seen after each. */
async function walk(bench: Workbench): Promise<Seen[]> {
  const seen: Seen[] = []
  do {
    await bench.step('h')
    seen.push(await look(bench))
  } while (seen.at(-1)!.next !== undefined && seen.length < 12)
  return seen
}

/** Turns SE on in the MSR strip: Space on its cell. */
async function setSe(bench: Workbench): Promise<void> {
  await bench.press('g', 'm')
  for (let n = 0; n < 24 && !(await bench.focused()).startsWith('SE,'); n++) await bench.press('ArrowRight')
  await bench.step('Space')
  expect(await bench.focused()).toBe('SE, bit 53, physical 1, guest 1')
}

test('RFC v2, phase by phase', async ({ bench }) => {
  await bench.step('o', 'o')
  const seen = await walk(bench)
  const both = (physical: string, guest: string, boxed: string[]) => ({ physical, guest, boxed })
  const [before, hidden] = [both(AS_BOOTED, AS_BOOTED, []), both(WITH_SE, AS_BOOTED, ['SE'])]
  const inHandler = both(IN_HANDLER, AS_BOOTED, ['VEC', 'VSX', 'FP', 'RI'])
  expect(seen).toEqual([
    { next: 'set SE', done: 1, line: '5 vcpu.msr |= SE set SE', ...before },
    { next: 'enter', done: 2, line: '6 vm_enter(vcpu) enter', ...hidden },
    { next: 'trace', done: 3, line: '7 guest runs one instruction trace', ...hidden },
    { next: 'assist', done: 4, line: '8 guest meets 0x00dddd00 assist', ...inHandler },
    { next: 'exit', done: 5, line: '9 exit = vm_exit() exit', ...inHandler },
    { next: 'restore', done: 6, line: '11 write32(addr, insn) restore', ...inHandler },
    { next: 'report', done: 7, line: '14 report(vcpu, SIGTRAP) report', ...before },
    { next: undefined, done: 0, line: '', ...before },
  ])
  expect(await bench.register('r5')).toBe(0x8000000002803033n)
  expect(await bench.register('SRR1')).toBe(TRACED)
  expect(await bench.register('SRR0')).toBe(0xc00000000001000cn)
  expect(await bench.text('State')).toContain('No bit differs.')
})

test('while SE is hidden: one boxed column, two rows, and who set it', async ({ bench }) => {
  await bench.step('o', 'o', 'h', 'h')
  expect(await bench.msr()).toEqual({ physical: WITH_SE, guest: AS_BOOTED })
  expect(await bench.boxed()).toEqual({ drawn: ['SE'], said: ['SE'] })
  expect(await bench.register('SRR1')).toBe(TRACED)
  expect(await bench.text('State')).toContain('SE differs: 1 in the processor, 0 for the guest. Set by outside.')
  expect(await bench.text('Hypervisor')).toContain('Stopped before enter')
  expect(await bench.text('Outside')).toContain('Stepping')
  // The outside step goes on from the phase where the hypervisor stands.
  await bench.step('o')
  expect(await bench.register('NIP')).toBe(0xc00000000001000cn)
})

test('Transparent, phase by phase: mfmsr is performed by the controller, others run with SE hidden', async ({ bench }) => {
  await bench.choosePolicy('Transparent')
  await bench.command('Machine: reset')
  await bench.waitFor('status', () => bench.sentence(), /^Reset/)
  const srr1 = await bench.register('SRR1')

  const executed = await walk(bench)
  expect(executed.map(s => s.next)).toEqual(['set SE', 'enter', 'trace', 'assist', 'exit', 'restore', 'report', undefined])
  expect(executed[1]).toMatchObject({ physical: WITH_SE, guest: AS_BOOTED, boxed: ['SE'], line: expect.stringContaining('vm_enter') })
  expect(await bench.register('SRR1')).toBe(srr1)
  await bench.step('o')

  const performed = await walk(bench)
  expect(performed.map(s => s.next)).toEqual(['emulate', 'report', undefined])
  expect(performed[0]!.line).toContain('perform(vcpu.guest_view, insn)')
  for (const s of performed) expect(s).toMatchObject({ physical: AS_BOOTED, guest: AS_BOOTED, boxed: [] })
  expect(await bench.register('r5')).toBe(0x8000000002803033n)
  expect(await bench.register('SRR1')).toBe(srr1)
  expect((await bench.labels()).at(-2)).toContain('the controller performed mfmsr r5')
  expect(await bench.leaks()).toBe(0)
})

test('a guest that set SE itself loses it under RFC v2', async ({ bench }) => {
  await bench.step('o', 'o')
  await setSe(bench)
  expect(await bench.msr()).toEqual({ physical: WITH_SE, guest: WITH_SE })
  await bench.step('o')
  expect(await bench.msr()).toEqual({ physical: AS_BOOTED, guest: AS_BOOTED })
  expect((await bench.register('r5')) & SE).toBe(0n)
  expect(await bench.text('Inside')).toContain('guest SE = 0')
  await bench.step('o')
  expect(await bench.register('NIP')).toBe(0xc000000000010010n)
  expect(await bench.leaks()).toBeGreaterThan(0)
})

test('a guest that set SE itself keeps it under Transparent, and takes its own trace next', async ({ bench }) => {
  await bench.choosePolicy('Transparent')
  await bench.step('o', 'o')
  await setSe(bench)
  await bench.step('o')
  expect(await bench.msr()).toEqual({ physical: WITH_SE, guest: WITH_SE })
  expect(await bench.register('r5')).toBe(0x8000000002803433n)
  expect(await bench.sentence()).toContain('guest trace pending')
  expect(await bench.text('Inside')).toContain('Guest trace pending')
  expect(await bench.register('NIP')).toBe(0xc00000000001000cn)
  await bench.step('o')
  expect(await bench.register('NIP')).toBe(0xc000000000004d00n)
  expect(await bench.register('SRR0')).toBe(0xc00000000001000cn)
  expect(await bench.register('SRR1')).toBe(TRACED)
  expect(await bench.text('Inside')).not.toContain('Guest trace pending')
  expect(await bench.leaks()).toBe(0)
})
