/** The scenario that is open. */
import { create } from 'zustand'
import type { Script } from '../../emu/script/script.ts'
import { useStore } from '../store/store.ts'

export interface Scenario {
  readonly name: string
  readonly script: Script
  /** Lines that were carried out. */
  readonly done: number
  readonly playing: boolean
  /** Why the next line could not be carried out. */
  readonly problem: string | null
}

/** The scenario shown; null without one. */
export const useScenario = create<{ scenario: Scenario | null }>(() => ({ scenario: null }))

/** Another program, or a lesson, takes its place. */
useStore.subscribe((now, before) => {
  const { scenario } = useScenario.getState()
  if (!scenario || scenario.playing || now.view?.generation === before.view?.generation) return
  if (now.view?.program?.name !== before.view?.program?.name) closeScenario()
})

export const closeScenario = (): void => useScenario.setState({ scenario: null })
