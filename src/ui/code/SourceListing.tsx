/** A source text as a read-only listing: what stands there until the editor has been fetched. */
import { useMemo } from 'react'
import { highlight } from './highlight.ts'
import { BreakpointMark, NipMark } from './marks.tsx'
import { GUTTER, numberWidth } from './metrics.ts'
import type { SourceMarks } from './sourceMarks.ts'

/** More than any screen shows; the editor, which draws what is in view, comes within moments. */
const MOST_LINES = 1000
const MOST_COLUMNS = 1000

interface Props {
  label: string
  text: string
  marks: SourceMarks
  toggle: (line: number) => void
}

export function SourceListing({ label, text, marks, toggle }: Props) {
  const lines = useMemo(() => text.split('\n'), [text])
  const shown = useMemo(() => highlight(lines.slice(0, MOST_LINES).map(line => line.slice(0, MOST_COLUMNS))), [lines])
  const breakpoints = new Map(marks.breakpoints.map(b => [b.line, b]))
  const columns = `${GUTTER.breakpoint}px ${numberWidth(lines.length)}px ${GUTTER.cursor}px minmax(0, 1fr)`
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a listing that scrolls needs the keyboard
    <section className="code source-listing" aria-label={label} tabIndex={0}>
      {shown.map((spans, i) => {
        const line = i + 1
        const breakpoint = breakpoints.get(line)
        return (
          <div key={line} className={marks.nip?.line === line ? 'ln nip' : 'ln'} style={{ gridTemplateColumns: columns }}>
            {/* biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer, until the editor with its F9 is there */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
            <span className="bp" onClick={() => toggle(line)}>
              {breakpoint && <BreakpointMark enabled={breakpoint.enabled} />}
            </span>
            <span className="no">{line}</span>
            <span className="cur">{marks.nip?.line === line && <NipMark />}</span>
            <span className="tx">
              {spans.map(({ text: part, kind }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: spans have no other name
                <span key={at} className={`s-${kind}`}>
                  {part}
                </span>
              ))}
            </span>
            {marks.nip?.line === line && <span className="tag">{marks.nip.tag}</span>}
          </div>
        )
      })}
    </section>
  )
}
