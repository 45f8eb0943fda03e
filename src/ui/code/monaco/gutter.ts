/** The marks beside and on the lines: NIP cursor, its row and tag, breakpoints, and the hint of one under the pointer. */
import { GUTTER } from '../metrics.ts'
import type { SourceMarks } from '../sourceMarks.ts'
import { monaco } from './monaco.ts'

type Decoration = monaco.editor.IModelDeltaDecoration

const onLine = (line: number, options: monaco.editor.IModelDecorationOptions): Decoration => ({
  range: new monaco.Range(line, 1, line, 1),
  options: { stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges, ...options },
})

const breakpointMark = ({ line, address, enabled, conditional }: SourceMarks['breakpoints'][number]) =>
  onLine(line, {
    glyphMarginClassName: `bp-mark${enabled ? '' : ' off'}${conditional ? ' conditional' : ''}`,
    glyphMarginHoverMessage: {
      value: `${conditional ? 'Conditional breakpoint' : 'Breakpoint'} at 0x${address.toString(16)}${enabled ? '' : ', disabled'}. Click or F9 removes it.`,
    },
    zIndex: 1,
  })

const nipMarks = (line: number) => [
  onLine(line, {
    isWholeLine: true,
    className: 'nip-row',
    marginClassName: 'nip-margin',
    lineNumberClassName: 'nip-number',
    linesDecorationsClassName: 'nip-mark',
    linesDecorationsTooltip: 'Next instruction (NIP)',
  }),
]

const otherMarks = ({ line, tag }: { line: number; tag: string }) =>
  onLine(line, {
    linesDecorationsClassName: 'nip-other',
    linesDecorationsTooltip: `Next instruction (NIP) of ${tag}`,
    after: { content: `\u2003${tag}`, inlineClassName: 'nip-other-tag' },
  })

/** Draws marks in an editor and keeps the tag at its right edge in place. */
export function marksOf(editor: monaco.editor.IStandaloneCodeEditor) {
  const drawn = editor.createDecorationsCollection()
  const hint = editor.createDecorationsCollection()
  const tag = document.createElement('div')
  tag.className = 'nip-tag'
  tag.style.right = '8px'
  let tagLine: number | null = null
  const widget: monaco.editor.IOverlayWidget = { getId: () => 'twostep.nip', getDomNode: () => tag, getPosition: () => null }
  editor.addOverlayWidget(widget)

  function placeTag(): void {
    const { height } = editor.getLayoutInfo()
    const top = tagLine === null ? -1 : editor.getTopForLineNumber(tagLine) - editor.getScrollTop() + 1
    tag.hidden = tagLine === null || top < 0 || top > height - 16
    tag.style.top = `${top}px`
  }
  editor.onDidScrollChange(placeTag)
  editor.onDidLayoutChange(placeTag)
  editor.onDidChangeModelContent(() => {
    tagLine = drawn.getRanges()[0]?.startLineNumber && tagLine !== null ? drawn.getRange(0)!.startLineNumber : tagLine
    placeTag()
  })

  return {
    draw({ nip, others, breakpoints }: SourceMarks): void {
      const last = editor.getModel()?.getLineCount() ?? 0
      const there = nip && nip.line <= last ? nip : null
      const elsewhere = others.filter(o => o.line <= last).map(otherMarks)
      drawn.set([...(there ? nipMarks(there.line) : []), ...elsewhere, ...breakpoints.filter(b => b.line <= last).map(breakpointMark)])
      tagLine = there?.line ?? null
      tag.textContent = there?.tag ?? ''
      placeTag()
    },
    /** A faint mark where a click would set a breakpoint. */
    hint(line: number | null): void {
      hint.set(line === null ? [] : [onLine(line, { glyphMarginClassName: 'bp-mark hint' })])
    },
    dispose: () => editor.removeOverlayWidget(widget),
  }
}

const marginTargets = new Set([
  monaco.editor.MouseTargetType.GUTTER_GLYPH_MARGIN,
  monaco.editor.MouseTargetType.GUTTER_LINE_NUMBERS,
  monaco.editor.MouseTargetType.GUTTER_LINE_DECORATIONS,
])

/** The line whose gutter is meant, or null elsewhere. */
export const gutterLine = (target: monaco.editor.IMouseTarget): number | null =>
  marginTargets.has(target.type) ? (target.position?.lineNumber ?? null) : null

/** Widths of the gutter's three columns, as in the listing. */
export const gutterOptions: monaco.editor.IEditorOptions = {
  glyphMargin: true,
  lineNumbersMinChars: GUTTER.digits,
  lineDecorationsWidth: GUTTER.cursor,
}
