/** Tabs of the source files that an ELF's line table names. */
import type { MachineView, SourceFileView } from '../../emu/worker/protocol.ts'
import type { SourceMarks } from './sourceMarks.ts'

export type FileTabId = `file:${number}`

export const fileTab = (file: number): FileTabId => `file:${file}`

/** The index of the file that a tab is of; null for the other tabs. */
export const fileOfTab = (tab: string): number | null => (tab.startsWith('file:') ? Number(tab.slice(5)) : null)

/** More are in a menu. The other tabs and the tools beside them need this much of the header, a file's tab that much, in px. */
const MOST_TABS = 3
const [OTHERS, TAB] = [360, 80]

export const tabsThatFit = (width: number): number => Math.min(MOST_TABS, Math.max(1, Math.floor((width - OTHERS) / TAB)))

/**
 * Files that have a tab, in the table's order: the one chosen; before the others those whose text is here, and of each kind the one that NIP
 * is in.
 */
export function shownFiles(files: readonly SourceFileView[], nip: number | null, chosen: number | null, most: number): number[] {
  const rank = (n: number): number => (n === chosen ? 0 : 1 + (files[n]!.attached ? 0 : 2) + (n === nip ? 0 : 1))
  const order = files.map((_, n) => n).sort((a, b) => rank(a) - rank(b) || a - b)
  return order.slice(0, most).sort((a, b) => a - b)
}

/** The name of each file, told apart by its path where another file has the same. */
export function labels(files: readonly SourceFileView[]): string[] {
  const counts = new Map<string, number>()
  for (const { name } of files) counts.set(name, (counts.get(name) ?? 0) + 1)
  return files.map(({ name, path }) => (counts.get(name)! > 1 ? path : name))
}

export type CodeLines = readonly { line: number; address: bigint }[]

/** The cursor and the own breakpoints on the lines of a file. A line has a mark once, enabled where one of its breakpoints is. */
export function fileMarks(view: MachineView | null, file: number, lines: CodeLines): SourceMarks {
  if (!view) return { nip: null, others: [], breakpoints: [] }
  const own = new Map(view.breakpoints.filter(b => b.setBy === 'you' && b.kind === 'software').map(b => [b.address, b.enabled]))
  const marks = new Map<number, SourceMarks['breakpoints'][number]>()
  for (const { line, address } of own.size ? lines : []) {
    const enabled = own.get(address)
    if (enabled === undefined) continue
    const before = marks.get(line)
    marks.set(line, before ? { ...before, enabled: before.enabled || enabled } : { line, address, enabled })
  }
  const here = view.source?.file === file ? view.source.line : null
  return { nip: here === null ? null : { line: here, tag: `vCPU ${view.state.vcpu}` }, others: [], breakpoints: [...marks.values()] }
}

/** The line itself, else the next one that has code, with all its addresses; null when there is none. */
export function addressesForLine(lines: CodeLines, line: number): { line: number; addresses: bigint[] } | null {
  let found: number | null = null
  for (const l of lines) if (l.line >= line && (found === null || l.line < found)) found = l.line
  return found === null ? null : { line: found, addresses: lines.flatMap(l => (l.line === found ? [l.address] : [])) }
}
