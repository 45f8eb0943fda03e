/** The dock: Exception, Breakpoints, Memory, Console, Leaks, vCPUs, History, SPRs, one at a time. */
import { type ComponentType, lazy, Suspense } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { type DockTab, useStore } from '../store/store.ts'
import { ExceptionActions } from './exception/ExceptionActions.tsx'
import { ExceptionPanel } from './exception/ExceptionPanel.tsx'
import './dock.css'

/** Loaded when it is looked at first: the page is there sooner. */
function later(load: () => Promise<ComponentType>): React.ReactNode {
  const Panel = lazy(async () => ({ default: await load() }))
  return (
    <Suspense fallback={null}>
      <Panel />
    </Suspense>
  )
}

const tabs: readonly { id: DockTab; name: string; content: React.ReactNode }[] = [
  { id: 'exception', name: 'Exception', content: <ExceptionPanel /> },
  {
    id: 'breakpoints',
    name: 'Breakpoints',
    content: later(async () => (await import('./breakpoints/BreakpointsPanel.tsx')).BreakpointsPanel),
  },
  { id: 'memory', name: 'Memory', content: later(async () => (await import('./memory/MemoryPanel.tsx')).MemoryPanel) },
  { id: 'console', name: 'Console', content: later(async () => (await import('./console/ConsolePanel.tsx')).ConsolePanel) },
  { id: 'leaks', name: 'Leaks', content: later(async () => (await import('./leaks/LeaksPanel.tsx')).LeaksPanel) },
  { id: 'vcpus', name: 'vCPUs', content: later(async () => (await import('./vcpus/VcpusPanel.tsx')).VcpusPanel) },
  { id: 'history', name: 'History', content: later(async () => (await import('./history/HistoryPanel.tsx')).HistoryPanel) },
  { id: 'sprs', name: 'SPRs', content: later(async () => (await import('./sprs/SprsPanel.tsx')).SprsPanel) },
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
