/** What the assembler found, on the text: a squiggle, and the message below its line. */
import type { Diagnostic } from '../../../emu/worker/protocol.ts'
import { lineNow } from '../metrics.ts'
import { sentence } from '../sentence.ts'
import { monaco } from './monaco.ts'

const OWNER = 'assembler'

function messageRow(d: Diagnostic): HTMLElement {
  const row = document.createElement('div')
  row.className = `line-message ${d.severity}`
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('class', 'i')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', 'm4 4 8 8M12 4l-8 8')
  svg.append(path)
  row.append(svg, sentence(d.message))
  return row
}

export function byLine(diagnostics: readonly Diagnostic[]): Map<number, Diagnostic[]> {
  const lines = new Map<number, Diagnostic[]>()
  for (const d of diagnostics) lines.set(d.line, [...(lines.get(d.line) ?? []), d])
  return lines
}

/** A file of nothing but mistakes keeps its text readable: below this many lines the list holds the rest. */
const MOST_ZONES = 50

export function messagesOf(editor: monaco.editor.IStandaloneCodeEditor, model: monaco.editor.ITextModel) {
  let zones: string[] = []
  return {
    draw(diagnostics: readonly Diagnostic[]): void {
      const last = model.getLineCount()
      const there = diagnostics.filter(d => d.line >= 1 && d.line <= last)
      monaco.editor.setModelMarkers(
        model,
        OWNER,
        there.map(d => ({
          severity: d.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
          message: sentence(d.message),
          startLineNumber: d.line,
          endLineNumber: d.line,
          startColumn: d.column,
          endColumn: Math.max(d.endColumn, d.column + 1),
        })),
      )
      editor.changeViewZones(accessor => {
        for (const id of zones) accessor.removeZone(id)
        zones = [...byLine(there)].slice(0, MOST_ZONES).map(([line, found]) => {
          const domNode = document.createElement('div')
          domNode.append(...found.map(messageRow))
          return accessor.addZone({ afterLineNumber: line, heightInPx: lineNow() * found.length, domNode, suppressMouseDown: true })
        })
      })
    },
  }
}
