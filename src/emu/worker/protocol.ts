/**
 * Everything that passes between the page and the worker. One union each way; the vocabulary is that of the Debug Adapter
 * Protocol where it has a word. 64-bit values are `bigint`. All messages survive structured clone.
 *
 * The page sends a `Request` and gets one `Response` with the same `seq`. The worker also sends `Notification`s by itself; while
 * running, at most one `view` per animation frame.
 */
import type { Advice } from '../debug/advice.ts'
import type { BreakpointKind, BreakpointSpec } from '../debug/breakpoint.ts'
import type { Changes } from '../debug/changes.ts'
import type { EffectiveAddress, EventIndex, InstructionCount, TimeBase, VcpuId } from '../isa/units.ts'
import type { MemoryMark, MemorySearch, MemoryView, Space, TranslationView } from './memory-protocol.ts'
import type { PageLayout } from './page-layout.ts'
import type { EventsUpdate, GhostBlock } from './timeline-protocol.ts'

/** Raised when a message changes its meaning. Page and worker come from one build, so this is for saved sessions and embedders. */
export const PROTOCOL_VERSION = 1

export type { Advice, AdviceKind } from '../debug/advice.ts'
export type { BreakpointKind, BreakpointSpec } from '../debug/breakpoint.ts'
export type { Changes, MemoryChange, RegisterChange } from '../debug/changes.ts'
export type * from './memory-protocol.ts'
export type { PageLayout } from './page-layout.ts'
export type * from './timeline-protocol.ts'

// ───────── requests ─────────

/** Whose control was used. `machine` steps physical boundaries, whoever runs. */
export type Actor = 'machine' | 'outside' | 'inside' | 'hypervisor'
/** Of a preset, or of a policy of the user's. */
export type PolicyId = string
export type HypervisorWalk = 'step' | 'loop'
export type SchedulerLocking = 'off' | 'on' | 'step' | 'replay'
export type PortName = 'console' | 'debug'
export interface Turn {
  vcpu: VcpuId
  boundaries: number
}
/** 1/s, 10/s: instructions a second of host time; realtime: TB runs at its nominal rate; max: as fast as it goes. */
export type Speed = '1/s' | '10/s' | 'realtime' | 'max'

