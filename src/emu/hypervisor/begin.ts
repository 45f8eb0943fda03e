/** An outside step before its first phase: which phases it will take, by the policy's means and the instruction. */
import { disassemble } from '../asm/disassemble.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { extractField } from '../isa/fields.ts'
import type { Instruction } from '../isa/instruction.ts'
import { decode } from '../isa/instructions.ts'
import { sprByNumber } from '../isa/sprs.ts'
import type { EffectiveAddress, InstructionWord } from '../isa/units.ts'
import { type Choices, type Means, meansOf } from './choices.ts'
import { FIXED_TRACE_VECTOR, predictedTraceVector } from './planting.ts'
import type { Step, StepPhase } from './step-state.ts'

export const EMULATED_PATH: readonly StepPhase[] = ['arm', 'emulate', 'report']
/** Of a step whose access meets the page of its own words: the controller performs the instruction behind the exit. */
export const MET_OVERLAY_PATH: readonly StepPhase[] = ['arm', 'set SE', 'enter', 'trace', 'exit', 'emulate', 'report']
const paths: Readonly<Record<Means, readonly StepPhase[]>> = {
  word: ['arm', 'set SE', 'enter', 'trace', 'assist', 'exit', 'restore', 'report'],
  'every interrupt exits': ['set SE', 'enter', 'trace', 'exit', 'restore', 'report'],
  translator: ['trace', 'report'],
}
/** The phases of a step that the guest executes. */
export const stepPath = (choices: Choices): readonly StepPhase[] => paths[meansOf(choices)]

const MTSPR_KEPT = new Set(['SRR0', 'SRR1', 'SIAR', 'SDAR'])

/** The register that an mtspr writes and the trace would write after it, or null. */
export function keptRegister(word: InstructionWord): string | null {
  if (decode(word)?.base !== 'mtspr') return null
  const state = sprByNumber(extractField('SPR', word))?.state
  return state !== undefined && MTSPR_KEPT.has(state) ? state : null
}

/** Instructions that the controller performs itself, by the choice that says so. */
export function mustEmulate(choices: Choices, instruction: Instruction, word: InstructionWord): boolean {
  const emulated: Partial<Record<string, string>> = {
    mfmsr: choices.mfmsr,
    mtmsr: choices.mtmsr,
    mtmsrd: choices.mtmsr,
    rfid: choices.rfid,
    rfscv: choices.rfscv,
    sc: choices.systemCalls,
    scv: choices.systemCalls,
  }
  if (instruction.base === 'mtspr') return choices.mtspr === 'emulate' && keptRegister(word) !== null
  return emulated[instruction.base] === 'emulate'
}

export const isBase = (word: InstructionWord | null, base: string): boolean => word !== null && decode(word)?.base === base

/** Steps go through loops: texts of instructions, by address. */
const texts = new Map<EffectiveAddress, { readonly word: InstructionWord; readonly text: string }>()
const MOST_TEXTS = 4096

function textOf(word: InstructionWord, nip: EffectiveAddress): string {
  const known = texts.get(nip)
  if (known?.word === word) return known.text
  if (texts.size >= MOST_TEXTS) texts.clear()
  const text = disassemble(word, nip).text.replace(/\s+/g, ' ')
  texts.set(nip, { word, text })
  return text
}

/** What a step at the vCPU's present state would do, in short: the instruction there, or what comes before it. */
export function stepLabel(vcpu: Vcpu, nip = vcpu.state.get('NIP'), word = vcpu.wordAt(nip)): string {
  if (vcpu.state.get('TRACE_DUE') !== 0n) return GUEST_TRACE
  return typeof word === 'number' ? textOf(word, nip) : 'fetch fault'
}
/** A step that begins with the guest's own Trace interrupt pending delivers that. */
const GUEST_TRACE = 'guest trace'

/** What a step takes over: from the host, and from the step before it whose words still lie there. */
type Taken = Pick<Step, 'ordinal' | 'hold' | 'msrs' | 'planted'>

/** An outside step at the vCPU's present state, before its first phase. */
export function beginStep(vcpu: Vcpu, choices: Choices, { ordinal, hold, msrs, planted }: Taken): Step {
  const { state } = vcpu
  const nip = state.get('NIP')
  const word = vcpu.wordAt(nip)
  const known = typeof word === 'number' ? word : null
  const get = (name: string) => state.get(name)
  const throughSrr1 = choices.rfid === 'SE in SRR1' && isBase(known, 'rfid')
  const path = stepPath(choices)
  return {
    ordinal,
    label: stepLabel(vcpu, nip, word),
    vcpu: vcpu.id,
    phase: path[0]!,
    path,
    start: { nip, msr: get('MSR'), word: known, traceDue: get('TRACE_DUE') !== 0n },
    saved: { SRR0: get('SRR0'), SRR1: get('SRR1'), SIAR: get('SIAR'), SDAR: get('SDAR'), CFAR: get('CFAR') },
    planted,
    traceVector: choices.traceVector === 'AIL 3, once' ? FIXED_TRACE_VECTOR : predictedTraceVector(vcpu, throughSrr1 ? 'SRR1' : 'MSR'),
    seIn: throughSrr1 ? 'SRR1' : 'MSR',
    ofGuest: false,
    cachedMsr: get('MSR'),
    msrs,
    ran: 0,
    exit: null,
    caught: false,
    lost: null,
    pending: null,
    hold,
    metBy: null,
  }
}
