import { Random } from '../oracle/random.ts'
import { planted } from './planted.ts'
import type { Target } from './target.ts'
import { targets } from './targets.ts'

/** By name, with the faults on purpose. */
export function targetNamed(name: string): Target {
  const found = [...targets.map(t => t.target), ...planted].find(t => t.name === name)
  if (!found) throw new Error(`no target "${name}". Known: ${targets.map(t => t.target.name).join(', ')}`)
  return found
}

/** The same number of the same target and seed is the same input. */
export const inputOf = (t: Target, seed: number, number: number): unknown => t.make(new Random(seed, `${t.name} ${number}`))
