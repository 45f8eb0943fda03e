/**
 * Random words in random states, run and stepped through the debugger's session: no error but those that are declared, registers within
 * their types, no byte changed that belongs to nobody, the present unchanged by a look at the past.
 */
import { PAGE, stateRegisters } from '../../src/emu/core/layout.ts'
import type { Vcpu } from '../../src/emu/core/vcpu.ts'
import type { Doing } from '../../src/emu/debug/action.ts'
import { readRegisters, registerNames, writeRegister } from '../../src/emu/debug/registers.ts'
import { Session } from '../../src/emu/debug/session.ts'
import { MSR } from '../../src/emu/isa/bitfields.ts'
import { decode, instructions } from '../../src/emu/isa/instructions.ts'
import { sprs } from '../../src/emu/isa/sprs.ts'
import { MSR_IMPLEMENTED } from '../../src/emu/isa/system.ts'
import { noDevices } from '../../src/emu/machine/devices.ts'
import { defaults } from '../../src/emu/machine/directives.ts'
import { type BootImage, LINEAR } from '../../src/emu/machine/image.ts'
import { Pseries } from '../../src/emu/machine/pseries.ts'
import { edgeValue, Random } from '../oracle/random.ts'
import { wordOf } from '../support/random-programs.ts'
import { assert, target, textBytes } from './target.ts'

/** A part of a WebAssembly page is left behind RAM, so that what lies there can be watched. */
const RAM = (1 << 20) + 5 * PAGE
const CODE = 0x10000
const CODE_WORDS = 1024
const ROUNDS = 4
const ACTIONS = 12
const MOST_BOUNDARIES = 300

type Act = (typeof acts)[number]
const acts = ['step', 'step', 'transition', 'loop', 'run', 'run', 'run', 'boundary', 'back', 'seek', 'line', 'policy', 'hold'] as const

interface Round {
  readonly seed: number
  readonly acts: readonly { readonly act: Act; readonly number: number }[]
}

interface Input {
  readonly littleEndian: boolean
  readonly map: 'none' | 'radix'
  readonly page: '4K' | '64K' | '2M' | '1G'
  readonly ail: 0 | 2 | 3
  readonly vcpus: number
  readonly rounds: readonly Round[]
}

// ───────── guards ─────────

interface Gap {
  readonly from: number
  readonly to: number
}

const GUARD = 0xa5

/** What belongs to nobody: before the first vCPU, at the end of each state page, before RAM and behind it. */
function gapsOf(machine: Pseries): Gap[] {
  const { layout, memory } = machine.core
  const used = stateRegisters.reduce((n, r) => Math.max(n, r.offset + 8 * r.count), 0)
  const stateGaps = machine.core.vcpus.map(v => ({ from: layout.state(v.id) + used, to: layout.tlbLoad(v.id, 0) }))
  return [
    { from: 0, to: layout.state(0) },
    ...stateGaps,
    { from: layout.slotPage(layout.slotPages), to: layout.ram },
    { from: layout.ram + layout.ramBytes, to: memory.buffer.byteLength },
  ].filter(g => g.to > g.from)
}

export function guard(machine: Pseries): void {
  const bytes = new Uint8Array(machine.core.memory.buffer)
  for (const { from, to } of gapsOf(machine)) bytes.fill(GUARD, from, to)
}

export function checkGuards(machine: Pseries): void {
  const bytes = Buffer.from(machine.core.memory.buffer)
  for (const { from, to } of gapsOf(machine)) {
    const stretch = bytes.subarray(from, to)
    if (!stretch.equals(Buffer.alloc(to - from, GUARD))) {
      const at = stretch.findIndex(b => b !== GUARD)
      throw new Error(`byte ${from + at} of the memory belongs to nobody, and changed`)
    }
  }
}

// ───────── what holds in every state ─────────

const narrowStates = new Set(sprs.filter(s => s.width === 32 && s.kind === 'plain').map(s => s.state))
const flags = ['CA', 'OV', 'SO', 'CA32', 'OV32', 'TRACE_DUE']

function checkState(v: Vcpu): void {
  const { state } = v
  for (const r of stateRegisters)
    for (let n = 0; n < r.count; n++) {
      const value = state.get(r.name, n)
      assert(r.type === 'i64' || value <= 0xffffffffn, `${r.name} has 32 bits and is 0x${value.toString(16)}`)
    }
  for (const f of flags) assert(state.get(f) <= 1n, `${f} is ${state.get(f)}`)
  for (let n = 0; n < 8; n++) assert(state.get('CRF', n) <= 15n, `CR field ${n} is ${state.get('CRF', n)}`)
  for (const name of narrowStates) assert(state.get(name) <= 0xffffffffn, `${name} has 32 bits and is 0x${state.get(name).toString(16)}`)
  const [nip, msr] = [state.get('NIP'), state.get('MSR')]
  assert((nip & 3n) === 0n, `NIP is 0x${nip.toString(16)}`)
  assert(state.msr('SF') || nip <= 0xffffffffn, `NIP is 0x${nip.toString(16)} in 32-bit mode`)
  assert((msr & ~MSR_IMPLEMENTED) === 0n && !state.msr('HV'), `MSR is 0x${msr.toString(16)}`)
  const reserved = v.reservedReal()
  assert(reserved === null || (reserved >= 0 && reserved < RAM), `a reservation at ${reserved}`)
}

