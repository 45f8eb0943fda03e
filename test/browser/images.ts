/** ELF files, right and wrong, made byte by byte. System V ABI, chapters 4 and 5. */

export interface Segment {
  address: bigint
  bytes: Uint8Array
  /** Bytes in memory, where that is not as many. */
  memory?: bigint
}

const EHDR = 64
const PHDR = 56
const PPC64 = 21
const [EXEC, LOAD, READ_EXECUTE] = [2, 1, 5]

/** A little-endian ELF64 of these segments, entered at the first. */
export function elf(segments: readonly Segment[], machine = PPC64): Uint8Array {
  const head = EHDR + PHDR * segments.length
  const file = new Uint8Array(segments.reduce((n, s) => n + s.bytes.length, head))
  const view = new DataView(file.buffer)
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  view.setUint16(16, EXEC, true)
  view.setUint16(18, machine, true)
  view.setUint32(20, 1, true)
  view.setBigUint64(24, segments[0]!.address, true)
  view.setBigUint64(32, BigInt(EHDR), true)
  view.setUint16(52, EHDR, true)
  view.setUint16(54, PHDR, true)
  view.setUint16(56, segments.length, true)
  let at = head
  segments.forEach((s, n) => {
    const p = EHDR + PHDR * n
    view.setUint32(p, LOAD, true)
    view.setUint32(p + 4, READ_EXECUTE, true)
    view.setBigUint64(p + 8, BigInt(at), true)
    view.setBigUint64(p + 16, s.address, true)
    view.setBigUint64(p + 24, s.address, true)
    view.setBigUint64(p + 32, BigInt(s.bytes.length), true)
    view.setBigUint64(p + 40, s.memory ?? BigInt(s.bytes.length), true)
    view.setBigUint64(p + 48, 4n, true)
    file.set(s.bytes, at)
    at += s.bytes.length
  })
  return file
}

export function words(...of: number[]): Uint8Array {
  const bytes = new Uint8Array(of.length * 4)
  const view = new DataView(bytes.buffer)
  of.forEach((w, n) => view.setUint32(n * 4, w, true))
  return bytes
}

/** li r3,7 and a branch to itself. */
export const spin = words(0x38600007, 0x48000000)

/** An ELF32 header for PowerPC. */
export function elf32(): Uint8Array {
  const file = elf([{ address: 0x1000n, bytes: spin }], 20)
  file[4] = 1
  return file
}
