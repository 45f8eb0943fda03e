/** One interrupt of the recording, explained from the tables: why, what was saved, what changed in the MSR, where it went. */
import { disassemble } from '../asm/disassemble.ts'
import type { Events } from '../debug/event-log.ts'
import type { RecordedEvent } from '../debug/events.ts'
import type { Session } from '../debug/session.ts'
import { MSR } from '../isa/bitfields.ts'
import { interrupts, savedIn, saveRegisters, vectorAddress } from '../isa/interrupts.ts'
import type { EffectiveAddress, EventIndex } from '../isa/units.ts'
import { causeOf, causeRows, msrChanges, registerTexts, statusOf } from './exception-words.ts'
import type { ExceptionView } from './protocol.ts'

const hex = (v: bigint): string => `0x${v.toString(16)}`
const word = (v: bigint): string => `0x${v.toString(16).padStart(8, '0')}`

/** The interrupt at or before the event, with what the policy of its outside step left behind; null when there is none. */
export function exceptionOf({ events, leaks }: Pick<Session, 'events' | 'leaks'>, at: EventIndex): ExceptionView | null {
  const view = exceptionView(events, at)
  const stepped = view && events.at(view.event)?.step?.vcpu === view.vcpu
  const leak = stepped ? leaks.find(l => l.channel === 3 || l.channel === 2) : undefined
  if (!view || !leak) return view
  const left = leak.registers.join(', ') || 'the guest elsewhere'
  return { ...view, leak: `${leak.policyName} leaves ${left} to be read (channel ${leak.channel}).` }
}

/** Without what a policy left. */
export function exceptionView(events: Events, at: EventIndex): ExceptionView | null {
  const [found] = events.interruptsBack(at)
  if (found?.what.kind !== 'interrupt') return null
  const i = found.what
  const row = interrupts[i.id]
  const { lpcr } = i.from
  const entry = { msr: i.from.msr, lpcr, lev: i.id === 'systemCallVectored' ? Number((i.to.nip >> 5n) & 0x7fn) : 0, hile: false }
  const vector = vectorAddress(row, entry)
  const [addressRegister, msrRegister] = saveRegisters[savedIn(row, { lpcr })]
  const next = events.at(found.index + 1)
  const before = events.at(found.index - 1)?.what
  const traced =
    i.id === 'trace' && before?.kind === 'instruction' && before.vcpu === i.vcpu
      ? disassemble(before.word, before.address).text.replace(/\s+/g, ' ')
      : null
  const why = [causeOf(i, traced)]
  if (next) why.push(`Next, event ${next.index}: ${nextSentence(next, i.to.nip)}`)
  const facts = [
    ...(i.id === 'trace' && (i.from.msr & MSR.mask.SE) !== 0n
      ? [{ name: 'SE set by', value: found.by === 'outside' ? 'outside' : 'the guest' }]
      : []),
    { name: 'taken on', value: `vCPU ${i.vcpu}` },
    { name: 'event', value: `${found.index}` },
  ]
  const saved = [
    {
      register: addressRegister,
      value: i.returnAddress,
      text: row.returnsTo === 'next' ? 'next instruction' : 'the instruction that caused it',
    },
    { register: msrRegister, value: i.savedMsr, text: row.causes.length ? 'MSR, with the cause bits' : 'MSR' },
    ...Object.entries(i.wrote).map(([register, value]) => ({ register, value, text: registerTexts[register] ?? '' })),
  ]
  const sum = [{ name: 'vector', value: vector.base }, ...(vector.added ? [{ name: `AIL ${vector.ail}, add`, value: vector.added }] : [])]
  return {
    event: found.index,
    vcpu: i.vcpu,
    ordinal: events.interruptsUpTo(found.index),
    total: events.interruptsUpTo(events.length),
    name: `${row.name} interrupt`,
    vector: row.vector,
    why,
    facts,
    saved,
    causeBits: causeRows(row.causes, i.savedMsr),
    status: statusOf(i),
    msr: { from: i.from.msr, to: i.to.msr, changes: msrChanges(i, vector.applied, vector.ail) },
    sum,
    nip: vector.address,
    reason: i.exits ? `${vector.reason} The hypervisor is not in the guest's memory here: the guest keeps NIP and MSR.` : vector.reason,
    leak: null,
  }
}

function nextSentence(e: RecordedEvent, vector: EffectiveAddress): string {
  const { what } = e
  if (what.kind === 'interrupt')
    return what.id === 'emulationAssistance'
      ? `emulation assist, because ${what.from.nip === vector ? 'the vector' : hex(what.from.nip)} holds ${word(what.wrote.HEIR ?? 0n)}.`
      : `${interrupts[what.id].name}.`
  if (what.kind === 'phase') return `${what.phase}.`
  if (what.kind === 'instruction') return `${disassemble(what.word, what.address).text.replace(/\s+/g, ' ')}.`
  return 'the guest runs on.'
}

/** With what the policy left to be read, if an outside step of this recording did. */
export function explained(session: Session, at: EventIndex): ExceptionView | null {
  const view = exceptionView(session.events, at)
  const leak = view ? session.leaks.find(l => l.channel === 3 || l.channel === 2) : undefined
  if (!view || !leak) return view
  const left = leak.registers.join(', ') || 'the guest elsewhere'
  return { ...view, leak: `${leak.policyName} leaves ${left} to be read (channel ${leak.channel}).` }
}
