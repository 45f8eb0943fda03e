/** Fetches the editor when the page has painted and the machine is there, and puts it into an element. */
import { type RefObject, useEffect, useState } from 'react'
import { useStore } from '../store/store.ts'
import type { SourceFile } from './monaco/fileViewer.ts'

interface Mounted {
  dispose(): void
}
/** Fetches what mounts an editor in an element. */
export type LoadEditor = () => Promise<(host: HTMLElement) => Mounted>

/** guest.s */
export const guestEditor: LoadEditor = async () => (await import('./monaco/guestEditor.ts')).mountEditor
/** A source file of an ELF. */
export const fileViewer =
  (source: SourceFile): LoadEditor =>
  async () => {
    const { mountFile } = await import('./monaco/fileViewer.ts')
    return host => mountFile(host, source)
  }

export type EditorState = { stage: 'waiting' } | { stage: 'ready' } | { stage: 'failed'; retry: () => void }

/** Paint and the first view of the machine come before 700 kB of editor. */
const afterPaint = (run: () => void): (() => void) => {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(run, 200)
    return () => clearTimeout(timer)
  }
  const id = requestIdleCallback(run, { timeout: 1500 })
  return () => cancelIdleCallback(id)
}

/** `load` starts anew when it is another one. */
export function useEditor(host: RefObject<HTMLElement | null>, load: LoadEditor): EditorState {
  const [state, setState] = useState<EditorState>({ stage: 'waiting' })
  const [attempt, setAttempt] = useState(0)
  const wanted = useStore(s => s.view !== null || s.dead !== null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is what starts it again
  useEffect(() => {
    if (!wanted) return
    let editor: Mounted | null = null
    let gone = false
    const cancel = afterPaint(() => {
      Promise.all([load(), document.fonts.ready]).then(
        ([mount]) => {
          if (gone || !host.current) return
          editor = mount(host.current)
          setState({ stage: 'ready' })
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
  }, [wanted, attempt, host, load])
  return state
}
