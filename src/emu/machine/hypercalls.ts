/** Hypercalls of the machine, a row each. Linux on Power Architecture Reference (LoPAR), chapter 14; numbers as in KVM and QEMU. */
import type { Core } from '../core/core.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { CIABR, DAWRX, getField, LPCR, MSR, setField } from '../isa/bitfields.ts'
import type { DeviceState } from './devices.ts'

export interface HypercallContext {
  readonly core: Core
  readonly vcpu: Vcpu
  readonly devices: DeviceState
  /** Characters for the console. */
  print(text: string): void
}

export interface HypercallResult {
  /** For r3. */
  readonly status: bigint
  readonly sentence: string
  readonly poweredOff?: boolean
  readonly waits?: boolean
}

const SUCCESS = 0n
const [FUNCTION, PARAMETER, P2, P3, P4, UNSUPPORTED_FLAG] = [-2n, -4n, -55n, -56n, -57n, -256n]
const hex = (v: bigint): string => `0x${v.toString(16)}`

interface Row {
  readonly name: string
  perform(c: HypercallContext): HypercallResult
}

const argument = (c: HypercallContext, n: number): bigint => c.vcpu.state.get('GPR', n)
const refused = (name: string, status: bigint, why: string): HypercallResult => ({ status, sentence: `${name} refused: ${why}` })

/** The partition has one console. */
function putTermChar(c: HypercallContext): HypercallResult {
  const length = argument(c, 5)
  if (length > 16n) return refused('H_PUT_TERM_CHAR', PARAMETER, `${length} characters, at most 16`)
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, argument(c, 6))
  view.setBigUint64(8, argument(c, 7))
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, Number(length)))
  c.print(text)
  return { status: SUCCESS, sentence: `H_PUT_TERM_CHAR wrote ${length} character${length === 1n ? '' : 's'}: ${JSON.stringify(text)}` }
}

function getTermChar(c: HypercallContext): HypercallResult {
  const taken = c.devices.consoleInput.slice(0, 16)
  c.devices.consoleInput = c.devices.consoleInput.slice(taken.length)
  const view = new DataView(new ArrayBuffer(16))
  ;[...taken].forEach((ch, n) => view.setUint8(n, ch.charCodeAt(0) & 0xff))
  c.vcpu.state.set('GPR', BigInt(taken.length), 4)
  c.vcpu.state.set('GPR', view.getBigUint64(0), 5)
  c.vcpu.state.set('GPR', view.getBigUint64(8), 6)
  return { status: SUCCESS, sentence: taken ? `H_GET_TERM_CHAR gave ${JSON.stringify(taken)}` : 'H_GET_TERM_CHAR: nothing was typed' }
}

/** LPCR of every vCPU: the modes are the partition's. */
function changeLpcr(c: HypercallContext, change: (lpcr: bigint) => bigint): void {
  for (const v of c.core.vcpus) {
    v.state.set('LPCR', change(v.state.get('LPCR')))
    c.core.flushTranslations(v)
  }
}

type Mode = (c: HypercallContext, flags: bigint, value1: bigint, value2: bigint) => HypercallResult
const set = (sentence: string): HypercallResult => ({ status: SUCCESS, sentence: `H_SET_MODE: ${sentence}` })
const no = (status: bigint, why: string): HypercallResult => refused('H_SET_MODE', status, why)

const modes: Readonly<Record<string, Mode>> = {
  1: (c, flags, value1, value2) => {
    if (flags) return no(UNSUPPORTED_FLAG, 'CIABR takes no flags')
    if (value2) return no(P4, 'the second value must be 0')
    if (getField(CIABR, 'PRIV', value1) === 3n) return no(P3, 'CIABR may not match in hypervisor state')
    c.vcpu.state.set('CIABR', value1)
    c.vcpu.breakpointsChanged()
    return set(`CIABR is ${hex(value1)}`)
  },
  2: (c, flags, value1, value2) => {
    if (flags) return no(UNSUPPORTED_FLAG, 'DAWR takes no flags')
    if (value2 & DAWRX.mask.HYP) return no(P4, 'DAWR may not match in hypervisor state')
    c.vcpu.state.set('DAWR0', value1)
    c.vcpu.state.set('DAWRX0', value2)
    c.vcpu.breakpointsChanged()
    return set(`DAWR0 is ${hex(value1)}, DAWRX0 ${hex(value2)}`)
  },
  3: (c, flags, value1, value2) => {
    if (value1) return no(P3, 'the first value must be 0')
    if (value2) return no(P4, 'the second value must be 0')
    if (flags !== 0n && flags !== 2n && flags !== 3n) return no(UNSUPPORTED_FLAG, `AIL ${flags} is reserved`)
    changeLpcr(c, lpcr => setField(LPCR, 'AIL', lpcr, flags))
    return set(`AIL is ${flags}`)
  },
  4: (c, flags, value1, value2) => {
    if (value1) return no(P3, 'the first value must be 0')
    if (value2) return no(P4, 'the second value must be 0')
    if (flags > 1n) return no(UNSUPPORTED_FLAG, 'byte order is 0 (big) or 1 (little)')
    changeLpcr(c, lpcr => setField(LPCR, 'ILE', lpcr, flags))
    return set(`interrupts are taken in ${flags ? 'little' : 'big'}-endian order`)
  },
}

