/** How a breakpoint's columns read. */
import type { BreakpointView } from '../../../emu/worker/protocol.ts'

export const kindText: Record<BreakpointView['kind'], string> = { software: 'Software', CIABR: 'CIABR', DAWR: 'DAWR' }
export const setByText: Record<BreakpointView['setBy'], string> = { you: 'you', hypervisor: 'Hypervisor', guest: 'guest' }

/** Why a breakpoint cannot be changed here; null when it can. */
export function fixed(b: Pick<BreakpointView, 'setBy' | 'kind'>): string | null {
  if (b.setBy === 'hypervisor') return 'Set by the step controller, which takes it back when the step is over.'
  if (b.setBy === 'guest') return `Set by the guest in its ${b.kind}. Change the register in State.`
  return b.kind === 'software' ? null : `Set in the ${b.kind}. Change the register in State.`
}

/** The user's own first, as a list to work on; then what others set. Each in the order of addresses. */
export const ordered = (all: readonly BreakpointView[]): BreakpointView[] =>
  [...all].sort(
    (a, b) => Number(fixed(a) !== null) - Number(fixed(b) !== null) || (a.address < b.address ? -1 : a.address > b.address ? 1 : 0),
  )
