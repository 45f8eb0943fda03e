/** Small guests for tests of the core: assembled, loaded, with the registers that the test asks for. */
import { expect } from 'vitest'
import { assemble } from '../../src/emu/asm/assemble.ts'
import { Core } from '../../src/emu/core/core.ts'
import type { InterruptTaken, Outcome } from '../../src/emu/core/events.ts'
import { NEVER, type Vcpu } from '../../src/emu/core/vcpu.ts'
import { HFSCR, MSR } from '../../src/emu/isa/bitfields.ts'
import { buildTables, type Mapping, type PageSize } from '../../src/emu/machine/radix.ts'

export const MiB = 1 << 20
/** Guest real 0, as the kernel's linear map has it. */
export const LINEAR = 0xc000000000000000n

export interface GuestOptions {
  msr?: bigint
  lpcr?: bigint
  little?: boolean
  /** Guest real address of the source; entered at `_start`, or there. */
  origin?: number
  vcpus?: number
  ramBytes?: number
  /** Sources at guest real addresses: the interrupt handlers. */
  at?: Readonly<Record<string, string>>
  /** Registers of the first vCPU: `r3` or a name of the state. */
  set?: Readonly<Record<string, bigint>>
  /** Translation by radix trees, one list of mappings a process. */
  tables?: { page: PageSize; processes: readonly (readonly Mapping[])[] }
  /** Added to the address of `_start`. */
  base?: bigint
}

export type Guest = ReturnType<typeof boot>

/** Bytes of a source at an address; a diagnostic fails the test. */
function bytesOf(source: string, little: boolean, origin: bigint) {
  const program = assemble(source, { littleEndian: little, origin })
  expect(program.diagnostics).toEqual([])
  return program
}

/** Whole RAM at quadrant 0 and 3 of process 0, for privileged state. */
export const linearMap = (ramBytes = 2 * MiB): Mapping => ({ from: 0n, real: 0n, bytes: ramBytes, privileged: true, touched: true })

export function register(vcpu: Vcpu, name: string, value?: bigint): bigint {
  const gpr = /^r(\d+)$/.exec(name)
  const [register, at] = gpr ? ['GPR', Number(gpr[1])] : [name, 0]
  if (value !== undefined) vcpu.state.set(register, value, at)
  return vcpu.state.get(register, at)
}

export function boot(source: string, options: GuestOptions = {}) {
  const { msr = MSR.mask.SF, lpcr = 0n, little = false, origin = 0x10000, vcpus = 1, ramBytes = 2 * MiB, base = 0n } = options
  const core = new Core({ vcpus, ramBytes })
  const program = bytesOf(source, little, BigInt(origin))
  for (const s of program.sections) core.write(Number(s.address), s.bytes)
  for (const [address, text] of Object.entries(options.at ?? {})) {
    const handler = bytesOf(text, little, BigInt(address))
    for (const s of handler.sections) core.write(Number(s.address), s.bytes)
  }
  if (options.tables) {
    const write = (real: number, value: bigint) => core.writeDoubleword(BigInt(real), value)
    const ready = buildTables(ramBytes, options.tables.page, options.tables.processes, write, real => core.readDoubleword(BigInt(real))!)
    core.partition.processTable = ready.processTable
  }
  for (const vcpu of core.vcpus) {
    vcpu.state.set('NIP', base + (program.symbols.get('_start') ?? BigInt(origin)))
    vcpu.state.set('MSR', msr | (little ? MSR.mask.LE : 0n))
    vcpu.state.set('LPCR', lpcr | (little ? 1n << 25n : 0n))
    vcpu.state.set('DEC_BASE', NEVER)
    vcpu.state.set(
      'HFSCR',
      Object.entries(HFSCR.mask).reduce((m, [name, bit]) => (name === 'IC' ? m : m | bit), 0n),
    )
  }
  const vcpu = core.vcpus[0]!
  for (const [name, value] of Object.entries(options.set ?? {})) register(vcpu, name, value)
  return {
    core,
    vcpu,
    program,
    get: (name: string) => register(vcpu, name),
    set: (name: string, value: bigint) => register(vcpu, name, value),
    symbol: (name: string) => base + program.symbols.get(name)!,
  }
}

