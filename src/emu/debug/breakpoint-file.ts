/** A breakpoint as JSON: what it has beside a software breakpoint without conditions. Addresses are `0x…`. */
import { type BreakpointSpec, breakpointKinds, softwareAt } from './breakpoint.ts'
import { count, hex, oneOf, type Reader, record, text, value } from './readers.ts'

type Json = Readonly<Record<string, string | number | boolean | null>>

const plain = softwareAt(0n)

export function breakpointJson(b: BreakpointSpec): Json {
  const { kind, address, ...more } = b
  const said = Object.entries(more).filter(([name, v]) => v !== plain[name as keyof BreakpointSpec])
  return { kind, address: hex(address), ...Object.fromEntries(said as [string, string | number | boolean | null][]) }
}

/** Longer conditions and log texts are cut: the machine says what it cannot read. */
const LONGEST = 1000
const short: Reader<string> = (v, at) => text(v, at).slice(0, LONGEST)
const orNull =
  <T>(read: Reader<T>): Reader<T | null> =>
  (v, at) =>
    v === null ? null : read(v, at)
const yes: Reader<boolean> = v => v !== false

const readers: { readonly [K in Exclude<keyof BreakpointSpec, 'kind' | 'address'>]: Reader<BreakpointSpec[K]> } = {
  enabled: yes,
  length: count,
  access: oneOf('read', 'write', 'access'),
  number: orNull(count),
  register: short,
  vcpu: orNull(count),
  privilege: oneOf('any', 'privileged', 'problem'),
  condition: orNull(short),
  ignore: count,
  log: orNull(short),
}

/** Throws RecordingError. Whether there can be such a breakpoint is `Stops.set`'s to say. */
export const breakpointFrom: Reader<BreakpointSpec> = (v, at) => {
  const b = record(v, at)
  const said = Object.entries(readers)
    .filter(([name]) => b[name] !== undefined)
    .map(([name, read]) => [name, (read as Reader<unknown>)(b[name], `${at}.${name}`)])
  return {
    ...softwareAt(value(b.address, `${at}.address`)),
    kind: oneOf(...breakpointKinds)(b.kind, `${at}.kind`),
    ...(Object.fromEntries(said) as Partial<BreakpointSpec>),
  }
}
