import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { embedderOf, readControl } from './messages.ts'

describe('a control message', () => {
  test.each([
    [
      { twostep: 1, id: 7, do: 'step', actor: 'outside' },
      { id: 7, do: 'step', actor: 'outside' },
    ],
    [
      { twostep: 1, do: 'load', source: 'nop' },
      { id: null, do: 'load', name: 'guest.s', source: 'nop' },
    ],
    [
      { twostep: 1, id: 'a', do: 'state', extra: 1 },
      { id: 'a', do: 'state' },
    ],
  ])('%j', (message, control) => expect(readControl(message)).toEqual(control))

  test.each([
    [{ twostep: 2, do: 'state' }, /version 1/],
    [{ twostep: 1, do: 'format' }, /"do" is one of/],
    [{ twostep: 1, do: 'constructor' }, /"do" is one of/],
    [{ twostep: 1, do: 'step', actor: 'you' }, /"actor" is one of/],
    [{ twostep: 1, do: 'load', source: '' }, /"source"/],
    [{ twostep: 1, do: 'session', text: 'x'.repeat(5 << 20) }, /up to 4 MiB/],
  ])('%# is refused', (message, problem) => {
    const read = readControl(message)
    expect(read && 'problem' in read ? read.problem : null).toMatch(problem)
  })

  test('what is none of ours is passed over', () => {
    fc.assert(
      fc.property(fc.anything(), data =>
        typeof data === 'object' && data !== null && 'twostep' in data ? true : readControl(data) === null,
      ),
    )
  })
})

test.each([
  ['?embed=https://teacher.example', 'https://teacher.example'],
  ['?embed=https%3A%2F%2Fteacher.example%3A8443%2Fcourse', 'https://teacher.example:8443'],
  ['?embed', null],
  ['?embed=*', null],
  ['?embed=javascript:alert(1)', null],
  ['', null],
])('%s is embedded by %s', (search, origin) => expect(embedderOf(search)).toBe(origin))
