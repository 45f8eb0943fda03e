/** Whether the tab shows what log points wrote, or the breakpoints. */
import { create } from 'zustand'

export const useLogShown = create<{ shown: boolean }>(() => ({ shown: false }))
