/** Bytes as text. RFC 4648, section 4. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3)
    const bits = (a << 16) | (b << 8) | c
    const left = bytes.length - at
    parts.push(
      ALPHABET[bits >> 18]! +
        ALPHABET[(bits >> 12) & 63]! +
        (left > 1 ? ALPHABET[(bits >> 6) & 63]! : '=') +
        (left > 2 ? ALPHABET[bits & 63]! : '='),
    )
  }
  return parts.join('')
}

const VALUES = new Map([...ALPHABET].map((c, n) => [c, n]))

/** Null where the text is no base64. */
export function fromBase64(text: string): Uint8Array | null {
  const plain = text.replace(/={1,2}$/, '')
  if (text.length % 4 !== 0 || plain.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((plain.length * 3) / 4))
  let [bits, have, at] = [0, 0, 0]
  for (const c of plain) {
    const v = VALUES.get(c)
    if (v === undefined) return null
    bits = ((bits << 6) | v) & 0xffff
    have += 6
    if (have < 8) continue
    have -= 8
    bytes[at++] = (bits >> have) & 0xff
  }
  return bytes
}
