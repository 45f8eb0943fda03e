/** Policies as files: what is read, and what is refused with its reason. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contradictionsOf } from './choices.ts'
import { policies } from './policy.ts'
import { policyText, readPolicy } from './policy-file.ts'

const problems = (value: unknown): string => (readPolicy(JSON.stringify(value)).problems ?? []).map(p => p.text).join('\n')

test.each(policies.map(p => [p.name, p] as const))('%s goes together, and comes back from its text', (_name, policy) => {
  expect(contradictionsOf(policy.choices)).toEqual([])
  expect(readPolicy(policyText(policy)).policy).toMatchObject({ name: policy.name, choices: policy.choices })
})

test('rows that are left out come from the preset it is based on', () => {
  const { policy } = readPolicy(JSON.stringify({ name: 'Mine', basedOn: 'transparent', choices: { mfmsr: 'executed' } }))
  expect(policy).toMatchObject({ id: 'own-mine', claimsTransparency: false, choices: { ...policies[2]!.choices, mfmsr: 'executed' } })
})

/** Files of each form that was ever written; the first said no version. */
const fixtures = new URL('../../../test/fixtures/policies/', import.meta.url)
test.each(readdirSync(fixtures))('%s is still read', file => {
  const { policy } = readPolicy(readFileSync(new URL(file, fixtures), 'utf8'))
  expect(policy).toMatchObject({ name: 'My RFC v2', choices: { ...policies[0]!.choices, mfmsr: 'executed' } })
})

describe('refused', () => {
  test.each([
    ['no object', [], 'A policy is an object'],
    ['an unknown choice', { name: 'x', basedOn: 'rfc-v2', choices: { colour: 'red' } }, 'There is no choice "colour".'],
    [
      'an unknown answer',
      { name: 'x', basedOn: 'rfc-v2', choices: { mfmsr: 'guess' } },
      '"mfmsr" cannot be "guess". It is one of "clear SE',
    ],
    ['a missing row', { name: 'x', choices: {} }, 'The choice "capability" is missing.'],
    ['an unknown base', { name: 'x', basedOn: 'rfc-v9', choices: {} }, '"basedOn" must be one of "rfc-v2"'],
    ['an unknown key', { name: 'x', basedOn: 'tcg', choice: 1, choices: {} }, '"choice" is not known.'],
    ['the id of a preset', { name: 'x', id: 'tcg', basedOn: 'rfc-v2', choices: {} }, 'is that of a preset'],
    ['choices that contradict each other', { name: 'x', basedOn: 'rfc-v2', choices: { vectors: 'all reachable' } }, 'do not go together'],
  ])('%s', (_what, value, text) => expect(problems(value)).toContain(text))

  test.each([
    ['a later form', 2, 'It was made by a later Twostep (form 2; this one reads up to 1).'],
    ['a form that is none', 'x', '"version" must be a number.'],
  ])('%s', (_what, version, text) => expect(problems({ version, name: 'x', basedOn: 'tcg', choices: {} })).toContain(text))

  test('what is no JSON', () => expect(readPolicy('{').problems![0]!.text).toMatch(/^This is not JSON/))

  test('all problems at once', () => {
    expect(readPolicy(JSON.stringify({ name: '', basedOn: 'tcg', choices: { mfmsr: 1, foo: 2 } })).problems).toHaveLength(3)
  })
})
