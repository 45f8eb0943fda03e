/** What lies in memory that no symbol names: frames of the stack by their back chain, and where a handler saved what an interrupt left. */
import type { InterruptTaken } from '../core/events.ts'
import type { Session } from '../debug/session.ts'
import { interrupts, savedIn, saveRegisters } from '../isa/interrupts.ts'
import { realPieces } from './memory-view.ts'
import type { MemoryMark } from './protocol.ts'
import type { SymbolAt } from './state-view.ts'

/** Of the ELF ABI: the caller's frame, and in it where LR is saved. */
const LR_SAVE = 16n
const MOST_FRAMES = 64
/** A frame larger than this is no frame. */
const MOST_BYTES = 1n << 24n
/** Interrupts looked for, the latest first. */
const MOST_INTERRUPTS = 8
/** Around r1, where handlers save. */
const WINDOW = { below: 1024n, above: 4096 } as const

function bytesAt(session: Session, address: bigint, count: number): DataView {
  const out = new Uint8Array(count)
  const { pieces } = realPieces(session, address, count)
  for (const p of pieces) out.set(session.core.ram.subarray(p.real, p.real + p.count), p.offset)
  const end = pieces.reduce((n, p) => Math.max(n, p.offset + p.count), 0)
  return new DataView(out.buffer, 0, end)
}

function doubleword(session: Session, address: bigint): bigint | null {
  const view = bytesAt(session, address, 8)
  return view.byteLength < 8 ? null : view.getBigUint64(0, session.vcpu().state.msr('LE'))
}

/** Frames of the callers, from r1 upwards, as far as the back chain makes sense. */
export function stackFrames(session: Session, symbolAt: SymbolAt): MemoryMark[] {
  const marks: MemoryMark[] = []
  let at = session.vcpu().state.get('GPR', 1)
  while (marks.length < MOST_FRAMES) {
    const up = at === 0n || at % 8n !== 0n ? null : doubleword(session, at)
    if (up === null || up <= at || up - at > MOST_BYTES || up % 8n !== 0n) break
    const back = doubleword(session, up + LR_SAVE)
    if (back === null) break
    const to = back === 0n ? '' : `, returns to ${symbolAt(back) ?? `0x${back.toString(16)}`}`
    marks.push({ address: up, text: `stack frame ${marks.length + 1} up${to}` })
    at = up
  }
  return marks
}

function saved(what: InterruptTaken): readonly [string, string] {
  return saveRegisters[savedIn(interrupts[what.id], { lpcr: what.from.lpcr })]
}

/** Where return address and MSR of a recent interrupt lie side by side near r1. */
export function interruptFrames(session: Session): MemoryMark[] {
  const { state, id } = session.vcpu()
  const from = (state.get('GPR', 1) & ~7n) - WINDOW.below
  if (from < 0n) return []
  const little = state.msr('LE')
  const view = bytesAt(session, from, Number(WINDOW.below) + WINDOW.above)
  const marks = new Map<bigint, MemoryMark>()
  let seen = 0
  for (const { what, index } of session.events.interruptsBack(session.shown)) {
    if (what.kind !== 'interrupt' || what.vcpu !== id || what.exits) continue
    if (++seen > MOST_INTERRUPTS) break
    for (let offset = 0; offset + 16 <= view.byteLength; offset += 8) {
      if (view.getBigUint64(offset, little) !== what.returnAddress || view.getBigUint64(offset + 8, little) !== what.savedMsr) continue
      const address = from + BigInt(offset)
      const text = `interrupt frame: ${saved(what).join(', ')} of ${interrupts[what.id].name}, event ${index}`
      if (!marks.has(address)) marks.set(address, { address, text })
    }
  }
  return [...marks.values()]
}
