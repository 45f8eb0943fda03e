import '@fontsource/ibm-plex-mono/latin-400.css'
import '@fontsource/ibm-plex-mono/latin-500.css'
import '@fontsource/ibm-plex-mono/latin-600.css'
import '@fontsource/ibm-plex-sans/latin-400.css'
import '@fontsource/ibm-plex-sans/latin-500.css'
import '@fontsource/ibm-plex-sans/latin-600.css'
import '@fontsource/ibm-plex-sans-condensed/latin-400.css'
import '@fontsource/ibm-plex-sans-condensed/latin-500.css'
import '@fontsource/ibm-plex-sans-condensed/latin-600.css'
import './tokens.css'
import './base.css'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { beEmbedded } from './embed/embed.ts'
import { keepAnew, resume } from './keep/kept.ts'
import { openLinkedSession } from './keep/link.ts'
import { lessons } from './lesson/lessons.ts'
import { openLesson, openLinkedLesson } from './lesson/open.ts'
import { openLinkedPolicy } from './policy/link.ts'
import { shelve } from './policy/shelf.ts'
import { keepOffline } from './shell/offline.ts'
import { applyStoredTheme } from './shell/theme.ts'
import { connect, useStore } from './store/store.ts'

applyStoredTheme()
connect()
const embedded = beEmbedded()
createRoot(document.getElementById('root')!).render(<App />)
void shelve()
void begin()
openLinkedPolicy()
if (import.meta.env.PROD && !embedded) keepOffline()
addEventListener('hashchange', () => {
  openLinkedPolicy()
  void openLinkedSession()
  void openLinkedLesson()
})

/** What the address brings along, else what was kept, else the first lesson. */
async function begin(): Promise<void> {
  await (openLinkedSession() ?? openLinkedLesson())
  const { view, problem } = useStore.getState()
  if (view) return keepAnew()
  // What the address brought could not be opened: that stays to be read.
  if (problem) useStore.setState({ problem: { ...problem, stays: true } })
  if (!(await resume())) await openLesson(lessons[0]!.id)
}
