/** What the messages of the second worker make of the matrix. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { matrixMessages } from '../../../emu/worker/matrix.ts'
import { policyTable } from '../../../emu/worker/policy-view.ts'
import type { FromMatrix } from '../../../emu/worker/protocol.ts'
import { cellKey, type Matrix, told } from './matrix.ts'

const source = (name: string) => readFileSync(new URL(`../../../../public/programs/probes/${name}.s`, import.meta.url), 'utf8')
const policies = policyTable([]).policies.filter(p => p.id === 'rfc-v2' || p.id === 'transparent')
const sources = { '01-mfmsr': source('01-mfmsr'), '03-save-registers': source('03-save-registers') }
const empty: Matrix = { setting: 'deliver', cells: {}, running: null, problem: null, table: null, wanted: null }

test('cells fill in as the runs end', () => {
  const messages = [...matrixMessages(sources, { policies, setting: 'deliver' })]
  expect(messages.map(m => m.type)).toEqual(['progress', 'cell', 'cell', 'cell', 'cell', 'done'])
  let state = empty
  const states = messages.map(m => {
    state = { ...state, ...told(state, m) }
    return state
  })
  expect(states.map(s => s.running?.done ?? null)).toEqual([0, 1, 2, 3, 4, null])
  const cell = (policy: string, channel: number) => states.at(-1)!.cells[cellKey('deliver', policy, channel)]
  expect(cell('rfc-v2', 3)).toMatchObject({ verdict: 'leak', program: '03-save-registers' })
  expect(cell('transparent', 3)).toMatchObject({ verdict: 'pass' })
  expect(cell('rfc-v2', 2)).toBeUndefined()
})

test('a cell is complete when all probes of its channel were run', () => {
  const two = { ...sources, '01b-mfmsr-own-se': source('01b-mfmsr-own-se') }
  const cells = [...matrixMessages(two, { policies: policies.slice(0, 1), setting: 'deliver' })].flatMap(m =>
    m.type === 'cell' ? [m.cell] : [],
  )
  expect(cells.map(c => [c.channel, c.complete, c.verdict])).toEqual([
    [1, false, 'pass'],
    [1, true, 'leak'],
    [3, true, 'leak'],
  ])
})

test('a failure says so, and keeps what was found', () => {
  const found: FromMatrix = { type: 'failed', message: 'x.' }
  const state = { ...empty, running: { done: 1, total: 2 } }
  expect(told(state, found)).toEqual({ running: null, problem: 'The checks stopped: x. What was found before stays.' })
})

test('a policy that contradicts itself is refused before anything runs', () => {
  const broken = { ...policies[0]!, id: 'own', choices: { ...policies[0]!.choices, vectors: 'none' } }
  expect(() => [...matrixMessages(sources, { policies: [broken], setting: 'hold' })]).toThrow('do not go together')
})
