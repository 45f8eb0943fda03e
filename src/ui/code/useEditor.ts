/** Fetches the editor when the page has painted and the machine is there, and puts it into an element. */
import { type RefObject, useEffect, useState } from 'react'
import { useStore } from '../store/store.ts'
import type { GuestEditor } from './monaco/guestEditor.ts'

export type EditorState = { stage: 'waiting' } | { stage: 'ready'; editor: GuestEditor } | { stage: 'failed'; retry: () => void }

/** Paint and the first view of the machine come before 700 kB of editor. */
const afterPaint = (run: () => void): (() => void) => {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(run, 200)
    return () => clearTimeout(timer)
  }
  const id = requestIdleCallback(run, { timeout: 1500 })
  return () => cancelIdleCallback(id)
}

export function useEditor(host: RefObject<HTMLElement | null>): EditorState {
  const [state, setState] = useState<EditorState>({ stage: 'waiting' })
  const [attempt, setAttempt] = useState(0)
  const wanted = useStore(s => s.view !== null || s.dead !== null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is what starts it again
  useEffect(() => {
    if (!wanted) return
    let editor: GuestEditor | null = null
    let gone = false
    const cancel = afterPaint(() => {
      Promise.all([import('./monaco/guestEditor.ts'), document.fonts.ready]).then(
        ([{ mountEditor }]) => {
          if (gone || !host.current) return
          editor = mountEditor(host.current)
          setState({ stage: 'ready', editor })
        },
        () => gone || setState({ stage: 'failed', retry: () => setAttempt(n => n + 1) }),
      )
    })
    return () => {
      gone = true
      cancel()
      editor?.dispose()
      setState({ stage: 'waiting' })
    }
  }, [wanted, attempt, host])
  return state
}
