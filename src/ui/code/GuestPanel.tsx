/** Guest code: guest.s, the source files of an ELF, Disassembly, and on a narrow page the hypervisor's listing. */
import { useRef } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { SourceFileView } from '../../emu/worker/protocol.ts'
import { later } from '../dock/Later.tsx'
import { type CodeTab, send, useStore } from '../store/store.ts'
import { useSize } from '../timeline/useSize.ts'
import { WordsButton } from '../words/WordsButton.tsx'
import { AddressBox } from './AddressBox.tsx'
import { loadSource, useAssembly } from './assembly.ts'
import { FileTab } from './FileTab.tsx'
import { useSourceView } from './fileSource.ts'
import { fileOfTab, fileTab, labels, shownFiles, tabsThatFit } from './fileTabs.ts'
import { HypervisorCode, hypervisorMeta } from './HypervisorPanel.tsx'
import { CrossMark } from './marks.tsx'
import { followNip, showInDisassembly, useNavigation } from './navigation.ts'
import { SourceTab } from './SourceTab.tsx'
import { sourceStatus } from './sourceStatus.ts'
import { useNarrow } from './useNarrow.ts'
import './code.css'

const disassembly = later('Disassembly', async () => (await import('./Disassembly.tsx')).Disassembly)
const NO_FILES: readonly SourceFileView[] = []

const choose = (tab: CodeTab) => useStore.setState({ codeTab: tab })

export function GuestPanel() {
  const narrow = useNarrow()
  const chosen = useStore(s => s.codeTab)
  const name = useStore(s => s.source.name)
  const files = useStore(s => s.view?.program?.files ?? NO_FILES)
  const nip = useStore(s => s.view?.source?.file ?? null)
  const file = fileOfTab(chosen)
  const tab = chosen === 'hypervisor' && !narrow ? 'source' : file !== null && !files[file] ? 'disassembly' : chosen
  const header = useRef<HTMLDivElement>(null)
  const { width } = useSize(header)
  const shown = shownFiles(files, nip, file, tabsThatFit(width))
  const names = labels(files)
  return (
    <section className="panel guestp" id="guest" aria-label="Guest code" tabIndex={-1}>
      <Tabs className="code-tabs" selectedKey={tab} onSelectionChange={key => choose(key as CodeTab)}>
        <div className="ph" ref={header}>
          <TabList aria-label="Guest code">
            <Tab id="source" className="tab">
              {name}
            </Tab>
            {shown.map(n => (
              <Tab id={fileTab(n)} key={n} className="tab file-tab">
                <span>{names[n]}</span>
              </Tab>
            ))}
            <Tab id="disassembly" className="tab">
              Disassembly
            </Tab>
            {narrow && (
              <Tab id="hypervisor" className="tab">
                Hypervisor
              </Tab>
            )}
          </TabList>
          {files.length > shown.length && <FileMenu names={names} file={tab === chosen ? file : null} />}
          <span className="sp" />
          {tab === 'source' && <SourceHeader />}
          {file !== null && tab === chosen && <FileHeader file={file} />}
          {tab === 'disassembly' && <DisassemblyHeader />}
          {tab === 'hypervisor' && <HypervisorHeader />}
          <WordsButton />
        </div>
        <TabPanel id="source" className="code-panel" shouldForceMount>
          <SourceTab />
        </TabPanel>
        {shown.map(n => (
          <TabPanel id={fileTab(n)} key={n} className="code-panel">
            <FileTab file={n} />
          </TabPanel>
        ))}
        <TabPanel id="disassembly" className="code-panel">
          {disassembly}
        </TabPanel>
        {narrow && (
          <TabPanel id="hypervisor" className="code-panel">
            <HypervisorCode />
          </TabPanel>
        )}
      </Tabs>
    </section>
  )
}

function SourceHeader() {
  const source = useStore(s => s.source)
  const program = useStore(s => s.view?.program ?? null)
  const running = useStore(s => s.view?.run.state === 'running')
  const dead = useStore(s => s.dead !== null)
  const starting = useStore(s => !s.view || s.view.run.state === 'starting')
  const { diagnostics, loading } = useAssembly()
  const { text, bad, action } = sourceStatus({
    ...source,
    empty: !source.text.trim(),
    loading: loading || starting,
    running,
    program,
    diagnostics,
    dead,
  })
  return (
    <>
      <span className={bad ? 'meta bad' : 'meta'} role="status">
        {bad && <CrossMark />}
        {text}
      </span>
      {action === 'load' && (
        <button type="button" className="btn" onClick={() => void loadSource()}>
          Load <kbd>Ctrl Enter</kbd>
        </button>
      )}
      {action === 'pause' && (
        <button type="button" className="btn" onClick={() => void send('pause', {})}>
          Pause to edit
        </button>
      )}
    </>
  )
}

/** As many names as a menu is good for. */
const MOST_FILES = 2000

/** The files that have no room for a tab, and those that have. */
function FileMenu({ names, file }: { names: readonly string[]; file: number | null }) {
  return (
    <select
      className="file-menu"
      aria-label="Source files"
      title="Source files"
      value={file ?? ''}
      onChange={e => choose(fileTab(Number(e.target.value)))}
    >
      <option value="" disabled hidden>
        Source files
      </option>
      {names.slice(0, MOST_FILES).map((name, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is what names a file
        <option key={n} value={n}>
          {name}
        </option>
      ))}
    </select>
  )
}

function FileHeader({ file }: { file: number }) {
  const source = useSourceView(file)
  return source?.text != null && <span className="meta">read-only</span>
}

function DisassemblyHeader() {
  const follow = useNavigation(n => n.follow)
  return (
    <AddressBox label="Go to address" width={116} action="Go" go={showInDisassembly}>
      {(box, problem) => (
        <>
          {problem ?? (follow ? <span className="meta">follows NIP</span> : null)}
          {!follow && (
            <button type="button" className="btn quiet" onClick={followNip}>
              Follow NIP
            </button>
          )}
          {box}
        </>
      )}
    </AddressBox>
  )
}

function HypervisorHeader() {
  const meta = useStore(s => hypervisorMeta(s.view?.controller ?? null))
  return <span className="meta">{meta}</span>
}