function setMode(c: HypercallContext): HypercallResult {
  const mode = modes[argument(c, 5).toString()]
  return mode ? mode(c, argument(c, 4), argument(c, 6), argument(c, 7)) : no(P2, `no resource ${argument(c, 5)}`)
}

function cede(c: HypercallContext): HypercallResult {
  c.vcpu.state.set('MSR', c.vcpu.state.get('MSR') | MSR.mask.EE)
  return { status: SUCCESS, sentence: `H_CEDE: vCPU ${c.vcpu.id} waits for an interrupt`, waits: true }
}

const PROC_TABLE = { modify: 0x10n, register: 0x08n, radix: 0x04n, gtse: 0x01n } as const

function registerProcessTable(c: HypercallContext): HypercallResult {
  const [flags, base, page, size] = [4, 5, 6, 7].map(n => argument(c, n)) as [bigint, bigint, bigint, bigint]
  const name = 'H_REGISTER_PROC_TBL'
  const flush = () => changeLpcr(c, lpcr => lpcr)
  if (!(flags & PROC_TABLE.modify)) return refused(name, PARAMETER, 'nothing to modify')
  if (!(flags & PROC_TABLE.register)) {
    c.core.partition.processTable = null
    flush()
    return { status: SUCCESS, sentence: `${name}: none` }
  }
  if (!(flags & PROC_TABLE.radix)) return refused(name, PARAMETER, 'hash tables are not supported')
  if (base & 0xfffn) return refused(name, P2, `${hex(base)} is not aligned`)
  if (page) return refused(name, P3, 'radix has no page size here')
  if (size > 24n) return refused(name, P4, `size ${size}`)
  c.core.partition.processTable = { base, bytes: 1n << (size + 12n) }
  flush()
  return { status: SUCCESS, sentence: `${name}: radix, at ${hex(base)}` }
}

const POWER_OFF = 0x2003
const RTAS_NO_SUCH = -3

/** RTAS arguments lie in big-endian words: token, number of arguments, number of results, arguments, results. */
function rtas(c: HypercallContext): HypercallResult {
  const at = argument(c, 4) & 0x0fffffffffffffffn
  if (at + 12n > BigInt(c.core.ramBytes)) return refused('H_RTAS', PARAMETER, `arguments at ${hex(at)} are not in RAM`)
  const view = new DataView(c.core.read(Number(at), 12).buffer)
  const [token, count, results] = [view.getUint32(0), view.getUint32(4), view.getUint32(8)]
  if (token === POWER_OFF) {
    c.devices.poweredOff = true
    return { status: SUCCESS, sentence: 'RTAS power-off', poweredOff: true }
  }
  const result = Number(at) + 12 + 4 * count
  if (results > 0 && result + 4 <= c.core.ramBytes) {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setInt32(0, RTAS_NO_SUCH)
    c.core.write(result, bytes)
  }
  return { status: SUCCESS, sentence: `RTAS: no service with token 0x${token.toString(16)}` }
}

export const hypercalls: Readonly<Record<number, Row>> = {
  84: { name: 'H_GET_TERM_CHAR', perform: getTermChar },
  88: { name: 'H_PUT_TERM_CHAR', perform: putTermChar },
  224: { name: 'H_CEDE', perform: cede },
  796: { name: 'H_SET_MODE', perform: setMode },
  892: { name: 'H_REGISTER_PROC_TBL', perform: registerProcessTable },
  61440: { name: 'H_RTAS', perform: rtas },
}

/** Performs the hypercall that r3 names; r3 gets its status. */
export function performHypercall(c: HypercallContext): HypercallResult & { readonly name: string } {
  const number = Number(argument(c, 3) & 0xffffffffn)
  const row = hypercalls[number]
  const result = row ? row.perform(c) : { status: FUNCTION, sentence: `hypercall 0x${number.toString(16)} is not known: H_FUNCTION` }
  c.vcpu.state.set('GPR', BigInt.asUintN(64, result.status), 3)
  return { ...result, name: row?.name ?? `0x${number.toString(16)}` }
}
