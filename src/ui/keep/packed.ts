/** A text made small enough for a link: deflated, in base64 that addresses take. */

/** Far more than any session has: a short text may unpack to more than the page can hold. */
export const MOST_BYTES = 64 << 20

/** Throws where more than `most` bytes come out. */
async function through(bytes: Uint8Array, stream: GenericTransformStream, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array, BufferSource>)
  const parts: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const reader = source.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length
    if (length > most) {
      await reader.cancel()
      throw new RangeError(`More than ${most} bytes`)
    }
    parts.push(part.value as Uint8Array<ArrayBuffer>)
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

const CHUNK = 0x8000

export async function packed(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'))
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Rejects where the link was cut off, is none, or holds more than `most` bytes. */
export async function unpacked(text: string, most = MOST_BYTES): Promise<string> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = await through(
    Uint8Array.from(binary, c => c.charCodeAt(0)),
    new DecompressionStream('deflate-raw'),
    most,
  )
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
