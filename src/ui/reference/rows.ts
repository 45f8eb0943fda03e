/** What the list shows for a search: chapters and their mnemonics, or the matches alone. */
import { type Document, documentOf, documentOfWord, type Entry, entries, matchingEntries } from '../../emu/isa/document.ts'

export type Row = { readonly title: string } | { readonly entry: Entry }

export const isWord = (text: string): boolean => /^0x[\da-f]{1,8}$/i.test(text)

/** The document of a mnemonic, or of a word in hexadecimal. */
export const documentFor = (text: string): Document | null => (isWord(text) ? documentOfWord(Number(text)) : documentOf(text))

export function rowsFor(search: string): readonly Row[] {
  const text = search.trim()
  if (isWord(text)) {
    const entry = documentFor(text)
    return entry ? [{ entry }] : []
  }
  if (text !== '') return matchingEntries(text).map(entry => ({ entry }))
  return entries().flatMap((entry, n, all): Row[] =>
    all[n - 1]?.group === entry.group ? [{ entry }] : [{ title: entry.group }, { entry }],
  )
}

/** Index of the mnemonic so many entries away from one, stopping at the ends; the first where there is none yet. */
export function moved(rows: readonly Row[], from: number, by: number): number {
  const at = rows.flatMap((r, n) => ('entry' in r ? [n] : []))
  const now = at.indexOf(from)
  return at[now < 0 ? 0 : Math.min(at.length - 1, Math.max(0, now + by))] ?? -1
}
