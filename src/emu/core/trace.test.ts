/** Which boundaries take a Trace interrupt, what it saves, and in which order it comes. Power ISA 3.0B, Book III, 6.5.15. */
import { describe, expect, test } from 'vitest'
import { boot, type GuestOptions, LINEAR, linearMap, lines, story } from '../../../test/support/guest.ts'
import { LPCR, MSR } from '../isa/bitfields.ts'

const { SF, SE, BE, EE, PR, IR, DR } = MSR.mask

/** Boundaries of the guest as text, and as expected. */
function told(source: string, count: number, options: GuestOptions, expected: string): void {
  expect(story(() => boot(source, options), count)).toBe(lines(expected))
}

// biome-ignore-start format: one boundary a line
describe('MSR[SE]', () => {
  test('each instruction that completes is followed by a Trace, which clears SE', () => {
    told(
      '_start: li r4,8\n b .',
      3,
      { msr: SF | SE, at: { '0xd00': 'nop; nop' } },
      `
      _start  addi
      → d00   trace from _start+4 cause 40000000 SIAR=_start SDAR=0
      d00     ori`,
    )
  })

  test('rfid that loads SE=1 is not traced; the first instruction at its target is', () => {
    told(
      '_start: li r4,8\n li r5,9\n b .',
      5,
      { msr: SF | SE, at: { '0xd00': 'rfid' } },
      `
      _start    addi
      → d00     trace from _start+4 cause 40000000 SIAR=_start SDAR=0
      d00       rfid
      _start+4  addi
      → d00     trace from _start+8 cause 40000000 SIAR=_start+4 SDAR=0`,
    )
  })

  test('mtmsrd that sets SE does not trace itself; the next instruction does', () => {
    told(
      '_start: mfmsr r3; ori r3,r3,0x400; mtmsrd r3; li r4,1\n b .',
      5,
      {},
      `
      _start    mfmsr
      _start+4  ori
      _start+8  mtmsrd
      _start+c  addi
      → d00     trace from _start+10 cause 40000000 SIAR=_start+c SDAR=0`,
    )
  })

  test.each(['mtmsr r3', 'mtmsrd r3'])('%s that clears SE traces itself, and SRR1[SE] is 0', move => {
    const options = { msr: SF | SE, set: { r3: SF } }
    told(
      `_start: ${move}\n b .`,
      2,
      options,
      `
      _start  ${move.split(' ')[0]}
      → d00   trace from _start+4 cause 40000000 SIAR=_start SDAR=0`,
    )
    const guest = boot(`_start: ${move}\n b .`, options)
    guest.vcpu.run(2)
    expect(guest.get('SRR1')).toBe(SF | 0x40000000n)
  })

  test('an mtmsrd with L=1 leaves SE, and is traced with it', () => {
    const guest = boot('_start: mtmsrd r3,1\n b .', { msr: SF | SE, set: { r3: 0x8002n } })
    guest.vcpu.run(2)
    expect([guest.get('NIP'), guest.get('SRR1')]).toEqual([0xd00n, SF | SE | EE | 0x2n | 0x40000000n])
  })

  test('a trap that traps is not traced, one that does not trap is', () => {
    told(
      '_start: twi 4,r3,1\n tw 24,r4,r3\n b .',
      4,
      { msr: SF | SE, set: { r3: 5n, r4: 1n }, at: { '0xd00': 'rfid' } },
      `
      _start    twi
      → d00     trace from _start+4 cause 40000000 SIAR=_start SDAR=0
      d00       rfid
      → 700     program from _start+4 cause 20000`,
    )
  })

  test('sc and scv are not traced', () => {
    told(
      '_start: sc\n b .',
      2,
      { msr: SF | SE, at: { '0xc00': 'nop' } },
      `
      → c00  systemCall from _start+4 cause 0
      c00    ori`,
    )
    told(
      '_start: scv 1\n b .',
      2,
      { msr: SF | SE, set: { FSCR: 1n << 12n }, at: { '0x17020': 'nop' } },
      `
      → 17020  systemCallVectored from _start+4 cause 0
      17020    ori`,
    )
  })

  test('a fault, an illegal word and a privileged instruction take their own interrupt alone', () => {
    told(
      '_start: lwarx r3,0,r5\n b .',
      2,
      { msr: SF | SE, set: { r5: 0x20002n }, at: { '0x600': 'nop' } },
      `
      → 600  alignment from _start cause 0 DAR=20002
      600    ori`,
    )
    told(
      '_start: mfmsr r3\n b .',
      2,
      { msr: SF | SE | PR, at: { '0x700': 'nop' } },
      `
      → 700  program from _start cause 40000
      700    ori`,
    )
    told(
      '_start: .long 0\n b .',
      2,
      { msr: SF | SE },
      `
      → exit emulationAssistance from _start cause 0 HEIR=0
      exit: emulationAssistance 0`,
    )
  })

  test('isync, sync and dcbf are traced, wait is not', () => {
    const handler = { msr: SF | SE, set: { r5: 0x20000n }, at: { '0xd00': 'rfid' } }
    told(
      '_start: isync; sync; wait; nop; b .',
      9,
      handler,
      `
      _start    isync
      → d00     trace from _start+4 cause 40000000 SIAR=_start SDAR=0
      d00       rfid
      _start+4  sync
      → d00     trace from _start+8 cause 40000000 SIAR=_start+4 SDAR=0
      d00       rfid
      _start+8  wait
      _start+c  ori
      → d00     trace from _start+10 cause 40000000 SIAR=_start+c SDAR=0`,
    )
  })
})

