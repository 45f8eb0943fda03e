import { expect, test } from 'vitest'
import { documentOf } from '../../../emu/isa/document.ts'
import type { StateView } from '../../../emu/worker/protocol.ts'
import { type HoverContext, hoverText } from './hoverText.ts'

const context: HoverContext = {
  describe: documentOf,
  state: {
    registers: { r5: 0x10n, SRR1: 0x400n, MSR: 0x8000_0000_0280_3433n },
    guest: { MSR: 0x8000_0000_0280_3033n },
    hints: { r5: 'probe' },
  } as unknown as StateView,
  symbols: [{ name: 'probe', address: 0x108n }],
}
const operand = (word: string) => hoverText(word, 'operand', context)

test('an instruction: syntax, form and privilege, transfers, fields', () => {
  const text = hoverText('mfmsr', 'mnemonic', context)!
  expect(text[0]).toBe('**mfmsr RT**  \nX form, privileged')
  expect(text.join('\n')).toContain('RT ← MSR')
  expect(text.join('\n')).toContain('RT `6:10`')
  expect(hoverText('mfmsrr', 'mnemonic', context)).toBeNull()
})

test('an extended mnemonic says of what, and each whether it is executed', () => {
  expect(hoverText('li', 'mnemonic', context)![0]).toContain('Extended mnemonic of addi')
  expect(hoverText('li', 'mnemonic', context)![1]).toBe('Executed\\.')
  expect(hoverText('fadd', 'mnemonic', context)![1]).toMatch(/^Not executed: the facility check is exact/)
  expect(hoverText('pld', 'mnemonic', context)![1]).toMatch(/^Refused/)
})

test('characters with a meaning in Markdown stay what they are', () => {
  expect(hoverText('stwcx.', 'mnemonic', context)![0]).toMatch(/^\*\*stwcx\\\./)
})

test('a register with its value and what it points at', () => {
  expect(operand('%r5')).toEqual(['**r5**, general purpose register 5', 'Now: `0x10` probe'])
  expect(operand('r32')).toBeNull()
})

test('a special-purpose register with its number, rights and value', () => {
  const text = operand('SRR1')!
  expect(text[0]).toBe('**SRR1**, SPR 27, 64 bits')
  expect(text).toContain('Read: privileged state. Write: privileged state.')
  expect(text.at(-1)).toBe('Now: `0x400`')
})

test('an MSR bit, in the processor and for the guest where they differ', () => {
  expect(operand('SE')![0]).toBe('**SE**, MSR bit 53, mask `0x400`')
  expect(operand('MSR_SE')!.at(-1)).toBe('Now: 1 in the processor, 0 for the guest')
  expect(operand('IR')!.at(-1)).toBe('Now: 1')
})

test('a label goes before anything of the same name', () => {
  expect(operand('probe@l')).toEqual(['**probe**, label at `0x108`'])
  expect(operand('nothing')).toBeNull()
})
