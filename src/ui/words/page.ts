/** A document of the product as HTML: Markdown with tables, its headings below the page's own. */
import { htmlOf } from '../lesson/markdown.ts'

const isRow = (line: string): boolean => /^\|.*\|$/.test(line.trim())
const isRule = (line: string): boolean => /^\|(\s*:?-+:?\s*\|)+$/.test(line.trim())
const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map(cell => htmlOf(cell.trim().replaceAll('\\|', '|')).replace(/^<p>|<\/p>$/g, ''))

function tableOf(lines: readonly string[]): string {
  const [head, , ...rows] = lines
  const cells = (line: string, tag: string) => cellsOf(line).map(c => (tag === 'th' ? `<th scope="col">${c}</th>` : `<td>${c}</td>`))
  return `<table><thead><tr>${cells(head!, 'th').join('')}</tr></thead><tbody>${rows.map(r => `<tr>${cells(r, 'td').join('')}</tr>`).join('')}</tbody></table>`
}

/** Cut where tables begin and end, outside of code. */
function parts(markdown: string): { table: boolean; lines: string[] }[] {
  const found: { table: boolean; lines: string[] }[] = []
  const lines = markdown.split('\n')
  let fence: string | null = null
  lines.forEach((line, n) => {
    const mark = /^(`{3,})/.exec(line)?.[1]
    if (mark && fence === null) fence = mark
    else if (mark && line.trim() === fence) fence = null
    const last = found.at(-1)
    const begins = fence === null && isRow(line) && isRule(lines[n + 1] ?? '')
    const table = begins || (last?.table === true && fence === null && isRow(line))
    if (last && last.table === table && !begins) last.lines.push(line)
    else found.push({ table, lines: [line] })
  })
  return found
}

export const pageOf = (markdown: string): string =>
  parts(markdown)
    .map(p => (p.table ? tableOf(p.lines) : htmlOf(p.lines.join('\n'))))
    .join('\n')
    .replace(/<(\/?)h([1-4])>/g, (_, end: string, level: string) => `<${end}h${Number(level) + 2}>`)
