/** guest.s: the editor, or until it is there the listing; below, what the assembler found. */
import { useMemo, useRef } from 'react'
import type { Diagnostic } from '../../emu/worker/protocol.ts'
import { useStore } from '../store/store.ts'
import { useAssembly } from './assembly.ts'
import { toggleLine } from './breakpoints.ts'
import { CrossMark } from './marks.tsx'
import { showInSource } from './navigation.ts'
import { SourceListing } from './SourceListing.tsx'
import { sourceMarks } from './sourceMarks.ts'
import { guestEditor, useEditor } from './useEditor.ts'
import './source.css'

export function SourceTab() {
  const host = useRef<HTMLDivElement>(null)
  const state = useEditor(host, guestEditor)
  return (
    <>
      <div className="source">
        <div className="source-editor" ref={host} />
        {state.stage !== 'ready' && <Listing />}
      </div>
      {state.stage === 'failed' && (
        <div className="source-failed" role="alert">
          <span>The editor could not be fetched. guest.s can be read and stepped, not changed.</span>
          <button type="button" className="btn" onClick={state.retry}>
            Fetch it again
          </button>
        </div>
      )}
      <Messages />
    </>
  )
}

function Listing() {
  const view = useStore(s => s.view)
  const { text, dirty } = useStore(s => s.source)
  const marks = useMemo(() => sourceMarks(dirty ? null : view), [view, dirty])
  return <SourceListing label="guest.s" text={text} marks={marks} toggle={toggleLine} />
}

/** As many as anyone mends before the next look. */
const MOST_MESSAGES = 100

function Messages() {
  const diagnostics = useAssembly(a => a.diagnostics)
  const name = useStore(s => s.source.name)
  const kept = useStore(s => s.view?.program != null)
  return diagnostics.length ? <MessageList name={name} diagnostics={diagnostics} kept={kept} /> : null
}

export function MessageList({ name, diagnostics, kept }: { name: string; diagnostics: readonly Diagnostic[]; kept: boolean }) {
  const more = diagnostics.length - MOST_MESSAGES
  const failed = diagnostics.some(d => d.severity === 'error')
  return (
    <section className="messages" aria-label="What the assembler found">
      <ul>
        {diagnostics.slice(0, MOST_MESSAGES).map(d => (
          <li key={`${d.line}:${d.column}:${d.message}`}>
            <button type="button" className={d.severity} onClick={() => showInSource(d.line)}>
              <CrossMark />
              <b>
                {name} line {d.line}:
              </b>
              <span>{d.message}</span>
            </button>
          </li>
        ))}
      </ul>
      {more > 0 && <p>{more} more.</p>}
      {failed && kept && <p>The last good program is still loaded, so you can keep stepping.</p>}
    </section>
  )
}
