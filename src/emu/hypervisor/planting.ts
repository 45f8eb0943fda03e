/** Where the controller's word goes, and how it is put there and taken away. */
import type { Core } from '../core/core.ts'
import type { ExitReason } from '../core/events.ts'
import { PAGE } from '../core/layout.ts'
import { fetchFindsReferenced } from '../core/mmu.ts'
import { operandAddress } from '../core/reference.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { MSR } from '../isa/bitfields.ts'
import { extractField } from '../isa/fields.ts'
import type { Instruction } from '../isa/instruction.ts'
import { type InterruptId, interrupts, newMsr, vectorAddress } from '../isa/interrupts.ts'
import { sprByNumber } from '../isa/sprs.ts'
import type { EffectiveAddress, InstructionWord, RealAddress } from '../isa/units.ts'
import type { Choices } from './choices.ts'
import { PLANTED_WORD, type Planted, type Step } from './step-state.ts'

/** RFC v2 computes it once, at the vCPU's creation. */
export const FIXED_TRACE_VECTOR: EffectiveAddress = 0xc000000000004d00n

/** Interrupts to the guest that every fetch can raise; then those of loads and stores, of traps, and those that wait. */
const byFetch: readonly InterruptId[] = ['trace', 'instructionStorage', 'instructionSegment', 'program']
const byAccess: readonly InterruptId[] = ['dataStorage', 'dataSegment', 'alignment']
const byFacility: readonly InterruptId[] = ['fpUnavailable', 'vectorUnavailable', 'vsxUnavailable', 'facilityUnavailable']
const waiting: readonly InterruptId[] = ['external', 'decrementer', 'privilegedDoorbell', 'performanceMonitor']

/** The exit is the guest's load or store to a page over which words lie: execute-only, so that it comes to the hypervisor. */
export const meetsOverlay = (planted: readonly Planted[], reason: ExitReason): reason is Extract<ExitReason, { kind: 'storage' }> =>
  reason.kind === 'storage' &&
  reason.interrupt === 'hypervisorDataStorage' &&
  planted.some(p => p.overlay && Math.floor(p.real / PAGE) === Math.floor(Number(reason.guestReal) / PAGE))

/** What decides which interrupts the step can meet. */
interface Reach {
  readonly touches: boolean
  readonly needsFacility: boolean
  readonly hold: boolean
}

/** They ask FSCR or HFSCR in problem state; accesses to special-purpose registers do too. */
const ASKS_FOR_FACILITY = /^(bctar|rfebb|mfbhrbe|clrbhrb)$/

const reachOf = (instruction: Instruction | null, hold: boolean): Reach => ({
  touches: instruction === null || instruction.trace === 'load' || instruction.trace === 'store',
  needsFacility: instruction === null || instruction.form === 'XFX' || ASKS_FOR_FACILITY.test(instruction.base),
  hold,
})

const reachable = ({ touches, needsFacility, hold }: Reach): InterruptId[] => [
  ...byFetch,
  ...(touches ? byAccess : []),
  ...(needsFacility ? byFacility : []),
  ...(hold ? [] : waiting),
]

/** Address that the interrupt would get now, and the MSR with which its handler begins. */
function destination(vcpu: Vcpu, id: InterruptId): { at: EffectiveAddress; msr: bigint } {
  const entry = { msr: vcpu.state.get('MSR'), lpcr: vcpu.state.get('LPCR') }
  return { at: vectorAddress(interrupts[id], entry).address, msr: newMsr(interrupts[id], entry) }
}

/** Where a Trace interrupt would go; `from` is the register whose IR and DR will hold: SRR1 before a return. */
export const predictedTraceVector = (vcpu: Vcpu, from: 'MSR' | 'SRR1' = 'MSR'): EffectiveAddress =>
  vectorAddress(interrupts.trace, { msr: vcpu.state.get(from), lpcr: vcpu.state.get('LPCR') }).address

/** With the MSR that a handler begins with, as a fetch there would be made. */
function withMsr<T>(vcpu: Vcpu, msr: bigint, look: () => T): T {
  const { state } = vcpu
  const before = state.get('MSR')
  state.set('MSR', msr)
  try {
    return look()
  } finally {
    state.set('MSR', before)
  }
}

export interface Plan {
  readonly places: readonly { readonly at: EffectiveAddress; readonly real: RealAddress; readonly little: boolean }[]
  /** Vectors that a fetch cannot reach without a trace in the page table. */
  readonly unreachable: readonly EffectiveAddress[]
}

/** What a plan depends on besides the tables, whose changes the core counts. */
interface Planned {
  readonly key: readonly unknown[]
  readonly plan: Plan
}
const plans = new WeakMap<Vcpu, Map<number, Planned>>()

/** Where the word would go. Changes nothing; the last plan holds as long as all that it depends on. */
export function planWords(
  core: Core,
  vcpu: Vcpu,
  choices: Choices,
  instruction: Instruction | null,
  { hold, traceVector }: Pick<Step, 'hold' | 'traceVector'>,
): Plan {
  const { state } = vcpu
  if (choices.vectors !== 'all reachable') return planOne(vcpu, choices, traceVector)
  const plan = planVectors(core, vcpu, instruction, hold)
  const branches = !hold && state.get('TRACE_DUE') === 0n && vcpu.eventBasedBranchDue()
  return branches ? withPlace(plan, core, vcpu, vcpu.eventBasedBranchTarget(), state.get('MSR')) : plan
}

