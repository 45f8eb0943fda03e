import { expect, test } from 'vitest'
import { deleteOwn, offeredPolicies, readShelf, saveOwn, useShelf } from './shelf.ts'

const draft = (name: string, summary = '') => ({ name, summary, claimsTransparency: false, choices: {} })
const names = () => useShelf.getState().own.map(d => d.name)

test('one of the same name is replaced, and one can be deleted', () => {
  saveOwn(draft('A'))
  saveOwn(draft('B'))
  saveOwn(draft('a', 'newer'))
  expect(names()).toEqual(['B', 'a'])
  deleteOwn('own-b')
  expect(names()).toEqual(['a'])
})

test('a policy that the worker has already is offered once', () => {
  const known = [{ id: 'own-a', name: 'A', summary: '' }]
  expect(offeredPolicies(known, [draft('A'), draft('B')]).map(p => p.id)).toEqual(['own-a', 'own-b'])
})

test.each([
  ['not JSON', '[{"name":', [], false],
  ['no list', '{"name":"A"}', [], false],
  ['one that is no policy', JSON.stringify([draft('A'), { name: 7 }]), ['A'], false],
  ['whole', JSON.stringify([draft('A')]), ['A'], true],
])('what the browser kept, %s: the rest is read, and that it is not whole is known', (_, text, read, whole) => {
  expect(readShelf(text)).toEqual({ own: read.map(n => draft(n)), whole })
})
