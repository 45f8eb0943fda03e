/** What SPRs looks at, kept while other tabs are shown. */
import { create } from 'zustand'
import { sprStates } from '../../../emu/isa/sprs.ts'
import { useStore } from '../../store/store.ts'

export const useSprs = create<{ search: string; chosen: string }>(() => ({ search: '', chosen: 'LPCR' }))

/** The register of that name in any case; null where no number reaches one. */
export const sprNamed = (name: string): string | null => sprStates.find(s => s.toLowerCase() === name.trim().toLowerCase()) ?? null

export function showSpr(name: string): void {
  useSprs.setState({ search: name, chosen: name })
  useStore.setState({ dockTab: 'sprs' })
}
