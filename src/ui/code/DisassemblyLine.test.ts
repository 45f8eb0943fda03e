import { expect, test } from 'vitest'
import { linesOf, splitLabel, splitText } from './DisassemblyLine.tsx'

test('mnemonics line their operands up; long ones push', () => {
  expect(splitText('li r3,0')).toEqual({ mnemonic: 'li     ', operands: 'r3, 0' })
  expect(splitText('addi\tr3, r3,1')).toEqual({ mnemonic: 'addi   ', operands: 'r3, r3, 1' })
  expect(splitText('bne cr1,0x10008 <probe+0x4>').operands).toBe('cr1, probe+0x4')
  expect(splitText('mtspr_long r1')).toEqual({ mnemonic: 'mtspr_long ', operands: 'r1' })
  expect(splitText('rfid')).toEqual({ mnemonic: 'rfid', operands: '' })
})

test('a label and its note', () => {
  expect(splitLabel('probe')).toEqual({ name: 'probe', note: '' })
  expect(splitLabel('trace vector (0xd00, AIL 3)')).toEqual({ name: 'trace vector', note: '0xd00, AIL 3' })
})

test('a row has a line for its label, one for the source line that begins there, and one for what the controller hides', () => {
  const row = { address: 0n, bytes: null, text: '', label: null, planted: null, line: null, source: null }
  expect(linesOf(undefined)).toBe(1)
  expect(linesOf(row)).toBe(1)
  expect(linesOf({ ...row, source: { file: 0, line: 3, name: 'a.c', text: null } })).toBe(2)
  expect(linesOf({ ...row, label: 'probe', planted: { bytes: new Uint8Array(4), text: 'nop' } })).toBe(3)
})
