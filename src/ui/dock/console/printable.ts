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
export function tail(text: string, most = MOST_CHARACTERS): { text: string; cut: boolean } {
  if (text.length <= most) return { text, cut: false }
  const from = text.length - most
  const line = text.indexOf('\n', from)
  return { text: text.slice(line < 0 ? from : line + 1), cut: true }
}

/** Printed lines with where each begins in the output: a line keeps its place while others come, so that it is said once. */
export function printedLines(output: string, from: number, most: number): { at: number; text: string }[] {
  const { text } = tail(output.slice(from), most)
  let at = output.length - text.length
  return text.split('\n').map(line => {
    const row = { at, text: printable(line.replace(/\r+$/, '')) }
    at += line.length + 1
    return row
  })
}
