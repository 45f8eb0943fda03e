/** The phases behind the guest's instruction: VM exit, putting back what it should see. */
import type { ExitReason } from '../core/events.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { MSR, SRR1_CAUSE_MASK } from '../isa/bitfields.ts'
import { extractField } from '../isa/fields.ts'
import { decode } from '../isa/instructions.ts'
import type { EffectiveAddress, InstructionWord } from '../isa/units.ts'
import { plantsWords, rearm } from './arm.ts'
import { isBase, keptRegister } from './begin.ts'
import { type Choices, meansOf } from './choices.ts'
import { exitInWords, handleExit, reportsOwnWord } from './exits.ts'
import { metAt, withGuestSe } from './guest-view.ts'
import { meetsOverlay, predictedTraceVector, removeWords } from './planting.ts'
import type { Step } from './step-state.ts'
import { interruptsRideAlong } from './trace.ts'
import { type Context, hex, listed, type Phase, type Transition, to } from './transition.ts'

export const exit: Phase = {
  name: 'exit',
  says: 'VM exit: the controller looks at where the guest stands.',
  next(step, context) {
    const { vcpu, choices, emit } = context
    const { state } = vcpu
    if (choices.reservation === 'lost') state.set('RESERVE', 0n)
    const nip = state.get('NIP')
    const say = (sentence: string) =>
      emit({ kind: 'phase', vcpu: vcpu.id, phase: 'exit', sentence: `VM exit: ${sentence}`, crossing: 'exit' })
    const reason = step.exit
    if (!reason) {
      say(step.caught ? 'the Trace interrupt came to KVM' : `an interrupt came to KVM, which gave it to the guest at ${hex(nip)}`)
      return to(step, 'restore')
    }
    if (reason.kind === 'emulationAssistance' && step.planted.some(p => p.at === nip)) {
      say(`the word at ${hex(nip)} was met`)
      return to(step, 'restore', { caught: true })
    }
    if (meetsOverlay(step.planted, reason)) {
      say(`the access to ${hex(reason.address)} met the page of a planted word, which is execute-only (Hypervisor Data Storage)`)
      return step.ran === 0 ? to(step, 'emulate') : performed(step, context)
    }
    if (reportsOwnWord(choices, reason)) {
      say(`0x00dddd00 at ${hex(nip)} is the guest’s own, and goes to the debugger`)
      return to(step, 'restore', { caught: false })
    }
    const from = state.get('TIME')
    const handled = handleExit(context.machine, vcpu, reason)
    const ran = step.ran + Number(state.get('TIME') - from)
    if (handled.waits) context.cede(vcpu)
    say(handled.sentence)
    if (handled.stop) return { step: to(step, 'enter').step, stop: handled.stop, unfinished: false }
    if (!interruptsRideAlong(choices)) return to(step, 'restore', { caught: false, ran })
    const synchronised = choices.registerCache === 'used before synchronising' ? { cachedMsr: state.get('MSR') } : {}
    return to(followed(step, context), 'enter', { ...synchronised, lost: step.lost ?? lostAtExit(reason, vcpu) })
  },
}

/** Behind the stepped instruction, where the policy has the guest run on: the access is made on the real page, and the guest goes on. */
function performed(step: Step, { vcpu }: Context): Transition {
  const word = vcpu.wordAt(vcpu.state.get('NIP'))
  if (typeof word === 'number') vcpu.emulate(word)
  return to({ ...step, ran: step.ran + 1 }, 'enter')
}

/** The hypercall may have been H_SET_MODE: a policy that predicts does so anew for the vCPU that called it. */
function followed(step: Step, context: Context): Step {
  const { choices, vcpu } = context
  if (!plantsWords(choices) || choices.traceVector === 'AIL 3, once') return step
  const vector = predictedTraceVector(vcpu)
  return vector === step.traceVector ? step : rearm(step, context, vector)
}

