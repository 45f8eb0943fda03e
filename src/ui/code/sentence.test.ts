import { expect, test } from 'vitest'
import { sentence } from './sentence.ts'

test('a message becomes a sentence, one that is stays', () => {
  expect(sentence('expected a register, found "r99"')).toBe('Expected a register, found "r99".')
  expect(sentence('No symbol "quite".')).toBe('No symbol "quite".')
})
