/** The user's own breakpoints as a list to send: the worker takes the whole list each time. */
import type { EffectiveAddress } from '../../emu/isa/units.ts'
import type { BreakpointSpec, BreakpointView, ProgramView } from '../../emu/worker/protocol.ts'

export interface OwnBreakpoint {
  address: EffectiveAddress
  enabled: boolean
}

export const ownBreakpoints = (all: readonly BreakpointView[]): OwnBreakpoint[] =>
  all.filter(b => b.setBy === 'you' && b.kind === 'software').map(({ address, enabled }) => ({ address, enabled }))

const without = (own: readonly OwnBreakpoint[], address: EffectiveAddress): OwnBreakpoint[] => own.filter(b => b.address !== address)

/** Adds the address, or takes it away where there is one, enabled or not. */
export const toggled = (own: readonly OwnBreakpoint[], address: EffectiveAddress): OwnBreakpoint[] =>
  own.some(b => b.address === address) ? without(own, address) : [...own, { address, enabled: true }]

/** Takes all of the addresses away where one of them has a breakpoint, else adds each. */
export const toggledAll = (own: readonly OwnBreakpoint[], addresses: readonly EffectiveAddress[]): OwnBreakpoint[] => {
  const others = own.filter(b => !addresses.includes(b.address))
  return others.length < own.length ? others : [...others, ...addresses.map(address => ({ address, enabled: true }))]
}

/** Of every kind. */
export const ownSpecs = (all: readonly BreakpointView[]): BreakpointSpec[] => all.flatMap(b => b.spec ?? [])

/** The same kind at the same place. */
export const samePlace = (a: BreakpointSpec, b: BreakpointSpec): boolean =>
  (['kind', 'address', 'length', 'access', 'number', 'register', 'vcpu', 'privilege'] as const).every(k => a[k] === b[k])

/** Whether a breakpoint at the address stops always, under a condition, or writes a log. */
export const conditional = (b: Pick<BreakpointView, 'spec'>): boolean =>
  !!b.spec && (b.spec.condition !== null || b.spec.ignore > 0 || b.spec.log !== null || b.spec.vcpu !== null)

/** Where a breakpoint asked for on a line comes to lie: on the line itself, else on the next line that has an address. */
export function addressForLine(lines: ProgramView['lines'], line: number): { line: number; address: EffectiveAddress } | null {
  let best: ProgramView['lines'][number] | null = null
  for (const l of lines) {
    if (l.line < line) continue
    if (!best || l.line < best.line || (l.line === best.line && l.address < best.address)) best = l
  }
  return best
}
