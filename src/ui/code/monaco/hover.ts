/** Hovers in guest.s. */
import { describeMnemonic } from '../../../emu/isa/describe.ts'
import { useStore } from '../../store/store.ts'
import { tokenizeLine } from '../highlight.ts'
import { hoverText } from './hoverText.ts'
import { LANGUAGE } from './language.ts'
import { monaco } from './monaco.ts'

export function registerHover(): void {
  monaco.languages.registerHoverProvider(LANGUAGE, {
    provideHover(model, { lineNumber, column }) {
      const at = model.getWordAtPosition({ lineNumber, column })
      if (!at) return null
      const { tokens } = tokenizeLine(model.getLineContent(lineNumber), false)
      const kind = tokens.findLast(t => t.start <= at.startColumn - 1)?.kind
      if (!kind || kind === 'comment' || kind === 'string' || kind === 'number') return null
      const { view } = useStore.getState()
      const contents = hoverText(at.word, kind === 'mnemonic' ? 'mnemonic' : 'operand', {
        describe: describeMnemonic,
        state: view?.state ?? null,
        symbols: view?.program?.symbols ?? [],
      })
      return (
        contents && {
          range: new monaco.Range(lineNumber, at.startColumn, lineNumber, at.endColumn),
          contents: contents.map(value => ({ value })),
        }
      )
    },
  })
}
