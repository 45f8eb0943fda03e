/** What a serial port's characters look like on a page that is no terminal. */

/** A guest that prints for ever keeps the page quick: the log shows its end. */
export const MOST_CHARACTERS = 100_000

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with the control character itself
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g

/** Terminal escapes go, carriage returns end lines, other control characters show as their pictures. */
export function printable(text: string): string {
  return text
    .replace(/\r+\n?/g, '\n')
    .replace(ESCAPES, '')
    .replace(CONTROLS, c => (c === '\x7f' ? '\u2421' : String.fromCharCode(0x2400 + c.charCodeAt(0))))
}

/** The end of the text, from the start of a line on, and whether anything is left out. */
export function tail(text: string): { text: string; cut: boolean } {
  if (text.length <= MOST_CHARACTERS) return { text, cut: false }
  const from = text.length - MOST_CHARACTERS
  const line = text.indexOf('\n', from)
  return { text: text.slice(line < 0 ? from : line + 1), cut: true }
}
