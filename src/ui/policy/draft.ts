/** A policy while it is being edited: plain data, and how it is written for the worker, a file and a link. */
import { create } from 'zustand'
import { ownPolicyId, POLICY_VERSION } from '../../emu/hypervisor/policy-id.ts'
import type { PolicyTable, PolicyView } from '../../emu/worker/protocol.ts'

export interface Draft {
  readonly name: string
  readonly summary: string
  readonly claimsTransparency: boolean
  readonly choices: Readonly<Record<string, string>>
}

interface Editing {
  draft: Draft | null
  /** Id of the policy on the left. */
  against: string
  /** The saved policy that the draft was begun with; null for a new one. */
  saved: string | null
  /** JSON of a link or file that the editor has yet to read. */
  offered: string | null
}

/** Outlives the dialog: closing it loses nothing. */
export const useEditing = create<Editing>(() => ({ draft: null, against: '', saved: null, offered: null }))

/** Presets keep their names: a change of one is another policy. */
export function draftOf({ name, summary, claimsTransparency, choices, own }: Omit<PolicyView, 'id' | 'listing'>): Draft {
  if (own) return { name, summary, claimsTransparency, choices }
  return { name: `My ${name}`, summary: `A change of ${name}.`, claimsTransparency: false, choices }
}

export { ownPolicyId as idOf }

const written = ({ name, summary, claimsTransparency, choices }: Draft) => ({
  version: POLICY_VERSION,
  id: ownPolicyId(name),
  name,
  summary,
  claimsTransparency,
  choices,
})

export const draftText = (draft: Draft): string => `${JSON.stringify(written(draft), null, 2)}\n`

/** What the worker has found to be without problems; rows left out come from the preset that `basedOn` names. */
export function draftFrom(json: string, table: PolicyTable): Draft {
  const read = JSON.parse(json) as Partial<Draft> & { basedOn?: string }
  const base = table.policies.find(p => p.id === read.basedOn)
  return {
    name: read.name ?? 'Own policy',
    summary: read.summary ?? (base ? `A change of ${base.name}.` : 'A policy of your own.'),
    claimsTransparency: read.claimsTransparency ?? false,
    choices: { ...base?.choices, ...read.choices },
  }
}

const FRAGMENT = /^#policy=(.*)$/

export function linkFragment(draft: Draft): string {
  const bytes = new TextEncoder().encode(JSON.stringify(written(draft)))
  const base64 = btoa(Array.from(bytes, b => String.fromCharCode(b)).join(''))
  return `#policy=${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

/** The JSON in a link; null where the fragment is no policy's, 'broken' where it cannot be read. */
export function linkedText(fragment: string): { json: string } | 'broken' | null {
  const found = FRAGMENT.exec(fragment)
  if (!found) return null
  try {
    const binary = atob(found[1]!.replaceAll('-', '+').replaceAll('_', '/'))
    const json = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, c => c.charCodeAt(0)))
    JSON.parse(json)
    return { json }
  } catch {
    return 'broken'
  }
}
