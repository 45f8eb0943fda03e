/** Keys: from an event to a command. Single letters act only outside editors and fields (WCAG 2.1.4). */
import { useEffect } from 'react'
import { runCommand } from './commands.ts'
import { typedAhead, useDialogs } from './dialogs.ts'
import { type Keys, keysNow } from './keymap.ts'
import { useLetters } from './letters.ts'

export interface Press {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

const named: Readonly<Record<string, string>> = { ' ': 'Space', '{': 'Shift [', '}': 'Shift ]' }

/** The press as the command table writes it; null for keys that are never bound. */
export function keyOf(e: Press): string | null {
  if (e.altKey) return null
  const control = e.ctrlKey || e.metaKey
  const special = named[e.key]
  if (special && !control) return special === 'Space' && e.shiftKey ? 'Shift Space' : special
  const letter = e.key.length === 1
  const key = letter ? e.key.toUpperCase() : e.key
  const shift = e.shiftKey && (/^[A-Z[\]]$/.test(key) || !letter) ? 'Shift ' : ''
  return `${control ? 'Ctrl ' : ''}${shift}${key}`
}

/** The key as `aria-keyshortcuts` writes it; pairs cannot be said there. */
export function ariaKey(key: string | null): string | undefined {
  if (key === null || key.includes(' then ')) return undefined
  return key.replace('Ctrl', 'Control').replaceAll(' ', '+')
}

export interface Where {
  /** In an editor, console or field. */
  readonly typing: boolean
  /** A button, link, list or the like has the focus: Space is its own. */
  readonly pressable: boolean
  /** Single letters are commands here. */
  readonly letters: boolean
}

export type Meaning = { kind: 'command'; id: string } | { kind: 'prefix'; key: string } | null

/** What a press means, after `pending`, the first key of a pair. */
export function meaningOf(e: Press, where: Where, pending: string | null, { byKey, prefixes }: Keys = keysNow()): Meaning {
  const key = keyOf(e)
  const character = e.key.length === 1 && !e.ctrlKey && !e.metaKey
  if (key === null || (!where.letters && character)) return null
  if (pending !== null) {
    const row = byKey.get(`${pending} then ${key}`)
    return row && !where.typing ? { kind: 'command', id: row.id } : null
  }
  if (key.endsWith('Space') && where.pressable) return null
  const row = byKey.get(key)
  if (row && ((row.everywhere && !character) || !where.typing)) return { kind: 'command', id: row.id }
  return prefixes.has(key) && !where.typing ? { kind: 'prefix', key } : null
}

/** A command that the page keeps also where all else is typed. */
export const everywhere = (e: Press): boolean => meaningOf(e, { typing: true, pressable: false, letters: false }, null) !== null

const TYPING = 'input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select, [contenteditable], .monaco-editor'
const PRESSABLE = 'button, a, summary, input, [role=gridcell], [role=option], [role=radio], [role=tab], [role=menuitem], [role=slider]'
const PAIR_WITHIN = 1500

export function useKeyboard(): void {
  useEffect(() => {
    let pending: { key: string; until: number } | null = null
    const onKey = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.isComposing) return
      const target = e.target instanceof Element ? e.target : null
      if (target?.closest('[role=dialog], [role=alertdialog], [role=menu], [role=listbox].menu')) return
      const dialogs = useDialogs.getState()
      if (dialogs.open !== null || dialogs.question !== null) {
        if (e.ctrlKey || e.metaKey || e.altKey) return
        e.preventDefault()
        useDialogs.setState(typedAhead(dialogs, e.key))
        return
      }
      const where: Where = {
        typing: target?.closest(TYPING) != null,
        pressable: target?.closest(PRESSABLE) != null,
        letters: useLetters.getState().on,
      }
      const first = pending && performance.now() < pending.until ? pending.key : null
      pending = null
      const meaning = meaningOf(e, where, first)
      if (!meaning) return
      e.preventDefault()
      if (meaning.kind === 'prefix') pending = { key: meaning.key, until: performance.now() + PAIR_WITHIN }
      else runCommand(meaning.id)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
