/** Widths of labels without touching layout: each character is measured once, a label is their sum. */
export type Measure = (text: string) => number

/** Font of the labels in the blocks, as the canvas wants it; the same as in timeline.css. */
export const LABEL_FONT =
  '500 10.5px "IBM Plex Sans Condensed", "IBM Plex Sans", "Arial Narrow", "Roboto Condensed", "DejaVu Sans Condensed", sans-serif'

export function measureBy(widthOf: (character: string) => number): Measure {
  const widths = new Map<string, number>()
  return text => {
    let sum = 0
    for (const character of text) {
      let w = widths.get(character)
      if (w === undefined) widths.set(character, (w = widthOf(character)))
      sum += w
    }
    return sum
  }
}

/** Measures with a canvas that is never shown; null where there is none. */
export function canvasMeasure(font = LABEL_FONT): Measure | null {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return null
  context.font = font
  return measureBy(c => context.measureText(c).width)
}

/** Longest one-line label in pixels; longer ones that have a space stand in two lines. */
const ONE_LINE = 76

/** The label as one line, or as two of about the same width. */
export function labelLines(label: string, measure: Measure): string[] {
  if (measure(label) <= ONE_LINE) return [label]
  let best = [label]
  let bestWidth = Infinity
  for (let i = label.indexOf(' '); i > 0; i = label.indexOf(' ', i + 1)) {
    const lines = [label.slice(0, i), label.slice(i + 1)]
    const width = Math.max(...lines.map(measure))
    if (width < bestWidth) {
      bestWidth = width
      best = lines
    }
  }
  return best
}

/** The text, or its beginning with an ellipsis, or nothing where not even that fits. */
export function fitted(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text
  const room = width - measure('…')
  let end = 0
  for (let sum = 0; end < text.length; end++) {
    sum += measure(text[end]!)
    if (sum > room) break
  }
  return end < 2 ? '' : `${text.slice(0, end).trimEnd()}…`
}
