/**
 * The phases of an outside step. Each is one transition: it looks at the step and the vCPU, does its part, and returns the step as it
 * is afterwards. Nothing is remembered between two phases but what `Step` holds.
 */

import { disassemble } from '../asm/disassemble.ts'
import type { ExitReason, Outcome } from '../core/events.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { MSR, SRR1_CAUSE_MASK } from '../isa/bitfields.ts'
import { extractField } from '../isa/fields.ts'
import type { Instruction } from '../isa/instruction.ts'
import { decode } from '../isa/instructions.ts'
import { interruptInWords } from '../isa/interrupts.ts'
import { sprByNumber } from '../isa/sprs.ts'
import type { EffectiveAddress, InstructionWord } from '../isa/units.ts'
import type { HypervisorEvent, Stop } from './events.ts'
import { exitInWords, handleExit, stopOf } from './exits.ts'
import type { Hosted } from './hosted.ts'
import { changesTranslation, FIXED_TRACE_VECTOR, plantWords, planWords, predictedTraceVector, removeWords } from './planting.ts'
import type { Choices } from './policy.ts'
import type { Step, StepPhase } from './step-state.ts'

export interface Context {
  readonly machine: Hosted
  readonly vcpu: Vcpu
  readonly choices: Choices
  readonly emit: (event: HypervisorEvent) => void
}

export interface Transition {
  /** Null once it is reported. */
  readonly step: Step | null
  readonly stop: Stop | null
  /** The guest ran for its whole allowance, and the phase goes on. */
  readonly unfinished: boolean
}

export interface Phase {
  readonly name: StepPhase
  /** What it does, for hovers and the listing. */
  readonly says: string
  next(step: Step, context: Context, allowance: number): Transition
}

const to = (step: Step, phase: StepPhase, changes: Partial<Step> = {}): Transition => ({
  step: { ...step, ...changes, phase },
  stop: null,
  unfinished: false,
})
const hex = (v: bigint): string => `0x${v.toString(16)}`

const EXECUTED_PATH: readonly StepPhase[] = ['arm', 'set SE', 'enter', 'trace', 'assist', 'exit', 'restore', 'report']
const EMULATED_PATH: readonly StepPhase[] = ['arm', 'emulate', 'report']
export const stepPath = EXECUTED_PATH

const MTSPR_KEPT = new Set(['SRR0', 'SRR1', 'SIAR', 'SDAR'])

/** Instructions that the controller performs itself, by the choice that says so. */
function mustEmulate(choices: Choices, instruction: Instruction, word: InstructionWord): boolean {
  const emulated: Partial<Record<string, string>> = {
    mfmsr: choices.mfmsr,
    mtmsr: choices.mtmsr,
    mtmsrd: choices.mtmsr,
    rfid: choices.returns,
    rfscv: choices.returns,
    sc: choices.systemCalls,
    scv: choices.systemCalls,
  }
  if (instruction.base === 'mtspr') {
    const state = sprByNumber(extractField('SPR', word))?.state
    return choices.mtspr === 'emulate' && state !== undefined && MTSPR_KEPT.has(state)
  }
  return emulated[instruction.base] === 'emulate'
}

/** An outside step at the vCPU's present state, before its first phase. */
export function beginStep(vcpu: Vcpu, choices: Choices, ordinal: number, hold: boolean): Step {
  const { state } = vcpu
  const nip = state.get('NIP')
  const word = vcpu.wordAt(nip)
  const known = typeof word === 'number' ? word : null
  const label = known === null ? 'fetch fault' : disassemble(known, nip).text.replace(/\s+/g, ' ')
  const get = (name: string) => state.get(name)
  return {
    ordinal,
    label,
    vcpu: vcpu.id,
    phase: 'arm',
    path: EXECUTED_PATH,
    start: { nip, msr: get('MSR'), word: known, traceDue: get('TRACE_DUE') !== 0n },
    saved: { SRR0: get('SRR0'), SRR1: get('SRR1'), SIAR: get('SIAR'), SDAR: get('SDAR'), CFAR: get('CFAR') },
    planted: [],
    traceVector: choices.traceVector === 'predicted' ? predictedTraceVector(vcpu) : FIXED_TRACE_VECTOR,
    cachedMsr: get('MSR'),
    ran: 0,
    exit: null,
    caught: false,
    lost: null,
    hold,
  }
}

