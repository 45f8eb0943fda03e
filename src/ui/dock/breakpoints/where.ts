/** How a breakpoint's columns read. */
import type { BreakpointView } from '../../../emu/worker/protocol.ts'
import { hex } from '../../code/address.ts'
import { kinds } from './draft.ts'

export const kindText = (kind: BreakpointView['kind']): string => kinds[kind].title
export const setByText: Record<BreakpointView['setBy'], string> = { you: 'you', hypervisor: 'Hypervisor', guest: 'guest' }

/** Why a breakpoint cannot be changed here; null when it can. */
export function fixed(b: Pick<BreakpointView, 'setBy' | 'kind'>): string | null {
  if (b.setBy === 'hypervisor') return 'Set by the step controller, which takes it back when the step is over.'
  if (b.setBy === 'guest') return `Set by the guest in its ${b.kind}. Change the register in State.`
  return null
}

/** Kinds whose place is an address. */
const placed: ReadonlySet<BreakpointView['kind']> = new Set(['software', 'CIABR', 'DAWR', 'watch'])
export const hasAddress = (b: Pick<BreakpointView, 'kind'>): boolean => placed.has(b.kind)

/** Where it stops: an address with its symbol, or on what. */
export function whereOf(b: BreakpointView): string {
  const at = `${hex(b.address)}${b.symbol ? ` ${b.symbol}` : ''}`
  if (!hasAddress(b)) return b.site ?? ''
  const { spec } = b
  return spec && (b.kind === 'watch' || b.kind === 'DAWR')
    ? `${at}, ${{ read: 'reads', write: 'writes', access: 'accesses' }[spec.access]} of ${spec.length} byte${spec.length === 1 ? '' : 's'}`
    : at
}

/** Its conditions: what holds, hits passed over, vCPU, and what is logged. */
export function conditionOf(b: BreakpointView): string {
  const { spec } = b
  if (!spec) return b.condition ?? ''
  const parts = [
    spec.condition,
    spec.privilege !== 'any' && (spec.privilege === 'problem' ? 'in problem state' : 'privileged'),
    spec.vcpu !== null && `vCPU ${spec.vcpu}`,
    spec.ignore > 0 && `after ${spec.ignore} hit${spec.ignore === 1 ? '' : 's'}`,
    spec.log && `logs "${spec.log}"`,
  ]
  return parts.filter(Boolean).join('; ')
}

/** The user's own first, as a list to work on; then what others set. Each in the order of addresses. */
export const ordered = (all: readonly BreakpointView[]): BreakpointView[] =>
  [...all].sort(
    (a, b) => Number(fixed(a) !== null) - Number(fixed(b) !== null) || (a.address < b.address ? -1 : a.address > b.address ? 1 : 0),
  )