describe('SRR1 and SDAR tell loads from stores', () => {
  const rows: [string, cause: string][] = [
    ['add r3,r3,r4', '40000000 SIAR=_start SDAR=0'],
    ['b _start+8', '40000000 SIAR=_start SDAR=0'],
    ['ld r3,8(r5)', '50000000 SIAR=_start SDAR=20008'],
    ['lbzu r3,8(r5)', '50000000 SIAR=_start SDAR=20008'],
    ['lwarx r3,0,r5', '50000000 SIAR=_start SDAR=20000'],
    ['icbi 0,r5', '50000000 SIAR=_start SDAR=20000'],
    ['dcbt 0,r5', '50000000 SIAR=_start SDAR=20000'],
    ['dcbst 0,r5', '50000000 SIAR=_start SDAR=20000'],
    ['dcbf r5,r6', '50000000 SIAR=_start SDAR=20040'],
    ['std r3,-8(r5)', '48000000 SIAR=_start SDAR=1fff8'],
    ['stwux r3,r5,r6', '48000000 SIAR=_start SDAR=20040'],
    ['stwcx. r3,0,r5', '48000000 SIAR=_start SDAR=20000'],
    ['dcbz 0,r5', '48000000 SIAR=_start SDAR=20000'],
    ['dcbtst 0,r5', '48000000 SIAR=_start SDAR=20000'],
  ]
  test.each(rows)('%s', (instruction, cause) => {
    const guest = () => boot(`_start: ${instruction}\n nop; b .`, { msr: SF | SE, set: { r5: 0x20000n, r6: 0x40n } })
    const [, trace] = story(guest, 2).split('\n')
    expect(trace!.replace(/from \S+/, 'from …')).toBe(`→ d00 trace from … cause ${cause}`)
  })

  test('SDAR keeps its value where the instruction has no operand in storage', () => {
    const guest = boot('_start: nop; b .', { msr: SF | SE, set: { SDAR: 0x1234n } })
    guest.vcpu.run(2)
    expect(guest.get('SDAR')).toBe(0x1234n)
  })
})

describe('MSR[BE]', () => {
  test('branches are traced, taken or not; nothing else is', () => {
    told(
      '_start: li r4,8\n cmpwi r4,8\n bne _start\n nop\n beq next\n nop\nnext: nop; b .',
      9,
      { msr: SF | BE, at: { '0xd00': 'rfid' } },
      `
      _start    addi
      _start+4  cmpi
      _start+8  bc
      → d00     trace from _start+c cause 40000000 SIAR=_start+8 SDAR=0
      d00       rfid
      _start+c  ori
      _start+10 bc
      → d00     trace from next cause 40000000 SIAR=_start+10 SDAR=0
      d00       rfid`,
    )
  })
})

