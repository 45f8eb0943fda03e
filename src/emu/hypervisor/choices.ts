/** What a policy decides, a row a question, and which answers contradict each other. A phase asks the choice, never the policy's name. */

interface Row<Option extends string> {
  /** The question, as the editor shows it. */
  readonly title: string
  /** What each answer means. */
  readonly options: Readonly<Record<Option, string>>
}

const row = <Option extends string>(title: string, options: Readonly<Record<Option, string>>): Row<Option> => ({ title, options })

/** In the order of the comparison. */
export const choiceRows = {
  capability: row('Capability', {
    assumed: 'KVM is taken for HV as long as it is not PR; here it is HV, and no step changes',
    checked: 'KVM_CAP_PPC_GUEST_DEBUG_SSTEP says whether KVM steps by itself; here it does not, and no step changes',
    reported: 'the capability is reported to the debugger; no step changes',
    'not needed': 'there is no KVM',
  }),
  traceVector: row('Trace vector', {
    'AIL 3, once': '0xc000000000004d00, computed when the vCPU is created',
    predicted: 'from AIL and the IR and DR that the handler would be entered with; anew for the vCPU that calls H_SET_MODE',
    'predicted, re-armed': 'the same, and anew for every parked vCPU when AIL or a translation changes',
    'every interrupt exits': 'none: each interrupt of the guest comes to KVM first',
    none: 'none: the translator stops after one instruction',
  }),
  vectors: row('Which vectors get the word', {
    trace: 'the Trace vector',
    'trace, + 4 at the vector': 'the Trace vector, or the word behind it when NIP stands on it',
    'all reachable': 'every vector that this instruction, or an interrupt that is pending, can reach',
    none: 'none',
  }),
  wordLivesIn: row('Where the word lives', {
    'guest memory': 'in the guest’s memory, for all to see',
    'fetch overlay': 'over the page, for instruction fetch of this vCPU alone',
    nowhere: 'there is no word',
  }),
  registerCache: row('Register cache', {
    'used before synchronising': 'the MSR is remembered from the last time the registers were read from KVM',
    'synchronised first': 'the registers are read from KVM before any is used',
    'in KVM': 'KVM works on the registers themselves',
    none: 'there is no cache',
  }),
  mfmsr: row('mfmsr', {
    'clear SE in RT of the word at SRR0 - 4': 'afterwards, if the word before the next instruction is an mfmsr',
    'clear SE in RT of the saved word': 'afterwards, if the word that was at NIP is an mfmsr',
    emulate: 'the controller performs it on the guest view',
    executed: 'the guest executes it, and reads what the processor holds',
  }),
  msrAfter: row('MSR afterwards', {
    'remembered, SE cleared': 'the MSR remembered, less SE: an mtmsr is undone',
    'SRR1 less SE, 33:36, 43:47': 'what the trace saved, less its cause bits and SE',
    'SRR1, SE from the guest view': 'what the trace saved, less its cause bits, with the SE that the guest believes in',
    'SE cleared': 'as it is at the VM exit, less SE: with a word at the vector, the handler’s',
    'as executed': 'as it is',
  }),
  saveRegisters: row('SRR0 and SRR1', {
    left: 'as the trace wrote them',
    restored: 'as they were before the step',
    'as executed': 'no trace writes them',
  }),
  mtspr: row('mtspr of SRR0, SRR1, SIAR, SDAR', {
    executed: 'the guest executes it, and the trace follows',
    'value of RS put back': 'afterwards SRR0 or SRR1 gets the value of RS',
    emulate: 'the controller performs it on the guest view',
  }),
  sampledRegisters: row('SIAR, SDAR, CFAR', {
    clobbered: 'as the trace and the VM entry left them',
    restored: 'as they were before the step',
    'as executed': 'no trace writes them',
  }),
  rfid: row('rfid', {
    executed: 'the guest executes it, and SE comes from SRR1',
    'SE in SRR1': 'SE is set in SRR1: one instruction behind the return runs too; nothing is done where a breakpoint stands at SRR0',
    emulate: 'the controller performs it on the guest view',
  }),
  rfscv: row('rfscv', {
    executed: 'the guest executes it, and SE comes from CTR',
    emulate: 'the controller performs it on the guest view',
  }),
  mtmsr: row('mtmsr and mtmsrd', {
    executed: 'the guest executes it with the SE it gives',
    emulate: 'the controller performs it on the guest view',
  }),
  systemCalls: row('sc and scv', {
    executed: 'the guest executes it: no trace follows',
    emulate: 'the controller performs it up to the vector; sc 1 ends after the hypercall',
  }),
  interruptsInStep: row('Another interrupt in the step', {
    'ride along': 'SE rides in SRR1; the stop comes after the return',
    'ride along, pending at a breakpoint': 'the same; a breakpoint met before leaves the step pending',
    'caught at the vector': 'the word at its vector ends the step, SE in SRR1 is the guest’s own',
    reflected: 'KVM gives it to the guest with the MSR as it is',
    'as executed': 'the guest takes it',
  }),
  selfStepping: row('The guest steps itself', {
    lost: 'its SE is cleared with the controller’s',
    'recognised at rfid': 'where SRR1[SE] was 1 at an rfid, the trace is the guest’s',
    full: 'its own trace stays pending and comes next',
    'as executed': 'its own trace comes as in a free run',
  }),
  otherVcpu: row('Another vCPU at the word', {
    'taken for the step': 'a stop of that vCPU, treated as the end of the step',
    'sent back if stepped before': 'back into the guest if it was stepped itself before; else a stop of that vCPU',
    'cannot meet it': 'the word is not there for it',
  }),
  ownIllegalWord: row('The guest’s own 0x00dddd00', {
    'given to the guest': 'as a Program interrupt (0x700)',
    reported: 'to the debugger; the guest does not get its Program interrupt',
  }),
  reservation: row('Reservation', {
    lost: 'by the VM exit',
    kept: 'as in a free run',
    'lost at interrupts and rfid': 'by every interrupt and every rfid',
  }),
} as const satisfies Record<string, Row<string>>