/** Arguments and answer of every request, by command. */
export interface Commands {
  /** Assemble and load; on errors the last good program stays loaded. `guest.s` text is the page's. */
  loadSource: { arguments: { name: string; source: string }; body: LoadResult }
  /** ELF64 ppc64/ppc64le or, with `flat`, raw bytes. Refused files leave everything as it was. */
  loadImage: { arguments: { name: string; bytes: Uint8Array; flat?: { address: number; littleEndian: boolean } }; body: LoadResult }
  /** The text of a source file of the loaded program, given to the files of this base name in its line table; refused when there is none. */
  attachSource: { arguments: { name: string; text: string }; body: { files: number[] } }
  /** A source file by its index in `ProgramView.files`. */
  source: { arguments: { file: number }; body: SourceView }
  /** Diagnostics only: nothing is loaded. For the editor while typing. */
  assemble: { arguments: { name: string; source: string }; body: { diagnostics: Diagnostic[]; instructions: number } }
  /** Back to the loaded program's first instruction; the recording starts anew. */
  reset: { arguments: Record<string, never>; body: Empty }
  continue: { arguments: { actor: Actor } & Until; body: Empty }
  pause: { arguments: Record<string, never>; body: Empty }
  /** One physical boundary. */
  stepMachine: { arguments: Until; body: StepResult }
  /** The guest view advances by one boundary, by the policy; goes on from the controller's phase to `report`. */
  stepOutside: { arguments: Until; body: StepResult }
  /** The debugger in the guest gets a step command, and the guest runs until it waits for the next; before the first, until it waits at all. */
  stepInside: { arguments: Until; body: StepResult }
  /** One phase of the controller, or of the run loop when no outside step is in flight. */
  stepHypervisor: { arguments: Until; body: StepResult }
  /** Undoes that actor's last step and everything recorded after it. */
  stepBack: { arguments: { actor: Actor }; body: StepResult }
  /** Shows the state at an event; `live` returns to the end of the recording. Nothing is lost by looking. */
  seek: { arguments: { event: EventIndex | 'live' }; body: Empty }
  /** Shows the state after so many instructions since reset, within a free stretch too. */
  seekTime: { arguments: { instructions: InstructionCount }; body: Empty }
  /** Back to the last place where a run forwards would have stopped at a breakpoint; to the beginning where there is none. */
  reverseContinue: { arguments: Record<string, never>; body: StepResult }
  /** Back to before what last wrote the register, or the byte at an effective address, and says what it was. */
  lastWrite: { arguments: { vcpu: VcpuId; register: string } | { address: EffectiveAddress }; body: { found: boolean } }
  /** What changed from just behind one event to just behind another. */
  changes: { arguments: { from: EventIndex; to: EventIndex }; body: Changes }
  /** What is shown becomes the live end; what came after it is kept as a branch. */
  goOnFromHere: { arguments: Record<string, never>; body: Empty }
  branches: { arguments: Record<string, never>; body: BranchView[] }
  goToBranch: { arguments: { branch: number }; body: Empty }
  forgetBranch: { arguments: { branch: number }; body: Empty }
  /** A preset, or one of the user's that `ownPolicy` has read. */
  setPolicy: { arguments: { policy: PolicyId }; body: Empty }
  /** Reads a policy of the user's (JSON); without problems it is listed, and chosen if `choose`. With problems nothing changes. */
  ownPolicy: { arguments: { json: string; choose: boolean }; body: { policy: PolicyId | null; problems: PolicyProblem[] } }
  /** A policy of the user's is listed no more; refused while it is the one that steps. */
  forgetPolicy: { arguments: { policy: PolicyId }; body: Empty }
  /** The rows of choices and the policies there are: for the editor and for comparing. */
  policyTable: { arguments: Record<string, never>; body: PolicyTable }
  /** What a policy that is being edited would be: its listing, and why its choices contradict each other. Nothing changes. */
  tryPolicy: { arguments: { json: string }; body: { listing: ListingLine[]; problems: PolicyProblem[] } }
  /** What Hypervisor: Step walks when nothing is in flight: the phases of an outside step, or the run loop (enter, guest, exit, handle). */
  setHypervisorWalk: { arguments: { walk: HypervisorWalk }; body: Empty }
  /** The vCPU that State, Disassembly and the steppers act on. */
  selectVcpu: { arguments: { vcpu: VcpuId }; body: Empty }
  setSchedulerLocking: { arguments: { value: SchedulerLocking }; body: Empty }
  /** Turns that come first, then round robin by the quantum. Recorded. */
  setSchedule: { arguments: { script: Turn[]; quantum: number }; body: Empty }
  /**
   * Of a probe that was just loaded: run free to its label `probe`, then stepped from outside to the step that leaks. Each step is recorded;
   * the text says why it leaks.
   */
  goToLeak: { arguments: Empty; body: StepResult }
  /** Whether interrupts wait while stepping from outside, as QEMU's `sstepbits`. */
  setInterrupts: { arguments: { setting: Setting }; body: Empty }
  /** So many boundaries of the one vCPU now, whatever the schedule: also in the middle of another's outside step. */
  runVcpu: { arguments: { vcpu: VcpuId; boundaries: number }; body: StepResult }
  setSpeed: { arguments: { speed: Speed }; body: Empty }
  /** How many of the last events are kept at least, from 1 000 on; when there are more, the oldest are dropped. */
  setEventsKept: { arguments: { events: number }; body: Empty }
  /** The software ones; those of other kinds stay, and those at the same addresses keep their conditions. */
  setInstructionBreakpoints: { arguments: { breakpoints: { address: EffectiveAddress; enabled: boolean }[] }; body: Empty }
  /** All of the user's breakpoints of every kind; refused as a whole, with a sentence, where one cannot be. */
  setBreakpoints: { arguments: { breakpoints: BreakpointSpec[] }; body: Empty }
  /**
   * Runs the guest to a place, for the vCPU shown: behind the call at NIP (one boundary where there is none), out of the present function,
   * out of the present interrupt, or to an address.
   */
  runTo: {
    arguments: ({ to: 'over' | 'out' | 'interrupt return' } | { to: 'address'; address: EffectiveAddress }) & Until
    body: StepResult
  }
  /** What State and Memory compare with, as `StateView.baseline`: 'stop' and 'step' follow what is shown, a number is an event. */
  compareWith: { arguments: { since: 'stop' | 'step' | EventIndex }; body: Empty }
  /** `register` as named in `StateView.registers`. Only while paused; recorded as an event "edited by you", in the past on a branch of its own. */
  writeRegister: { arguments: { vcpu: VcpuId; register: string; value: bigint }; body: Empty }
  /** The line of a device to the vCPU: while it is raised, the External interrupt is due whenever MSR[EE] is 1. Recorded as an event. */
  setExternalLine: { arguments: { vcpu: VcpuId; raised: boolean }; body: Empty }
  /** All registers of one vCPU, as `StateView.registers` has them of the vCPU shown. */
  vcpuRegisters: { arguments: { vcpu: VcpuId }; body: { registers: Record<string, bigint> } }
  /** Effective addresses (where no space is named) are translated in the vCPU's present context, without side effects. */
  readMemory: { arguments: { address: bigint; count: number; space?: Space }; body: MemoryView }
  writeMemory: { arguments: { address: bigint; bytes: Uint8Array; space?: Space }; body: Empty }
  /** The nearest match from an address on, once around the space; long work with `progress`. Null where the bytes are nowhere. */
  searchMemory: { arguments: MemorySearch; body: { address: bigint | null; wrapped: boolean } }
  /** The nearest mapped address beyond what is not mapped; null where there is none. Long work, as above. */
  nextMapped: {
    arguments: { space: Space; address: bigint; backwards: boolean; access: 'load' | 'fetch' }
    body: { address: bigint | null }
  }
  /** Frames of the stack and of interrupts, as far as they can be told. */
  memoryMarks: { arguments: Empty; body: { marks: MemoryMark[] } }
  /** A word as the disassembler has it at the address; `plain` without extended mnemonics. */
  decodeWord: { arguments: { word: number; address: EffectiveAddress }; body: { text: string; plain: string } }
  /** How an effective address is translated now, entry by entry, and what the access would fault with. */
  translateAddress: { arguments: { address: EffectiveAddress; access: 'load' | 'store' | 'fetch' }; body: TranslationView }
  /** `count` instruction words from `address` on (word aligned), of the state shown. */
  disassemble: { arguments: { address: EffectiveAddress; count: number }; body: { rows: DisassemblyRow[] } }
  /** The interrupt at or before the event; null when there is none. */
  exceptionInfo: { arguments: { event: EventIndex }; body: ExceptionView | null }
  /** The session as a document, while the machine runs too: program, what was done, settings, position, and the page's layout where it is given. For files, links and the next visit. */
  saveSession: { arguments: { layout?: PageLayout | null }; body: { name: string; text: string } }
  /** Opens such a document: its actions are done again, with progress; it can be cancelled. Refused, or cancelled, nothing is changed. */
  openSession: { arguments: { text: string }; body: OpenedSession }
  /** Ends the long work that `progress` tells of. */
  cancel: { arguments: Empty; body: Empty }
  /** `debug` is the second serial port, where a debugger in the guest listens. */
  consoleInput: { arguments: { text: string; port: PortName }; body: Empty }
}
/** A run that is paused by itself after so many instructions since Reset, as the user once paused it. */
export interface Until {
  until?: InstructionCount
}
export type Command = keyof Commands
export type Empty = Record<string, never>

