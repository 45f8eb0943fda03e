/** What the words of screens, lessons and messages mean. */
import { CR, LPCR, MSR, XER } from '../../emu/isa/bitfields.ts'
import { interrupts } from '../../emu/isa/interrupts.ts'
import { sprs } from '../../emu/isa/sprs.ts'

export interface Word {
  readonly word: string
  readonly means: string
}
export interface Chapter {
  readonly title: string
  readonly words: readonly Word[]
}

const rows = (table: readonly (readonly [string, string])[]): Word[] => table.map(([word, means]) => ({ word, means }))

// biome-ignore format: a table
const ideas = rows([
  ['Actor', 'Whose control is used: outside (a debugger on the host), inside (a debugger in the guest), or the hypervisor, stepped phase by phase.'],
  ['Boundary', 'The point after each completed instruction and each interrupt taken.'],
  ['Branch', 'A course of history that was left for another, kept to be gone over to again.'],
  ['Channel', 'A way in which a guest could notice that it is stepped. There are 20, by number.'],
  ['Event', 'What the recording holds, one by one: instructions of steps, interrupts, crossings, phases, edits; and free stretches.'],
  ['Free run', 'The same program, run without anybody stepping it: what a step is compared with.'],
  ['Free stretch', 'Boundaries that ran without an event of their own.'],
  ['Guest view', 'What the guest would hold if nobody stepped it from outside.'],
  ['Hold, deliver', 'What becomes of interrupts while stepping from outside: they wait, or they come.'],
  ['Leak', 'Something of a step that the guest can see, found by comparing with a free run.'],
  ['Matrix', 'Each policy against each channel: what the probes of the channel notice.'],
  ['Overlay', 'Words that one vCPU fetches instead of those in memory; loads and stores do not see them.'],
  ['Phase', 'One of the parts that a step from outside consists of, as setting MSR[SE] or entering the guest.'],
  ['Policy', 'Choices that together say how a hypervisor steps a guest.'],
  ['Probe', 'A small program that tells by itself whether it was stepped.'],
  ['Quantum', 'So many boundaries a vCPU runs before it is the next one’s turn.'],
  ['Reservation', 'What lwarx and its kin set and stwcx. and its kin need; a store of another vCPU takes it away.'],
  ['Scheduler-locking', 'Whether the other vCPUs run while one is stepped: off, on, step (held while stepping), replay.'],
  ['Snapshot', 'The whole machine at one time, from which going back begins.'],
  ['Trace', 'The interrupt (0xd00) that follows an instruction when MSR[SE] is 1.'],
  ['Transparent', 'Of a policy: the guest can find no difference to a free run.'],
])

// biome-ignore format: a table
const acronyms = rows([
  ['ABI', 'Application binary interface: how compiled functions call each other; on ppc64le ELFv2.'],
  ['CPU', 'Processor.'],
  ['CRF', 'A field of four bits of CR.'],
  ['CSV', 'Comma-separated values: a table as text.'],
  ['DAWR', 'Data address watchpoint: DAWR0 and DAWRX0 say which accesses interrupt.'],
  ['DWARF', 'The form in which compilers put line tables into ELF files.'],
  ['EA', 'Effective address: as an instruction makes it, before translation.'],
  ['ELF', 'Executable and linkable format: the files that compilers for Linux make.'],
  ['FPR', 'Floating-point register.'],
  ['GDB', 'The GNU debugger; it speaks to QEMU and KVM from outside the guest.'],
  ['GNU', 'The project of GCC, GDB and binutils.'],
  ['GPR', 'General-purpose register, r0 to r31.'],
  ['HEAI', 'Hypervisor Emulation Assistance interrupt (0xe40): an illegal word comes to the hypervisor.'],
  ['HILE', 'Of HID0: in which byte order the hypervisor’s interrupts begin.'],
  ['IBM', 'Maker of the POWER9, the processor that is modelled.'],
  ['ID', 'Identifier.'],
  ['ISA', 'Instruction set architecture; here the Power ISA, version 3.0B.'],
  ['JSON', 'A form of data as text, in which sessions and policies are saved.'],
  ['KVM', 'The hypervisor in the Linux kernel. KVM HV runs guests in the processor’s own guest mode, KVM PR in problem state.'],
  ['NIA', 'Next instruction address: what the ISA calls NIP.'],
  ['NLB', 'Next-level base: where the next table of a radix tree lies.'],
  ['NLS', 'Next-level size: how many bits of the address the next table takes.'],
  ['PATE', 'Partition table entry: where the tables of a guest lie.'],
  ['PDE', 'Page directory entry: a word of a radix tree that leads to the next table.'],
  ['POWER9', 'The processor that is modelled; it executes Power ISA 3.0B.'],
  ['PRTB', 'Process table: by process, where its radix tree lies.'],
  ['PRTE', 'Process table entry.'],
  ['PTE', 'Page table entry: a word of a radix tree that holds a page’s real address and who may use it.'],
  ['QEMU', 'The emulator and virtual machine monitor whose stepping is the subject here.'],
  ['RAM', 'Memory.'],
  ['RFC', 'Request for comments: a version of a patch that was sent to be discussed. RFC v2 and RFC v6 are those of the thread on stepping.'],
  ['RIC', 'Radix invalidation control, of tlbie.'],
  ['RPDB', 'Root page directory base: where a radix tree begins.'],
  ['RPDS', 'Root page directory size: how many bits of the address the first table takes.'],
  ['RPN', 'Real page number: the page’s real address, without its lowest bits.'],
  ['RS, RT, RA, RB', 'Registers that an instruction names: source, target, and two operands.'],
  ['RTS', 'Radix tree size: how many bits of address a radix tree translates.'],
  ['SIGTRAP', 'The signal by which Linux tells a debugger that its program has stopped.'],
  ['SPR', 'Special-purpose register, read by mfspr and written by mtspr.'],
  ['SRR', 'Save/restore registers: SRR0 takes the next address and SRR1 the MSR when an interrupt is taken.'],
  ['TCG', 'Tiny code generator: QEMU without KVM, which translates the guest’s instructions.'],
  ['TLB', 'Translation lookaside buffer: translations that the processor keeps.'],
  ['URL', 'An address of the web.'],
  ['UTF', 'Of UTF-8: how characters are stored as bytes.'],
  ['VM', 'Virtual machine. VM entry: the hypervisor lets the guest run; VM exit: control comes back.'],
  ['VSR', 'Vector-scalar register.'],
  ['WCAG', 'The rules that say what pages owe to all who use them.'],
  ['YAML', 'The form in which a lesson’s head is written.'],
  ['vCPU', 'Virtual processor: one of the guest’s.'],
  ['vSE', 'The guest’s own MSR[SE], as the hypervisor keeps it while SE serves a step from outside.'],
])

