/** Hypercalls of the machine, a row each. Linux on Power Architecture Reference (LoPAR), chapter 14; numbers and checks as in KVM and QEMU. */
import type { Core } from '../core/core.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { CIABR, DAWRX, getField, LPCR, MSR, setField } from '../isa/bitfields.ts'
import type { DeviceState, PortName } from './devices.ts'

export interface HypercallContext {
  readonly core: Core
  readonly vcpu: Vcpu
  readonly devices: DeviceState
  /** Characters for a serial port. */
  print(text: string, port: PortName): void
}

export interface HypercallResult {
  /** For r3. */
  readonly status: bigint
  readonly sentence: string
  readonly poweredOff?: boolean
  readonly waits?: boolean
  /** A debugger in the guest waits for a command at the second port. */
  readonly asks?: boolean
}

const SUCCESS = 0n
const [FUNCTION, PRIVILEGE, PARAMETER, P2, P3, P4, UNSUPPORTED_FLAG] = [-2n, -3n, -4n, -55n, -56n, -57n, -256n]
const hex = (v: bigint): string => `0x${v.toString(16)}`

interface Row {
  readonly name: string
  /** Reads its arguments from r4 on, and writes what it gives there. */
  perform(c: HypercallContext): HypercallResult
}

const argument = (c: HypercallContext, n: number): bigint => c.vcpu.state.get('GPR', n)
const refused = (name: string, status: bigint, why: string): HypercallResult => ({ status, sentence: `${name} refused: ${why}` })

const characters = (n: number | bigint): string => `${n} character${BigInt(n) === 1n ? '' : 's'}`

/** Serial ports by unit address; 0 is the first there is. */
const ports: ReadonlyMap<bigint, PortName> = new Map([
  [0n, 'console'],
  [0x71000000n, 'console'],
  [0x71000001n, 'debug'],
])
/** Characters in the two registers of a call. */
const MOST = 16

function putTermChar(c: HypercallContext): HypercallResult {
  const [unit, length] = [argument(c, 4), argument(c, 5)]
  const port = ports.get(unit)
  if (!port) return refused('H_PUT_TERM_CHAR', PARAMETER, `there is no console ${hex(unit)}`)
  if (length > MOST) return refused('H_PUT_TERM_CHAR', PARAMETER, `${length} characters, at most ${MOST}`)
  const bytes = new Uint8Array(MOST)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, argument(c, 6))
  view.setBigUint64(8, argument(c, 7))
  const text = String.fromCharCode(...bytes.subarray(0, Number(length)))
  c.print(text, port)
  return { status: SUCCESS, sentence: `H_PUT_TERM_CHAR wrote ${characters(length)}: ${JSON.stringify(text)}` }
}