export type Request = { [C in Command]: { type: 'request'; seq: number; command: C; arguments: Commands[C]['arguments'] } }[Command]

export type Response =
  | { type: 'response'; seq: number; success: true; body: Commands[Command]['body'] }
  /** `message`: what happened, what was kept, what to do. Nothing changed. */
  | { type: 'response'; seq: number; success: false; message: string }

// ───────── notifications ─────────

export type Notification =
  | { type: 'initialized'; protocol: number }
  /** The whole of what the page shows, but for events (`events` are those since the last view) and the program, sent when it is a new one. */
  | { type: 'view'; view: Omit<MachineView, 'program'>; events: EventsUpdate; program?: ProgramView | null }
  /** Running ended; the view that shows it has been sent before. */
  | { type: 'stopped'; reason: StopReason; text: string }
  | { type: 'continued'; actor: Actor }
  /** How far long work is; null when it is over. */
  | { type: 'progress'; progress: ProgressView | null }
  /** Characters the guest wrote since the last message; `reset` clears what was there (after going back, or a new program). */
  | { type: 'output'; port: PortName; text: string; reset: boolean }

export type FromWorker = Response | Notification

export type StopReason = 'step' | 'breakpoint' | 'pause' | 'powerOff' | 'attn' | 'waiting' | 'stuck' | 'unsupported' | 'goto' | 'entry'

