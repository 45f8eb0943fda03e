/** guest.s in Monaco: the one module that knows both the stores and the editor. Fetched after the first paint. */

import { openReference } from '../../reference/place.ts'
import { send, useStore } from '../../store/store.ts'
import { edit, loadSource, useAssembly } from '../assembly.ts'
import { addressForLine } from '../breakpointList.ts'
import { conditionAtCursor, cursorToggle, runToCursor, toggleLine } from '../breakpoints.ts'
import { tokenizeLine } from '../highlight.ts'
import { changed, freshLines, type LineMap, lineLoaded } from '../lineMap.ts'
import { followLine } from '../metrics.ts'
import { useNavigation } from '../navigation.ts'
import { followable } from '../pace.ts'
import { sameMarks, sourceMarks } from '../sourceMarks.ts'
import { gutterLine, marksOf } from './gutter.ts'
import { LANGUAGE } from './language.ts'
import { messagesOf } from './messages.ts'
import { monaco } from './monaco.ts'
import { editorOptions, lineHeightOf, tokenizeNow } from './setup.ts'

const { KeyMod, KeyCode } = monaco

// One text, whatever shows it: undo history and the place of each line outlive the panel.
const model = monaco.editor.createModel(useStore.getState().source.text, LANGUAGE, monaco.Uri.parse('inmemory://twostep/guest.s'))
const lineChanged = new monaco.Emitter<void>()
let lines: LineMap = linesOf()
/** Lines of the text on its way to the assembler; they count once it is loaded. */
let loading: LineMap | null = null
let written = model.getValue()

tokenizeNow(model)

/** The mnemonic of a line; '' where it has none. */
function mnemonicAt(line: number | undefined): string {
  const text = line === undefined ? '' : model.getLineContent(line)
  const { tokens } = tokenizeLine(text, false)
  const at = tokens.findIndex(t => t.kind === 'mnemonic')
  return at < 0 ? '' : text.slice(tokens[at]!.start, tokens[at + 1]?.start).trim()
}

function linesOf(): LineMap {
  return useStore.getState().source.dirty ? [] : freshLines(model.getLineCount())
}

model.onDidChangeContent(e => {
  if (e.isFlush) return
  for (const { range, text } of e.changes) {
    const change = {
      start: range.startLineNumber,
      end: range.endLineNumber,
      startColumn: range.startColumn,
      endColumn: range.endColumn,
      added: text.split('\n').length - 1,
      headBlank: range.startLineNumber <= model.getLineCount() && !model.getLineContent(range.startLineNumber).trim(),
    }
    lines = changed(lines, change)
    if (loading) loading = changed(loading, change)
  }
  written = model.getValue()
  edit(written)
  lineChanged.fire()
})

useStore.subscribe((now, before) => {
  if (now.source === before.source) return
  if (now.source.text !== written) {
    written = now.source.text
    model.setValue(written)
    tokenizeNow(model)
    lines = linesOf()
  } else if (!now.source.dirty && before.source.dirty) {
    lines = linesOf()
  }
  lineChanged.fire()
})
useAssembly.subscribe((now, before) => {
  if (now.loading && !before.loading) loading = freshLines(model.getLineCount())
  if (!now.loading && before.loading) {
    if (now.loaded !== before.loaded && loading) lines = loading
    loading = null
    lineChanged.fire()
  }
})

const asFunction = (d: monaco.IDisposable) => () => d.dispose()
const isRunning = () => useStore.getState().view?.run.state === 'running'

export interface GuestEditor {
  focus(): void
  dispose(): void
}

