import { expect, test } from 'vitest'
import { emphasis } from './emphasis.ts'

test('calls, keywords, MSR bits and comments', () => {
  expect(emphasis('if write32(addr) & SE // why', false)).toEqual([
    { text: 'if', as: 'strong' },
    { text: ' ', as: 'plain' },
    { text: 'write32', as: 'strong' },
    { text: '(addr) & ', as: 'plain' },
    { text: 'SE', as: 'name' },
    { text: ' ', as: 'plain' },
    { text: '// why', as: 'comment' },
  ])
})

test('the procedure that a line opens is a name', () => {
  expect(emphasis('step_outside(vcpu)', true)[0]).toEqual({ text: 'step_outside', as: 'name' })
})

test('nothing is lost', () => {
  for (const text of ['', 'x', 'MSR[SE] = 1 # x', 'a(b(c))'])
    expect(
      emphasis(text, false)
        .map(s => s.text)
        .join(''),
    ).toBe(text)
})