/** Of the other processors: what a processor may change in them. */
const SHARED = new Set(['DPDES', 'RESERVE', 'TIME'])
const registersOf = (v: Vcpu): string[] =>
  stateRegisters
    .filter(r => !SHARED.has(r.name))
    .map(r => `${r.name}=${Array.from({ length: r.count }, (_, n) => v.state.get(r.name, n).toString(16)).join()}`)

// ───────── random machines ─────────

function image({ littleEndian, map, page, ail, vcpus }: Input): BootImage {
  return {
    name: 'fuzz',
    kind: 'flat',
    pieces: [],
    entry: map === 'radix' ? LINEAR + BigInt(CODE) : BigInt(CODE),
    msr: 0n,
    stack: null,
    toc: null,
    littleEndian,
    instructions: CODE_WORDS,
    symbols: [],
    lines: [],
    sourceLines: null,
    directives: { ...defaults, littleEndian, map, page, ail, vcpus, ramBytes: RAM },
  }
}

function codeWord(r: Random): number {
  const kind = r.below(20)
  if (kind === 0) return r.word()
  if (kind === 1) return 0x44000022
  if (kind < 6) {
    const i = r.pick(instructions)
    return (i.match | (r.word() & ~i.mask)) >>> 0
  }
  return wordOf({ row: r.word(), any: r.word(), pick: r.word() })
}

const HANDLER = [0x7e1a02a6, 0x3a100004, 0x7e1a03a6, 0x4c000024]
const writable = sprs.filter(s => s.write === 'problem' || s.write === 'privileged').map(s => s.state)
const settable = registerNames.filter(name => writable.includes(name) && name !== 'NIP' && name !== 'MSR')

/** Code, handlers and data; then registers that a guest could have set. */
function prepare(r: Random, session: Session, input: Input): void {
  const { core } = session
  const code = new DataView(new ArrayBuffer(4 * CODE_WORDS))
  for (let n = 0; n < CODE_WORDS; n++) code.setUint32(4 * n, codeWord(r), input.littleEndian)
  core.write(CODE, new Uint8Array(code.buffer))
  const handlers = new DataView(new ArrayBuffer(0x1000))
  for (let at = 0; at < 0x1000; at += 0x20)
    HANDLER.forEach((w, n) => handlers.setUint32(at + 4 * n, r.chance(90) ? w : codeWord(r), input.littleEndian))
  for (const base of [0, 0x18000, 0x4000]) core.write(base, new Uint8Array(handlers.buffer))
  for (const v of core.vcpus) {
    for (let n = 0; n < 32; n++) {
      const near = BigInt(0x20000 + r.below(RAM - 0x20000 + 0x100))
      const value = r.chance(40) ? edgeValue(r) : input.map === 'radix' && r.chance(60) ? LINEAR + near : near
      v.state.set('GPR', value, n)
    }
    const problem = input.map === 'radix' && r.chance(30)
    let msr = r.doubleword() & MSR_IMPLEMENTED & ~(MSR.mask.HV | MSR.mask.PR)
    if (r.chance(80)) msr = (msr & ~MSR.mask.LE) | (input.littleEndian ? MSR.mask.LE : 0n)
    if (r.chance(80)) msr |= MSR.mask.SF
    if (r.chance(70)) msr &= ~(MSR.mask.SE | MSR.mask.BE)
    if (r.chance(80)) msr = input.map === 'radix' ? msr | MSR.mask.IR | MSR.mask.DR : msr & ~(MSR.mask.IR | MSR.mask.DR)
    if (problem) msr |= MSR.mask.PR | MSR.mask.IR | MSR.mask.DR | MSR.mask.EE
    writeRegister(v.state, 'MSR', msr)
    const wide = (msr & MSR.mask.SF) !== 0n
    const base = input.map === 'radix' && !problem && wide && (msr & MSR.mask.IR) !== 0n ? LINEAR : 0n
    const odd = r.doubleword() & ~3n & (wide ? -1n : 0xffffffffn)
    writeRegister(v.state, 'NIP', r.chance(97) ? base + BigInt(CODE + 4 * r.below(CODE_WORDS)) : BigInt.asUintN(64, odd))
    writeRegister(v.state, 'CR', BigInt(r.word()))
    writeRegister(v.state, 'XER', r.doubleword())
    for (const name of settable) if (r.chance(15)) writeRegister(v.state, name, edgeValue(r))
    core.flushTranslations(v)
    v.breakpointsChanged()
  }
  core.flushAllTranslations()
  if (r.chance(30)) session.setStops([session.vcpu(0).state.get('NIP') + BigInt(4 * r.below(16))])
  else session.setStops([])
}

