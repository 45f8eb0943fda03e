import { expect, test } from 'vitest'
import { MSR } from '../../../emu/isa/bitfields.ts'
import { translationMode } from './translation.ts'

test('with data translation on, the quadrant of the address counts', () => {
  expect(translationMode(MSR.mask.IR | MSR.mask.DR, 0xc000_0000_0000_4d00n)).toBe('IR DR on, quadrant 3')
  expect(translationMode(MSR.mask.IR | MSR.mask.DR, 0x1000n)).toBe('IR DR on, quadrant 0')
})

test('with it off, the address is real', () => {
  expect(translationMode(0n, 0xd00n)).toBe('IR DR off, real mode')
  expect(translationMode(MSR.mask.IR, 0xd00n)).toBe('IR on, DR off, real mode')
})
