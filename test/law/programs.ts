/** Generated guests for the law: programs of pieces, handlers, tables, several vCPUs, a schedule, and what is done to them. */
import fc from 'fast-check'
import { assemble } from '../../src/emu/asm/assemble.ts'
import type { Core } from '../../src/emu/core/core.ts'
import type { Turn } from '../../src/emu/hypervisor/schedule.ts'
import { BESCR, FSCR, MMCR0, MSR } from '../../src/emu/isa/bitfields.ts'
import { interrupts } from '../../src/emu/isa/interrupts.ts'
import { imageOfSource } from '../../src/emu/machine/image.ts'
import { Pseries } from '../../src/emu/machine/pseries.ts'

/** What a handler does, by vector: skip the culprit, or return; the decrementer is set far ahead. */
const handlers: Readonly<Record<number, string>> = {
  3840: 'lis r24,-32768; mtspr 795,r24; rfid',
  2304: 'lis r24,0x7fff; mtdec r24; rfid',
  3328: 'mfsrr1 r22; mfspr r23,796; mfspr r25,797; rfid',
  3072: 'mfsrr0 r20; rfid',
  // Doorbells: nothing but the return.
  2560: 'mfsrr1 r22; rfid',
}
const skip = 'mfsrr0 r20; mfsrr1 r21; mfspr r26,28; addi r20,r20,4; mtsrr0 r20; rfid'
/** Of event-based branches: sees EBBRR, clears the event, sets the counter once more. */
const branchHandler = 'mfspr r27,805; li r29,1; mtspr 802,r29; rfebb'
const scvHandler = 'mflr r27; rfscv'
/** In the other byte order: back to r16 with the MSR in r17. */
const STUB = 0x3e00
const bigStub = 'addi r3,r3,3; mtsrr0 r16; mtsrr1 r17; rfid'

const setMode = (flags: number, resource: number, first = 'li r6,0', second = 'li r7,0') =>
  `li r3,0x31c; li r4,${flags}; li r5,${resource}; ${first}; ${second}; sc 1`

/** Instructions of the generated programs; `L` is a label of its own. */
export const pieces: readonly ((L: string) => string)[] = [
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
  () => setMode(3, 3),
  () => setMode(0, 3),
  () => 'mtcrf 0x80,r3; crand 0,1,2; mcrf 2,0',
  () => '.long 0xfc22182a',
  () => 'li r9,0; mtspr 48,r9; li r9,1; mtspr 48,r9',
  () => 'li r9,-1; mtspr 61,r9; addi r3,r3,1; li r9,0; mtspr 61,r9',
  () => 'ld r9,0(r28); xori r9,r9,1; std r9,0(r28); addi r3,r3,1; xori r9,r9,1; stdx r9,0,r28',
  () => 'lis r9,0x7fff; ori r9,r9,0xfff8; mtspr 775,r9; lis r9,0x400; ori r9,r9,0x4000; mtspr 795,r9; mfspr r15,776',
  L => `bcl 20,31,${L}; ${L}: mflr r16; addi r16,r16,20; mtspr 815,r16; bctar 20,0; nop`,
  () => 'mfspr r9,806; rfebb 0',
  () => 'msgsndp r3; mfbhrbe r9,0; clrbhrb',
  () => 'mfxer r18; addic r3,r3,-1; subfe r4,r4,r3',
  // CIABR on an instruction of this piece; then off.
  L => `bcl 20,31,${L}; ${L}: mflr r16; ${setMode(0, 1, 'addi r6,r16,32; ori r6,r6,2')}; addi r4,r4,1; nop; ${setMode(0, 1)}`,
  // DAWR on the doubleword that is stored to: real and translated, privileged and problem state.
  () => `${setMode(0, 2, 'mr r6,r10', 'li r7,0x6b')}; std r3,0(r10); ${setMode(0, 2)}`,
  // A doorbell to vCPU 0 or 1; another vCPU waits for it, or for its decrementer.
  () => 'lis r9,0x2800; msgsndp r9',
  () => 'lis r9,0x2800; ori r9,r9,1; msgsndp r9',
  () => 'li r9,40; mtdec r9; li r3,0xe0; sc 1',
  // Through a stub in the other byte order, and back.
  L =>
    `bl ${L}; ${L}: mflr r16; addi r16,r16,36; mfmsr r17; li r18,${STUB}; or r18,r18,r13; mtsrr0 r18; xori r19,r17,1; mtsrr1 r19; rfid; nop`,
  // Changes the instruction that follows, as another vCPU may while it is being stepped.
  () => 'ldarx r9,0,r10; std r3,0(r10); stdcx. r9,0,r10',
]

export type Deed =
  | { readonly kind: 'step'; readonly vcpu: number }
  | { readonly kind: 'run'; readonly boundaries: number }
  /** A run with a breakpoint at an instruction of the program, which may be met. */
  | { readonly kind: 'break'; readonly boundaries: number; readonly instruction: number }

