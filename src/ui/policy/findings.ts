/** What the probes find of the policy that is being edited, run anew after each change. */
import { create } from 'zustand'
import type { CellView, FromMatrix } from '../../emu/worker/protocol.ts'
import { startMatrix } from '../dock/leaks/matrix.ts'
import { type Draft, idOf } from './draft.ts'

export interface Findings {
  /** The choices that they are of. */
  readonly of: Draft['choices'] | null
  /** By channel; of the choices before until the new ones are found. */
  readonly cells: ReadonlyMap<number, CellView>
  readonly busy: boolean
  readonly problem: string | null
  /** Channels that passed under the choices before; null where nothing was found before. */
  readonly before: ReadonlySet<number> | null
}

const none: Findings = { of: null, cells: new Map(), busy: false, problem: null, before: null }
export const useFindings = create<Findings>(() => none)

let stop: (() => void) | null = null

export const passing = (cells: Findings['cells']): Set<number> =>
  new Set([...cells.values()].filter(c => c.complete && c.verdict === 'pass').map(c => c.channel))

/** What a message makes of what was found so far; shown when all of it is there. */
export function heard(state: Findings, found: Map<number, CellView>, m: FromMatrix): Partial<Findings> {
  if (m.type === 'failed') return { busy: false, problem: `The probes stopped: ${m.message}` }
  if (m.type === 'cell') found.set(m.cell.channel, m.cell)
  return m.type === 'done' ? { busy: false, cells: found, before: state.cells.size > 0 ? passing(state.cells) : null } : {}
}

/** Nothing is run of choices that were run last. */
export function look({ name, summary, claimsTransparency, choices }: Draft): void {
  const { of } = useFindings.getState()
  if (of && JSON.stringify(of) === JSON.stringify(choices)) return
  leave()
  useFindings.setState({ of: choices, busy: true, problem: null })
  const found = new Map<number, CellView>()
  const policies = [{ id: idOf(name), name, summary: summary || name, claimsTransparency, choices }]
  stop = startMatrix({ policies, setting: 'deliver' }, m => useFindings.setState(s => heard(s, found, m)))
}

/** Where choices contradict each other there is nothing to run. */
export function leave(): void {
  stop?.()
  stop = null
  useFindings.setState({ of: null, busy: false })
}

/** The cells of a policy that was saved under the name with these choices; null while they are not all found. */
export function foundOf({ name, choices }: Draft): CellView[] | null {
  const { of, busy, problem, cells } = useFindings.getState()
  if (busy || problem || !of || JSON.stringify(of) !== JSON.stringify(choices)) return null
  return [...cells.values()].map(c => ({ ...c, policy: idOf(name) }))
}

const named = (numbers: readonly number[]): string =>
  numbers.length > 1 ? `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}` : `${numbers[0]}`

/** What the last change did. */
export function difference(now: ReadonlySet<number>, before: ReadonlySet<number> | null): string {
  if (!before) return ''
  const better = [...now].filter(n => !before.has(n))
  const worse = [...before].filter(n => !now.has(n))
  const parts = [
    better.length > 0 ? ` Now ${named(better)} pass${better.length === 1 ? 'es' : ''}.` : '',
    worse.length > 0 ? ` ${named(worse)} no longer do${worse.length === 1 ? 'es' : ''}.` : '',
  ]
  return parts.join('') || ' The last change made no difference.'
}
