/** Recorded answers of QEMU: a case, what changed, and the fields in which QEMU is known to deviate. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Case, gprPattern, type Result, resultFields, trackedSprs } from './one-step.ts'

export interface Vector {
  readonly c: Case
  /** Fields with another value than before the step. */
  readonly changed: Readonly<Record<string, string>>
  /** Fields that are not compared. */
  readonly ignored: readonly string[]
}

const hex = (v: bigint | number): string => `0x${v.toString(16)}`

/** The state before the step, as a result would have it. */
function before(c: Case): Result {
  const gpr = Array.from({ length: 32 }, (_, n) => c.gpr[n] ?? gprPattern(n))
  const spr = Object.fromEntries(trackedSprs.map(([name, , initial]) => [name, c.spr[name] ?? initial]))
  const { nip, msr, cr, xer, lr, ctr } = c
  return { nip, msr, cr, xer, lr, ctr, gpr, spr, storage: c.storage.map(p => p.bytes) }
}

export function vectorOf(c: Case, theirs: Result, ignored: readonly string[]): Vector {
  const start = resultFields(c, before(c))
  const changed = [...resultFields(c, theirs)].filter(([name, v]) => !ignored.includes(name) && start.get(name) !== v)
  return { c, changed: Object.fromEntries(changed), ignored }
}

/** Fields in which the result is not what was recorded: "r5: 0x1 instead of 0x2". */
export function disagreements(v: Vector, ours: Result): string[] {
  const expected = resultFields(v.c, before(v.c))
  for (const [name, value] of Object.entries(v.changed)) expected.set(name, value)
  return [...resultFields(v.c, ours)].flatMap(([name, value]) =>
    v.ignored.includes(name) || expected.get(name) === value ? [] : [`${name}: ${value} instead of ${expected.get(name)}`],
  )
}

const replacer = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? hex(value) : value)
const bigFields = new Set(['nip', 'msr', 'lr', 'ctr'])

export const pack = (vectors: readonly Vector[]): Uint8Array =>
  gzipSync(vectors.map(v => JSON.stringify(v, replacer)).join('\n'), { level: 9 })

const bigValues = (o: Record<string, string>) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k, BigInt(v)]))

export function unpack(bytes: Uint8Array): Vector[] {
  return gunzipSync(bytes)
    .toString()
    .split('\n')
    .map(line => {
      const v = JSON.parse(line, (key, value) => (bigFields.has(key) && typeof value === 'string' ? BigInt(value) : value))
      return { ...v, c: { ...v.c, gpr: bigValues(v.c.gpr), spr: bigValues(v.c.spr) } } as Vector
    })
}
