/** Breakpoints of every kind on a line: JSON, with what each has beside a software breakpoint without conditions. Addresses are `0x…`. */
import type { BreakpointKind, BreakpointSpec } from '../worker/protocol.ts'
import { Expected } from './expected.ts'

const plain: BreakpointSpec = {
  kind: 'software',
  enabled: true,
  address: 0n,
  length: 1,
  access: 'write',
  number: null,
  register: '',
  vcpu: null,
  privilege: 'any',
  condition: null,
  ignore: 0,
  log: null,
}

const kinds = {
  software: true,
  CIABR: true,
  DAWR: true,
  watch: true,
  vector: true,
  register: true,
  hypercall: true,
  entry: true,
  exit: true,
} as const satisfies Record<BreakpointKind, true>

const whole = (v: unknown): boolean => Number.isSafeInteger(v) && (v as number) >= 0
const text = (v: unknown): boolean => typeof v === 'string' && v.length <= 1000
const isAddress = (v: unknown): boolean => typeof v === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(v)
const oneOf =
  (...values: readonly string[]) =>
  (v: unknown): boolean =>
    values.includes(v as string)
const orNull =
  (is: (v: unknown) => boolean) =>
  (v: unknown): boolean =>
    v === null || is(v)

const fits: { readonly [K in keyof BreakpointSpec]: readonly [is: (v: unknown) => boolean, what: string] } = {
  kind: [oneOf(...Object.keys(kinds)), `one of ${Object.keys(kinds).join(', ')}`],
  enabled: [v => typeof v === 'boolean', 'true or false'],
  address: [isAddress, 'an address as "0x400"'],
  length: [whole, 'a number of bytes'],
  access: [oneOf('read', 'write', 'access'), 'read, write or access'],
  number: [orNull(whole), 'a number or null'],
  register: [text, 'the name of a register'],
  vcpu: [orNull(whole), 'a vCPU or null'],
  privilege: [oneOf('any', 'privileged', 'problem'), 'any, privileged or problem'],
  condition: [orNull(text), 'a text or null'],
  ignore: [whole, 'how many hits'],
  log: [orNull(text), 'a text or null'],
}

export const specsText = (specs: readonly BreakpointSpec[]): string =>
  JSON.stringify(
    specs.map(spec =>
      Object.fromEntries(
        Object.entries(spec)
          .filter(([name, v]) => name === 'kind' || v !== plain[name as keyof BreakpointSpec])
          .map(([name, v]) => [name, typeof v === 'bigint' ? `0x${v.toString(16)}` : v]),
      ),
    ),
  )

function specOf(v: unknown): BreakpointSpec {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) throw new Expected(`a breakpoint as {"kind": …}, found ${JSON.stringify(v)}`)
  for (const [name, value] of Object.entries(v)) {
    const fit = Object.hasOwn(fits, name) ? fits[name as keyof BreakpointSpec] : null
    if (!fit) throw new Expected(`one of ${Object.keys(fits).join(', ')}, found ${name}`)
    if (!fit[0](value)) throw new Expected(`${fit[1]} for ${name}, found ${JSON.stringify(value)}`)
  }
  const { address = '0x0', ...more } = v as { address?: string } & Partial<Omit<BreakpointSpec, 'address'>>
  return { ...plain, ...more, address: BigInt(address) }
}

/** Throws Expected. Whether there can be such a breakpoint is the machine's to say. */
export function readSpecs(json: string): BreakpointSpec[] {
  let read: unknown
  try {
    read = JSON.parse(json)
  } catch {
    throw new Expected(`a list as JSON, found ${json.slice(0, 60)}`)
  }
  if (!Array.isArray(read)) throw new Expected(`a list as JSON, found ${json.slice(0, 60)}`)
  return read.map(specOf)
}