const registers: Word[] = [
  { word: 'NIP', means: 'Next instruction pointer: the address of the instruction that runs next.' },
  { word: 'MSR', means: 'Machine state register: the mode and enable bits of one processor.' },
  { word: 'CR', means: 'Condition register: eight fields of LT, GT, EQ and SO. CR0 is the first.' },
  ...[...new Map(sprs.filter(s => s.name === s.state.toLowerCase()).map(s => [s.state, s.meaning]))].map(([word, means]) => ({
    word,
    means,
  })),
]

const bits = (
  register: string,
  table: { readonly bits: readonly { name: string; bit: number; last: number; meaning: string }[] },
): Word[] =>
  table.bits.map(b => ({ word: `${register}[${b.name}], bit${b.last > b.bit ? `s ${b.bit}:${b.last}` : ` ${b.bit}`}`, means: b.meaning }))

export const chapters: readonly Chapter[] = [
  { title: 'Ideas', words: ideas },
  { title: 'Acronyms', words: acronyms },
  { title: 'Bits', words: [...bits('MSR', MSR), ...bits('LPCR', LPCR), ...bits('CR', CR), ...bits('XER', XER)] },
  { title: 'Registers', words: registers },
  {
    title: 'Interrupts',
    words: Object.values(interrupts).map(i => ({
      word: `${i.name} (0x${i.vector.toString(16)}), ${i.label} on the timeline`,
      means: i.why,
    })),
  },
]

/** What a word is looked up by: "RS, RT" are two, "MSR[SE], bit 53" is SE. */
const namesOf = ({ word }: Word): string[] => {
  const bit = /^\w+\[(\w+)\]/.exec(word)?.[1]
  const onTimeline = /, (\S+) on the timeline$/.exec(word)?.[1]
  return bit ? [bit] : onTimeline ? [onTimeline] : word.split(', ')
}
const byName = new Map([...chapters].reverse().flatMap(c => c.words.flatMap(w => namesOf(w).map(n => [n, w] as const))))

/** Null for a word that is not defined. Fields of CR are its parts. */
export const definitionOf = (name: string): Word | null => byName.get(/^CR\d$/.test(name) ? 'CR' : name) ?? null

/** The chapters, with the words that a text is found in; those without are left out. */
export function found(text: string): Chapter[] {
  const wanted = text.trim().toLowerCase()
  const has = (w: Word) => `${w.word} ${w.means}`.toLowerCase().includes(wanted)
  const exact = (w: Word) => namesOf(w).some(n => n.toLowerCase() === wanted)
  return chapters
    .map(c => ({ title: c.title, words: c.words.filter(has).sort((a, b) => Number(exact(b)) - Number(exact(a))) }))
    .filter(c => c.words.length > 0)
    .sort((a, b) => Number(b.words.some(exact)) - Number(a.words.some(exact)))
}
