/** Whether a breakpoint can be, and how its place reads. */
import type { Core } from '../core/core.ts'
import { interruptIds, interrupts } from '../isa/interrupts.ts'
import { atAddress, type BreakpointSpec, onAccess } from './breakpoint.ts'

const hex = (v: bigint | number): string => `0x${v.toString(16)}`
const STAYS = 'Nothing was changed.'
/** Registers that every boundary changes. */
const restless = new Set(['tb', 'vtb', 'purr', 'spurr', 'ic', 'dec', 'hdec', 'nip', 'pc'])
/** Bytes that a DAWR matches at most. Book III, 8.4. */
const DAWR_BYTES = 512

/** Where it stops, as it reads behind "Breakpoint". */
export function siteOf(b: BreakpointSpec): string {
  switch (b.kind) {
    case 'software':
      return `at ${hex(b.address)}`
    case 'CIABR':
      return `in hardware at ${hex(b.address)}`
    case 'DAWR':
    case 'watch':
      return `on ${{ read: 'reads', write: 'writes', access: 'accesses' }[b.access]} of ${hex(b.address)} (${b.length} byte${b.length === 1 ? '' : 's'})${b.kind === 'DAWR' ? ', in hardware' : ''}`
    case 'vector': {
      const id = interruptIds.find(i => interrupts[i].vector === b.number)
      return b.number === null ? 'on any interrupt' : `on vector ${hex(b.number)}${id ? ` (${interrupts[id].name})` : ''}`
    }
    case 'register':
      return `on a change of ${b.register}`
    case 'hypercall':
      return b.number === null ? 'on any hypercall' : `on hypercall ${hex(b.number)}`
    case 'entry':
      return 'on VM entry'
    case 'exit':
      return 'on VM exit'
  }
}

/** Why there cannot be one of these, with what to do; null where there can. */
export function problemOf(b: BreakpointSpec, all: readonly BreakpointSpec[], core: Core): string | null {
  if (b.vcpu !== null && !core.vcpus[b.vcpu]) return `There is no vCPU ${b.vcpu}. ${STAYS}`
  if (!Number.isInteger(b.ignore) || b.ignore < 0) return `Hits to pass over are a number from 0 on, not ${b.ignore}. ${STAYS}`
  if (atAddress.has(b.kind) && b.address % 4n !== 0n)
    return `${hex(b.address)} is not the address of an instruction: it is no multiple of 4. ${STAYS}`
  if (onAccess.has(b.kind) && (!Number.isInteger(b.length) || b.length < 1 || b.length > 0x1000_0000))
    return `A watch has from 1 byte to 256 MiB, not ${b.length}. ${STAYS}`
  if (b.kind === 'vector' && b.number !== null && !interruptIds.some(i => interrupts[i].vector === b.number))
    return `${hex(b.number)} is no vector. Choose one of the list, or any. ${STAYS}`
  if (b.kind === 'register' && !/^\$?\w+(\.\w+)?$/.test(b.register)) return `Name a register or a field, as LPCR or MSR.SE. ${STAYS}`
  if (b.kind === 'register' && restless.has(b.register.replace('$', '').toLowerCase()))
    return `${b.register} changes at every boundary. Use a condition instead. ${STAYS}`
  return b.enabled ? hardwareProblem(b, all, core) : null
}

function hardwareProblem(b: BreakpointSpec, all: readonly BreakpointSpec[], core: Core): string | null {
  if (b.kind !== 'CIABR' && b.kind !== 'DAWR') return null
  const other = b.kind === 'CIABR' ? 'software breakpoint' : 'watch'
  if (all.filter(o => o.kind === b.kind && o.enabled).length > 1)
    return `A vCPU has one ${b.kind}, and a breakpoint is in it. Disable that one, or set a ${other}. ${STAYS}`
  const used = core.vcpus.find(v => (b.kind === 'CIABR' ? v.ciabrAddress() !== null : v.state.get('DAWRX0') !== 0n))
  if (used) return `The guest uses the ${b.kind} of vCPU ${used.id}. Set a ${other}, which needs no register. ${STAYS}`
  if (b.kind === 'DAWR' && (b.address % 8n !== 0n || b.length % 8 !== 0 || b.length > DAWR_BYTES))
    return `A DAWR matches whole doublewords, at most ${DAWR_BYTES} bytes of them. Align address and length to 8, or set a watch. ${STAYS}`
  return null
}
