import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeOf } from './place.ts'
import { readMessage } from './protocol.ts'
import { passedTasks } from './state.ts'

const control = (fields: object) => {
  const read = readMessage({ twostep: 1, ...fields })
  return read.kind === 'control' ? read.control : read
}
const problem = (fields: object) => {
  const read = readMessage({ twostep: 1, ...fields })
  return read.kind === 'malformed' ? read.message : read.kind
}

describe('what the page around says', () => {
  test.each([
    [
      { command: 'load', source: '_start: nop' },
      { command: 'load', name: 'guest.s', source: '_start: nop', replace: false },
    ],
    [
      { command: 'load', name: 'a.s', source: 'nop', replace: true },
      { command: 'load', name: 'a.s', source: 'nop', replace: true },
    ],
    [
      { command: 'lesson', lesson: 'the-race' },
      { command: 'lesson', lesson: 'the-race', text: null, replace: false },
    ],
    [
      { command: 'lesson', text: '---' },
      { command: 'lesson', lesson: null, text: '---', replace: false },
    ],
    [
      { command: 'policy', policy: 'rfc-v2' },
      { command: 'policy', policy: 'rfc-v2' },
    ],
    [
      { command: 'step', actor: 'outside' },
      { command: 'step', actor: 'outside' },
    ],
    [
      { command: 'back', actor: 'hypervisor' },
      { command: 'back', actor: 'hypervisor' },
    ],
    [{ command: 'run' }, { command: 'run', actor: 'machine' }],
    [{ command: 'pause' }, { command: 'pause' }],
    [{ command: 'state' }, { command: 'state', registers: null }],
    [
      { command: 'state', registers: ['r3', 'MSR'] },
      { command: 'state', registers: ['r3', 'MSR'] },
    ],
  ])('%o', (fields, wanted) => {
    expect(control(fields)).toEqual(wanted)
  })

  test.each([
    [{}, 'command must be one of load, lesson'],
    [{ command: 'fly' }, 'command must be one of'],
    [{ command: 'constructor' }, 'command must be one of'],
    [{ command: '__proto__' }, 'command must be one of'],
    [{ command: 'load' }, 'source must be a text'],
    [{ command: 'load', source: 7 }, 'source must be a text'],
    [{ command: 'load', source: 'x'.repeat((4 << 20) + 1) }, 'at most are taken'],
    [{ command: 'load', source: 'nop', replace: 1 }, 'replace must be true or false'],
    [{ command: 'lesson' }, 'give lesson'],
    [{ command: 'lesson', lesson: 'a', text: 'b' }, 'give lesson'],
    [{ command: 'step', actor: 'gdb' }, 'actor must be one of machine, outside, inside, hypervisor'],
    [{ command: 'pause', actor: 'outside' }, 'pause knows no actor'],
    [{ command: 'state', registers: 'r3' }, 'registers must be a list'],
    [{ command: 'state', registers: [3] }, 'registers must be a list'],
    [{ command: 'pause', id: {} }, 'id must be'],
  ])('%o is not understood', (fields, wanted) => {
    expect(problem(fields)).toContain(wanted)
    expect(problem(fields)).toContain('Nothing was changed.')
  })

  test('of another version is answered with the version that is spoken', () => {
    expect(readMessage({ twostep: 2, id: 'a', command: 'pause' })).toMatchObject({ kind: 'malformed', id: 'a' })
    expect(problem({ twostep: '1', command: 'pause' })).toContain('twostep: 1')
  })

  test('is answered with its id, also where it is not understood', () => {
    expect(readMessage({ twostep: 1, id: 7, command: 'pause' })).toMatchObject({ kind: 'control', id: 7 })
    expect(readMessage({ twostep: 1, id: 'x', command: 'fly' })).toMatchObject({ kind: 'malformed', id: 'x' })
  })

  test('and what others say is not ours', () => {
    for (const data of [
      null,
      undefined,
      'twostep',
      1,
      [],
      ['twostep'],
      {},
      { source: 'devtools' },
      Object.create({ twostep: 1, command: 'pause' }),
    ])
      expect(readMessage(data)).toEqual({ kind: 'foreign' })
  })

  test('never throws, and changes no prototype', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.oneof(fc.string(), fc.constantFrom('command', 'actor', '__proto__', 'id', 'source')) }), fields => {
        readMessage({ twostep: 1, ...fields })
        readMessage(JSON.parse(`{"twostep":1,"__proto__":{"polluted":1},"command":${JSON.stringify(fields.command ?? 'step')}}`))
        expect(({} as Record<string, unknown>).polluted).toBeUndefined()
      }),
    )
  })
})

describe('?embed', () => {
  test.each([
    ['', { embedded: false, host: null, problem: null }],
    ['?embed', { embedded: true, host: null, problem: null }],
    ['?embed=https://teacher.example', { embedded: true, host: 'https://teacher.example', problem: null }],
    ['?embed=https://teacher.example/', { embedded: true, host: 'https://teacher.example', problem: null }],
    ['?embed=http%3A%2F%2Flocalhost%3A8000', { embedded: true, host: 'http://localhost:8000', problem: null }],
  ])('%s', (query, wanted) => {
    expect(placeOf(query)).toEqual(wanted)
  })

  test.each([
    '*',
    'null',
    'teacher.example',
    'javascript:alert(1)',
    'file:///etc',
    'https://teacher.example/page',
    'https://a@b.example',
    '//a',
  ])('%s is no origin', stated => {
    const { embedded, host, problem } = placeOf(`?embed=${encodeURIComponent(stated)}`)
    expect([embedded, host]).toEqual([true, null])
    expect(problem).toContain('must be an origin')
  })
})

test('tasks that were passed are told once, of the same lesson alone', () => {
  const at = (id: string, ...done: string[]) => ({ id, task: 0, answers: {}, handed: {}, done })
  expect(passedTasks(at('a', 'task-0'), at('a', 'task-0', 'task-2'))).toEqual([3])
  expect(passedTasks(at('a', 'task-0'), at('a', 'task-0'))).toEqual([])
  expect(passedTasks(at('a'), at('b', 'task-0'))).toEqual([])
  expect(passedTasks(null, at('b', 'task-0'))).toEqual([])
})
