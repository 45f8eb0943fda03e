/** Test-only page: the three panels over a view from fixtures, chosen by `?view=`; requests are kept in `window.sent`. */
import '@fontsource/ibm-plex-mono/400.css'
import '@fontsource/ibm-plex-mono/500.css'
import '@fontsource/ibm-plex-mono/600.css'
import '@fontsource/ibm-plex-mono/700.css'
import '@fontsource/ibm-plex-sans/400.css'
import '@fontsource/ibm-plex-sans/500.css'
import '@fontsource/ibm-plex-sans/600.css'
import '@fontsource/ibm-plex-sans-condensed/400.css'
import '@fontsource/ibm-plex-sans-condensed/500.css'
import '@fontsource/ibm-plex-sans-condensed/600.css'
import '@fontsource/ibm-plex-sans-condensed/700.css'
import '../../src/ui/tokens.css'
import '../../src/ui/base.css'
import { createRoot } from 'react-dom/client'
import type { FromWorker, Request } from '../../src/emu/worker/protocol.ts'
import { ExceptionActions } from '../../src/ui/dock/exception/ExceptionActions.tsx'
import { ExceptionPanel } from '../../src/ui/dock/exception/ExceptionPanel.tsx'
import { StatePanel } from '../../src/ui/state/StatePanel.tsx'
import { connect, useStore } from '../../src/ui/store/store.ts'
import { TimelinePanel } from '../../src/ui/timeline/TimelinePanel.tsx'
import { recordingOf } from '../support/recording-of.ts'
import { fixtures } from './fixtures/state-timeline.ts'

declare global {
  interface Window {
    sent: Request[]
    store: typeof useStore
  }
}
window.sent = []
window.store = useStore

const query = new URLSearchParams(location.search)
const theme = query.get('theme')
if (theme) document.documentElement.dataset.theme = theme
const shown = fixtures[query.get('view') ?? 'midStep']!()

/** Answers as a worker would: it records what it is asked, moves in time, and explains the one interrupt it knows. */
class Answers extends EventTarget {
  onmessage: ((e: { data: FromWorker }) => void) | null = null
  onerror = null
  postMessage(request: Request): void {
    window.sent.push(request)
    const { view } = useStore.getState()
    if (request.command === 'seek' && view) {
      const event = request.arguments.event === 'live' ? view.recording.events : request.arguments.event
      useStore.setState({ view: { ...view, recording: { ...view.recording, shown: event, live: event === view.recording.events } } })
    }
    const body = request.command === 'exceptionInfo' ? shown.exception : {}
    queueMicrotask(() => this.onmessage?.({ data: { type: 'response', seq: request.seq, success: true, body: body as never } }))
  }
  terminate(): void {}
}
window.Worker = Answers as unknown as typeof Worker
connect()
useStore.setState({ view: shown.view, events: recordingOf(shown.events) })

createRoot(document.getElementById('root')!).render(
  <div className="panels">
    <style>{`
      .panels{display:grid;grid-template:calc(100vh - 573px) 211px 236px / minmax(0,1fr) 420px;gap:1px;background:var(--line);margin:120px 0 0 245px;height:756px;grid-template-rows:308px 1fr 236px}
      .panels>*{background:var(--bg-1)} .panels .state{grid-area:1/2/4/3}
    `}</style>
    <div />
    <TimelinePanel />
    <section className="panel" aria-label="Dock">
      <div className="ph">
        <h2>Exception</h2>
        <span className="sp" />
        <ExceptionActions />
      </div>
      <div className="pb">
        <ExceptionPanel />
      </div>
    </section>
    <StatePanel />
  </div>,
)