// ───────── answers ─────────

export interface Diagnostic {
  /** From 1. */
  line: number
  column: number
  endColumn: number
  severity: 'error' | 'warning'
  /** What was found, what was expected, the nearest mnemonic or symbol. */
  message: string
}

export interface LoadResult {
  /** Empty when loaded; else nothing was loaded. */
  diagnostics: Diagnostic[]
  program: ProgramView | null
}

export interface OpenedSession {
  program: ProgramView
  /** guest.s, where the program was assembled. */
  source: { name: string; text: string } | null
  /** The file, where it was loaded. */
  image: { name: string; bytes: Uint8Array } | null
  /** A policy of the user's that came with it. */
  ownPolicy: PolicyId | null
  /** How the page's panels stood. */
  layout: PageLayout | null
}

export interface ProgressView {
  /** "Opening the session". */
  what: string
  done: number
  total: number
}

export interface StepResult {
  reason: StopReason
  /** A sentence: who did what to which register. */
  text: string
}

export interface DisassemblyRow {
  address: EffectiveAddress
  /** In memory order; null when not mapped. */
  bytes: Uint8Array | null
  text: string
  /** Label that starts here, with a note such as "0xd00, AIL 3". */
  label: string | null
  /** The controller's word lies here: what it hides. */
  planted: { bytes: Uint8Array; text: string } | null
  /** Source line in guest.s, from 1. */
  line: number | null
  /** Of an ELF with a line table: the source line that begins here. */
  source: SourceRow | null
}

/** Where in the source files of an ELF an instruction comes from. */
export interface SourcePlace {
  /** Index in `ProgramView.files`. */
  file: number
  /** From 1. */
  line: number
  /** From 1; 0 where the table does not say. */
  column: number
}

export interface SourceRow {
  file: number
  line: number
  /** Base name of the file. */
  name: string
  /** Null while the file's text is not here. */
  text: string | null
}

export interface SourceFileView {
  /** As the line table has it. */
  path: string
  /** The last part of the path. */
  name: string
  /** Its text is here. */
  attached: boolean
}

export interface SourceView {
  text: string | null
  /** Lines that have code, with the addresses of a breakpoint on each, by line and then address. */
  lines: { line: number; address: EffectiveAddress }[]
}

// ───────── the view ─────────

export interface MachineView {
  /** Counts loads; a new number means a new program. */
  generation: number
  program: ProgramView | null
  run: { state: 'starting' | 'paused' | 'running' | 'stopped'; actor: Actor | null; reason: StopReason | null }
  instructions: InstructionCount
  timeBase: TimeBase
  speed: Speed
  locking: SchedulerLocking
  schedule: ScheduleView
  /** What becomes of interrupts while stepping from outside. */
  interrupts: Setting
  /** Highest vCPU number + 1. */
  vcpus: number
  actors: Record<Actor, ActorView>
  /** The stepper last used. */
  active: Actor
  controller: ControllerView
  recording: RecordingView
  /** The vCPU shown, at the event shown. */
  state: StateView
  /** Where in the program's source files its NIP is; null where no line table says. */
  source: SourcePlace | null
  breakpoints: BreakpointView[]
  /** What the program does that seldom ends well, by event. */
  advice: readonly Advice[]
  /** What log points wrote, oldest first. */
  log: { instructions: InstructionCount; vcpu: VcpuId; text: string }[]
  /** The status bar's sentence, whose action it tells of (null: nobody's), and how to announce it. */
  status: { text: string; politeness: 'polite' | 'assertive'; actor: Actor | null }
}

export interface ScheduleView {
  /** Turns that are still to come, then round robin. */
  script: Turn[]
  quantum: number
  /** Whose turn it is. */
  vcpu: VcpuId
  /** What each vCPU is at. */
  vcpus: VcpuSummary[]
}

