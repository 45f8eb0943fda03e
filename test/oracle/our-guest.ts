/** Our machine as the other side of a one-step comparison: the interpreter, or the reference evaluator alone. */
import { Core } from '../../src/emu/core/core.ts'
import type { Outcome } from '../../src/emu/core/events.ts'
import type { Vcpu } from '../../src/emu/core/vcpu.ts'
import { type Case, gprPattern, PROCESS_TABLE, RAM_BYTES, type Result, realOf, trackedSprs, translationTables } from './one-step.ts'

const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], h => Number.parseInt(h, 16))
const toHex = (bytes: Uint8Array): string => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')

const ALL = (1n << 64n) - 1n

/** Of QEMU's POWER9. */
const PVR = 0x004e1200n

export class OurGuest {
  readonly core = new Core({ vcpus: 1, ramBytes: RAM_BYTES })

  constructor(private readonly by: 'interpreter' | 'reference' = 'interpreter') {
    this.core.partition.processTable = PROCESS_TABLE
    // As under GDB, where QEMU delivers no interrupt while it steps.
    this.core.vcpus[0]!.hold = true
    for (const [at, v] of translationTables()) this.core.writeDoubleword(BigInt(at), v)
  }

  /** The state that the case begins with. */
  load(c: Case): Vcpu {
    const vcpu = this.core.vcpus[0]!
    this.write(c)
    this.core.flushTranslations(vcpu)
    return vcpu
  }

  step(c: Case): Result & { readonly left: string | null } {
    const vcpu = this.load(c)
    let left: string | null = null
    for (let n = 0; n < c.steps && left === null; n++) left = this.oneStep(vcpu)
    return { ...this.read(c), left }
  }

  /** An instruction and, where one is due, its Trace interrupt: QEMU makes one step of both. */
  oneStep(vcpu: Vcpu): string | null {
    const { state } = vcpu
    let outcome = this.by === 'interpreter' ? vcpu.step() : this.byReference(vcpu)
    // What a hypervisor of pseries does with these: the guest gets a Program interrupt.
    let left: string | null = null
    if (outcome.kind === 'vmExit' && outcome.reason.kind === 'emulationAssistance') vcpu.inject('program', 0x80000n)
    else if (outcome.kind !== 'completed' && outcome.kind !== 'interrupt')
      left = outcome.kind === 'vmExit' ? outcome.reason.kind : outcome.kind
    else if (state.get('TRACE_DUE') !== 0n) outcome = vcpu.step()
    return left
  }

  /** The instruction at NIP by folding alone. */
  private byReference(vcpu: Vcpu): Outcome {
    const word = vcpu.wordAt(vcpu.state.get('NIP'), false)
    return typeof word === 'number' ? vcpu.emulate(word) : vcpu.step()
  }

  private write(c: Case): void {
    const { state } = this.core.vcpus[0]!
    for (let n = 0; n < 32; n++) state.set('GPR', c.gpr[n] ?? gprPattern(n), n)
    for (const [name, , initial] of trackedSprs) state.set(name, c.spr[name] ?? initial)
    // What pseries grants: every facility, every key bit.
    state.set('HFSCR', ALL)
    state.set('AMOR', ALL)
    state.set('PVR', PVR)
    state.set('NIP', c.nip)
    state.set('MSR', c.msr)
    state.set('LR', c.lr)
    state.set('CTR', c.ctr)
    state.cr = BigInt(c.cr)
    const xer = BigInt(c.xer)
    const flags = { SO: 31n, OV: 30n, CA: 29n, OV32: 19n, CA32: 18n }
    for (const [name, lsb] of Object.entries(flags)) state.set(name, (xer >> lsb) & 1n)
    state.set('XERLOW', xer & 0x3ffffn)
    state.set('TRACE_DUE', 0n)
    state.set('RESERVE', 0n)
    const code = new DataView(new ArrayBuffer(4))
    code.setUint32(0, c.word, (c.msr & 1n) === 1n)
    this.core.write(realOf(c.nip), new Uint8Array(code.buffer))
    for (const piece of c.storage) this.core.write(piece.at, fromHex(piece.bytes))
  }

  /** The state as it is. */
  read(c: Case): Result {
    const { state } = this.core.vcpus[0]!
    const at = (name: string, lsb: number) => state.number(name) * 2 ** lsb
    const xer = at('SO', 31) + at('OV', 30) + at('CA', 29) + at('OV32', 19) + at('CA32', 18) + state.number('XERLOW')
    return {
      nip: state.get('NIP'),
      msr: state.get('MSR'),
      cr: Number(state.cr),
      xer,
      lr: state.get('LR'),
      ctr: state.get('CTR'),
      gpr: Array.from({ length: 32 }, (_, n) => state.get('GPR', n)),
      spr: Object.fromEntries(trackedSprs.map(([name]) => [name, state.get(name)])),
      storage: c.storage.map(piece => toHex(this.core.read(piece.at, piece.bytes.length / 2))),
    }
  }
}
