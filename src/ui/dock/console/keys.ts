/** Whose a key is that is pressed in the terminal: the guest's, but for those that the page and the browser keep. */

export interface TerminalPress {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

export interface Around {
  /** Text is selected: Ctrl C copies it. */
  readonly selection: boolean
  /** Escape was the key before, and waits. */
  readonly escaped: boolean
  /** The press is a command of the page that works everywhere. */
  readonly command: boolean
}

/**
 * `guest`: it is sent, after the Escape that waits. `page`: neither terminal nor guest see it. `find`: to the field of the console.
 * `escape`: it waits for the next key, so that leaving by Escape and Tab types nothing.
 */
export type Owner = 'guest' | 'page' | 'find' | 'escape' | 'modifier'

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'])
/** Paste, and the browser's zoom. */
const BROWSER = new Set(['v', '+', '-', '=', '0'])

export function ownerOf(e: TerminalPress, { selection, escaped, command }: Around): Owner {
  if (MODIFIERS.has(e.key)) return 'modifier'
  if (command || e.metaKey || /^F\d+$/.test(e.key)) return 'page'
  if (e.key === 'Tab') return escaped ? 'page' : 'guest'
  if (e.key === 'Escape' && !escaped && !e.ctrlKey && !e.altKey && !e.shiftKey) return 'escape'
  if (!e.ctrlKey || e.altKey) return 'guest'
  const key = e.key.toLowerCase()
  if (e.shiftKey || BROWSER.has(key)) return 'page'
  if (key === 'c') return selection ? 'page' : 'guest'
  return key === 'f' ? 'find' : 'guest'
}

/** As serial ports of guests read it: Enter ends a line with a line feed, however the terminal says it. */
export const asTyped = (data: string): string => data.replaceAll('\r', '\n')
