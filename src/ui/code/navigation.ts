/** Where the code panels should look: asked for by other panels, answered by the one that shows it. */
import { create } from 'zustand'
import type { EffectiveAddress } from '../../emu/isa/units.ts'
import type { Space } from '../../emu/worker/protocol.ts'
import { useStore } from '../store/store.ts'

interface Navigation {
  /** A new object for each request, so that the same place can be asked for twice. */
  address: { value: EffectiveAddress } | null
  line: { value: number } | null
  memory: { value: bigint; space: Space } | null
  /** Disassembly goes where NIP goes, until somebody asks for another place. */
  follow: boolean
}

export const useNavigation = create<Navigation>(() => ({ address: null, line: null, memory: null, follow: true }))

export function showInDisassembly(value: EffectiveAddress): void {
  useNavigation.setState({ address: { value }, follow: false })
  useStore.setState({ codeTab: 'disassembly' })
}

export function showInSource(value: number): void {
  useNavigation.setState({ line: { value } })
  useStore.setState({ codeTab: 'source' })
}

export function showInMemory(value: bigint, space: Space = 'effective'): void {
  useNavigation.setState({ memory: { value, space } })
  useStore.setState({ dockTab: 'memory' })
}

export const followNip = (): void => useNavigation.setState({ follow: true })
