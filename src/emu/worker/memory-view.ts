/** Memory and disassembly of the state shown, through the vCPU's present translation, without side effects. */
import { disassemble } from '../asm/disassemble.ts'
import type { Fault } from '../core/mmu.ts'
import type { Session } from '../debug/session.ts'
import type { Planted } from '../hypervisor/step-state.ts'
import { DSISR, SRR1 } from '../isa/bitfields.ts'
import { interrupts, vectorAddress } from '../isa/interrupts.ts'
import type { EffectiveAddress, RealAddress } from '../isa/units.ts'
import type { DisassemblyRow, MemoryView, ProgramView } from './protocol.ts'
import type { SourceFiles } from './source-view.ts'
import type { SymbolAt } from './state-view.ts'

const PAGE = 4096n
/** Of SRR1, in the place that DSISR has for another cause. */
const NO_EXECUTE = SRR1.instructionStorage.mask.noExecute
const hex = (v: bigint): string => `0x${v.toString(16)}`

type Found = { real: RealAddress } | { fault: string }

/** Why an access fails, short; the first that applies. */
const reasons: readonly (readonly [mask: bigint, why: string])[] = [
  [DSISR.mask.processTable, 'no process table entry'],
  [DSISR.mask.noTranslation, 'no entry'],
  [NO_EXECUTE, 'no-execute page'],
  [DSISR.mask.protection | DSISR.mask.key, 'the page forbids it'],
  [DSISR.mask.configuration, 'a table entry that radix does not allow'],
]

function whyNot({ interrupt, status, guestReal }: Fault): string {
  if (interrupt === 'dataSegment' || interrupt === 'instructionSegment') return 'outside the quadrant'
  if (guestReal !== undefined) return 'beyond RAM'
  return reasons.find(([mask]) => (status & mask) !== 0n)?.[1] ?? 'no entry'
}

function locate(session: Session, address: EffectiveAddress, access: 'load' | 'fetch'): Found {
  const found = session.vcpu().translate(address, access, true)
  if (!('interrupt' in found)) return { real: Number(found.guestReal) }
  const bit = access === 'fetch' ? 'IR' : 'DR'
  const how = session.vcpu().state.msr(bit) ? `${bit} on` : 'real mode'
  return { fault: `Not mapped: ${hex(address)} (${how}, ${whyNot(found)})` }
}

interface RealPiece {
  /** In the bytes asked for. */
  readonly offset: number
  readonly real: RealAddress
  readonly count: number
}

/** Where bytes at effective addresses lie, a piece a page, up to the first that is not mapped; `fault` says why. */
export function realPieces(session: Session, address: EffectiveAddress, count: number): { pieces: RealPiece[]; fault: string | null } {
  const pieces: RealPiece[] = []
  for (let offset = 0; offset < count; ) {
    const at = BigInt.asUintN(64, address + BigInt(offset))
    const found = locate(session, at, 'load')
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
export function memoryView(session: Session, address: EffectiveAddress, count: number): MemoryView {
  const { pieces, fault } = realPieces(session, address, count)
  const bytes = new Uint8Array(pieces.reduce((n, p) => n + p.count, 0))
  for (const p of pieces) bytes.set(session.core.read(p.real, p.count), p.offset)
  const inMemory = (session.hypervisor.state.step?.planted ?? []).filter(p => !p.overlay)
  const planted = pieces.flatMap(piece =>
    inMemory
      .filter(p => p.real >= piece.real && p.real < piece.real + piece.count)
      .map(p => ({ offset: piece.offset + p.real - piece.real, original: originalBytes(p) })),
  )
  const first = pieces[0]
  return { address, real: first ? BigInt(first.real) : null, bytes, planted, fault }
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
