/** How one address is translated now: each entry that the core's walk reads, and where it leads or why it faults. Changes nothing. */
import type { Access, Fault, WalkStep } from '../core/mmu.ts'
import type { Session } from '../debug/session.ts'
import { type BitField, type BitRow, DSISR, HDSISR, MSR, SRR1 } from '../isa/bitfields.ts'
import { type InterruptId, interruptInWords } from '../isa/interrupts.ts'
import { DIRECTORY_ENTRY, PAGE_ENTRY, PROCESS_ENTRY } from '../isa/radix-entries.ts'
import { whyNot } from './memory-space.ts'
import type { TranslationField, TranslationStep, TranslationView } from './protocol.ts'

const hex = (v: bigint): string => `0x${v.toString(16)}`
const bitsOf = ({ bit, last }: BitRow): string => (bit === last ? `${bit}` : `${bit}:${last}`)

/** Fields that hold an address without its low bits: shown as the address. */
const addresses = new Set(['RPDB', 'NLB', 'RPN'])

function fieldsOf(table: BitField, value: bigint): TranslationField[] {
  return table.bits.map(row => {
    const mask = table.mask[row.name]!
    const held = addresses.has(row.name) ? hex(value & mask) : ((value & mask) >> BigInt(table.shift[row.name]!)).toString()
    return { name: row.name, bits: bitsOf(row), value: held, meaning: row.meaning }
  })
}

/** "bits 12:24" of an address, by its big-endian numbers. */
const chosenBy = ({ index, shift }: WalkStep): string => `bits ${64 - shift - index}:${63 - shift}`

function processStep(step: WalkStep, pid: bigint): TranslationStep {
  const { at, value } = step
  return {
    title: `Process table, entry ${pid}`,
    says: value === null ? `It would lie at ${hex(at)}, beyond RAM.` : `16 bytes for each process; PID ${pid}.`,
    at,
    value,
    fields: value === null ? [] : fieldsOf(PROCESS_ENTRY, value),
  }
}

function treeStep(step: WalkStep, level: number, address: bigint): TranslationStep {
  const { at, value, index, shift } = step
  const chosen = (address >> BigInt(shift)) & ((1n << BigInt(index)) - 1n)
  const valid = value !== null && (value & PAGE_ENTRY.mask.V) !== 0n
  const leaf = valid && (value & PAGE_ENTRY.mask.L) !== 0n
  const size = 2 ** (shift % 10)
  const unit = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'][Math.floor(shift / 10)]!
  return {
    title: `Level ${level}, ${leaf ? `leaf: a page of ${size} ${unit}` : valid ? 'directory' : 'not valid'}`,
    says: `Entry ${hex(chosen)}, by ${chosenBy(step)} of the address.${value === null ? ' It would lie beyond RAM.' : ''}`,
    at,
    value,
    fields: value === null ? [] : fieldsOf(leaf ? PAGE_ENTRY : DIRECTORY_ENTRY, value),
  }
}

/** Where the cause of a fault is to be read. */
const causes: Partial<Record<InterruptId, BitField>> = {
  dataStorage: DSISR,
  hypervisorDataStorage: HDSISR,
  instructionStorage: SRR1.instructionStorage,
  hypervisorInstructionStorage: SRR1.hypervisorInstructionStorage,
}

function faultOf(fault: Fault, steps: readonly WalkStep[]): NonNullable<TranslationView['fault']> {
  const table = causes[fault.interrupt] ?? null
  const set = table?.bits.filter(row => (fault.status & table.mask[row.name]!) !== 0n) ?? []
  const last = steps.at(-1)
  const where = last ? ` The walk ended at the entry at ${hex(last.at)}.` : ''
  return {
    interrupt: interruptInWords(fault.interrupt),
    register: table?.name ?? null,
    status: fault.status,
    bits: set.map(row => ({ name: row.name, bits: bitsOf(row), value: '1', meaning: row.meaning })),
    why: `${whyNot(fault)}.${where}`.replace(/^./, c => c.toUpperCase()),
  }
}

/** What the access would change in the leaf: R, and C of a store. Book III, 5.7.12. */
function setsOf(steps: readonly WalkStep[], access: Access): string[] {
  const leaf = steps.at(-1)?.value
  if (leaf == null) return []
  const wanted: ('R' | 'C')[] = access === 'store' ? ['R', 'C'] : ['R']
  return wanted.filter(name => (leaf & PAGE_ENTRY.mask[name]) === 0n)
}

function contextOf(session: Session, address: bigint, access: Access): { text: string; on: boolean; pid: bigint } {
  const { state } = session.vcpu()
  const bit = access === 'fetch' ? 'IR' : 'DR'
  const on = (state.get('MSR') & MSR.mask[bit]) !== 0n
  const quadrant = address >> 62n
  const pid = quadrant === 0n ? state.get('PIDR') & 0xffffffffn : 0n
  if (!on) return { text: `MSR[${bit}] is 0: real mode, the address without its high four bits.`, on, pid }
  const who = quadrant === 0n ? `the process in PIDR, ${pid}` : quadrant === 3n ? 'process 0, the kernel' : 'the hypervisor’s'
  return { text: `MSR[${bit}] is 1: radix, quadrant ${quadrant} (${who}).`, on, pid }
}

export function translationView(session: Session, address: bigint, access: Access): TranslationView {
  const vcpu = session.vcpu()
  const walked: WalkStep[] = []
  const found = vcpu.translate(address, access, true, s => walked.push(s))
  const { text, on, pid } = contextOf(session, address, access)
  const table = session.core.partition.processTable
  const registered: TranslationStep[] = on
    ? [
        {
          title: 'Process table',
          says: table
            ? `${table.bytes / 16n} entries from ${hex(table.base)} on, as the hypervisor has it for the partition.`
            : 'The partition has none: the guest has not registered one (H_REGISTER_PROC_TBL).',
          at: null,
          value: null,
          fields: [],
        },
      ]
    : []
  let level = 0
  const steps = walked.map(s => (s.kind === 'process' ? processStep(s, pid) : treeStep(s, ++level, address)))
  const fault = 'interrupt' in found ? faultOf(found, walked) : null
  const real = 'interrupt' in found ? (found.guestReal ?? null) : found.guestReal
  return {
    address,
    access,
    context: text,
    steps: [...registered, ...steps],
    guestReal: real,
    // The partition's storage is the machine's, one to one up to the end of RAM.
    hostReal: fault ? null : real,
    ramBytes: session.core.ramBytes,
    sets: fault ? [] : setsOf(walked, access),
    fault,
  }
}