const arm: Phase = {
  name: 'arm',
  says: 'The word 0x00dddd00 goes where the guest will come after its instruction.',
  next(step, { machine, vcpu, choices, emit }) {
    const { word } = step.start
    const instruction = word === null ? null : decode(word)
    const dueFirst = step.start.traceDue || (!step.hold && vcpu.asynchronousDue())
    const plan = planWords(machine.core, vcpu, choices, instruction, step.hold)
    const own = vcpu.translate(step.start.nip, 'fetch', true)
    const standsOnWord = !('interrupt' in own) && plan.places.some(p => p.real === (Number(own.guestReal) & ~3))
    const branchFirst = !step.hold && !step.start.traceDue && vcpu.eventBasedBranchDue()
    const byController = !dueFirst && instruction !== null && word !== null && mustEmulate(choices, instruction, word)
    const overlay = choices.wordLivesIn === 'fetch overlay'
    const moves = overlay && !dueFirst && instruction !== null && word !== null && changesTranslation(machine.core, vcpu, instruction, word)
    if (byController || branchFirst || moves || (overlay && (standsOnWord || plan.unreachable.length > 0))) {
      const reason = byController
        ? 'executed, it would show SE or lose it'
        : branchFirst
          ? 'an event-based branch comes first, which keeps MSR[SE]'
          : moves
            ? 'behind it the vector may be mapped elsewhere, or not at all'
            : standsOnWord
              ? 'a planted word would hide it'
              : `a fetch at ${hex(plan.unreachable[0]!)} would leave a trace in the page table`
      emit({
        kind: 'phase',
        vcpu: vcpu.id,
        phase: 'arm',
        sentence: `the controller will perform ${step.label} itself: ${reason}`,
        crossing: null,
      })
      return to(step, 'emulate', { path: EMULATED_PATH })
    }
    const planted = plantWords(machine.core, vcpu, plan, choices)
    const where = overlay ? 'in the fetch overlay' : 'in guest memory'
    const sentence =
      planted.length === 0
        ? `no word planted: ${hex(step.traceVector)} is not mapped`
        : `0x00dddd00 planted at ${hex(step.traceVector)}${planted.length > 1 ? ` and ${new Set(planted.map(p => p.real)).size - 1} more vectors` : ''}, ${where}`
    const label = planted.length === 0 ? null : `0x00dddd00 at ${shortAddress(step.traceVector)}`
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'arm', sentence, crossing: null, ...(label ? { planted: label } : {}) })
    return to(step, 'set SE', { planted })
  },
}

/** 0xc000000000004d00 → 0xc…4d00. */
function shortAddress(a: EffectiveAddress): string {
  const s = a.toString(16)
  return s.length > 8 ? `0x${s[0]}…${s.slice(-4)}` : `0x${s}`
}

const setSe: Phase = {
  name: 'set SE',
  says: 'MSR[SE] is set: a Trace interrupt follows the next instruction.',
  next(step, { vcpu, emit }) {
    const msr = step.start.msr | MSR.mask.SE
    vcpu.state.set('MSR', msr)
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'set SE', sentence: `SE set in the MSR of vCPU ${vcpu.id}`, crossing: null, se: true })
    return to(step, 'enter', { cachedMsr: msr })
  },
}

/** Address of the hypervisor's `hrfid` in this model, which is where a policy that does not put CFAR back leaves it. */
const HRFID: EffectiveAddress = 0xc0000000000e3f5cn

