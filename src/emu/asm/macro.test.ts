import { describe, expect, test } from 'vitest'
import { bindArguments, parseRepetition, parseSignature, scrubbed, substituted } from './macro.ts'

const formal = (operands: string) => parseSignature(operands).parameters
const bound = (operands: string, call: string) => {
  const values = bindArguments(formal(operands), call)
  return formal(operands).map(p => values.get(p.name))
}

test.each([
  ['a + b', 'a+b'],
  ['a b', 'a b'],
  ['1 -1', '1-1'],
  ['8 ( r3 )', '8(r3)'],
  ['"a  b"  c', '"a  b" c'],
  ["'a' b", '97b'],
  ['x  \\y', 'x \\y'],
])('before anything else %j is %j', (text, expected) => {
  expect(scrubbed(text)).toBe(expected)
})

describe('a signature', () => {
  test('has parameters with defaults, required ones, and one for all the rest', () => {
    expect(parseSignature('copy from, to:req n=8')).toEqual({
      name: 'copy',
      parameters: [
        { name: 'from', kind: 'optional', value: '' },
        { name: 'to', kind: 'required', value: '' },
        { name: 'n', kind: 'optional', value: '8' },
      ],
    })
    expect(formal('m a="x, y" b:vararg')).toEqual([
      { name: 'a', kind: 'optional', value: 'x, y' },
      { name: 'b', kind: 'rest', value: '' },
    ])
  })

  test.each([
    ['', '.macro expects a name'],
    ['m a:some', 'expected req or vararg after "a:"'],
    ['m a,a', 'the parameter "a" is there twice'],
    ['m a:vararg,b', 'so it is the last parameter'],
    ['m 5', 'expected the name of a parameter, found "5"'],
  ])('%j is refused', (operands, says) => {
    expect(() => parseSignature(operands)).toThrow(says)
  })
})

describe('arguments', () => {
  test.each([
    ['m a b c', 'r3, 8(r4), "x y"', ['r3', '8(r4)', 'x y']],
    ['m a b c', ',,5', ['', '', '5']],
    ['m a b c', 'c=3 a=1', ['1', '', '3']],
    ['m a=7 b', '', ['7', '']],
    ['m a=7 b', 'b=2', ['7', '2']],
    ['m a b:vararg', '1, 2, (3 + 4) 5', ['1', '2,(3+4)5']],
  ])('of %j, called with %j', (signature, call, values) => {
    expect(bound(signature, call)).toEqual(values)
  })

  test.each([
    ['m a', '1,2', 'too many arguments: the macro takes 1'],
    ['m a', 'b=2', 'no parameter "b". The macro has a'],
    ['m a b', 'a=1, 2', 'an argument by its position after one by its name'],
    ['m a:req', '', 'the parameter "a" needs a value'],
  ])('of %j, called with %j, are refused', (signature, call, says) => {
    expect(() => bound(signature, call)).toThrow(says)
  })
})

test('a body has its arguments, its number, and what is no parameter as it was', () => {
  const values = new Map([['a', 'X'], ['ab', 'Y']]) // biome-ignore format: a table
  expect(substituted('\\a \\ab \\abc \\a\\()bc l\\@: "\\n" \\', values, 7)).toBe('X Y \\abc Xbc l7: "\\n" \\')
})

test('a repetition takes its values', () => {
  expect(parseRepetition('r,1,a + b "c d"', false)).toEqual({ name: 'r', values: ['1', 'a+b', 'c d'] })
  expect(parseRepetition('r', false).values).toEqual([''])
  expect(parseRepetition('c,a b', true).values).toEqual(['a', 'b'])
  expect(parseRepetition('c,"a b"', true).values).toEqual(['a', ' ', 'b'])
})
