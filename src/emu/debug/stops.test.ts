/** Breakpoints of every kind on real guests: where a run ends, that its recording is that of a run without them, and what refuses them. */
import { describe, expect, test } from 'vitest'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { type BreakpointSpec, type Goal, softwareAt } from './breakpoint.ts'
import { readRegisters } from './registers.ts'
import { Session } from './session.ts'

const GUEST = `# twostep: map=radix ail=3 ir=1 dr=1 ram=16M
_start: lis r8,cell@highest; ori r8,r8,cell@higher; sldi r8,r8,32; oris r8,r8,cell@high; ori r8,r8,cell@l
        li r9,0
loop:   addi r9,r9,1
        std r9,0(r8)
        ld r10,0(r8)
        bl leaf
back:   li r3,0x54; li r4,0; sc 1
        trap
        mfmsr r5; ori r5,r5,0x2000; mtmsr r5; xori r5,r5,0x2000; mtmsr r5
        b loop
leaf:   mflr r0; bl inner; mtlr r0; blr
inner:  nop; blr
        .balign 8
cell:   .quad 0
        .section .vectors, "ax"
        .org 0xc000000000004700
handler: mfsrr0 r3; addi r3,r3,4; mtsrr0 r3; rfid`

function open(...specs: (Partial<BreakpointSpec> & Pick<BreakpointSpec, 'kind'>)[]) {
  const { image, diagnostics } = imageOfSource('guest.s', GUEST)
  if (!image) throw new Error(diagnostics.map(d => d.message).join())
  const machine = new Pseries(image)
  const session = new Session(machine, 'transparent')
  const at = (symbol: string): bigint => machine.addressOf(symbol)!
  const set = (...all: (Partial<BreakpointSpec> & Pick<BreakpointSpec, 'kind'>)[]) =>
    session.stops.set(all.map(s => ({ ...softwareAt(0n), ...s })))
  set(...specs)
  const run = (until?: Goal) => {
    session.begin({ kind: 'run', ...(until && { until }) }, 'machine')
    for (let n = 0; n < 50; n++) {
      const stop = session.advance(1000)
      if (stop) return stop.text
    }
    session.pause()
    return null
  }
  const register = (name: string) => readRegisters(session.vcpu().state)[name]!
  return { session, at, set, run, register }
}
const address = (symbol: string): bigint => open().at(symbol)

describe('software', () => {
  test('a condition that does not hold lets the run go on', () => {
    const { run, register, at } = open({ kind: 'software', address: address('back'), condition: 'r9 == 5 && *cell == 5' })
    expect(run()).toMatch(/^Breakpoint at 0x[\da-f]+ of vCPU 0, hit 1$/)
    expect([register('r9'), register('NIP')]).toEqual([5n, at('back')])
    expect(run()).toBeNull()
  })

  test('hits are passed over, then each stops', () => {
    const { run, register } = open({ kind: 'software', address: address('back'), ignore: 2 })
    run()
    expect(register('r9')).toBe(3n)
    expect(run()).toMatch(/hit 4$/)
  })

  test('a log point writes and goes on; going back takes what it wrote', () => {
    const { session, run } = open({ kind: 'software', address: address('back'), log: 'round {r9}', condition: 'r9 < 4' })
    expect(run()).toBeNull()
    expect(session.stops.log.map(l => l.text)).toEqual(['round 0x1', 'round 0x2', 'round 0x3'])
    session.back('machine')
    expect(session.stops.log).toEqual([])
  })

  test('going back takes the hits since, and a reset all: what is passed over is passed over again', () => {
    const { session, run, register } = open({ kind: 'software', address: address('back'), ignore: 1 })
    run()
    run()
    expect(run()).toMatch(/hit 4$/)
    session.back('machine')
    session.back('machine')
    expect(run()).toMatch(/hit 3$/)
    session.reset()
    expect([...session.stops.hits.values()]).toEqual([])
    expect(run()).toMatch(/hit 2$/)
    expect(register('r9')).toBe(2n)
  })

  test('a slice that ends at the address does not pass it', () => {
    const { session, at } = open({ kind: 'software', address: address('back') })
    session.begin({ kind: 'run' }, 'machine')
    let stop = null
    for (let n = 0; n < 100 && !stop; n++) stop = session.advance(1)
    expect(session.vcpu().state.get('NIP')).toBe(at('back'))
    expect(readRegisters(session.vcpu().state).r9).toBe(1n)
  })

  test('a condition that cannot be told stops and says so', () => {
    expect(open({ kind: 'software', address: address('back'), condition: '*0x5000000000000000' }).run()).toMatch(
      /could not be told: nothing is mapped at 0x5000000000000000$/,
    )
  })
})

