/** Generated guests for the law: programs of pieces, handlers, tables, several vCPUs, a schedule, and what is done to them. */
import fc from 'fast-check'
import type { Core } from '../../src/emu/core/core.ts'
import type { Turn } from '../../src/emu/hypervisor/schedule.ts'
import { BESCR, FSCR, LPCR, MMCR0, MSR, setField } from '../../src/emu/isa/bitfields.ts'
import { imageOfSource } from '../../src/emu/machine/image.ts'
import { Pseries } from '../../src/emu/machine/pseries.ts'
import { codeOf } from './assembled.ts'
import { flippable, type Layout, type Nesting, nestings, PAGES, scvPage, writeHandlers } from './handlers.ts'
import { pieces, type Setting, STUB, stub } from './pieces.ts'

/** Of event-based branches: sees EBBRR, clears the event, sets the counter once more. */
const branchHandler = 'mfspr r27,805; li r29,1; mtspr 802,r29; rfebb'

export type Deed =
  | { readonly kind: 'step'; readonly vcpu: number }
  | { readonly kind: 'run'; readonly boundaries: number }
  /** A run with a breakpoint at an instruction of the program, which may be met. */
  | { readonly kind: 'break'; readonly boundaries: number; readonly instruction: number }
  /** A step, and after so many of its phases an edit, and turns of another vCPU; then a breakpoint at an instruction of the program. */
  | {
      readonly kind: 'between'
      readonly vcpu: number
      readonly phases: number
      readonly edit: Edit
      readonly other: number
      readonly boundaries: number
      readonly instruction: number
    }

/** What a user changes in the middle of a step: a register, a word of a handler, R of the entry that maps the handlers. */
export const edits = ['nothing', 'r3', 'r9', 'handler', 'R'] as const
export type Edit = (typeof edits)[number]

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
  /** Byte order at the start. */
  big: boolean
  /** LPCR[ILE] differs from it. */
  otherHandlers: boolean
  vectors: Layout
  nesting: Nesting
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
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('between' as const),
      vcpu: fc.nat(3),
      phases: fc.integer({ min: 1, max: 3 }),
      edit: fc.constantFrom(...edits),
      other: fc.nat(3),
      boundaries: fc.integer({ min: 0, max: 12 }),
      instruction: fc.nat(60),
    }),
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
  fp: fc.constantFrom(false, false, true),
  user: fc.constantFrom(false, false, true),
  facilities: fc.boolean(),
  big: fc.constantFrom(false, false, true),
  otherHandlers: fc.constantFrom(false, false, true),
  vectors: fc.constantFrom('inline' as const, 'inline' as const, 'both orders' as const),
  nesting: fc.constantFrom(...(Object.keys(nestings) as Nesting[])),
  pieces: fc.array(fc.nat(pieces.length - 1), { minLength: 3, maxLength: 25 }),
  vcpus: fc.constantFrom(1 as const, 1 as const, 2 as const, 3 as const, 4 as const),
  turns: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
  deeds: fc.array(deed, { minLength: 1, maxLength: 12 }),
})

const handlersLittle = (p: Program): boolean => p.big === p.otherHandlers
/** Process that maps the vectors, and whether it maps the program too. */
const ofVectors = (p: Program): { pid: bigint; alsoProgram: boolean } =>
  p.ail === 2 ? { pid: 1n, alsoProgram: p.user || !p.ir } : { pid: 0n, alsoProgram: !p.user }
const settingOf = (p: Program): Setting => ({
  vectors: p.vectors,
  handlersLittle: handlersLittle(p),
  ownEntry: p.page === '4K' || !ofVectors(p).alsoProgram,
  page: p.page,
})

export const sourceOf = (p: Program): string =>
  `# twostep: map=radix ail=${p.ail} ir=${p.ir} dr=${p.dr} se=${p.se} ee=${p.ee} page=${p.page} rc=${p.rc} ram=16M vcpus=${p.vcpus} endian=${p.big ? 'big' : 'little'}\n` +
  `_start: ${p.pieces.map((n, i) => pieces[n]!(`l${i}`, settingOf(p))).join('\n')}\nb _start\n`

