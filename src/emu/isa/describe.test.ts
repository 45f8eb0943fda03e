import { describe, expect, test } from 'vitest'
import { aliases } from './aliases.ts'
import { describeMnemonic, describeWord } from './describe.ts'
import { instructions } from './instructions.ts'

const rtl = (name: string) => describeMnemonic(name)!.rtl
const names = [...new Set([...instructions.map(i => i.name), ...aliases.map(a => a.name)])]

describe('every instruction and every extended mnemonic', () => {
  const all = names.map(name => [name, describeMnemonic(name)!] as const)
  test('has a text', () => {
    expect(all.filter(([, d]) => d.rtl.length === 0).map(([name]) => name)).toEqual([])
  })
  test('has no text that a machine would write', () => {
    const odd = /undefined|\[object|NaN|null|time|_BASE|\?|\[-|CONDITION| {2}/
    const found = all.flatMap(([name, d]) =>
      [d.syntax, d.note ?? '', ...d.rtl.map(l => l.trimStart())]
        .filter(l => odd.test(l.replaceAll('time base', '')))
        .map(l => `${name}: ${l}`),
    )
    expect(found).toEqual([])
  })
  test('has parentheses and brackets that match, over its lines', () => {
    const found = all.filter(([, d]) => {
      let depth = 0
      for (const c of d.rtl.join(' ')) depth += '(['.includes(c) ? 1 : ')]'.includes(c) ? -1 : 0
      return depth !== 0
    })
    expect(found.map(([name]) => name)).toEqual([])
  })
  test('has lines that fit a hover', () => {
    const long = all.flatMap(([name, d]) => d.rtl.filter(l => l.length > 110).map(() => name))
    expect(long).toEqual([])
  })
  test('accounts for each bit of the word once', () => {
    for (const [name, d] of all) {
      const bits = d.fields.flatMap(f =>
        f.bits.split(', ').flatMap(run => {
          const [first, last = first] = run.split(':').map(Number) as [number, number?]
          return Array.from({ length: last - first + 1 }, (_, i) => first + i)
        }),
      )
      expect(
        bits.toSorted((a, b) => a - b),
        name,
      ).toEqual(Array.from({ length: 32 }, (_, n) => n))
    }
  })
})

describe('what an instruction does', () => {
  test.each([
    ['addi', ['RT ← (RA|0) + EXTS(SI)']],
    ['add.', ['RT ← (RA) + (RB)', 'CR0 ← (RT < 0) || (RT > 0) || (RT = 0) || SO']],
    [
      'subfeo',
      [
        'RT ← ¬(RA) + (RB) + CA',
        'CA ← carry out of bit 0',
        'CA32 ← carry out of bit 32',
        'OV ← signed overflow',
        'OV32 ← signed overflow of the low 32 bits',
        'SO ← SO | OV',
      ],
    ],
    ['ldu', ['EA ← (RA) + EXTS(DS || 0b00)', 'RT ← MEM(EA, 8)', 'RA ← EA']],
    ['lha', ['EA ← (RA|0) + EXTS(D)', 'RT ← EXTS(MEM(EA, 2))']],
    ['stbx', ['EA ← (RA|0) + (RB)', 'MEM(EA, 1) ← (RS)[56:63]']],
    ['dcbz', ['EA ← ((RA|0) + (RB)) & ¬0x7f', 'MEM(EA, 128) ← 0']],
    ['rldicr', ['RA ← ROTL64((RS), sh) & MASK(0, me)']],
    ['isel', ['RT ← if CR[BC] then (RA|0) else (RB)']],
    ['crandc', ['CR[BT] ← CR[BA] & ¬CR[BB]']],
    ['mcrxrx', ['CR field BF ← OV || OV32 || CA || CA32']],
    ['divdu', ['RT ← if (RB) = 0 then 0 else (RA) ÷u (RB)']],
    ['mfmsr', ['if MSR[PR] then Program interrupt (privileged)', 'RT ← MSR']],
    ['scv', ['if ¬FSCR[SCV] then Facility Unavailable interrupt, IC 12', 'System Call Vectored interrupt, level LEV']],
  ])('%s', (name, lines) => {
    expect(rtl(name)).toEqual(lines)
  })
  test('bc names the bits of BO', () => {
    expect(rtl('bc')[0]).toBe('if (BO[2] | ((CTR - 1 = 0) = BO[3])) & (BO[0] | (CR[BI] = BO[1]))')
    expect(rtl('bc').at(-1)).toBe('CTR ← if BO[2] then CTR else CTR - 1')
  })
  test('rfid names the bits of the MSR', () => {
    const text = rtl('rfid').join(' ')
    expect(text).toContain('(if SRR1[PR] then EE IR DR else 0)')
    expect(text).toContain('if MSR[HV] & SRR1[HV] then HV else 0')
    expect(text).toContain('NIA ← if MSR[SF] then SRR0[0:61] || 0b00 else SRR0[32:61] || 0b00')
  })
})

describe('an extended mnemonic', () => {
  test.each([
    ['li', 'li RT, SI', ['RT ← EXTS(SI)'], 'Extended mnemonic of addi with RA = 0.'],
    ['mr', 'mr RA, RS', ['RA ← (RS)'], 'Extended mnemonic of or with RB = RS.'],
    ['sldi', 'sldi RA, RS, n', ['RA ← ROTL64((RS), n) & MASK(0, 63 - n)'], 'Extended mnemonic of rldicr with sh = n, me = 63 - n.'],
    ['beq', 'beq [c], BD', ['if CR[4 × c + 2] then NIA ← CIA + EXTS(BD || 0b00)'], 'Extended mnemonic of bc with BO = 12, BI = 4 × c + 2.'],
    ['blr', 'blr [BH]', ['NIA ← LR[0:61] || 0b00'], 'Extended mnemonic of bclr with BO = 20, BI = 0.'],
    [
      'bdnz',
      'bdnz BD',
      ['if CTR - 1 ≠ 0 then NIA ← CIA + EXTS(BD || 0b00)', 'CTR ← CTR - 1'],
      'Extended mnemonic of bc with BO = 16, BI = 0.',
    ],
    ['trap', 'trap', ['Program interrupt (trap)'], 'Extended mnemonic of tw with TO = 31, RA = 0, RB = 0.'],
    ['mflr', 'mflr RT', ['RT ← LR'], 'Extended mnemonic of mfspr with SPR = 8.'],
    ['mftb', 'mftb RT', ['RT ← TB'], 'Extended mnemonic of mfspr with SPR = 268.'],
    ['sub', 'sub RT, RB, RA', ['RT ← ¬(RA) + (RB) + 1'], 'Extended mnemonic of subf, with its operands in another order.'],
  ])('%s', (name, syntax, lines, note) => {
    expect(describeMnemonic(name)).toMatchObject({ syntax, rtl: lines, note })
  })
  test('of a special-purpose register is as privileged as the register', () => {
    expect(describeMnemonic('mfsrr0')!.privilege).toBe('privileged')
    expect(describeMnemonic('mfctr')!.privilege).toBe('problem')
    expect(describeMnemonic('mthmer')!.privilege).toBe('hypervisor')
  })
})

test('interrupts come in the order of their priority', () => {
  expect(describeMnemonic('ldarx')!.interrupts).toEqual(['Data Segment', 'Data Storage', 'Alignment'])
  expect(describeMnemonic('mtudscr')!.interrupts).toEqual(['Hypervisor Facility Unavailable', 'Facility Unavailable'])
  expect(describeMnemonic('add')!.interrupts).toEqual([])
})

test('fields stand from the left, with suffix bits and reserved bits', () => {
  expect(describeMnemonic('addo.')!.fields).toEqual([
    { name: 'OPCD', bits: '0:5' },
    { name: 'RT', bits: '6:10' },
    { name: 'RA', bits: '11:15' },
    { name: 'RB', bits: '16:20' },
    { name: 'OE', bits: '21' },
    { name: 'XO', bits: '22:30' },
    { name: 'Rc', bits: '31' },
  ])
  expect(describeMnemonic('rldicl')!.fields).toContainEqual({ name: 'sh', bits: '30, 16:20' })
  expect(describeMnemonic('mfmsr')!.fields).toContainEqual({ name: '///', bits: '11:20' })
})

test('case does not matter, and an unknown name is nothing', () => {
  expect(describeMnemonic('MFMSR')).toBe(describeMnemonic('mfmsr'))
  expect(describeMnemonic('mfmsrr')).toBeNull()
})

test('a word has the values of its fields in its text', () => {
  const ld = describeWord(0xe8630010)!
  expect(ld.rtl).toEqual(['EA ← r3 + 16', 'r3 ← MEM(EA, 8)'])
  expect(ld.fields).toContainEqual({ name: 'DS = 16', bits: '16:29' })
  expect(describeWord(0x7c8903a6)!.rtl).toEqual(['CTR ← r4'])
  expect(describeWord(0x00dddd00)).toBeNull()
})
