/** A breakpoint as it is being written, and what it comes to. */
import type { BreakpointKind, BreakpointSpec } from '../../../emu/worker/protocol.ts'
import type { ParsedAddress } from '../../code/address.ts'

export type Field = 'address' | 'length' | 'access' | 'vector' | 'hypercall' | 'register' | 'privilege'

interface KindRow {
  readonly title: string
  readonly fields: readonly Field[]
  readonly says: string
}

export const kinds: Readonly<Record<BreakpointKind, KindRow>> = {
  software: { title: 'Software', fields: ['address'], says: 'Before the instruction at the address. As many as you want; no guest memory is changed.' },
  CIABR: { title: 'CIABR', fields: ['address', 'privilege'], says: 'As on the processor: one, and none while the guest uses CIABR, which is not touched.' },
  DAWR: { title: 'DAWR', fields: ['address', 'length', 'access'], says: 'As on the processor: one, of whole doublewords, 512 bytes at most, and none while the guest uses DAWR0, which is not touched.' },
  watch: { title: 'Watch', fields: ['address', 'length', 'access'], says: 'Behind an access to the bytes. As many as you want; only accesses to the watched pages become slower.' },
  vector: { title: 'Vector catch', fields: ['vector', 'privilege'], says: 'At the first instruction of the handler; where the interrupt goes to the hypervisor, before that handles it.' },
  register: { title: 'Register change', fields: ['register'], says: 'Behind the instruction or interrupt that changed it. The guest runs instruction by instruction, many times slower.' },
  hypercall: { title: 'Hypercall', fields: ['hypercall'], says: 'Behind a hypercall, when it has been handled. The condition sees r3 to r12 as the guest passed them.' },
  entry: { title: 'VM entry', fields: [], says: 'When the hypervisor enters the guest.' },
  exit: { title: 'VM exit', fields: [], says: 'When the guest leaves to the hypervisor; a hypercall is handled first.' },
} // biome-ignore format: a table

export interface Draft {
  kind: BreakpointKind
  address: string
  length: string
  access: BreakpointSpec['access']
  /** Hexadecimal; '' for any. */
  number: string
  register: string
  privilege: BreakpointSpec['privilege']
  vcpu: string
  condition: string
  ignore: string
  log: string
}

export const emptyDraft = (kind: BreakpointKind = 'software', address = ''): Draft => ({
  kind,
  address,
  length: '8',
  access: 'write',
  number: '',
  register: '',
  privilege: 'any',
  vcpu: '',
  condition: '',
  ignore: '0',
  log: '',
})

export const draftOf = (b: BreakpointSpec): Draft => ({
  kind: b.kind,
  address: `0x${b.address.toString(16)}`,
  length: `${b.length}`,
  access: b.access,
  number: b.number === null ? '' : `0x${b.number.toString(16)}`,
  register: b.register,
  privilege: b.privilege,
  vcpu: b.vcpu === null ? '' : `${b.vcpu}`,
  condition: b.condition ?? '',
  ignore: `${b.ignore}`,
  log: b.log ?? '',
})

const whole = (text: string): number | null => (/^\s*(0x[\da-f]+|\d+)\s*$/i.test(text) ? Number(text) : null)

/** What is wrong with a draft, and in which field; null where it is no single one's. */
export interface Problem {
  readonly text: string
  readonly field: keyof Draft | null
}

/** How the machine's refusals begin that are about one field. */
const refusals: readonly (readonly [RegExp, keyof Draft])[] = [
  [/^Condition /, 'condition'],
  [/^Log text /, 'log'],
  [/^(Register |Name a register)|changes at every boundary/, 'register'],
  [/^A watch has /, 'length'],
  [/is not the address of an instruction/, 'address'],
]

/** What the machine refused. */
export const refusal = (text: string): Problem => ({ text, field: refusals.find(([begins]) => begins.test(text))?.[1] ?? null })

/** The specification, or what is wrong with the draft. */
export function specOf(d: Draft, enabled: boolean, parse: (text: string) => ParsedAddress): BreakpointSpec | Problem {
  const { fields } = kinds[d.kind]
  const has = (f: Field) => fields.includes(f)
  const address = has('address') ? parse(d.address) : { address: 0n, problem: null }
  if (address.address === null) return { text: `${address.problem} Nothing was changed.`, field: 'address' }
  const length = has('length') ? whole(d.length) : 1
  if (length === null) return { text: `Bytes: expected a number, found "${d.length}". Nothing was changed.`, field: 'length' }
  const numbered = has('vector') || has('hypercall')
  const number = numbered && d.number.trim() ? whole(d.number) : null
  if (numbered && d.number.trim() && number === null)
    return { text: `Number: expected digits or 0x and hexadecimal digits, found "${d.number}". Nothing was changed.`, field: 'number' }
  const ignore = whole(d.ignore || '0')
  if (ignore === null) return { text: `Pass over: expected a number of hits, found "${d.ignore}". Nothing was changed.`, field: 'ignore' }
  return {
    kind: d.kind,
    enabled,
    address: address.address,
    length,
    access: d.access,
    number,
    register: has('register') ? d.register.trim() : '',
    vcpu: d.vcpu === '' ? null : Number(d.vcpu),
    privilege: has('privilege') ? d.privilege : 'any',
    condition: d.condition.trim() || null,
    ignore,
    log: d.log.trim() ? d.log : null,
  }
}
