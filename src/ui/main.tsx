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
import { place } from './embed/place.ts'
import { tellEventsKept } from './keep/eventsKept.ts'
import { keepAnew, keepInThePage, resume } from './keep/kept.ts'
import { openLinkedSession } from './keep/link.ts'
import { isReplacing, replaceTheDead } from './keep/replace.ts'
import { lessons } from './lesson/lessons.ts'
import { openLesson, openLinkedLesson } from './lesson/open.ts'
import { openLinkedPolicy } from './policy/link.ts'
import { shelve } from './policy/shelf.ts'
import { followDensity } from './shell/density.ts'
import { openLinkedPage } from './shell/dialogs.ts'
import { newProgram } from './shell/files.ts'
import { keepOffline } from './shell/offline.ts'
import { applyStoredTheme } from './shell/theme.ts'
import { connect, useStore } from './store/store.ts'

applyStoredTheme()
tellEventsKept()
followDensity()
connect()
replaceTheDead()
createRoot(document.getElementById('root')!).render(<App />)
void shelve()
// What keeps the page for offline is fetched behind what the page itself needs.
void begin().finally(() => {
  if (import.meta.env.PROD && !place.embedded) keepOffline()
})
openLinkedPolicy()
openLinkedPage()
addEventListener('hashchange', () => {
  openLinkedPolicy()
  void openLinkedSession()
  void openLinkedLesson()
  openLinkedPage()
})

/** What the address brings along, else what was kept, else the first lesson. Embedded, nothing of the user's own work is touched or shown. */
async function begin(): Promise<void> {
  await (openLinkedSession() ?? openLinkedLesson())
  const { view, problem } = useStore.getState()
  // What the address brought could not be opened: that stays to be read.
  if (!view && problem) useStore.setState({ problem: { ...problem, stays: true } })
  if (place.embedded) {
    if (!view) newProgram()
    keepInThePage()
    const { serveHost } = await import('./embed/host.ts')
    return serveHost()
  }
  if (view) return keepAnew()
  if (!(await resume()) && !isReplacing()) await openLesson(lessons[0]!.id)
}
