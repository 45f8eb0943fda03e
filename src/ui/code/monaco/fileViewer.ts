/** A source file of the loaded ELF in Monaco: read-only, with the cursor and breakpoints. */
import { useStore } from '../../store/store.ts'
import { addressForLine } from '../breakpointList.ts'
import { conditionAtCursor, cursorToggle, runToCursor, toggleFileLine } from '../breakpoints.ts'
import { type CodeLines, fileMarks, fileTab } from '../fileTabs.ts'
import { followable } from '../pace.ts'
import { sameMarks } from '../sourceMarks.ts'
import { gutterLine, marksOf } from './gutter.ts'
import { LANGUAGE } from './language.ts'
import { monaco } from './monaco.ts'
import { C_LANGUAGE, editorOptions, lineHeightOf, tokenizeNow } from './setup.ts'

export interface SourceFile {
  file: number
  name: string
  text: string
  lines: CodeLines
}

const languageOf = (name: string): string => (/\.(s|asm)$/i.test(name) ? LANGUAGE : C_LANGUAGE)

/** Lines that have code stand out in the gutter: a breakpoint can be set there. */
const codeLines = (lines: CodeLines, last: number): monaco.editor.IModelDeltaDecoration[] =>
  [...new Set(lines.map(l => l.line))].flatMap(line =>
    line <= last ? [{ range: new monaco.Range(line, 1, line, 1), options: { lineNumberClassName: 'code-number' } }] : [],
  )

/** Puts the file into an element of the page; the answer takes it away. */
export function mountFile(host: HTMLElement, { file, name, text, lines }: SourceFile): { dispose(): void } {
  const model = monaco.editor.createModel(text, languageOf(name))
  tokenizeNow(model)
  const editor = monaco.editor.create(host, {
    ...editorOptions,
    model,
    ariaLabel: `${name}, read-only. F9 sets or clears a breakpoint.`,
    readOnly: true,
    readOnlyMessage: { value: `${name} is what the program was compiled from. It cannot be changed here.` },
  })
  editor.createDecorationsCollection(codeLines(lines, model.getLineCount()))
  const marks = marksOf(editor)
  const withCode = new Set(lines.map(l => l.line))
  const toggle = (line: number) => toggleFileLine(name, lines, line)
  const toggleHere = () => toggle(editor.getPosition()?.lineNumber ?? 1)
  const addressHere = () => addressForLine([...lines], editor.getPosition()?.lineNumber ?? 1)?.address ?? null
  editor.addAction({
    id: 'twostep.runTo',
    label: 'Run to the cursor',
    contextMenuGroupId: 'navigation',
    keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.F10],
    run: runToCursor,
  })
  editor.addAction({
    id: 'twostep.condition',
    label: 'Breakpoint with a condition…',
    contextMenuGroupId: 'navigation',
    keybindings: [monaco.KeyMod.Shift | monaco.KeyCode.F9],
    run: conditionAtCursor,
  })
  editor.onMouseDown(e => {
    const line = e.event.leftButton ? gutterLine(e.target) : null
    if (line !== null) toggle(line)
  })
  editor.onMouseMove(e => {
    const line = gutterLine(e.target)
    marks.hint(line !== null && withCode.has(line) ? line : null)
  })
  editor.onMouseLeave(() => marks.hint(null))
  editor.addAction({ id: 'twostep.breakpoint', label: 'Toggle breakpoint', keybindings: [monaco.KeyCode.F9], run: toggleHere })

  let drawn = fileMarks(null, file, lines)
  let revealed: number | null = null
  const draw = () => {
    const { view } = useStore.getState()
    const next = fileMarks(view, file, lines)
    if (!sameMarks(drawn, next)) marks.draw(next)
    drawn = next
    const line = next.nip?.line ?? null
    if (line === revealed || !view || !followable(view)) return
    revealed = line
    if (line === null) return
    editor.setPosition({ lineNumber: Math.min(line, model.getLineCount()), column: 1 })
    editor.revealLineInCenterIfOutsideViewport(line, monaco.editor.ScrollType.Immediate)
  }
  draw()
  const ends = [
    lineHeightOf(editor),
    cursorToggle(fileTab(file), toggleHere, addressHere),
    useStore.subscribe((now, before) => {
      if (now.view !== before.view) draw()
    }),
  ]
  return {
    dispose() {
      for (const end of ends) end()
      marks.dispose()
      editor.dispose()
      model.dispose()
    },
  }
}