function getTermChar(c: HypercallContext): HypercallResult {
  const unit = argument(c, 4)
  const port = ports.get(unit)
  if (!port) return refused('H_GET_TERM_CHAR', PARAMETER, `there is no console ${hex(unit)}`)
  const input = `${port}Input` as const
  const taken = c.devices[input].slice(0, MOST)
  c.devices[input] = c.devices[input].slice(taken.length)
  const asks = port === 'debug' && taken === ''
  if (port === 'debug') c.devices.debugWaits = asks
  const view = new DataView(new ArrayBuffer(MOST))
  ;[...taken].forEach((ch, n) => view.setUint8(n, ch.charCodeAt(0) & 0xff))
  c.vcpu.state.set('GPR', BigInt(taken.length), 4)
  c.vcpu.state.set('GPR', view.getBigUint64(0), 5)
  c.vcpu.state.set('GPR', view.getBigUint64(8), 6)
  return {
    status: SUCCESS,
    asks,
    sentence: taken ? `H_GET_TERM_CHAR gave ${characters(taken.length)}: ${JSON.stringify(taken)}` : 'H_GET_TERM_CHAR: nothing was typed',
  }
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

const PROC_TABLE = { modify: 0x10n, register: 0x08n, radix: 0x04n, hash: 0x02n, gtse: 0x01n } as const
const PROC_TABLE_FLAGS = 0x1fn
/** A table of 2^(12 + 24) bytes is the largest. Book III, 5.7.6.1. */
const LARGEST_TABLE = 24n

function registerProcessTable(c: HypercallContext): HypercallResult {
  const [flags, base, page, size] = [4, 5, 6, 7].map(n => argument(c, n)) as [bigint, bigint, bigint, bigint]
  const name = 'H_REGISTER_PROC_TBL'
  const is = (flag: keyof typeof PROC_TABLE) => (flags & PROC_TABLE[flag]) !== 0n
  const { partition } = c.core
  const done = (sentence: string): HypercallResult => {
    changeLpcr(c, lpcr => setField(LPCR, 'GTSE', lpcr, is('gtse') ? 1n : 0n))
    return { status: SUCCESS, sentence: `${name}: ${sentence}` }
  }
  if (flags & ~PROC_TABLE_FLAGS) return refused(name, PARAMETER, `flags ${hex(flags)}`)
  if (!is('modify'))
    return is('radix') && partition.processTable ? done('the table stays') : refused(name, PARAMETER, 'no such table is registered')
  if (!is('register')) {
    partition.processTable = null
    return done('no table')
  }
  if (!is('radix') || is('hash')) return refused(name, PARAMETER, 'hash tables are not supported')
  if (base & 0xfffn || base >> 60n) return refused(name, P2, `${hex(base)} is no guest real address of a page`)
  if (page) return refused(name, P3, 'radix has no page size here')
  if (size > LARGEST_TABLE) return refused(name, P4, `size ${size}, at most ${LARGEST_TABLE}`)
  partition.processTable = { base, bytes: 1n << (size + 12n) }
  return done(`radix, at ${hex(base)}`)
}

interface Service {
  readonly name: string
  /** Number of arguments and of results. */
  readonly shape: readonly [number, number]
  perform(c: HypercallContext): void
}

/** RTAS services by their token. */
const services: Readonly<Record<number, Service>> = {
  8195: {
    name: 'power-off',
    shape: [2, 1],
    perform(c) {
      c.devices.poweredOff = true
    },
  },
}
const RTAS = { success: 0, parameterError: -3 } as const
const RTAS_HEADER = 12

/** RTAS arguments lie in big-endian words: token, number of arguments, number of results, arguments, results. LoPAR, 7.2.8. */
function rtas(c: HypercallContext): HypercallResult {
  const { core, devices } = c
  const at = argument(c, 4) & 0x0fffffffffffffffn
  if (at + BigInt(RTAS_HEADER) > BigInt(core.ramBytes)) return refused('H_RTAS', PARAMETER, `arguments at ${hex(at)} are not in RAM`)
  const header = new DataView(core.read(Number(at), RTAS_HEADER).buffer)
  const [token, count, results] = [header.getUint32(0), header.getUint32(4), header.getUint32(8)]
  const end = Number(at) + RTAS_HEADER + 4 * (count + results)
  if (end > core.ramBytes) return refused('H_RTAS', PARAMETER, `${count} arguments and ${results} results at ${hex(at)} are not in RAM`)
  const service = Object.hasOwn(services, token) ? services[token]! : null
  const fits = service !== null && service.shape[0] === count && service.shape[1] === results
  if (fits) service.perform(c)
  if (results > 0) {
    const status = new DataView(new ArrayBuffer(4))
    status.setInt32(0, fits ? RTAS.success : RTAS.parameterError)
    core.write(end - 4 * results, new Uint8Array(status.buffer))
  }
  if (!service) return refused('H_RTAS', PARAMETER, `there is no service with token ${hex(BigInt(token))}`)
  const [takes, gives] = service.shape
  const how = fits ? '' : ` has ${takes} arguments and ${gives} results, not ${count} and ${results}: status ${RTAS.parameterError}`
  return { status: SUCCESS, sentence: `RTAS ${service.name}${how}`, poweredOff: devices.poweredOff }
}

/** By the number that goes in r3. */
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
  const number = argument(c, 3)
  const row = Object.hasOwn(hypercalls, `${number}`) ? hypercalls[Number(number)]! : null
  const name = row?.name ?? hex(number)
  const result = c.vcpu.state.msr('PR')
    ? refused(name, PRIVILEGE, 'the vCPU is in problem state')
    : (row?.perform(c) ?? { status: FUNCTION, sentence: `hypercall ${name} is not known: H_FUNCTION` })
  c.vcpu.state.set('GPR', BigInt.asUintN(64, result.status), 3)
  return { ...result, name }
}
