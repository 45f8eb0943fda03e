/** A policy of the user's as JSON, of a form with a version: read with every problem said at once, and written. */
import { type Choice, type Choices, choiceNames, choiceRows, contradictionsOf } from './choices.ts'
import { type Policy, policies } from './policy.ts'
import { ownPolicyId, POLICY_VERSION } from './policy-id.ts'

export interface Problem {
  readonly text: string
  /** Row of the comparison to which it belongs; null for the file as a whole. */
  readonly choice: Choice | null
}

export type PolicyRead = { readonly policy: Policy; readonly problems: null } | { readonly policy: null; readonly problems: Problem[] }

const quoted = (names: readonly string[]): string => names.map(n => `"${n}"`).join(', ')
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)
const KNOWN = ['version', 'id', 'name', 'summary', 'claimsTransparency', 'basedOn', 'choices']
const LONGEST = 200

function textOf(o: Record<string, unknown>, key: string, otherwise: string, problems: Problem[]): string {
  const v = o[key]
  if (v === undefined) return otherwise
  if (typeof v === 'string' && v.trim() !== '' && v.length <= LONGEST) return v
  problems.push({ text: `"${key}" must be a text of 1 to ${LONGEST} characters.`, choice: null })
  return otherwise
}

/**
 * `{ "name", "basedOn"?, "choices": { … } }`: rows that `choices` leaves out come from the preset that `basedOn` names; without it every
 * row must be there.
 */
export function readPolicy(json: string): PolicyRead {
  let read: unknown
  try {
    read = JSON.parse(json)
  } catch (e) {
    return { policy: null, problems: [{ text: `This is not JSON: ${(e as Error).message}.`, choice: null }] }
  }
  return policyOf(read)
}

export function policyOf(read: unknown): PolicyRead {
  const problems: Problem[] = []
  if (!isObject(read) || !isObject(read.choices))
    return { policy: null, problems: [{ text: 'A policy is an object with "name" and "choices".', choice: null }] }
  const { version = 1 } = read
  if (!Number.isInteger(version) || (version as number) < 1) problems.push({ text: '"version" must be a number.', choice: null })
  else if ((version as number) > POLICY_VERSION) {
    const text = `It was made by a later Twostep (form ${version}; this one reads up to ${POLICY_VERSION}). Reload the page, or use the later one.`
    return { policy: null, problems: [{ text, choice: null }] }
  }
  for (const key of Object.keys(read))
    if (!KNOWN.includes(key)) problems.push({ text: `"${key}" is not known. There are ${quoted(KNOWN)}.`, choice: null })
  const base = read.basedOn === undefined ? null : policies.find(p => p.id === read.basedOn)
  if (base === undefined) problems.push({ text: `"basedOn" must be one of ${quoted(policies.map(p => p.id))}.`, choice: null })
  const { claimsTransparency = false } = read
  if (typeof claimsTransparency !== 'boolean') problems.push({ text: '"claimsTransparency" must be true or false.', choice: null })
  const name = textOf(read, 'name', 'Own policy', problems)
  const choices = choicesOf(read.choices, base?.choices ?? null, problems)
  if (problems.length === 0)
    for (const { rows, says } of contradictionsOf(choices))
      problems.push({
        text: `${rows.map(r => `${choiceRows[r].title}: “${choices[r]}”`).join(' and ')} do not go together: ${says}.`,
        choice: rows[0]!,
      })
  if (problems.length > 0) return { policy: null, problems }
  const policy: Policy = {
    id: textOf(read, 'id', ownPolicyId(name), problems),
    name,
    summary: textOf(read, 'summary', base ? `A change of ${base.name}.` : 'A policy of your own.', problems),
    claimsTransparency: claimsTransparency === true,
    choices,
  }
  if (policies.some(p => p.id === policy.id && JSON.stringify(p.choices) !== JSON.stringify(policy.choices)))
    problems.push({ text: `"id" ${policy.id} is that of a preset, and the choices differ from it. Give it another.`, choice: null })
  return problems.length > 0 ? { policy: null, problems } : { policy, problems: null }
}

function choicesOf(read: Record<string, unknown>, base: Choices | null, problems: Problem[]): Choices {
  const choices: Partial<Record<Choice, string>> = {}
  for (const key of Object.keys(read))
    if (!(choiceNames as readonly string[]).includes(key))
      problems.push({ text: `There is no choice "${key}". There are ${quoted(choiceNames)}.`, choice: null })
  for (const name of choiceNames) {
    const options = Object.keys(choiceRows[name].options)
    const value = Object.hasOwn(read, name) ? read[name] : base?.[name]
    if (value === undefined)
      problems.push({
        text: `The choice "${name}" is missing. It is one of ${quoted(options)}; or name a preset in "basedOn".`,
        choice: name,
      })
    else if (typeof value !== 'string' || !options.includes(value))
      problems.push({ text: `"${name}" cannot be ${JSON.stringify(value)}. It is one of ${quoted(options)}.`, choice: name })
    else choices[name] = value
  }
  return choices as Choices
}

export const policyText = ({ name, summary, claimsTransparency, choices }: Policy): string =>
  `${JSON.stringify({ version: POLICY_VERSION, name, summary, claimsTransparency, choices }, null, 2)}\n`
