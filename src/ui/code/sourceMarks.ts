/** What guest.s shows beside its lines: the NIP cursor and the breakpoints. */
import type { MachineView } from '../../emu/worker/protocol.ts'
import { conditional } from './breakpointList.ts'
import { cursorsOf, isAt } from './cursors.ts'
import { type LineMap, lineNow } from './lineMap.ts'

export interface SourceMarks {
  nip: { line: number; tag: string } | null
  /** Where other vCPUs stand. */
  others: { line: number; tag: string }[]
  breakpoints: { line: number; address: bigint; enabled: boolean; conditional?: boolean }[]
}

/** With `map`, in lines of the text now; a line that was deleted has no marks. Without, in lines of the text that was loaded. */
export function sourceMarks(view: MachineView | null, map?: LineMap): SourceMarks {
  const program = view?.program
  if (!view || program?.kind !== 'source') return { nip: null, others: [], breakpoints: [] }
  const now = (line: number) => (map ? lineNow(map, line) : line)
  const cursors = [...cursorsOf(view)]
  const breakpoints: SourceMarks['breakpoints'] = []
  const others: SourceMarks['others'] = []
  let nip: SourceMarks['nip'] = null
  const own = new Map(view.breakpoints.filter(b => b.setBy === 'you' && b.kind === 'software').map(b => [b.address, b]))
  for (const { line, address } of program.lines) {
    const breakpoint = own.get(address)
    const here = cursors.filter(([at]) => isAt(address, at)).map(([, cursor]) => cursor)
    if (breakpoint === undefined && here.length === 0) continue
    const at = now(line)
    if (at === null) continue
    for (const { tag, shown } of here) {
      if (shown) nip = { line: at, tag }
      else others.push({ line: at, tag })
    }
    if (breakpoint)
      breakpoints.push({ line: at, address, enabled: breakpoint.enabled, ...(conditional(breakpoint) && { conditional: true }) })
  }
  return { nip, others, breakpoints }
}

/** Equal marks need no new drawing: while running, most views differ in other things. */
export const sameMarks = (a: SourceMarks, b: SourceMarks): boolean =>
  a.nip?.line === b.nip?.line &&
  a.nip?.tag === b.nip?.tag &&
  a.others.length === b.others.length &&
  a.others.every((x, i) => x.line === b.others[i]!.line && x.tag === b.others[i]!.tag) &&
  a.breakpoints.length === b.breakpoints.length &&
  a.breakpoints.every(
    (x, i) =>
      x.line === b.breakpoints[i]!.line &&
      x.enabled === b.breakpoints[i]!.enabled &&
      x.conditional === b.breakpoints[i]!.conditional &&
      x.address === b.breakpoints[i]!.address,
  )
