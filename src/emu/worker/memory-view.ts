/** Memory and disassembly of the state shown, through the vCPU's present translation, without side effects. */
import { disassemble } from '../asm/disassemble.ts'
import type { Session } from '../debug/session.ts'
import type { Planted } from '../hypervisor/step-state.ts'
import { interrupts, vectorAddress } from '../isa/interrupts.ts'
import type { RealAddress } from '../isa/units.ts'
import { locate } from './memory-space.ts'
import type { DisassemblyRow, MemoryView, ProgramView, Space } from './protocol.ts'
import type { SourceFiles } from './source-view.ts'
import type { SymbolAt } from './state-view.ts'

const PAGE = 4096n

interface RealPiece {
  /** In the bytes asked for. */
  readonly offset: number
  readonly real: RealAddress
  readonly count: number
}

/** Where bytes of a space lie, a piece a page, up to the first that is not mapped; `fault` says why. */
export function realPieces(
  session: Session,
  address: bigint,
  count: number,
  space: Space = 'effective',
): { pieces: RealPiece[]; fault: string | null } {
  const pieces: RealPiece[] = []
  for (let offset = 0; offset < count; ) {
    const at = BigInt.asUintN(64, address + BigInt(offset))
    const found = locate(session, space, at, 'load')
    if ('fault' in found) return { pieces, fault: found.fault }
    const here = Math.min(count - offset, Number(PAGE - (at % PAGE)))
    pieces.push({ offset, real: found.real, count: here })
    offset += here
  }
  return { pieces, fault: null }
}

const originalBytes = (p: Planted): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, p.original, p.little)
  return bytes
}

/** Bytes from the address on, up to the first page that is not mapped. */
export function memoryView(session: Session, address: bigint, count: number, space: Space = 'effective'): MemoryView {
  const { pieces, fault } = realPieces(session, address, count, space)
  const bytes = new Uint8Array(pieces.reduce((n, p) => n + p.count, 0))
  for (const p of pieces) bytes.set(session.core.read(p.real, p.count), p.offset)
  const inMemory = (session.hypervisor.state.step?.planted ?? []).filter(p => !p.overlay)
  const planted = pieces.flatMap(piece =>
    inMemory
      .filter(p => p.real >= piece.real && p.real < piece.real + piece.count)
      .map(p => ({ offset: piece.offset + p.real - piece.real, original: originalBytes(p) })),
  )
  const first = pieces[0]
  return { address, real: first ? BigInt(first.real) : null, bytes, planted, fault, before: bytesBefore(session, pieces, bytes) }
}

/** The same bytes at what "changed since" compares with; null where none has changed since. */
function bytesBefore(session: Session, pieces: readonly RealPiece[], now: Uint8Array): Uint8Array | null {
  const before = new Uint8Array(now.length)
  const { point } = session.baseline
  for (const { offset, real, count } of pieces) {
    const inPage = real % Number(PAGE)
    before.set(point.page(real - inPage).subarray(inPage, inPage + count), offset)
  }
  return before.every((byte, n) => byte === now[n]) ? null : before
}

export function disassemblyRows(
  session: Session,
  address: bigint,
  count: number,
  program: ProgramView | null,
  symbolAt: SymbolAt,
  sources: SourceFiles,
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
    const row = {
      address: at,
      label: label === null ? null : note ? `${label} (${note})` : label,
      line: lines.get(at) ?? null,
      source: sources.heading(at),
    }
    const found = locate(session, 'effective', at, 'fetch')
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
