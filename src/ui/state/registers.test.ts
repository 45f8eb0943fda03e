import { describe, expect, test } from 'vitest'
import { recordingOf } from '../../../test/support/recording-of.ts'
import { midStep, race } from '../../../test/ui/fixtures/state-timeline.ts'
import { copied } from './copy.ts'
import { define } from './definitions.tsx'
import { editBlocked, editNote } from './editing.ts'
import { decrementer } from './Interrupts.tsx'
import { spoken } from './Register.tsx'
import { bitMask, bitOf, bitsOf, crMask, inWords, meaningOf, msrBits, srr1Interrupt, withAil } from './registers.ts'

test('the MSR strip has the 19 single bits of the design, in order', () => {
  expect(msrBits.map(b => `${b.bit} ${b.name}`).join(', ')).toBe(
    '0 SF, 3 HV, 31 TM, 38 VEC, 40 VSX, 41 S, 48 EE, 49 PR, 50 FP, 51 ME, 52 FE0, 53 SE, 54 BE, 55 FE1, 58 IR, 59 DR, 61 PMM, 62 RI, 63 LE',
  )
})

test('bits are numbered from the most significant', () => {
  expect(bitOf(0x8000000000000400n, 0)).toBe(1)
  expect(bitOf(0x8000000000000400n, 53)).toBe(1)
  expect(bitOf(0x8000000000000400n, 54)).toBe(0)
  expect(bitMask(53)).toBe(0x400n)
  expect(crMask(0, 2)).toBe(0x20000000n)
  expect(crMask(7, 3)).toBe(1n)
})

test('AIL is replaced within LPCR', () => {
  expect(withAil(0x8000000001c00001n, 2)).toBe(0x8000000001400001n)
  expect(withAil(0n, 3)).toBe(0x1800000n)
  expect(withAil(0x1800000n, 0)).toBe(0n)
})

test('widths and meanings come from the tables', () => {
  expect([bitsOf('MSR'), bitsOf('CR'), bitsOf('DSISR'), bitsOf('TB'), bitsOf('r3')]).toEqual([64, 32, 32, 64, 64])
  expect(meaningOf('SRR0')).toMatch(/rfid/)
  expect(meaningOf('r31')).toMatch(/General-purpose/)
  expect(inWords('noTranslation')).toBe('no translation')
  expect(inWords('CIABR')).toBe('CIABR')
})

describe('the interrupt that SRR1 tells of', () => {
  test('is the last one on that vCPU that saved in SRR1', () => {
    const events = recordingOf(midStep().events)
    expect(srr1Interrupt(events, events.length, 0)?.name).toBe('Trace')
    expect(srr1Interrupt(events, 4, 0)).toBeNull()
    expect(srr1Interrupt(events, events.length, 1)).toBeNull()
  })
  test('is found by vCPU', () => {
    const events = recordingOf(race().events)
    expect(srr1Interrupt(events, 10, 1)?.vector).toBe(0xd00)
  })
})

test('why registers cannot be edited, and what becomes of an edit', () => {
  const { view } = midStep()
  expect(editBlocked(view)).toBeNull()
  expect(editBlocked(null)).toBe('The program is being loaded.')
  expect(editBlocked({ ...view, run: { state: 'running', actor: 'machine', reason: null } })).toBe('Pause to edit.')
  expect(editNote(view)).toBe('Recorded as an event')
  const past = { ...view, recording: { ...view.recording, live: false, shown: 7 } }
  expect(editBlocked(past)).toBeNull()
  expect(editNote(past)).toBe('Begins a branch: what came after event 7 is kept')
})

test('a decrementer shows 32 bits while the rest repeats its sign', () => {
  expect(decrementer(0x1f21n)).toBe('0x0000_1f21')
  expect(decrementer(0xffff_ffff_ffff_fff0n)).toBe('0xffff_fff0')
  expect(decrementer(0xffff_fff0n)).toBe('0xffff_fff0')
  expect(decrementer(0x12_0000_0000n)).toBe('0x0012_0000_0000')
})

test('a cell says all that it shows', () => {
  expect(spoken({ name: 'NIP', value: 0xc000000000010008n, changed: true, guest: undefined, said: 'probe' })).toBe(
    'NIP, 0xc000000000010008, probe, changed',
  )
  expect(spoken({ name: 'SRR1', value: 1n, changed: false, guest: 2n, said: undefined })).toBe(
    'SRR1, 0x0000000000000001, differs, guest 0x0000000000000002',
  )
})

test('one value is copied plain, several with their names', () => {
  expect(copied([{ name: 'NIP', hex: '0xc000000000010008' }])).toBe('0xc000000000010008')
  expect(
    copied([
      { name: 'NIP', hex: '0x1' },
      { name: 'LR', hex: '0x2' },
    ]),
  ).toBe('NIP 0x1\nLR 0x2')
})

test('what is no definition is its own text', () => {
  const { state } = midStep().view
  expect(define(state, 'Pause to edit.')).toBe('Pause to edit.')
  expect(define(state, 'constructor x')).toBe('constructor x')
  expect(JSON.stringify(define(state, 'msr SE'))).toContain('Set by outside.')
})
