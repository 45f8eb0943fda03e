/** A source file of the loaded ELF: its text with the cursor and breakpoints, or where to get it from. */
import { useMemo, useRef } from 'react'
import type { SourceFileView, SourceView } from '../../emu/worker/protocol.ts'
import { chooseSource } from '../shell/files.ts'
import { useStore } from '../store/store.ts'
import { toggleFileLine } from './breakpoints.ts'
import { useSourceView } from './fileSource.ts'
import { fileMarks } from './fileTabs.ts'
import { SourceListing } from './SourceListing.tsx'
import { fileViewer, useEditor } from './useEditor.ts'
import './source.css'

export function FileTab({ file }: { file: number }) {
  const program = useStore(s => s.view?.program ?? null)
  const source = useSourceView(file)
  const names = program?.files[file]
  if (!program || !names || !source) return <div className="source" />
  return source.text === null ? (
    <Missing program={program.name} {...names} />
  ) : (
    <Text key={file} file={file} name={names.name} source={source} text={source.text} />
  )
}

function Missing({ program, name, path }: SourceFileView & { program: string }) {
  return (
    <section className="source-missing" aria-label={`${name} is not here`}>
      <p>
        <b>{name}</b> is not here: {program} names its source files and does not carry their text.
      </p>
      {path !== name && <p className="path">{path}</p>}
      <p>
        Drop {name} here or{' '}
        <button type="button" className="btn" onClick={chooseSource}>
          Choose {name}
        </button>
      </p>
    </section>
  )
}

function Text({ file, name, source, text }: { file: number; name: string; source: SourceView; text: string }) {
  const host = useRef<HTMLDivElement>(null)
  const load = useMemo(() => fileViewer({ file, name, text, lines: source.lines }), [file, name, text, source.lines])
  const state = useEditor(host, load)
  return (
    <div className="source">
      <div className="source-editor" ref={host} />
      {state.stage !== 'ready' && <Listing file={file} name={name} source={source} text={text} />}
    </div>
  )
}

function Listing({ file, name, source, text }: { file: number; name: string; source: SourceView; text: string }) {
  const view = useStore(s => s.view)
  const marks = useMemo(() => fileMarks(view, file, source.lines), [view, file, source.lines])
  return <SourceListing label={name} text={text} marks={marks} toggle={line => toggleFileLine(name, source.lines, line)} />
}
