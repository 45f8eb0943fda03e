/** The dock: Exception, Breakpoints, Memory, Console, Leaks, vCPUs, History, SPRs, one at a time. */
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { type DockTab, useStore } from '../store/store.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { BreakpointActions } from './breakpoints/BreakpointActions.tsx'
import { ExceptionActions } from './exception/ExceptionActions.tsx'
import { ExceptionPanel } from './exception/ExceptionPanel.tsx'
import { later } from './Later.tsx'
import './dock.css'

const tabs: readonly { id: DockTab; name: string; content: React.ReactNode }[] = [
  { id: 'exception', name: 'Exception', content: <ExceptionPanel /> },
  {
    id: 'breakpoints',
    name: 'Breakpoints',
    content: later('Breakpoints', async () => (await import('./breakpoints/BreakpointsPanel.tsx')).BreakpointsPanel),
  },
  { id: 'memory', name: 'Memory', content: later('Memory', async () => (await import('./memory/MemoryPanel.tsx')).MemoryPanel) },
  { id: 'console', name: 'Console', content: later('Console', async () => (await import('./console/ConsolePanel.tsx')).ConsolePanel) },
  { id: 'leaks', name: 'Leaks', content: later('Leaks', async () => (await import('./leaks/LeaksPanel.tsx')).LeaksPanel) },
  { id: 'vcpus', name: 'vCPUs', content: later('vCPUs', async () => (await import('./vcpus/VcpusPanel.tsx')).VcpusPanel) },
  { id: 'history', name: 'History', content: later('History', async () => (await import('./history/HistoryPanel.tsx')).HistoryPanel) },
  { id: 'sprs', name: 'SPRs', content: later('SPRs', async () => (await import('./sprs/SprsPanel.tsx')).SprsPanel) },
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
          <WordsButton />
          {tab === 'exception' && <ExceptionActions />}
          {tab === 'breakpoints' && <BreakpointActions />}
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