const words: { [K in Deed['kind']]: (p: Program, d: Extract<Deed, { kind: K }>) => string } = {
  step: (p, d) => `step ${d.vcpu % p.vcpus}`,
  run: (_p, d) => `run ${d.boundaries}`,
  break: (_p, d) => `run ${d.boundaries} with a breakpoint at instruction ${d.instruction}`,
  between: (p, d) =>
    `step ${d.vcpu % p.vcpus} and after ${d.phases} phases edit ${d.edit}, then ${d.boundaries} boundaries of vCPU ${d.other % p.vcpus}, then with a breakpoint at instruction ${d.instruction}`,
}
export const deedInWords = (p: Program, d: Deed): string => (words[d.kind] as (p: Program, d: Deed) => string)(p, d)

/** The program as it can be read, with what is done to it. */
export const storyOf = (p: Program): string =>
  `${sourceOf(p)}# turns: ${p.turns.join(' ')}\n# deeds: ${p.deeds.map(d => deedInWords(p, d)).join(', ')}\n# user ${p.user}, facilities ${p.facilities}, fp ${p.fp}, handlers ${handlersLittle(p) ? 'little' : 'big'}-endian, ${p.vectors}, in them ${p.nesting}\n`

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

/** Real address of the entry that maps the address, which lies in the first pages of a process. */
export function leafAt(core: Core, pid: bigint, ea: bigint): bigint {
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

const byEdit: Readonly<Record<Edit, (machine: Pseries, vcpu: number, p: Program) => void>> = {
  nothing: () => {},
  r3: ({ core }, vcpu) => flipRegister(core, vcpu, 3),
  r9: ({ core }, vcpu) => flipRegister(core, vcpu, 9),
  handler: ({ core }, _vcpu, p) => {
    const { byte, mask } = flippable(0xd00, p.vectors, handlersLittle(p))
    flipByte(core, PAGES[p.ail] + byte, mask)
  },
  R: ({ core }, _vcpu, p) => {
    const at = Number(leafAt(core, ofVectors(p).pid, BigInt(PAGES[p.ail || 3])))
    core.write(at + 6, Uint8Array.of(core.read(at + 6, 1)[0]! & 0xfe))
  },
}
const flipRegister = (core: Core, vcpu: number, n: number): void => {
  const { state } = core.vcpus[vcpu]!
  state.set('GPR', state.get('GPR', n) ^ 1n, n)
}
const flipByte = (core: Core, real: number, mask: number): void => core.write(real, Uint8Array.of(core.read(real, 1)[0]! ^ mask))

/** The user's edit, of the vCPU or of what lies in memory. */
export const perform = (edit: Edit, machine: Pseries, vcpu: number, p: Program): void => byEdit[edit](machine, vcpu, p)

export function boot(p: Program): Pseries {
  const { image, diagnostics } = imageOfSource('law.s', sourceOf(p))
  if (!image) throw new Error(diagnostics.map(d => d.message).join('\n'))
  const machine = new Pseries(image)
  const { core } = machine
  writeHandlers(core, p.vectors, handlersLittle(p), p.page === '4K' ? 0x1000 : 0x200000, p.nesting)
  core.write(STUB, codeOf(stub, p.big))
  if (p.user) core.write(0x3800, codeOf(branchHandler, !p.big))
  const linear = p.ir && p.dr && !p.user ? 0xc000000000000000n : 0n
  for (const { state } of core.vcpus) {
    const set = (n: number, v: bigint) => state.set('GPR', v, n)
    set(10, linear + 0x40000n)
    set(11, linear + 0x40100n)
    // Not mapped; what begins in real mode gets one beyond its quadrant's range, which real mode finds in RAM.
    set(12, p.dr || p.user ? 0xc00000007f000000n : 0x1000000000c00000n)
    set(13, linear)
    const { pid } = ofVectors(p)
    set(28, linear + leafAt(core, pid, BigInt(PAGES[p.ail || 3])))
    set(23, linear + leafAt(core, pid, BigInt(scvPage(p.ail))))
    set(30, linear + BigInt(PAGES[p.ail]))
    state.set('LPCR', setField(LPCR, 'ILE', state.get('LPCR'), handlersLittle(p) ? 1n : 0n))
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
    set(1, state.get('NIP'))
    set(2, state.get('MSR'))
  }
  return machine
}
