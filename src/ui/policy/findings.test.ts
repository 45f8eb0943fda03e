import { readFileSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { matrixMessages } from '../../emu/worker/matrix.ts'
import { policyTable } from '../../emu/worker/policy-view.ts'
import type { CellView } from '../../emu/worker/protocol.ts'
import { draftOf } from './draft.ts'
import { difference, type Findings, foundOf, heard, passing, useFindings } from './findings.ts'

const source = (name: string) => readFileSync(new URL(`../../../public/programs/probes/${name}.s`, import.meta.url), 'utf8')
const names = ['01-mfmsr', '01b-mfmsr-own-se', '03-save-registers']
const sources = Object.fromEntries(names.map(n => [n, source(n)]))
const rfc = draftOf(policyTable([]).policies.find(p => p.id === 'rfc-v2')!)
const none: Findings = { of: null, cells: new Map(), busy: true, problem: null, before: null }

/** As `look` does, without a worker. */
function lookedAt(state: Findings, choices: Findings['of']): Findings {
  const found = new Map<number, CellView>()
  const policies = [{ ...rfc, id: 'own-my-rfc-v2', choices: { ...rfc.choices, ...choices } }]
  let now: Findings = { ...state, busy: true }
  for (const m of matrixMessages(sources, { policies, setting: 'deliver' })) now = { ...now, ...heard(now, found, m) }
  return now
}

beforeEach(() => useFindings.setState(none))

test('a channel passes when all of its probes do, and what changed is told', () => {
  const first = lookedAt(none, {})
  expect([[...passing(first.cells)], first.before, first.busy]).toEqual([[], null, false])
  const then = lookedAt(first, { saveRegisters: 'restored' })
  expect([...passing(then.cells)]).toEqual([3])
  expect(difference(passing(then.cells), then.before)).toBe(' Now 3 passes.')
  const back = lookedAt(then, {})
  expect(difference(passing(back.cells), back.before)).toBe(' 3 no longer does.')
  expect(difference(passing(back.cells), new Set())).toBe(' The last change made no difference.')
  expect(difference(new Set([1, 2, 3]), new Set([4, 5]))).toBe(' Now 1, 2 and 3 pass. 4 and 5 no longer do.')
  expect(difference(new Set([1]), null)).toBe('')
})

test('nothing is shown of a run that did not end, and a failure is told', () => {
  const found = new Map<number, CellView>()
  const [begin, cell] = [...matrixMessages(sources, { policies: [{ ...rfc, id: 'own-x' }], setting: 'deliver' })]
  expect(heard(none, found, begin!)).toEqual({})
  expect(heard(none, found, cell!)).toEqual({})
  expect(heard(none, found, { type: 'failed', message: 'x.' })).toEqual({ busy: false, problem: 'The probes stopped: x.' })
})

test('what is saved takes along what was found of the same choices alone, under its name', () => {
  const { cells } = lookedAt(none, { saveRegisters: 'restored' })
  const repaired = { ...rfc, name: 'Repaired', choices: { ...rfc.choices, saveRegisters: 'restored' } }
  useFindings.setState({ ...none, of: repaired.choices, cells, busy: false })
  expect(foundOf(repaired)!.map(c => [c.policy, c.channel, c.verdict])).toEqual([
    ['own-repaired', 1, 'leak'],
    ['own-repaired', 3, 'pass'],
  ])
  expect(foundOf(rfc)).toBeNull()
  useFindings.setState({ busy: true })
  expect(foundOf(repaired)).toBeNull()
})