/** Puts the editor into an element of the page. */
export function mountEditor(host: HTMLElement): GuestEditor {
  const editor = monaco.editor.create(host, {
    ...editorOptions,
    model,
    ariaLabel: 'guest.s. Tab indents; Ctrl M lets Tab move the focus on.',
    readOnly: isRunning(),
    readOnlyMessage: { value: 'The guest is running. Pause to edit.' },
  })
  const marks = marksOf(editor)
  const messages = messagesOf(editor, model)

  const toggle = (line: number) => {
    const loaded = lineLoaded(lines, line)
    if (loaded !== null) toggleLine(loaded)
    else
      useStore.setState({ problem: { message: `guest.s line ${line} is new. Load it before setting a breakpoint there.`, action: null } })
  }
  const toggleHere = () => toggle(editor.getPosition()?.lineNumber ?? 1)
  const addressHere = () => {
    const loaded = lineLoaded(lines, editor.getPosition()?.lineNumber ?? 1)
    const { view } = useStore.getState()
    return loaded === null ? null : (addressForLine(view?.program?.lines ?? [], loaded)?.address ?? null)
  }
  editor.addAction({
    id: 'twostep.runTo',
    label: 'Run to the cursor',
    contextMenuGroupId: 'navigation',
    keybindings: [KeyMod.CtrlCmd | KeyCode.F10],
    run: runToCursor,
  })
  editor.addAction({
    id: 'twostep.condition',
    label: 'Breakpoint with a condition…',
    contextMenuGroupId: 'navigation',
    keybindings: [KeyMod.Shift | KeyCode.F9],
    run: conditionAtCursor,
  })
  editor.onMouseDown(e => {
    const line = e.event.leftButton ? gutterLine(e.target) : null
    if (line !== null) toggle(line)
  })
  editor.onMouseMove(e => marks.hint(gutterLine(e.target)))
  editor.onMouseLeave(() => marks.hint(null))
  editor.addAction({
    id: 'twostep.breakpoint',
    label: 'Toggle breakpoint',
    keybindings: [KeyCode.F9],
    run: toggleHere,
  })
  editor.addAction({
    id: 'twostep.load',
    label: 'Load guest.s',
    keybindings: [KeyMod.CtrlCmd | KeyCode.Enter],
    run: () => void (isRunning() ? send('pause', {}) : loadSource()),
  })

  editor.addAction({
    id: 'twostep.reference',
    label: 'Explain the instruction',
    contextMenuGroupId: 'navigation',
    run: () => openReference(mnemonicAt(editor.getPosition()?.lineNumber)),
  })

  let drawn = sourceMarks(null)
  let revealed: number | null = null
  const draw = () => {
    const { view } = useStore.getState()
    const next = sourceMarks(view, lines)
    if (!sameMarks(drawn, next)) marks.draw(next)
    drawn = next
    const line = next.nip?.line ?? null
    if (line === null || line === revealed || !view || !followable(view)) return
    revealed = line
    editor.revealLineInCenterIfOutsideViewport(line, monaco.editor.ScrollType.Immediate)
  }
  const redraw = () => {
    drawn = sourceMarks(null)
    marks.draw(drawn)
    draw()
  }
  const goTo = (line: number) => {
    editor.revealLineInCenterIfOutsideViewport(line)
    editor.setPosition({ lineNumber: line, column: Math.max(1, model.getLineFirstNonWhitespaceColumn(line)) })
    editor.focus()
  }
  redraw()
  messages.draw(useAssembly.getState().diagnostics)

  const ends = [
    cursorToggle('source', toggleHere, addressHere),
    lineHeightOf(editor),
    followLine(() => messages.draw(useAssembly.getState().diagnostics)),
    asFunction(lineChanged.event(redraw)),
    useStore.subscribe((now, before) => {
      if (now.view === before.view) return
      draw()
      const running = isRunning()
      if (running !== (before.view?.run.state === 'running')) editor.updateOptions({ readOnly: running })
    }),
    useAssembly.subscribe((now, before) => {
      if (now.diagnostics !== before.diagnostics) messages.draw(now.diagnostics)
    }),
    useNavigation.subscribe((now, before) => {
      if (now.line && now.line !== before.line && now.line.value <= model.getLineCount()) goTo(now.line.value)
    }),
  ]
  return {
    focus: () => editor.focus(),
    dispose() {
      for (const end of ends) end()
      marks.dispose()
      editor.dispose()
    },
  }
}
