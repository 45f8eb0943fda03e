import { expect, test } from 'vitest'
import { addressOfLesson } from './address.ts'

const page = 'https://school.example/twostep/index.html'

test.each([
  ['', null],
  ['#policy=x', null],
  ['#lesson=', null],
  ['#lesson=the-race', { address: 'the-race' }],
  ['#lesson=lessons/own.md', { address: 'https://school.example/twostep/lessons/own.md' }],
  ['#lesson=%2Fown%20one.md', { address: 'https://school.example/own%20one.md' }],
  ['#lesson=https://school.example/x.md', { address: 'https://school.example/x.md' }],
])('%s', (hash, expected) => {
  expect(addressOfLesson(hash, page)).toEqual(expected)
})

test.each([
  'https://example.org/x.md',
  '//example.org/x.md',
  'http://school.example/x.md',
  'javascript:alert(1)',
  'data:text/plain,x',
  'file:///etc/passwd',
])('%s is not fetched', address => {
  expect(addressOfLesson(`#lesson=${address}`, page)).toEqual({ problem: expect.stringContaining('Save the file') })
})

test('a link that was cut off says so', () => {
  expect(addressOfLesson('#lesson=%E0%A4%A', page)).toEqual({ problem: expect.stringContaining('cut off') })
})
