/** Breakpoints as the page lists them: the user's, and the controller's words. */
import type { Session } from '../debug/session.ts'
import type { BreakpointView } from './protocol.ts'
import type { SymbolAt } from './state-view.ts'

export interface UserBreakpoint {
  address: bigint
  enabled: boolean
  hits: number
}

export function breakpointViews(session: Session, own: readonly UserBreakpoint[], symbolAt: SymbolAt): BreakpointView[] {
  const { step } = session.hypervisor.state
  return [
    ...own.map(b => ({ ...b, kind: 'software' as const, symbol: symbolAt(b.address), setBy: 'you' as const, condition: null })),
    ...(step?.planted ?? []).map(p => ({
      kind: 'software' as const,
      address: p.at,
      symbol: symbolAt(p.at),
      enabled: true,
      setBy: 'hypervisor' as const,
      condition: `step on vCPU ${step!.vcpu}${p.overlay ? ', in the fetch overlay' : ''}`,
      hits: 0,
    })),
  ]
}
