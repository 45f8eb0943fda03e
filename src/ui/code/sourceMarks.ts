/** What guest.s shows beside its lines: the NIP cursor and the breakpoints. */
import type { MachineView } from '../../emu/worker/protocol.ts'
import { conditional } from './breakpointList.ts'
import { type LineMap, lineNow } from './lineMap.ts'

export interface SourceMarks {
  nip: { line: number; tag: string } | null
  breakpoints: { line: number; address: bigint; enabled: boolean; conditional?: boolean }[]
}

/** With `map`, in lines of the text now; a line that was deleted has no marks. Without, in lines of the text that was loaded. */
export function sourceMarks(view: MachineView | null, map?: LineMap): SourceMarks {
  const program = view?.program
  if (!view || program?.kind !== 'source') return { nip: null, breakpoints: [] }
  const now = (line: number) => (map ? lineNow(map, line) : line)
  const nip = view.state.registers.NIP
  const breakpoints: SourceMarks['breakpoints'] = []
  let nipLine: number | null = null
  const own = new Map(view.breakpoints.filter(b => b.setBy === 'you' && b.kind === 'software').map(b => [b.address, b]))
  for (const { line, address } of program.lines) {
    const breakpoint = own.get(address)
    const enabled = breakpoint?.enabled
    if (enabled === undefined && address !== nip) continue
    const at = now(line)
    if (at === null) continue
    if (address === nip) nipLine = at
    if (breakpoint)
      breakpoints.push({ line: at, address, enabled: breakpoint.enabled, ...(conditional(breakpoint) && { conditional: true }) })
  }
  return { nip: nipLine === null ? null : { line: nipLine, tag: `vCPU ${view.state.vcpu}` }, breakpoints }
}

/** Equal marks need no new drawing: while running, most views differ in other things. */
export const sameMarks = (a: SourceMarks, b: SourceMarks): boolean =>
  a.nip?.line === b.nip?.line &&
  a.nip?.tag === b.nip?.tag &&
  a.breakpoints.length === b.breakpoints.length &&
  a.breakpoints.every(
    (x, i) =>
      x.line === b.breakpoints[i]!.line &&
      x.enabled === b.breakpoints[i]!.enabled &&
      x.conditional === b.breakpoints[i]!.conditional &&
      x.address === b.breakpoints[i]!.address,
  )
