/** Whether single letters, digits and marks are commands: some people's tools send them by accident (WCAG 2.1.4). */
import { create } from 'zustand'
import { recall, remember } from './remembered.ts'

const KEY = 'letters'

export const useLetters = create<{ on: boolean }>(() => ({ on: recall(KEY) !== 'off' }))

export function setLetters(on: boolean): void {
  useLetters.setState({ on })
  remember(KEY, on ? 'on' : 'off')
}
