/** A page of memory as rows of sixteen bytes. */
import type { MemoryView } from '../../../emu/worker/protocol.ts'

export const ROW_BYTES = 16
/** Nothing smaller is mapped by itself, so a page is mapped as a whole or not at all. */
export const PAGE_BYTES = 4096

export interface DumpByte {
  value: number
  /** The controller's word lies here. */
  planted: boolean
  /** What it was before the last action, where that changed it. */
  was: number | null
}

export interface DumpRow {
  bytes: DumpByte[]
  /** What the controller's words in this row hide, each where it lies. */
  originals: { offset: number; bytes: number[] }[]
}

export const byteText = (b: number): string => b.toString(16).padStart(2, '0')

/** As character tables of old have it: what ASCII can print, a dot for the rest. */
export const asciiText = (b: number): string => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '.')

/** The row that starts `offset` bytes into the page; null where nothing is mapped. */
export function dumpRow(page: MemoryView, offset: number): DumpRow | null {
  if (page.real === null || offset >= page.bytes.length) return null
  const bytes = Array.from(page.bytes.subarray(offset, offset + ROW_BYTES), (value, n): DumpByte => {
    const was = page.before?.[offset + n] ?? value
    return { value, planted: false, was: was === value ? null : was }
  })
  const originals: DumpRow['originals'] = []
  for (const { offset: at, original } of page.planted) {
    const first = Math.max(at, offset)
    const last = Math.min(at + original.length, offset + ROW_BYTES)
    if (first >= last) continue
    for (let i = first; i < last; i++) {
      const byte = bytes[i - offset]
      if (byte) byte.planted = true
    }
    originals.push({ offset: first - offset, bytes: Array.from(original.subarray(first - at, last - at)) })
  }
  return { bytes, originals }
}

/** The worker's reason stands in brackets at the end of its sentence, which speaks of the page's first byte. */
export function notMapped(address: bigint, fault: string | null): string {
  const reason = /\([^()]*\)/.exec(fault ?? '')?.[0]
  return `Not mapped: 0x${address.toString(16)}${reason ? ` ${reason}` : ''}`
}