const enter: Phase = {
  name: 'enter',
  says: 'VM entry: the guest runs until it comes back.',
  next(step, { vcpu, choices, emit }) {
    if (choices.sampledRegisters === 'clobbered') vcpu.state.set('CFAR', HRFID)
    emit({
      kind: 'phase',
      vcpu: vcpu.id,
      phase: 'enter',
      sentence: `VM entry of vCPU ${vcpu.id} at ${hex(vcpu.state.get('NIP'))}`,
      crossing: 'entry',
    })
    return to(step, 'trace', { exit: null })
  },
}

/** Boundaries that are run one by one, with an event each, before a guest that was lost runs in bulk. */
const CLOSE = 64

const trace: Phase = {
  name: 'trace',
  says: 'The guest executes one instruction and takes the Trace interrupt.',
  next(step, context, allowance) {
    const { vcpu, machine } = context
    let now = step
    let left = allowance
    vcpu.hold = step.hold
    try {
      while (left > 0) {
        const at = vcpu.state.get('NIP')
        if (now.ran > 0 && machine.core.stops.has(at))
          return { step: now, stop: stopOf({ kind: 'breakpoint', at }, vcpu), unfinished: false }
        vcpu.listenToInstructions = now.ran < CLOSE
        const { boundaries, outcome } = vcpu.listenToInstructions ? oneBoundary(vcpu) : vcpu.run(Math.min(left, 50_000))
        left -= Math.max(1, boundaries)
        now = { ...now, ran: now.ran + boundaries }
        const nip = vcpu.state.get('NIP')
        if (outcome.kind === 'vmExit') return to(now, 'exit', { exit: outcome.reason })
        if (outcome.kind === 'breakpoint' || outcome.kind === 'stuck') return { step: now, stop: stopOf(outcome, vcpu), unfinished: false }
        if (isPlanted(now, nip, vcpu)) return to(now, 'assist', { caught: true })
        now = { ...now, lost: lostBecause(now, vcpu, outcome) }
      }
      return { step: now, stop: null, unfinished: true }
    } finally {
      vcpu.hold = false
      vcpu.listenToInstructions = false
    }
  },
}

function oneBoundary(vcpu: Vcpu): { boundaries: number; outcome: Outcome } {
  const before = vcpu.state.get('TIME')
  const outcome = vcpu.step()
  return { boundaries: Number(vcpu.state.get('TIME') - before), outcome }
}

function isPlanted(step: Step, nip: EffectiveAddress, vcpu: Vcpu): boolean {
  if (step.ran === 0 || !step.planted.some(p => p.at === nip)) return false
  return vcpu.wordAt(nip) === 0x00dddd00
}

/** A sentence once no Trace interrupt is on its way any more. */
function lostBecause(step: Step, vcpu: Vcpu, outcome: Outcome): string | null {
  const { state } = vcpu
  if (state.msr('SE')) return null
  if (state.get('TRACE_DUE') !== 0n && step.planted.length > 0) return null
  if (step.lost) return step.lost
  if (outcome.kind === 'interrupt') return `${interruptWord(outcome)} took the guest to ${hex(outcome.interrupt.to.nip)}, where no word is`
  const mnemonic = step.label.split(' ')[0]
  return `${mnemonic} left SE at 0: no Trace interrupt comes`
}

const interruptWord = (o: Extract<Outcome, { kind: 'interrupt' }>): string =>
  o.interrupt.id === 'trace' ? 'the Trace interrupt' : `the ${interruptInWords(o.interrupt.id)}`

const assist: Phase = {
  name: 'assist',
  says: 'The word is illegal: Hypervisor Emulation Assistance.',
  next(step, { vcpu }) {
    const outcome = vcpu.step()
    if (outcome.kind === 'vmExit') return to(step, 'exit', { exit: outcome.reason })
    return to(step, 'trace', { caught: false })
  },
}

