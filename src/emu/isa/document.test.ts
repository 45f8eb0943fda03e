import { describe, expect, test } from 'vitest'
import { boot } from '../../../test/support/guest.ts'
import { mnemonicNames } from '../asm/mnemonics.ts'
import { MSR } from './bitfields.ts'
import { documentOf, documentOfWord, entries, matchingEntries, nearestMnemonics } from './document.ts'
import { facilities, facilityRows } from './facility.ts'
import { instructionNamed, instructions } from './instructions.ts'
import { newerNames } from './levels.ts'

const names = entries().map(e => e.name)

describe('every mnemonic', () => {
  test('that the assembler, the facility table or the later names know is listed, once', () => {
    const known = new Set([...mnemonicNames(), ...facilityRows.map(r => r.name), ...newerNames.keys()])
    expect(new Set(names)).toEqual(known)
    expect(names).toHaveLength(known.size)
  })

  test('has what a document says, and a chapter', () => {
    const wanting = names.filter(name => {
      const d = documentOf(name)!
      const told = d.support === 'executed' ? d.rtl.length > 0 && d.level !== null : d.interrupts.length > 0
      const formed = d.support === 'refused' || (d.form !== '' && d.fields.length > 0)
      return !(told && formed && d.name === name && d.group && d.section && d.supportText && d.syntax.startsWith(name))
    })
    expect(wanting).toEqual([])
  })

  test('has 32 bits, each once, and says what its operands are', () => {
    const wrong = names.filter(name => {
      const d = documentOf(name)!
      if (d.support === 'refused') return d.word.length > 0
      let next = 0
      for (const run of d.word) {
        if (run.first !== next) return true
        next = run.last + 1
      }
      return next !== 32 || d.operands.some(o => !o.means || o.means.includes('undefined'))
    })
    expect(wrong).toEqual([])
  })

  test('names others that have a document too', () => {
    const missing = names.flatMap(name => {
      const d = documentOf(name)!
      return [...d.variants, ...d.extended, ...(d.of ? [d.of] : [])].filter(other => !documentOf(other))
    })
    expect(missing).toEqual([])
  })
})

test('what is executed is, and what stops the machine does, with every facility on', () => {
  const on = Object.values(facilities).reduce((m, f) => m | MSR.mask[f.msr], MSR.mask.SF)
  const { vcpu } = boot('_start: nop')
  const start = vcpu.state.get('NIP')
  const unsupported = (word: number): boolean => {
    vcpu.state.set('MSR', on)
    vcpu.state.set('NIP', start)
    const outcome = vcpu.emulate(word)
    return outcome.kind === 'vmExit' && outcome.reason.kind === 'unsupported'
  }
  const rows = [...instructions, ...facilityRows]
  const wrong = rows.filter(r => unsupported(r.match) !== (documentOf(r.name)!.support === 'stops'))
  expect(wrong.map(r => r.name)).toEqual([])
})

describe('a document', () => {
  test('of an instruction: variants, extended mnemonics, operands', () => {
    const d = documentOf('ADDI')!
    expect(d).toMatchObject({ name: 'addi', form: 'D', support: 'executed', of: null, level: 'power7', group: 'Fixed-point' })
    expect(d.extended).toEqual(['li', 'la', 'subi'])
    expect(d.operands[1]).toEqual({ name: 'RA', means: 'general purpose register; 0 means the value 0, not r0' })
    expect(d.word).toMatchObject([{ name: 'OPCD', value: 14 }, { name: 'RT', value: null }, {}, { name: 'SI', first: 16, last: 31 }])
    expect(documentOf('add')!.variants).toEqual(['add.', 'addo', 'addo.'])
  })
  test('of an extended mnemonic', () => {
    expect(documentOf('sldi')).toMatchObject({ of: 'rldicr', note: 'Extended mnemonic of rldicr with sh = n, me = 63 - n.' })
    expect(documentOf('mftb')).toMatchObject({ of: 'mfspr' })
    expect(documentOf('rlwinm')!.alsoWritten[0]).toMatch(/^rlwinm RA, RS, SH, m\. Extended mnemonic of rlwinm/)
  })
  test('of a floating-point instruction says what happens', () => {
    const d = documentOf('fadd')!
    expect(d.supportText).toContain('MSR[FP] = 1')
    expect(d).toMatchObject({ form: 'A', section: 'Book I, 4.6', variants: ['fadd.'], interrupts: ['Floating-Point Unavailable'] })
    expect(documentOf('lxv')!.facility).toContain('registers 32 to 63')
  })
  test('of an invalid form says so', () => {
    expect(documentOf('lmw')!.invalid[0]).toBe('RA is among the registers that are loaded (Book I, 3.3.7).')
    expect(documentOfWord(0xbbfe0000)!.name).toBe('lmw')
  })
  test('of a word has its values', () => {
    const d = documentOfWord(0x38600001)!
    expect(d.rtl).toEqual(['r3 ← 1'])
    expect(d.operands[0]!.name).toBe('RT = 3')
    expect(documentOfWord(0xfc22182a)!.name).toBe('fadd')
    expect(documentOfWord(0)).toBeNull()
    expect(documentOfWord(instructionNamed('mfmsr')!.match)!.name).toBe('mfmsr')
  })
})

test('search: contained text, the beginning first; the nearest where there is none', () => {
  expect(matchingEntries('msr').map(e => e.name)).toEqual(expect.arrayContaining(['mfmsr', 'mtmsr', 'mtmsrd']))
  expect(matchingEntries('add')[0]!.name).toBe('add')
  expect(nearestMnemonics('mfmsrr')[0]).toBe('mfmsr')
  expect(nearestMnemonics('qqqqqqqqq')).toEqual([])
})