export interface Program {
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
  vcpus: 1 | 2 | 3 | 4
  /** Lengths of turns, vCPU after vCPU; begins anew at its end. */
  turns: number[]
  /** What the debugger does, again and again. */
  deeds: Deed[]
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('step' as const), vcpu: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('run' as const), boundaries: fc.integer({ min: 1, max: 30 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('break' as const), boundaries: fc.integer({ min: 1, max: 60 }), instruction: fc.nat(60) }),
  },
)

export const programs: fc.Arbitrary<Program> = fc.record({
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
  vcpus: fc.constantFrom(1 as const, 1 as const, 2 as const, 3 as const, 4 as const),
  turns: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
  deeds: fc.array(deed, { minLength: 1, maxLength: 12 }),
})

export const sourceOf = (p: Program): string =>
  `# twostep: map=radix ail=${p.ail} ir=${p.ir} dr=${p.dr} se=${p.se} ee=${p.ee} page=${p.page} rc=${p.rc} ram=16M vcpus=${p.vcpus}\n` +
  `_start: ${p.pieces.map((n, i) => pieces[n]!(`l${i}`)).join('\n')}\nb _start\n`

const deedInWords =
  (p: Program) =>
  (d: Deed): string =>
    d.kind === 'step'
      ? `step ${d.vcpu % p.vcpus}`
      : d.kind === 'run'
        ? `run ${d.boundaries}`
        : `run ${d.boundaries} with a breakpoint at instruction ${d.instruction}`

/** The program as it can be read, with what is done to it. */
export const storyOf = (p: Program): string =>
  `${sourceOf(p)}# turns: ${p.turns.join(' ')}\n# deeds: ${p.deeds.map(deedInWords(p)).join(', ')}\n# user ${p.user}, facilities ${p.facilities}, fp ${p.fp}\n`

/** Turns for at least so many boundaries; none for one vCPU. */
export function scheduleOf(p: Program, boundaries: number): Turn[] {
  const turns: Turn[] = []
  if (p.vcpus === 1) return turns
  for (let n = 0, sum = 0; sum < boundaries; n++) {
    const length = p.turns[n % p.turns.length]!
    turns.push({ vcpu: n % p.vcpus, boundaries: length })
    sum += length
  }
  return turns
}

const assembled = new Map<string, Uint8Array>()
function codeOf(text: string, littleEndian = true): Uint8Array {
  const key = `${littleEndian} ${text}`
  let bytes = assembled.get(key)
  if (!bytes) {
    const a = assemble(text, { littleEndian, origin: 0n })
    const errors = a.diagnostics.filter(d => d.severity === 'error')
    if (errors.length > 0) throw new Error(`${text}: ${errors[0]!.message}`)
    assembled.set(key, (bytes = a.sections[0]!.bytes))
  }
  return bytes
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

export function boot(p: Program): Pseries {
  const { image, diagnostics } = imageOfSource('law.s', sourceOf(p))
  if (!image) throw new Error(diagnostics.map(d => d.message).join('\n'))
  const machine = new Pseries(image)
  const { core } = machine
  for (const base of [0, 0x4000, 0x18000])
    for (const i of Object.values(interrupts)) if (i.vector < 0x1000) core.write(base + i.vector, codeOf(handlers[i.vector] ?? skip))
  for (const at of [0x17000, 0x3000]) core.write(at + 32, codeOf(scvHandler))
  core.write(STUB, codeOf(bigStub, false))
  if (p.user) core.write(0x3800, codeOf(branchHandler))
  const linear = p.ir && p.dr && !p.user ? 0xc000000000000000n : 0n
  for (const { state } of core.vcpus) {
    const set = (n: number, v: bigint) => state.set('GPR', v, n)
    set(10, linear + 0x40000n)
    set(11, linear + 0x40100n)
    set(12, 0xc00000007f000000n)
    set(13, linear)
    set(28, linear + leafAt(core, p.ail === 2 ? 1n : 0n, p.ail === 2 ? 0x18000n : 0x4000n))
    state.set('FSCR', (1n << 12n) | (p.facilities ? FSCR.mask.TAR | FSCR.mask.EBB : 0n))
    state.set('TAR', state.get('NIP') & 0xffffffn)
    if (p.user) {
      state.set('NIP', state.get('NIP') & 0xffffffn)
      state.set('MSR', state.get('MSR') | MSR.mask.PR | MSR.mask.EE | MSR.mask.IR | MSR.mask.DR)
      state.set('MMCR0', MMCR0.mask.PMAE | MMCR0.mask.PMCjCE | MMCR0.mask.EBE)
      state.set('PMC5', 0x80000000n - BigInt(p.pieces.length))
      state.set('BESCR', BESCR.mask.GE | BESCR.mask.PME)
      state.set('EBBHR', 0x3800n)
    }
    if (!p.fp) state.set('MSR', state.get('MSR') & ~MSR.mask.FP)
  }
  return machine
}