const exit: Phase = {
  name: 'exit',
  says: 'VM exit: the controller looks at where the guest stands.',
  next(step, context) {
    const { vcpu, choices, emit } = context
    const { state } = vcpu
    if (choices.reservation === 'lost') state.set('RESERVE', 0n)
    const nip = state.get('NIP')
    const reason = step.exit!
    if (step.caught && reason.kind === 'emulationAssistance') {
      emit({ kind: 'phase', vcpu: vcpu.id, phase: 'exit', sentence: `VM exit: the word at ${hex(nip)} was met`, crossing: 'exit' })
      return to(step, 'restore')
    }
    if (reason.kind === 'emulationAssistance' && step.planted.some(p => p.at === nip)) {
      emit({ kind: 'phase', vcpu: vcpu.id, phase: 'exit', sentence: `VM exit: the word at ${hex(nip)} was met`, crossing: 'exit' })
      return to(step, 'restore', { caught: true })
    }
    const handled = handleExit(context.machine, vcpu, reason)
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'exit', sentence: `VM exit: ${handled.sentence}`, crossing: 'exit' })
    if (handled.stop) return { step: to(step, 'enter').step, stop: handled.stop, unfinished: false }
    if (choices.interruptsInStep === 'caught at the vector') return to(step, 'restore', { caught: false })
    return to(step, 'enter', { lost: step.lost ?? lostAtExit(reason, vcpu) })
  },
}

const lostAtExit = (reason: ExitReason, vcpu: Vcpu): string | null =>
  vcpu.state.msr('SE') ? null : `after ${exitInWords(reason)} the hypervisor sent the guest to a handler, SE rides in SRR1`

const restore: Phase = {
  name: 'restore',
  says: 'The word is removed, and the guest gets its registers back.',
  next(step, context) {
    const { machine, vcpu, choices, emit } = context
    removeWords(machine.core, vcpu, step.planted)
    const removed = step.planted.length === 0 ? '' : step.planted.length === 1 ? 'word removed, ' : 'words removed, '
    const done = isOwnTrace(step, vcpu, choices) ? restoreAfterTrace(step, vcpu, choices) : restoreAtVector(step, vcpu)
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'restore', sentence: removed + done, crossing: null, planted: null, se: false })
    return to(step, 'report', { planted: [] })
  },
}

/** The Trace interrupt that SE of the controller's brought, and not an interrupt of the guest's. */
function isOwnTrace(step: Step, vcpu: Vcpu, choices: Choices): boolean {
  // Who plants one word takes every interrupt that meets it for the trace.
  if (choices.interruptsInStep === 'ride along') return true
  return step.caught && vcpu.state.get('NIP') === step.traceVector && !(step.start.traceDue && step.ran === 1)
}

/** The controller's own Trace interrupt takes no time of the guest. */
function takeBackBoundary(vcpu: Vcpu): void {
  for (const clock of ['TIME', 'COMPLETED']) vcpu.state.set(clock, vcpu.state.get(clock) - 1n)
}

/** MSR[SE] as the guest has it. */
const withGuestSe = (step: Step, msr: bigint): bigint => (msr & ~MSR.mask.SE) | (step.start.msr & MSR.mask.SE)

/** The guest's interrupt: it stays at its vector, and what it saved shows the guest's own SE. */
function restoreAtVector(step: Step, { state }: Vcpu): string {
  state.set('SRR1', withGuestSe(step, state.get('SRR1')))
  return `the guest stays at its vector ${hex(state.get('NIP'))}, SRR1[SE] as the guest believes it`
}

const SAVES = ['SRR0', 'SRR1'] as const
const SAMPLES = ['SIAR', 'SDAR'] as const

