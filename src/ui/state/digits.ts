/** 64-bit values as people read them: groups of four digits, with what is zero in front and what differs marked. */

export interface Group {
  digits: string
  /** Belongs to the leading zeros. */
  zero: boolean
  /** Differs from the same group of the value compared with. */
  changed: boolean
}

export const plainHex = (value: bigint, bits = 64): string => `0x${value.toString(16).padStart(bits / 4, '0')}`

export function groups(value: bigint, was: bigint | null = null, bits = 64): Group[] {
  const text = value.toString(16).padStart(bits / 4, '0')
  const old = was === null ? text : was.toString(16).padStart(bits / 4, '0')
  let leading = true
  const found: Group[] = []
  for (let i = 0; i < text.length; i += 4) {
    const digits = text.slice(i, i + 4)
    leading &&= digits === '0000'
    found.push({ digits, zero: leading, changed: digits !== old.slice(i, i + 4) })
  }
  return found
}

/** With underscores between groups of four, as where an address is explained; at least `least` digits. */
export function underscored(value: bigint, least = 4): string {
  const text = value.toString(16)
  const padded = text.padStart(Math.max(least, Math.ceil(text.length / 4) * 4), '0')
  // Vectors and other numbers of at most three digits need no groups.
  return least < 4 && text.length < 4 ? `0x${text}` : `0x${padded.replace(/\B(?=(.{4})+$)/g, '_')}`
}

/** A small number in decimal, signed; null where decimal says nothing more than hexadecimal. */
export function smallDecimal(value: bigint): string | null {
  const signed = BigInt.asIntN(64, value)
  if (signed === 0n || signed > 99_999n || signed < -9_999n) return null
  return signed < 0n ? `−${-signed}` : String(signed)
}
