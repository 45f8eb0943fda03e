/** Memory and disassembly of the state shown, through the vCPU's present translation, without side effects. */
import { disassemble } from '../asm/disassemble.ts'
import type { Session } from '../debug/session.ts'
import type { Planted } from '../hypervisor/step-state.ts'
import { interrupts, vectorAddress } from '../isa/interrupts.ts'
import type { DisassemblyRow, MemoryView, ProgramView } from './protocol.ts'
import type { SymbolAt } from './state-view.ts'

const PAGE = 4096n
const hex = (v: bigint): string => `0x${v.toString(16)}`

type Found = { real: number } | { fault: string }

function locate(session: Session, address: bigint, access: 'load' | 'fetch'): Found {
  const found = session.vcpu().translate(address, access, true)
  if (!('interrupt' in found)) return { real: Number(found.guestReal) }
  const on = session.vcpu().state.msr(access === 'fetch' ? 'IR' : 'DR')
  const how = on ? `${access === 'fetch' ? 'IR' : 'DR'} on` : 'real mode'
  const why = { noTranslation: 'no entry', dataSegment: 'outside the quadrant' }
  const reason =
    found.interrupt === 'dataSegment' || found.interrupt === 'instructionSegment'
      ? why.dataSegment
      : found.guestReal !== undefined
        ? 'beyond RAM'
        : why.noTranslation
  return { fault: `Not mapped: ${hex(address)} (${how}, ${reason})` }
}

const originalBytes = (p: Planted): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, p.original, p.little)
  return bytes
}

/** Bytes up to the end of the page that holds `address`; an address that is not mapped gives none, with the reason. */
export function memoryView(session: Session, address: bigint, count: number): MemoryView {
  const parts: number[] = []
  let first: number | null = null
  let fault: string | null = null
  let at = address
  while (parts.length < count) {
    const found = locate(session, at, 'load')
    if ('fault' in found) {
      fault = found.fault
      break
    }
    first ??= found.real
    const here = Math.min(count - parts.length, Number(PAGE - (at % PAGE)))
    parts.push(...session.core.read(found.real, here))
    at += BigInt(here)
  }
  const planted = (session.hypervisor.state.step?.planted ?? [])
    .filter(p => !p.overlay && first !== null && p.real >= first && p.real < first + parts.length)
    .map(p => ({ offset: p.real - first!, original: originalBytes(p) }))
  return { address, real: first === null ? null : BigInt(first), bytes: Uint8Array.from(parts), planted, fault }
}

export function disassemblyRows(
  session: Session,
  address: bigint,
  count: number,
  program: ProgramView | null,
  symbolAt: SymbolAt,
): DisassemblyRow[] {
  const vcpu = session.vcpu()
  const lines = new Map((program?.lines ?? []).map(l => [l.address, l.line]))
  const labels = new Map((program?.symbols ?? []).map(s => [s.address, s.name]))
  const entry = { msr: vcpu.state.get('MSR'), lpcr: vcpu.state.get('LPCR') }
  const trace = vectorAddress(interrupts.trace, entry)
  const planted = new Map((session.hypervisor.state.step?.planted ?? []).map(p => [p.real, p]))
  const little = vcpu.state.msr('LE')
  return Array.from({ length: count }, (_, n) => {
    const at = BigInt.asUintN(64, (address & ~3n) + BigInt(4 * n))
    const isTrace = at === trace.address
    const note = isTrace ? `0xd00, ${trace.applied ? `AIL ${trace.ail}` : 'AIL does not apply'}` : null
    const label = labels.get(at) ?? (isTrace ? 'trace vector' : null)
    const row = { address: at, label: label === null ? null : note ? `${label} (${note})` : label, line: lines.get(at) ?? null }
    const found = locate(session, at, 'fetch')
    if ('fault' in found) return { ...row, bytes: null, text: found.fault, planted: null }
    const word = session.core.fetchedWord(vcpu, found.real)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, word, little)
    const patch = planted.get(found.real)
    const text = disassemble(word, at, { symbol: symbolAt }).text.replace(/\s+/g, ' ')
    const hidden = patch
      ? { bytes: originalBytes(patch), text: disassemble(patch.original, at, { symbol: symbolAt }).text.replace(/\s+/g, ' ') }
      : null
    return { ...row, bytes, text, planted: hidden }
  })
}
