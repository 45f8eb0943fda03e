/** The listing of the Hypervisor pane, made from a policy's choices: what it shows is what the phases do. */
import type { Choices, Policy } from './policy.ts'
import type { LoopPhase, StepPhase } from './step-state.ts'

export interface Line {
  readonly text: string
  readonly indent: number
  /** Phase that stands on this line. */
  readonly phase: StepPhase | LoopPhase | null
  /** The guest or the processor does it. */
  readonly guest: boolean
  readonly leak: { readonly channel: number; readonly text: string } | null
}

interface Draft {
  text: string
  indent?: number
  phase?: StepPhase | LoopPhase
  guest?: boolean
  leak?: { channel: number; text: string }
}

const lines = (drafts: (Draft | null)[]): Line[] =>
  drafts
    .filter(d => d !== null)
    .map(d => ({ text: d.text, indent: d.indent ?? 1, phase: d.phase ?? null, guest: d.guest ?? false, leak: d.leak ?? null }))

const emulated = (c: Choices): string[] => [
  ...(c.mfmsr === 'emulate' ? ['mfmsr'] : []),
  ...(c.mtmsr === 'emulate' ? ['mtmsr[d]'] : []),
  ...(c.mtspr === 'emulate' ? ['mtspr SRR0/1, SIAR, SDAR'] : []),
  ...(c.returns === 'emulate' ? ['rfid, rfscv'] : []),
  ...(c.systemCalls === 'emulate' ? ['sc, scv'] : []),
]

export function listingOf(policy: Policy): Line[] {
  const c = policy.choices
  const own = emulated(c)
  const fixed = c.traceVector === 'AIL 3, once'
  const memory = c.wordLivesIn === 'guest memory'
  const kept = [c.saveRegisters === 'restored' ? 'SRR0, SRR1' : '', c.sampledRegisters === 'restored' ? 'SIAR, SDAR' : '']
    .filter(Boolean)
    .join(', ')
  const remembered = c.msrAfter === 'remembered, SE cleared'
  return lines([
    { text: 'step_outside(vcpu)', indent: 0 },
    own.length ? { text: `if insn in ${own[0]}, …:`, phase: 'arm' } : null,
    ...own.slice(1).map(t => ({ text: `// ${t}`, indent: 2 })),
    own.length ? { text: 'perform(vcpu.guest_view, insn)', indent: 2, phase: 'emulate' as const } : null,
    own.length ? { text: 'goto report', indent: 2 } : null,
    fixed
      ? {
          text: 'addr = 0xc000000000004d00 // cached',
          phase: 'arm',
          leak: { channel: 13, text: 'The address is that of AIL 3 with IR and DR on, whatever the guest has chosen.' },
        }
      : { text: 'addrs = vectors(insn, AIL, IR, DR)', ...(own.length ? {} : { phase: 'arm' as const }) },
    memory ? { text: 'insn = read32(addr)' } : { text: 'if any R = 0: perform, goto report' },
    memory
      ? {
          text: 'write32(addr, 0x00dddd00)',
          leak: { channel: 9, text: 'The word is in guest memory: the guest can read it, and a store of the guest to it is undone.' },
        }
      : { text: 'overlay[addrs] = 0x00dddd00' },
    kept ? { text: `saved = ${kept}` } : null,
    { text: 'vcpu.msr |= SE', phase: 'set SE' },
    { text: 'vm_enter(vcpu)', phase: 'enter' },
    { text: 'guest runs one instruction', indent: 2, phase: 'trace', guest: true },
    { text: 'guest meets 0x00dddd00', indent: 2, phase: 'assist', guest: true },
    { text: 'exit = vm_exit()', phase: 'exit' },
    { text: memory ? 'if exit.nip == addr:' : 'if exit.nip in addrs:' },
    { text: memory ? 'write32(addr, insn)' : 'overlay.clear()', indent: 2, phase: 'restore' },
    c.mfmsr === 'emulate'
      ? null
      : {
          text: 'if mfmsr at SRR0-4: gpr[rt] &= ~SE',
          indent: 2,
          leak: {
            channel: 15,
            text: 'SRR0 - 4 is not the stepped instruction after a branch; and a guest that set SE itself should read it as 1.',
          },
        },
    remembered
      ? {
          text: 'nip = SRR0; msr = old_msr & ~SE',
          indent: 2,
          leak: {
            channel: 6,
            text: "The MSR from before the instruction is written back: an mtmsr is undone, and the guest's own SE is lost. SRR0 and SRR1 stay as the trace wrote them.",
          },
        }
      : { text: 'nip = SRR0; msr = SRR1 with SE = vSE', indent: 2 },
    kept ? { text: `${kept} = saved`, indent: 2 } : null,
    c.selfStepping === 'full' ? { text: 'if vSE, vBE or CIABR: trace pending', indent: 2 } : null,
    c.interruptsInStep === 'caught at the vector' ? { text: 'other vector: SRR1[SE] = vSE', indent: 2 } : null,
    { text: 'report(vcpu, SIGTRAP)', phase: 'report' },
  ])
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
