import { expect, test } from 'vitest'
import { policyTable, tryPolicy } from '../../emu/worker/policy-view.ts'
import { draftFrom, draftOf, draftText, linkedText, linkFragment } from './draft.ts'

const table = policyTable([])
const preset = (id: string) => table.policies.find(p => p.id === id)!

test('a change of a preset has a name and an id of its own, and the worker reads it', () => {
  const draft = draftOf(preset('rfc-v2'))
  expect(draft.name).toBe('My RFC v2')
  expect(tryPolicy(draftText({ ...draft, choices: { ...draft.choices, saveRegisters: 'restored' } })).problems).toEqual([])
  expect(draftFrom(draftText(draft), table)).toEqual(draft)
})

test('rows that a file leaves out come from its preset', () => {
  const json = JSON.stringify({ name: 'x', basedOn: 'transparent', choices: { reservation: 'lost' } })
  expect(draftFrom(json, table).choices).toEqual({ ...preset('transparent').choices, reservation: 'lost' })
})

test('a link gives back what was put in, whatever the letters', () => {
  const draft = { ...draftOf(preset('transparent')), name: 'Zwölf >>>??? ✓' }
  const linked = linkedText(linkFragment(draft))
  expect(linkFragment(draft)).toMatch(/^#policy=[\w-]*-[\w-]*_[\w-]*$/)
  expect(linked).not.toBe('broken')
  expect(draftFrom((linked as { json: string }).json, table)).toEqual(draft)
})

test.each([['#isa/addi', null], ['', null], ['#policy=', 'broken'], ['#policy=%%%', 'broken'], ['#policy=bm9wZQ', 'broken']])('link %s', (fragment, read) => {
  expect(linkedText(fragment)).toBe(read)
}) // biome-ignore format: a table
