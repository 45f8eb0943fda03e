/** guest.s between the editor and the assembler: checking while typing, loading when asked. */
import { create } from 'zustand'
import type { Diagnostic } from '../../emu/worker/protocol.ts'
import { send, useStore } from '../store/store.ts'

interface Assembly {
  diagnostics: Diagnostic[]
  loading: boolean
  /** The text that was last loaded from here or put there by others; the one that lines and breakpoints speak of. */
  loaded: string
}

export const useAssembly = create<Assembly>(() => ({ diagnostics: [], loading: false, loaded: useStore.getState().source.text }))

/** Long enough to finish a word, short enough to be an answer to it. */
const CHECK_AFTER_MS = 300

let timer: ReturnType<typeof setTimeout> | undefined
let own: string | null = null

/** The user typed. */
export function edit(text: string): void {
  own = text
  useStore.setState(s => ({ source: { ...s.source, text, dirty: text !== useAssembly.getState().loaded } }))
  checkSoon()
}

function checkSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(check, CHECK_AFTER_MS)
}

/** Assembles without loading and shows what is wrong. An answer that a later edit overtook is dropped. */
export async function check(): Promise<void> {
  clearTimeout(timer)
  const { name, text } = useStore.getState().source
  const answer = await send('assemble', { name, source: text })
  if (answer && useStore.getState().source.text === text) useAssembly.setState({ diagnostics: answer.diagnostics })
}

/** Assembles and loads guest.s; with errors the last good program stays. True when it was loaded. */
export async function loadSource(): Promise<boolean> {
  if (useAssembly.getState().loading) return false
  clearTimeout(timer)
  const { name, text } = useStore.getState().source
  useAssembly.setState({ loading: true })
  const answer = await send('loadSource', { name, source: text })
  if (!answer) {
    useAssembly.setState({ loading: false })
    return false
  }
  const good = !answer.diagnostics.some(d => d.severity === 'error')
  useAssembly.setState(a => ({ loading: false, diagnostics: answer.diagnostics, loaded: good ? text : a.loaded }))
  if (good) useStore.setState(s => ({ problem: null, source: { ...s.source, dirty: s.source.text !== text } }))
  return good
}

/** Text that others put there (a lesson, New, Open): a clean one is what the worker was given, a dirty one is checked. */
useStore.subscribe((now, before) => {
  const { text, dirty } = now.source
  if (text === before.source.text && dirty === before.source.dirty) return
  if (!dirty) useAssembly.setState({ loaded: text })
  if (text === before.source.text || text === own) return
  own = null
  useAssembly.setState({ diagnostics: [] })
  if (dirty) checkSoon()
})