describe('data', () => {
  const cell = address('cell')
  test.each<[BreakpointSpec['access'], RegExp, bigint[]]>([
    ['write', /vCPU 0 wrote 8 bytes at/, [4n]],
    ['read', /vCPU 0 read 8 bytes at/, [8n]],
  ])('%s: behind the instruction that did it, in generated code', (access, text, [behind]) => {
    const { run, register, at } = open({ kind: 'watch', address: cell + 2n, length: 1, access, ignore: 1 })
    expect(run()).toMatch(text)
    expect([register('r9'), register('NIP')]).toEqual([2n, at('loop') + 4n + behind!])
  })

  test('a neighbour of the watched byte on its page does not stop', () => {
    expect(open({ kind: 'watch', address: cell + 8n, length: 8, access: 'access' }).run()).toBeNull()
  })

  test('a condition sees what was written', () => {
    const { run, register } = open({ kind: 'watch', address: cell, length: 8, condition: '*cell == 7' })
    run()
    expect(register('r9')).toBe(7n)
  })
})

test.each<[Partial<BreakpointSpec> & Pick<BreakpointSpec, 'kind'>, RegExp]>([
  [{ kind: 'vector', number: 0x700 }, /vector 0x700 .*vCPU 0 took Program/],
  [{ kind: 'vector', privilege: 'privileged' }, /any interrupt: vCPU 0 took Program/],
  [{ kind: 'hypercall', number: 0x54 }, /made hypercall 0x54, which has been handled/],
  [{ kind: 'register', register: 'MSR.FP' }, /change of MSR\.FP: 0x1 became 0x0/],
  [{ kind: 'register', register: 'LR' }, /change of LR/],
  [{ kind: 'exit' }, /on VM exit: VM exit/],
  [{ kind: 'entry' }, /on VM entry: VM entry of vCPU 0/],
])('%o stops', (spec, text) => {
  const { run, set } = open(spec)
  expect(run()).toMatch(text)
  expect(run()).toMatch(/hit 2$/)
  set({ ...spec, enabled: false })
  expect(run()).toBeNull()
})

test('a vector catch hears of interrupts that go to the hypervisor, but for hypercalls', () => {
  const { session, at, set, run, register } = open({ kind: 'vector', number: 0xe40 })
  const real = Number(at('leaf') & 0xffffffn)
  session.edit({ kind: 'memory', pieces: [{ real, bytes: Uint8Array.of(0, 0xdd, 0xdd, 0) }] }, 'an illegal word')
  expect(run()).toMatch(/0xe40 .*vCPU 0 took .*which the hypervisor handles next/)
  expect(register('NIP')).toBe(at('leaf'))
  // It is given to the guest as a Program interrupt.
  set({ kind: 'vector' })
  expect(run()).toMatch(/on any interrupt: vCPU 0 took Program at/)
  expect(register('NIP')).toBe(0xc000000000004700n)
  expect(open({ kind: 'vector', number: 0xc00 }).run()).toBeNull()
})

test.each<Partial<BreakpointSpec> & Pick<BreakpointSpec, 'kind'>>([
  { kind: 'vector', number: 0xd00 },
  { kind: 'vector', privilege: 'problem' },
  { kind: 'hypercall', number: 0x58 },
  { kind: 'register', register: 'MSR.SE' },
  { kind: 'exit', condition: 'vcpu == 1' },
])('%o does not', spec => expect(open(spec).run()).toBeNull())

