/** The law: under *deliver*, the guest views at boundaries of a stepped run are those of a free run, bit for bit. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assemble } from '../asm/assemble.ts'
import type { Core } from '../core/core.ts'
import { handleExit } from '../hypervisor/exits.ts'
import { Hypervisor } from '../hypervisor/hypervisor.ts'
import { type Choices, type Policy, policies } from '../hypervisor/policy.ts'
import { BESCR, FSCR, MMCR0, MSR } from '../isa/bitfields.ts'
import { interrupts } from '../isa/interrupts.ts'
import { imageOfSource } from '../machine/image.ts'
import { Pseries } from '../machine/pseries.ts'
import { differences } from './leaks.ts'

/** What a handler does, by vector: skip the culprit, or return; the decrementer is set far ahead. */
const handlers: Readonly<Record<number, string>> = {
  3840: 'lis r24,-32768; mtspr 795,r24; rfid',
  2304: 'lis r24,0x7fff; mtdec r24; rfid',
  3328: 'mfsrr1 r22; mfspr r23,796; mfspr r25,797; rfid',
  3072: 'mfsrr0 r20; rfid',
}
const skip = 'mfsrr0 r20; mfsrr1 r21; mfspr r26,28; addi r20,r20,4; mtsrr0 r20; rfid'
/** Of event-based branches: sees EBBRR, clears the event, sets the counter once more. */
const branchHandler = 'mfspr r27,805; li r29,1; mtspr 802,r29; rfebb'
const scvHandler = 'mflr r27; rfscv'

/** Instructions of the generated programs; `L` is a label of its own. */
const pieces: readonly ((L: string) => string)[] = [
  () => 'addi r3,r3,7',
  () => 'mulld r4,r3,r3; add. r5,r4,r3',
  () => 'std r3,8(r10)',
  () => 'ldu r6,8(r11)',
  () => 'ld r7,0(r12)',
  () => 'stw r3,0(r12)',
  () => 'lwz r8,0xd00(r13)',
  () => 'stw r3,0xd90(r13)',
  () => 'lwz r8,0x4d00(r13); stw r8,0x4d00(r13)',
  () => 'mfmsr r14',
  () => 'mfmsr r14; xori r14,r14,0x400; mtmsrd r14',
  () => 'mfmsr r14; xori r14,r14,0x200; mtmsr r14',
  () => 'mfmsr r14; ori r14,r14,0x8000; mtmsrd r14,1',
  () => 'mfmsr r14; xori r14,r14,0x30; mtmsrd r14',
  () => 'mfmsr r14; xori r14,r14,0x10; mtmsrd r14',
  () => 'mtsrr0 r3; mtsrr1 r4; mfsrr0 r5; mfsrr1 r6',
  () => 'mtspr 796,r3; mtspr 797,r4; mfspr r5,796',
  () => 'mfsrr0 r5; mfsrr1 r6; mfspr r7,28',
  () => 'sc',
  () => 'scv 1',
  () => 'trap',
  () => 'twi 4,r3,1',
  () => '.long 0',
  () => '.long 0x00dddd00',
  () => 'lwarx r9,0,r10; addi r9,r9,1; stwcx. r9,0,r10',
  L => `b ${L}; nop; ${L}:`,
  L => `li r9,3; mtctr r9; ${L}: addi r3,r3,1; bdnz ${L}`,
  () => 'mftb r9; mfdec r15',
  () => 'li r9,5; mtdec r9',
  L => `bl ${L}; ${L}: mflr r16; addi r16,r16,24; mtsrr0 r16; mfmsr r17; xori r17,r17,0x400; mtsrr1 r17; rfid; nop`,
  () => 'li r3,0x777; sc 1',
  () => 'li r3,0x31c; li r4,3; li r5,3; li r6,0; li r7,0; sc 1',
  () => 'li r3,0x31c; li r4,0; li r5,3; li r6,0; li r7,0; sc 1',
  () => 'mtcrf 0x80,r3; crand 0,1,2; mcrf 2,0',
  () => 'fadd f1,f2,f3'.replace('fadd f1,f2,f3', '.long 0xfc22182a'),
  () => 'li r9,0; mtspr 48,r9; li r9,1; mtspr 48,r9',
  () => 'li r9,-1; mtspr 61,r9; addi r3,r3,1; li r9,0; mtspr 61,r9',
  () => 'ld r9,0(r28); xori r9,r9,1; std r9,0(r28); addi r3,r3,1; xori r9,r9,1; stdx r9,0,r28',
  () => 'lis r9,0x7fff; ori r9,r9,0xfff8; mtspr 775,r9; lis r9,0x400; ori r9,r9,0x4000; mtspr 795,r9; mfspr r15,776',
  L => `bcl 20,31,${L}; ${L}: mflr r16; addi r16,r16,20; mtspr 815,r16; bctar 20,0; nop`,
  () => 'mfspr r9,806; rfebb 0',
  () => 'msgsndp r3; mfbhrbe r9,0; clrbhrb',
  () => 'mfxer r18; addic r3,r3,-1; subfe r4,r4,r3',
]

