/** The page: top bar, run band, panels, status bar, and a drop target over all of it. */
import { type ComponentType, useEffect, useState } from 'react'
import { fetchPart } from './part.ts'
import { DecodeWhenNeeded } from './reference/DecodeWhenNeeded.tsx'
import { ReferenceWhenNeeded } from './reference/ReferenceWhenNeeded.tsx'
import { RunBand } from './run/RunBand.tsx'
import { useDialogs } from './shell/dialogs.ts'
import { dropFiles } from './shell/files.ts'
import { useKeyboard } from './shell/keyboard.ts'
import { Layout, useWidth } from './shell/Layout.tsx'
import { Notice } from './shell/Notice.tsx'
import { StatusBar } from './shell/StatusBar.tsx'
import { TopBar } from './shell/TopBar.tsx'
import { useStore } from './store/store.ts'
import { WordUnderPointer } from './words/WordsButton.tsx'
import './app.css'

/** A file dragged over the window may be dropped anywhere. */
function useDrop(): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const holdsFile = (e: DragEvent) => e.dataTransfer?.types.includes('Files') ?? false
    const onOver = (e: DragEvent) => {
      if (!holdsFile(e)) return
      e.preventDefault()
      setOver(true)
    }
    const onLeave = (e: DragEvent) => {
      if (e.relatedTarget === null) setOver(false)
    }
    const onDrop = (e: DragEvent) => {
      setOver(false)
      const files = [...(e.dataTransfer?.files ?? [])]
      if (files.length === 0) return
      e.preventDefault()
      dropFiles(files)
    }
    addEventListener('dragover', onOver)
    addEventListener('dragleave', onLeave)
    addEventListener('drop', onDrop)
    return () => {
      removeEventListener('dragover', onOver)
      removeEventListener('dragleave', onLeave)
      removeEventListener('drop', onDrop)
    }
  }, [])
  return over
}

const notFetched = 'The dialog could not be fetched. Nothing was changed. Ask for it again when the connection is back.'

/** Fetched when the first dialog opens: the page is there sooner. */
function DialogsWhenNeeded() {
  const needed = useDialogs(s => s.open !== null || s.question !== null)
  const [Dialogs, setDialogs] = useState<ComponentType | null>(null)
  useEffect(() => {
    if (!needed || Dialogs) return
    fetchPart(() => import('./shell/Dialogs.tsx')).then(
      m => setDialogs(() => m.Dialogs),
      () => {
        useDialogs.setState({ open: null, question: null, typed: '' })
        useStore.setState({ problem: { message: notFetched, action: null } })
      },
    )
  }, [needed, Dialogs])
  return Dialogs && <Dialogs />
}

export function App() {
  useKeyboard()
  const width = useWidth()
  const over = useDrop()
  return (
    <div className={`app ${width}`}>
      <a className="skip" href="#main">
        Skip to the code
      </a>
      <TopBar />
      <RunBand />
      <Layout width={width} />
      <Notice />
      <StatusBar />
      <WordUnderPointer />
      <DialogsWhenNeeded />
      <ReferenceWhenNeeded />
      <DecodeWhenNeeded />
      {over && <div className="drop">Drop an ELF, a .s file, a source file of the program or a lesson</div>}
    </div>
  )
}
