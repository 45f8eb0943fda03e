/** One vCPU's registers as the page shows them: physical, guest view, what changed since, hints. */
import { disassemble } from '../asm/disassemble.ts'
import { ailOf } from '../core/interrupt-entry.ts'
import { readRegisters } from '../debug/registers.ts'
import type { Session } from '../debug/session.ts'
import { guestView } from '../hypervisor/guest-view.ts'
import { MSR } from '../isa/bitfields.ts'
import { interrupts, vectorAddress } from '../isa/interrupts.ts'
import type { StateView } from './protocol.ts'

export type SymbolAt = (address: bigint) => string | null

const roles: Readonly<Record<string, string>> = { r1: 'stack', r2: 'TOC', r13: 'thread' }
const addressRegisters = ['NIP', 'LR', 'CTR', 'SRR0', 'HSRR0', 'CFAR', 'SIAR', 'DAR']
const SMALL = 1_000_000n

function hintsOf(registers: Record<string, bigint>, symbolAt: SymbolAt): Record<string, string> {
  const hints: Record<string, string> = {}
  for (const name of addressRegisters) {
    const symbol = registers[name] ? symbolAt(registers[name]!) : null
    if (symbol) hints[name] = symbol
  }
  for (let n = 0; n < 32; n++) {
    const value = registers[`r${n}`]!
    if (value === 0n) continue
    const signed = BigInt.asIntN(64, value)
    const symbol = symbolAt(value)
    const role = roles[`r${n}`]
    if (symbol) hints[`r${n}`] = symbol
    else if (role) hints[`r${n}`] = role
    else if (signed > -SMALL && signed < SMALL) hints[`r${n}`] = signed.toString()
  }
  return hints
}

function differencesOf(physical: Record<string, bigint>, guest: Record<string, bigint>): string[] {
  const out: string[] = []
  if (guest.MSR !== undefined) {
    for (const bit of MSR.bits) {
      const mask = (MSR.mask as Readonly<Record<string, bigint>>)[bit.name]!
      const [a, b] = [physical.MSR! & mask, guest.MSR & mask]
      if (a === b) continue
      const by = bit.name === 'SE' ? 'Set by outside.' : 'The processor is in the Trace handler on behalf of outside.'
      out.push(`${bit.name} differs: ${a ? 1 : 0} in the processor, ${b ? 1 : 0} for the guest. ${by}`)
    }
  }
  for (const [name, value] of Object.entries(guest))
    if (name !== 'MSR') out.push(`${name} differs: the guest should see 0x${value.toString(16)}.`)
  return out
}

/** Of any vCPU. Throws RangeError. */
export function registersOf({ core }: Session, vcpu: number): Record<string, bigint> {
  const one = core.vcpus[vcpu]
  if (!one) throw new RangeError(`There is no vCPU ${vcpu}: the machine has ${core.vcpus.length}.`)
  return readRegisters(one.state)
}

export function stateView(session: Session, symbolAt: SymbolAt): StateView {
  const vcpu = session.vcpu()
  const { state } = vcpu
  const registers = readRegisters(state)
  const { point } = session.baseline
  const guest = guestView(vcpu, session.hypervisor.state)
  const nip = state.get('NIP')
  const word = vcpu.wordAt(nip)
  const lpcr = state.get('LPCR')
  const trace = vectorAddress(interrupts.trace, { msr: state.get('MSR'), lpcr })
  return {
    vcpu: vcpu.id,
    registers,
    guest,
    differences: differencesOf(registers, guest),
    baseline: { event: point.event, kind: session.baseline.kind, registers: point.registers(vcpu.id) },
    hints: hintsOf(registers, symbolAt),
    ail: {
      value: ailOf(lpcr),
      vector: BigInt(interrupts.trace.vector),
      address: trace.address,
      reason: trace.applied ? null : trace.reason,
    },
    next: typeof word === 'number' ? disassemble(word, nip, { symbol: symbolAt }).text.replace(/\s+/g, ' ') : 'not mapped for fetch',
    externalLine: vcpu.externalLine,
  }
}