interface Program {
  ail: 0 | 2 | 3
  ir: 0 | 1
  dr: 0 | 1
  se: 0 | 1
  ee: 0 | 1
  page: '4K' | '2M'
  rc: 0 | 1
  fp: boolean
  /** In problem state, with event-based branches from the performance monitor. */
  user: boolean
  facilities: boolean
  pieces: number[]
}

const programs: fc.Arbitrary<Program> = fc.record({
  ail: fc.constantFrom(0 as const, 2 as const, 3 as const),
  ir: fc.constantFrom(0 as const, 1 as const, 1 as const),
  dr: fc.constantFrom(0 as const, 1 as const, 1 as const),
  se: fc.constantFrom(0 as const, 0 as const, 1 as const),
  ee: fc.constantFrom(0 as const, 1 as const),
  page: fc.constantFrom('4K' as const, '2M' as const),
  rc: fc.constantFrom(0 as const, 1 as const),
  fp: fc.boolean(),
  user: fc.constantFrom(false, false, true),
  facilities: fc.boolean(),
  pieces: fc.array(fc.nat(pieces.length - 1), { minLength: 3, maxLength: 25 }),
})

const sourceOf = (p: Program): string =>
  `# twostep: map=radix ail=${p.ail} ir=${p.ir} dr=${p.dr} se=${p.se} ee=${p.ee} page=${p.page} rc=${p.rc} ram=16M\n` +
  `_start: ${p.pieces.map((n, i) => pieces[n]!(`l${i}`)).join('\n')}\nb _start\n`

function codeAt(address: bigint, text: string): Uint8Array {
  const a = assemble(text, { littleEndian: true, origin: address })
  expect(a.diagnostics.filter(d => d.severity === 'error')).toEqual([])
  return a.sections[0]!.bytes
}
const handlerBytes = new Map<string, Uint8Array>()
const handlerOf = (text: string): Uint8Array => {
  let b = handlerBytes.get(text)
  if (!b) handlerBytes.set(text, (b = codeAt(0n, text)))
  return b
}

/** Real address of the entry that maps the address, which lies in the first pages of a process. */
function leafAt(core: Core, pid: bigint, ea: bigint): bigint {
  const root = core.readDoubleword(core.partition.processTable!.base + pid * 16n)!
  let [base, bits, shift] = [root & 0x0fffffffffffff00n, root & 0x1fn, 52n]
  for (;;) {
    shift -= bits
    const at = base + 8n * ((ea >> shift) & ((1n << bits) - 1n))
    const word = core.readDoubleword(at)!
    if ((word & (1n << 62n)) !== 0n || (word & (1n << 63n)) === 0n) return at
    ;[base, bits] = [word & 0x0fffffffffffff00n, word & 0x1fn]
  }
}