export interface VcpuSummary {
  vcpu: VcpuId
  /** The machine runs, and this one gets turns. */
  running: boolean
  nip: EffectiveAddress
  symbol: string | null
  /** ready; waits for an interrupt (H_CEDE); was sent back to a word of another's step; is being stepped from outside. */
  state: 'ready' | 'waiting' | 'sent back' | 'stepped'
  problemState: boolean
  /** Boundaries completed. */
  completed: InstructionCount
}

// ───────── the matrix, in a worker of its own ─────────

export type Verdict = 'pass' | 'leak' | 'lost' | 'not run'
/** Whether interrupts wait while stepping. */
export type Setting = 'hold' | 'deliver'

export interface MatrixRequest {
  policies: Omit<PolicyView, 'listing' | 'own'>[]
  setting: Setting
}

export type FromMatrix =
  | { type: 'progress'; done: number; total: number }
  /** What the probes of the channel found so far. */
  | { type: 'cell'; cell: CellView; done: number; total: number }
  | { type: 'done'; total: number }
  | { type: 'failed'; message: string }

/** What the probes of one channel found under one policy. */
export interface CellView {
  policy: PolicyId
  channel: number
  setting: Setting
  verdict: Verdict
  why: string
  /** The probe that decided it: `programs/probes/NAME.s`. */
  program: string
  probes: { program: string; title: string; verdict: Verdict; why: string }[]
  /** Whether all probes of the channel were run: what passed so far may still be noticed. */
  complete: boolean
}

export interface PolicyProblem {
  text: string
  /** Row to which it belongs; null for the file as a whole. */
  choice: string | null
}

export interface PolicyTable {
  /** `thread`: what was said of the choice on qemu-devel. */
  rows: { name: string; title: string; thread: string; options: { id: string; says: string }[] }[]
  policies: PolicyView[]
  /** Names of the ways in which a guest can notice, by number. */
  channels: { number: number; name: string }[]
}

export interface PolicyView {
  id: PolicyId
  name: string
  summary: string
  claimsTransparency: boolean
  /** It is not a preset. */
  own: boolean
  /** Option by row. */
  choices: Record<string, string>
  listing: ListingLine[]
}

export interface ProgramView {
  name: string
  kind: 'source' | 'elf' | 'flat'
  /** Instructions assembled, or words in executable segments. */
  instructions: number
  littleEndian: boolean
  entry: EffectiveAddress
  symbols: { name: string; address: EffectiveAddress }[]
  /** guest.s line of each assembled instruction or datum, for the gutter and the cursor. */
  lines: { line: number; address: EffectiveAddress }[]
  /** Source files of an ELF, by its line table. */
  files: SourceFileView[]
}

/** The six classes of status; `word` may be more exact, as "Stopped before enter". */
export type ActorStatus = 'idle' | 'stepping' | 'running' | 'stopped' | 'blocked' | 'error'

export interface ActorView {
  status: ActorStatus
  word: string
  /** At most two lines; code stands between backticks. */
  detail: string[]
  /** Why a control is off; null when it is on. */
  step: string | null
  continue: string | null
  back: string | null
}

export type PhaseName = string

export interface ControllerView {
  policy: PolicyId
  policies: { id: PolicyId; name: string; summary: string }[]
  walk: HypervisorWalk
  /** The phases of the policy's step (or of the run loop, while it is being stepped), in order. */
  phases: { name: PhaseName; state: 'done' | 'now' | 'failed' | 'ahead' }[]
  listing: ListingLine[]
  /** Line of the hypervisor's pc, from 1; null when the hypervisor is not in the listing. */
  line: number | null
  /** Of an outside step in flight: "outside step 3: mfmsr r5". */
  step: { ordinal: number; label: string } | null
  /** The guest's own trace is due and comes first on the next resume. */
  guestTracePending: boolean
  /** What the dashed outline shows: the blocks that the step in flight, or the next one, will add. */
  ghosts: GhostBlock[]
  /** What guest state differs from a free run since the recording began, each found by running both. */
  leaks: LeakView[]
}