test('runs to the end of a function, of an interrupt, and to an address', () => {
  const { run, at, set, register } = open({ kind: 'software', address: address('inner') })
  run()
  expect(run({ kind: 'return', vcpu: 0 })).toMatch(/returned to/)
  expect(register('NIP')).toBe(at('leaf') + 8n)
  expect(run({ kind: 'return', vcpu: 0 })).toMatch(/returned to/)
  expect(register('NIP')).toBe(at('back'))
  set({ kind: 'vector', number: 0x700 })
  run()
  expect(run({ kind: 'interrupt return', vcpu: 0 })).toMatch(/returned from the interrupt/)
  expect(register('NIP')).toBe(at('back') + 16n)
  set()
  run({ kind: 'address', address: at('loop'), vcpu: null, stack: null })
  expect([register('NIP'), register('r9')]).toEqual([at('loop'), 1n])
})

test('the guest and its recording are those of a run without breakpoints', () => {
  const every: (Partial<BreakpointSpec> & Pick<BreakpointSpec, 'kind'>)[] = [
    { kind: 'watch', address: address('cell'), length: 8, access: 'access', log: 'x' },
    { kind: 'register', register: 'MSR', log: 'x' },
    { kind: 'software', address: address('back'), log: 'x' },
    { kind: 'vector', log: 'x' },
    { kind: 'exit', log: 'x' },
  ]
  const [watched, free] = [open(...every), open()]
  for (const { session, run } of [watched, free]) {
    run()
    expect(session.now).toBe(50_000n)
  }
  expect(watched.session.stops.log.length).toBeGreaterThan(100)
  expect(readRegisters(watched.session.vcpu().state)).toEqual(readRegisters(free.session.vcpu().state))
  expect(watched.session.events).toEqual(free.session.events)
  watched.session.seek(300)
  free.session.seek(300)
  expect(readRegisters(watched.session.vcpu().state)).toEqual(readRegisters(free.session.vcpu().state))
})

describe('refused, and nothing changes', () => {
  test.each<[string, (Partial<BreakpointSpec> & Pick<BreakpointSpec, 'kind'>)[], RegExp]>([
    [
      'a second CIABR',
      [
        { kind: 'CIABR', address: 4n },
        { kind: 'CIABR', address: 8n },
      ],
      /one CIABR/,
    ],
    ['a long DAWR', [{ kind: 'DAWR', address: 8n, length: 1024 }], /at most 512 bytes/],
    ['half an instruction', [{ kind: 'software', address: 2n }], /no multiple of 4/],
    ['the same twice', [softwareAt(4n), softwareAt(4n)], /already a breakpoint at 0x4/],
    ['a wrong condition', [{ kind: 'exit', condition: 'r3 =' }], /Condition "r3 =": Column 4/],
    ['a register that moves by itself', [{ kind: 'register', register: 'DEC' }], /changes at every boundary/],
    [
      'a symbol for a register',
      [{ kind: 'register', register: 'loop' }],
      /Register "loop": Column 1: "loop" is no register or field\. Nothing/,
    ],
    ['no vector', [{ kind: 'vector', number: 0x123 }], /no vector/],
    ['no vCPU', [{ kind: 'exit', vcpu: 3 }], /no vCPU 3/],
  ])('%s', (_, specs, message) => {
    const { set, session } = open({ kind: 'exit' })
    expect(() => set(...specs)).toThrow(message)
    expect(session.stops.specs.map(s => s.kind)).toEqual(['exit'])
  })

  test('a CIABR that the guest uses', () => {
    const { session, set } = open()
    session.edit({ kind: 'register', vcpu: 0, register: 'CIABR', value: 0x2002n }, 'CIABR set')
    expect(() => set({ kind: 'CIABR', address: 4n })).toThrow(/guest uses the CIABR of vCPU 0/)
  })
})