describe('CIABR', () => {
  const code = '_start: li r4,1\nhere: li r5,2\n li r6,3\n b .'
  const set = (privilege: bigint) => ({ CIABR: 0x10004n | privilege })

  test('a match is traced after completion, without SE', () => {
    told(
      code,
      4,
      { set: set(2n), at: { '0xd00': 'nop' } },
      `
      _start  addi
      here    addi
      → d00   trace from here+4 cause 40100000 SIAR=here SDAR=0
      d00     ori`,
    )
  })

  test('with SE too, one Trace has both causes', () => {
    told(
      code,
      4,
      { msr: SF | SE, set: { ...set(2n) }, at: { '0xd00': 'rfid' } },
      `
      _start  addi
      → d00   trace from here cause 40000000 SIAR=_start SDAR=0
      d00     rfid
      here    addi`,
    )
    const guest = boot(code, { msr: SF | SE, set: set(2n), at: { '0xd00': 'rfid' } })
    guest.vcpu.run(5)
    expect(guest.get('SRR1')).toBe(SF | SE | 0x40100000n)
  })

  test('the privilege must be that of the state: 1 problem, 2 privileged, 3 hypervisor, 0 off', () => {
    const traced = (msr: bigint, privilege: bigint) => {
      const guest = boot(code, { msr: SF | msr, set: set(privilege) })
      guest.vcpu.run(3)
      return guest.get('SRR1') === (SF | msr | 0x40100000n)
    }
    expect([0n, 1n, 2n, 3n].map(p => traced(0n, p))).toEqual([false, false, true, false])
    expect([0n, 1n, 2n, 3n].map(p => traced(PR, p))).toEqual([false, true, false, false])
    expect([0n, 1n, 2n, 3n].map(p => traced(MSR.mask.HV, p))).toEqual([false, false, false, true])
  })

  test('set while the page is decoded already, it holds from then on; cleared, no more', () => {
    const guest = boot('_start: addi r4,r4,1\nhere: addi r5,r5,1\n b _start', { at: { '0xd00': 'addi r9,r9,1; rfid' } })
    guest.vcpu.run(30)
    expect(guest.get('r9')).toBe(0n)
    guest.set('CIABR', 0x10006n)
    guest.vcpu.breakpointsChanged()
    guest.vcpu.run(60)
    expect(guest.get('r9')).toBe(10n)
    guest.set('CIABR', 0n)
    guest.vcpu.breakpointsChanged()
    guest.vcpu.run(30)
    expect(guest.get('r9')).toBe(10n)
    expect(guest.get('r4')).toBe(30n)
  })
})

describe('order', () => {
  test('Trace comes before an asynchronous interrupt, which comes in the handler once it sets EE', () => {
    const due = { msr: SF | SE | EE, set: { DEC_BASE: 0n, r3: 0x8000n }, at: { '0xd00': 'mtmsrd r3,1; nop' } }
    told(
      '_start: nop; nop; b .',
      4,
      due,
      `
      _start  ori
      → d00   trace from _start+4 cause 40000000 SIAR=_start SDAR=0
      d00     mtmsrd
      → 900   decrementer from d04 cause 0`,
    )
  })

  test('or after its rfid, before the next instruction', () => {
    told(
      '_start: nop; nop; b .',
      4,
      { msr: SF | SE | EE, set: { DEC_BASE: 0n }, at: { '0xd00': 'rfid' } },
      `
      _start  ori
      → d00   trace from _start+4 cause 40000000 SIAR=_start SDAR=0
      d00     rfid
      → 900   decrementer from _start+4 cause 0`,
    )
  })
})
// biome-ignore-end format: one boundary a line