/** State page as far as the guest and its clock show, for comparing two machines. */
export function architecture(vcpu: Vcpu, names: readonly { name: string; count: number }[]): Record<string, string> {
  const out: Record<string, string> = {}
  for (const { name, count } of names)
    for (let n = 0; n < count; n++) out[count > 1 ? `${name}${n}` : name] = vcpu.state.get(name, n).toString(16)
  return out
}

const hex = (v: bigint): string => v.toString(16).replace(/^c0{6,}(?=[0-9a-f]{4,}$)/, 'c…')

/** `label+4` for an address behind a label of the guest within 256 bytes, else hexadecimal. */
function place(guest: Guest, address: bigint): string {
  let best: [string, bigint] | null = null
  for (const [name] of guest.program.symbols) {
    const distance = address - guest.symbol(name)
    if (distance >= 0n && distance < 256n && (!best || distance < best[1])) best = [name, distance]
  }
  if (!best) return hex(address)
  return best[1] === 0n ? best[0] : `${best[0]}+${best[1].toString(16)}`
}

function interruptLine(guest: Guest, e: InterruptTaken): string {
  const addresses = new Set(['SIAR', 'SDAR', 'DAR', 'HDAR'])
  const wrote = Object.entries(e.wrote).map(([name, v]) => `${name}=${addresses.has(name) ? place(guest, v) : hex(v)}`)
  const where = e.exits ? 'exit' : hex(e.to.nip)
  return [`→ ${where}`, e.id, `from ${place(guest, e.returnAddress)}`, `cause ${hex(e.savedMsr & 0x783f0000n)}`, ...wrote].join(' ')
}

/**
 * What happened at each of `count` boundaries: `label name` for an instruction, `→ vector interrupt from … cause …` for an interrupt. The
 * same guest runs once more without listening, in slices: it must come to the same state.
 */
export function story(make: () => Guest, count: number): string {
  const guest = make()
  const lines: string[] = []
  guest.vcpu.listenToInstructions = true
  guest.vcpu.listener = e => {
    if (e.kind === 'interrupt') lines.push(interruptLine(guest, e))
    else if (e.kind === 'instruction') lines.push(`${place(guest, e.address)} ${e.instruction.name}`)
    else lines.push(`→ ${place(guest, e.to)} event-based branch from ${place(guest, e.from)}`)
  }
  const { outcome } = guest.vcpu.run(count)
  if (outcome.kind === 'vmExit') lines.push(`exit: ${exitText(outcome)}`)
  const silent = make()
  silent.vcpu.run(count)
  // The bookkeeping of `run` itself lies behind TIME.
  const names = [
    'NIP',
    'MSR',
    'LR',
    'CTR',
    'CFAR',
    'SRR0',
    'SRR1',
    'HSRR0',
    'HSRR1',
    'DAR',
    'DSISR',
    'SIAR',
    'SDAR',
    'TRACE_DUE',
    'TIME',
    'HEIR',
  ]
  const all = [...names.map(name => ({ name, count: 1 })), { name: 'GPR', count: 32 }, { name: 'CRF', count: 8 }]
  expect(architecture(silent.vcpu, all), 'a silent run of the same guest').toEqual(architecture(guest.vcpu, all))
  return lines.join('\n')
}

function exitText(outcome: Extract<Outcome, { kind: 'vmExit' }>): string {
  const { kind, ...rest } = outcome.reason
  const shown = Object.values(rest).map(v => (typeof v === 'number' || typeof v === 'bigint' ? v.toString(16) : v))
  return [kind, ...shown].join(' ')
}

/** A fixture: lines without their indentation. */
export const lines = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map(l => l.trim().replace(/\s+/g, ' '))
    .join('\n')
