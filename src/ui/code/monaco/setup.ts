/** What every editor of the page shares: languages, theme, keys left to the page, options. */
import { language as cTokens } from 'monaco-editor/languages/definitions/cpp/cpp'
import { FONT, followLine, lineNow, PADDING } from '../metrics.ts'
import { gutterOptions } from './gutter.ts'
import { registerHover } from './hover.ts'
import { registerLanguage } from './language.ts'
import { monaco } from './monaco.ts'
import { followTheme } from './theme.ts'
import './editor.css'

export const C_LANGUAGE = 'cpp'

registerLanguage()
registerHover()
followTheme()
monaco.languages.register({ id: C_LANGUAGE })
monaco.languages.setMonarchTokensProvider(C_LANGUAGE, cTokens)
// Without its brackets, which Monaco would colour by their depth: weight and grey are all that source has here.
monaco.languages.setLanguageConfiguration(C_LANGUAGE, { comments: { lineComment: '//', blockComment: ['/*', '*/'] } })
document.fonts.addEventListener('loadingdone', () => monaco.editor.remeasureFonts())
const { KeyMod, KeyCode } = monaco
// Keys of the page and of the browser, which Monaco's parts would take: Ctrl K as the first of two, F8 and F12 to go places.
const leftAlone = [
  KeyMod.CtrlCmd | KeyCode.KeyK,
  ...[KeyCode.F7, KeyCode.F8, KeyCode.F12].flatMap(key => [key, KeyMod.Shift | key, KeyMod.CtrlCmd | key]),
]
monaco.editor.addKeybindingRules(leftAlone.map(keybinding => ({ keybinding, command: null })))

export const editorOptions: monaco.editor.IStandaloneEditorConstructionOptions = {
  ...gutterOptions,
  automaticLayout: true,
  fixedOverflowWidgets: true,
  fontFamily: '"IBM Plex Mono", "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSize: FONT,
  padding: { top: PADDING, bottom: PADDING },
  fontLigatures: false,
  minimap: { enabled: false },
  folding: false,
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  renderLineHighlight: 'none',
  scrollBeyondLastLine: false,
  scrollBeyondLastColumn: 0,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  guides: { indentation: false },
  occurrencesHighlight: 'off',
  selectionHighlight: false,
  matchBrackets: 'never',
  quickSuggestions: false,
  wordBasedSuggestions: 'off',
  links: false,
  unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false, nonBasicASCII: false },
  stickyScroll: { enabled: false },
  hover: { above: false, delay: 350 },
  insertSpaces: true,
  detectIndentation: false,
  tabSize: 8,
}

/** The editor's lines are as high as those of the page; gives what ends that. */
export function lineHeightOf(editor: monaco.editor.ICodeEditor): () => void {
  const set = (lineHeight: number) => editor.updateOptions({ lineHeight })
  set(lineNow())
  return followLine(set)
}

/** Monaco colours a new text only some 50 ms after drawing it plain; what fits a screen is coloured at once. Not in its public types. */
export function tokenizeNow(model: monaco.editor.ITextModel): void {
  const { tokenization } = model as unknown as { tokenization?: { forceTokenization?(line: number): void } }
  tokenization?.forceTokenization?.(Math.min(model.getLineCount(), 200))
}