const lostAtExit = (reason: ExitReason, vcpu: Vcpu): string | null =>
  vcpu.state.msr('SE') ? null : `after ${exitInWords(reason)} the hypervisor sent the guest to a handler, SE rides in SRR1`

/** How a step ends, and what is put back. */
type End = 'own trace' | 'vector' | 'branch' | 'trace of the guest' | 'own word' | 'by KVM'

function endOf(step: Step, vcpu: Vcpu, choices: Choices): End {
  if (meansOf(choices) !== 'word') return 'by KVM'
  if (!step.caught && reportsOwnWord(choices, step.exit)) return 'own word'
  if (step.ofGuest) return 'trace of the guest'
  // Who plants one word takes every interrupt that meets it for the trace.
  if (interruptsRideAlong(choices)) return 'own trace'
  return step.caught ? metAt(step, vcpu) : 'vector'
}

const ends: Readonly<Record<End, (step: Step, context: Context) => string>> = {
  'own trace': restoreAfterTrace,
  'trace of the guest': (_step, { vcpu }) => `the guest stays at its vector ${hex(vcpu.state.get('NIP'))}: the trace is its own`,
  /** The guest's interrupt: it stays at its vector, and what it saved shows the guest's own SE. */
  vector: (step, { vcpu: { state } }) => {
    state.set('SRR1', withGuestSe(step, state.get('SRR1')))
    return `the guest stays at its vector ${hex(state.get('NIP'))}, SRR1[SE] as the guest believes it`
  },
  branch: (step, { vcpu: { state } }) => {
    state.set('MSR', withGuestSe(step, state.get('MSR')))
    return `the guest stands at the handler of its event-based branch ${hex(state.get('NIP'))}, MSR[SE] as the guest believes it`
  },
  'own word': (_step, { vcpu }) => `SE cleared; the guest stays at its own word ${hex(clearSe(vcpu))}`,
  'by KVM': (_step, { vcpu }) => `SE cleared in the MSR of the guest at ${hex(clearSe(vcpu))}`,
}

function clearSe({ state }: Vcpu): EffectiveAddress {
  state.set('MSR', state.get('MSR') & ~MSR.mask.SE)
  return state.get('NIP')
}

export const restore: Phase = {
  name: 'restore',
  says: 'The word is removed, and the guest gets its registers back.',
  next(step, context) {
    const { machine, vcpu, choices, emit } = context
    removeWords(machine.core, vcpu, step.planted)
    const removed = step.planted.length === 0 ? '' : step.planted.length === 1 ? 'word removed, ' : 'words removed, '
    const done = ends[endOf(step, vcpu, choices)](step, context)
    emit({ kind: 'phase', vcpu: vcpu.id, phase: 'restore', sentence: removed + done, crossing: null, planted: null, se: false })
    return to(step, 'report', { planted: [] })
  },
}

/** The controller's own Trace interrupt takes no time of the guest. */
function takeBackBoundary(vcpu: Vcpu): void {
  for (const clock of ['TIME', 'COMPLETED']) vcpu.state.set(clock, vcpu.state.get(clock) - 1n)
}

const SAVES = ['SRR0', 'SRR1'] as const
const SAMPLES = ['SIAR', 'SDAR'] as const
/** SRR1 33:36 and 43:47: v6 leaves bit 42. */
const V6_CAUSES = SRR1_CAUSE_MASK & ~0x00200000n

type MsrAfter = (step: Step, srr1: bigint, now: bigint) => bigint
const msrAfter: Readonly<Record<Choices['msrAfter'], MsrAfter>> = {
  'remembered, SE cleared': step => step.cachedMsr & ~MSR.mask.SE,
  'SRR1 less SE, 33:36, 43:47': (_step, srr1) => srr1 & ~(MSR.mask.SE | V6_CAUSES),
  'SRR1, SE from the guest view': (step, srr1) => withGuestSe(step, srr1 & ~SRR1_CAUSE_MASK),
  'SE cleared': (_step, _srr1, now) => now & ~MSR.mask.SE,
  'as executed': (_step, _srr1, now) => now,
}