function boot(p: Program): Pseries {
  const { image, diagnostics } = imageOfSource('law.s', sourceOf(p))
  if (!image) throw new Error(diagnostics.map(d => d.message).join('\n'))
  const machine = new Pseries(image)
  const { core } = machine
  for (const base of [0, 0x4000, 0x18000])
    for (const i of Object.values(interrupts)) if (i.vector < 0x1000) core.write(base + i.vector, handlerOf(handlers[i.vector] ?? skip))
  for (const at of [0x17000, 0x3000]) core.write(at + 32, handlerOf(scvHandler))
  const { state } = core.vcpus[0]!
  const linear = p.ir && p.dr && !p.user ? 0xc000000000000000n : 0n
  const set = (n: number, v: bigint) => state.set('GPR', v, n)
  set(10, linear + 0x40000n)
  set(11, linear + 0x40100n)
  set(12, 0xc00000007f000000n)
  set(13, linear)
  set(28, linear + leafAt(core, p.ail === 2 ? 1n : 0n, p.ail === 2 ? 0x18000n : 0x4000n))
  state.set('FSCR', (1n << 12n) | (p.facilities ? FSCR.mask.TAR | FSCR.mask.EBB : 0n))
  state.set('TAR', state.get('NIP') & 0xffffffn)
  if (p.user) {
    core.write(0x3800, handlerOf(branchHandler))
    state.set('NIP', state.get('NIP') & 0xffffffn)
    state.set('MSR', state.get('MSR') | MSR.mask.PR | MSR.mask.EE | MSR.mask.IR | MSR.mask.DR)
    state.set('MMCR0', MMCR0.mask.PMAE | MMCR0.mask.PMCjCE | MMCR0.mask.EBE)
    state.set('PMC5', 0x80000000n - BigInt(p.pieces.length))
    state.set('BESCR', BESCR.mask.GE | BESCR.mask.PME)
    state.set('EBBHR', 0x3800n)
  }
  if (!p.fp) state.set('MSR', state.get('MSR') & ~0x2000n)
  return machine
}

interface View {
  state: Uint8Array
  ram: number
}

function hash(bytes: Uint8Array): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  let h = 0x811c9dc5
  for (let n = 0; n < words.length; n++) h = Math.imul(h ^ words[n]!, 0x01000193)
  return h
}
/** Low RAM, where the programs store; and the page tables at its top. */
const viewOf = (m: Pseries): View => ({
  state: m.core.vcpus[0]!.state.bytes.slice(),
  ram: hash(m.core.ram.subarray(0, 0x50000)) ^ hash(m.core.ram.subarray(m.core.ramBytes - 0x40000)),
})

/** One boundary of a free run; false when the guest stopped. */
function freeBoundary(m: Pseries): boolean {
  const v = m.core.vcpus[0]!
  const before = v.state.get('TIME')
  while (v.state.get('TIME') === before) {
    const outcome = v.step()
    if (outcome.kind === 'stuck') return false
    if (outcome.kind === 'vmExit' && handleExit(m, v, outcome.reason).stop) return false
  }
  return true
}

const transparent = policies.find(p => p.id === 'transparent')!

/** Steps one machine from outside beside a free one; returns the first difference, as a sentence. */
function firstDifference(program: Program, boundaries: number, policy: Policy): string | null {
  const [free, stepped] = [boot(program), boot(program)]
  const hypervisor = new Hypervisor(stepped, 'transparent', policy)
  hypervisor.holdInterrupts = false
  for (let n = 1; n <= boundaries; n++) {
    const goes = freeBoundary(free)
    hypervisor.begin(0)
    const { stop } = hypervisor.finishStep(1000)
    if (!goes) return null
    if (stop?.reason !== 'step') return `boundary ${n}: the step did not end: ${stop?.text ?? hypervisor.state.step?.lost}`
    const [a, b] = [viewOf(stepped), viewOf(free)]
    const d = differences(a.state, b.state)
    if (d.length)
      return `boundary ${n}: ${d.map(x => `${x.register} ${x.stepped.toString(16)} instead of ${x.free.toString(16)}`).join(', ')}`
    if (a.ram !== b.ram) return `boundary ${n}: RAM differs`
  }
  return null
}

const mutant = (change: Partial<Choices>): Policy => ({ ...transparent, choices: { ...transparent.choices, ...change } })
const SEED = Number(process.env.SEED ?? 20181119)
const RUNS = Number(process.env.RUNS ?? 60)

describe('stepped equals free', () => {
  test('under Transparent', () => {
    fc.assert(
      fc.property(programs, program => {
        const found = firstDifference(program, 120, transparent)
        if (found) throw new Error(`${found}\n${sourceOf(program)}`)
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
        fc.property(programs, program => firstDifference(program, 120, policy) === null),
        { seed: SEED, numRuns: Math.max(RUNS, 60), endOnFailure: true },
      )
      expect(found.failed).toBe(true)
    },
    120_000,
  )
})