// ───────── acting ─────────

/** Drives an action, and ends it after a few thousand boundaries at most. */
function drive(session: Session, doing: Doing, actor: 'machine' | 'outside' | 'hypervisor', vcpu: number, allowance: number): void {
  session.begin(doing, actor, vcpu)
  for (let n = 0; n < 3; n++) if (session.advance(allowance) !== null) return
  session.pause()
}

const live = (session: Session): Buffer =>
  Buffer.concat([...session.core.saveStates().map(b => Buffer.from(b)), Buffer.from(session.core.ram)])

function lookBack(session: Session, number: number): void {
  if (session.events.length === 0) return
  const before = live(session)
  const known = JSON.stringify(readRegisters(session.vcpu(0).state), (_, v: unknown) => String(v))
  session.seek(number % session.events.length)
  session.seek('live')
  assert(before.equals(live(session)), `the present is another after a look at the past; it was ${known}`)
}

function perform(session: Session, act: Act, number: number): void {
  const { hypervisor } = session
  const vcpu = number % session.core.vcpus.length
  const allowance = 1 + (number % MOST_BOUNDARIES)
  switch (act) {
    case 'step':
      return drive(session, { kind: 'step' }, 'outside', vcpu, allowance)
    case 'transition':
      return drive(session, { kind: 'transition', walk: 'step' }, 'hypervisor', vcpu, allowance)
    case 'loop':
      return drive(session, { kind: 'transition', walk: 'loop' }, 'hypervisor', vcpu, allowance)
    case 'run':
      return drive(session, { kind: 'run' }, 'machine', vcpu, allowance)
    case 'boundary':
      return drive(session, { kind: 'boundary' }, 'machine', vcpu, allowance)
    case 'back': {
      const actor = (['machine', 'outside', 'hypervisor'] as const)[number % 3]!
      if (session.canGoBack(actor)) session.back(actor)
      return
    }
    case 'seek':
      return lookBack(session, number)
    case 'line':
      session.edit({ kind: 'externalLine', vcpu, raised: number % 2 === 0 }, 'line')
      return
    case 'policy':
      // While a step is in flight the policy stays.
      if (!hypervisor.state.step) hypervisor.setPolicy(number % 2 === 0 ? 'transparent' : 'rfc-v2')
      return
    case 'hold':
      if (!hypervisor.state.step) hypervisor.holdInterrupts = number % 2 === 0
  }
}

function check(input: Input): void {
  const machine = new Pseries(image(input))
  const session = new Session(machine, 'transparent')
  guard(machine)
  for (const round of input.rounds) {
    prepare(new Random(round.seed, 'machine'), session, input)
    machine.devices = { ...noDevices }
    session.hypervisor.state = { ...session.hypervisor.state, step: null }
    session.hypervisor.setSchedule({ locking: round.seed % 2 === 0 ? 'on' : 'replay' })
    session.restart()
    for (const { act, number } of round.acts) {
      // Without scheduler-locking a run takes the other vCPUs along.
      const locked = session.hypervisor.state.schedule.locking === 'on'
      const alone = act === 'boundary' || (locked && (act === 'run' || act === 'step'))
      const others = session.core.vcpus.filter(v => v.id !== number % session.core.vcpus.length)
      // What is left to handle of another's hypercall comes first.
      const before = alone && !session.hypervisor.state.step && !session.hypervisor.unhandled ? others.map(registersOf) : null
      perform(session, act, number)
      for (const v of session.core.vcpus) checkState(v)
      if (before)
        for (const [n, v] of others.entries())
          registersOf(v).forEach((now, at) => assert(now === before[n]![at], `vCPU ${v.id} did not run: ${before[n]![at]}, then ${now}`))
    }
    checkGuards(machine)
  }
}

export const execution = target<Input>({
  name: 'execution',
  make: r => ({
    littleEndian: r.chance(50),
    map: r.pick(['none', 'radix', 'radix']),
    page: r.pick(['4K', '64K', '2M', '1G']),
    ail: r.pick([0, 2, 3]),
    vcpus: r.pick([1, 1, 2]),
    rounds: Array.from({ length: ROUNDS }, () => ({
      seed: r.word(),
      acts: Array.from({ length: ACTIONS }, () => ({ act: r.pick(acts), number: r.word() })),
    })),
  }),
  check,
  file: input => ({ extension: 'json', bytes: textBytes(`${JSON.stringify(input, null, 1)}\n`) }),
})

/** For a message: what a word is. */
export const nameOf = (word: number): string => decode(word)?.name ?? 'no instruction'
