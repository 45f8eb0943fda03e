/** Source files of the loaded ELF as the code panels hold them: fetched from the worker when looked at, and again when their text came. */
import { useEffect } from 'react'
import { create } from 'zustand'
import type { MachineView, SourceView } from '../../emu/worker/protocol.ts'
import { send, useStore } from '../store/store.ts'
import { fileOfTab, fileTab } from './fileTabs.ts'
import { followable } from './pace.ts'

interface Held {
  /** Of which program and with which texts; others are out of date. */
  program: MachineView['program']
  views: ReadonlyMap<number, SourceView>
}

const useHeld = create<Held>(() => ({ program: null, views: new Map() }))

export function useSourceView(file: number): SourceView | null {
  const program = useStore(s => s.view?.program ?? null)
  const view = useHeld(h => (h.program === program ? h.views.get(file) : undefined))
  useEffect(() => {
    if (view || !program?.files[file]) return
    let gone = false
    send('source', { file }).then(answer => {
      if (!answer || gone) return
      useHeld.setState(h => ({ program, views: new Map([...(h.program === program ? h.views : []), [file, answer]]) }))
    })
    return () => {
      gone = true
    }
  }, [view, program, file])
  return view ?? null
}

/** Who looks at a source file is taken along when NIP goes to another one whose text is here. */
useStore.subscribe((now, before) => {
  const [place, last] = [now.view?.source, before.view?.source]
  if (!now.view || !place || place.file === last?.file || fileOfTab(now.codeTab) === null) return
  if (followable(now.view) && now.view.program?.files[place.file]?.attached) useStore.setState({ codeTab: fileTab(place.file) })
})
