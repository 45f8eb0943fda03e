/** Bytes of a DWARF section, read one after the other within their bounds. DWARF version 5, 7.4 to 7.6. */

/** A table that is wrong; the message says what was found and at which byte of its section. */
export class DwarfError extends Error {}

/** Offsets in sections have 4 bytes in the 32-bit format and 8 in the 64-bit one. DWARF 7.4. */
export type Format = 32 | 64

const LONG_UNIT = 0xffffffff
/** Initial lengths from here to the one of the 64-bit format are reserved. */
const RESERVED = 0xfffffff0

const hex = (n: number): string => `0x${n.toString(16)}`

export class DwarfReader {
  private readonly view: DataView

  constructor(
    readonly bytes: Uint8Array,
    readonly little: boolean,
    /** For messages: ".debug_line". */
    readonly section: string,
    /** The next byte. */
    public at = 0,
    /** Nothing is read from here on. */
    readonly end = bytes.length,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  fail(what: string, at = this.at): never {
    throw new DwarfError(`${this.section} at byte ${hex(at)}: ${what}`)
  }

  get done(): boolean {
    return this.at >= this.end
  }

  /** Passes over bytes and answers where they began. */
  skip(count: number, what: string): number {
    const from = this.at
    if (count > this.end - from) this.fail(`${what} is cut off`)
    this.at = from + count
    return from
  }

  take(count: number, what: string): Uint8Array {
    const from = this.skip(count, what)
    return this.bytes.subarray(from, from + count)
  }

  u8(what: string): number {
    return this.view.getUint8(this.skip(1, what))
  }

  s8(what: string): number {
    return this.view.getInt8(this.skip(1, what))
  }

  u16(what: string): number {
    return this.view.getUint16(this.skip(2, what), this.little)
  }

  u32(what: string): number {
    return this.view.getUint32(this.skip(4, what), this.little)
  }

  u64(what: string): bigint {
    return this.view.getBigUint64(this.skip(8, what), this.little)
  }

  /** An offset or a length within the file: larger ones lie outside it whatever they are. */
  offset(format: Format, what: string): number {
    if (format === 32) return this.u32(what)
    const from = this.at
    const value = this.u64(what)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail(`${what} is ${value}, more than any file has`, from)
    return Number(value)
  }

  /** The length that a unit begins with, which also tells its format. */
  initialLength(what: string): { length: number; format: Format } {
    const from = this.at
    const first = this.u32(what)
    if (first === LONG_UNIT) return { length: this.offset(64, what), format: 64 }
    if (first >= RESERVED) this.fail(`${what} is the reserved ${hex(first)}`, from)
    return { length: first, format: 32 }
  }

  /** Modulo 2^64, as registers of the line number program are. DWARF 7.6. */
  uleb(what: string): bigint {
    let small = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8(what)
      small |= (byte & 0x7f) << shift
      if (byte < 0x80) return BigInt(small)
    }
    let value = BigInt(small)
    for (let shift = 28n; ; shift += 7n) {
      const byte = this.u8(what)
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
  }

  sleb(what: string): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.u8(what)
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, byte & 0x40 && shift < 57n ? value - (1n << (shift + 7n)) : value)
    }
  }

  /** A count or an index; what is no number of this size is wrong. */
  count(what: string): number {
    const from = this.at
    const value = this.uleb(what)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail(`${what} is ${value}`, from)
    return Number(value)
  }

  /** Up to a zero byte. */
  string(what: string, most: number): string {
    const from = this.at
    const limit = Math.min(this.end, from + most + 1)
    let end = from
    while (end < limit && this.bytes[end] !== 0) end++
    if (end >= limit) this.fail(end >= this.end ? `${what} is cut off` : `${what} is longer than ${most} bytes`, from)
    this.at = end + 1
    return new TextDecoder().decode(this.bytes.subarray(from, end))
  }
}
