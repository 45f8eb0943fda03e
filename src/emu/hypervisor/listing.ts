/** The listing of the Hypervisor pane, made from a policy's choices: what it shows is what the phases do. */
import { type Choices, type Means, meansOf } from './choices.ts'
import type { Policy } from './policy.ts'
import type { LoopPhase, StepPhase } from './step-state.ts'

export interface Line {
  readonly text: string
  readonly indent: number
  /** Phase that stands on this line. */
  readonly phase: StepPhase | LoopPhase | null
  /** The guest or the processor does it. */
  readonly guest: boolean
  readonly leak: { readonly channel: number; readonly text: string } | null
  /** A check that should be there and is not, in a few words. */
  readonly missing: string | null
}

interface Draft {
  text: string
  indent?: number
  phase?: StepPhase | LoopPhase
  guest?: boolean
  leak?: Leaks | null
  missing?: string
}
type Leaks = { channel: number; text: string }
const leak = (channel: number, text: string): Leaks => ({ channel, text })

const lines = (drafts: readonly (Draft | null)[]): Line[] =>
  drafts
    .filter(d => d !== null)
    .map(({ text, indent = 1, phase = null, guest = false, leak = null, missing = null }) => ({
      text,
      indent,
      phase,
      guest,
      leak,
      missing,
    }))

const emulated = (c: Choices): string[] => [
  ...(c.mfmsr === 'emulate' ? ['mfmsr'] : []),
  ...(c.mtmsr === 'emulate' ? ['mtmsr[d]'] : []),
  ...(c.mtspr === 'emulate' ? ['mtspr SRR0/1, SIAR, SDAR'] : []),
  ...(c.rfid === 'emulate' || c.rfscv === 'emulate'
    ? [[c.rfid === 'emulate' ? 'rfid' : '', c.rfscv === 'emulate' ? 'rfscv' : ''].filter(Boolean).join(', ')]
    : []),
  ...(c.systemCalls === 'emulate' ? ['sc, scv'] : []),
]

const addressLine: Readonly<Record<Choices['traceVector'], Draft | null>> = {
  'AIL 3, once': {
    text: 'addr = 0xc000000000004d00 // cached',
    leak: leak(13, 'The address is that of AIL 3 with IR and DR on, whatever the guest has chosen.'),
  },
  predicted: {
    text: 'addr = trace_vector(AIL, IR, DR)',
    leak: leak(13, 'Predicted before the instruction: an mtmsr may change IR and DR, another vCPU AIL, and so move the vector.'),
  },
  'predicted, re-armed': { text: 'addrs = vectors(insn, AIL, IR, DR)' },
  'every interrupt exits': null,
  none: null,
}

const mfmsrLine: Readonly<Record<Choices['mfmsr'], Draft | null>> = {
  'clear SE in RT of the word at SRR0 - 4': {
    text: 'if mfmsr at SRR0-4: gpr[rt] &= ~SE',
    indent: 2,
    leak: leak(15, 'SRR0 - 4 is not the stepped instruction after a branch; and a guest that set SE itself should read it as 1.'),
  },
  'clear SE in RT of the saved word': {
    text: 'if mfmsr == insn_at_nip: gpr[rt] &= ~SE',
    indent: 2,
    leak: leak(1, 'A guest that set SE itself should read it as 1.'),
  },
  emulate: null,
  executed: null,
}

const msrLine: Readonly<Record<Choices['msrAfter'], Draft>> = {
  'remembered, SE cleared': {
    text: 'nip = SRR0; msr = old_msr & ~SE',
    indent: 2,
    leak: leak(
      6,
      "The MSR from before the instruction is written back: an mtmsr is undone, and the guest's own SE is lost. SRR0 and SRR1 stay as the trace wrote them.",
    ),
  },
  'SRR1 less SE, 33:36, 43:47': {
    text: 'nip = SRR0; msr = SRR1 & ~(SE | cause)',
    indent: 2,
    leak: leak(17, "SE is cleared although the guest may have set it itself: the guest's own trace is lost."),
  },
  'SRR1, SE from the guest view': { text: 'nip = SRR0; msr = SRR1 with SE = vSE', indent: 2 },
  'SE cleared': {
    text: 'vcpu.msr &= ~SE',
    leak: leak(17, "SE is cleared although the guest may have set it itself: the guest's own trace is lost."),
  },
  'as executed': { text: '' },
}

/** Who it is that stands at the word: what is asked before the exit is taken for the step's end. */
const whoseExit: Readonly<Record<Choices['otherVcpu'], Pick<Draft, 'leak' | 'missing'>>> = {
  'taken for the step': {
    leak: leak(
      12,
      "Whichever vCPU comes to the word is taken for the one that is stepped: its own trace is lost, and that vCPU's word too.",
    ),
    missing: 'which vCPU is not checked',
  },
  'sent back if stepped before': {
    leak: leak(12, 'A vCPU that was never stepped itself is not known here: its own trace goes to the debugger.'),
    missing: 'only known if stepped before',
  },
  'cannot meet it': {},
}

