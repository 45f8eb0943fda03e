/** Policies for the page: the rows of choices, the presets and the user's own, each with its listing. */
import { choiceNames, choiceRows } from '../hypervisor/choices.ts'
import { listingOf } from '../hypervisor/listing.ts'
import { channels, type Policy, policies } from '../hypervisor/policy.ts'
import { readPolicy } from '../hypervisor/policy-file.ts'
import { threadNotes } from '../hypervisor/thread-notes.ts'
import type { Commands, PolicyTable, PolicyView } from './protocol.ts'

const viewOf = (policy: Policy, own: boolean): PolicyView => ({
  ...policy,
  choices: { ...policy.choices },
  own,
  listing: listingOf(policy).map(l => ({ ...l })),
})

export const policyTable = (own: readonly Policy[]): PolicyTable => ({
  rows: choiceNames.map(name => ({
    name,
    title: choiceRows[name].title,
    thread: threadNotes[name],
    options: Object.entries(choiceRows[name].options).map(([id, says]) => ({ id, says })),
  })),
  channels: Object.entries(channels).map(([number, name]) => ({ number: Number(number), name })),
  policies: [...policies.map(p => viewOf(p, false)), ...own.map(p => viewOf(p, true))],
})

/** A policy that is not whole, or contradicts itself, has no listing. */
export function tryPolicy(json: string): Commands['tryPolicy']['body'] {
  const { policy, problems } = readPolicy(json)
  if (policy) return { listing: listingOf(policy).map(l => ({ ...l })), problems: [] }
  return { listing: [], problems: [...problems] }
}
