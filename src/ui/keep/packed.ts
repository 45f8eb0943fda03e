/** A text made small enough for a link: deflated, in base64 that addresses take. */

async function through(bytes: Uint8Array, stream: GenericTransformStream): Promise<Uint8Array> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array, BufferSource>)
  return new Uint8Array(await new Response(source).arrayBuffer())
}

const CHUNK = 0x8000

export async function packed(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'))
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Rejects where the link was cut off, or is none. */
export async function unpacked(text: string): Promise<string> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = await through(
    Uint8Array.from(binary, c => c.charCodeAt(0)),
    new DecompressionStream('deflate-raw'),
  )
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