function byWord(c: Choices): (Draft | null)[] {
  const own = emulated(c)
  const memory = c.wordLivesIn === 'guest memory'
  const kept = [c.saveRegisters === 'restored' ? 'SRR0, SRR1' : '', c.sampledRegisters === 'restored' ? 'SIAR, SDAR' : '']
    .filter(Boolean)
    .join(', ')
  const address = addressLine[c.traceVector]!
  const through = c.rfid === 'SE in SRR1'
  const plusFour = c.vectors === 'trace, + 4 at the vector'
  return [
    own.length ? { text: `if insn in ${own[0]}${own.length > 1 ? ', …' : ''}:`, phase: 'arm' } : null,
    ...own.slice(1).map(t => ({ text: `// ${t}`, indent: 2 })),
    own.length ? { text: 'perform(vcpu.guest_view, insn)', indent: 2, phase: 'emulate' as const } : null,
    own.length ? { text: 'goto report', indent: 2 } : null,
    through ? { text: 'if insn == rfid and breakpoint at SRR0:', phase: 'arm' } : null,
    through ? { text: 'goto vm_enter // nothing more', indent: 2 } : null,
    { ...address, ...(own.length || through ? {} : { phase: 'arm' as const }) },
    plusFour
      ? {
          text: 'if nip == addr: addr += 4',
          leak: leak(14, 'The first instruction of the handler runs twice; a branch there never comes to the word behind it.'),
        }
      : null,
    memory
      ? { text: 'insn = read32(addr)' }
      : { text: 'if any R = 0: perform, goto report', ...(own.length ? {} : { phase: 'emulate' as const }) },
    memory
      ? {
          text: 'write32(addr, 0x00dddd00)',
          leak: leak(9, 'The word is in guest memory: the guest can read it, and a store of the guest to it is undone.'),
        }
      : { text: 'overlay[addrs] = 0x00dddd00' },
    kept ? { text: `saved = ${kept}` } : null,
    through
      ? { text: 'if insn == rfid: SRR1 |= SE', leak: leak(5, 'One instruction behind the return runs too before the step ends.') }
      : null,
    { text: through ? 'else: vcpu.msr |= SE' : 'vcpu.msr |= SE', phase: 'set SE' },
    { text: 'vm_enter(vcpu)', phase: 'enter' },
    { text: 'guest runs one instruction', indent: 2, phase: 'trace', guest: true },
    { text: 'guest meets 0x00dddd00', indent: 2, phase: 'assist', guest: true },
    {
      text: 'exit = vm_exit()',
      phase: 'exit',
      leak: c.reservation === 'lost' ? leak(10, 'A reservation is lost in the exit: lwarx … stwcx. fails each time.') : null,
    },
    memory ? null : { text: 'if HDSI: perform, goto report' },
    c.otherVcpu === 'sent back if stepped before' ? { text: 'if exit.vcpu != vcpu and armed[exit.vcpu] == addr: resume' } : null,
    { text: c.vectors === 'all reachable' ? 'if exit.nip in addrs:' : 'if exit.nip == addr:', ...whoseExit[c.otherVcpu] },
    { text: memory ? 'write32(addr, insn)' : 'overlay.clear()', indent: 2, phase: 'restore' },
    c.selfStepping === 'recognised at rfid' ? { text: 'if SRR1[SE] was 1: goto report', indent: 2 } : null,
    mfmsrLine[c.mfmsr],
    msrLine[c.msrAfter],
    kept ? { text: `${kept} = saved`, indent: 2 } : null,
    c.mtspr === 'value of RS put back' ? { text: 'if insn == mtsrr0/1: SRR0/1 = gpr[rs]', indent: 2 } : null,
    c.selfStepping === 'full' ? { text: 'if vSE, vBE or CIABR: trace pending', indent: 2 } : null,
    c.interruptsInStep === 'caught at the vector' ? { text: 'other vector: SRR1[SE] = vSE', indent: 2 } : null,
    { text: 'report(vcpu, SIGTRAP)', phase: 'report' },
  ]
}

const bodies: Readonly<Record<Means, (c: Choices) => (Draft | null)[]>> = {
  word: byWord,
  'every interrupt exits': c => [
    { text: 'vcpu.msr |= SE', phase: 'set SE', leak: leak(1, 'An mfmsr is emulated from this very MSR: it shows SE.') },
    { text: 'vm_enter(vcpu)', phase: 'enter' },
    { text: 'guest runs one instruction', indent: 2, phase: 'trace', guest: true },
    { text: 'exit = vm_exit() // any interrupt', phase: 'exit' },
    { text: 'if exit != trace: reflect(exit)', leak: leak(2, 'The interrupt given to the guest saves an MSR with SE in SRR1.') },
    { ...msrLine[c.msrAfter], phase: 'restore' },
    { text: 'report(vcpu, SIGTRAP)', phase: 'report' },
  ],
  translator: c => [
    { text: 'tb = translate(nip, max_insns = 1)' },
    {
      text: 'execute(tb)',
      phase: 'trace',
      guest: true,
      leak:
        c.reservation === 'lost at interrupts and rfid'
          ? leak(10, 'An interrupt and an rfid clear the reservation; in hardware they do not.')
          : null,
    },
    { text: 'report(cpu, EXCP_DEBUG)', phase: 'report' },
  ],
}

export function listingOf({ choices }: Policy): Line[] {
  return lines([{ text: 'step_outside(vcpu)', indent: 0 }, ...bodies[meansOf(choices)](choices)])
}

export function runLoopListing(): Line[] {
  return lines([
    { text: 'run(vcpu)', indent: 0 },
    { text: 'vm_enter(vcpu)', phase: 'enter' },
    { text: 'guest runs until its next exit', indent: 2, phase: 'guest', guest: true },
    { text: 'exit = vm_exit()', phase: 'exit' },
    { text: 'switch (exit.reason)', phase: 'handle' },
    { text: 'hypercall: vcpu.r3 = hcall[r3](vcpu)', indent: 2 },
    { text: 'emulation assist: inject 0x700', indent: 2 },
    { text: 'storage: stop', indent: 2 },
    { text: 'goto vm_enter' },
  ])
}

/** Line of a phase, from 1. */
export function lineOf(listing: readonly Line[], phase: string | null): number | null {
  const n = listing.findIndex(l => l.phase === phase)
  return phase === null || n < 0 ? null : n + 1
}
