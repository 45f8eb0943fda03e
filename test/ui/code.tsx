/** The code and dock panels of this page's fixture, without the shell: for looking at them and for `code.test.ts`. */
import { createRoot } from 'react-dom/client'
import '@fontsource/ibm-plex-sans/400.css'
import '@fontsource/ibm-plex-sans/500.css'
import '@fontsource/ibm-plex-sans/600.css'
import '@fontsource/ibm-plex-mono/400.css'
import '@fontsource/ibm-plex-mono/600.css'
import '@fontsource/ibm-plex-sans-condensed/500.css'
import '../../src/ui/tokens.css'
import '../../src/ui/base.css'
import { breakpointAtCursor } from '../../src/ui/code/breakpoints.ts'
import { GuestPanel } from '../../src/ui/code/GuestPanel.tsx'
import { HypervisorPanel } from '../../src/ui/code/HypervisorPanel.tsx'
import { BreakpointsPanel } from '../../src/ui/dock/breakpoints/BreakpointsPanel.tsx'
import { ConsolePanel } from '../../src/ui/dock/console/ConsolePanel.tsx'
import { MemoryPanel } from '../../src/ui/dock/memory/MemoryPanel.tsx'
import { connect, useStore } from '../../src/ui/store/store.ts'
import { asked, guestSource, installWorker } from './fixtures/code.ts'

// With ?hold the editor's turn, which is an idle callback, comes when the test says so.
const held: (() => void)[] = []
if (new URLSearchParams(location.search).has('hold')) {
  globalThis.requestIdleCallback = run => held.push(() => run({ didTimeout: true, timeRemaining: () => 0 }))
}
const go = () => held.splice(0).map(run => run())

const show = installWorker()
useStore.setState({ source: { name: 'guest.s', text: guestSource, dirty: false } })
Object.assign(globalThis, { twostep: { show, asked, store: useStore, go, breakpointAtCursor } })
document.documentElement.dataset.theme = new URLSearchParams(location.search).get('theme') ?? 'dark'

const dock = new URLSearchParams(location.search).get('dock')
const Dock = dock === 'memory' ? MemoryPanel : dock === 'console' ? ConsolePanel : BreakpointsPanel

createRoot(document.getElementById('root')!).render(
  <div style={{ display: 'grid', gridTemplate: '294px 206px / 415px 358px', gap: 1, padding: 20, background: 'var(--line)' }}>
    <GuestPanel />
    <HypervisorPanel />
    <div className="panel" style={{ gridColumn: '1 / -1' }}>
      <Dock />
    </div>
  </div>,
)
connect()
