/** The dock: Exception, Breakpoints, Memory, Console, Leaks, vCPUs, History, SPRs, one at a time. */
import { lazy, Suspense } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { type DockTab, useStore } from '../store/store.ts'
import { BreakpointsPanel } from './breakpoints/BreakpointsPanel.tsx'
import { ConsolePanel } from './console/ConsolePanel.tsx'
import { ExceptionActions } from './exception/ExceptionActions.tsx'
import { ExceptionPanel } from './exception/ExceptionPanel.tsx'
import { LeaksPanel } from './leaks/LeaksPanel.tsx'
import { MemoryPanel } from './memory/MemoryPanel.tsx'
import { SprsPanel } from './sprs/SprsPanel.tsx'
import { VcpusPanel } from './vcpus/VcpusPanel.tsx'
import './dock.css'

// Loaded when it is looked at first.
const HistoryPanel = lazy(() => import('./history/HistoryPanel.tsx').then(m => ({ default: m.HistoryPanel })))

const tabs: readonly { id: DockTab; name: string; content: React.ReactNode }[] = [
  { id: 'exception', name: 'Exception', content: <ExceptionPanel /> },
  { id: 'breakpoints', name: 'Breakpoints', content: <BreakpointsPanel /> },
  { id: 'memory', name: 'Memory', content: <MemoryPanel /> },
  { id: 'console', name: 'Console', content: <ConsolePanel /> },
  { id: 'leaks', name: 'Leaks', content: <LeaksPanel /> },
  { id: 'vcpus', name: 'vCPUs', content: <VcpusPanel /> },
  {
    id: 'history',
    name: 'History',
    content: (
      <Suspense fallback={null}>
        <HistoryPanel />
      </Suspense>
    ),
  },
  { id: 'sprs', name: 'SPRs', content: <SprsPanel /> },
]

export function Dock() {
  const tab = useStore(s => s.dockTab)
  const breakpoints = useStore(s => s.view?.breakpoints.length ?? 0)
  return (
    <section className="panel dockp" id="dock" aria-label="Dock" tabIndex={-1}>
      <Tabs className="dock-tabs" selectedKey={tab} onSelectionChange={key => useStore.setState({ dockTab: key as DockTab })}>
        <div className="ph">
          <TabList aria-label="Dock" className="dock-list">
            {tabs.map(t => (
              <Tab key={t.id} id={t.id} className="tab">
                {t.name}
                {t.id === 'breakpoints' && breakpoints > 0 && <span className="n">{breakpoints}</span>}
              </Tab>
            ))}
          </TabList>
          <span className="sp" />
          {tab === 'exception' && <ExceptionActions />}
        </div>
        {tabs.map(t => (
          <TabPanel key={t.id} id={t.id} className="dock-panel">
            {t.content}
          </TabPanel>
        ))}
      </Tabs>
    </section>
  )
}