describe('vectors by AIL', () => {
  const watched = { DAWR0: LINEAR + 0x20000n, DAWRX0: 0x2an, r5: LINEAR + 0x20000n }
  const kinds: [name: string, vector: bigint, source: string, boundaries: number, options: GuestOptions][] = [
    ['trace', 0xd00n, 'li r4,1', 2, { msr: SE }],
    ['DSI', 0x300n, 'ld r4,0(r5)', 1, { set: watched }],
    ['ISI', 0x400n, 'mtctr r6; bctr', 3, { set: { r6: LINEAR + 0x2000000n } }],
    ['program', 0x700n, 'trap', 1, {}],
    ['sc', 0xc00n, 'sc', 1, {}],
    ['decrementer', 0x900n, 'nop', 1, { msr: EE, set: { DEC_BASE: -1n & ((1n << 64n) - 1n) } }],
  ]
  const translation = [IR | DR, IR, DR, 0n]
  const cases = kinds.flatMap(kind => [0n, 1n, 2n, 3n].flatMap(ail => translation.map(on => ({ kind, ail, on }))))

  test.each(kinds)('%s', (name, vector, source, boundaries, options) => {
    for (const { ail, on } of cases.filter(c => c.kind[0] === name)) {
      // Without translation of fetches there is no ISI.
      if (name === 'ISI' && !(on & IR)) continue
      const guest = boot(`_start: ${source}\n b .`, {
        ...options,
        msr: SF | on | (options.msr ?? 0n),
        lpcr: ail << BigInt(LPCR.shift.AIL),
        base: LINEAR,
        tables: { page: '64K', processes: [[linearMap()]] },
      })
      guest.vcpu.run(boundaries)
      const applies = on === (IR | DR) && ail >= 2n
      const added = !applies ? 0n : ail === 2n ? 0x18000n : 0xc000000000004000n
      const got = { nip: guest.get('NIP'), msr: guest.get('MSR') }
      expect(got, `AIL ${ail}, IR|DR ${on.toString(16)}`).toEqual({ nip: vector + added, msr: SF | (applies ? IR | DR : 0n) })
    }
  })

  test('the IR and DR after the instruction count for its Trace', () => {
    const options = { base: LINEAR, lpcr: 3n << BigInt(LPCR.shift.AIL), tables: { page: '64K', processes: [[linearMap()]] } } as const
    const off = boot('_start: mtmsrd r3\n b .', { ...options, msr: SF | SE | IR | DR, set: { r3: SF | SE } })
    off.vcpu.run(2)
    expect(off.get('NIP')).toBe(0xd00n)
    const on = boot('_start: mtmsrd r3\n b .', { ...options, msr: SF | SE, set: { r3: SF | SE | IR | DR } })
    on.vcpu.run(2)
    expect(on.get('NIP')).toBe(0xc000000000004d00n)
  })

  test('scv: AIL 2 as AIL 0, but with translation; AIL 3 at c…3000; EE and RI as before, LR and CTR saved', () => {
    const at = (ail: bigint, fscr = 1n << 12n) => {
      const msr = SF | IR | DR | EE | MSR.mask.RI
      const tables = { page: '64K', processes: [[linearMap()]] } as const
      const guest = boot('_start: scv 3\n b .', { msr, lpcr: ail << BigInt(LPCR.shift.AIL), base: LINEAR, tables, set: { FSCR: fscr } })
      guest.vcpu.run(1)
      return guest
    }
    const kept = SF | EE | MSR.mask.RI
    const entry = (ail: bigint) => ['NIP', 'MSR', 'LR', 'CTR', 'SRR0'].map(n => at(ail).get(n))
    const saved = [LINEAR + 0x10004n, kept | IR | DR, 0n]
    expect(entry(0n)).toEqual([0x17060n, kept, ...saved])
    expect(entry(2n)).toEqual([0x17060n, kept | IR | DR, ...saved])
    expect(entry(3n)).toEqual([0xc000000000003060n, kept | IR | DR, ...saved])
    const withheld = at(3n, 0n)
    expect([withheld.get('NIP'), withheld.get('FSCR') >> 56n, withheld.get('SRR0')]).toEqual([0xc000000000004f60n, 12n, LINEAR + 0x10000n])
  })
})
