/** A text made small enough for a link: deflated, in base64 that addresses take. */

/** A few kilobytes can stand for gigabytes: no session has more than this. */
const MOST = 32 << 20

/** Rejects where more comes out than a session has. */
async function through(bytes: Uint8Array, stream: GenericTransformStream): Promise<Uint8Array> {
  let came = 0
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      came += chunk.length
      if (came > MOST) throw new RangeError(`more than ${MOST >> 20} MiB`)
      controller.enqueue(chunk)
    },
  })
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(stream as ReadableWritablePair<Uint8Array, BufferSource>)
    .pipeThrough(counted)
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
