/** The WebAssembly binary format: sections, functions, LEB128. Only what the core emits. */

export type ValueType = 'i32' | 'i64'
const valueType: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e }

export function unsignedLeb(value: number | bigint): number[] {
  let v = BigInt(value)
  const out: number[] = []
  do {
    const low = Number(v & 0x7fn)
    v >>= 7n
    out.push(v === 0n ? low : low | 0x80)
  } while (v !== 0n)
  return out
}

export function signedLeb(value: bigint): number[] {
  let v = value
  const out: number[] = []
  for (;;) {
    const low = Number(v & 0x7fn)
    v >>= 7n
    if ((v === 0n && !(low & 0x40)) || (v === -1n && low & 0x40)) return [...out, low]
    out.push(low | 0x80)
  }
}

export interface Signature {
  params: readonly ValueType[]
  results: readonly ValueType[]
}

export interface FunctionBody extends Signature {
  export: string | null
  /** Beyond the parameters. */
  locals: readonly ValueType[]
  /** Without the closing `end`. */
  code: readonly number[]
}

export interface ImportedFunction extends Signature {
  name: string
}

const vector = (items: readonly (readonly number[])[]): number[] => [...unsignedLeb(items.length), ...items.flat()]
const text = (s: string): number[] => vector([...new TextEncoder().encode(s)].map(b => [b]))
const signature = (s: Signature): number[] => [
  0x60,
  ...vector(s.params.map(t => [valueType[t]])),
  ...vector(s.results.map(t => [valueType[t]])),
]

/** Code may be long: no spread into a call. */
function section(id: number, body: number[]): number[] {
  return [id, ...unsignedLeb(body.length)].concat(body)
}

/** A module that imports `m.memory` and functions of `m`, in this order of function indices: imports, then `functions`. */
export function encodeModule(imports: readonly ImportedFunction[], functions: readonly FunctionBody[]): Uint8Array<ArrayBuffer> {
  const types = [...imports, ...functions].map(signature)
  const importEntries = [
    [...text('m'), ...text('memory'), 0x02, 0x00, 0x01],
    ...imports.map((f, n) => [...text('m'), ...text(f.name), 0x00, ...unsignedLeb(n)]),
  ]
  const exported = functions.flatMap((f, n) => (f.export ? [[...text(f.export), 0x00, ...unsignedLeb(imports.length + n)]] : []))
  const bodies = functions.map(f => {
    const locals = vector(f.locals.map(t => [0x01, valueType[t]]))
    const body = locals.concat(f.code as number[], 0x0b)
    return unsignedLeb(body.length).concat(body)
  })
  let code = unsignedLeb(bodies.length)
  for (const b of bodies) code = code.concat(b)
  const out = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].concat(
    section(1, vector(types)),
    section(2, vector(importEntries)),
    section(3, vector(functions.map((_, n) => unsignedLeb(imports.length + n)))),
    section(7, vector(exported)),
    section(10, code),
  )
  return Uint8Array.from(out)
}
