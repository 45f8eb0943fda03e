/** Monaco with the few of its features that guest.s uses; its worker is a file of our own origin, as the page's policy asks. */
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/comment/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/indentation/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/readOnlyMessage/register'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/wordOperations/register'

export * as monaco from 'monaco-editor/editor'

self.MonacoEnvironment = { getWorker: () => new EditorWorker() }
