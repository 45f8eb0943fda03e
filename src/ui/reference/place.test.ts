import { expect, test } from 'vitest'
import { fragmentOf, placeOf } from './place.ts'

test('fragments that are places of the reference, and those that are not', () => {
  expect(placeOf('#isa')).toBe('')
  expect(placeOf('#isa/addi')).toBe('addi')
  expect(placeOf('#isa/%')).toBe('')
  for (const other of ['', '#main', '#isabel']) expect(placeOf(other)).toBeNull()
})

test('a name comes back from its fragment', () => {
  for (const name of ['', 'stwcx.', 'bdnz+', 'beq-', '0x38600001']) expect(placeOf(fragmentOf(name))).toBe(name)
})
