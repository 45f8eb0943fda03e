/** What the hosted hypervisor does at a VM exit, by its reason: one sentence each, and whether the guest can go on. */
import type { ExitReason, Outcome } from '../core/events.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { interruptInWords } from '../isa/interrupts.ts'
import type { Choices } from './choices.ts'
import type { Stop } from './events.ts'
import type { Hosted } from './hosted.ts'
import { PLANTED_WORD } from './step-state.ts'

export interface Handled {
  readonly sentence: string
  readonly stop: Stop | null
  /** The vCPU waits for an interrupt (H_CEDE). */
  readonly waits: boolean
  /** A debugger in the guest waits for a command. */
  readonly asks?: boolean
}

const goesOn = (sentence: string): Handled => ({ sentence, stop: null, waits: false })
const stops = (sentence: string, reason: Stop['reason'], text: string): Handled => ({ sentence, stop: { reason, text }, waits: false })

const ILLEGAL_INSTRUCTION = 0x80000n
const hex = (v: bigint | number): string => `0x${v.toString(16)}`

type Handler<K extends ExitReason['kind']> = (machine: Hosted, vcpu: Vcpu, reason: Extract<ExitReason, { kind: K }>) => Handled

const handlers: { [K in ExitReason['kind']]: Handler<K> } = {
  hypercall(machine, vcpu) {
    const answer = machine.hypercall(vcpu)
    if (answer.poweredOff) return stops(answer.sentence, 'powerOff', `The guest powered off: ${answer.sentence}`)
    return { ...goesOn(answer.sentence), waits: answer.waits, asks: answer.asks ?? false }
  },
  emulationAssistance(_machine, vcpu, { word }) {
    const at = vcpu.state.get('NIP')
    const { to } = vcpu.inject('program', ILLEGAL_INSTRUCTION)
    const sentence = `illegal word ${hex(word)} at ${hex(at)}, given to the guest as a Program interrupt (0x700)`
    // A word of zeros is never an instruction: the handler would only raise its own interrupt again.
    if (vcpu.wordAt(to.nip) !== 0) return goesOn(sentence)
    const text = `The guest cannot go on: the word ${hex(word)} at ${hex(at)} is no instruction, and at ${hex(to.nip)}, where the Program interrupt for it goes, there is no handler either. vCPU ${vcpu.id} is stopped there; go back, edit NIP, or reset.`
    return stops(sentence, 'stuck', text)
  },
  storage(_machine, vcpu, { interrupt, address, guestReal }) {
    const what = interrupt === 'hypervisorInstructionStorage' ? 'fetched an instruction' : 'accessed data'
    const text = `The guest ${what} at ${hex(address)}: guest real address ${hex(guestReal)} lies beyond its RAM. It is stopped before the instruction at ${hex(vcpu.state.get('NIP'))}; edit NIP, or reset.`
    return stops(`no RAM at guest real address ${hex(guestReal)}`, 'stuck', text)
  },
  hypervisorFacility(_machine, vcpu, { ic }) {
    vcpu.inject('program', ILLEGAL_INSTRUCTION)
    return goesOn(`facility ${ic} is withheld from the guest, given as a Program interrupt (0x700)`)
  },
  attn(_machine, vcpu) {
    return stops('attn', 'attn', `The guest executed attn at ${hex(vcpu.state.get('NIP'))}.`)
  },
  unsupported(_machine, vcpu, { name, word }) {
    const text = `${name} (${hex(word)}) at ${hex(vcpu.state.get('NIP'))} is a floating-point or vector instruction, which this processor model does not execute. The guest is stopped before it; nothing was changed.`
    return stops(`${name} is not supported`, 'unsupported', text)
  },
}

/** KVM gives the debugger its own word, and every other illegal one to the guest. */
export const reportsOwnWord = (choices: Choices, reason: ExitReason | null): boolean =>
  choices.ownIllegalWord === 'reported' && reason?.kind === 'emulationAssistance' && reason.word === PLANTED_WORD

/** What brought the vCPU out of the guest. */
const brought: { [K in ExitReason['kind']]: (reason: Extract<ExitReason, { kind: K }>) => string } = {
  hypercall: () => 'a hypercall',
  emulationAssistance: () => interruptInWords('emulationAssistance'),
  storage: ({ interrupt }) => interruptInWords(interrupt),
  hypervisorFacility: () => interruptInWords('hypervisorFacilityUnavailable'),
  attn: () => 'attn',
  unsupported: ({ name }) => `${name}, which is not supported`,
}
export const exitInWords = (reason: ExitReason): string => (brought[reason.kind] as (reason: ExitReason) => string)(reason)

export const handleExit = (machine: Hosted, vcpu: Vcpu, reason: ExitReason): Handled =>
  (handlers[reason.kind] as Handler<ExitReason['kind']>)(machine, vcpu, reason as never)

export function stopOf(outcome: Extract<Outcome, { kind: 'breakpoint' | 'stuck' }>, vcpu: Vcpu): Stop {
  if (outcome.kind === 'breakpoint') return { reason: 'breakpoint', text: `Breakpoint at ${hex(outcome.at)}` }
  const { interrupt } = outcome
  return {
    reason: 'stuck',
    text: `The guest cannot go on: the ${interruptInWords(interrupt.id)} goes to ${hex(interrupt.to.nip)}, and fetching there raises it again. vCPU ${vcpu.id} is stopped; map the vectors, or go back.`,
  }
}