export interface ListingLine {
  text: string
  /** Nesting, from 0. */
  indent: number
  /** Phase that starts on this line. */
  phase: PhaseName | null
  /** Done by the machine, not by the hypervisor: drawn dimmer. */
  guest: boolean
  /** Why this line leaks, and through which channel of the law. */
  leak: { channel: number; text: string } | null
  /** A check that should be on this line and is not. */
  missing: string | null
}

export interface LeakView {
  /** Under which it was seen; a recording may change policy. */
  policy: PolicyId
  /** Channel of the transparency law, 1 to 20. */
  channel: number
  name: string
  /** First event at which the guest view differed. */
  event: EventIndex
  /** "SRR1 is 0x…, in a free run 0x…". */
  text: string
}

/** A course that history took and that was left for another. */
export interface BranchView {
  id: number
  /** That the present course does not have. */
  actions: number
  boundaries: number
  /** The last event of the present course that it has too. */
  forksAt: EventIndex
  /** Who acted last in it. */
  last: Actor | 'you'
}

export interface RecordingView {
  /** Number of events; also the number of the last. */
  events: EventIndex
  /** The event shown; equals `events` when live. */
  shown: EventIndex
  live: boolean
  /** Boundaries behind the event shown. */
  within: number
  /** Courses of history that were left. */
  branches: number
  /** The oldest event that is still kept. */
  first: EventIndex
  /** How many are kept at least. */
  kept: number
}

export interface BreakpointView {
  kind: BreakpointKind
  address: EffectiveAddress
  symbol: string | null
  enabled: boolean
  setBy: 'you' | 'hypervisor' | 'guest'
  condition: string | null
  /** Null where nobody counts. */
  hits: number | null
  /** Of the user's own. */
  spec?: BreakpointSpec
  /** Where it stops, as "on writes of 0x… (8 bytes)". */
  site?: string
}

/** All registers of one vCPU at the event shown. Names are the ISA's: r0–r31, NIP, LR, CTR, CR, XER, MSR, SRR0, LPCR, …, every SPR. */
export interface StateView {
  vcpu: VcpuId
  /** What the vCPU holds. */
  registers: Record<string, bigint>
  /** What the guest would hold if nobody stepped it from outside: only those that differ. */
  guest: Record<string, bigint>
  /** Who made each difference, as "SE differs: 1 in the processor, 0 for the guest. Set by outside." */
  differences: string[]
  /**
   * Values at the event that "changed since" compares with: the last stop of any actor, the start of the outside step shown or before
   * (the last stop where there is none), or an event that was chosen.
   */
  baseline: { event: EventIndex; kind: 'stop' | 'step' | 'event'; registers: Readonly<Record<string, bigint>> }
  /** Symbol or role of register values, by register: "probe+0x8", "stack". */
  hints: Record<string, string>
  /** LPCR[AIL] and the address that the Trace vector gets now, with the reason when AIL does not apply. */
  ail: { value: number; vector: EffectiveAddress; address: EffectiveAddress; reason: string | null }
  /** The next instruction, disassembled. */
  next: string
  externalLine: boolean
}

// ───────── the Exception tab ─────────

export interface ExceptionView {
  event: EventIndex
  vcpu: VcpuId
  /** Ordinal among the interrupts of the recording, and how many there are. */
  ordinal: number
  total: number
  name: string
  vector: number
  /** Paragraphs: what happened and why; then what came next. */
  why: string[]
  /** "SE set by": "outside", … */
  facts: { name: string; value: string }[]
  /** SRR0, SRR1 (or HSRR0/1, HEIR; LR and CTR for scv): value and what it is. */
  saved: { register: string; value: bigint; text: string }[]
  causeBits: { bits: string; value: string; meaning: string }[]
  /** DSISR or HDSISR by its bits, where the interrupt writes one. */
  status: { register: string; bits: { bits: string; value: string; meaning: string }[] } | null
  msr: { from: bigint; to: bigint; changes: { bits: string; text: string; reason: string }[] }
  /** The address as a sum: "Trace 0xd00", "AIL 3, add 0xc…4000", and the result. */
  sum: { name: string; value: EffectiveAddress }[]
  nip: EffectiveAddress
  /** Why AIL applied or not. */
  reason: string
  /** What the policy leaves for the guest to see. */
  leak: string | null
}
