/** What Memory looks at, kept while other tabs are shown: the space, the byte under the cursor, what is searched for. */
import { create } from 'zustand'
import type { Space } from '../../../emu/worker/protocol.ts'
import type { PatternKind } from './pattern.ts'

export const spaces: readonly { space: Space; name: string; says: string }[] = [
  { space: 'effective', name: 'Effective', says: 'As the vCPU shown would load it now: by MSR[DR], PR and its tables.' },
  { space: 'guest real', name: 'Guest real', says: 'The storage of the partition, from 0 up to the end of RAM.' },
  { space: 'host real', name: 'Host real', says: 'The storage of the machine. The partition has all of it, one to one.' },
]

export interface Match {
  readonly space: Space
  readonly from: bigint
  readonly bytes: number
}

interface Place {
  space: Space
  /** The byte under the cursor; null until somebody chose one. */
  active: bigint | null
  /** Where effective was left. */
  effective: bigint | null
  search: { open: boolean; kind: PatternKind; text: string }
  translation: boolean
  match: Match | null
}

export const useMemoryPlace = create<Place>(() => ({
  space: 'effective',
  active: null,
  effective: null,
  search: { open: false, kind: 'bytes', text: '' },
  translation: false,
  match: null,
}))

export const setSearch = (change: Partial<Place['search']>): void => useMemoryPlace.setState(s => ({ search: { ...s.search, ...change } }))
