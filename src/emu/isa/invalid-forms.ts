/**
 * Operands that the ISA calls an invalid form or reserves, and that POWER9 executes all the same, or takes for illegal. The assembler
 * warns of them, where GNU as refuses; objdump does not name them, where the disassembler does.
 */
import { extractField } from './fields.ts'
import type { Instruction } from './instruction.ts'

interface InvalidForm {
  readonly of: RegExp
  readonly when: (word: number) => boolean
  readonly says: string
}

/** The BO values of Book I, 2.4, figure 40: bits z are 0, and at is not 0b01. */
const DEFINED_BO = [0, 2, 4, 6, 7, 8, 10, 12, 14, 15, 16, 18, 20, 24, 25, 26, 27]

const severalFields = (word: number): boolean => {
  const fxm = extractField('FXM', word)
  return fxm === 0 || (fxm & (fxm - 1)) !== 0
}
const noBase = (word: number): boolean => extractField('RA', word) === 0
/** A register is among `count` from RT on, r0 behind r31. */
const loaded = (word: number, register: number, count: number): boolean => (register - extractField('RT', word) + 32) % 32 < count
const stringRegisters = (word: number): number => Math.ceil(extractField('NB', word) / 4)
const oddPair = (word: number): boolean => extractField('RT', word) % 2 !== 0

// biome-ignore format: columns
const invalidForms: readonly InvalidForm[] = [
  { of: /^(bc|bclr|bcctr|bctar)$/, when: w => !DEFINED_BO.includes(extractField('BO', w)), says: 'BO has bits that the ISA reserves' },
  { of: /^bcctr$/, when: w => (extractField('BO', w) & 4) === 0, says: 'bcctr cannot decrement CTR (Book I, 2.4)' },
  { of: /^(mfocrf|mtocrf)$/, when: severalFields, says: 'FXM does not name exactly one CR field (Book I, 3.3.17)' },
  { of: /^(l\w\w?|ld)ux?$/, when: w => noBase(w) || extractField('RA', w) === extractField('RT', w), says: 'RA is 0 or RT in a load with update (Book I, 3.3.2)' },
  { of: /^st\wux?$/, when: noBase, says: 'RA is 0 in a store with update (Book I, 3.3.3)' },
  { of: /^lmw$/, when: w => extractField('RA', w) >= extractField('RT', w), says: 'RA is among the registers that are loaded (Book I, 3.3.7)' },
  { of: /^lswi$/, when: w => loaded(w, extractField('RA', w), stringRegisters(w)), says: 'RA is among the registers that are loaded (Book I, 3.3.8)' },
  { of: /^lswx$/, when: w => [extractField('RA', w), extractField('RB', w)].includes(extractField('RT', w)), says: 'RT is RA or RB (Book I, 3.3.8)' },
  { of: /^(lq|stq|lqarx|stqcx\.)$/, when: oddPair, says: 'the pair of registers begins with an odd one (Book I, 3.3.4)' },
  { of: /^lq$/, when: w => extractField('RA', w) === extractField('RT', w), says: 'RA is RT (Book I, 3.3.4)' },
  { of: /^lqarx$/, when: w => [extractField('RA', w), extractField('RB', w)].includes(extractField('RT', w)), says: 'RT is RA or RB (Book II, 4.6.2)' },
  { of: /^dcbf$/, when: w => extractField('L2', w) === 2, says: 'L = 2 is reserved (Book II, 4.3.2)' },
  { of: /^sync$/, when: w => extractField('L2', w) === 3, says: 'L = 3 is reserved (Book II, 4.6.3)' },
  { of: /^wait$/, when: w => extractField('WC', w) !== 0, says: 'WC other than 0 is reserved (Book II, 4.6.4)' },
]

/** What is wrong with the word as a use of the instruction; null where nothing is. */
export const invalidForm = (instruction: Instruction, word: number): string | null =>
  invalidForms.find(f => f.of.test(instruction.base) && f.when(word))?.says ?? null

/** All that is an invalid form or reserved of a row, by its name without suffixes. */
export const invalidFormsOf = (base: string): readonly string[] => invalidForms.filter(f => f.of.test(base)).map(f => f.says)
