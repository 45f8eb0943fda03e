/** Breakpoints as the page lists them: the user's, the controller's words, and what the guest has in CIABR and DAWR. */
import type { Goal } from '../debug/breakpoint.ts'
import { identity } from '../debug/breakpoint.ts'
import { readRegister } from '../debug/registers.ts'
import type { Session } from '../debug/session.ts'
import { siteOf } from '../debug/stop-check.ts'
import { CIABR, DAWRX, getField } from '../isa/bitfields.ts'
import { decode } from '../isa/instructions.ts'
import type { EffectiveAddress, VcpuId } from '../isa/units.ts'
import type { BreakpointView, Commands } from './protocol.ts'

type SymbolAt = (address: EffectiveAddress) => string | null

export function breakpointViews(session: Session, symbolAt: SymbolAt): BreakpointView[] {
  const own = session.stops.specs.map((spec): BreakpointView => {
    const { kind, address, enabled, condition } = spec
    const hits = session.stops.hits.get(identity(spec)) ?? 0
    return { kind, address, symbol: symbolAt(address), enabled, setBy: 'you', condition, hits, spec, site: siteOf(spec) }
  })
  const { step } = session.hypervisor.state
  const planted = (step?.planted ?? []).map(
    (p): BreakpointView => ({
      ...nobodys('software', p.at, symbolAt),
      setBy: 'hypervisor',
      condition: `step on vCPU ${step!.vcpu}${p.overlay ? ', in the fetch overlay' : ''}`,
    }),
  )
  return [...own, ...planted, ...guests(session, symbolAt)]
}

const nobodys = (kind: BreakpointView['kind'], address: EffectiveAddress, symbolAt: SymbolAt) => ({
  kind,
  address,
  symbol: symbolAt(address),
  enabled: true,
  hits: null,
})

const privileges = ['off', 'problem state', 'privileged', 'hypervisor'] as const

function guests(session: Session, symbolAt: SymbolAt): BreakpointView[] {
  return session.core.vcpus.flatMap(({ id, state }) => {
    const [ciabr, dawrx] = [state.get('CIABR'), state.get('DAWRX0')]
    const rows: BreakpointView[] = []
    const privilege = Number(getField(CIABR, 'PRIV', ciabr))
    if (privilege)
      rows.push({ ...nobodys('CIABR', ciabr & ~3n, symbolAt), setBy: 'guest', condition: `vCPU ${id}, ${privileges[privilege]}` })
    const [reads, writes] = [(dawrx & DAWRX.mask.DR) !== 0n, (dawrx & DAWRX.mask.DW) !== 0n]
    if (reads || writes) {
      const bytes = 8n * (getField(DAWRX, 'MRD', dawrx) + 1n)
      const access = reads && writes ? 'accesses' : reads ? 'reads' : 'writes'
      rows.push({
        ...nobodys('DAWR', state.get('DAWR0') & ~7n, symbolAt),
        setBy: 'guest',
        condition: `vCPU ${id}, ${access} of ${bytes} bytes`,
      })
    }
    return rows
  })
}

/** Links, so that the run comes back behind it. */
const systemCalls = new Set(['sc', 'scv'])

/** Where the run is to end; null where one boundary does it. */
export function goalOf(session: Session, asked: Commands['runTo']['arguments']): Goal | null {
  const vcpu = session.vcpuShown
  switch (asked.to) {
    case 'over':
      return overGoal(session, vcpu)
    case 'out':
      return { kind: 'return', vcpu }
    case 'interrupt return':
      return { kind: 'interrupt return', vcpu }
    case 'address':
      return { kind: 'address', address: asked.address & ~3n, vcpu: null, stack: null }
  }
}

/** Null where the instruction calls nothing. */
function overGoal(session: Session, id: VcpuId): Goal | null {
  const vcpu = session.vcpu(id)
  const nip = vcpu.state.get('NIP')
  const word = vcpu.wordAt(nip)
  const instruction = typeof word === 'number' ? decode(word) : null
  if (!instruction || typeof word !== 'number') return null
  const links = instruction.trace === 'branch' && (word & 1) === 1 && instruction.flags.LK
  if (!links && !systemCalls.has(instruction.base)) return null
  return { kind: 'address', address: nip + 4n, vcpu: id, stack: readRegister(vcpu.state, 'r1')! }
}
