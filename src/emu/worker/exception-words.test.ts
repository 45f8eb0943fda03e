/** Every interrupt of the table, taken by the core and explained: nothing that it changes is left without a word. */
import { describe, expect, test } from 'vitest'
import { Core } from '../core/core.ts'
import type { InterruptTaken } from '../core/events.ts'
import { enterInterrupt } from '../core/interrupt-entry.ts'
import { EventLog } from '../debug/event-log.ts'
import { LPCR, MSR, setField } from '../isa/bitfields.ts'
import { type InterruptId, interruptIds, interrupts } from '../isa/interrupts.ts'
import { exceptionView } from './exception-view.ts'
import { causeOf, msrChanges } from './exception-words.ts'

/** What the core gives with each interrupt that has more than its save registers. */
const given: Partial<Record<InterruptId, { bits: bigint; writes?: Record<string, bigint> }>> = {
  dataStorage: { bits: 0n, writes: { DAR: 0x7000n, DSISR: 0x42000000n } },
  dataSegment: { bits: 0n, writes: { DAR: 0x7000n } },
  alignment: { bits: 0n, writes: { DAR: 0x7001n } },
  hypervisorDataStorage: { bits: 0n, writes: { HDAR: 0x7000n, HDSISR: 0x40000000n, ASDR: 0x4000_0000n } },
  hypervisorInstructionStorage: { bits: 0x40000000n, writes: { ASDR: 0x4000_0000n } },
  instructionStorage: { bits: 0x10000000n },
  emulationAssistance: { bits: 0n, writes: { HEIR: 0x00dddd00n } },
  program: { bits: 0x20000n },
  trace: { bits: 0x50000000n, writes: { SIAR: 0x1000n, SDAR: 0x7000n } },
  facilityUnavailable: { bits: 12n },
  hypervisorFacilityUnavailable: { bits: 8n },
  systemCallVectored: { bits: 2n },
}

const core = new Core({ vcpus: 1, ramBytes: 65536 })

function taken(id: InterruptId, msr: bigint): InterruptTaken {
  const { state } = core.vcpus[0]!
  state.set('NIP', 0xc000000000010000n)
  state.set('MSR', msr)
  state.set('LPCR', setField(LPCR, 'AIL', LPCR.mask.HR | LPCR.mask.ILE | LPCR.mask.LPES, 3n))
  return enterInterrupt(state, 0, id, given[id] ?? { bits: 0n }, 0xc000000000010000n, false)
}

function recorded(what: InterruptTaken): EventLog {
  const log = new EventLog()
  log.push({ what, by: 'free', instructions: 1n, timeBase: 1n, step: null, lost: false, stray: false })
  return log
}

const ALL_ON = MSR.bits.reduce((m, b) => m | MSR.mask[b.name], 0n) & ~MSR.mask.HV

describe.each(interruptIds)('%s', id => {
  test.each([
    ['with every bit of the MSR on', ALL_ON],
    ['with none', 0n],
    ['without FP, with VEC', MSR.mask.SF | MSR.mask.VEC | MSR.mask.RI],
  ])('is explained %s', (_, msr) => {
    const what = taken(id, msr)
    const view = exceptionView(recorded(what), 1)!
    const row = interrupts[id]
    expect(view).toMatchObject({ name: `${row.name} interrupt`, vector: row.vector, nip: what.to.nip })
    expect(view.why[0]).toContain(row.why)
    expect(view.saved.length).toBe(2 + Object.keys(what.wrote).length)
    for (const s of view.saved) expect(s.text, s.register).not.toBe('')
    expect(view.sum.reduce((n, s) => n + s.value, 0n)).toBe(what.to.nip)
    expect(view.reason).not.toBe('')
    // Each bit that changed has its row, but for VEC and VSX beside FP.
    const told = view.msr.changes.reduce((m, c) => m | MSR.mask[c.bits as keyof typeof MSR.mask], 0n)
    const both = told & MSR.mask.FP ? MSR.mask.VEC | MSR.mask.VSX : 0n
    expect((what.from.msr ^ what.to.msr) & ~(told | both)).toBe(0n)
    for (const c of view.msr.changes) expect(c.reason, c.bits).not.toBe('')
    expect(view.causeBits.length).toBe(row.causes.length)
  })
})

test('the cause in this case, from what the interrupt left', () => {
  const why = (id: InterruptId) => causeOf(taken(id, ALL_ON), null).slice(interrupts[id].why.length + 1)
  expect(why('dataStorage')).toBe('No translation was found for the address. The access was a store. The address was 0x7000.')
  expect(why('hypervisorDataStorage')).toBe(
    'No translation was found for the address. The address was 0x7000. In guest real storage that is 0x40000000.',
  )
  expect(why('instructionStorage')).toBe('The page is no-execute or guarded.')
  expect(why('program')).toBe('A trap instruction whose condition held.')
  expect(why('emulationAssistance')).toBe('The word is 0x00dddd00.')
  expect(why('facilityUnavailable')).toBe('FSCR[IC] is 12: the facility SCV.')
  expect(why('hypervisorFacilityUnavailable')).toBe('HFSCR[IC] is 8: the facility TAR.')
  expect(why('decrementer')).toBe('')
})

test('a Trace says which bit or register asked for it', () => {
  const { state } = core.vcpus[0]!
  const trace = (msr: bigint, bits: bigint) => {
    state.set('MSR', msr)
    return causeOf(enterInterrupt(state, 0, 'trace', { bits }, 0n, false), 'b 0x10')
  }
  expect(trace(MSR.mask.SE | MSR.mask.BE, 0x40000000n)).toBe('b 0x10 completed while SE was 1.')
  expect(trace(MSR.mask.BE, 0x40000000n)).toBe('b 0x10 completed and is a branch, while BE was 1.')
  expect(trace(0n, 0x40100000n)).toBe('b 0x10 completed at the address that CIABR watches.')
})

test('the hypervisor’s byte order is not the guest’s', () => {
  const reason = (id: InterruptId) => msrChanges(taken(id, 0n), false, 0).find(c => c.bits === 'LE')!.reason
  expect(reason('emulationAssistance')).toBe('from HID0[HILE]')
  expect(reason('program')).toBe('from LPCR[ILE]')
})