export type Choice = keyof typeof choiceRows
export type Choices = { readonly [K in Choice]: keyof (typeof choiceRows)[K]['options'] }
export const choiceNames = Object.keys(choiceRows) as readonly Choice[]

/** How the controller gets the guest back. */
export type Means = 'word' | 'every interrupt exits' | 'translator'
export const meansOf = ({ traceVector }: Choices): Means =>
  traceVector === 'none' ? 'translator' : traceVector === 'every interrupt exits' ? traceVector : 'word'

interface Contradiction {
  readonly rows: readonly Choice[]
  readonly says: string
  when(c: Choices): boolean
}

const asExecuted: readonly Choice[] = ['saveRegisters', 'sampledRegisters', 'interruptsInStep', 'selfStepping', 'msrAfter']
const emulates = (c: Choices): readonly Choice[] =>
  (['mfmsr', 'mtspr', 'rfid', 'rfscv', 'mtmsr', 'systemCalls'] as const).filter(k => c[k] === 'emulate')

const contradictions: readonly Contradiction[] = [
  {
    rows: ['traceVector', 'wordLivesIn'],
    says: 'a word needs a vector to be planted at, and a vector a place where the word lives',
    when: c => (meansOf(c) === 'word') === (c.wordLivesIn === 'nowhere'),
  },
  {
    rows: ['traceVector', 'vectors'],
    says: 'which vectors get the word must be none exactly where there is no trace vector',
    when: c => (meansOf(c) === 'word') === (c.vectors === 'none'),
  },
  {
    rows: ['traceVector', 'vectors'],
    says: 'an address computed once cannot be all vectors that an instruction can reach: those follow AIL, IR and DR',
    when: c => c.traceVector === 'AIL 3, once' && c.vectors === 'all reachable',
  },
  {
    rows: ['interruptsInStep', 'vectors'],
    says: 'an interrupt is caught at its vector only where the word is at all vectors that can be reached',
    when: c => c.interruptsInStep === 'caught at the vector' && c.vectors !== 'all reachable',
  },
  {
    rows: ['selfStepping', 'msrAfter'],
    says: 'the guest’s own trace cannot stay pending in full when its SE is cleared with the controller’s',
    when: c => c.selfStepping === 'full' && c.msrAfter !== 'SRR1, SE from the guest view',
  },
  {
    rows: ['selfStepping', 'rfid'],
    says: 'the guest’s SE is recognised at an rfid only where SE is set in SRR1 there',
    when: c => c.selfStepping === 'recognised at rfid' && c.rfid !== 'SE in SRR1',
  },
  {
    rows: ['otherVcpu', 'wordLivesIn'],
    says: 'another vCPU meets the word exactly where it lies in guest memory',
    when: c => (c.otherVcpu === 'cannot meet it') === (c.wordLivesIn === 'guest memory'),
  },
  {
    rows: ['traceVector', 'saveRegisters', 'sampledRegisters', 'msrAfter', 'interruptsInStep', 'selfStepping'],
    says: 'the Trace interrupt comes to the guest’s vector, so it writes SRR0, SRR1, SIAR, SDAR and the MSR: “as executed” is for a policy without a word',
    when: c => meansOf(c) === 'word' && asExecuted.some(k => c[k] === 'as executed'),
  },
  {
    rows: ['traceVector', 'capability'],
    says: 'there is a KVM, whose capability counts, exactly where the translator does not run',
    when: c => (meansOf(c) === 'translator') !== (c.capability === 'not needed'),
  },
  {
    rows: ['traceVector', 'registerCache'],
    says: 'the registers are in KVM exactly where KVM steps by itself, and not cached exactly under the translator',
    when: c =>
      (meansOf(c) === 'every interrupt exits') !== (c.registerCache === 'in KVM') ||
      (meansOf(c) === 'translator') !== (c.registerCache === 'none'),
  },
  {
    rows: ['traceVector', 'msrAfter'],
    says: 'where every interrupt exits, KVM clears the SE that it set, and has no other MSR to put in its place',
    when: c => meansOf(c) === 'every interrupt exits' && c.msrAfter !== 'SE cleared',
  },
  {
    rows: ['traceVector', 'msrAfter', 'sampledRegisters'],
    says: 'the translator neither sets SE nor enters the guest: MSR, SIAR, SDAR and CFAR are “as executed”',
    when: c => meansOf(c) === 'translator' && (c.msrAfter !== 'as executed' || c.sampledRegisters !== 'as executed'),
  },
  {
    rows: ['traceVector', 'reservation'],
    says: 'interrupts and rfid lose a reservation under the translator alone, which makes no VM exit that could',
    when: c => c.reservation === (meansOf(c) === 'translator' ? 'lost' : 'lost at interrupts and rfid'),
  },
  {
    rows: ['traceVector', 'saveRegisters', 'sampledRegisters'],
    says: 'without a Trace interrupt at the guest’s vector there is nothing to put back',
    when: c => meansOf(c) !== 'word' && (c.saveRegisters !== 'as executed' || c.sampledRegisters === 'restored'),
  },
  {
    rows: ['traceVector', 'interruptsInStep'],
    says: 'an interrupt is reflected by KVM exactly where every interrupt exits',
    when: c => (meansOf(c) === 'every interrupt exits') !== (c.interruptsInStep === 'reflected'),
  },
  {
    rows: ['traceVector', 'interruptsInStep'],
    says: 'the translator lets the guest take its interrupts: “as executed”',
    when: c => meansOf(c) === 'translator' && c.interruptsInStep !== 'as executed',
  },
  {
    rows: ['traceVector', 'selfStepping'],
    says: 'a guest that steps itself is “as executed” exactly under the translator, which has no use for SE',
    when: c => (meansOf(c) === 'translator') !== (c.selfStepping === 'as executed'),
  },
  {
    rows: ['traceVector', 'selfStepping', 'rfid'],
    says: 'where every interrupt exits, SE is cleared after each run: the guest’s own is lost',
    when: c => meansOf(c) === 'every interrupt exits' && c.selfStepping !== 'lost',
  },
  {
    rows: ['traceVector', 'mfmsr', 'mtspr', 'rfid', 'rfscv', 'mtmsr', 'systemCalls'],
    says: 'only a controller that plants a word performs instructions itself',
    when: c => meansOf(c) !== 'word' && emulates(c).length > 0,
  },
  {
    rows: ['mfmsr', 'mtspr', 'rfid', 'traceVector'],
    says: 'what is mended after the trace, or set in SRR1 before, needs a Trace interrupt at the guest’s vector',
    when: c => meansOf(c) !== 'word' && (c.mfmsr.startsWith('clear SE') || c.mtspr === 'value of RS put back' || c.rfid === 'SE in SRR1'),
  },
]

/** Why the choices do not go together, a sentence each; none when they do. */
export const contradictionsOf = (choices: Choices): { readonly rows: readonly Choice[]; readonly says: string }[] =>
  contradictions.filter(x => x.when(choices)).map(({ rows, says }) => ({ rows, says }))