/** What the MSR becomes where it is not what the trace saved. */
const notOfTheTrace: Readonly<Partial<Record<Choices['msrAfter'], string>>> = {
  'remembered, SE cleared': 'MSR as remembered with SE cleared',
  'SE cleared': 'MSR of the handler with SE cleared',
}

function restoreAfterTrace(step: Step, { vcpu, choices }: Context): string {
  const { state } = vcpu
  takeBackBoundary(vcpu)
  const [next, srr1, siar, sdar] = [...SAVES, ...SAMPLES].map(name => state.get(name)) as [bigint, bigint, bigint, bigint]
  const cause = srr1 & SRR1_CAUSE_MASK
  const now = state.get('MSR')
  // Synchronised first, the cache holds the MSR of the Trace handler.
  const cached = choices.registerCache === 'synchronised first' ? { ...step, cachedMsr: now } : step
  const hidden = hideSe(vcpu, step, next, choices)
  state.set('NIP', next)
  state.set('MSR', msrAfter[choices.msrAfter](cached, srr1, now))
  const back = [...(choices.saveRegisters === 'restored' ? SAVES : []), ...(choices.sampledRegisters === 'restored' ? SAMPLES : [])]
  for (const name of back) state.set(name, step.saved[name])
  const written = choices.mtspr === 'value of RS put back' ? putBack(vcpu, step.start.word) : null
  const left = [...SAVES, ...SAMPLES].filter(name => !back.includes(name) && name !== written)
  const wrong = notOfTheTrace[choices.msrAfter]
  const right = [...(wrong ? [] : ['NIP', 'MSR']), ...back]
  const parts = [
    wrong ? `NIP from SRR0, ${wrong}${hidden}` : '',
    right.length ? `${listed(right)} as the guest should see them${wrong ? '' : hidden}` : '',
    written ? `${written} as the mtspr wrote it` : '',
    left.length ? `${listed(left)} stay as the trace left them` : '',
  ]
  if (choices.selfStepping === 'full' && guestTraceDue(step, cause)) {
    for (const [name, value] of Object.entries({ TRACE_DUE: 1n, TRACE_CAUSE: cause, TRACE_SIAR: siar, TRACE_SDAR: sdar }))
      state.set(name, value)
    parts.push('the guest steps itself: its own trace is pending')
  }
  return parts.filter(Boolean).join('; ')
}

/** What the end of a step does, done to a vCPU that is not the one that was stepped. */
export const endForOther = (step: Step, context: Context): string =>
  restoreAfterTrace({ ...step, cachedMsr: step.msrs[context.vcpu.id] ?? 0n }, context)

/** SRR0 or SRR1 gets the value of the register that the stepped mtspr wrote to it; returns which. */
function putBack({ state }: Vcpu, word: InstructionWord | null): string | null {
  const name = word === null ? null : keptRegister(word)
  if (word === null || (name !== 'SRR0' && name !== 'SRR1')) return null
  state.set(name, state.get('GPR', extractField('RS', word)))
  return name
}

/** Clears SE in the target of the mfmsr that the policy takes for the stepped instruction; returns what it did. */
function hideSe(vcpu: Vcpu, step: Step, next: EffectiveAddress, choices: Choices): string {
  const words: Readonly<Partial<Record<Choices['mfmsr'], () => ReturnType<Vcpu['wordAt']> | null>>> = {
    'clear SE in RT of the word at SRR0 - 4': () => vcpu.wordAt(next - 4n),
    'clear SE in RT of the saved word': () => step.start.word,
  }
  const word = words[choices.mfmsr]?.()
  if (typeof word !== 'number' || !isBase(word, 'mfmsr')) return ''
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
