/** GNU `as` for ppc64, as Monaco wants it told. */
import { tokenizeLine } from '../highlight.ts'
import { monaco } from './monaco.ts'

export const LANGUAGE = 'ppc64-gnu-as'

class LineState implements monaco.languages.IState {
  constructor(readonly inComment: boolean) {}
  clone() {
    return this
  }
  equals(other: monaco.languages.IState) {
    return other instanceof LineState && other.inComment === this.inComment
  }
}
const outside = new LineState(false)
const inside = new LineState(true)

export function registerLanguage(): void {
  monaco.languages.register({ id: LANGUAGE })
  monaco.languages.setTokensProvider(LANGUAGE, {
    getInitialState: () => outside,
    tokenize(line, state) {
      const { tokens, inComment } = tokenizeLine(line, (state as LineState).inComment)
      return { tokens: tokens.map(({ start, kind }) => ({ startIndex: start, scopes: kind })), endState: inComment ? inside : outside }
    },
  })
  monaco.languages.setLanguageConfiguration(LANGUAGE, {
    comments: { lineComment: '#', blockComment: ['/*', '*/'] },
    brackets: [['(', ')']],
    // A word is what the assembler takes as one: "addic.", "bne+", "%r3", ".quad", "1f".
    wordPattern: /%?[A-Za-z0-9_.$@]+[+-]?/,
    onEnterRules: [
      { beforeText: /^\s*[\w.$]+:\s*$/, action: { indentAction: monaco.languages.IndentAction.None, appendText: '        ' } },
    ],
  })
}
