/** Of Monaco's language definitions only the editor's own types are published. */
declare module 'monaco-editor/languages/definitions/cpp/cpp' {
  import type { languages } from 'monaco-editor/editor'

  export const language: languages.IMonarchLanguage
}