function restoreAfterTrace(step: Step, vcpu: Vcpu, choices: Choices): string {
  const { state } = vcpu
  takeBackBoundary(vcpu)
  const [next, srr1, siar, sdar] = [...SAVES, ...SAMPLES].map(name => state.get(name)) as [bigint, bigint, bigint, bigint]
  const cause = srr1 & SRR1_CAUSE_MASK
  const remembered = choices.msrAfter === 'remembered, SE cleared'
  const hidden = choices.mfmsr === 'emulate' ? '' : hideSe(vcpu, next - 4n)
  state.set('NIP', next)
  state.set('MSR', remembered ? step.cachedMsr & ~MSR.mask.SE : withGuestSe(step, srr1 & ~SRR1_CAUSE_MASK))
  const back = [...(choices.saveRegisters === 'restored' ? SAVES : []), ...(choices.sampledRegisters === 'restored' ? SAMPLES : [])]
  for (const name of back) state.set(name, step.saved[name])
  const left = [...SAVES, ...SAMPLES].filter(name => !back.includes(name))
  const right = [...(remembered ? [] : ['NIP', 'MSR']), ...back]
  const parts = [
    remembered ? `NIP from SRR0, MSR as remembered with SE cleared${hidden}` : '',
    right.length ? `${listed(right)} as the guest should see them` : '',
    left.length ? `${listed(left)} stay as the trace left them` : '',
  ]
  if (choices.selfStepping === 'full' && guestTraceDue(step, cause)) {
    for (const [name, value] of Object.entries({ TRACE_DUE: 1n, TRACE_CAUSE: cause, TRACE_SIAR: siar, TRACE_SDAR: sdar }))
      state.set(name, value)
    parts.push('the guest steps itself: its own trace is pending')
  }
  return parts.filter(Boolean).join('; ')
}

const listed = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join()

/** Clears SE in the target of the mfmsr at the address, if there is one; returns what it did. */
function hideSe(vcpu: Vcpu, at: EffectiveAddress): string {
  const word = vcpu.wordAt(at)
  if (typeof word !== 'number' || decode(word)?.base !== 'mfmsr') return ''
  const rt = extractField('RT', word)
  vcpu.state.set('GPR', vcpu.state.get('GPR', rt) & ~MSR.mask.SE, rt)
  return `, SE cleared in r${rt}`
}

const CIABR_MATCH = 0x00100000n

/** By the state before the instruction: vSE, or vBE and a branch, or the guest's CIABR. */
function guestTraceDue(step: Step, cause: bigint): boolean {
  const { msr, word } = step.start
  const branch = word !== null && decode(word)?.trace === 'branch'
  return (msr & MSR.mask.SE) !== 0n || ((msr & MSR.mask.BE) !== 0n && branch) || (cause & CIABR_MATCH) !== 0n
}

const emulate: Phase = {
  name: 'emulate',
  says: 'The controller performs the instruction on the guest view; the guest is not entered.',
  next(step, context) {
    const { machine, vcpu, emit } = context
    vcpu.hold = step.hold
    // A due interrupt, or a fetch that faults, is the boundary; else the instruction is.
    const dueFirst = step.start.traceDue || (!step.hold && vcpu.asynchronousDue())
    vcpu.listenToInstructions = true
    const outcome = dueFirst || step.start.word === null ? vcpu.step() : vcpu.emulate(step.start.word)
    vcpu.listenToInstructions = false
    vcpu.hold = false
    let sentence = `the controller performed ${step.label}`
    if (outcome.kind === 'interrupt')
      sentence = `${step.label}: ${interruptInWords(outcome.interrupt.id)} delivered at ${hex(outcome.interrupt.to.nip)}`
    let stop: Stop | null = outcome.kind === 'stuck' ? stopOf(outcome, vcpu) : null
    if (outcome.kind === 'vmExit') {
      const handled = handleExit(machine, vcpu, outcome.reason)
      sentence = `${step.label}: ${handled.sentence}`
      stop = handled.stop
    }
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'emulate', sentence, crossing: null })
    return { ...to(step, 'report'), stop }
  },
}

const report: Phase = {
  name: 'report',
  says: 'The debugger is told that the step is over.',
  next(step, { vcpu, emit }) {
    const pending = vcpu.state.get('TRACE_DUE') !== 0n ? '; guest trace pending' : ''
    const text = `outside stepped ${step.label}; the guest stands at ${hex(vcpu.state.get('NIP'))}${pending}`
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'report', sentence: text, crossing: null })
    return { step: null, stop: { reason: 'step', text }, unfinished: false }
  },
}

export const phases: Readonly<Record<StepPhase, Phase>> = { arm, 'set SE': setSe, enter, trace, assist, exit, restore, emulate, report }
