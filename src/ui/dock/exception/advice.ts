/** Whether advice is shown. */
import { create } from 'zustand'
import { recall, remember } from '../../shell/remembered.ts'

const KEY = 'advice'

export const useAdvice = create<{ on: boolean }>(() => ({ on: recall(KEY) !== 'off' }))

export function setAdvice(on: boolean): void {
  useAdvice.setState({ on })
  remember(KEY, on ? 'on' : 'off')
}