function planVectors(core: Core, vcpu: Vcpu, instruction: Instruction | null, hold: boolean): Plan {
  const { state } = vcpu
  const reach = reachOf(instruction, hold)
  const registers = [state.get('MSR'), state.get('LPCR'), state.get('PIDR'), state.get('IAMR')]
  const key = [core.translationsChanged, core.partition.processTable, ...registers]
  let known = plans.get(vcpu)
  if (!known) plans.set(vcpu, (known = new Map()))
  const kind = (reach.touches ? 1 : 0) | (reach.needsFacility ? 2 : 0) | (hold ? 4 : 0)
  const last = known.get(kind)
  if (last?.key.every((part, n) => part === key[n])) return last.plan
  const plan = newPlan(core, vcpu, reach)
  known.set(kind, { key, plan })
  return plan
}

/** As a debugger inserts a breakpoint. */
function planOne(vcpu: Vcpu, choices: Choices, traceVector: EffectiveAddress): Plan {
  const behind = choices.vectors === 'trace, + 4 at the vector' && vcpu.state.get('NIP') === traceVector
  const at = behind ? traceVector + 4n : traceVector
  const real = debugTranslate(vcpu, at)
  if (real === null) return { places: [], unreachable: [at] }
  return { places: [{ at, real, little: vcpu.state.msr('LE') }], unreachable: [] }
}

function newPlan(core: Core, vcpu: Vcpu, reach: Reach): Plan {
  let plan: Plan = { places: [], unreachable: [] }
  for (const id of reachable(reach)) {
    const { at, msr } = destination(vcpu, id)
    plan = withPlace(plan, core, vcpu, at, msr)
  }
  return plan
}

/** The word goes there too, if a handler that begins there with the MSR can be fetched without a trace of it in the page table. */
function withPlace({ places, unreachable }: Plan, core: Core, vcpu: Vcpu, at: EffectiveAddress, msr: bigint): Plan {
  const real = withMsr(vcpu, msr, () => {
    if (fetchFindsReferenced(vcpu.state, core.partition, core, at) !== true) return null
    const found = vcpu.translate(at, 'fetch', true)
    return 'interrupt' in found ? null : Number(found.guestReal)
  })
  if (real === null) return { places, unreachable: [...unreachable, at] }
  return { places: [...places, { at, real, little: (msr & MSR.mask.LE) !== 0n }], unreachable }
}

/** Bytes that a store of a register has at most. */
const WIDEST = 16n

/**
 * Whether the instruction may change how the vector is translated: a register of the translation, or a store to a page with entries that
 * `planWords` has walked just before.
 */
export function changesTranslation(core: Core, vcpu: Vcpu, instruction: Instruction, word: InstructionWord): boolean {
  if (instruction.base === 'mtspr') return sprByNumber(extractField('SPR', word))?.effect === 'translation'
  if (instruction.trace !== 'store') return false
  const first = operandAddress(vcpu.state, word, instruction)
  if (first === null) return false
  return [first, first + WIDEST - 1n].some(at => {
    const found = vcpu.translate(at, 'store', true)
    return !('interrupt' in found) && core.holdsTable(Number(found.guestReal))
  })
}

/** As a debugger translates: by the data side, else the instruction side, in whichever privilege, without side effects. */
const debugTranslate = (vcpu: Vcpu, at: EffectiveAddress): RealAddress | null =>
  withMsr(vcpu, vcpu.state.get('MSR') & ~MSR.mask.PR, () => {
    for (const access of ['load', 'fetch'] as const) {
      const found = vcpu.translate(at, access, true)
      if (!('interrupt' in found)) return Number(found.guestReal)
    }
    return null
  })

const wordBytes = (word: InstructionWord, little: boolean): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, word, little)
  return bytes
}

const wordAt = (core: Core, real: RealAddress, little: boolean): InstructionWord =>
  new DataView(core.ram.buffer, core.ram.byteOffset + real, 4).getUint32(0, little)

/** `there`: words that an earlier step of the vCPU left, which are not planted a second time. */
export function plantWords(core: Core, vcpu: Vcpu, plan: Plan, choices: Choices, there: readonly Planted[]): Planted[] {
  const overlay = choices.wordLivesIn === 'fetch overlay'
  const missing = plan.places.filter(({ real, at }) => !there.some(p => p.real === real && p.at === at))
  const planted = missing.map(({ at, real, little }) => ({ at, real, original: wordAt(core, real, little), overlay, little }))
  for (const { real, little } of planted) {
    if (overlay) vcpu.plant(real, PLANTED_WORD)
    else core.write(real, wordBytes(PLANTED_WORD, little))
  }
  return planted
}

/** Takes the words away. In guest memory the saved word is written back, whatever the guest stored there meanwhile. */
export function removeWords(core: Core, vcpu: Vcpu, planted: readonly Planted[]): void {
  for (const p of planted) {
    if (p.overlay) vcpu.unplant(p.real)
    else core.write(p.real, wordBytes(p.original, p.little))
  }
}
