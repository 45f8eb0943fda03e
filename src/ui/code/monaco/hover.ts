/** Hovers in guest.s. */
import { openReference } from '../../reference/place.ts'
import { useStore } from '../../store/store.ts'
import { tokenizeLine } from '../highlight.ts'
import { hoverText } from './hoverText.ts'
import { LANGUAGE } from './language.ts'
import { monaco } from './monaco.ts'

const EXPLAIN = 'twostep.explain'

/** Leads from a mnemonic's hover to its page; a link in Monaco's text can only run a command. */
function explainLink(mnemonic: string) {
  const argument = encodeURIComponent(JSON.stringify([mnemonic.toLowerCase()]))
  return { value: `[Explain](command:${EXPLAIN}?${argument})`, isTrusted: { enabledCommands: [EXPLAIN] } }
}

export function registerHover(): void {
  monaco.editor.registerCommand(EXPLAIN, (_, mnemonic: string) => openReference(mnemonic))
  monaco.languages.registerHoverProvider(LANGUAGE, {
    async provideHover(model, { lineNumber, column }) {
      const at = model.getWordAtPosition({ lineNumber, column })
      if (!at) return null
      const { tokens } = tokenizeLine(model.getLineContent(lineNumber), false)
      const kind = tokens.findLast(t => t.start <= at.startColumn - 1)?.kind
      if (!kind || kind === 'comment' || kind === 'string' || kind === 'number') return null
      // The tables are fetched with the first hover: the page is there sooner.
      const { documentOf } = await import('../../../emu/isa/document.ts')
      const { view } = useStore.getState()
      const contents = hoverText(at.word, kind === 'mnemonic' ? 'mnemonic' : 'operand', {
        describe: documentOf,
        state: view?.state ?? null,
        symbols: view?.program?.symbols ?? [],
      })
      return (
        contents && {
          range: new monaco.Range(lineNumber, at.startColumn, lineNumber, at.endColumn),
          contents: [...contents.map(value => ({ value })), ...(kind === 'mnemonic' ? [explainLink(at.word)] : [])],
        }
      )
    },
  })
}
