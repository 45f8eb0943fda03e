/** The keys of commands: those of the table, but for what the user changed (WCAG 2.1.4). Kept by this browser. */
import { create } from 'zustand'
import { type CommandRow, commandNamed, commands } from './commands.ts'
import { recall, remember } from './remembered.ts'

const KEY = 'keys'

/** By id of the command: its key as `keyOf` writes it, or a pair; null for none. */
export type OwnKeys = Readonly<Record<string, string | null>>

/** What Tab, Enter, Esc and the arrows do is not given away, nor what belongs to the browser or to editing. */
const TAKEN = /^(Shift )?(Tab|Enter|Escape|Arrow\w+|Home|End|Page\w+|Backspace|Delete|Insert|ContextMenu|F1|F3|F5|F7|F9|F1[0-2])$/
const WITH_CONTROL = /^Ctrl (B|I|K|[.,])$/
const NOT_A_KEY = /^(Shift |Ctrl )*(Shift|Control|Alt|Meta|AltGraph|CapsLock|NumLock|Dead|Unidentified|Process)$/
/** These mean the same in a code panel, Memory or a field, whatever is chosen here: no other command has them. */
const THEIR_OWN: Readonly<Record<string, string>> = { F9: 'breakpoint', 'Shift F9': 'breakpoint.condition', 'Ctrl Z': 'edit.undo' }

/** Whether a press is no key by itself. */
export const isModifier = (key: string): boolean => NOT_A_KEY.test(key)

/** A key that a command may have: a single one, or the second of a pair. */
export function bindable(key: string, command: string): boolean {
  if (Object.hasOwn(THEIR_OWN, key)) return command === THEIR_OWN[key]
  return key.length <= 40 && !TAKEN.test(key) && !isModifier(key) && (!key.startsWith('Ctrl ') || WITH_CONTROL.test(key))
}

/** What was stored, if it is such; commands that are no more are left out, and keys that cannot be given. */
export function readKeys(text: string | null): OwnKeys {
  try {
    const read: unknown = JSON.parse(text ?? '{}')
    if (typeof read !== 'object' || read === null) return {}
    const isOne = ([id, key]: [string, unknown]): boolean =>
      commands.some(c => c.id === id) &&
      (key === null || (typeof key === 'string' && key.split(' then ').length <= 2 && key.split(' then ').every(k => bindable(k, id))))
    return Object.fromEntries(Object.entries(read).filter(isOne))
  } catch {
    return {}
  }
}

export const useKeymap = create<{ own: OwnKeys }>(() => ({ own: readKeys(recall(KEY)) }))

/** The key of a command now. */
export const keyIn = (own: OwnKeys, row: Pick<CommandRow, 'id' | 'key'>): string | null =>
  Object.hasOwn(own, row.id) ? own[row.id]! : row.key
export const useKeyOf = (id: string): string | null => useKeymap(k => keyIn(k.own, commandNamed(id)))

export interface Keys {
  readonly byKey: ReadonlyMap<string, CommandRow>
  /** Keys that begin a pair: "C then O". */
  readonly prefixes: ReadonlySet<string>
}

export function keysWith(own: OwnKeys): Keys {
  const entries = commands.flatMap(row => {
    const key = keyIn(own, row)
    return key === null ? [] : [[key, row] as const]
  })
  return {
    byKey: new Map(entries),
    prefixes: new Set(entries.flatMap(([key]) => (key.includes(' then ') ? [key.split(' then ')[0]!] : []))),
  }
}

let last: { own: OwnKeys; keys: Keys } | null = null
export function keysNow(): Keys {
  const { own } = useKeymap.getState()
  if (last?.own !== own) last = { own, keys: keysWith(own) }
  return last.keys
}

/** Of the keys that are now: those that could not be told from this one. */
export function inTheWay(own: OwnKeys, key: string, command: string): CommandRow[] {
  const first = key.split(' then ')[0]!
  return commands.filter(row => {
    const has = row.id === command ? null : keyIn(own, row)
    return has !== null && (has === key || has === first || has.startsWith(`${key} then `))
  })
}

/** Differences to the table alone. */
function put(own: OwnKeys): void {
  const differing = Object.fromEntries(Object.entries(own).filter(([id, key]) => commandNamed(id).key !== key))
  useKeymap.setState({ own: differing })
  remember(KEY, JSON.stringify(differing))
}

/** Gives the command the key, and takes it from those that had it. Null takes the command's key away. */
export function setKey(command: string, key: string | null): void {
  const { own } = useKeymap.getState()
  const without = key === null ? [] : inTheWay(own, key, command).map(row => [row.id, null] as const)
  put({ ...own, ...Object.fromEntries(without), [command]: key })
}

export const resetKeys = (): void => put({})
