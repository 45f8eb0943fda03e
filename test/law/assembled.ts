/** Machine code of a text, assembled once. */
import { assemble } from '../../src/emu/asm/assemble.ts'

const assembled = new Map<string, Uint8Array>()

/** Throws an Error with the first diagnostic. */
export function codeOf(text: string, little: boolean): Uint8Array {
  const key = `${little} ${text}`
  let bytes = assembled.get(key)
  if (!bytes) {
    const a = assemble(text, { littleEndian: little, origin: 0n })
    const errors = a.diagnostics.filter(d => d.severity === 'error')
    if (errors.length > 0) throw new Error(`${text}: ${errors[0]!.message}`)
    assembled.set(key, (bytes = a.sections[0]!.bytes))
  }
  return bytes
}
