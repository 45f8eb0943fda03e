/** The log of events is what a plain list of them would be, packed or not, cut or dropped. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { InterruptTaken } from '../core/events.ts'
import { decode } from '../isa/instructions.ts'
import { type InterruptId, interrupts } from '../isa/interrupts.ts'
import { EventLog } from './event-log.ts'
import type { Agent, Happening, RecordedEvent } from './events.ts'

const u64 = fc.bigInt(0n, (1n << 64n) - 1n)
const vcpu = fc.nat(7)
const wrote = fc.dictionary(fc.constantFrom('DAR', 'DSISR', 'HEIR', 'SIAR', 'SDAR', 'ASDR', 'LR', 'CTR'), u64)
const interrupt: fc.Arbitrary<InterruptTaken> = fc.record({
  kind: fc.constant('interrupt' as const),
  vcpu,
  id: fc.constantFrom(...(Object.keys(interrupts) as InterruptId[])),
  from: fc.record({ nip: u64, msr: u64, lpcr: u64 }),
  culprit: fc.option(u64),
  returnAddress: u64,
  savedMsr: u64,
  cause: u64,
  to: fc.record({ nip: u64, msr: u64 }),
  wrote: wrote.map(w => ({ ...w })),
  exits: fc.boolean(),
})
const WORDS = [0x7c0000a6, 0x38600001, 0x4c000024, 0x60000000]
const happening: fc.Arbitrary<Happening> = fc.oneof(
  interrupt,
  fc.record({ kind: fc.constant('free' as const), vcpu, boundaries: fc.nat(), problemState: fc.boolean(), shared: fc.boolean() }),
  fc
    .record({
      kind: fc.constant('instruction' as const),
      vcpu,
      address: u64,
      word: fc.constantFrom(...WORDS),
      problemState: fc.boolean(),
      se: fc.constantFrom(null, true, false),
      traced: fc.boolean(),
    })
    .map(i => ({ ...i, instruction: decode(i.word)! })),
  fc.record({ kind: fc.constant('eventBasedBranch' as const), vcpu, from: u64, to: u64 }),
  fc.record({
    kind: fc.constant('phase' as const),
    vcpu,
    phase: fc.constantFrom('arm' as const, 'exit' as const, 'handle' as const),
    sentence: fc.constantFrom('this', 'that', 'the other'),
    crossing: fc.constantFrom(null, 'entry' as const, 'exit' as const),
    planted: fc.constantFrom(null, 'word'),
    se: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('edit' as const), vcpu, sentence: fc.string() }),
)
const event: fc.Arbitrary<Omit<RecordedEvent, 'index'>> = fc.record({
  what: happening,
  by: fc.constantFrom<Agent>('outside', 'inside', 'hypervisor', 'machine', 'free', 'you'),
  instructions: u64,
  timeBase: u64,
  step: fc.option(fc.record({ ordinal: fc.nat(9), label: fc.constantFrom('mfmsr', 'sc'), vcpu })),
  lost: fc.boolean(),
  stray: fc.boolean(),
})

type Deed = { push: number } | { end: number } | { drop: number }
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ push: fc.nat(20_000) }) },
  { weight: 1, arbitrary: fc.record({ end: fc.nat(100) }) },
  { weight: 1, arbitrary: fc.record({ drop: fc.nat(100) }) },
)

/** Of a share of what there is, in percent. */
const share = (length: number, percent: number): number => Math.floor((length * percent) / 100)

describe('a log', () => {
  test('holds what was pushed, less what was cut and dropped', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 3, maxLength: 12 }), fc.array(deed, { maxLength: 8 }), (some, deeds) => {
        const log = new EventLog()
        let plain: RecordedEvent[] = []
        let last = 0
        let first = 1
        for (const d of deeds) {
          if ('push' in d)
            for (let n = 0; n < d.push; n++) {
              const e = { ...some[(last + d.push) % some.length]!, instructions: BigInt(last) }
              expect(log.push(e)).toBe(++last)
              plain.push({ index: last, ...e })
            }
          else if ('end' in d) {
            last = share(last, d.end)
            log.endAt(last)
            plain = plain.filter(e => e.index <= last)
            first = Math.min(first, last + 1)
          } else {
            first = Math.max(first, share(last, d.drop) + 1)
            log.dropBefore(first)
            plain = plain.filter(e => e.index >= first)
          }
        }
        expect([log.first, log.length]).toEqual([first, last])
        expect(log.at(first - 1)).toBeUndefined()
        expect(log.at(last + 1)).toBeUndefined()
        // Every one of few, and of many the ends and some between.
        const looks = plain.filter((_, n) => n < 50 || n % 997 === 0 || n > plain.length - 50)
        for (const e of looks) expect(log.at(e.index)).toEqual(e)
        const taken = plain.filter(e => e.what.kind === 'interrupt').map(e => e.index)
        const middle = share(last, 50)
        expect([...log.interruptsBack(middle)].map(e => e.index)).toEqual(taken.filter(n => n <= middle).reverse())
        expect([log.interruptsUpTo(middle), log.interruptsUpTo(last)]).toEqual([taken.filter(n => n <= middle).length, taken.length])
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  test('takes little room', () => {
    const log = new EventLog()
    const sample = { ...fc.sample(interrupt, 1)[0]!, wrote: { DAR: 0x1000n, DSISR: 0x40000000n } }
    for (let n = 0; n < 20_000; n++)
      log.push({ what: sample, by: 'free', instructions: BigInt(n), timeBase: BigInt(n), step: null, lost: false, stray: false })
    // A million Data Storage interrupts in less than 128 MiB.
    expect(log.bytesEach).toBeLessThan(128)
  })
})
